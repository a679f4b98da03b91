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
}

/// The name that Python gives to a `lambda`.
let lambdaName = "<lambda>"
