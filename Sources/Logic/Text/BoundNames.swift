/// The names that a procedure itself binds: its parameters and every store in its body, not in nested procedures.
struct BoundNames {
  private(set) var names: Set<String> = []

  static func of(_ procedure: Procedure) -> Set<String> {
    var collector = BoundNames()
    for parameter in procedure.parameters { collector.names.insert(parameter.name) }
    collector.visit(procedure.body)
    return collector.names
  }

  private mutating func visit(_ statements: [Statement]) {
    for statement in statements { visit(statement.kind) }
  }

  private mutating func visit(_ kind: Statement.Kind) {
    switch kind {
    case .expression(let value): visit(value)
    case .assign(let targets, let value):
      for target in targets { visit(target) }
      visit(value)
    case .augment(let target, _, let value):
      visit(target)
      visit(value)
    case .delete(let target): visit(target)
    case .branch(let test, let then, let otherwise), .whileLoop(let test, let then, let otherwise):
      visit(test)
      visit(then)
      visit(otherwise)
    case .forLoop(let target, let iterable, let body, let otherwise, _):
      visit(target)
      visit(iterable)
      visit(body)
      visit(otherwise)
    case .breakLoop, .continueLoop: break
    case .returnValue(let value): visit(value)
    case .raise(let value, let cause):
      visit(value)
      visit(cause)
    case .assert(let test, let message):
      visit(test)
      visit(message)
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      visit(body)
      for handler in handlers {
        visit(handler.type)
        if let name = handler.name { visit(name) }
        visit(handler.body)
      }
      visit(otherwise)
      visit(finally)
    case .with(let manager, let target, let body, _):
      visit(manager)
      if let target { visit(target) }
      visit(body)
    case .match(let subject, let cases):
      visit(subject)
      for item in cases {
        visit(item.pattern)
        visit(item.guardTest)
        visit(item.body)
      }
    case .defineClass(let target, let definition):
      visit(target)
      visit(definition.arguments)
      for decorator in definition.decorators { visit(decorator) }
      for parameter in definition.body.parameters { visit(parameter.defaultValue) }
    }
  }

  private mutating func visit(_ target: Target) {
    switch target {
    case .local(let name): names.insert(name)
    case .captured, .global, .namespace: break
    case .attribute(let base, _): visit(base)
    case .item(let base, let index):
      visit(base)
      visit(index)
    case .unpack(let targets, _): for target in targets { visit(target) }
    }
  }

  private mutating func visit(_ pattern: Pattern) {
    switch pattern {
    case .wildcard: break
    case .value(let value): visit(value)
    case .capture(let target): visit(target)
    case .sequence(let patterns), .either(let patterns): for pattern in patterns { visit(pattern) }
    case .star(let target): if let target { visit(target) }
    case .mapping(let items, let rest):
      for item in items {
        visit(item.key)
        visit(item.pattern)
      }
      if let rest { visit(rest) }
    case .classType(let type, let patterns, let keywords):
      visit(type)
      for pattern in patterns { visit(pattern) }
      for keyword in keywords { visit(keyword.pattern) }
    case .alias(let pattern, let target):
      visit(pattern)
      visit(target)
    }
  }

  private mutating func visit(_ arguments: [Argument]) { for argument in arguments { visit(argument.value) } }

  private mutating func visit(_ elements: [Element]) {
    for element in elements {
      switch element {
      case .single(let value), .spread(let value): visit(value)
      }
    }
  }

  private mutating func visit(_ expression: Expression?) {
    if let expression { visit(expression) }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression {
    case .constant, .local, .captured, .global, .namespace, .importModule, .importName: break
    case .unary(_, let operand), .not(let operand), .attribute(let operand, _), .yieldFrom(let operand),
      .await(let operand):
      visit(operand)
    case .yield(let operand): visit(operand)
    case .binary(_, let left, let right), .compare(_, let left, let right), .item(let left, let right):
      visit(left)
      visit(right)
    case .chain(let operands, _), .and(let operands), .or(let operands):
      for operand in operands { visit(operand) }
    case .conditional(let test, let then, let otherwise):
      visit(test)
      visit(then)
      visit(otherwise)
    case .slice(let low, let high, let step):
      visit(low)
      visit(high)
      visit(step)
    case .call(let callee, let arguments):
      visit(callee)
      visit(arguments)
    case .list(let elements), .tuple(let elements), .set(let elements): visit(elements)
    case .dictionary(let items):
      for item in items {
        switch item {
        case .pair(let key, let value):
          visit(key)
          visit(value)
        case .spread(let value): visit(value)
        }
      }
    case .format(let parts): visit(parts)
    case .comprehension(let comprehension):
      visit(comprehension.key)
      visit(comprehension.element)
      for clause in comprehension.clauses {
        switch clause {
        case .each(let target, let iterable, _):
          visit(target)
          visit(iterable)
        case .filter(let test): visit(test)
        }
      }
    case .closure(let procedure): for parameter in procedure.parameters { visit(parameter.defaultValue) }
    case .definition(let definition): visit(definition.arguments)
    case .named(let target, let value):
      visit(target)
      visit(value)
    }
  }

  private mutating func visit(_ parts: [FormatPart]) {
    for case .value(let value, _, let specification) in parts {
      visit(value)
      if let specification { visit(specification) }
    }
  }
}
