import BigInt
import Logic

// Operations on a container that nothing else refers to. It is a value: changing it makes another value, and reading
// from it does not let it escape. No unknown code can see it, whatever runs meanwhile.

extension Builder {
  /// A statement that changes a fresh container in place.
  func mutateOwned(_ expression: Expression, _ frame: Frame, _ state: inout State) throws(Failure) -> Bool {
    guard case .call(.attribute(.local(let name), let method), let arguments) = expression,
      let slot = ownedSlot(name, frame, state), let container = state.variables[slot]
    else { return false }
    let isPlain = arguments.count == 1 && arguments[0].kind == .positional
    switch (method, graph.type(container)) {
    case ("append", .list) where isPlain, ("add", .set) where isPlain, ("extend", .list) where isPlain: break
    case ("sort", .list) where arguments.allSatisfy({ Self.isSortOption($0.kind) }):
      let options = try sortOptions(arguments, frame, &state)
      try stillOwned(slot, container, state)
      state.variables[slot] = sorted(container, options, &state)
      note(.sortedCopy)
      return true
    default: return false
    }
    let value = try evaluate(arguments[0].value, frame, &state)
    try stillOwned(slot, container, state)
    switch method {
    case "append": add(value, to: slot, .list, &state)
    case "add": add(value, to: slot, .set, &state)
    default: extend(slot, by: value, &state)
    }
    note(.freshContainer)
    return true
  }

  /// The slot of a local that holds a container which nothing else refers to.
  func ownedSlot(_ name: String, _ frame: Frame, _ state: State) -> Slot? {
    let slot = frame.slot(name)
    return !frame.cells.contains(name) && state.owned.contains(slot) ? slot : nil
  }

  private func stillOwned(_ slot: Slot, _ container: NodeID, _ state: State) throws(Failure) {
    guard state.owned.contains(slot), state.variables[slot] == container else {
      throw unsupported("a container that is changed while its own new element is computed")
    }
  }

  /// `out.extend(xs)`, and `out += xs`, which is the same of a list.
  func extend(_ slot: Slot, by value: NodeID, _ state: inout State) {
    state.variables[slot] = effect(.extendList, [state.variables[slot] ?? graph.none, value], &state, types: .list)
  }

  // MARK: Items

