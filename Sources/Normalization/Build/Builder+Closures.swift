import Logic

extension Builder {
  /// A nested function: its body is a graph of its own on the values around it, and on the cells that it shares.
  ///
  /// `namesMatter`: whether a caller may pass its parameters by name.
  func closure(_ procedure: Procedure, namesMatter: Bool = true, _ frame: Frame, _ state: inout State)
    throws(Failure) -> NodeID
  {
    var defaults: [NodeID] = []
    for parameter in procedure.parameters {
      if let value = parameter.defaultValue { defaults.append(try evaluate(value, frame, &state)) }
    }
    letGo(of: CapturedNames(of: procedure).read, frame, &state)
    let key = ClosureKey(
      kind: procedure.kind, name: procedure.name.split(separator: ".").last.map(String.init) ?? "",
      parameters: procedure.parameters.map {
        ClosureKey.ParameterKey(name: namesMatter ? $0.name : "", kind: $0.kind, hasDefault: $0.defaultValue != nil)
      })
    let root = try region(state) { inner throws(Failure) in
      let nested = self.makeFrame(procedure, parent: frame)
      for (position, parameter) in procedure.parameters.enumerated() {
        let types: ValueTypes =
          parameter.kind == .variadic ? .tuple : parameter.kind == .variadicKeyword ? .dictionary : .unknown
        let value = self.graph.node(
          .placeholder(depth: self.depth, rank: position, types: types), types: types)
        self.assign(parameter.name, value, fresh: false, nested, &inner)
      }
      return try self.execute(procedure.body, inner, nested)
    }
    return effect(.closure(key), [root] + defaults, &state, types: .function, foreign: false)
  }

  /// A generator expression: the first iterable is asked for its iterator here, the rest runs as it is drained.
  func generator(_ comprehension: Comprehension, _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID {
    guard case .each(let target, let first, let isAsync)? = comprehension.clauses.first else {
      throw unsupported("a generator expression without a loop")
    }
    var bindsOutside = false
    var walk = Walk()
    walk.expression = { if case .named(.local, _) = $0 { bindsOutside = true } }
    walk.visit(.comprehension(comprehension))
    if bindsOutside { throw unsupported("a generator expression that binds a name around it") }
    let object = try evaluate(first, frame, &state)
    let iterator =
      isAsync ? effect(.iterateAsync, [object], &state) : iterate(object, &state)
    let use = VariableUse.of(.comprehension(comprehension))
    letGo(of: Set(use.reads.keys), frame, &state)
    let root = try region(state) { inner throws(Failure) in
      try self.each(
        .iterator(iterator, isAsync: isAsync), target, use, inner, frame,
        body: { s throws(Failure) in
          try self.generatorBody(comprehension.clauses.dropFirst(), comprehension, use, s, frame)
        }, otherwise: { s throws(Failure) in self.fall(s) })
    }
    let key = ClosureKey(kind: .generator, name: "<genexpr>", parameters: [])
    return effect(.closure(key), [iterator, root], &state, types: .other, foreign: false)
  }

  private func generatorBody(
    _ clauses: ArraySlice<Comprehension.Clause>, _ comprehension: Comprehension, _ use: VariableUse, _ initial: State,
    _ frame: Frame
  ) throws(Failure) -> Flow {
    var state = initial
    guard let clause = clauses.first else {
      let value = try evaluate(comprehension.element, frame, &state)
      effect(.yield, [value], &state)
      return fall(state)
    }
    let rest = clauses.dropFirst()
    switch clause {
    case .filter(let test):
      let condition = try evaluateCondition(test, frame, &state)
      return try conditional(
        condition, state,
        { s throws(Failure) in try self.generatorBody(rest, comprehension, use, s, frame) },
        { s throws(Failure) in self.fall(s) })
    case .each(let target, let expression, let isAsync):
      let source = try iterationSource(expression, isAsync: isAsync, in: use, frame, &state)
      return try each(
        source, target, use, state, frame,
        body: { s throws(Failure) in try self.generatorBody(rest, comprehension, use, s, frame) },
        otherwise: { s throws(Failure) in self.fall(s) })
    }
  }

  /// Fresh containers that a closure can see are objects from here on.
  func letGo(of names: Set<String>, _ frame: Frame, _ state: inout State) {
    for name in frame.inOrder(names) where frame.bindings.contains(name) && !frame.cells.contains(name) {
      let slot = frame.slot(name)
      if state.owned.contains(slot) { _ = materialize(slot, &state) }
    }
  }

  /// The root of code that runs later, any number of times, on the values that variables have here.
  private func region(_ around: State, _ body: (inout State) throws(Failure) -> Flow) throws(Failure) -> NodeID {
    depth += 1
    // A handler around a call of it may look at which read failed.
    protections += 1
    let outer = (guarded, handling, loopNesting)
    guarded = []
    handling = []
    defer {
      depth -= 1
      protections -= 1
      (guarded, handling, loopNesting) = outer
    }
    let entry = graph.node(.entry(depth: depth), types: .other)
    var inner = around
    inner.aborted = nil
    inner.chain = entry
    inner.clobber = entry
    inner.region = entry
    inner.objects = [:]
    inner.forget()
    return try finish(try body(&inner))
  }
}
