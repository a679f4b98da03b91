import BigInt
import Logic

/// Bytes that say all of a value: equal for equal values, different for different ones, the same in every process.
///
/// Swift's own hashes are seeded anew in each process, so a hash that is kept needs something else. The encoding walks
/// over enumerations and structures as they are, and so covers a new operator without a line here; what it cannot see
/// into it refuses, since a part left out could make two values look alike.
package struct StructuralEncoding {
  package struct Opaque: Error {
    package var type: String
  }

  private(set) var bytes: [UInt8] = []
  private var depth = 0
  private static let depthLimit = 2_000

  package static func bytes(of value: Any) throws(Opaque) -> [UInt8] {
    var encoding = StructuralEncoding()
    try encoding.add(value)
    return encoding.bytes
  }

  private mutating func add(_ value: Any) throws(Opaque) {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.depthLimit else { throw Opaque(type: "\(type(of: value)), nested too deeply") }
    switch value {
    case let text as String: add("s", text)
    case let character as Character: add("c", String(character))
    case let flag as Bool: add("b", flag ? "1" : "0")
    case let number as BigInt: add("n", String(number, radix: 16))
    case let number as any BinaryInteger: add("i", "\(number)")
    // Lines are no part of what these mean.
    case let statement as Statement: try add(statement.kind)
    case let handler as Handler:
      try add([handler.type as Any, handler.name as Any, handler.body as Any, handler.isGroup as Any])
    default: try addParts(of: value)
    }
  }

  private mutating func addParts(of value: Any) throws(Opaque) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .enum:
      if let payload = mirror.children.first {
        add("e", payload.label ?? "")
        try add(payload.value)
      } else {
        add("e", try plainName(of: value))
      }
    case .struct, .tuple:
      guard !(value is any CustomReflectable) else { throw Opaque(type: "\(type(of: value))") }
      open("(", mirror.children.count)
      for child in mirror.children {
        add("l", child.label ?? "")
        try add(child.value)
      }
    case .optional:
      open("?", mirror.children.count)
      for child in mirror.children { try add(child.value) }
    case .collection:
      open("[", mirror.children.count)
      for child in mirror.children { try add(child.value) }
    case .set, .dictionary:
      var parts: [[UInt8]] = []
      for child in mirror.children { parts.append(try Self.bytes(of: child.value)) }
      open("{", parts.count)
      for part in parts.sorted(by: { $0.lexicographicallyPrecedes($1) }) { bytes += part }
    default: throw Opaque(type: "\(type(of: value))")
    }
  }

  /// The name of a case without payload, where nothing but Swift itself says what it is.
  private func plainName(of value: Any) throws(Opaque) -> String {
    guard !(value is any CustomStringConvertible), !(value is any CustomDebugStringConvertible),
      !(value is any TextOutputStreamable), !(value is any CustomReflectable)
    else { throw Opaque(type: "\(type(of: value))") }
    return String(describing: value)
  }

  private mutating func open(_ tag: Unicode.Scalar, _ count: Int) { add(tag, "\(count)") }

  /// A tag, the length, the text: no text can be mistaken for what follows it.
  private mutating func add(_ tag: Unicode.Scalar, _ text: String) {
    bytes += "\(tag)\(text.utf8.count):".utf8
    bytes += text.utf8
  }
}
