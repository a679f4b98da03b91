import Logic

// Exceptions. What a `try` body does is gathered in one node, `protect`; whether it raised is a condition like any
// other, and the handlers are the branch where it did. A variable that the body binds and that is read anywhere
// outside the body is stored by an effect each time (`guardedStore`), so that what a handler finds in it depends on
// the order of these stores and of everything that may raise.

extension Builder {
  func tryStatement(
    _ body: [Statement], _ handlers: [Handler], _ otherwise: [Statement], _ finally: [Statement], _ state: State,
    _ frame: Frame
  ) throws(Failure) -> Flow {
    if handlers.contains(where: \.isGroup) { throw unsupported("an except* handler") }
    if finally.isEmpty { return try handled(body, handlers, otherwise, state, frame) }
    return try guardedFlow(
      state, VariableUse.of([Statement(.tryBlock(body, handlers: handlers, otherwise: otherwise, finally: []))]), frame,
      afterRaise: AfterRaise(finally: finally),
      body: { s throws(Failure) in try self.handled(body, handlers, otherwise, s, frame) },
      raised: { s, exception throws(Failure) in
        self.handling.append(exception)
        defer { self.handling.removeLast() }
        let flow = try self.then(try self.execute(finally, s, frame)) { after throws(Failure) in
          var after = after
          self.effect(.raise, [exception], &after)
          return self.exit(.raised, after)
        }
        return self.endHandling(flow)
      },
      ended: { flow throws(Failure) in
        try self.onEveryWayOut(of: flow) { s throws(Failure) in try self.execute(finally, s, frame) }
      })
  }

  private func handled(
    _ body: [Statement], _ handlers: [Handler], _ otherwise: [Statement], _ state: State, _ frame: Frame
  ) throws(Failure) -> Flow {
    if handlers.isEmpty {
      return try then(try execute(body, state, frame)) { s throws(Failure) in try self.execute(otherwise, s, frame) }
    }
    return try guardedFlow(
      state, VariableUse.of(body), frame, afterRaise: AfterRaise(handlers),
      body: { s throws(Failure) in try self.execute(body, s, frame) },
      raised: { s, exception throws(Failure) in try self.dispatch(handlers[...], exception, s, frame) },
      ended: { flow throws(Failure) in
        try self.then(flow) { s throws(Failure) in try self.execute(otherwise, s, frame) }
      })
  }

  /// Tries the handlers one after the other.
  private func dispatch(_ handlers: ArraySlice<Handler>, _ exception: NodeID, _ initial: State, _ frame: Frame)
    throws(Failure) -> Flow
  {
    var state = initial
    guard let handler = handlers.first else {
      effect(.raise, [exception], &state)
      return exit(.raised, state)
    }
    line = handler.line == 0 ? line : handler.line
    guard let type = handler.type else { return try handle(handler, exception, state, frame) }
    let expected = try evaluate(type, frame, &state)
    let matches =
      self.matches(exception, expected)
      ?? effect(
        .matches, [exception, expected], &state, types: .bool, foreign: false)
    return try conditional(
      matches, state, { s throws(Failure) in try self.handle(handler, exception, s, frame) },
      { s throws(Failure) in try self.dispatch(handlers.dropFirst(), exception, s, frame) })
  }

  /// Whether an exception is of a builtin class, or of one of a tuple of them.
  private func matches(_ exception: NodeID, _ expected: NodeID) -> NodeID? {
    switch graph.op(expected) {
    case .builtin: return graph.node(.pureCall("matches"), [exception, expected], types: .bool)
    case .tuple:
      var result = graph.no
      for type in graph.arguments(expected) {
        guard let one = matches(exception, type) else { return nil }
        result = graph.disjunction(result, one)
      }
      return result
    default: return nil
    }
  }

  private func handle(_ handler: Handler, _ exception: NodeID, _ initial: State, _ frame: Frame) throws(Failure) -> Flow
  {
    var state = initial
    handling.append(exception)
    defer { handling.removeLast() }
    guard let name = handler.name else { return endHandling(try execute(handler.body, state, frame)) }
    try store(name, exception, frame, &state)
    if isSeenElsewhere(name, frame) { effect(.handlerName, [], &state, foreign: false) }
    let flow = try execute(handler.body, state, frame)
    // The name is unbound when the handler ends, however it ends.
    var ended = flow
    for kind in flow.kinds {
      guard var after = flow.states[kind] else { continue }
      try unbind(handlerName: name, frame, &after)
      ended.states[kind] = after
    }
    return endHandling(ended)
  }

  /// Leaves a handler on every way out but a raise.
  private func endHandling(_ flow: Flow) -> Flow {
    var ended = flow
    for kind in flow.kinds where kind != .raised {
      guard var state = flow.states[kind] else { continue }
      effect(.handled, [], &state, foreign: false)
      ended.states[kind] = state
    }
    return ended
  }

