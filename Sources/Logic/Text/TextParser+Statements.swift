// Statements and blocks.
extension TextParser {
  /// Statements up to a token that starts none.
  mutating func block() throws -> [Statement] {
    try nested { parser in
      var result: [Statement] = []
      // Nested, so that what one statement adds to the height is not added to the next one's.
      while let kind = try parser.nested({ try $0.statement() }) { result.append(Statement(kind)) }
      return result
    }
  }

  private mutating func statement() throws -> Statement.Kind? {
    switch token.kind {
    case .quoted, .imported: return try storeOrValue(isBare: true)
    case .symbol("::"), .symbol("?"), .symbol("^"), .symbol("$"), .symbol("!"): return try storeOrValue(isBare: true)
    case .word(let word):
      if !Grammar.keywords.contains(word) || word == "local" { return try storeOrValue(isBare: true) }
      return try keywordStatement(word)
    default: return nil
    }
  }

  private mutating func keywordStatement(_ word: String) throws -> Statement.Kind? {
    switch word {
    case "yield", "await": return .expression(try expression())
    case "end", "else", "elif", "except", "finally", "case": return nil
    case "do", "del", "if", "while", "for", "async", "with", "break", "continue", "return", "raise", "assert", "try",
      "switch", "class":
      advance()
    default: return nil
    }
    switch word {
    case "do": return try storeOrValue(isBare: false)
    case "del": return .delete(try target(try postfix()))
    case "if": return try branch()
    case "while":
      let test = try expression()
      let (body, otherwise) = try loopBody()
      return .whileLoop(test, body: body, otherwise: otherwise)
    case "for": return try forLoop(isAsync: false)
    case "with": return try with(isAsync: false)
    case "async":
      if take(word: "for") { return try forLoop(isAsync: true) }
      if take(word: "with") { return try with(isAsync: true) }
      throw failure("`for` or `with`")
    case "break": return .breakLoop
    case "continue": return .continueLoop
    case "return": return .returnValue(try maybe())
    case "raise":
      let value = try maybe()
      return .raise(value, cause: take(word: "from") ? try expression() : nil)
    case "assert":
      let test = try expression()
      return .assert(test, message: take(",") ? try expression() : nil)
    case "try": return try tryBlock()
    case "switch": return try switchStatement()
    default: return try classStatement()
    }
  }

  /// `nothing` or an expression.
  mutating func maybe() throws -> Expression? { take(word: "nothing") ? nil : try expression() }

  // MARK: Stores

  private mutating func storeOrValue(isBare: Bool) throws -> Statement.Kind {
    let first = try list { parser in isBare ? try parser.postfix() : try parser.expression() }
    if case .symbol(let symbol) = token.kind {
      if let op = Grammar.augmented[symbol] {
        let place = try target(first)
        advance()
        return .augment(place, op, try expression())
      }
      if symbol == "=" {
        var targets: [Target] = []
        var value = first
        while isAt("=") {
          targets.append(try target(value))
          advance()
          value = try expression()
        }
        return .assign(targets, value)
      }
    }
    if case .tuple = first, isBare { throw failure("`=`") }
    return .expression(first)
  }

  /// `a`, or `a, *b` as a tuple without parentheses.
  private mutating func list(_ item: (inout TextParser) throws -> Expression) throws -> Expression {
    if !isAt("*") {
      let single = try item(&self)
      if !isAt(",") { return single }
      return try list(elements: [.single(single)], item)
    }
    return try list(elements: [], item)
  }

  private mutating func list(
    elements: [Element], _ item: (inout TextParser) throws -> Expression
  ) throws -> Expression {
    var elements = elements
    while elements.isEmpty || take(",") {
      if isAt("=") || isAt(word: "in") { break }
      elements.append(take("*") ? .spread(try item(&self)) : .single(try item(&self)))
    }
    return .tuple(elements)
  }

  /// The targets of a loop, before `in`.
  mutating func targets() throws -> Target { try target(try list { try $0.postfix() }) }

  // MARK: Control

  private mutating func branch() throws -> Statement.Kind {
    var arms: [(test: Expression, body: [Statement])] = []
    repeat {
      let test = try expression()
      try expect(word: "then")
      arms.append((test, try block()))
      try grow()
    } while take(word: "elif")
    var otherwise = take(word: "else") ? try block() : []
    try expect(word: "end")
    let first = arms.removeFirst()
    for arm in arms.reversed() {
      otherwise = [Statement(.branch(arm.test, then: arm.body, otherwise: otherwise))]
    }
    return .branch(first.test, then: first.body, otherwise: otherwise)
  }

  private mutating func loopBody() throws -> ([Statement], [Statement]) {
    try expect(word: "do")
    let body = try block()
    let otherwise = take(word: "else") ? try block() : []
    try expect(word: "end")
    return (body, otherwise)
  }

