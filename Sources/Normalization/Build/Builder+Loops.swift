import BigInt
import Logic

// Loops. A loop is closed over what it carries: each variable that its body may change becomes a placeholder, the body
// is executed once on placeholders, and the loop is then the system of equations
//
//     leave?, next effect, effect on leaving, and for each carried variable its initial and its next value
//
// with the placeholders numbered by the order in which the equations need them. Names, the order of the variables,
// variables that nothing needs, and the syntax of the loop (`for`, `while`, `while True` with `break`, an index that
// is counted by hand) leave no trace. A value that the loop computes is an equation of its own beside it, so two sums
// in one loop are two independent values.

extension Builder {
  /// What is iterated over.
  enum Source {
    case counted(start: NodeID, stop: NodeID, step: BigInt)
    case iterator(NodeID, isAsync: Bool)
    /// A list or tuple, by its items; a list that changes meanwhile is seen as it is then.
    case sequence(Window)
    indirect case enumerated(Source, start: NodeID)
    case zipped([Source])
  }

  func whileLoop(
    _ test: Expression, _ body: [Statement], _ otherwise: [Statement], _ state: State, _ frame: Frame
  ) throws(Failure) -> Flow {
    var use = VariableUse.of(test)
    use.visit(body)
    return try loop(
      use, hidden: [], isTotal: false, state, frame,
      iteration: { initial throws(Failure) in
        try self.decide(
          test, initial, frame, then: { s throws(Failure) in try self.execute(body, s, frame) },
          otherwise: { s throws(Failure) in self.exit(.finished, s) })
      }, otherwise: { s throws(Failure) in try self.execute(otherwise, s, frame) })
  }

  func forLoop(
    _ target: Target, _ source: Expression, _ body: [Statement], _ otherwise: [Statement], isAsync: Bool,
    _ initial: State, _ frame: Frame
  ) throws(Failure) -> Flow {
    var use = VariableUse()
    use.bind(target)
    use.visit(body)
    var state = initial
    let iterated = try iterationSource(source, isAsync: isAsync, in: use, frame, &state)
    return try each(
      iterated, target, use, state, frame, body: { s throws(Failure) in try self.execute(body, s, frame) },
      otherwise: { s throws(Failure) in try self.execute(otherwise, s, frame) })
  }

  /// Runs `body` for each element of `source`.
  func each(
    _ source: Source, _ target: Target, _ use: VariableUse, _ state: State, _ frame: Frame, extra: [Slot] = [],
    body: @escaping (State) throws(Failure) -> Flow, otherwise: @escaping (State) throws(Failure) -> Flow
  ) throws(Failure) -> Flow {
    var counters: [(slot: Slot, initial: NodeID)] = []
    let prepared = prepare(source, &counters)
    return try loop(
      use, hidden: counters, extra: extra, isTotal: prepared.isCounted, readsSequence: prepared.isSequence, state,
      frame,
      iteration: { initial throws(Failure) in
        var state = initial
        for (slot, start) in counters {
          // It starts there and goes one way.
          if let counter = state.variables[slot], let fact = self.reached(prepared, slot, counter, from: start) {
            state.facts.formUnion(self.graph.integerFacts(fact))
          }
        }
        let (atEnd, element) = self.advance(prepared, &state)
        return try self.conditional(
          atEnd, state, { s throws(Failure) in self.exit(.finished, s) },
          { s throws(Failure) in
            var inner = s
            let values = self.step(prepared, element, &inner)
            try self.storeElement(target, values, frame, &inner)
            return try body(inner)
          })
      }, otherwise: otherwise)
  }

  // MARK: Sources

  /// A source with its counters given slots.
  indirect enum Prepared {
    case counted(Slot, stop: NodeID, step: BigInt)
    case iterator(NodeID, isAsync: Bool)
    case sequence(Window, Slot)
    case enumerated(Prepared, Slot)
    case zipped([Prepared])

    var isSequence: Bool {
      switch self {
      case .sequence: true
      case .enumerated(let inner, _): inner.isSequence
      case .zipped(let sources): sources.contains(where: \.isSequence)
      case .counted, .iterator: false
      }
    }

    /// Whether the counter in this slot goes down.
    func isFalling(_ slot: Slot) -> Bool {
      switch self {
      case .counted(let own, _, let step): own == slot && step < 0
      case .enumerated(let inner, _): inner.isFalling(slot)
      case .zipped(let sources): sources.contains { $0.isFalling(slot) }
      case .sequence, .iterator: false
      }
    }

    var isCounted: Bool {
      switch self {
      case .counted: return true
      case .enumerated(let inner, _): return inner.isCounted
      default: return false
      }
    }
  }

