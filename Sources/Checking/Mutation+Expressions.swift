import BigInt
import Logic

// Mutants of expressions: one slip in one of them.
extension MutantMaker {
  func mutants(of expression: Expression, line: Int, depth: Int) -> [Change<Expression>] {
    guard depth < depthLimit else { return [] }
    var result: [Change<Expression>] = []
    func add(_ text: String, _ node: Expression) {
      var change = Change(node: node, text: text, line: line)
      if expression.isOperation { change.gauges = ({ .gauge(expression) }, { .gauge(node) }) }
      result.append(change)
    }
    func addEssential(_ text: String, _ node: Expression) {
      add(text, node)
      result[result.count - 1].isEssential = true
    }
    func addBoundary(_ text: String, at distance: Int, _ node: Expression) {
      add(text, node)
      guard let condition = expression.turning else { return }
      result[result.count - 1].boundary = (BoundaryKey(line: line, expression: expression, text: condition), distance)
    }
    func parts(_ part: Expression?, _ rebuild: @escaping (Expression) -> Expression) {
      guard let part else { return }
      result += mutants(of: part, line: line, depth: depth + 1).map { change in
        var outer = change.map(rebuild)
        // What a constant is matters by what is done with it.
        if change.gauges == nil, expression.isOperation {
          outer.gauges = ({ .gauge(expression) }, { .gauge(rebuild(change.make())) })
        }
        return outer
      }
    }
    func all(_ items: [Expression], _ rebuild: @escaping ([Expression]) -> Expression) {
      for index in items.indices {
        parts(items[index]) { changed in
          var copy = items
          copy[index] = changed
          return rebuild(copy)
        }
      }
    }

    switch expression {
    case .constant(let constant):
      for other in constant.mutants { add("\(constant.text) became \(other.text)", .constant(other)) }
    case .local, .captured, .global, .namespace, .importModule, .importName, .definition: break
    case .unary(let operation, let operand):
      if operation != .plus { add("\(operation.rawValue) dropped", operand) }
      if case .constant = operand { break }
      parts(operand) { .unary(operation, $0) }
    case .not(let operand):
      add("not dropped", operand)
      parts(operand) { .not($0) }
    case .binary(let operation, let left, let right):
      for other in operation.mutants {
        add("\(operation.rawValue) became \(other.rawValue)", .binary(other, left, right))
      }
      // What is added up is lost.
      if operation == .add, !left.isConstant, !right.isConstant {
        add("left summand dropped", right)
        add("right summand dropped", left)
      }
      parts(left) { .binary(operation, $0, right) }
      parts(right) { .binary(operation, left, $0) }
    case .compare(let operation, let left, let right):
      for other in operation.mutants {
        let text = "\(operation.rawValue) became \(other.rawValue)"
        if other == operation.boundary {
          addBoundary(text, at: 0, .compare(other, left, right))
          result[result.count - 1].isEssential = true
        } else {
          add(text, .compare(other, left, right))
        }
      }
      if operation == .identical || operation == .notIdentical, right == .constant(.none),
        !left.isLocal(among: neverEmpty)
      {
        // What is empty is not missing.
        addEssential(
          "\(operation.rawValue) None became truth", operation == .identical ? .not(left) : .not(.not(left)))
      }
      if operation.boundary != nil {
        if isProbing { addBoundary(probeText, at: 0, .probe(expression, operation, left, right)) }
        for (part, sign) in [(left, -1), (right, 1)] {
          guard case .constant(.int(let value)) = part else { continue }
          for step in [1, -1] {
            let moved = Expression.constant(.int(value + BigInt(step)))
            addBoundary(
              "\(value) became \(value + BigInt(step))", at: operation.turn(after: step * sign),
              sign < 0 ? .compare(operation, moved, right) : .compare(operation, left, moved))
          }
        }
      }
      let isCounted = operation.boundary != nil
      if !isCounted || !left.isWholeConstant { parts(left) { .compare(operation, $0, right) } }
      if !isCounted || !right.isWholeConstant { parts(right) { .compare(operation, left, $0) } }
    case .chain(let operands, let operations):
      for (index, operation) in operations.enumerated() {
        for other in operation.mutants {
          var copy = operations
          copy[index] = other
          add("\(operation.rawValue) became \(other.rawValue)", .chain(operands, copy))
        }
      }
      all(operands) { .chain($0, operations) }
    case .and(let operands):
      add("and became or", .or(operands))
      for fewer in operands.withoutOne { add(operandDropped, fewer.count == 1 ? fewer[0] : .and(fewer)) }
      all(operands) { .and($0) }
    case .or(let operands):
      add("or became and", .and(operands))
      for fewer in operands.withoutOne { add(operandDropped, fewer.count == 1 ? fewer[0] : .or(fewer)) }
      all(operands) { .or($0) }
    case .conditional(let test, let then, let otherwise):
      add("condition negated", .conditional(test: .not(test), then: then, otherwise: otherwise))
      if let other = test.presence {
        add("truth became is not None", .conditional(test: other, then: then, otherwise: otherwise))
      }
      parts(test) { .conditional(test: $0, then: then, otherwise: otherwise) }
      parts(then) { .conditional(test: test, then: $0, otherwise: otherwise) }
      parts(otherwise) { .conditional(test: test, then: then, otherwise: $0) }
    case .attribute(let object, let name):
      add(".\(name) became .\(name)_", .attribute(object, name + "_"))
      parts(object) { .attribute($0, name) }
    case .item(let object, let index):
      parts(object) { .item($0, index) }
      parts(index) { .item(object, $0) }
    case .slice(let lower, let upper, let step):
      parts(lower) { .slice($0, upper, step) }
      parts(upper) { .slice(lower, $0, step) }
      parts(step) { .slice(lower, upper, $0) }
    case .call(let callee, let arguments):
      addCall(callee, arguments, add: add)
      for slip in expression.slips {
        if slip.isEssential { addEssential(slip.text, slip.expression) } else { add(slip.text, slip.expression) }
      }
      for slip in expression.orderSlips {
        addBoundary(slip.text, at: 0, slip.expression)
        result[result.count - 1].isEssential = true
        result[result.count - 1].isOfOrder = true
      }
      if isProbing, let probe = expression.orderProbe { addBoundary(probeText, at: 0, probe) }
      parts(callee) { .call($0, arguments) }
      all(arguments.map(\.value)) { values in
        .call(callee, zip(arguments, values).map { Argument($1, kind: $0.kind) })
      }
    case .list(let elements):
      if let turned = elements.withTwoExchanged { add("elements exchanged", .list(turned)) }
      all(elements.map(\.value)) { .list(zip(elements, $0).map { $0.with($1) }) }
    case .tuple(let elements):
      if let turned = elements.withTwoExchanged { add("elements exchanged", .tuple(turned)) }
      all(elements.map(\.value)) { .tuple(zip(elements, $0).map { $0.with($1) }) }
    case .set(let elements): all(elements.map(\.value)) { .set(zip(elements, $0).map { $0.with($1) }) }
    case .dictionary(let items):
      // Some of the entries of a long table stand for all.
      for index in stride(from: 0, to: items.count, by: max(1, items.count / 8)) where items.count > 1 {
        guard case .pair(.constant(let key), _) = items[index] else { continue }
        var fewer = items
        fewer.remove(at: index)
        add("entry \(key.text) dropped", .dictionary(fewer))
      }
      for (index, item) in items.enumerated() {
        func replacing(_ item: DictionaryItem) -> Expression {
          var copy = items
          copy[index] = item
          return .dictionary(copy)
        }
        switch item {
        case .pair(let key, let value):
          parts(key) { replacing(.pair($0, value)) }
          parts(value) { replacing(.pair(key, $0)) }
        case .spread(let value): parts(value) { replacing(.spread($0)) }
        }
      }
    case .format(let pieces):
      for (index, piece) in pieces.enumerated() {
        var copy = pieces
        switch piece {
        case .literal(let text):
          guard !text.values.isEmpty else { continue }
          copy.remove(at: index)
          add("text dropped", .format(copy))
        case .value(let value, let conversion, let specification):
          parts(value) { changed in
            copy[index] = .value(changed, conversion: conversion, specification: specification)
            return .format(copy)
          }
        }
      }
    case .comprehension(let comprehension): addComprehension(comprehension, add: add, parts: parts)
    case .closure(let procedure):
      // Its statements have lines of their own, which the caller's restriction covers.
      result += mutants(ofBody: procedure.body, depth: depth + 1).map { change in
        change.map { body in
          var copy = procedure
          copy.body = body
          return .closure(copy)
        }
      }
    case .named(let target, let value): parts(value) { .named(target, $0) }
    case .yield(let value): parts(value) { .yield($0) }
    case .yieldFrom(let value): parts(value) { .yieldFrom($0) }
    case .await(let value): parts(value) { .await($0) }
    }
    return result
  }

