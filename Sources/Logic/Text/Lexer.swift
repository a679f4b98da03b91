import BigInt

/// Bytes in, tokens out. Format strings switch it between text and code, so it keeps a stack of modes.
struct Lexer {
  private enum Mode {
    /// Ordinary tokens; the count of open brackets, and of `lambda`s outside them whose colon is still to come, decides
    /// whether `:` and `}` belong to a format string.
    case code(brackets: Int, lambdas: Int = 0)
    /// The literal part of a format string, up to `"` or `{`.
    case text
    /// The literal part of a format specification, up to `}` or `{`.
    case specification
  }

  private let text: [UInt8]
  private var position = 0
  private var modes: [Mode] = [.code(brackets: 0)]
  private var tokens: [Token] = []
  private static let maximalModes = 64
  /// Conversion from decimal is quadratic; longer integers are written in hexadecimal.
  static let maximalDecimalDigits = 4_000

  private init(_ text: [UInt8]) { self.text = text }

  static func tokens(of text: [UInt8]) throws -> [Token] {
    var lexer = Lexer(text)
    try lexer.checkEncoding()
    try lexer.run()
    return lexer.tokens
  }

  private func failure(at offset: Int? = nil, expected: String, found: String? = nil) -> ProcedureSyntaxError {
    let offset = min(offset ?? position, text.count)
    let what =
      found
      ?? (offset < text.count
        ? (0x20..<0x7F).contains(text[offset])
          ? "`\(Character(Unicode.Scalar(text[offset])))`" : "the byte \(text[offset])"
        : "the end of the text")
    return ProcedureSyntaxError(at: offset, in: text, expected: expected, found: what)
  }

  private func checkEncoding() throws {
    if text.allSatisfy({ $0 < 0x80 }) { return }
    var offset = 0
    for byte in String(decoding: text, as: UTF8.self).utf8 {
      if offset >= text.count || text[offset] != byte {
        throw failure(at: offset, expected: "UTF-8 text", found: "bytes in another encoding")
      }
      offset += 1
    }
  }

  private func peek(_ ahead: Int = 0) -> UInt8? {
    position + ahead < text.count ? text[position + ahead] : nil
  }

  private mutating func emit(_ kind: Token.Kind, at offset: Int) { tokens.append(Token(kind: kind, offset: offset)) }

  private mutating func run() throws {
    while true {
      guard let mode = modes.last else { throw failure(expected: "an opening bracket") }
      switch mode {
      case .code(let brackets, let lambdas):
        while let byte = peek(), byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
        guard peek() != nil else {
          if modes.count > 1 { throw failure(expected: "the end of a format string") }
          emit(.end, at: position)
          return
        }
        try code(brackets: brackets, lambdas: lambdas)
      case .text: try formatText(closing: UInt8(ascii: "\""))
      case .specification: try formatText(closing: UInt8(ascii: "}"))
      }
    }
  }

  private mutating func open(_ mode: Mode) throws {
    if modes.count >= Self.maximalModes {
      throw failure(expected: "at most \(Self.maximalModes) levels of format strings", found: "a deeper one")
    }
    modes.append(mode)
  }

