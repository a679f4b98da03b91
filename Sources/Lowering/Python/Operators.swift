import Logic
import Syntax

extension Lowerer {
  /// A run of binary operators without parentheses, put together again by the precedence of the language.
  ///
  /// The grammar has `^` bind tighter than `&`, the language the other way (Language Reference, 6.17). The run is read
  /// off in order, so that the shape that the grammar gave it does not matter; and without recursion.
  func binary(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    var operands: [SyntaxNode] = []
    var operators: [BinaryOperator] = []
    var pending: [SyntaxNode] = [node]
    while let current = pending.popLast() {
      if current.kind == "binary_operator" {
        take(current)
        let inside = current.children.filter { !$0.isExtra || $0.isError }
        guard inside.count == 3, !inside.contains(where: { $0.isError || $0.isMissing }) else { throw unknown(current) }
        for child in current.children where child.isExtra { skip(child) }
        pending.append(contentsOf: inside.reversed())
      } else if current.isNamed {
        operands.append(current)
      } else if let symbol = BinaryOperator(rawValue: current.kind) {
        skip(current)
        operators.append(symbol)
      } else {
        throw unknown(current)
      }
    }
    return try nested(node, levels: operators.count - 1) { () throws(LoweringError) in
      var values: [Expression] = []
      for operand in operands { values.append(try self.expression(operand)) }
      return Self.climb(values, operators)
    }
  }

  private static func precedence(_ symbol: BinaryOperator) -> Int {
    switch symbol {
    case .bitOr: 1
    case .bitXor: 2
    case .bitAnd: 3
    case .shiftLeft, .shiftRight: 4
    case .add, .subtract: 5
    case .multiply, .matrixMultiply, .divide, .floorDivide, .modulo: 6
    case .power: 7
    }
  }

  /// Operator precedence parsing with two stacks; only `**` groups from the right.
  private static func climb(_ operands: [Expression], _ operators: [BinaryOperator]) -> Expression {
    var values: [Expression] = []
    var waiting: [BinaryOperator] = []
    func reduce() {
      guard let symbol = waiting.popLast(), let right = values.popLast(), let left = values.popLast() else { return }
      values.append(.binary(symbol, left, right))
    }
    for (index, operand) in operands.enumerated() {
      values.append(operand)
      guard index < operators.count else { break }
      let next = operators[index]
      while let top = waiting.last,
        precedence(top) > precedence(next) || (precedence(top) == precedence(next) && next != .power)
      {
        reduce()
      }
      waiting.append(next)
    }
    while !waiting.isEmpty { reduce() }
    return values.first ?? .constant(.none)
  }

  func unary(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let parts = try parts(node, "not", "+", "-", "~")
    guard parts.count == 2, parts[1].isNamed else { throw unknown(node) }
    let operand = try expression(parts[1])
    guard node.kind == "unary_operator" else { return .not(operand) }
    guard let symbol = UnaryOperator(rawValue: parts[0].kind) else { throw unknown(node) }
    return .unary(symbol, operand)
  }

  func comparison(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    var operands: [Expression] = []
    var operators: [ComparisonOperator] = []
    for part in try parts(node, "<", "<=", "==", "!=", ">=", ">", "in", "not in", "is", "is not") {
      if part.isNamed {
        operands.append(try expression(part))
      } else if let symbol = ComparisonOperator(rawValue: part.kind) {
        operators.append(symbol)
      }
    }
    guard operators.count >= 1, operands.count == operators.count + 1 else { throw unknown(node) }
    return operators.count == 1
      ? .compare(operators[0], operands[0], operands[1]) : .chain(operands, operators)
  }

  /// `a or b or c` is one node; parentheses keep what they enclose apart.
  func boolean(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    var operands: [SyntaxNode] = []
    var current = node
    let symbol = node.child(field: "operator")?.kind ?? ""
    while true {
      let parts = try parts(current, symbol).named
      guard parts.count == 2, symbol == "and" || symbol == "or" else { throw unknown(current) }
      operands.append(parts[1])
      guard parts[0].kind == "boolean_operator", parts[0].child(field: "operator")?.kind == symbol else {
        operands.append(parts[0])
        break
      }
      current = parts[0]
    }
    var values: [Expression] = []
    for operand in operands.reversed() { values.append(try expression(operand)) }
    return symbol == "and" ? .and(values) : .or(values)
  }

  /// The grammar takes `x := a if b else c` as `(x := a) if b else c`; in the language only the whole can be named
  /// (PEP 572), so a name without parentheses belongs around it.
  func conditional(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let parts = try parts(node, "if", "else").named
    guard parts.count == 3 else { throw unknown(node) }
    guard parts[0].kind == "named_expression" else {
      let then = try expression(parts[0])
      let test = try expression(parts[1])
      return .conditional(test: test, then: then, otherwise: try expression(parts[2]))
    }
    let inner = try self.parts(parts[0], ":=").named
    guard inner.count == 2 else { throw unknown(parts[0]) }
    let target = try walrusTarget(inner[0])
    let then = try expression(inner[1])
    let test = try expression(parts[1])
    return .named(target, .conditional(test: test, then: then, otherwise: try expression(parts[2])))
  }
}
