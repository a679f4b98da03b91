import Logic

// What mutants are looked at by: probes print both sides of a comparison, gauges what a changed operation gives.

extension Expression {
  /// The comparison, both of its sides printed first.
  static func probe(
    _ comparison: Expression, _ operation: ComparisonOperator, _ left: Expression, _ right: Expression
  ) -> Expression {
    let sides = (Expression.local("$left"), Expression.local("$right"))
    let steps: [Expression] = [
      .named(.local("$left"), left), .named(.local("$right"), right), .shown(boundaryMark, sides.0, sides.1),
      .compare(operation, sides.0, sides.1),
    ]
    return .item(.tuple(steps.map(Element.single)), .constant(.int(3)))
  }

  /// Puts values on record behind a mark.
  private static func shown(_ mark: CodePoints, _ values: Expression...) -> Expression {
    .call(.global(.builtin("$show")), [Argument(.constant(.string(mark)))] + values.map { Argument($0) })
  }

  /// It computes something of its parts, and is no mere display of them.
  var isOperation: Bool {
    switch self {
    case .unary, .not, .binary, .compare, .chain, .attribute, .item, .call: true
    default: false
    }
  }

  /// The same, printing its value.
  static func gauge(_ operation: Expression) -> Expression {
    let value = Expression.local("$value")
    return .item(
      .tuple([.single(.named(.local("$value"), operation)), .single(.shown(gaugeMark, value))]), .constant(.int(0)))
  }

  /// When it shows what this does, and not its neighbour.
  var turning: String? {
    switch self {
    case .compare(let operation, _, _):
      operation.boundary == nil ? nil : "\(operation.rawValue) never met with equal sides"
    case .call(.global(.builtin("sorted")), _): "sorted never met with items that differ"
    case .call(.attribute(_, let name), _): "\(name) never met with ends that differ"
    default: nil
    }
  }

  /// The same, having printed whether the order shows.
  var orderProbe: Expression? {
    guard !orderSlips.isEmpty, case .call(let callee, _) = self else { return nil }
    func shown(_ items: Expression) -> Expression {
      let one = Expression.constant(.int(1))
      let count = Expression.call(.global(.builtin("len")), [Argument(items)])
      let ends = Expression.compare(
        .notEqual, .item(items, .constant(.int(0))), .item(items, .constant(.int(-1))))
      let differs = Expression.conditional(
        test: .compare(.less, one, count),
        then: .conditional(test: ends, then: one, otherwise: .constant(.int(0))), otherwise: .constant(.int(0)))
      return .shown(boundaryMark, differs, one)
    }
    if case .attribute(let object, _) = callee {
      guard case .local = object else { return nil }
      return .item(.tuple([.single(shown(object)), .single(self)]), .constant(.int(1)))
    }
    let sorted = Expression.local("$left")
    return .item(
      .tuple([.single(.named(.local("$left"), self)), .single(shown(sorted))]), .constant(.int(0)))
  }
}
