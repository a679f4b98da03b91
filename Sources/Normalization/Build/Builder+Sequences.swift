import BigInt
import Logic

// Lists, tuples and texts that are surely just that: their length and their items are read without running code. A list
// may change, so what is read of it depends on the last effect that may have changed it.

extension Builder {
  func isSequence(_ value: NodeID) -> Bool {
    let types = graph.type(value)
    return types == .list || types == .tuple || types == .string || types == .bytes
  }

  private func isSized(_ value: NodeID) -> Bool {
    isSequence(value) || graph.type(value) == .dictionary || graph.type(value) == .set
  }

  private func isImmutable(_ value: NodeID) -> Bool { graph.type(value).within([.string, .bytes, .tuple]) }

  /// `len(x)` of a built-in container or text; nil where `__len__` may be anything.
  func knownLength(_ value: NodeID, _ state: State) -> NodeID? {
    switch graph.constantValue(value) {
    case .string(let text)?: return graph.integer(BigInt(text.values.count))
    case .bytes(let bytes)?: return graph.integer(BigInt(bytes.count))
    default: break
    }
    if case .tuple = graph.op(value) { return graph.integer(BigInt(graph.arguments(value).count)) }
    if let content = state.contents[value] { return length(ofFresh: content) }
    return isSized(value) ? length(of: value, state) : nil
  }

  func length(of value: NodeID, _ state: State) -> NodeID {
    graph.node(.pureCall("len"), isImmutable(value) ? [value] : [value, state.clobber], types: .int)
  }

  /// `isOwned`: the list is known by its content, which nothing else can change.
  func item(of sequence: NodeID, _ index: NodeID, isOwned: Bool = false, _ state: State) -> NodeID {
    let moment = isOwned || isImmutable(sequence) ? [] : [state.clobber]
    return graph.node(
      .pureCall("item"), [sequence, index] + moment, types: elements(of: sequence, at: moment.first))
  }

  /// `xs[i]` where the index is surely in range; nil where it may raise or is not known to be that of a sequence.
  func itemInRange(_ owner: NodeID, _ index: NodeID, isOwned: Bool = false, _ state: State) -> NodeID? {
    guard isSequence(owner), graph.isInteger(index),
      let length = isOwned ? length(ofFresh: owner) : knownLength(owner, state),
      let low = graph.pureComparison(.greaterOrEqual, index, graph.integer(0)),
      let high = graph.pureComparison(.less, index, length),
      graph.holds(low, given: state.facts), graph.holds(high, given: state.facts)
    else { return nil }
    note(.itemsByIndex)
    return item(of: owner, graph.asInteger(index), isOwned: isOwned, state)
  }

  /// `xs[i]` that may be out of range: of a sequence no unknown code runs.
  func itemOrError(_ owner: NodeID, _ key: NodeID, isOwned: Bool = false, _ state: inout State) -> NodeID {
    let isPlain = isSequence(owner) && graph.isInteger(key)
    let types: ValueTypes = isPlain ? elements(of: owner, at: isOwned ? nil : state.clobber) : .unknown
    return effect(.getItem, [owner, key], &state, types: types == .bool ? .integers : types, foreign: !isPlain)
  }

  // MARK: Elements

  /// The types of what a container holds. An annotation tells them of a list until something may have changed it, which
  /// is what `moment` says: the last effect that may have.
  func elements(of container: NodeID, at moment: NodeID?) -> ValueTypes {
    let types = graph.type(container)
    if types == .string { return .string }
    if types == .bytes { return .int }
    switch graph.op(container) {
    case .parameter:
      let isAsGiven = types == .tuple || moment == graph.node(.entry(depth: 0))
      return isAsGiven ? graph.elementTypes[container] ?? .unknown : .unknown
    case .tuple:
      let parts = graph.arguments(container)
      return parts.isEmpty ? .unknown : parts.reduce(ValueTypes()) { $0.union(graph.type($1)) }
    case .pureCall("slice"):
      let parts = graph.arguments(container)
      return elements(of: parts[0], at: parts.count > 4 ? parts[4] : nil)
    case .gamma:
      let parts = graph.arguments(container)
      return elements(of: parts[1], at: moment).union(elements(of: parts[2], at: moment))
    default:
      let types = graph.contents(of: container).elements
      return types.isEmpty ? .unknown : types
    }
  }

  /// A text of one character.
  func isCharacter(_ value: NodeID) -> Bool {
    let parts = graph.arguments(value)
    switch graph.op(value) {
    case .pureCall("item"): return graph.type(parts[0]) == .string
    case .effect(.getItem): return graph.type(parts[1]) == .string && graph.isInteger(parts[2])
    case .constant(.string(let text)): return text.values.count == 1
    default: return false
    }
  }

  // MARK: Slices

  /// `xs[a:b:c]` of a sequence with integers or nothing for bounds, and a constant step: it runs no unknown code.
  ///
  ///     xs[:] = xs[0:]      text[:] = text
  func sliced(_ owner: NodeID, _ slice: NodeID, isOwned: Bool = false, _ state: State) -> NodeID? {
    guard isSequence(owner), case .slice = graph.op(slice) else { return nil }
    var bounds = graph.arguments(slice)
    guard bounds[0...1].allSatisfy({ $0 == graph.none || graph.isInteger($0) }) else { return nil }
    for position in 0...1 where bounds[position] != graph.none {
      bounds[position] = graph.asInteger(bounds[position])
    }
    if bounds[2] == graph.none { bounds[2] = graph.integer(1) }
    guard let step = graph.integerValue(bounds[2]), step != 0 else { return nil }
    bounds[2] = graph.integer(step)
    if step == 1, bounds[0] == graph.none { bounds[0] = graph.integer(0) }
    let isWhole = step == 1 && bounds[0] == graph.integer(0) && bounds[1] == graph.none
    if isWhole, isImmutable(owner) { return owner }
    let moment = isOwned || isImmutable(owner) ? [] : [state.clobber]
    return graph.node(.pureCall("slice"), [owner] + bounds + moment, types: graph.type(owner))
  }

