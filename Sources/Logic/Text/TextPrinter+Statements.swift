// Statements, targets and patterns.
extension TextPrinter {
  mutating func block(_ statements: [Statement]) {
    indentation += 1
    for statement in statements {
      line()
      write(statement)
    }
    indentation -= 1
  }

  private mutating func section(_ word: String, _ statements: [Statement]) {
    line()
    out += word
    block(statements)
  }

  private mutating func end() {
    line()
    out += "end"
  }

  mutating func write(_ statement: Statement) {
    switch statement.kind {
    case .expression(let value):
      switch value {
      case .yield, .yieldFrom, .await: break
      case .attribute, .item, .call: if !startsBare(value) { out += "do " }
      default: out += "do "
      }
      write(value)
    case .assign(let targets, let value):
      if let first = targets.first, !startsBare(first) { out += "do " }
      for (index, target) in targets.enumerated() {
        write(target, isFlat: index == 0)
        out += " = "
      }
      write(value)
    case .augment(let target, let op, let value):
      if !startsBare(target) { out += "do " }
      write(target, isFlat: true)
      out += " \(op.rawValue)= "
      write(value)
    case .delete(let target):
      out += "del "
      write(target)
    case .branch(let test, let then, let otherwise): branch(test, then, otherwise)
    case .whileLoop(let test, let body, let otherwise):
      out += "while "
      write(test)
      loop(body, otherwise)
    case .forLoop(let target, let iterable, let body, let otherwise, let isAsync):
      out += isAsync ? "async for " : "for "
      write(target, isFlat: true)
      out += " in "
      write(iterable)
      loop(body, otherwise)
    case .breakLoop: out += "break"
    case .continueLoop: out += "continue"
    case .returnValue(let value):
      out += "return "
      maybe(value)
    case .raise(let value, let cause):
      out += "raise "
      maybe(value)
      if let cause {
        out += " from "
        write(cause)
      }
    case .assert(let test, let message):
      out += "assert "
      write(test)
      if let message {
        out += ", "
        write(message)
      }
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      out += "try"
      block(body)
      for handler in handlers { write(handler) }
      if !otherwise.isEmpty { section("else", otherwise) }
      if !finally.isEmpty { section("finally", finally) }
      end()
    case .with(let manager, let target, let body, let isAsync):
      out += isAsync ? "async with " : "with "
      write(manager)
      if let target {
        out += " as "
        write(target)
      }
      out += " do"
      block(body)
      end()
    case .match(let subject, let cases):
      out += "switch "
      write(subject)
      for item in cases { write(item) }
      end()
    case .defineClass(let target, let definition): write(definition, target)
    }
  }

  mutating func maybe(_ value: Expression?) {
    guard let value else {
      out += "nothing"
      return
    }
    write(value)
  }

  private mutating func branch(_ test: Expression, _ then: [Statement], _ otherwise: [Statement]) {
    out += "if "
    var (test, then, otherwise) = (test, then, otherwise)
    while true {
      write(test)
      out += " then"
      block(then)
      guard otherwise.count == 1, case .branch(let next, let body, let rest) = otherwise[0].kind else { break }
      line()
      out += "elif "
      (test, then, otherwise) = (next, body, rest)
    }
    if !otherwise.isEmpty { section("else", otherwise) }
    end()
  }

  private mutating func loop(_ body: [Statement], _ otherwise: [Statement]) {
    out += " do"
    block(body)
    if !otherwise.isEmpty { section("else", otherwise) }
    end()
  }

  private mutating func write(_ handler: Handler) {
    line()
    out += handler.isGroup ? "except*" : "except"
    if let type = handler.type {
      out += " "
      write(type)
    }
    if let name = handler.name {
      out += " as "
      write(name)
    }
    out += " do"
    block(handler.body)
  }

  private mutating func write(_ definition: ClassDefinition, _ target: Target) {
    out += "class "
    write(target)
    out += " = "
    path(definition.name)
    write(definition.arguments)
    for (index, decorator) in definition.decorators.enumerated() {
      out += index == 0 ? " with " : ", "
      write(decorator, .disjunction)
    }
    let body = definition.body
    guard body.name == definition.name, body.kind == .classBody, body.parameters.isEmpty else {
      out += " as "
      nested(body)
      return
    }
    out += " do"
    let outer = bound
    bound = BoundNames.of(body)
    block(body.body)
    bound = outer
    end()
  }

