import Logic

/// Rewrites every expression of a procedure, parts before wholes, and the names that are bound. Recurses with the
/// nesting of the source, so it runs on the threads of `Workers` only.
struct Rewriter {
  let rewrite: (Expression) -> Expression
  private let place: (Target) -> Target
  private let keepsLines: Bool

  init(
    keepsLines: Bool = true, place: @escaping (Target) -> Target = { $0 },
    rewrite: @escaping (Expression) -> Expression
  ) {
    (self.keepsLines, self.place, self.rewrite) = (keepsLines, place, rewrite)
  }

  func procedure(_ procedure: Procedure) -> Procedure {
    var result = procedure
    result.parameters = procedure.parameters.map { parameter in
      var parameter = parameter
      parameter.defaultValue = optional(parameter.defaultValue)
      return parameter
    }
    result.body = block(procedure.body)
    return result
  }

  private func block(_ statements: [Statement]) -> [Statement] {
    statements.map { Statement(kind($0.kind), line: keepsLines ? $0.line : 0) }
  }

  private func optional(_ value: Expression?) -> Expression? { value.map(expression) }

  private func kind(_ kind: Statement.Kind) -> Statement.Kind {
    switch kind {
    case .expression(let value): .expression(expression(value))
    case .assign(let targets, let value): .assign(targets.map(target), expression(value))
    case .augment(let place, let operation, let value): .augment(target(place), operation, expression(value))
    case .delete(let place): .delete(target(place))
    case .branch(let test, let then, let otherwise):
      .branch(expression(test), then: block(then), otherwise: block(otherwise))
    case .whileLoop(let test, let body, let otherwise):
      .whileLoop(expression(test), body: block(body), otherwise: block(otherwise))
    case .forLoop(let place, let items, let body, let otherwise, let isAsync):
      .forLoop(target(place), expression(items), body: block(body), otherwise: block(otherwise), isAsync: isAsync)
    case .breakLoop, .continueLoop: kind
    case .returnValue(let value): .returnValue(optional(value))
    case .raise(let value, let cause): .raise(optional(value), cause: optional(cause))
    case .assert(let test, let message): .assert(expression(test), message: optional(message))
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      .tryBlock(
        block(body), handlers: handlers.map(handler), otherwise: block(otherwise), finally: block(finally))
    case .with(let manager, let place, let body, let isAsync):
      .with(expression(manager), place.map(target), body: block(body), isAsync: isAsync)
    case .match(let subject, let cases): .match(expression(subject), cases.map(matchCase))
    case .defineClass(let place, let definition):
      .defineClass(
        target(place),
        ClassDefinition(
          name: definition.name, arguments: definition.arguments.map(argument), body: procedure(definition.body),
          decorators: definition.decorators.map(expression)))
    }
  }

  private func handler(_ handler: Handler) -> Handler {
    var result = handler
    result.type = optional(handler.type)
    result.name = handler.name.map(target)
    if !keepsLines { result.line = 0 }
    result.body = block(handler.body)
    return result
  }

  private func matchCase(_ item: MatchCase) -> MatchCase {
    MatchCase(pattern: pattern(item.pattern), guardTest: optional(item.guardTest), body: block(item.body))
  }

  private func pattern(_ pattern: Pattern) -> Pattern {
    switch pattern {
    case .wildcard: pattern
    case .value(let value): .value(expression(value))
    case .capture(let place): .capture(target(place))
    case .sequence(let parts): .sequence(parts.map(self.pattern))
    case .star(let place): .star(place.map(target))
    case .mapping(let items, let rest):
      .mapping(
        items.map { Pattern.MappingItem(key: expression($0.key), pattern: self.pattern($0.pattern)) },
        rest: rest.map(target))
    case .classType(let type, let parts, let keywords):
      .classType(
        expression(type), parts.map(self.pattern),
        keywords: keywords.map { Pattern.KeywordPattern(name: $0.name, pattern: self.pattern($0.pattern)) })
    case .either(let parts): .either(parts.map(self.pattern))
    case .alias(let inner, let place): .alias(self.pattern(inner), target(place))
    }
  }

  private func target(_ target: Target) -> Target {
    switch target {
    case .local, .captured, .global, .namespace: place(target)
    case .attribute(let object, let name): place(.attribute(expression(object), name))
    case .item(let object, let key): .item(expression(object), expression(key))
    case .unpack(let parts, let starred): .unpack(parts.map(self.target), starred: starred)
    }
  }

  private func argument(_ argument: Argument) -> Argument {
    Argument(expression(argument.value), kind: argument.kind)
  }

  private func element(_ element: Element) -> Element {
    switch element {
    case .single(let value): .single(expression(value))
    case .spread(let value): .spread(expression(value))
    }
  }

  private func part(_ part: FormatPart) -> FormatPart {
    switch part {
    case .literal: part
    case .value(let value, let conversion, let specification):
      .value(expression(value), conversion: conversion, specification: specification?.map(self.part))
    }
  }

  private func clause(_ clause: Comprehension.Clause) -> Comprehension.Clause {
    switch clause {
    case .each(let place, let items, let isAsync): .each(target(place), expression(items), isAsync: isAsync)
    case .filter(let test): .filter(expression(test))
    }
  }

  func expression(_ value: Expression) -> Expression {
    let inner: Expression =
      switch value {
      case .constant, .local, .captured, .global, .namespace, .importModule, .importName: value
      case .unary(let operation, let operand): .unary(operation, expression(operand))
      case .binary(let operation, let left, let right): .binary(operation, expression(left), expression(right))
      case .compare(let operation, let left, let right): .compare(operation, expression(left), expression(right))
      case .chain(let operands, let operations): .chain(operands.map(expression), operations)
      case .not(let operand): .not(expression(operand))
      case .and(let operands): .and(operands.map(expression))
      case .or(let operands): .or(operands.map(expression))
      case .conditional(let test, let then, let otherwise):
        .conditional(test: expression(test), then: expression(then), otherwise: expression(otherwise))
      case .attribute(let object, let name): .attribute(expression(object), name)
      case .item(let object, let key): .item(expression(object), expression(key))
      case .slice(let low, let high, let step): .slice(optional(low), optional(high), optional(step))
      case .call(let callee, let arguments): .call(expression(callee), arguments.map(argument))
      case .list(let elements): .list(elements.map(element))
      case .tuple(let elements): .tuple(elements.map(element))
      case .set(let elements): .set(elements.map(element))
      case .dictionary(let items):
        .dictionary(
          items.map { item in
            switch item {
            case .pair(let key, let value): .pair(expression(key), expression(value))
            case .spread(let value): .spread(expression(value))
            }
          })
      case .format(let parts): .format(parts.map(part))
      case .comprehension(let comprehension):
        .comprehension(
          Comprehension(
            kind: comprehension.kind, key: optional(comprehension.key), element: expression(comprehension.element),
            clauses: comprehension.clauses.map(clause)))
      case .closure(let procedure): .closure(self.procedure(procedure))
      case .definition(let definition):
        .definition(
          Definition(
            kind: definition.kind, name: definition.name, arguments: definition.arguments.map(argument)))
      case .named(let place, let value): .named(target(place), expression(value))
      case .yield(let value): .yield(optional(value))
      case .yieldFrom(let value): .yieldFrom(expression(value))
      case .await(let value): .await(expression(value))
      }
    return rewrite(inner)
  }
}
