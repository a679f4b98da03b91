import Logic

/// Where paths meet.
extension Builder {
  /// The state after a branch: `then` where `condition` held, `otherwise` elsewhere.
  func merge(_ condition: NodeID, _ then: State, _ otherwise: State) -> State {
    var a = then
    var b = otherwise
    for slot in a.owned.symmetricDifference(b.owned).sorted() {
      // A container that one path has let out of hand is an object on both.
      if a.owned.contains(slot) { _ = materialize(slot, &a) } else { _ = materialize(slot, &b) }
    }
    for slot in a.owned.intersection(b.owned).sorted() where a.factories[slot] != b.factories[slot] {
      _ = materialize(slot, &a)
      _ = materialize(slot, &b)
    }
    var result = State(graph: graph, chain: graph.gamma(condition, a.chain, b.chain))
    result.clobber = graph.gamma(condition, a.clobber, b.clobber)
    result.owned = a.owned
    result.factories = a.factories.merging(b.factories) { first, _ in first }
    result.region = graph.gamma(condition, a.region, b.region)
    result.objects = a.objects.merging(b.objects, uniquingKeysWith: max)
    let unbound = graph.node(.unbound, types: .missing)
    result.variables = a.variables
    var differing = a.variables.filter { b.variables[$0.key] != $0.value }.map(\.key)
    differing += b.variables.keys.filter { a.variables[$0] == nil }
    for slot in differing.sorted() {
      let x = a.variables[slot] ?? unbound
      let y = b.variables[slot] ?? unbound
      result.variables[slot] = graph.gamma(condition, x, y)
    }
    result.available = a.available.filter { b.available[$0.key] == $0.value }
    result.contents = a.contents.filter { b.contents[$0.key] == $0.value }
    result.facts = a.facts.intersection(b.facts)
    result.answers = a.answers.filter { b.answers[$0.key] == $0.value }
    switch (a.aborted, b.aborted) {
    case (nil, nil): break
    case (let x, let y):
      result.aborted = State.Aborted(
        condition: graph.gamma(condition, x?.condition ?? graph.no, y?.condition ?? graph.no),
        chain: x.flatMap { x in y.map { graph.gamma(condition, x.chain, $0.chain) } ?? x.chain }
          ?? y?.chain ?? result.chain)
    }
    return result
  }

  /// The state on the paths where `condition` holds: what other paths did before is forgotten.
  ///
  ///     if a and b: f()   =   if a: if b: f()
  func onPath(_ condition: NodeID, _ state: State) -> State {
    func narrowed(_ value: NodeID) -> NodeID {
      graph.isConditional(value) ? graph.constrain(value, to: condition) : value
    }
    var result = state
    result.facts.formUnion(graph.integerFacts(condition))
    result.facts.formUnion(graph.mapFacts(condition))
    let chain = state.chain
    let here = narrowed(chain)
    if here != chain { result.chain = here }
    result.clobber = narrowed(state.clobber)
    for slot in state.variables.keys.sorted() {
      if let value = state.variables[slot] { result.variables[slot] = narrowed(value) }
    }
    return result
  }

  func fall(_ state: State) -> Flow { exit(.fall, state) }

  func exit(_ kind: ExitKind, _ state: State, result: NodeID? = nil) -> Flow {
    settle(Flow(selector: graph.exit(kind), states: [kind: state], result: result))
  }

  /// Turns the paths that an expression left by raising into a way out of the flow.
  private func settle(_ flow: Flow) -> Flow {
    guard let (kind, state) = flow.states.first, let aborted = state.aborted else { return flow }
    var rest = state
    rest.aborted = nil
    var raised = rest
    raised.chain = aborted.chain
    raised.clobber = aborted.chain
    raised.forget()
    if aborted.condition == graph.yes {
      return Flow(selector: graph.exit(.raised), states: [.raised: raised], result: nil)
    }
    return branch(
      aborted.condition, Flow(selector: graph.exit(.raised), states: [.raised: raised], result: nil),
      Flow(selector: graph.exit(kind), states: [kind: rest], result: flow.result))
  }

  /// `then` where `condition` holds, `otherwise` elsewhere.
  func branch(_ condition: NodeID, _ then: Flow, _ otherwise: Flow) -> Flow {
    if condition == graph.yes { return then }
    if condition == graph.no { return otherwise }
    var states = then.states
    for kind in otherwise.kinds {
      guard let state = otherwise.states[kind] else { continue }
      states[kind] = states[kind].map { merge(condition, $0, state) } ?? state
    }
    var result = then.result ?? otherwise.result
    if let x = then.result, let y = otherwise.result { result = graph.gamma(condition, x, y) }
    return Flow(
      selector: graph.gamma(condition, then.selector, otherwise.selector), states: states, result: result)
  }

  /// Goes on with `next` where `flow` falls through.
  func then(_ flow: Flow, _ next: (State) throws(Failure) -> Flow) throws(Failure) -> Flow {
    guard let state = flow.states[.fall] else { return flow }
    if graph.isExhausted { throw .budget }
    let rest = try next(state)
    if flow.states.count == 1 { return rest }
    note(.earlyExit)
    var states = rest.states
    var result = rest.result
    for kind in flow.kinds where kind != .fall {
      guard let before = flow.states[kind] else { continue }
      let here = predicate(flow.selector, is: kind)
      states[kind] = states[kind].map { merge(here, before, $0) } ?? before
      if kind == .returned, let value = flow.result {
        result = result.map { graph.gamma(here, value, $0) } ?? value
      }
    }
    return Flow(
      selector: replaceLeaves(flow.selector) { $0 == .fall ? rest.selector : graph.exit($0) }, states: states,
      result: result)
  }

  /// Holds where `selector` chose `kind`.
  func predicate(_ selector: NodeID, is kind: ExitKind) -> NodeID {
    replaceLeaves(selector) { graph.bool($0 == kind) }
  }

  func replaceLeaves(_ selector: NodeID, _ leaf: (ExitKind) -> NodeID) -> NodeID {
    var memo: [NodeID: NodeID] = [:]
    func replace(_ id: NodeID) -> NodeID {
      if let known = memo[id] { return known }
      let result: NodeID
      switch graph.op(id) {
      case .exit(let kind): result = leaf(kind)
      case .gamma:
        let parts = graph.arguments(id)
        result = graph.gamma(parts[0], replace(parts[1]), replace(parts[2]))
      default: result = id
      }
      memo[id] = result
      return result
    }
    return replace(selector)
  }
}
