// The structural part of renaming: every name of a local goes through `local` or `captured`, in the order of the text.
extension LocalNames.Renamer {
  mutating func map(_ statements: [Statement]) -> [Statement] {
    statements.map { Statement(map($0.kind), line: $0.line) }
  }

  private mutating func map(_ kind: Statement.Kind) -> Statement.Kind {
    switch kind {
    case .expression(let value): return .expression(map(value))
    case .assign(let targets, let value):
      let targets = targets.map { map($0) }
      return .assign(targets, map(value))
    case .augment(let target, let op, let value):
      let target = map(target)
      return .augment(target, op, map(value))
    case .delete(let target): return .delete(map(target))
    case .branch(let test, let then, let otherwise):
      let test = map(test)
      let then = map(then)
      return .branch(test, then: then, otherwise: map(otherwise))
    case .whileLoop(let test, let body, let otherwise):
      let test = map(test)
      let body = map(body)
      return .whileLoop(test, body: body, otherwise: map(otherwise))
    case .forLoop(let target, let iterable, let body, let otherwise, let isAsync):
      let target = map(target)
      let iterable = map(iterable)
      let body = map(body)
      return .forLoop(target, iterable, body: body, otherwise: map(otherwise), isAsync: isAsync)
    case .breakLoop, .continueLoop: return kind
    case .returnValue(let value): return .returnValue(map(value))
    case .raise(let value, let cause):
      let value = map(value)
      return .raise(value, cause: map(cause))
    case .assert(let test, let message):
      let test = map(test)
      return .assert(test, message: map(message))
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      let body = map(body)
      let mapped = handlers.map { handler in
        var handler = handler
        handler.type = map(handler.type)
        handler.name = handler.name.map { map($0) }
        handler.body = map(handler.body)
        return handler
      }
      let otherwise = map(otherwise)
      return .tryBlock(body, handlers: mapped, otherwise: otherwise, finally: map(finally))
    case .with(let manager, let target, let body, let isAsync):
      let manager = map(manager)
      let target = target.map { map($0) }
      return .with(manager, target, body: map(body), isAsync: isAsync)
    case .match(let subject, let cases):
      let subject = map(subject)
      return .match(
        subject,
        cases.map { item in
          let pattern = map(item.pattern)
          let test = map(item.guardTest)
          return MatchCase(pattern: pattern, guardTest: test, body: map(item.body))
        })
    case .defineClass(let target, let definition):
      var definition = definition
      let target = map(target)
      definition.arguments = map(definition.arguments)
      definition.decorators = definition.decorators.map { map($0) }
      definition.body = map(definition.body)
      return .defineClass(target, definition)
    }
  }

  private mutating func map(_ target: Target) -> Target {
    switch target {
    case .local(let name): return .local(local(name))
    case .captured(let name): return .captured(captured(name))
    case .global, .namespace: return target
    case .attribute(let base, let name): return .attribute(map(base), name)
    case .item(let base, let index):
      let base = map(base)
      return .item(base, map(index))
    case .unpack(let targets, let starred): return .unpack(targets.map { map($0) }, starred: starred)
    }
  }

  private mutating func map(_ pattern: Pattern) -> Pattern {
    switch pattern {
    case .wildcard: return pattern
    case .value(let value): return .value(map(value))
    case .capture(let target): return .capture(map(target))
    case .sequence(let patterns): return .sequence(patterns.map { map($0) })
    case .star(let target): return .star(target.map { map($0) })
    case .mapping(let items, let rest):
      let items = items.map { item in
        let key = map(item.key)
        return Pattern.MappingItem(key: key, pattern: map(item.pattern))
      }
      return .mapping(items, rest: rest.map { map($0) })
    case .classType(let type, let patterns, let keywords):
      let type = map(type)
      let patterns = patterns.map { map($0) }
      return .classType(
        type, patterns, keywords: keywords.map { Pattern.KeywordPattern(name: $0.name, pattern: map($0.pattern)) })
    case .either(let patterns): return .either(patterns.map { map($0) })
    case .alias(let inner, let target):
      let inner = map(inner)
      return .alias(inner, map(target))
    }
  }

