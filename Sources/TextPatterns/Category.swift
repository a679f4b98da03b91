/// `\d`, `\s`, `\w` and their complements.
struct Category {
  enum Kind { case digit, space, word }

  static let digit = Category(kind: .digit)
  static let space = Category(kind: .space)

  var kind: Kind
  var negated = false

  init(kind: Kind, negated: Bool = false) {
    self.kind = kind
    self.negated = negated
  }

  init?(escape point: UInt32) {
    switch point {
    case "d": self.init(kind: .digit)
    case "D": self.init(kind: .digit, negated: true)
    case "s": self.init(kind: .space)
    case "S": self.init(kind: .space, negated: true)
    case "w": self.init(kind: .word)
    case "W": self.init(kind: .word, negated: true)
    default: return nil
    }
  }

  func contains(_ point: UInt32, ascii: Bool) -> Bool {
    switch kind {
    case .digit: point.isDigit(ascii: ascii) != negated
    case .space: point.isSpace(ascii: ascii) != negated
    case .word: point.isWord(ascii: ascii) != negated
    }
  }
}

extension UInt32 {
  /// General category Nd, or `[0-9]`.
  fileprivate func isDigit(ascii: Bool) -> Bool {
    if ascii || self < 128 { return isDecimalDigit }
    return knownProperties?.generalCategory == .decimalNumber
  }

  /// `str.isspace`, or `[ \t\n\r\f\v]`; the separators 28 to 31 are space only without the ASCII flag.
  fileprivate func isSpace(ascii: Bool) -> Bool {
    switch self {
    case 9...13, 32: true
    case 28...31, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: !ascii
    default: false
    }
  }

  /// `str.isalnum` or an underscore, or `[a-zA-Z0-9_]`.
  func isWord(ascii: Bool) -> Bool {
    if ascii || self < 128 { return isASCIILetter || isDecimalDigit || self == 95 }
    guard let properties = knownProperties else { return false }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
    default: return properties.numericType != nil
    }
  }

  /// The properties of a character of Unicode 14, which Python 3.11 knows.
  var knownProperties: Unicode.Scalar.Properties? {
    guard let properties = Unicode.Scalar(self)?.properties, let age = properties.age else { return nil }
    return age.major <= 14 ? properties : nil
  }
}
