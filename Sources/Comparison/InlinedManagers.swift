import Logic

/// Writes out `with` over generators under `contextlib.contextmanager` whose bodies are known:
///
///     with borrowed(pool) as c: B     =  p = pool; try: c = p.acquire(); B  finally: p.release()
///
/// as far as the generator yields once, in no loop, and nothing but a `finally` follows where `B` may be left by a jump
/// other than a `return` at its end.
struct InlinedManagers {
  let managers: [Reference: Procedure]

  func inlined(_ procedure: Procedure) -> Procedure {
    guard !managers.isEmpty else { return procedure }
    var result = procedure
    var count = 0
    result.body = block(procedure.body, &count)
    return result
  }

  private func block(_ statements: [Statement], _ count: inout Int) -> [Statement] {
    var result: [Statement] = []
    for statement in statements {
      let inner = inside(statement, &count)
      guard case .with(.call(.global(let reference), let arguments), let target, let body, isAsync: false) = inner.kind,
        let manager = managers[reference],
        let written = written(manager, arguments, target, body, line: statement.line, &count)
      else {
        result.append(inner)
        continue
      }
      result += written
    }
    return result
  }

  private func inside(_ statement: Statement, _ count: inout Int) -> Statement {
    let kind: Statement.Kind
    switch statement.kind {
    case .branch(let test, let then, let otherwise):
      kind = .branch(test, then: block(then, &count), otherwise: block(otherwise, &count))
    case .whileLoop(let test, let body, let otherwise):
      kind = .whileLoop(test, body: block(body, &count), otherwise: block(otherwise, &count))
    case .forLoop(let target, let items, let body, let otherwise, let isAsync):
      kind = .forLoop(target, items, body: block(body, &count), otherwise: block(otherwise, &count), isAsync: isAsync)
    case .tryBlock(let body, let handlers, let otherwise, let finally):
      let written = handlers.map { handler in
        var handler = handler
        handler.body = block(handler.body, &count)
        return handler
      }
      kind = .tryBlock(
        block(body, &count), handlers: written, otherwise: block(otherwise, &count), finally: block(finally, &count))
    case .with(let manager, let target, let body, let isAsync):
      kind = .with(manager, target, body: block(body, &count), isAsync: isAsync)
    default: kind = statement.kind
    }
    return Statement(kind, line: statement.line)
  }

  /// The statements that stand for one `with`.
  private func written(
    _ manager: Procedure, _ arguments: [Argument], _ target: Target?, _ body: [Statement], line: Int,
    _ count: inout Int
  ) -> [Statement]? {
    count += 1
    guard let own = manager.withLocals(marked: "%with\(count)."),
      let parameters = Self.bound(arguments, to: own, by: manager)
    else { return nil }
    let site = YieldSite(own.body)
    guard site.yields == 1, !site.isLoose, !site.returns else { return nil }
    let values = parameters.map { Statement(.assign([.local($0.name)], $0.value), line: line) }
    let result = "%with\(count).result"
    if Self.leaves(body), !endsAtYield(own.body) {
      // What is returned is worked out inside, and leaves once the generator has come to its end.
      guard let kept = Self.keeping(body, in: result), !Self.leaves(kept),
        let steps = put(kept, target, into: own.body, line: line)
      else { return nil }
      return values + steps + [Statement(.returnValue(.local(result)), line: line)]
    }
    guard let steps = put(body, target, into: own.body, line: line) else { return nil }
    return values + steps
  }

  /// A body that ends by returning on every way, with what it returns stored instead.
  private static func keeping(_ body: [Statement], in name: String) -> [Statement]? {
    guard var last = body.last else { return nil }
    switch last.kind {
    case .returnValue(let value): last.kind = .assign([.local(name)], value ?? .constant(.none))
    case .branch(let test, let then, let otherwise):
      guard let left = keeping(then, in: name), let right = keeping(otherwise, in: name) else { return nil }
      last.kind = .branch(test, then: left, otherwise: right)
    default: return nil
    }
    return body.dropLast() + [last]
  }