  indirect enum ElementValue {
    case single(NodeID)
    case tuple([ElementValue])
  }

  private func prepare(_ source: Source, _ counters: inout [(slot: Slot, initial: NodeID)]) -> Prepared {
    switch source {
    case .counted(let start, let stop, let step):
      let slot = newSlot()
      counters.append((slot, start))
      return .counted(slot, stop: stop, step: step)
    case .iterator(let node, let isAsync): return .iterator(node, isAsync: isAsync)
    case .sequence(let window):
      let slot = newSlot()
      counters.append((slot, graph.integer(0)))
      return .sequence(window, slot)
    case .enumerated(let inner, let start):
      let prepared = prepare(inner, &counters)
      let slot = newSlot()
      counters.append((slot, start))
      return .enumerated(prepared, slot)
    case .zipped(let sources): return .zipped(sources.map { prepare($0, &counters) })
    }
  }

  /// Asks for the next element: is the source at its end, and what is there if not?
  private func advance(_ source: Prepared, _ state: inout State) -> (NodeID, ElementValue) {
    switch source {
    case .counted(let slot, let stop, let step):
      let counter = state.variables[slot] ?? graph.none
      let goesOn =
        step > 0 ? graph.pureComparison(.less, counter, stop) : graph.pureComparison(.less, stop, counter)
      return (graph.not(goesOn ?? graph.no), .single(counter))
    case .iterator(let iterator, let isAsync):
      let element = effect(isAsync ? .nextAsync : .next, [iterator], &state)
      return (graph.node(.exhausted, [element], types: .bool), .single(element))
    case .sequence(let window, let slot):
      let counter = state.variables[slot] ?? graph.none
      return (graph.not(has(counter, in: window, state)), .single(item(of: window, counter, state)))
    case .enumerated(let inner, let slot):
      let (atEnd, element) = advance(inner, &state)
      return (atEnd, .tuple([.single(state.variables[slot] ?? graph.none), element]))
    case .zipped(let sources):
      var atEnd = graph.no
      var elements: [ElementValue] = []
      for source in sources {
        // The next source is asked only while the earlier ones have elements.
        var after = state
        let (ended, element) = advance(source, &after)
        state = atEnd == graph.no ? after : merge(atEnd, state, after)
        atEnd = graph.disjunction(atEnd, ended)
        elements.append(element)
      }
      return (atEnd, .tuple(elements))
    }
  }

  private func reached(_ source: Prepared, _ slot: Slot, _ counter: NodeID, from start: NodeID) -> NodeID? {
    return graph.pureComparison(source.isFalling(slot) ? .lessOrEqual : .greaterOrEqual, counter, start)
  }

  /// Moves the counters on and gives the element.
  private func step(_ source: Prepared, _ element: ElementValue, _ state: inout State) -> ElementValue {
    switch source {
    case .sequence(_, let slot):
      let counter = state.variables[slot] ?? graph.none
      state.variables[slot] = graph.integerArithmetic(.add, counter, graph.integer(1)) ?? counter
    case .counted(let slot, _, let step):
      let counter = state.variables[slot] ?? graph.none
      state.variables[slot] = graph.integerArithmetic(.add, counter, graph.integer(step)) ?? counter
    case .iterator: break
    case .enumerated(let inner, let slot):
      _ = self.step(inner, element, &state)
      let counter = state.variables[slot] ?? graph.none
      state.variables[slot] = graph.integerArithmetic(.add, counter, graph.integer(1)) ?? counter
    case .zipped(let sources): for source in sources { _ = step(source, element, &state) }
    }
    return element
  }

  private func storeElement(_ target: Target, _ element: ElementValue, _ frame: Frame, _ state: inout State)
    throws(Failure)
  {
    switch (element, target) {
    case (.tuple(let values), .unpack(let targets, nil)) where values.count == targets.count:
      for (inner, value) in zip(targets, values) { try storeElement(inner, value, frame, &state) }
    default: try store(target, object(element), frame, &state)
    }
  }