  private mutating func map(_ arguments: [Argument]) -> [Argument] {
    arguments.map { Argument(map($0.value), kind: $0.kind) }
  }

  private mutating func map(_ elements: [Element]) -> [Element] {
    elements.map { element in
      switch element {
      case .single(let value): .single(map(value))
      case .spread(let value): .spread(map(value))
      }
    }
  }

  private mutating func map(_ expression: Expression?) -> Expression? {
    guard let expression else { return nil }
    return map(expression) as Expression
  }

  mutating func map(_ expression: Expression) -> Expression {
    switch expression {
    case .constant, .namespace, .importModule, .importName: return expression
    case .local(let name): return .local(local(name))
    case .captured(let name): return .captured(captured(name))
    case .global(let reference):
      noteReference(reference)
      return expression
    case .unary(let op, let operand): return .unary(op, map(operand))
    case .binary(let op, let left, let right):
      let left: Expression = map(left)
      return .binary(op, left, map(right))
    case .compare(let op, let left, let right):
      let left: Expression = map(left)
      return .compare(op, left, map(right))
    case .chain(let operands, let operators): return .chain(operands.map { map($0) }, operators)
    case .not(let operand): return .not(map(operand))
    case .and(let operands): return .and(operands.map { map($0) })
    case .or(let operands): return .or(operands.map { map($0) })
    case .conditional(let test, let then, let otherwise):
      let test: Expression = map(test)
      let then: Expression = map(then)
      return .conditional(test: test, then: then, otherwise: map(otherwise))
    case .attribute(let base, let name): return .attribute(map(base), name)
    case .item(let base, let index):
      let base: Expression = map(base)
      return .item(base, map(index))
    case .slice(let low, let high, let step):
      let low: Expression? = map(low)
      let high: Expression? = map(high)
      return .slice(low, high, map(step))
    case .call(let callee, let arguments):
      let callee: Expression = map(callee)
      return .call(callee, map(arguments))
    case .list(let elements): return .list(map(elements))
    case .tuple(let elements): return .tuple(map(elements))
    case .set(let elements): return .set(map(elements))
    case .dictionary(let items):
      return .dictionary(
        items.map { item in
          switch item {
          case .pair(let key, let value):
            let key: Expression = map(key)
            return .pair(key, map(value))
          case .spread(let value): return .spread(map(value))
          }
        })
    case .format(let parts): return .format(map(parts))
    case .comprehension(let comprehension): return .comprehension(map(comprehension))
    case .closure(let procedure): return .closure(map(procedure))
    case .definition(var definition):
      definition.arguments = map(definition.arguments)
      return .definition(definition)
    case .named(let target, let value):
      let target = map(target)
      return .named(target, map(value))
    case .yield(let value): return .yield(map(value))
    case .yieldFrom(let value): return .yieldFrom(map(value))
    case .await(let value): return .await(map(value))
    }
  }

  private mutating func map(_ comprehension: Comprehension) -> Comprehension {
    var result = comprehension
    result.key = map(comprehension.key)
    result.element = map(comprehension.element)
    result.clauses = comprehension.clauses.map { clause in
      switch clause {
      case .each(let target, let iterable, let isAsync):
        let target = map(target)
        return .each(target, map(iterable), isAsync: isAsync)
      case .filter(let test): return .filter(map(test))
      }
    }
    return result
  }

  private mutating func map(_ parts: [FormatPart]) -> [FormatPart] {
    parts.map { part in
      guard case .value(let value, let conversion, let specification) = part else { return part }
      let mapped: Expression = map(value)
      return .value(mapped, conversion: conversion, specification: specification.map { map($0) })
    }
  }
}