  private static func bound(
    _ arguments: [Argument], to own: Procedure, by manager: Procedure
  ) -> [(name: String, value: Expression)]? {
    var values: [Int: Expression] = [:]
    var next = 0
    for argument in arguments {
      switch argument.kind {
      case .positional:
        guard next < own.parameters.count, [.positional, .positionalOnly].contains(own.parameters[next].kind) else {
          return nil
        }
        values[next] = argument.value
        next += 1
      case .keyword(let name):
        guard let index = manager.parameters.firstIndex(where: { $0.name == name }), values[index] == nil else {
          return nil
        }
        values[index] = argument.value
      case .spread, .spreadKeywords: return nil
      }
    }
    var result: [(name: String, value: Expression)] = []
    for (index, parameter) in own.parameters.enumerated() {
      guard parameter.kind != .variadic, parameter.kind != .variadicKeyword,
        let value = values[index] ?? parameter.defaultValue
      else { return nil }
      if values[index] == nil, case .constant = value {} else if values[index] == nil { return nil }
      result.append((parameter.name, value))
    }
    return result
  }

  /// The generator's statements, its `yield` replaced by the body.
  private func put(_ body: [Statement], _ target: Target?, into statements: [Statement], line: Int) -> [Statement]? {
    var result: [Statement] = []
    for statement in statements {
      switch statement.kind {
      case .expression(.yield(let value)):
        result.append(
          Statement(
            target.map { .assign([$0], value ?? .constant(.none)) } ?? .expression(value ?? .constant(.none)),
            line: line))
        result += body
      case .tryBlock(let tried, let handlers, let otherwise, let finally) where YieldSite(tried).yields > 0:
        guard let inner = put(body, target, into: tried, line: line) else { return nil }
        result.append(
          Statement(.tryBlock(inner, handlers: handlers, otherwise: otherwise, finally: finally), line: line))
      case .with(let manager, let place, let inside, let isAsync) where YieldSite(inside).yields > 0:
        guard let inner = put(body, target, into: inside, line: line) else { return nil }
        result.append(Statement(.with(manager, place, body: inner, isAsync: isAsync), line: line))
      default: result.append(Statement(statement.kind, line: line))
      }
    }
    return result
  }

  /// Nothing but a `finally` comes after the `yield`.
  private func endsAtYield(_ statements: [Statement]) -> Bool {
    guard let index = statements.firstIndex(where: { YieldSite([$0]).yields > 0 }), index == statements.count - 1 else {
      return false
    }
    switch statements[index].kind {
    case .tryBlock(let tried, _, let otherwise, _): return otherwise.isEmpty && endsAtYield(tried)
    case .with(_, _, let inside, _): return endsAtYield(inside)
    default: return true
    }
  }

  /// Whether a body may be left by a jump.
  private static func leaves(_ body: [Statement], inLoop: Bool = false) -> Bool {
    body.contains { statement in
      switch statement.kind {
      case .returnValue: true
      case .breakLoop, .continueLoop: !inLoop
      case .branch(_, let then, let otherwise): leaves(then, inLoop: inLoop) || leaves(otherwise, inLoop: inLoop)
      case .whileLoop(_, let inner, let otherwise), .forLoop(_, _, let inner, let otherwise, _):
        leaves(inner, inLoop: true) || leaves(otherwise, inLoop: inLoop)
      case .tryBlock(let tried, let handlers, let otherwise, let finally):
        [tried, otherwise, finally].contains { leaves($0, inLoop: inLoop) }
          || handlers.contains { leaves($0.body, inLoop: inLoop) }
      case .with(_, _, let inner, _): leaves(inner, inLoop: inLoop)
      case .match(_, let cases): cases.contains { leaves($0.body, inLoop: inLoop) }
      default: false
      }
    }
  }
}

/// Where a generator yields.
private struct YieldSite {
  var yields = 0
  /// Some `yield` stands in a loop, a branch, a handler, or inside an expression.
  var isLoose = false
  var returns = false

  init(_ statements: [Statement]) { read(statements, isStraight: true) }

  private mutating func read(_ statements: [Statement], isStraight: Bool) {
    for statement in statements {
      switch statement.kind {
      case .expression(.yield):
        yields += 1
        if !isStraight { isLoose = true }
      case .tryBlock(let tried, let handlers, let otherwise, let finally):
        read(tried, isStraight: isStraight)
        for handler in handlers { read(handler.body, isStraight: false) }
        read(otherwise, isStraight: false)
        read(finally, isStraight: false)
      case .with(_, _, let inside, _): read(inside, isStraight: isStraight)
      case .returnValue: returns = true
      default:
        var (found, left) = (0, false)
        var walk = Walk()
        walk.expression = { value in
          switch value {
          case .yield, .yieldFrom: found += 1
          default: break
          }
        }
        walk.statement = { inner in if case .returnValue = inner.kind { left = true } }
        walk([statement])
        yields += found
        if found > 0 { isLoose = true }
        if left { returns = true }
      }
    }
  }
}
