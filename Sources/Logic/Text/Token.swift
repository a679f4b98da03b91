import BigInt

/// One token of the text form.
struct Token {
  enum Kind: Hashable {
    /// A bare word: a keyword or a name.
    case word(String)
    /// A name between backticks.
    case quoted(String)
    /// A dotted origin after `@`.
    case imported(String)
    case integer(BigInt)
    case float(FloatBits)
    case imaginary(FloatBits)
    case string(CodePoints)
    case bytes([UInt8])
    /// `f"`, a stretch of its literal text, and its closing quote; the code between is ordinary tokens.
    case formatStart
    case formatText(CodePoints)
    case formatEnd
    case symbol(String)
    case end
  }
  var kind: Kind
  /// In bytes, from the start of the text.
  var offset: Int

  var isNumber: Bool {
    switch kind {
    case .integer, .float, .imaginary: true
    default: false
    }
  }

  /// For error messages.
  var description: String {
    switch kind {
    case .word(let text), .symbol(let text): "`\(text)`"
    case .quoted(let text): "the name `\(text)`"
    case .imported(let text): "`@\(text)`"
    case .integer, .float, .imaginary: "a number"
    case .string, .bytes: "a string"
    case .formatStart, .formatText, .formatEnd: "a format string"
    case .end: "the end of the text"
    }
  }
}
