import BigInt

/// How names, numbers and quoted text are spelled.
enum TextSpelling {
  static func name(_ text: String) -> String { Grammar.isName(text) ? text : quoted(text, quote: "`") }

  /// A name after a sigil or a dot, where no keyword can stand (but the lexer looks out for `lambda`).
  static func word(_ text: String) -> String {
    Grammar.isWord(text) && text != "lambda" ? text : quoted(text, quote: "`")
  }

  static func imported(_ path: String) -> String {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false)
    return "@" + (parts.allSatisfy { Grammar.isWord(String($0)) } ? path : quoted(path, quote: "`"))
  }

  static func quoted(_ text: String, quote: String) -> String {
    quote + escaped(CodePoints(text), quote: quote) + quote
  }

  /// `n ^ 2` as `n^2`.
  static func bound(_ text: String) -> String {
    var result = ""
    for part in text.split(separator: " ") {
      let isTight = result.isEmpty || result.hasSuffix("(") || result.hasSuffix("^") || part == ")" || part == "^"
      result += (isTight ? "" : " ") + part
    }
    return result
  }

  // MARK: Constants

  static func spelling(_ constant: Constant) -> String {
    switch constant {
    case .none: "None"
    case .ellipsis: "..."
    case .notImplemented: "NotImplemented"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): integer(value)
    case .float(let bits): real(bits)
    case .imaginary(let bits): real(bits) + "j"
    case .string(let text): "\"" + escaped(text, quote: "\"") + "\""
    case .bytes(let bytes): "b\"" + escaped(bytes) + "\""
    }
  }

  /// Printed with a leading `-`, so it binds as a prefix operator does.
  static func isNegative(_ constant: Constant) -> Bool {
    switch constant {
    case .int(let value): value < 0
    case .float(let bits), .imaginary(let bits): bits.value.sign == .minus && !bits.value.isNaN
    default: false
    }
  }

  static func isNumber(_ constant: Constant) -> Bool {
    switch constant {
    case .int, .float, .imaginary: true
    default: false
    }
  }

  private static func integer(_ value: BigInt) -> String {
    // Four bits cover a decimal digit, so the decimal form stays within what the lexer takes.
    if value.magnitude.bitWidth <= 3 * Lexer.maximalDecimalDigits { return String(value) }
    return (value < 0 ? "-0x" : "0x") + String(value.magnitude, radix: 16)
  }

  private static func real(_ bits: FloatBits) -> String {
    let value = bits.value
    if value.isNaN {
      let digits = String(bits.bitPattern, radix: 16)
      return "0n" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
    if value.isInfinite { return value < 0 ? "-1e999" : "1e999" }
    return "\(value)"
  }

  // MARK: Escapes

  static func escaped(_ text: CodePoints, quote: String, braces: Bool = false) -> String {
    var result = String.UnicodeScalarView()
    for value in text.values {
      let scalar = Unicode.Scalar(value)
      switch value {
      case 0x0A: result.append(contentsOf: "\\n".unicodeScalars)
      case 0x0D: result.append(contentsOf: "\\r".unicodeScalars)
      case 0x09: result.append(contentsOf: "\\t".unicodeScalars)
      case 0x5C: result.append(contentsOf: "\\\\".unicodeScalars)
      case 0x22 where quote == "\"", 0x60 where quote == "`", 0x7B where braces, 0x7D where braces:
        result.append("\\")
        if let scalar { result.append(scalar) }
      case 0x20..<0x7F: if let scalar { result.append(scalar) }
      default:
        if let scalar, isVisible(scalar) {
          result.append(scalar)
        } else {
          result.append(contentsOf: numeric(value).unicodeScalars)
        }
      }
    }
    return String(result)
  }

  static func numeric(_ value: UInt32) -> String {
    let (prefix, width) = value < 0x100 ? ("\\x", 2) : value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
    let digits = String(value, radix: 16)
    return prefix + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      (0x20..<0x7F).contains(byte) || [0x09, 0x0A, 0x0D].contains(byte)
        ? escaped(CodePoints([UInt32(byte)]), quote: "\"") : numeric(UInt32(byte))
    }.joined()
  }

  /// Whether a reader sees it for what it is: no control, no other blank, nothing that reorders or hides.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
      .spaceSeparator:
      false
    default: !scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}