  // MARK: Targets

  /// Whether the text starts with a name or its sigil, and so cannot continue the statement before.
  func startsBare(_ expression: Expression) -> Bool {
    switch expression {
    case .local, .captured, .global, .namespace: true
    case .attribute(.global(.imported), _): false
    case .attribute(let base, _), .item(let base, _): startsBare(base)
    case .call(let callee, let arguments): Sugar(callee, arguments) == nil && startsBare(callee)
    default: false
    }
  }

  private func startsBare(_ target: Target) -> Bool {
    switch target {
    case .local, .captured, .global, .namespace: return true
    case .attribute(.global(.imported), _): return false
    case .attribute(let base, _), .item(let base, _): return startsBare(base)
    case .unpack(let targets, let starred):
      guard let first = targets.first, starred != 0 else { return false }
      if case .unpack = first { return false }
      return startsBare(first)
    }
  }

  mutating func write(_ target: Target, isFlat: Bool = false) {
    switch target {
    case .local(let name): out += TextSpelling.name(name)
    case .captured(let name): out += "^" + TextSpelling.word(name)
    case .global(let name): out += "::" + TextSpelling.word(name)
    case .namespace(let name): out += "$" + TextSpelling.word(name)
    case .attribute(let base, let name): write(Expression.attribute(base, name))
    case .item(let base, let index): write(Expression.item(base, index))
    case .unpack(let targets, let starred):
      let isFlat = isFlat && !targets.isEmpty
      if !isFlat { out += "(" }
      for (index, target) in targets.enumerated() {
        if index > 0 { out += ", " }
        if index == starred { out += "*" }
        write(target)
      }
      if targets.count == 1 { out += "," }
      if !isFlat { out += ")" }
    }
  }

  // MARK: Patterns

  private mutating func write(_ item: MatchCase) {
    line()
    out += "case "
    write(item.pattern)
    if let test = item.guardTest {
      out += " where "
      write(test)
    }
    out += " then"
    block(item.body)
  }

  private mutating func closed(_ pattern: Pattern) {
    switch pattern {
    case .either, .alias:
      out += "("
      write(pattern)
      out += ")"
    default: write(pattern)
    }
  }

  private mutating func capture(_ target: Target) {
    if target == .local("_") { out += "`_`" } else { write(target) }
  }

  private mutating func write(_ pattern: Pattern) {
    switch pattern {
    case .wildcard: out += "_"
    case .value(let value):
      out += "= "
      write(value, .unary)
    case .capture(let target): capture(target)
    case .sequence(let patterns):
      out += "["
      for (index, pattern) in patterns.enumerated() {
        if index > 0 { out += ", " }
        write(pattern)
      }
      out += "]"
    case .star(let target):
      out += "*"
      if let target { capture(target) } else { out += "_" }
    case .mapping(let items, let rest):
      out += "{"
      for (index, item) in items.enumerated() {
        if index > 0 { out += ", " }
        write(item.key, .disjunction)
        out += ": "
        write(item.pattern)
      }
      if let rest {
        out += items.isEmpty ? "**" : ", **"
        write(rest)
      }
      out += "}"
    case .classType(let type, let patterns, let keywords):
      out += "is "
      className(type)
      out += "("
      for (index, pattern) in patterns.enumerated() {
        if index > 0 { out += ", " }
        write(pattern)
      }
      for (index, keyword) in keywords.enumerated() {
        if index > 0 || !patterns.isEmpty { out += ", " }
        out += TextSpelling.name(keyword.name) + " = "
        write(keyword.pattern)
      }
      out += ")"
    case .either(let patterns):
      for (index, pattern) in patterns.enumerated() {
        if index > 0 { out += " | " }
        closed(pattern)
      }
    case .alias(let inner, let target):
      if case .alias = inner { closed(inner) } else { write(inner) }
      out += " as "
      write(target)
    }
  }

  /// An expression that ends before the parenthesis of a class pattern: a primary and attributes.
  private mutating func className(_ type: Expression) {
    var base = type
    while case .attribute(let inner, _) = base { base = inner }
    switch base {
    case .item, .call:
      out += "("
      write(type)
      out += ")"
    default: write(type, .primary)
    }
  }
}
