import Logic

// Fresh containers. A list, dictionary or set that was just made and that nothing else refers to is a value: appending
// to it gives another value. It becomes an object with an identity (`allocate`) when it escapes: is passed, stored,
// returned, aliased. So `out = []` may stand anywhere before its first use, and a comprehension is the loop that fills
// a list.

extension Builder {
  func list(_ elements: [Element], _ frame: Frame, _ state: inout State) throws(Failure) -> (NodeID, fresh: Bool) {
    beginPieces(elements, hashes: false, frame, &state)
    let (values, spreads) = try operands(elements, frame, &state)
    if !spreads.contains(true) { return (graph.node(.freshList, values, types: .list), true) }
    return (effect(.buildList(spreads), values, &state, types: .list), true)
  }

  func tuple(_ elements: [Element], _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID {
    beginPieces(elements, hashes: false, frame, &state)
    let (values, spreads) = try operands(elements, frame, &state)
    if !spreads.contains(true) { return graph.node(.tuple, values, types: .tuple) }
    return effect(.buildTuple(spreads), values, &state, types: .tuple)
  }

  func set(_ elements: [Element], _ frame: Frame, _ state: inout State) throws(Failure) -> (NodeID, fresh: Bool) {
    beginPieces(elements, hashes: true, frame, &state)
    let (values, spreads) = try operands(elements, frame, &state)
    if !spreads.contains(true), values.allSatisfy(graph.isPlainKey) {
      return (graph.node(.freshSet, values, types: .set), true)
    }
    return (effect(.buildSet(spreads), values, &state, types: .set), true)
  }

  func dictionary(_ items: [DictionaryItem], _ frame: Frame, _ state: inout State) throws(Failure) -> (
    NodeID, fresh: Bool
  ) {
    var values: [NodeID] = []
    var spreads: [Bool] = []
    var keysArePlain = true
    beginPieces(items, frame, &state)
    for item in items {
      switch item {
      case .pair(let key, let value):
        let keyNode = try evaluate(key, frame, &state)
        keysArePlain = keysArePlain && graph.isPlainKey(keyNode)
        values.append(keyNode)
        values.append(try evaluate(value, frame, &state))
        spreads.append(false)
      case .spread(let value):
        values.append(try evaluate(value, frame, &state))
        spreads.append(true)
      }
    }
    if keysArePlain, !spreads.contains(true) {
      // A key that comes twice keeps its place and takes the later value.
      var whole = graph.node(.freshDictionary, types: .dictionary)
      for position in stride(from: 0, to: values.count, by: 2) {
        whole = graph.replaced(whole, values[position], values[position + 1]) ?? whole
      }
      return (whole, true)
    }
    return (effect(.buildDictionary(spreads), values, &state, types: .dictionary), true)
  }

  private func operands(_ elements: [Element], _ frame: Frame, _ state: inout State) throws(Failure) -> (
    [NodeID], [Bool]
  ) {
    var values: [NodeID] = []
    var spreads: [Bool] = []
    for element in elements {
      switch element {
      case .single(let value):
        values.append(try evaluate(value, frame, &state))
        spreads.append(false)
      case .spread(let value):
        values.append(try evaluate(value, frame, &state))
        spreads.append(true)
      }
    }
    return (values, spreads)
  }

  /// `list()`, `dict()`, `set()`, `sorted(...)`, `list(xs)`, which is `[*xs]`, and `list`, `set` of a generator
  /// expression.
  func freshCall(_ callee: Expression, _ arguments: [Argument], _ frame: Frame, _ state: inout State) throws(Failure)
    -> NodeID?
  {
    guard case .global(.builtin(let name)) = callee else { return nil }
    if arguments.isEmpty {
      switch name {
      case "list": return graph.node(.freshList, types: .list)
      case "dict": return graph.node(.freshDictionary, types: .dictionary)
      case "set": return graph.node(.freshSet, types: .set)
      default: return nil
      }
    }
    // A copy of what nothing else refers to is that.
    if ["list", "dict", "set"].contains(name), arguments.count == 1, arguments[0].kind == .positional {
      if case .local(let variable) = arguments[0].value, let slot = ownedSlot(variable, frame, state),
        let content = state.variables[slot],
        graph.type(content) == (name == "list" ? .list : name == "set" ? .set : .dictionary)
      {
        note(.freshContainer)
        return content
      }
      if name == "dict", let made = try dictionaryWithFactory(arguments[0].value, frame, &state) {
        note(.defaultOfMissing)
        return made.content
      }
    }
    if let display = try displayed(name, arguments, frame, &state) { return display }
    if name == "sorted" { return try sortedCall(arguments, frame, &state) }
    if name == "list", arguments.count == 1, arguments[0].kind == .positional {
      if case .comprehension = arguments[0].value {
      } else {
        let iterable = try evaluate(arguments[0].value, frame, &state)
        return effect(.buildList([true]), [iterable], &state, types: .list)
      }
    }
    guard arguments.count == 1, arguments[0].kind == .positional,
      case .comprehension(var comprehension) = arguments[0].value, comprehension.kind == .generator
    else { return nil }
    switch name {
    case "list": comprehension.kind = .list
    case "set": comprehension.kind = .set
    default: return nil
    }
    return try collect(comprehension, isDrained: true, frame, &state)
  }

  /// A call that makes what a display makes:
  ///
  ///     set([a, b]) = {a, b}      list((a, b)) = [a, b]      dict(a=x, b=y) = {"a": x, "b": y}
  private func displayed(
    _ name: String, _ arguments: [Argument], _ frame: Frame, _ state: inout State
  ) throws(Failure) -> NodeID? {
    if name == "dict" {
      var items: [DictionaryItem] = []
      for argument in arguments {
        guard case .keyword(let key) = argument.kind else { return nil }
        items.append(.pair(.constant(.string(CodePoints(key))), argument.value))
      }
      note(.displayCall)
      return try dictionary(items, frame, &state).0
    }
    guard name == "set" || name == "list", arguments.count == 1, arguments[0].kind == .positional else { return nil }
    let elements: [Element]
    switch arguments[0].value {
    case .list(let list), .tuple(let list): elements = list
    default: return nil
    }
    // A long display is filled while it is evaluated, what is handed to a call is not.
    guard elements.allSatisfy({ if case .single = $0 { true } else { false } }), elements.count < Self.manyElements
    else { return nil }
    note(.displayCall)
    return name == "set" ? try set(elements, frame, &state).0 : try list(elements, frame, &state).0
  }

  // MARK: Comprehensions

  /// A list, set or dictionary comprehension, as the loop that it is. `isDrained`: it was written as a generator that
  /// is drained at once, and so a StopIteration raised inside becomes a RuntimeError.
  func collect(
    _ comprehension: Comprehension, isDrained: Bool = false, _ frame: Frame, _ state: inout State
  ) throws(Failure) -> NodeID {
    note(.comprehensionAsLoop)
    let accumulator = newSlot()
    switch comprehension.kind {
    case .set: state.variables[accumulator] = graph.node(.freshSet, types: .set)
    case .dictionary: state.variables[accumulator] = graph.node(.freshDictionary, types: .dictionary)
    default: state.variables[accumulator] = graph.node(.freshList, types: .list)
    }
    state.owned.insert(accumulator)
    try drain(comprehension, isDrained: isDrained, carrying: accumulator, frame, &state) { inner throws(Failure) in
      switch comprehension.kind {
      case .dictionary:
        let key = try self.evaluate(comprehension.key ?? .constant(.none), frame, &inner)
        let value = try self.evaluate(comprehension.element, frame, &inner)
        let whole = inner.variables[accumulator] ?? self.graph.none
        inner.variables[accumulator] =
          self.storing(whole, key, value, &inner)
          ?? self.protocolEffect(.storeInDictionary, [whole, key, value], &inner, types: .dictionary)
      default:
        let value = try self.evaluate(comprehension.element, frame, &inner)
        self.add(value, to: accumulator, comprehension.kind == .set ? .set : .list, &inner)
      }
      return self.fall(inner)
    }
    let value = state.variables[accumulator] ?? graph.none
    state.variables[accumulator] = nil
    state.owned.remove(accumulator)
    return value
  }

  /// `any(...)`, `all(...)` of a generator expression with one `for`.
  func quantifier(_ name: String, _ comprehension: Comprehension, _ frame: Frame, _ state: inout State)
    throws(Failure) -> NodeID?
  {
    guard comprehension.kind == .generator else { return nil }
    let loops = comprehension.clauses.filter { if case .each = $0 { true } else { false } }
    guard loops.count == 1 else { return nil }
    note(.quantifierAsLoop)
    let isAny = name == "any"
    let answer = newSlot()
    state.variables[answer] = graph.bool(!isAny)
    try drain(comprehension, isDrained: true, carrying: answer, frame, &state) { inner throws(Failure) in
      let condition = try self.evaluateCondition(comprehension.element, frame, &inner)
      return try self.conditional(
        condition, inner, { s throws(Failure) in self.decide(isAny, answer, s) },
        { s throws(Failure) in self.decide(!isAny, answer, s) })
    }
    let value = state.variables[answer] ?? graph.none
    state.variables[answer] = nil
    return value
  }

  /// `sum(e for x in xs)` of integers:
  ///
  ///     sum(e for x in xs)   =   t = 0; for x in xs: t += e; t
  ///
  /// Floats are summed with compensation from Python 3.12 on, and other values may have an in-place operator.
  func sum(_ iterable: Expression, _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID? {
    let element = "%element"
    let comprehension: Comprehension
    switch iterable {
    case .comprehension(let given) where given.kind == .generator || given.kind == .list: comprehension = given
    case .call(.global(.builtin("range")), _):
      comprehension = Comprehension(
        kind: .list, element: .local(element), clauses: [.each(.local(element), iterable, isAsync: false)])
    case .local, .item(_, .slice):
      comprehension = Comprehension(
        kind: .list, element: .local(element), clauses: [.each(.local(element), iterable, isAsync: false)])
    default: return nil
    }
    let start = state
    let summed = try trial { () throws(Failure) -> (State, NodeID)? in
      var after = start
      let total = self.newSlot()
      after.variables[total] = self.graph.integer(0)
      try self.drain(
        comprehension, isDrained: comprehension.kind == .generator, carrying: total, frame, &after
      ) { inner throws(Failure) in
        let value = try self.evaluate(comprehension.element, frame, &inner)
        let before = inner.variables[total] ?? self.graph.none
        inner.variables[total] =
          self.graph.isInteger(value) && self.graph.isInteger(before)
          ? self.graph.integerArithmetic(.add, before, value) : self.graph.node(.unbound, types: .missing)
        return self.fall(inner)
      }
      guard let value = after.variables[total], self.graph.isInteger(value) else { return nil }
      after.variables[total] = nil
      return (after, value)
    }
    guard let (after, value) = summed else { return nil }
    note(.sumAsLoop)
    state = after
    return value
  }

  /// How often each item of a sequence occurs in it; nil where it is not known to be one, or counting may run unknown
  /// code: `Counter` takes a mapping for the counts themselves.
  func counts(of source: Expression, _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID? {
    let name = "%element"
    let isSequence: Bool
    switch source {
    case .local(let variable):
      let value = state.variables[frame.slot(variable)] ?? graph.none
      isSequence = !frame.cells.contains(variable) && self.isSequence(value)
    case .comprehension(let comprehension): isSequence = comprehension.kind == .list
    case .list, .tuple: isSequence = true
    default: isSequence = false
    }
    guard isSequence else { return nil }
    let counts = newSlot()
    state.variables[counts] = graph.node(.freshDictionary, types: .dictionary)
    state.owned.insert(counts)
    var isKnown = true
    try drain(
      Comprehension(kind: .list, element: .local(name), clauses: [.each(.local(name), source, isAsync: false)]),
      isDrained: false, carrying: counts, frame, &state
    ) { inner throws(Failure) in
      let key = try self.evaluate(.local(name), frame, &inner)
      guard let old = self.readEntry(counts, key, making: .counter, &inner),
        self.graph.isInteger(old), let more = self.graph.integerArithmetic(.add, old, self.graph.integer(1))
      else {
        isKnown = false
        return self.fall(inner)
      }
      inner.variables[counts] = self.stored(inner.variables[counts] ?? self.graph.none, key, more, inner)
      isKnown = true
      return self.fall(inner)
    }
    guard isKnown else { return nil }
    let value = state.variables[counts] ?? graph.none
    state.variables[counts] = nil
    state.owned.remove(counts)
    return value
  }

  private func decide(_ stops: Bool, _ answer: Slot, _ state: State) -> Flow {
    guard stops else { return fall(state) }
    var state = state
    let previous = state.variables[answer] ?? graph.none
    state.variables[answer] = graph.not(previous)
    return exit(.broke, state)
  }

  private func drain(
    _ comprehension: Comprehension, isDrained: Bool, carrying accumulator: Slot, _ frame: Frame,
    _ state: inout State, body: @escaping (inout State) throws(Failure) -> Flow
  ) throws(Failure) {
    // Its source is asked for before the loop, not in it.
    var inside = comprehension
    if case .each(let target, _, let isAsync)? = comprehension.clauses.first {
      inside.clauses[0] = .each(target, .constant(.none), isAsync: isAsync)
    }
    let use = VariableUse.of(.comprehension(inside))
    if isDrained {
      // Nothing inside can raise a StopIteration.
      let start = state
      let quiet = try trial { () throws(Failure) -> State? in
        // The first source is evaluated outside the generator.
        var mark = start
        let source = try self.source(of: comprehension, use, frame, &mark)
        let before = self.raisers
        let flow = try self.run(comprehension.clauses[...], use, accumulator, frame, mark, source) {
          s throws(Failure) in
          var inner = s
          return try body(&inner)
        }
        return self.raisers == before ? try self.merged(flow, else: start) : nil
      }
      if let quiet {
        state = quiet
        return
      }
    }
    if isDrained, !isQuietInside(comprehension) {
      // RuntimeError takes the place of a StopIteration that unknown code raises inside a generator.
      let name = decidesInside(comprehension.element) ? "<drained, tested inside>" : "<drained>"
      effect(.closure(ClosureKey(kind: .generator, name: name, parameters: [])), [], &state, foreign: false)
    }
    let start = state
    let flow = try run(comprehension.clauses[...], use, accumulator, frame, state) { s throws(Failure) in
      var inner = s
      return try body(&inner)
    }
    state = try merged(flow, else: start)
  }

  private func source(of comprehension: Comprehension, _ use: VariableUse, _ frame: Frame, _ state: inout State)
    throws(Failure) -> Source?
  {
    guard case .each(_, let expression, let isAsync)? = comprehension.clauses.first else { return nil }
    return try iterationSource(expression, isAsync: isAsync, in: use, frame, &state)
  }

  /// Whether no unknown code runs inside the generator itself: only its own variables and plain attributes are read.
  private func isQuietInside(_ comprehension: Comprehension) -> Bool {
    guard comprehension.clauses.count == 1, case .each(.local, _, _) = comprehension.clauses[0] else { return false }
    return isQuiet(comprehension.element)
  }

  /// Whether the truth of something in the element is asked for inside the generator, where a StopIteration from it
  /// would become a RuntimeError; `any` and `all` ask for that of the element outside.
  private func decidesInside(_ expression: Expression) -> Bool {
    switch expression {
    case .not, .and, .or, .chain, .conditional: return true
    case .call(.global(.builtin("bool")), _): return true
    default: return false
    }
  }

  private func isQuiet(_ expression: Expression) -> Bool {
    switch expression {
    case .constant, .local: return true
    case .attribute(let object, let name):
      let isPlain = !scope.nonPlainAttributes.contains(name) && !scope.nonPlainAttributes.contains("*")
      return isPlain && allowed.contains(.plainAttributes) && isQuiet(object) && assume(.plainAttributes)
    case .compare(let op, let a, let b): return (op == .identical || op == .notIdentical) && isQuiet(a) && isQuiet(b)
    default: return false
    }
  }

  private func run(
    _ clauses: ArraySlice<Comprehension.Clause>, _ use: VariableUse, _ accumulator: Slot, _ frame: Frame,
    _ initial: State, _ known: Source? = nil, body: @escaping (State) throws(Failure) -> Flow
  ) throws(Failure) -> Flow {
    guard let clause = clauses.first else { return try body(initial) }
    let rest = clauses.dropFirst()
    var state = initial
    switch clause {
    case .filter(let test):
      return try decide(
        test, state, frame,
        then: { s throws(Failure) in try self.run(rest, use, accumulator, frame, s, body: body) },
        otherwise: { s throws(Failure) in self.fall(s) })
    case .each(let target, let expression, let isAsync):
      let source: Source
      if let known {
        source = known
      } else {
        source = try iterationSource(expression, isAsync: isAsync, in: use, frame, &state)
      }
      return try each(
        source, target, use, state, frame, extra: [accumulator],
        body: { s throws(Failure) in try self.run(rest, use, accumulator, frame, s, body: body) },
        otherwise: { s throws(Failure) in self.fall(s) })
    }
  }

  /// The state in which an expression goes on after `flow`; what raised is put aside in it.
  func merged(_ flow: Flow, else start: State) throws(Failure) -> State {
    guard var state = flow.states[.fall] else {
      var state = start
      let chain = flow.states[.raised]?.chain ?? start.chain
      state.aborted = State.Aborted(condition: graph.yes, chain: chain)
      return state
    }
    if let raised = flow.states[.raised] {
      abort(
        State.Aborted(condition: predicate(flow.selector, is: .raised), chain: raised.chain), &state)
    }
    return state
  }
}
