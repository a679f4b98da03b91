import BigInt

// Expressions, loosest first.
extension TextParser {
  mutating func expression() throws -> Expression {
    try nested { try $0.looseExpression() }
  }

  private mutating func looseExpression() throws -> Expression {
    guard case .word(let word) = token.kind else { return try disjunction() }
    if next() == .word("of") {
      switch word {
      case "sum", "any", "all":
        advance()
        advance()
        return .call(.global(.builtin(word)), [Argument(try fold(of: nil))])
      case "count":
        advance()
        advance()
        return .call(.global(.builtin("sum")), [Argument(try fold(of: .constant(.int(1))))])
      case "first":
        advance()
        advance()
        let generator = try fold(of: nil)
        try expect(word: "else")
        return .call(.global(.builtin("next")), [Argument(generator), Argument(try expression())])
      default: return try disjunction()
      }
    }
    switch word {
    case "if":
      advance()
      let test = try expression()
      try expect(word: "then")
      let then = try expression()
      try expect(word: "else")
      return .conditional(test: test, then: then, otherwise: try expression())
    case "lambda":
      advance()
      let parameters = try parameters()
      try expect(":")
      let body = try scoped(parameters) { try $0.expression() }
      return .closure(
        Procedure(name: lambdaName, parameters: parameters, body: [Statement(.returnValue(body))]))
    case "yield":
      advance()
      if take(word: "from") { return .yieldFrom(try expression()) }
      return .yield(try maybe())
    default: return try disjunction()
    }
  }

  /// The generator of `sum of e for x in a where c`, with the element given where none is written.
  private mutating func fold(of element: Expression?) throws -> Expression {
    let value = try element ?? disjunction()
    if element == nil { try expect(word: "for") }
    let target = try targets()
    try expect(word: "in")
    var clauses: [Comprehension.Clause] = [.each(target, try disjunction(), isAsync: false)]
    while take(word: "where") { clauses.append(.filter(try disjunction())) }
    return .comprehension(Comprehension(kind: .generator, element: value, clauses: clauses))
  }

  mutating func disjunction() throws -> Expression {
    let first = try conjunction()
    guard isAt(word: "or") else { return first }
    var operands = [first]
    while take(word: "or") { operands.append(try conjunction()) }
    try grow()
    return .or(operands)
  }

  private mutating func conjunction() throws -> Expression {
    let first = try negation()
    guard isAt(word: "and") else { return first }
    var operands = [first]
    while take(word: "and") { operands.append(try negation()) }
    try grow()
    return .and(operands)
  }

  private mutating func negation() throws -> Expression {
    var count = 0
    while take(word: "not") {
      count += 1
      try grow()
    }
    var result = try comparison()
    for _ in 0..<count { result = .not(result) }
    return result
  }

  private mutating func comparison() throws -> Expression {
    var operands = [try binary(.bitOr)]
    var operators: [ComparisonOperator] = []
    while let op = try comparator() {
      operators.append(op)
      operands.append(try binary(.bitOr))
    }
    if operators.isEmpty { return operands[0] }
    try grow()
    return operators.count == 1 ? .compare(operators[0], operands[0], operands[1]) : .chain(operands, operators)
  }

  private mutating func comparator() throws -> ComparisonOperator? {
    switch token.kind {
    case .symbol(let symbol):
      guard let op = ComparisonOperator(rawValue: symbol) else { return nil }
      advance()
      return op
    case .word("is"):
      advance()
      return take(word: "not") ? .notIdentical : .identical
    case .word("in"):
      advance()
      return .contains
    case .word("not"):
      advance()
      try expect(word: "in")
      return .notContains
    default: return nil
    }
  }

  /// Left-associative operators that bind at least as tightly as `level`.
  private mutating func binary(_ level: Grammar.Level) throws -> Expression {
    var left = try unary()
    while let op = infix(), Grammar.level(of: op) >= level {
      advance()
      let right = try binary(Grammar.level(of: op).tighter)
      left = .binary(op, left, right)
      try grow()
    }
    return left
  }

  private func infix() -> BinaryOperator? {
    switch token.kind {
    case .symbol(let text) where text != "**", .word(let text): Grammar.infix[text]
    default: nil
    }
  }

  mutating func unary() throws -> Expression {
    var prefixes: [UnaryOperator] = []
    while case .symbol(let symbol) = token.kind, let op = UnaryOperator(rawValue: symbol) {
      prefixes.append(op)
      advance()
      try grow()
    }
    let start = index
    var result = try tight()
    // `-` before a lone number is a part of the constant.
    if prefixes.last == .negate, index == start + 1, let negative = Self.negated(result) {
      result = negative
      prefixes.removeLast()
    }
    for op in prefixes.reversed() { result = .unary(op, result) }
    return result
  }

  private static func negated(_ value: Expression) -> Expression? {
    guard case .constant(let constant) = value else { return nil }
    switch constant {
    case .int(let value): return .constant(.int(-value))
    case .float(let value): return .constant(.float(FloatBits(-value.value)))
    case .imaginary(let value): return .constant(.imaginary(FloatBits(-value.value)))
    default: return nil
    }
  }

  /// What prefix operators apply to.
  private mutating func tight() throws -> Expression {
    if take(word: "await") {
      let operand = try postfix()
      try grow()
      return .await(operand)
    }
    if case .word(let word) = token.kind, next() == .word("of"), let builtin = Grammar.measured[word] {
      advance()
      advance()
      let operand = try postfix()
      try grow()
      return .call(.global(.builtin(builtin)), [Argument(operand)])
    }
    let base = try postfix()
    guard take("**") else { return base }
    let exponent = try nested { try $0.unary() }
    return .binary(.power, base, exponent)
  }

  mutating func postfix() throws -> Expression {
    var result = try primary()
    while true {
      if take(".") {
        result = .attribute(result, try word())
      } else if take("[") {
        result = .item(result, try subscripts())
      } else if isAt("(") {
        result = .call(result, try arguments())
      } else {
        return result
      }
      try grow()
    }
  }

  mutating func className() throws -> Expression {
    var result = try primary()
    while take(".") {
      result = .attribute(result, try word())
      try grow()
    }
    return result
  }

  // MARK: Brackets

  private mutating func subscripts() throws -> Expression {
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

  private mutating func primary() throws -> Expression {
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
    case "(": return try nested { try $0.inParentheses() }
    case "[": return try nested { try $0.inBrackets() }
    case "{": return try nested { try $0.inBraces() }
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

/// The name that Python gives to a `lambda`.
let lambdaName = "<lambda>"
