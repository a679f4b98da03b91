import Logic

// Looking for a key in a dictionary or set that nothing else refers to. It asks the key for its hash and compares it with
// keys that hash alike. Under `quiet-protocols` that has no effect and is answered alike each time, but it may raise; so
// it happens once for each key and state of the container. Of keys that are plain values it does nothing at all.

extension Builder {
  /// What a missing key of the container is given: `defaultdict(list)`, `Counter`.
  enum Factory: Hashable {
    /// Of `defaultdict`: an empty one of this builtin class, which is stored.
    case made(String)
    /// Zero, which is not stored.
    case counter

    var name: String {
      switch self {
      case .made(let type): "defaultdict(\(type))"
      case .counter: "Counter"
      }
    }
  }

  /// `defaultdict(list)`, `Counter()`, `Counter(xs)` of a sequence: what is in it, and what it makes of a missing key.
  func dictionaryWithFactory(
    _ expression: Expression, _ frame: Frame, _ state: inout State
  ) throws(Failure) -> (content: NodeID, factory: Factory)? {
    guard case .call(.global(.imported(let path)), let arguments) = expression, !isRunOnce,
      arguments.allSatisfy({ $0.kind == .positional }), arguments.count <= 1
    else { return nil }
    let empty = graph.node(.freshDictionary, types: .dictionary)
    switch path {
    case "collections.defaultdict":
      guard case .global(.builtin(let type))? = arguments.first?.value,
        ["int", "str", "list", "dict", "set"].contains(type), assume(.stableNames)
      else { return nil }
      return (empty, .made(type))
    case "collections.Counter":
      guard allowed.contains(.stableNames) else { return nil }
      guard let source = arguments.first?.value else { return assume(.stableNames) ? (empty, .counter) : nil }
      let start = state
      let counted = try trial { () throws(Failure) -> (State, NodeID)? in
        var after = start
        return try self.counts(of: source, frame, &after).map { (after, $0) }
      }
      guard let (after, content) = counted, assume(.stableNames) else { return nil }
      state = after
      return (content, .counter)
    default: return nil
    }
  }

  /// Looks for a key; false where it may run code that is not known to be quiet, and then nothing has been done.
  ///
  /// `x in s` of a set finds a set too, by its frozen copy, where `s.add(x)` raises: `isStored` is asked for once more.
  func lookUp(_ container: NodeID, _ key: NodeID, isStored: Bool, _ state: inout State) -> Bool {
    if isPlain(key, in: container) || isLookedUp(container, key, isStored: isStored, state) { return true }
    guard assume(.quietProtocols) else { return false }
    let isHashed = graph.node(.builtin("hash"))
    _ = protocolEffect(.lookUp, [container, key] + (isStored ? [isHashed] : []), &state)
    state.answers[State.Question(kind: .lookUp, operands: [container, key])] = graph.yes
    if isStored { state.answers[State.Question(kind: .lookUp, operands: [container, key, isHashed])] = graph.yes }
    return true
  }

  private func isPlain(_ key: NodeID, in container: NodeID) -> Bool {
    graph.type(key).within(.plainKeys) && graph.contents(of: container).keys.isSubset(of: .plainKeys)
  }

  /// The last effect that may have changed what keys hash and compare like.
  private func moment(_ key: NodeID, in container: NodeID, _ state: State) -> NodeID {
    isPlain(key, in: container) ? graph.none : state.clobber
  }

  private func isLookedUp(_ container: NodeID, _ key: NodeID, isStored: Bool, _ state: State) -> Bool {
    let hashed = isStored ? [graph.node(.builtin("hash"))] : []
    if state.answers[State.Question(kind: .lookUp, operands: [container, key] + hashed)] != nil { return true }
    let parts = graph.arguments(container)
    switch graph.op(container) {
    // Whoever stored it looked for it.
    case .stored where parts[1] == key: return parts[3] == moment(key, in: container, state)
    case .gamma:
      return isLookedUp(parts[1], key, isStored: isStored, state)
        && isLookedUp(parts[2], key, isStored: isStored, state)
    default: return false
    }
  }

  /// `k in c`; nil where looking for it may run unknown code.
  func hasKey(_ container: NodeID, _ key: NodeID, isStored: Bool = false, _ state: inout State) -> NodeID? {
    let isDictionary = graph.type(container) == .dictionary
    guard isMap(container), lookUp(container, key, isStored: isStored || isDictionary, &state) else { return nil }
    note(.mapOfKeys)
    return graph.has(container, key, at: moment(key, in: container, state))
  }

  /// `d[k] = v` of a key that was looked for.
  func stored(_ container: NodeID, _ key: NodeID, _ value: NodeID, _ state: State) -> NodeID {
    graph.stored(container, key, value, at: moment(key, in: container, state))
  }

  /// `d[k]` of a key that was found.
  func entry(_ container: NodeID, _ key: NodeID, _ state: State) -> NodeID {
    graph.entry(container, key, at: moment(key, in: container, state))
  }

  func isMap(_ container: NodeID) -> Bool {
    graph.type(container) == .dictionary || graph.type(container) == .set
  }

  /// `d[k]`: a missing key raises.
  func readEntry(_ container: NodeID, _ key: NodeID, _ state: inout State) -> NodeID? {
    guard let isThere = hasKey(container, key, &state) else { return nil }
    if !graph.holds(isThere, given: state.facts) {
      effect(.getItem, [container, key], &state, foreign: false)
      state.facts.formUnion(graph.mapFacts(isThere))
    }
    return entry(container, key, state)
  }

  /// `d[k]` of a container that makes what is missing.
  func readEntry(_ slot: Slot, _ key: NodeID, making factory: Factory, _ state: inout State) -> NodeID? {
    let container = state.variables[slot] ?? graph.none
    guard let isThere = hasKey(container, key, &state) else { return nil }
    let made: NodeID
    switch factory {
    case .counter: return graph.gamma(isThere, entry(container, key, state), graph.integer(0))
    case .made("int"): made = graph.integer(0)
    case .made("str"): made = graph.constant(.string(CodePoints([])))
    case .made("list"): made = allocate(graph.node(.freshList, types: .list), &state)
    case .made("dict"): made = allocate(graph.node(.freshDictionary, types: .dictionary), &state)
    case .made("set"): made = allocate(graph.node(.freshSet, types: .set), &state)
    case .made: return nil
    }
    state.variables[slot] = graph.gamma(isThere, container, stored(container, key, made, state))
    return graph.gamma(isThere, entry(container, key, state), made)
  }

  /// `d[k] = v`; nil where looking for the key may run unknown code.
  func storing(_ container: NodeID, _ key: NodeID, _ value: NodeID, _ state: inout State) -> NodeID? {
    guard isMap(container), lookUp(container, key, isStored: true, &state) else { return nil }
    note(.mapOfKeys)
    return stored(container, key, value, state)
  }

  /// `s.add(x)`: one that is there already stays.
  func adding(_ element: NodeID, to set: NodeID, _ state: inout State) -> NodeID? {
    guard let isThere = hasKey(set, element, isStored: true, &state) else { return nil }
    return graph.gamma(isThere, set, stored(set, element, graph.none, state))
  }

  /// `d.get(k, default)`.
  func entryOr(_ container: NodeID, _ key: NodeID, _ otherwise: NodeID, _ state: inout State) -> NodeID? {
    guard let isThere = hasKey(container, key, &state) else { return nil }
    return graph.gamma(isThere, entry(container, key, state), otherwise)
  }
}