  private func object(_ element: ElementValue) -> NodeID {
    switch element {
    case .single(let node): return node
    case .tuple(let values): return graph.node(.tuple, values.map(object), types: .tuple)
    }
  }

  /// `body`: what is done with each element.
  func iterationSource(
    _ source: Expression, isAsync: Bool, in body: VariableUse, _ frame: Frame, _ state: inout State
  ) throws(Failure) -> Source {
    if !isAsync, case .call(.global(.builtin("enumerate")), let arguments) = source, arguments.count == 2,
      arguments[0].kind == .positional, [.positional, .keyword("start")].contains(arguments[1].kind),
      case .constant(.int(let start)) = arguments[1].value
    {
      note(.enumerate)
      let inner = try iterationSource(arguments[0].value, isAsync: false, in: body, frame, &state)
      return .enumerated(inner, start: graph.integer(start))
    }
    if !isAsync, case .call(.global(.builtin(let name)), let arguments) = source,
      arguments.allSatisfy({ $0.kind == .positional })
    {
      switch (name, arguments.count) {
      case ("range", 1...3):
        if let counted = try range(arguments.map(\.value), frame, &state) { return counted }
      case ("reversed", 1):
        if case .call(.global(.builtin("range")), let bounds) = arguments[0].value,
          bounds.allSatisfy({ $0.kind == .positional }), (1...3).contains(bounds.count),
          case .counted(let start, let stop, let step)? = try range(bounds.map(\.value), frame, &state),
          step.magnitude == 1, let last = graph.integerArithmetic(.subtract, stop, graph.integer(step)),
          let end = graph.integerArithmetic(.subtract, start, graph.integer(step))
        {
          return .counted(start: last, stop: end, step: -step)
        }
        if let walked = try backwards(arguments[0].value, in: body, frame, &state) { return .sequence(walked) }
      case ("enumerate", 1):
        note(.enumerate)
        let inner = try iterationSource(arguments[0].value, isAsync: false, in: body, frame, &state)
        return .enumerated(inner, start: graph.integer(0))
      case ("zip", 2...4):
        var sources: [NodeID] = []
        for argument in arguments { sources.append(try evaluate(argument.value, frame, &state)) }
        var iterators: [Source] = []
        for node in sources {
          iterators.append(
            isSequence(node)
              ? .sequence(window(node, isOwned: false, state)) : .iterator(iterate(node, &state), isAsync: false))
        }
        return .zipped(iterators)
      default: break
      }
    }
    // A dictionary and the view of its keys give the same.
    if !isAsync, case .call(.attribute(let dictionary, "keys"), let none) = source, none.isEmpty {
      var after = state
      let object = try evaluate(dictionary, frame, &after)
      if graph.type(object) == .dictionary {
        state = after
        return .iterator(iterate(object, &state), isAsync: false)
      }
    }
    if !isAsync, case .local(let name) = source, let slot = ownedSlot(name, frame, state),
      !body.touched.contains(name), !body.bound.contains(name), let value = state.variables[slot],
      graph.type(value) == .list
    {
      note(.itemsByIndex)
      return .sequence(window(value, isOwned: true, state))
    }
    let (made, isFresh) = try evaluateFresh(source, frame, &state)
    if isFresh, !isAsync, graph.type(made) == .list {
      note(.itemsByIndex)
      return .sequence(window(made, isOwned: true, state))
    }
    let object = isFresh ? allocate(made, &state) : made
    if !isAsync, isSequence(object) {
      note(.itemsByIndex)
      return .sequence(window(object, isOwned: false, state))
    }
    if isAsync { return .iterator(effect(.iterateAsync, [object], &state), isAsync: true) }
    return .iterator(iterate(object, &state), isAsync: false)
  }

  /// `reversed(xs)` of a list, tuple or text in a local; nil where it is not known to be one.
  private func backwards(
    _ source: Expression, in body: VariableUse, _ frame: Frame, _ state: inout State
  ) throws(Failure) -> Window? {
    guard case .local(let name) = source, !frame.cells.contains(name) else { return nil }
    if let slot = ownedSlot(name, frame, state) {
      guard !body.touched.contains(name), !body.bound.contains(name), let value = state.variables[slot],
        graph.type(value) == .list
      else { return nil }
      note(.itemsByIndex)
      return reversed(value, isOwned: true, state)
    }
    var after = state
    let object = bound(frame.slot(name), &after)
    guard isSequence(object), let window = reversed(object, isOwned: false, after) else { return nil }
    note(.itemsByIndex)
    state = after
    return window
  }