  /// `c[i]` of an owned list or dictionary.
  func ownedItem(_ slot: Slot, _ index: Expression, _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID? {
    guard let container = state.variables[slot], [.list, .dictionary].contains(graph.type(container)) else {
      return nil
    }
    let key = try evaluate(index, frame, &state)
    guard state.owned.contains(slot), state.variables[slot] == container else {
      throw unsupported("a container that is changed while its own index is computed")
    }
    return try readItem(slot, key, &state)
  }

  private func readItem(_ slot: Slot, _ key: NodeID, _ state: inout State) throws(Failure) -> NodeID {
    let container = state.variables[slot] ?? graph.none
    if let item = itemInRange(container, key, isOwned: true, state) { return item }
    if let factory = state.factories[slot] {
      guard let entry = readEntry(slot, key, making: factory, &state) else {
        throw unsupported("a container that makes what is missing, and runs unknown code to find out")
      }
      note(.defaultOfMissing)
      return entry
    }
    if graph.type(container) == .dictionary {
      return readEntry(container, key, &state) ?? protocolEffect(.getItem, [container, key], &state)
    }
    return itemOrError(container, key, isOwned: true, &state)
  }

  /// `c[i] = value` of an owned list or dictionary.
  func storeOwnedItem(_ slot: Slot, _ index: Expression, _ value: NodeID, _ frame: Frame, _ state: inout State)
    throws(Failure) -> Bool
  {
    guard let container = state.variables[slot], [.list, .dictionary].contains(graph.type(container)) else {
      return false
    }
    let key = try evaluate(index, frame, &state)
    try stillOwned(slot, container, state)
    writeItem(slot, key, value, &state)
    return true
  }

  private func writeItem(_ slot: Slot, _ key: NodeID, _ value: NodeID, _ state: inout State) {
    let container = state.variables[slot] ?? graph.none
    note(.freshContainer)
    if graph.type(container) == .list {
      state.variables[slot] = effect(
        .storeInList, [container, key, value], &state, types: .list, foreign: !graph.isInteger(key))
    } else if let known = graph.replaced(container, key, value) ?? storing(container, key, value, &state) {
      state.variables[slot] = known
    } else {
      state.variables[slot] = protocolEffect(.storeInDictionary, [container, key, value], &state, types: .dictionary)
    }
  }

  /// `c[i] op= value` of an owned list or dictionary: the item is read, changed and stored again.
  func augmentOwnedItem(
    _ slot: Slot, _ index: Expression, _ frame: Frame, _ state: inout State,
    change: (NodeID, inout State) throws(Failure) -> NodeID
  ) throws(Failure) -> Bool {
    guard let container = state.variables[slot], [.list, .dictionary].contains(graph.type(container)) else {
      return false
    }
    let key = try evaluate(index, frame, &state)
    try stillOwned(slot, container, state)
    let old = try readItem(slot, key, &state)
    let read = state.variables[slot] ?? container
    let value = try change(old, &state)
    try stillOwned(slot, read, state)
    writeItem(slot, key, value, &state)
    return true
  }

  /// `d.get(k)`, `d.get(k, default)` of an owned dictionary.
  func ownedMethod(_ callee: Expression, _ arguments: [Argument], _ frame: Frame, _ state: inout State) throws(Failure)
    -> NodeID?
  {
    guard case .attribute(.local(let name), let method) = callee,
      method == "get" || method == "setdefault" && allowed.contains(.quietProtocols),
      let slot = ownedSlot(name, frame, state), let container = state.variables[slot],
      graph.type(container) == .dictionary, (1...2).contains(arguments.count),
      arguments.allSatisfy({ $0.kind == .positional })
    else { return nil }
    var values: [NodeID] = []
    for argument in arguments { values.append(try evaluate(argument.value, frame, &state)) }
    try stillOwned(slot, container, state)
    if values.count == 1 { values.append(graph.none) }
    if method == "setdefault" {
      guard let isThere = hasKey(container, values[0], &state) else {
        throw unsupported("a default for a key whose search may run unknown code")
      }
      state.variables[slot] = graph.gamma(isThere, container, stored(container, values[0], values[1], state))
      return graph.gamma(isThere, entry(container, values[0], state), values[1])
    }
    if let known = entryOr(container, values[0], values[1], &state) { return known }
    return protocolEffect(.getOrDefault, [container] + values, &state)
  }

  // MARK: Sorting

  private static func isSortOption(_ kind: Argument.Kind) -> Bool {
    kind == .keyword("key") || kind == .keyword("reverse")
  }

  /// `sorted(xs, ...)`   =   `ys = list(xs); ys.sort(...)`
  func sortedCall(_ arguments: [Argument], _ frame: Frame, _ state: inout State) throws(Failure) -> NodeID? {
    guard let first = arguments.first, first.kind == .positional,
      arguments.dropFirst().allSatisfy({ Self.isSortOption($0.kind) })
    else { return nil }
    var value: NodeID
    var isFresh: Bool
    if case .comprehension(var comprehension) = first.value, comprehension.kind == .generator {
      // A key is evaluated before the generator is drained.
      guard arguments.count == 1 else { return nil }
      comprehension.kind = .list
      (value, isFresh) = (try collect(comprehension, isDrained: true, frame, &state), true)
    } else {
      (value, isFresh) = try evaluateFresh(first.value, frame, &state)
      if isFresh, graph.type(value) != .list { (value, isFresh) = (allocate(value, &state), false) }
    }
    let options = try sortOptions(Array(arguments.dropFirst()), frame, &state)
    note(.sortedCopy)
    // The copy of a list that nothing else refers to is that list.
    if !isFresh { value = effect(.buildList([true]), [value], &state, types: .list) }
    return sorted(value, options, &state)
  }

  /// Key and direction, None where they are left out.
  private func sortOptions(_ arguments: [Argument], _ frame: Frame, _ state: inout State) throws(Failure) -> [NodeID] {
    var options = [graph.none, graph.no]
    for argument in arguments {
      let isKey = argument.kind == .keyword("key")
      if isKey, case .closure(let procedure) = argument.value {
        options[0] = try closure(procedure, namesMatter: false, frame, &state)
      } else {
        options[isKey ? 0 : 1] = try evaluate(argument.value, frame, &state)
      }
    }
    return options
  }

  private func sorted(_ list: NodeID, _ options: [NodeID], _ state: inout State) -> NodeID {
    effect(.sortList, [list] + options, &state, types: .list)
  }

  func add(_ value: NodeID, to slot: Slot, _ type: ValueTypes, _ state: inout State) {
    let container = state.variables[slot] ?? graph.none
    if type == .list {
      if graph.op(container) == .freshList {
        state.variables[slot] = graph.node(.freshList, graph.arguments(container) + [value], types: .list)
      } else {
        state.variables[slot] = graph.node(.appended, [container, value], types: .list)
      }
    } else if let known = adding(value, to: container, &state) {
      state.variables[slot] = known
    } else {
      state.variables[slot] = protocolEffect(.addToSet, [container, value], &state, types: .set)
    }
  }

  /// `x in c` where `c` is a fresh container in a local: the container does not escape.
  func containment(
    _ op: ComparisonOperator, _ left: Expression, _ right: Expression, _ frame: Frame, _ state: inout State
  ) throws(Failure) -> NodeID? {
    guard op == .contains || op == .notContains else { return nil }
    if let found = try membership(left, right, frame, &state) { return op == .contains ? found : graph.not(found) }
    guard case .local(let name) = right, !frame.cells.contains(name) else { return nil }
    let slot = frame.slot(name)
    guard state.owned.contains(slot) else { return nil }
    let element = try evaluate(left, frame, &state)
    guard state.owned.contains(slot), let container = state.variables[slot] else {
      return compare(op, element, read(name, frame, &state), &state)
    }
    if let found = hasKey(container, element, &state) { return op == .contains ? found : graph.not(found) }
    let found = protocolEffect(.compare(.contains), [element, container], &state, types: .bool)
    return op == .contains ? found : graph.not(found)
  }

  /// `x in [a, b]`   =   `x in (a, b)`: nobody can know the list. A set asks for the hash of `x` first.
  private func membership(_ left: Expression, _ right: Expression, _ frame: Frame, _ state: inout State)
    throws(Failure) -> NodeID?
  {
    let elements: [Element]
    var isSet = false
    switch right {
    case .list(let list), .tuple(let list): elements = list
    case .set(let list): (elements, isSet) = (list, true)
    case .call(.global(.builtin("set")), let arguments):
      guard arguments.count == 1, arguments[0].kind == .positional else { return nil }
      switch arguments[0].value {
      case .list(let list), .tuple(let list):
        (elements, isSet) = (list, true)
        note(.displayCall)
      default: return nil
      }
    default: return nil
    }
    let constants = elements.compactMap { element -> Constant? in
      if case .single(.constant(let constant)) = element { constant } else { nil }
    }
    guard constants.count == elements.count, !constants.isEmpty else { return nil }
    let value = try evaluate(left, frame, &state)
    let nodes = constants.map(graph.constant)
    if let known = isOneOf(value, nodes) { return known }
    if isSet {
      let set = allocate(graph.node(.freshSet, nodes, types: .set), &state)
      return effect(.compare(.contains), [value, set], &state, types: .bool)
    }
    return effect(.compare(.contains), [value, graph.node(.tuple, nodes, types: .tuple)], &state, types: .bool)
  }
}