  private mutating func forLoop(isAsync: Bool) throws -> Statement.Kind {
    let target = try targets()
    try expect(word: "in")
    let iterable = try expression()
    let (body, otherwise) = try loopBody()
    return .forLoop(target, iterable, body: body, otherwise: otherwise, isAsync: isAsync)
  }

  private mutating func with(isAsync: Bool) throws -> Statement.Kind {
    let manager = try expression()
    let name = take(word: "as") ? try target(try postfix()) : nil
    try expect(word: "do")
    let body = try block()
    try expect(word: "end")
    return .with(manager, name, body: body, isAsync: isAsync)
  }

  private mutating func tryBlock() throws -> Statement.Kind {
    let body = try block()
    var handlers: [Handler] = []
    while take(word: "except") {
      let isGroup = take("*")
      let type = isAt(word: "as") || isAt(word: "do") ? nil : try expression()
      let name = take(word: "as") ? try target(try postfix()) : nil
      try expect(word: "do")
      handlers.append(Handler(type: type, name: name, body: try block(), isGroup: isGroup))
    }
    let otherwise = take(word: "else") ? try block() : []
    let finally = take(word: "finally") ? try block() : []
    try expect(word: "end")
    return .tryBlock(body, handlers: handlers, otherwise: otherwise, finally: finally)
  }

  private mutating func switchStatement() throws -> Statement.Kind {
    let subject = try expression()
    var cases: [MatchCase] = []
    while take(word: "case") {
      let pattern = try pattern()
      let guardTest = take(word: "where") ? try expression() : nil
      try expect(word: "then")
      cases.append(MatchCase(pattern: pattern, guardTest: guardTest, body: try block()))
    }
    try expect(word: "end")
    return .match(subject, cases)
  }

  private mutating func classStatement() throws -> Statement.Kind {
    let place = try target(try postfix())
    try expect("=")
    let name = try path()
    let arguments = try arguments()
    var decorators: [Expression] = []
    if take(word: "with") {
      repeat { decorators.append(try disjunction()) } while take(",")
    }
    let body: Procedure
    if take(word: "as") {
      guard isAtProcedure else { throw failure("a procedure") }
      body = try nestedProcedure()
    } else {
      try expect(word: "do")
      let statements = try scoped([]) { try $0.block() }
      try expect(word: "end")
      body = Procedure(name: name, kind: .classBody, body: statements)
    }
    return .defineClass(place, ClassDefinition(name: name, arguments: arguments, body: body, decorators: decorators))
  }

  // MARK: Patterns

  mutating func pattern() throws -> Pattern {
    try nested { parser in
      var members = [try parser.closedPattern()]
      while parser.take("|") { members.append(try parser.closedPattern()) }
      let pattern: Pattern = members.count == 1 ? members[0] : .either(members)
      return parser.take(word: "as") ? .alias(pattern, try parser.target(try parser.postfix())) : pattern
    }
  }

  private mutating func closedPattern() throws -> Pattern {
    if take(word: "_") { return .wildcard }
    if take("=") { return .value(try unary()) }
    if take("*") { return .star(take(word: "_") ? nil : try target(try postfix())) }
    if take("(") {
      let inner = try pattern()
      try expect(")")
      return inner
    }
    if take("[") { return .sequence(try separated(until: "]") { try $0.pattern() }) }
    if take("{") {
      var rest: Target?
      var items: [Pattern.MappingItem] = []
      while !isAt("}") {
        if take("**") {
          rest = try target(try postfix())
          break
        }
        let key = try disjunction()
        try expect(":")
        items.append(.init(key: key, pattern: try pattern()))
        if !take(",") { break }
      }
      try expect("}")
      return .mapping(items, rest: rest)
    }
    if take(word: "is") {
      let type = try className()
      try expect("(")
      var keywords: [Pattern.KeywordPattern] = []
      var patterns: [Pattern] = []
      while !isAt(")") {
        if isAtKeyword {
          let name = try name()
          try expect("=")
          keywords.append(.init(name: name, pattern: try pattern()))
        } else {
          guard keywords.isEmpty else { throw failure("a keyword pattern") }
          patterns.append(try pattern())
        }
        if !take(",") { break }
      }
      try expect(")")
      return .classType(type, patterns, keywords: keywords)
    }
    return .capture(try target(try postfix()))
  }

  /// Items between commas, and the closing symbol.
  mutating func separated<Item>(
    until close: String, _ item: (inout TextParser) throws -> Item
  ) throws -> [Item] {
    var items: [Item] = []
    while !isAt(close) {
      items.append(try item(&self))
      if !take(",") { break }
    }
    try expect(close)
    return items
  }
}