  func iterate(_ object: NodeID, _ state: inout State) -> NodeID {
    protocolEffect(.iterate, [object], &state)
  }

  /// `range` with a step that is known not to be zero.
  private func range(_ arguments: [Expression], _ frame: Frame, _ state: inout State) throws(Failure) -> Source? {
    var stepValue: BigInt = 1
    if arguments.count == 3 {
      switch arguments[2] {
      case .constant(.int(let value)) where value != 0: stepValue = value
      case .unary(.negate, .constant(.int(let value))) where value != 0: stepValue = -value
      default: return nil
      }
    }
    var bounds: [NodeID] = []
    for argument in arguments.prefix(2) { bounds.append(try evaluate(argument, frame, &state)) }
    for position in bounds.indices { bounds[position] = asIndex(bounds[position], &state) }
    note(.countedLoop)
    return .counted(
      start: bounds.count == 1 ? graph.integer(0) : bounds[0], stop: bounds[bounds.count - 1], step: stepValue)
  }

  private func asIndex(_ value: NodeID, _ state: inout State) -> NodeID {
    if graph.isInteger(value) { return graph.asInteger(value) }
    return effect(.index, [value], &state, types: .int)
  }

  // MARK: Closing the loop

  /// `iteration` runs one round from its test on; it leaves by `finished` at the end.
  private func loop(
    _ use: VariableUse, hidden: [(slot: Slot, initial: NodeID)], extra: [Slot] = [], isTotal: Bool,
    readsSequence: Bool = false,
    _ initial: State,
    _ frame: Frame, iteration: (State) throws(Failure) -> Flow,
    otherwise: (State) throws(Failure) -> Flow
  ) throws(Failure) -> Flow {
    var before = initial
    let aborted = before.aborted
    before.aborted = nil
    for (slot, value) in hidden { before.variables[slot] = value }
    var carried = Set(hidden.map(\.slot)).union(extra)
    for name in use.bound where !frame.cells.contains(name) { carried.insert(frame.slot(name)) }
    for name in use.reads.keys {
      let slot = frame.slot(name)
      // Reading from a dictionary that makes what is missing stores.
      let isChanged = use.touched.contains(name) || before.factories[slot] != nil
      if before.owned.contains(slot), isChanged { carried.insert(slot) }
    }
    let slots = carried.sorted()
    let unbound = graph.node(.unbound, types: .missing)

    depth += 1
    loopNesting += 1
    defer {
      depth -= 1
      loopNesting -= 1
    }
    var guesses: [Slot: ValueTypes] = [:]
    var contents: [Slot: ValueGraph.Contents] = [:]
    for slot in slots where before.owned.contains(slot) {
      contents[slot] = graph.contents(of: before.variables[slot] ?? unbound)
    }
    for slot in slots { guesses[slot] = graph.type(before.variables[slot] ?? unbound) }

    // Integers that go one way only: they stay on their side of where they started.
    var directions: [Slot: Direction] = [:]
    // A loop in which nothing happens sees what there was before it; so it is tried first where it may be such a loop.
    var isQuiet = !use.callsUnknown && (readsSequence || use.readsItems)
    for round in 0..<9 {
      let chain = graph.provisional(types: .other)
      var header = before
      header.chain = chain
      header.clobber = isQuiet ? before.clobber : chain
      let region = graph.provisional(types: .other)
      header.region = region
      header.objects = [:]
      header.forget()
      var placeholders: [Slot: NodeID] = [:]
      for slot in slots {
        let placeholder = graph.provisional(types: guesses[slot] ?? .unknown)
        placeholders[slot] = placeholder
        if before.owned.contains(slot) { graph.knownContents[placeholder] = contents[slot] }
        header.variables[slot] = placeholder
        if let direction = directions[slot], let start = before.variables[slot],
          let fact = graph.pureComparison(direction == .up ? .greaterOrEqual : .lessOrEqual, placeholder, start)
        {
          header.facts.formUnion(graph.integerFacts(fact))
        }
      }
      let flow = try iteration(header)

      // The next round starts where the body falls through or continues.
      var again: State?
      for kind in [ExitKind.fall, .continued] {
        guard let state = flow.states[kind] else { continue }
        again = again.map { merge(predicate(flow.selector, is: kind), state, $0) } ?? state
      }
      var isStable = true
      if var next = again {
        for slot in slots {
          if before.owned.contains(slot), !next.owned.contains(slot) {
            _ = materialize(slot, &before)
            isStable = false
          } else if !before.owned.contains(slot), next.owned.contains(slot) {
            _ = materialize(slot, &next)
          }
          if before.owned.contains(slot), next.owned.contains(slot) {
            if next.factories[slot] != before.factories[slot] {
              throw unsupported("a dictionary that becomes one of another kind in a loop")
            }
            let held = graph.contents(of: next.variables[slot] ?? unbound)
            let known = contents[slot] ?? .unknown
            if !held.isSubset(of: known) {
              contents[slot] = round > 4 ? .unknown : known.union(held)
              isStable = false
            }
          }
          let types = graph.type(next.variables[slot] ?? unbound)
          let guess = guesses[slot] ?? .unknown
          if !types.isSubset(of: guess) {
            guesses[slot] = round > 4 ? ValueTypes.unknown.union([.missing]) : guess.union(types)
            isStable = false
          }
        }
        again = next
      }
      if isQuiet, flow.states.contains(where: { $0.value.chain != chain }) {
        isQuiet = false
        isStable = false
      }
      if isStable, use.readsItems {
        let found = self.directions(of: slots, placeholders, from: before, to: again)
        // By induction: what this round took for granted, it must give.
        if !directions.allSatisfy({ found[$0.key] == $0.value }) {
          directions = round > 4 ? [:] : directions.filter { found[$0.key] == $0.value }
          isStable = false
        } else if found != directions, round < 4 {
          directions = found
          isStable = false
        }
      }
      guard isStable else { continue }
      let closed = Loop(
        depth: depth, chain: chain, region: region, placeholders: placeholders, before: before, next: again, flow: flow,
        isTotal: isTotal)
      let result = try finishLoop(closed, otherwise)
      guard let aborted else { return result }
      var raised = before
      raised.chain = aborted.chain
      return branch(
        aborted.condition, Flow(selector: graph.exit(.raised), states: [.raised: raised], result: nil), result)
    }
    throw unsupported("a loop whose variables change their types in each round")
  }

