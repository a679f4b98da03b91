/// A JSON value as read (RFC 8259), small on purpose: the files of a checkpoint come from outside, so the parser has
/// a depth limit, never traps on a number, and keeps the order and the repetition of keys for the caller to judge.
package enum JSON: Sendable, Equatable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string([UInt8])
  case array([JSON])
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var key: [UInt8]
    package var value: JSON
  }

  /// The value of `key`; the last one where it is repeated, as most readers do.
  package subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    let wanted = Array(key.utf8)
    return members.last { $0.key == wanted }?.value
  }

  var text: String? {
    guard case .string(let bytes) = self else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  var integer: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  var boolean: Bool? {
    guard case .boolean(let value) = self else { return nil }
    return value
  }

  var elements: [JSON]? {
    guard case .array(let values) = self else { return nil }
    return values
  }

  var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  var isNull: Bool { self == .null }
}

/// Where and why a text is not JSON.
package struct JSONError: Error, Equatable {
  package var offset: Int
  package var reason: String
}

extension JSON {
  package static let depthLimit = 64

  package static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSON {
    var parser = JSONParser(bytes: bytes)
    return try parser.document()
  }

  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSON {
    let outcome: Result<JSON, JSONError> = bytes.withUnsafeBytes { raw in
      do throws(JSONError) {
        return .success(try parse(raw))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}

private struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  var at = 0

  init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  mutating func document() throws(JSONError) -> JSON {
    let value = try self.value(depth: 0)
    skipSpace()
    if at != bytes.count { throw JSONError(offset: at, reason: "text after the value") }
    return value
  }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
  }

  private func fail(_ reason: String) -> JSONError { JSONError(offset: at, reason: reason) }

  private mutating func expect(_ literal: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let matches = literal.withUTF8Buffer { text in
      at + text.count <= bytes.count && (0..<text.count).allSatisfy { bytes[at + $0] == text[$0] }
    }
    if !matches { throw fail("expected \(literal)") }
    at += literal.utf8CodeUnitCount
    return value
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    if depth > JSON.depthLimit { throw fail("nested deeper than \(JSON.depthLimit) levels") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try expect("true", .boolean(true))
    case UInt8(ascii: "f"): return try expect("false", .boolean(false))
    case UInt8(ascii: "n"): return try expect("null", .null)
    case nil: throw fail("the text ends where a value is expected")
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    at += 1
    var members: [JSON.Member] = []
    skipSpace()
    if next == UInt8(ascii: "}") {
      at += 1
      return .object(members)
    }
    while true {
      skipSpace()
      if next != UInt8(ascii: "\"") { throw fail("expected a key in quotes") }
      let key = try string()
      skipSpace()
      if next != UInt8(ascii: ":") { throw fail("expected ':' after a key") }
      at += 1
      members.append(JSON.Member(key: key, value: try value(depth: depth + 1)))
      skipSpace()
      if next == UInt8(ascii: ",") {
        at += 1
      } else if next == UInt8(ascii: "}") {
        at += 1
        return .object(members)
      } else {
        throw fail("expected ',' or '}'")
      }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    at += 1
    var values: [JSON] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      at += 1
      return .array(values)
    }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if next == UInt8(ascii: ",") {
        at += 1
      } else if next == UInt8(ascii: "]") {
        at += 1
        return .array(values)
      } else {
        throw fail("expected ',' or ']'")
      }
    }
  }

  private mutating func string() throws(JSONError) -> [UInt8] {
    at += 1
    let start = at
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
    var out = Array(bytes[start..<at])
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        return out
      case UInt8(ascii: "\\"):
        at += 1
        try escape(into: &out)
      case ..<0x20:
        throw fail("a control character in a string")
      default:
        out.append(byte)
        at += 1
      }
    }
    throw fail("a string that does not end")
  }

  private mutating func escape(into out: inout [UInt8]) throws(JSONError) {
    let code = next
    at += 1
    switch code {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(code ?? 0)
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "f"): out.append(0x0C)
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "r"): out.append(0x0D)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "u"):
      var unit = try hexadecimal()
      if unit & 0xFC00 == 0xD800, at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
        bytes[at + 1] == UInt8(ascii: "u")
      {
        let mark = at
        at += 2
        let low = try hexadecimal()
        if low & 0xFC00 == 0xDC00 {
          unit = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
        } else {
          at = mark
        }
      }
      let scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
      out.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    default:
      throw fail("an unknown escape in a string")
    }
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fail("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = at
    while let byte = next {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        at += 1
        continue
      default: break
      }
      break
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if let value = Int(text), !text.hasPrefix("+") { return .integer(value) }
    if let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "."), let value = Double(text) {
      return .number(value)
    }
    at = start
    throw fail("expected a value")
  }
}