  /// Whether something else than the code after the handler can find out that an exception that leaves the handler
  /// unbinds its name too.
  private func isSeenElsewhere(_ name: Target, _ frame: Frame) -> Bool {
    guard case .local(let variable) = name, !frame.cells.contains(variable) else { return true }
    return guarded.contains { $0.contains(frame.slot(variable)) }
  }

  /// `e = None; del e`, as the language does it (Language Reference, 8.4.1).
  private func unbind(handlerName name: Target, _ frame: Frame, _ state: inout State) throws(Failure) {
    if case .local(let variable) = name, !frame.cells.contains(variable) {
      unbind(frame.slot(variable), &state)
      return
    }
    try store(name, graph.none, frame, &state)
    try delete(name, frame, &state)
  }

  /// `with context as target: body`.
  func withStatement(
    _ context: Expression, _ target: Target?, _ body: [Statement], isAsync: Bool, _ initial: State, _ frame: Frame
  ) throws(Failure) -> Flow {
    var state = initial
    let manager = try evaluate(context, frame, &state)
    let value = effect(.enter(isAsync: isAsync), [manager], &state)
    let aborted = state.aborted
    state.aborted = nil
    // A file closes itself and lets exceptions pass.
    var isFile = false
    if case .call(.global(.builtin("open")), _) = context { isFile = true }
    var use = VariableUse.of(body)
    if let target { use.bind(target) }
    let flow = try guardedFlow(
      state, use, frame, afterRaise: isFile ? AfterRaise(reads: [], leaves: true) : nil,
      body: { s throws(Failure) in
        var inner = s
        if let target { try self.store(target, value, frame, &inner) }
        return try self.execute(body, inner, frame)
      },
      raised: { s, exception throws(Failure) in
        var after = s
        var suppressed = self.effect(.exitRaised(isAsync: isAsync), [manager, exception], &after, types: .bool)
        if isFile { suppressed = self.graph.no }
        return try self.conditional(
          suppressed, after, { s throws(Failure) in self.fall(s) },
          { s throws(Failure) in
            var reraised = s
            self.effect(.raise, [exception], &reraised)
            return self.exit(.raised, reraised)
          })
      },
      ended: { flow throws(Failure) in
        try self.onEveryWayOut(of: flow) { s throws(Failure) in
          var after = s
          self.effect(.exitNormally(isAsync: isAsync), [manager], &after)
          return self.fall(after)
        }
      })
    guard let aborted else { return flow }
    var raised = state
    raised.chain = aborted.chain
    return branch(
      aborted.condition, Flow(selector: graph.exit(.raised), states: [.raised: raised], result: nil), flow)
  }

  /// Runs `finish` on every way out but a raise, before going that way.
  private func onEveryWayOut(of flow: Flow, _ finish: (State) throws(Failure) -> Flow) throws(Failure) -> Flow {
    var result: Flow?
    for kind in flow.kinds {
      guard let state = flow.states[kind] else { continue }
      let way: Flow
      if kind == .raised {
        way = Flow(selector: graph.exit(.raised), states: [.raised: state], result: nil)
      } else {
        way = try then(try finish(state)) { s throws(Failure) in
          self.exit(kind, s, result: kind == .returned ? flow.result : nil)
        }
      }
      result = result.map { branch(predicate(flow.selector, is: kind), way, $0) } ?? way
    }
    return result ?? flow
  }

