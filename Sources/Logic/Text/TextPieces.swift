/// The text form cut into the pieces that a small model reads and writes as one token each.
///
/// A piece is a token of the lexer, with two exceptions: a mark and what it marks are one (`.cells`, `::f`, `!r`), and
/// the literal parts of a format string stand with their quotes and braces (`f"of {`, `}"`), since white space counts
/// there. Joined by single blanks the pieces are the same program: no other white space means anything.
package struct TextPieces {
  private enum Mode {
    case code(brackets: Int, lambdas: Int)
    /// Literal text of a format string, or of a value's specification in it.
    case literal
  }

  /// Words with a meaning of their own in the text form.
  package static let reservedWords = Grammar.keywords.union(TextAutomaton.contextual.keys)

  private let bytes: [UInt8]
  private var pieces: [[UInt8]] = []
  private var modes: [Mode] = [.code(brackets: 0, lambdas: 0)]
  /// Whether what comes next belongs to the last piece.
  private var isOpen = false

  /// The pieces of `text`, in order; nil where it is no text of the language.
  package static func of(_ text: String) -> [String]? {
    let bytes = Array(text.utf8)
    guard let tokens = try? Lexer.tokens(of: bytes) else { return nil }
    var cutter = TextPieces(bytes: bytes)
    for (token, next) in zip(tokens, tokens.dropFirst()) { cutter.take(token, before: next.offset) }
    return cutter.pieces.map { String(decoding: $0, as: UTF8.self) }
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func take(_ token: Token, before end: Int) {
    guard let mode = modes.last else { return }
    guard case .code(let brackets, let lambdas) = mode else { return literal(token, before: end) }
    add(token, before: end)
    switch token.kind {
    case .formatStart:
      modes.append(.literal)
      isOpen = true
    case .word("lambda") where brackets == 0:
      modes[modes.count - 1] = .code(brackets: 0, lambdas: lambdas + 1)
    case .symbol("("), .symbol("["), .symbol("{"):
      modes[modes.count - 1] = .code(brackets: brackets + 1, lambdas: lambdas)
    case .symbol("}") where brackets == 0 && modes.count > 1:
      modes.removeLast()
      isOpen = true
    case .symbol(")"), .symbol("]"), .symbol("}"):
      modes[modes.count - 1] = .code(brackets: max(0, brackets - 1), lambdas: lambdas)
    case .symbol(":") where brackets == 0 && modes.count > 1:
      modes[modes.count - 1] = lambdas > 0 ? .code(brackets: 0, lambdas: lambdas - 1) : .literal
      isOpen = lambdas == 0
    case .symbol("."), .symbol("::"), .symbol("?"), .symbol("!"), .symbol("^"), .symbol("$"): isOpen = true
    default: break
    }
  }

  private mutating func literal(_ token: Token, before end: Int) {
    isOpen = true
    add(token, before: end)
    switch token.kind {
    case .symbol("{"): modes.append(.code(brackets: 0, lambdas: 0))
    // A specification took the place of the code that it follows, so one level is closed either way.
    case .symbol("}"):
      modes.removeLast()
      isOpen = true
    case .formatEnd: modes.removeLast()
    default: isOpen = true
    }
  }

  private mutating func add(_ token: Token, before end: Int) {
    var end = end
    let isLiteral: Bool = if case .formatText = token.kind { true } else { false }
    if !isLiteral { while end > token.offset + 1, Self.isBlank(bytes[end - 1]) { end -= 1 } }
    let new = bytes[token.offset..<end]
    if isOpen, !pieces.isEmpty { pieces[pieces.count - 1] += new } else { pieces.append(Array(new)) }
    isOpen = false
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
