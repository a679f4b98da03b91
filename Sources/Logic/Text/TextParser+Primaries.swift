import BigInt

// Brackets, comprehensions, names, constants and format strings.
extension TextParser {
  // MARK: Brackets

  mutating func subscripts() throws -> Expression {
    if isAt("]") { throw failure("an index") }
    let first = try indexItem()
    if case .single(let value) = first, take("]") { return value }
    guard isAt(",") else { throw failure("`,`") }
    var elements = [first]
    while take(","), !isAt("]") { elements.append(try indexItem()) }
    try expect("]")
    return .tuple(elements)
  }

  private mutating func indexItem() throws -> Element {
    if take("*") { return .spread(try expression()) }
    if isAt(":") { return .single(try slice(from: nil)) }
    let first = try expression()
    return .single(isAt(":") ? try slice(from: first) : first)
  }

  /// From the first `:` on.
  private mutating func slice(from low: Expression?) throws -> Expression {
    var parts: [Expression?] = [low]
    while parts.count < 3, take(":") {
      parts.append(isAt(":") || isAt(",") || isAt("]") ? nil : try expression())
    }
    try grow()
    return .slice(parts[0], parts[1], parts.count > 2 ? parts[2] : nil)
  }

  /// `name =` in arguments and class patterns.
  var isAtKeyword: Bool {
    switch token.kind {
    case .word, .quoted: next() == .symbol("=")
    default: false
    }
  }

  mutating func arguments() throws -> [Argument] {
    try expect("(")
    return try separated(until: ")") { parser in
      if parser.take("*") { return Argument(try parser.expression(), kind: .spread) }
      if parser.take("**") { return Argument(try parser.expression(), kind: .spreadKeywords) }
      if parser.isAtKeyword {
        let name = try parser.name()
        parser.advance()
        return Argument(try parser.expression(), kind: .keyword(name))
      }
      return Argument(try parser.expression())
    }
  }

  private mutating func starred() throws -> Element {
    take("*") ? .spread(try expression()) : .single(try expression())
  }

  private mutating func inParentheses() throws -> Expression {
    if take(")") { return .tuple([]) }
    let first = try starred()
    if case .single(let value) = first {
      if take(")") { return value }
      if take(":=") {
        let result = Expression.named(try target(value), try expression())
        try expect(")")
        return result
      }
      if isAtClause { return try comprehension(.generator, value, closing: ")") }
    }
    guard take(",") else { throw failure("`,` or `)`") }
    return .tuple([first] + (try separated(until: ")") { try $0.starred() }))
  }

  private mutating func inBrackets() throws -> Expression {
    if take("]") { return .list([]) }
    if isAt(":") {
      let slice = try slice(from: nil)
      try expect("]")
      return slice
    }
    let first = try starred()
    if case .single(let value) = first {
      if isAt(":") {
        let slice = try slice(from: value)
        try expect("]")
        return slice
      }
      if isAtClause { return try comprehension(.list, value, closing: "]") }
    }
    return .list([first] + (try rest(until: "]") { try $0.starred() }))
  }

  private mutating func inBraces() throws -> Expression {
    if take("}") { return .dictionary([]) }
    if take(",") {
      try expect("}")
      return .set([])
    }
    if take("**") {
      let first = DictionaryItem.spread(try expression())
      return .dictionary([first] + (try rest(until: "}") { try $0.dictionaryItem() }))
    }
    let first = try starred()
    if case .single(let key) = first {
      if take(":") {
        let value = try expression()
        if isAtClause { return try comprehension(.dictionary, key: key, value, closing: "}") }
        return .dictionary([.pair(key, value)] + (try rest(until: "}") { try $0.dictionaryItem() }))
      }
      if isAtClause { return try comprehension(.set, key, closing: "}") }
    }
    return .set([first] + (try rest(until: "}") { try $0.starred() }))
  }

  /// What follows the first item of a list: a comma before each other one, and the closing symbol.
  private mutating func rest<Item>(
    until close: String, _ item: (inout TextParser) throws -> Item
  ) throws -> [Item] {
    if take(close) { return [] }
    guard take(",") else { throw failure("`,` or `\(close)`") }
    return try separated(until: close, item)
  }

  private mutating func dictionaryItem() throws -> DictionaryItem {
    if take("**") { return .spread(try expression()) }
    let key = try expression()
    try expect(":")
    return .pair(key, try expression())
  }

  // MARK: Comprehensions

