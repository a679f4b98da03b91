/// Visits every expression, target and statement of a piece of code, in source order, the bodies of closures left out
/// (`closure` is called with each instead).
package struct Walk {
  package var expression: (Expression) -> Void = { _ in }
  package var target: (Target) -> Void = { _ in }
  package var statement: (Statement) -> Void = { _ in }
  package var closure: (Procedure) -> Void = { _ in }

  package init() {}

  package func callAsFunction(_ statements: [Statement]) {
    for statement in statements { visit(statement) }
  }

  package func visit(_ item: Statement) {
    statement(item)
    switch item.kind {
    case .expression(let value): visit(value)
    case .assign(let targets, let value):
      visit(value)
      for target in targets { visit(target) }
    case .augment(let target, _, let value):
      visit(target)
      visit(value)
    case .delete(let target): visit(target)
    case .branch(let test, let then, let otherwise):
      visit(test)
      self(then)
      self(otherwise)
    case .whileLoop(let test, let body, let otherwise):
      visit(test)
      self(body)
      self(otherwise)
    case .forLoop(let target, let source, let body, let otherwise, _):
      visit(source)
      visit(target)
      self(body)
      self(otherwise)
    case .breakLoop, .continueLoop: break
    case .returnValue(let value): if let value { visit(value) }
    case .raise(let value, let cause):
      if let value { visit(value) }
      if let cause { visit(cause) }
    case .assert(let test, let message):
      visit(test)
      if let message { visit(message) }
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      self(body)
      for handler in handlers {
        if let type = handler.type { visit(type) }
        if let name = handler.name { visit(name) }
        self(handler.body)
      }
      self(otherwise)
      self(finally)
    case .with(let context, let target, let body, _):
      visit(context)
      if let target { visit(target) }
      self(body)
    case .match(let subject, let cases):
      visit(subject)
      for item in cases {
        visit(item.pattern)
        if let test = item.guardTest { visit(test) }
        self(item.body)
      }
    case .defineClass(let target, let definition):
      for argument in definition.arguments { visit(argument.value) }
      for decorator in definition.decorators { visit(decorator) }
      closure(definition.body)
      visit(target)
    }
  }

  package func visit(_ item: Target) {
    target(item)
    switch item {
    case .local, .captured, .global, .namespace: break
    case .attribute(let object, _): visit(object)
    case .item(let object, let index):
      visit(object)
      visit(index)
    case .unpack(let targets, _): for target in targets { visit(target) }
    }
  }

  package func visit(_ pattern: Pattern) {
    switch pattern {
    case .wildcard: break
    case .value(let value): visit(value)
    case .capture(let target): visit(target)
    case .sequence(let items), .either(let items): for item in items { visit(item) }
    case .star(let target): if let target { visit(target) }
    case .mapping(let items, let rest):
      for item in items {
        visit(item.key)
        visit(item.pattern)
      }
      if let rest { visit(rest) }
    case .classType(let type, let items, let keywords):
      visit(type)
      for item in items { visit(item) }
      for keyword in keywords { visit(keyword.pattern) }
    case .alias(let inner, let target):
      visit(inner)
      visit(target)
    }
  }

  package func visit(_ item: Expression) {
    expression(item)
    switch item {
    case .constant, .local, .captured, .global, .namespace, .importModule, .importName: break
    case .unary(_, let a), .not(let a), .attribute(let a, _), .yieldFrom(let a), .await(let a): visit(a)
    case .binary(_, let a, let b), .compare(_, let a, let b), .item(let a, let b):
      visit(a)
      visit(b)
    case .chain(let operands, _), .and(let operands), .or(let operands): for operand in operands { visit(operand) }
    case .conditional(let test, let then, let otherwise):
      visit(test)
      visit(then)
      visit(otherwise)
    case .slice(let a, let b, let c): for part in [a, b, c] { if let part { visit(part) } }
    case .call(let callee, let arguments):
      visit(callee)
      for argument in arguments { visit(argument.value) }
    case .list(let elements), .tuple(let elements), .set(let elements):
      for element in elements {
        switch element {
        case .single(let value), .spread(let value): visit(value)
        }
      }
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
      for clause in comprehension.clauses {
        switch clause {
        case .each(let target, let source, _):
          visit(source)
          visit(target)
        case .filter(let test): visit(test)
        }
      }
      if let key = comprehension.key { visit(key) }
      visit(comprehension.element)
    case .closure(let procedure):
      for parameter in procedure.parameters { if let value = parameter.defaultValue { visit(value) } }
      closure(procedure)
    case .definition(let definition): for argument in definition.arguments { visit(argument.value) }
    case .named(let target, let value):
      visit(value)
      visit(target)
    case .yield(let value): if let value { visit(value) }
    }
  }

  private func visit(_ parts: [FormatPart]) {
    for part in parts {
      guard case .value(let value, _, let specification) = part else { continue }
      visit(value)
      if let specification { visit(specification) }
    }
  }
}