  /// The body under protection, then one branch for what follows a raise and one for what follows anything else.
  private func guardedFlow(
    _ initial: State, _ use: VariableUse, _ frame: Frame, afterRaise: AfterRaise?,
    body: (State) throws(Failure) -> Flow,
    raised: (State, NodeID) throws(Failure) -> Flow, ended whenEnded: (Flow) throws(Failure) -> Flow
  ) throws(Failure) -> Flow {
    var before = initial
    // A container that the body touches may be seen half-filled.
    for name in frame.inOrder(use.bound.union(use.reads.keys)) where !frame.cells.contains(name) {
      let slot = frame.slot(name)
      if before.owned.contains(slot) { _ = materialize(slot, &before) }
    }
    let visible = visibleOutside(use, frame, afterRaise)
    var inside = before
    let start = effect(.tryEnter, [], &inside, foreign: false)
    guarded.append(visible)
    protections += 1
    let flow: Flow
    do {
      flow = try body(inside)
    } catch {
      guarded.removeLast()
      protections -= 1
      throw error
    }
    guarded.removeLast()
    protections -= 1
    let isQuiet = flow.states.values.allSatisfy { state in
      // A handler further out may look at what is stored here.
      guarded.isEmpty ? onlyStores(from: start, to: state.chain) : state.chain == start
    }
    if isQuiet, flow.states[.raised] == nil {
      // Nothing in the body can raise.
      note(.handlerUnreachable)
      var quiet = flow
      for (kind, state) in flow.states {
        var after = state
        after.chain = before.chain
        quiet.states[kind] = after
      }
      return try whenEnded(quiet)
    }

    // What happened inside, not where the code goes on afterwards: a `return` in the body is one behind it.
    var ended: NodeID?
    for kind in flow.kinds where kind != .raised {
      guard let state = flow.states[kind] else { continue }
      ended = ended.map { graph.gamma(predicate(flow.selector, is: kind), state.chain, $0) } ?? state.chain
    }
    let leaves = predicate(flow.selector, is: .raised)
    let protect = graph.node(
      .protect,
      [
        start, graph.constrain(ended ?? graph.none, to: graph.not(leaves)), leaves,
        graph.constrain(flow.states[.raised]?.chain ?? graph.none, to: leaves),
      ], types: .other)
    let didRaise = graph.node(.raised, [protect], types: .bool)

    var failed = before
    failed.chain = graph.node(.caught, [protect], types: .other)
    failed.clobber = failed.chain
    failed.region = failed.chain
    failed.objects = [:]
    failed.forget()
    for name in frame.inOrder(use.bound) where !frame.cells.contains(name) {
      let slot = frame.slot(name)
      guard visible.contains(slot) else {
        failed.variables[slot] = nil
        continue
      }
      guard let number = knownGuardNumber(slot) else { continue }
      let earlier = before.variables[slot] ?? graph.node(.unbound, types: .missing)
      let types: ValueTypes = graph.type(earlier).contains(.missing) ? [.unknown, .missing] : .unknown
      failed.variables[slot] = graph.node(.cellAtRaise(number), [protect, earlier], types: types)
      failed.owned.remove(slot)
    }
    let handling = try raised(failed, graph.node(.exception, [protect]))

    var completed = flow
    completed.states[.raised] = nil
    let done = graph.node(.completed, [protect], types: .other)
    for (kind, state) in completed.states {
      var after = state
      after.chain = done
      after.clobber = done
      after.forget()
      completed.states[kind] = after
    }
    guard !completed.states.isEmpty else { return handling }
    if flow.states[.raised] != nil {
      let some = completed.kinds[0]
      completed.selector = replaceLeaves(flow.selector) { graph.exit($0 == .raised ? some : $0) }
    }
    return branch(didRaise, handling, try whenEnded(completed))
  }

  /// Whether nothing but stores to locals happened between two effects.
  private func onlyStores(from start: NodeID, to end: NodeID) -> Bool {
    var chain = end
    while chain != start {
      guard case .effect(.guardedStore) = graph.op(chain) else { return false }
      chain = graph.arguments(chain)[0]
    }
    return true
  }

  /// Variables bound in the body whose value is read somewhere outside it, once the body has raised.
  private func visibleOutside(_ use: VariableUse, _ frame: Frame, _ after: AfterRaise?) -> Set<Slot> {
    if let after, after.leaves {
      return Set(use.bound.filter { after.reads.contains($0) || frame.captured.contains($0) }.map(frame.slot))
    }
    let whole = frame.use
    var result: Set<Slot> = []
    // In a loop the next round may read what this one left behind.
    for name in use.bound
    where whole.reads[name, default: 0] > (loopNesting > 0 ? 0 : use.reads[name, default: 0]) {
      result.insert(frame.slot(name))
    }
    return result
  }
}

/// What the code that runs after a raise looks at.
private struct AfterRaise {
  /// Locals that it reads or deletes.
  var reads: Set<String>
  /// It never goes on behind the whole statement.
  var leaves: Bool

  init(reads: Set<String>, leaves: Bool) {
    self.reads = reads
    self.leaves = leaves
  }

  /// A jump in it swallows the exception and goes on.
  init(finally: [Statement]) {
    self.init(reads: VariableUse.of(finally).seen, leaves: !VariableUse.of(finally).jumps)
  }

  init(_ handlers: [Handler]) {
    reads = VariableUse.of([Statement(.tryBlock([], handlers: handlers, otherwise: [], finally: []))]).seen
    leaves = handlers.allSatisfy { Self.leave($0.body) && !VariableUse.of($0.body).jumps }
  }

  /// Whether the statements surely return or raise.
  private static func leave(_ statements: [Statement]) -> Bool {
    switch statements.last?.kind {
    case .returnValue, .raise: true
    case .branch(_, let then, let otherwise): leave(then) && leave(otherwise)
    default: false
    }
  }
}