  private var isAtClause: Bool { isAt(word: "for") || isAt(word: "async") }

  private mutating func comprehension(
    _ kind: Comprehension.Kind, key: Expression? = nil, _ element: Expression, closing: String
  ) throws -> Expression {
    var clauses: [Comprehension.Clause] = []
    while !isAt(closing) {
      if take(word: "where") {
        clauses.append(.filter(try disjunction()))
        continue
      }
      let isAsync = take(word: "async")
      try expect(word: "for")
      let target = try targets()
      try expect(word: "in")
      clauses.append(.each(target, try disjunction(), isAsync: isAsync))
    }
    try expect(closing)
    try grow()
    return .comprehension(Comprehension(kind: kind, key: key, element: element, clauses: clauses))
  }

  // MARK: Primaries

  mutating func primary() throws -> Expression {
    if isAtProcedure { return .closure(try nestedProcedure()) }
    let start = token
    switch start.kind {
    case .word(let word):
      if let constant = Self.constants[word] {
        advance()
        return .constant(constant)
      }
      switch word {
      case "local":
        advance()
        return .local(try name())
      case "def": return try definition()
      case "import": return try importing()
      default:
        if Grammar.keywords.contains(word) { throw failure("an expression") }
        advance()
        if isAt(word: "of") { throw failure("no `of` (or parentheses around `\(word) of`)") }
        return resolve(word)
      }
    case .quoted(let name):
      advance()
      return resolve(name)
    case .imported(let path):
      advance()
      return .global(.imported(path))
    case .integer(let value):
      advance()
      return .constant(.int(value))
    case .float(let value):
      advance()
      return .constant(.float(value))
    case .imaginary(let value):
      advance()
      return .constant(.imaginary(value))
    case .string(let value):
      advance()
      return .constant(.string(value))
    case .bytes(let value):
      advance()
      return .constant(.bytes(value))
    case .formatStart:
      advance()
      return .format(try formatParts(until: .formatEnd))
    case .symbol(let symbol):
      return try primary(symbol)
    default: throw failure("an expression")
    }
  }

  private mutating func primary(_ symbol: String) throws -> Expression {
    switch symbol {
    case "(", "[", "{", "...", "::", "?", "!", "^", "$": advance()
    default: throw failure("an expression")
    }
    switch symbol {
    case "(": return try inParentheses()
    case "[": return try inBrackets()
    case "{": return try inBraces()
    case "::": return .global(.module(try word()))
    case "?": return .global(.unresolved(try word()))
    case "!": return .global(.builtin(try word()))
    case "^": return .captured(try word())
    case "$": return .namespace(try word())
    default: return .constant(.ellipsis)
    }
  }

  private static let constants: [String: Constant] = [
    "None": .none, "True": .bool(true), "False": .bool(false), "NotImplemented": .notImplemented,
  ]

  private mutating func definition() throws -> Expression {
    try expect(word: "def")
    let kind: Definition.Kind
    if take(word: "class") {
      kind = .classType
    } else {
      try expect(word: "function")
      kind = .function
    }
    let name = try path()
    return .definition(Definition(kind: kind, name: name, arguments: try arguments()))
  }

  private mutating func importing() throws -> Expression {
    try expect(word: "import")
    try expect("(")
    if take(word: "as") {
      let path = try path()
      try expect(")")
      return .importModule(path, leaf: true)
    }
    let path = try path()
    var result = Expression.importModule(path, leaf: false)
    if take(word: "from") { result = .importName(module: try self.path(), name: path) }
    try expect(")")
    return result
  }

  private mutating func formatParts(until end: Token.Kind) throws -> [FormatPart] {
    try nested { parser in
      var parts: [FormatPart] = []
      while parser.token.kind != end {
        if case .formatText(let text) = parser.token.kind {
          parser.advance()
          parts.append(.literal(text))
          continue
        }
        try parser.expect("{")
        let value = try parser.disjunction()
        var conversion: Character?
        if parser.take("!") {
          let word = try parser.word()
          guard word.count == 1 else { throw parser.failure("a conversion of one letter before this") }
          conversion = word.first
        }
        var specification: [FormatPart]?
        if parser.take(":") {
          specification = try parser.formatParts(until: .symbol("}"))
        } else {
          try parser.expect("}")
        }
        parts.append(.value(value, conversion: conversion, specification: specification))
      }
      parser.advance()
      return parts
    }
  }
}
