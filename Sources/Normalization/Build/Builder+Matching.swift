import Logic

// `match` (PEP 634). A case is a test of the subject; what its pattern captures is bound once the whole pattern fits,
// before the guard is asked. Constants, names and alternatives are the comparisons that they are; patterns that look
// into the subject are compared as they are written.

extension Builder {
  func match(_ subject: NodeID, _ cases: ArraySlice<MatchCase>, _ initial: State, _ frame: Frame) throws(Failure)
    -> Flow
  {
    guard let first = cases.first else { return fall(initial) }
    var state = initial
    let (condition, captures) = try fits(first.pattern, subject, frame, &state)
    let rest = cases.dropFirst()
    return try conditional(
      condition, state,
      { s throws(Failure) in
        var inner = s
        for (target, value) in captures { try self.store(target, value, frame, &inner) }
        guard let test = first.guardTest else { return try self.execute(first.body, inner, frame) }
        let isMeant = try self.evaluateCondition(test, frame, &inner)
        return try self.conditional(
          isMeant, inner, { s throws(Failure) in try self.execute(first.body, s, frame) },
          { s throws(Failure) in try self.match(subject, rest, s, frame) })
      }, { s throws(Failure) in try self.match(subject, rest, s, frame) })
  }

  private typealias Captures = [(Target, NodeID)]

  /// Whether the subject fits, and what is bound where it does.
  private func fits(_ pattern: Pattern, _ subject: NodeID, _ frame: Frame, _ state: inout State) throws(Failure) -> (
    NodeID, Captures
  ) {
    switch pattern {
    case .wildcard: return (graph.yes, [])
    case .capture(let target): return (graph.yes, [(target, subject)])
    case .alias(let inner, let target):
      let (condition, captures) = try fits(inner, subject, frame, &state)
      return (condition, captures + [(target, subject)])
    case .value(.constant(.none)), .value(.constant(.bool)):
      guard case .value(let constant) = pattern else { return (graph.no, []) }
      return (compare(.identical, subject, try evaluate(constant, frame, &state), &state), [])
    case .value(let expression):
      let value = try evaluate(expression, frame, &state)
      return (truth(compare(.equal, subject, value, &state), &state), [])
    case .either(let alternatives) where alternatives.allSatisfy(Self.isPlain):
      return (try fitsAny(alternatives[...], subject, frame, &state), [])
    default: return try fitsInside(pattern, subject, frame, &state)
    }
  }

  private static func isPlain(_ pattern: Pattern) -> Bool {
    switch pattern {
    case .wildcard, .value: true
    default: false
    }
  }

  private func fitsAny(
    _ alternatives: ArraySlice<Pattern>, _ subject: NodeID, _ frame: Frame, _ state: inout State
  ) throws(Failure) -> NodeID {
    guard let first = alternatives.first else { return graph.no }
    let (condition, _) = try fits(first, subject, frame, &state)
    return try choose(
      condition, &state, { _ throws(Failure) in self.graph.yes },
      { s throws(Failure) in try self.fitsAny(alternatives.dropFirst(), subject, frame, &s) })
  }

  /// A pattern that looks into the subject: captures by number, values and classes as operands.
  private func fitsInside(_ pattern: Pattern, _ subject: NodeID, _ frame: Frame, _ state: inout State) throws(Failure)
    -> (NodeID, Captures)
  {
    var parts = PatternParts()
    let shape = parts.shape(of: pattern)
    var operands = [subject]
    // Each value is read when the match gets that far, if it does: not before, and not for what comes after.
    let known = state.available
    if !parts.values.isEmpty {
      effect(.beginPieces, [], &state, foreign: false)
      state.available = [:]
    }
    for value in parts.values { operands.append(try evaluate(value, frame, &state)) }
    state.available = known
    let condition = effect(.opaqueStatement(.pattern(shape)), operands, &state, types: .bool)
    let event = graph.arguments(condition)[0]
    return (condition, parts.targets.enumerated().map { ($1, graph.node(.part($0), [event])) })
  }

  // MARK: Classes

  /// A class made inside a function: its body is compared as it is written, what it takes from around it as operands.
  func localClass(_ definition: ClassDefinition, _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID {
    var decorators: [NodeID] = []
    for decorator in definition.decorators { decorators.append(try evaluate(decorator, frame, &state)) }
    var operands: [NodeID] = []
    for argument in definition.arguments { operands.append(try evaluate(argument.value, frame, &state)) }
    let names = CapturedNames(of: definition.body)
    letGo(of: names.read.union(names.bound), frame, &state)
    for name in names.read.union(names.bound).sorted() { operands.append(captured(name, frame, state)) }
    var shape = definition
    shape.decorators = []
    shape.arguments = definition.arguments.map { Argument(.constant(.none), kind: $0.kind) }
    var result = effect(.opaqueStatement(.classDefinition(shape)), operands, &state)
    for decorator in decorators.reversed() { result = effect(.call([.positional]), [decorator, result], &state) }
    return result
  }

  /// What a name of the enclosing functions stands for: the number of its cell, or its value.
  private func captured(_ name: String, _ frame: Frame, _ state: State) -> NodeID {
    let owner = frame.bindings.contains(name) ? frame : frame.owner(of: name)
    guard let owner else { return graph.node(.outer(name)) }
    let slot = owner.slot(name)
    if owner.cells.contains(name) { return graph.node(.cell(cellNumber(slot))) }
    return state.variables[slot] ?? graph.node(.unbound, types: .missing)
  }
}

/// A pattern taken apart: its shape, with captures numbered and values left out, and what was taken out of it.
private struct PatternParts {
  var targets: [Target] = []
  var values: [Expression] = []

  mutating func shape(of pattern: Pattern) -> Pattern {
    switch pattern {
    case .wildcard: return .wildcard
    case .value(let value): return .value(taken(value))
    case .capture(let target): return .capture(taken(target))
    case .sequence(let items): return .sequence(items.map { shape(of: $0) })
    case .star(let target): return .star(target.map { taken($0) })
    case .mapping(let items, let rest):
      let shapes = items.map { Pattern.MappingItem(key: taken($0.key), pattern: shape(of: $0.pattern)) }
      return .mapping(shapes, rest: rest.map { taken($0) })
    case .classType(let type, let items, let keywords):
      let type = taken(type)
      return .classType(
        type, items.map { shape(of: $0) },
        keywords: keywords.map { Pattern.KeywordPattern(name: $0.name, pattern: shape(of: $0.pattern)) })
    case .either(let items): return .either(items.map { shape(of: $0) })
    case .alias(let inner, let target): return .alias(shape(of: inner), taken(target))
    }
  }

  /// Alternatives bind the same names: one target has one number.
  private mutating func taken(_ target: Target) -> Target {
    let number = targets.firstIndex(of: target) ?? targets.count
    if number == targets.count { targets.append(target) }
    return .local("#\(number)")
  }

  private mutating func taken(_ value: Expression) -> Expression {
    if case .constant = value { return value }
    values.append(value)
    return .constant(.ellipsis)
  }
}