  private enum Direction { case up, down }

  /// Which integers every round leaves, or moves by constants of one sign.
  private func directions(
    of slots: [Slot], _ placeholders: [Slot: NodeID], from before: State, to next: State?
  ) -> [Slot: Direction] {
    var result: [Slot: Direction] = [:]
    for slot in slots {
      guard let placeholder = placeholders[slot], graph.type(placeholder) == .int, let start = before.variables[slot],
        graph.isInteger(start), let after = next?.variables[slot], after != placeholder,
        let step = graph.integerArithmetic(.subtract, after, placeholder)
      else { continue }
      if graph.areIntegers(step, { $0 >= 0 }) { result[slot] = .up }
      if graph.areIntegers(step, { $0 <= 0 }) { result[slot] = .down }
    }
    return result
  }

  private func finishLoop(_ loop: Loop, _ otherwise: (State) throws(Failure) -> Flow) throws(Failure) -> Flow {
    if graph.isExhausted { throw .budget }
    let closing = LoopClosing(loop, self)
    let selector = closing.value(loop.flow.selector)
    var result: Flow?
    for kind in loop.leaving {
      guard let inner = loop.flow.states[kind] else { continue }
      let state = closing.stateAfter(inner)
      let flow: Flow
      switch kind {
      case .broke: flow = fall(state)
      case .finished: flow = try otherwise(state)
      case .returned: flow = exit(.returned, state, result: closing.value(loop.flow.result ?? graph.none))
      default: flow = exit(kind, state)
      }
      result = result.map { branch(predicate(selector, is: kind), flow, $0) } ?? flow
    }
    if let result { return result }
    // Nothing leaves this loop but an exception.
    var state = loop.before
    state.chain = closing.core
    return exit(.raised, state)
  }
}
