import BigInt

/// Reads the text form (`Grammar.swift`) by recursive descent, one token ahead.
///
/// Whether a bare name is a local depends on stores that may come later, so the text is read twice: first to learn what
/// each procedure binds, then to build. Nesting and the height of what is built are limited: hostile text is an error,
/// never a crash.
package enum ProcedureParser {
  package static func parse(_ text: [UInt8]) throws -> (Procedure, SummaryAnnotations) {
    let tokens = try Lexer.tokens(of: text)
    var survey = TextParser(text: text, tokens: tokens, bound: nil)
    _ = try survey.text()
    var parser = TextParser(text: text, tokens: tokens, bound: survey.found)
    return try parser.text()
  }

  package static func parse(_ text: String) throws -> (Procedure, SummaryAnnotations) { try parse(Array(text.utf8)) }
}

struct TextParser {
  private let source: [UInt8]
  private let tokens: [Token]
  private(set) var index = 0

  /// The names that each procedure binds, in the order in which the procedures start; the first entry is for what
  /// stands outside. Absent in the first reading.
  private let bound: [Set<String>]?
  private(set) var found: [Set<String>] = [[]]
  private var scopes = [0]

  /// Nested calls of this parser, against the native stack.
  private var depth = 0
  private static let maximalDepth = 250
  /// At least the height of everything built in the innermost running `nested`.
  private var height = 0
  private static let maximalHeight = 2_000

  init(text: [UInt8], tokens: [Token], bound: [Set<String>]?) {
    source = text
    self.tokens = tokens
    self.bound = bound
  }

  // MARK: Tokens

  var token: Token { tokens[min(index, tokens.count - 1)] }

  func next(_ ahead: Int = 1) -> Token.Kind { tokens[min(index + ahead, tokens.count - 1)].kind }

  mutating func advance() { if index < tokens.count - 1 { index += 1 } }

  func failure(_ expected: String) -> ProcedureSyntaxError {
    ProcedureSyntaxError(at: token.offset, in: source, expected: expected, found: token.description)
  }

  func isAt(_ symbol: String) -> Bool { token.kind == .symbol(symbol) }
  func isAt(word: String) -> Bool { token.kind == .word(word) }

  mutating func take(_ symbol: String) -> Bool {
    guard isAt(symbol) else { return false }
    advance()
    return true
  }

  mutating func take(word: String) -> Bool {
    guard isAt(word: word) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: String) throws { if !take(symbol) { throw failure("`\(symbol)`") } }
  mutating func expect(word: String) throws { if !take(word: word) { throw failure("`\(word)`") } }

  /// A name that is being used or bound: no keyword unless quoted.
  mutating func name() throws -> String {
    switch token.kind {
    case .word(let text) where !Grammar.keywords.contains(text), .quoted(let text):
      advance()
      return text
    default: throw failure("a name")
    }
  }

  /// A name where no keyword can stand.
  mutating func word() throws -> String {
    switch token.kind {
    case .word(let text), .quoted(let text):
      advance()
      return text
    default: throw failure("a name")
    }
  }

  /// A dotted name, or any text between quotes.
  mutating func path() throws -> String {
    if case .string(let text) = token.kind {
      advance()
      return text.string
    }
    var path = try name()
    while take(".") { path += "." + (try word()) }
    return path
  }

  // MARK: Limits

  /// Runs one level of nesting.
  mutating func nested<Result>(_ body: (inout TextParser) throws -> Result) throws -> Result {
    if depth >= Self.maximalDepth { throw failure("at most \(Self.maximalDepth) levels of nesting") }
    depth += 1
    let outer = height
    height = 0
    let result = try body(&self)
    try grow()
    height = max(outer, height)
    depth -= 1
    return result
  }

  /// What was built so far became a part of one more node.
  mutating func grow() throws {
    height += 1
    if height > Self.maximalHeight { throw failure("an expression at most \(Self.maximalHeight) levels high") }
  }

  // MARK: Scopes

  /// Runs `body` in the scope of a procedure with these parameters.
  mutating func scoped<Result>(
    _ parameters: [Parameter], _ body: (inout TextParser) throws -> Result
  ) throws -> Result {
    scopes.append(found.count)
    found.append(Set(parameters.map(\.name)))
    let result = try body(&self)
    scopes.removeLast()
    return result
  }

  mutating func bind(_ name: String) { if let scope = scopes.last { found[scope].insert(name) } }

  /// What a bare name means here.
  func resolve(_ name: String) -> Expression {
    guard let scope = scopes.last, let bound, scope < bound.count, bound[scope].contains(name) else {
      return .global(.builtin(name))
    }
    return .local(name)
  }

  /// Reads an expression as the place that it names.
  mutating func target(_ expression: Expression) throws -> Target {
    switch expression {
    case .local(let name):
      bind(name)
      return .local(name)
    case .global(.builtin(let name)) where bound == nil:
      bind(name)
      return .local(name)
    case .captured(let name): return .captured(name)
    case .global(.module(let name)): return .global(name)
    case .namespace(let name): return .namespace(name)
    case .attribute(let base, let name): return .attribute(base, name)
    case .item(let base, let index): return .item(base, index)
    case .tuple(let elements): return try unpack(elements)
    default: throw failure("a target before this")
    }
  }

  mutating func unpack(_ elements: [Element]) throws -> Target {
    var targets: [Target] = []
    var starred: Int?
    for element in elements {
      switch element {
      case .single(let value): targets.append(try target(value))
      case .spread(let value):
        if starred != nil { throw failure("at most one starred target before this") }
        starred = targets.count
        targets.append(try target(value))
      }
    }
    return .unpack(targets, starred: starred)
  }
}
