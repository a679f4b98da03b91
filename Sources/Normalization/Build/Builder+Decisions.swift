import Logic

// A test and the two ways on from it. What one way knows that the other does not, an attribute that was read or a
// question that was asked on the way, is kept for it:
//
//     if a.x and b(a.x): f(a.x)   =   if a.x: if b(a.x): f(a.x)

extension Builder {
  struct Decision {
    var condition: NodeID
    var holds: State
    var fails: State
  }

  /// Runs one of two ways, as a test says.
  func decide(
    _ test: Expression, _ state: State, _ frame: Frame, then: (State) throws(Failure) -> Flow,
    otherwise: (State) throws(Failure) -> Flow
  ) throws(Failure) -> Flow {
    guard let decision = try decision(test, state, frame) else {
      var state = state
      let condition = try evaluateCondition(test, frame, &state)
      return try conditional(condition, state, then, otherwise)
    }
    if decision.condition == graph.yes { return try then(decision.holds) }
    if decision.condition == graph.no { return try otherwise(decision.fails) }
    return branch(decision.condition, try then(decision.holds), try otherwise(decision.fails))
  }

  /// Nil where the test has no parts, or a part of it may leave by raising.
  private func decision(_ test: Expression, _ state: State, _ frame: Frame) throws(Failure) -> Decision? {
    switch test {
    case .and, .or: break
    case .not(let inner):
      guard let decision = try decision(inner, state, frame) else { return nil }
      note(.negatedCondition)
      return Decision(condition: graph.not(decision.condition), holds: decision.fails, fails: decision.holds)
    default: return nil
    }
    guard state.aborted == nil else { return nil }
    return try trial { () throws(Failure) -> Decision? in try self.part(test, state, frame) }
  }

  private func part(_ test: Expression, _ state: State, _ frame: Frame) throws(Failure) -> Decision? {
    switch test {
    case .and(let operands): return try connected(operands[...], isAnd: true, state, frame)
    case .or(let operands): return try connected(operands[...], isAnd: false, state, frame)
    case .not(let inner):
      guard let decision = try part(inner, state, frame) else { return nil }
      note(.negatedCondition)
      return Decision(condition: graph.not(decision.condition), holds: decision.fails, fails: decision.holds)
    default:
      var after = state
      let condition = try evaluateCondition(test, frame, &after)
      guard after.aborted == nil else { return nil }
      return Decision(
        condition: condition, holds: onPath(condition, after), fails: onPath(graph.not(condition), after))
    }
  }

  private func connected(
    _ operands: ArraySlice<Expression>, isAnd: Bool, _ state: State, _ frame: Frame
  ) throws(Failure) -> Decision? {
    guard let first = operands.first, let head = try part(first, state, frame) else { return nil }
    let rest = operands.dropFirst()
    if rest.isEmpty { return head }
    if head.condition == graph.bool(!isAnd) { return head }
    guard let tail = try connected(rest, isAnd: isAnd, isAnd ? head.holds : head.fails, frame) else { return nil }
    if head.condition == graph.bool(isAnd) { return tail }
    if isAnd {
      return Decision(
        condition: graph.conjunction(head.condition, tail.condition), holds: tail.holds,
        fails: merge(head.condition, tail.fails, head.fails))
    }
    return Decision(
      condition: graph.disjunction(head.condition, tail.condition),
      holds: merge(head.condition, head.holds, tail.holds), fails: tail.fails)
  }
}