  /// A sequence as it is walked through: item number `k` is item number `first + step * k` of `base`, as long as `k` is
  /// below each of the limits.
  struct Window {
    var base: NodeID
    var isOwned: Bool
    /// When the items are read; nil where that is when they are reached.
    var moment: NodeID?
    var first: NodeID
    var isFalling = false
    var limits: [NodeID]
    /// The list may change meanwhile: it is asked in each round whether the item is there.
    var isLive = false
  }

  /// `xs[k:]`, `xs[::-1]` and what they are slices of are walked through without a copy.
  func window(_ sequence: NodeID, isOwned: Bool, _ state: State) -> Window {
    let zero = graph.integer(0)
    func length(_ value: NodeID, _ moment: NodeID?) -> NodeID {
      if let moment { return graph.node(.pureCall("len"), [value, moment], types: .int) }
      return isOwned && graph.type(value) == .list ? self.length(ofFresh: value) : knownLength(value, state) ?? zero
    }
    if case .pureCall("slice") = graph.op(sequence) {
      let parts = graph.arguments(sequence)
      let moment = parts.count > 4 ? parts[4] : nil
      let whole = length(parts[0], moment)
      let low = graph.integerValue(parts[1])
      if let low, low >= 0, parts[2] == graph.none, parts[3] == graph.integer(1),
        let rest = graph.integerArithmetic(.subtract, whole, parts[1])
      {
        note(.walkedSlice)
        return Window(base: parts[0], isOwned: isOwned, moment: moment, first: parts[1], limits: [rest])
      }
      if parts[1] == graph.none, parts[2] == graph.none, parts[3] == graph.integer(-1),
        let last = graph.integerArithmetic(.subtract, whole, graph.integer(1))
      {
        note(.walkedSlice)
        return Window(
          base: parts[0], isOwned: isOwned, moment: moment, first: last, isFalling: true, limits: [whole])
      }
    }
    let isLive = !isOwned && !isImmutable(sequence)
    return Window(
      base: sequence, isOwned: isOwned, moment: nil, first: zero, limits: isLive ? [] : [length(sequence, nil)],
      isLive: isLive)
  }

  /// `reversed(xs)`: from the last item that there is now.
  func reversed(_ sequence: NodeID, isOwned: Bool, _ state: State) -> Window? {
    var window = window(sequence, isOwned: isOwned, state)
    if window.isLive { window.limits = [length(of: sequence, state)] }
    guard window.limits.count == 1, !window.isFalling,
      let past = graph.integerArithmetic(.add, window.first, window.limits[0]),
      let last = graph.integerArithmetic(.subtract, past, graph.integer(1))
    else { return nil }
    note(.walkedSlice)
    window.first = last
    window.isFalling = true
    return window
  }

  private func index(_ counter: NodeID, in window: Window) -> NodeID {
    graph.integerArithmetic(window.isFalling ? .subtract : .add, window.first, counter) ?? window.first
  }

  /// Whether there is an item number `counter`.
  func has(_ counter: NodeID, in window: Window, _ state: State) -> NodeID {
    var result = graph.yes
    for limit in window.limits {
      result = graph.conjunction(result, graph.pureComparison(.less, counter, limit) ?? graph.no)
    }
    guard window.isLive else { return result }
    let isThere = graph.pureComparison(.less, index(counter, in: window), length(of: window.base, state)) ?? graph.no
    return graph.holds(isThere, given: state.facts) ? result : graph.conjunction(result, isThere)
  }

  func item(of window: Window, _ counter: NodeID, _ state: State) -> NodeID {
    let index = index(counter, in: window)
    guard let moment = window.moment else { return item(of: window.base, index, isOwned: window.isOwned, state) }
    return graph.node(
      .pureCall("item"), [window.base, index, moment], types: elements(of: window.base, at: moment))
  }

  // MARK: Membership

  /// `x in (a, b)` of constants and a value whose `==` is known: one of them is it.
  func isOneOf(_ value: NodeID, _ constants: [NodeID]) -> NodeID? {
    let plain: ValueTypes = [.none, .bool, .int, .string, .bytes]
    guard graph.type(value).within(plain), constants.allSatisfy(graph.isPlainKey) else { return nil }
    var result = graph.no
    for constant in constants {
      guard let isEqual = graph.pureComparison(.equal, value, constant) else { return nil }
      result = graph.disjunction(result, isEqual)
    }
    note(.membershipInConstants)
    return result
  }

  /// `x in text`, of texts; of a single character whether it is one of those.
  func isInText(_ value: NodeID, _ text: NodeID) -> NodeID? {
    guard graph.type(value) == .string, graph.type(text) == .string else { return nil }
    if isCharacter(value), case .string(let whole)? = graph.constantValue(text), whole.values.count <= 32 {
      return isOneOf(value, whole.values.map { graph.constant(.string(CodePoints([$0]))) })
    }
    return graph.node(.pureCall("in"), [value, text], types: .bool)
  }
}