  private static let commutative: Set<String> = ["math.gcd", "math.lcm", "math.hypot"]

  private func addCall(_ callee: Expression, _ arguments: [Argument], add: (String, Expression) -> Void) {
    if case .global(.module(let name)) = callee {
      add("\(name) became \(name)_", .call(.global(.module(name + "_")), arguments))
    }
    // What these give hardly ever tells the order of what they are given.
    if case .global(.builtin(let name)) = callee, ["min", "max", "zip"].contains(name) { return }
    if case .global(.imported(let name)) = callee, Self.commutative.contains(name) { return }
    let positional = arguments.indices.filter { arguments[$0].kind == .positional }
    if positional.count >= 2, arguments[positional[0]] != arguments[positional[1]] {
      var copy = arguments
      copy.swapAt(positional[0], positional[1])
      add("arguments swapped", .call(callee, copy))
    }
    if case .keyword(let name)? = arguments.last?.kind {
      add("argument \(name) dropped", .call(callee, Array(arguments.dropLast())))
    }
  }

  private func addComprehension(
    _ comprehension: Comprehension, add: (String, Expression) -> Void,
    parts: (Expression?, @escaping (Expression) -> Expression) -> Void
  ) {
    func replacing(_ change: (inout Comprehension) -> Void) -> Expression {
      var copy = comprehension
      change(&copy)
      return .comprehension(copy)
    }
    parts(comprehension.key) { key in replacing { $0.key = key } }
    parts(comprehension.element) { element in replacing { $0.element = element } }
    for (index, clause) in comprehension.clauses.enumerated() {
      switch clause {
      case .each(let target, let iterable, let isAsync):
        parts(iterable) { changed in
          replacing { $0.clauses[index] = .each(target, changed, isAsync: isAsync) }
        }
      case .filter(let test):
        add("filter negated", replacing { $0.clauses[index] = .filter(.not(test)) })
        add("filter dropped", replacing { $0.clauses.remove(at: index) })
        parts(test) { changed in replacing { $0.clauses[index] = .filter(changed) } }
      }
    }
  }
}

extension [Expression] {
  /// The others, for each of them.
  fileprivate var withoutOne: [[Expression]] {
    indices.map { index in
      var fewer = self
      fewer.remove(at: index)
      return fewer
    }
  }
}

extension [Element] {
  /// With the first two that are neither constants nor one, one in the place of the other.
  fileprivate var withTwoExchanged: [Element]? {
    let open = indices.filter { !self[$0].value.isConstant }
    guard open.count > 1, self[open[0]] != self[open[1]] else { return nil }
    var result = self
    result.swapAt(open[0], open[1])
    return result
  }
}

extension Expression {
  fileprivate var isConstant: Bool { if case .constant = self { true } else { false } }
}
