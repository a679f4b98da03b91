import Logic

/// A node of a procedure's body, whatever its sort.
package enum Node {
  case statement(Statement)
  case expression(Expression)
  case target(Target)
  case pattern(Pattern)
}

extension Procedure {
  /// Calls `body` on every node, parents before children, nested procedures included. The stack is explicit, so depth
  /// of the source cannot exhaust the thread's own.
  package func forEachNode(_ body: (Node) -> Void) {
    var stack: [Node] = []
    for parameter in parameters.reversed() {
      if let value = parameter.defaultValue { stack.append(.expression(value)) }
    }
    var pending = self.body.map { Node.statement($0) }
    pending.append(contentsOf: stack)
    stack = pending.reversed()
    while let node = stack.popLast() {
      body(node)
      stack.append(contentsOf: node.children.reversed())
    }
  }
}

extension Node {
  /// Direct parts, in the order in which they stand.
  var children: [Node] {
    switch self {
    case .statement(let statement): statement.kind.children
    case .expression(let expression): expression.children
    case .target(let target): target.children
    case .pattern(let pattern): pattern.children
    }
  }
}

private func nodes(_ expressions: Expression?...) -> [Node] {
  expressions.compactMap { $0.map(Node.expression) }
}

private func nodes(_ statements: [Statement]) -> [Node] { statements.map(Node.statement) }

extension Statement.Kind {
  var children: [Node] {
    switch self {
    case .expression(let value): return nodes(value)
    case .assign(let targets, let value): return nodes(value) + targets.map(Node.target)
    case .augment(let target, _, let value): return [.target(target), .expression(value)]
    case .delete(let target): return [.target(target)]
    case .branch(let test, let then, let otherwise): return nodes(test) + nodes(then) + nodes(otherwise)
    case .whileLoop(let test, let body, let otherwise): return nodes(test) + nodes(body) + nodes(otherwise)
    case .forLoop(let target, let iterable, let body, let otherwise, _):
      return [.expression(iterable), .target(target)] + nodes(body) + nodes(otherwise)
    case .breakLoop, .continueLoop: return []
    case .returnValue(let value): return nodes(value)
    case .raise(let value, let cause): return nodes(value, cause)
    case .assert(let test, let message): return nodes(test, message)
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      var result = nodes(body)
      for handler in handlers {
        result += nodes(handler.type)
        if let name = handler.name { result.append(.target(name)) }
        result += nodes(handler.body)
      }
      return result + nodes(otherwise) + nodes(finally)
    case .with(let context, let target, let body, _):
      return nodes(context) + (target.map { [Node.target($0)] } ?? []) + nodes(body)
    case .match(let subject, let cases):
      var result = nodes(subject)
      for one in cases {
        result.append(.pattern(one.pattern))
        result += nodes(one.guardTest) + nodes(one.body)
      }
      return result
    case .defineClass(let target, let definition):
      return definition.decorators.map(Node.expression) + definition.arguments.map { .expression($0.value) }
        + nodes(definition.body.body) + [.target(target)]
    }
  }
}

extension Target {
  var children: [Node] {
    switch self {
    case .local, .captured, .global, .namespace: []
    case .attribute(let object, _): nodes(object)
    case .item(let object, let index): nodes(object, index)
    case .unpack(let targets, _): targets.map(Node.target)
    }
  }
}

extension Pattern {
  var children: [Node] {
    switch self {
    case .wildcard: return []
    case .value(let value): return nodes(value)
    case .capture(let target): return [.target(target)]
    case .sequence(let parts), .either(let parts): return parts.map(Node.pattern)
    case .star(let target): return target.map { [.target($0)] } ?? []
    case .mapping(let items, let rest):
      return items.flatMap { [Node.expression($0.key), .pattern($0.pattern)] } + (rest.map { [.target($0)] } ?? [])
    case .classType(let type, let parts, let keywords):
      return nodes(type) + parts.map(Node.pattern) + keywords.map { .pattern($0.pattern) }
    case .alias(let pattern, let target): return [.pattern(pattern), .target(target)]
    }
  }
}

extension Expression {
  var children: [Node] {
    switch self {
    case .constant, .local, .captured, .global, .namespace, .importModule, .importName: return []
    case .unary(_, let operand), .not(let operand), .await(let operand), .yieldFrom(let operand):
      return nodes(operand)
    case .binary(_, let left, let right), .compare(_, let left, let right), .item(let left, let right):
      return nodes(left, right)
    case .chain(let operands, _), .and(let operands), .or(let operands): return operands.map(Node.expression)
    case .conditional(let test, let then, let otherwise): return nodes(test, then, otherwise)
    case .attribute(let object, _): return nodes(object)
    case .slice(let lower, let upper, let step): return nodes(lower, upper, step)
    case .call(let callee, let arguments): return nodes(callee) + arguments.map { .expression($0.value) }
    case .list(let elements), .tuple(let elements), .set(let elements):
      return elements.map { .expression($0.value) }
    case .dictionary(let items):
      return items.flatMap { item in
        switch item {
        case .pair(let key, let value): nodes(key, value)
        case .spread(let value): nodes(value)
        }
      }
    case .format(let parts): return parts.flatMap(\.children)
    case .comprehension(let comprehension):
      var result: [Node] = []
      for clause in comprehension.clauses {
        switch clause {
        case .each(let target, let iterable, _): result += [.expression(iterable), .target(target)]
        case .filter(let test): result.append(.expression(test))
        }
      }
      return result + nodes(comprehension.key, comprehension.element)
    case .closure(let procedure):
      return procedure.parameters.compactMap { $0.defaultValue.map(Node.expression) } + nodes(procedure.body)
    case .definition(let definition): return definition.arguments.map { .expression($0.value) }
    case .named(let target, let value): return [.expression(value), .target(target)]
    case .yield(let value): return nodes(value)
    }
  }
}

extension FormatPart {
  fileprivate var children: [Node] {
    switch self {
    case .literal: []
    case .value(let value, _, let specification): nodes(value) + (specification ?? []).flatMap(\.children)
    }
  }
}

extension Element {
  var value: Expression {
    switch self {
    case .single(let value), .spread(let value): value
    }
  }
  func with(_ value: Expression) -> Element {
    switch self {
    case .single: .single(value)
    case .spread: .spread(value)
    }
  }
}