  private mutating func formatText(closing: UInt8) throws {
    let start = position
    var values: [UInt32] = []
    while let byte = peek(), byte != closing, byte != UInt8(ascii: "{") {
      if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "\"") { throw failure(expected: "an escaped character") }
      values.append(try character())
    }
    guard let byte = peek() else { throw failure(expected: "the end of a format string") }
    if !values.isEmpty { emit(.formatText(CodePoints(values)), at: start) }
    let offset = position
    position += 1
    if byte == UInt8(ascii: "{") {
      emit(.symbol("{"), at: offset)
      try open(.code(brackets: 0))
    } else {
      modes.removeLast()
      emit(closing == UInt8(ascii: "\"") ? .formatEnd : .symbol("}"), at: offset)
    }
  }

  /// By the first byte, longest first.
  private static let symbols: [[(bytes: [UInt8], text: String)]] = {
    let all =
      "**= //= <<= >>= ... :: := ** // << >> <= >= == != += -= *= /= %= &= |= ^= @= ( ) [ ] { } , . : = + - * / % & | ~ "
      + "< > ! ? ^ $"
    var table = [[(bytes: [UInt8], text: String)]](repeating: [], count: 128)
    for text in all.split(separator: " ") {
      let bytes = Array(text.utf8)
      table[Int(bytes[0])].append((bytes, String(text)))
    }
    return table
  }()

  private mutating func code(brackets: Int, lambdas: Int) throws {
    guard let byte = peek() else { return }
    let start = position
    if Self.startsWord(byte) {
      if byte == UInt8(ascii: "f"), peek(1) == UInt8(ascii: "\"") {
        position += 2
        emit(.formatStart, at: start)
        return try open(.text)
      }
      if byte == UInt8(ascii: "b"), peek(1) == UInt8(ascii: "\"") {
        position += 1
        let values = try quoted(UInt8(ascii: "\""))
        guard escapedBytes, values.allSatisfy({ $0 < 0x100 }) else {
          throw failure(at: start, expected: "bytes", found: "a character beyond them")
        }
        return emit(.bytes(values.map { UInt8(truncatingIfNeeded: $0) }), at: start)
      }
      let word = word()
      if brackets == 0, word == "lambda" { modes[modes.count - 1] = .code(brackets: 0, lambdas: lambdas + 1) }
      return emit(.word(word), at: start)
    }
    if Self.isDigit(byte) { return try number() }
    if byte == UInt8(ascii: "\"") { return emit(.string(CodePoints(try quoted(byte))), at: start) }
    if byte == UInt8(ascii: "`") { return emit(.quoted(try quotedName()), at: start) }
    if byte == UInt8(ascii: "@"), peek(1) != UInt8(ascii: "=") { return try imported() }

    // Inside a format string's braces `:` starts the specification and `}` ends the code.
    if brackets == 0, modes.count > 1 {
      if byte == UInt8(ascii: "}") {
        position += 1
        modes.removeLast()
        return emit(.symbol("}"), at: start)
      }
      if byte == UInt8(ascii: ":"), peek(1) != byte, peek(1) != UInt8(ascii: "=") {
        position += 1
        if lambdas > 0 {
          modes[modes.count - 1] = .code(brackets: 0, lambdas: lambdas - 1)
          return emit(.symbol(":"), at: start)
        }
        modes[modes.count - 1] = .specification
        return emit(.symbol(":"), at: start)
      }
    }
    for symbol in Self.symbols[Int(byte)] where text[start...].starts(with: symbol.bytes) {
      position += symbol.bytes.count
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        modes[modes.count - 1] = .code(brackets: brackets + 1, lambdas: lambdas)
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        modes[modes.count - 1] = .code(brackets: max(0, brackets - 1), lambdas: lambdas)
      default: break
      }
      return emit(.symbol(symbol.text), at: start)
    }
    throw failure(expected: "a token")
  }

  // MARK: Words

  static func startsWord(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80 || byte == UInt8(ascii: "_")
      || byte >= 0x80
  }
  static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  static func continuesWord(_ byte: UInt8) -> Bool { startsWord(byte) || isDigit(byte) }

  private mutating func word() -> String {
    let start = position
    while let byte = peek(), Self.continuesWord(byte) { position += 1 }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  private mutating func quotedName() throws -> String {
    let start = position
    var result = String.UnicodeScalarView()
    for value in try quoted(UInt8(ascii: "`")) {
      guard let scalar = Unicode.Scalar(value) else {
        throw failure(at: start, expected: "a name", found: "a lone surrogate")
      }
      result.append(scalar)
    }
    return String(result)
  }

  private mutating func imported() throws {
    let start = position
    position += 1
    if peek() == UInt8(ascii: "`") { return emit(.imported(try quotedName()), at: start) }
    guard let byte = peek(), Self.startsWord(byte) else { throw failure(expected: "a name after `@`") }
    var path = word()
    while peek() == UInt8(ascii: "."), let next = peek(1), Self.startsWord(next) {
      position += 1
      path += "." + word()
    }
    emit(.imported(path), at: start)
  }

  // MARK: Quoted text

  /// Whether the last quoted text was ASCII, all else escaped, as that of bytes must be.
  private var escapedBytes = true

  private mutating func quoted(_ quote: UInt8) throws -> [UInt32] {
    position += 1
    escapedBytes = true
    var values: [UInt32] = []
    while let byte = peek(), byte != quote {
      if byte >= 0x80 { escapedBytes = false }
      values.append(try character())
    }
    guard peek() != nil else { throw failure(expected: "a closing quote") }
    position += 1
    return values
  }

  private mutating func character() throws -> UInt32 {
    guard let byte = peek() else { throw failure(expected: "a character") }
    if byte < 0x20 || byte == 0x7F { throw failure(expected: "an escaped character") }
    if byte != UInt8(ascii: "\\") { return scalar() }
    let start = position
    position += 2
    switch start + 1 < text.count ? text[start + 1] : 0 {
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "x"): return try hexadecimal(digits: 2)
    case UInt8(ascii: "u"): return try hexadecimal(digits: 4)
    case UInt8(ascii: "U"):
      let value = try hexadecimal(digits: 8)
      guard value <= 0x10FFFF else { throw failure(at: start, expected: "a code point") }
      return value
    case let other where "\\\"`{}".utf8.contains(other): return UInt32(other)
    default: throw failure(at: start + 1, expected: "an escape (n r t x u U \\ \" ` { })")
    }
  }

  private mutating func hexadecimal(digits: Int) throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure(expected: "a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// The next scalar; the text is known to be valid UTF-8.
  private mutating func scalar() -> UInt32 {
    let lead = text[position]
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = UInt32(lead) & (length == 1 ? 0x7F : 0x7F >> UInt32(length))
    for byte in text[position..<min(position + length, text.count)].dropFirst() {
      value = value << 6 | UInt32(byte & 0x3F)
    }
    position += length
    return value
  }

  // MARK: Numbers

  private mutating func digits(where isDigit: (UInt8) -> Bool) -> String {
    let start = position
    while let byte = peek(), isDigit(byte) { position += 1 }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  private mutating func number() throws {
    let start = position
    let kind: Token.Kind
    let marker = peek() == UInt8(ascii: "0") ? peek(1) : nil
    let isHexadecimal = { (byte: UInt8) in Character(Unicode.Scalar(byte)).isHexDigit }
    if marker == UInt8(ascii: "x") {
      position += 2
      guard let value = BigInt(digits(where: isHexadecimal), radix: 16) else {
        throw failure(expected: "a hexadecimal digit")
      }
      kind = .integer(value)
    } else if marker == UInt8(ascii: "n") {
      position += 2
      let digits = digits(where: isHexadecimal)
      guard digits.utf8.count == 16, let bits = UInt64(digits, radix: 16) else {
        throw failure(expected: "16 hexadecimal digits")
      }
      kind = real(FloatBits(Double(bitPattern: bits)))
    } else {
      var isFloat = false
      var spelling = digits(where: Self.isDigit)
      if peek() == UInt8(ascii: "."), let next = peek(1), Self.isDigit(next) {
        isFloat = true
        position += 1
        spelling += "." + digits(where: Self.isDigit)
      }
      if peek() == UInt8(ascii: "e") {
        isFloat = true
        position += 1
        spelling += "e"
        if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
          position += 1
          spelling.unicodeScalars.append(Unicode.Scalar(sign))
        }
        guard let next = peek(), Self.isDigit(next) else { throw failure(expected: "a digit") }
        spelling += digits(where: Self.isDigit)
      }
      guard spelling.utf8.count <= Self.maximalDecimalDigits else {
        throw failure(at: start, expected: "at most \(Self.maximalDecimalDigits) digits", found: "more")
      }
      if isFloat || peek() == UInt8(ascii: "j") {
        guard let value = Double(spelling) else { throw failure(at: start, expected: "a number") }
        kind = real(FloatBits(value))
      } else {
        guard let value = BigInt(spelling, radix: 10) else { throw failure(at: start, expected: "a number") }
        kind = .integer(value)
      }
    }
    if let byte = peek(), Self.continuesWord(byte) { throw failure(expected: "white space after a number") }
    emit(kind, at: start)
  }

  private mutating func real(_ value: FloatBits) -> Token.Kind {
    guard peek() == UInt8(ascii: "j") else { return .float(value) }
    position += 1
    return .imaginary(value)
  }
}
