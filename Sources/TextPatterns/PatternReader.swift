/// One character of a pattern, or a backslash and the character after it.
enum Token: Equatable {
  case plain(UInt32)
  case escape(UInt32)

  var points: [UInt32] {
    switch self {
    case .plain(let point): [point]
    case .escape(let point): [92, point]
    }
  }

  var text: String { String(codePoints: points) }

  var length: Int { points.count }
}

/// Reads a pattern or a template token by token, one ahead.
struct PatternReader {
  let source: [UInt32]
  private(set) var next: Token?
  /// Where the token after `next` begins.
  private var index = 0

  init(_ source: [UInt32]) throws(PatternError) {
    self.source = source
    try advance()
  }

  /// Where `next` begins.
  var position: Int { index - (next?.length ?? 0) }

  mutating func advance() throws(PatternError) {
    guard index < source.count else {
      next = nil
      return
    }
    let point = source[index]
    guard point == 92 else {
      next = .plain(point)
      index += 1
      return
    }
    guard index + 1 < source.count else {
      throw PatternError("bad escape (end of pattern)", at: source.count - 1, in: source)
    }
    next = .escape(source[index + 1])
    index += 2
  }

  mutating func take() throws(PatternError) -> Token? {
    let token = next
    try advance()
    return token
  }

  /// Moves past `scalar` where it comes next.
  mutating func take(_ scalar: Unicode.Scalar) throws(PatternError) -> Bool {
    guard next == .plain(scalar.value) else { return false }
    try advance()
    return true
  }

  /// Takes at most `limit` characters that `belongs` accepts.
  mutating func take(upTo limit: Int, where belongs: (UInt32) -> Bool) throws(PatternError) -> [UInt32] {
    var taken: [UInt32] = []
    while taken.count < limit, case .plain(let point) = next, belongs(point) {
      taken.append(point)
      try advance()
    }
    return taken
  }

  /// Takes the `subject` that ends before `terminator`, and the terminator.
  mutating func take(until terminator: Unicode.Scalar, subject: String) throws(PatternError) -> [UInt32] {
    var taken: [UInt32] = []
    while let token = try take() {
      if token == .plain(terminator.value) {
        if taken.isEmpty { throw error("missing \(subject)", back: 1) }
        return taken
      }
      taken += token.points
    }
    if taken.isEmpty { throw error("missing \(subject)") }
    throw error("missing \(terminator), unterminated name", back: taken.count)
  }

  mutating func seek(_ position: Int) throws(PatternError) {
    index = position
    try advance()
  }

  /// A fault that lies `back` characters before the next token.
  func error(_ message: String, back: Int = 0) -> PatternError {
    PatternError(message, at: position - back, in: source)
  }
}

extension UInt32 {
  var isOctalDigit: Bool { (48...55).contains(self) }
  var isDecimalDigit: Bool { (48...57).contains(self) }
  var isHexDigit: Bool { isDecimalDigit || (97...102).contains(self | 32) }
  var isASCIILetter: Bool { (97...122).contains(self | 32) }
}

extension [UInt32] {
  /// The number that the digits spell; nil where it is none or does not fit.
  func number(radix: Int = 10) -> Int? { Int(String(codePoints: self), radix: radix) }

  /// `str.isidentifier`
  var isIdentifier: Bool {
    let scalars = compactMap { Unicode.Scalar($0) }
    guard let first, scalars.count == count, let head = scalars.first else { return false }
    return (first == 95 || head.properties.isXIDStart) && scalars.allSatisfy { $0.properties.isXIDContinue }
  }
}
