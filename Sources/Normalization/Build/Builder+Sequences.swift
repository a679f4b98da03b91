import BigInt
import Logic

// Lists and tuples that are surely just that: their length and their items are read without running code. A list may
// change, so what is read of it depends on the last effect that may have changed it.

extension Builder {
  func isSequence(_ value: NodeID) -> Bool { graph.type(value) == .list || graph.type(value) == .tuple }

  private func isSized(_ value: NodeID) -> Bool {
    graph.type(value).within(.string) || graph.type(value).within(.bytes) || isSequence(value)
      || graph.type(value) == .dictionary || graph.type(value) == .set
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
    return isSized(value) ? length(of: value, state) : nil
  }

  func length(of value: NodeID, _ state: State) -> NodeID {
    graph.node(.pureCall("len"), isImmutable(value) ? [value] : [value, state.clobber], types: .int)
  }

  /// `isOwned`: the list is known by its content, which nothing else can change.
  func item(of sequence: NodeID, _ index: NodeID, isOwned: Bool = false, _ state: State) -> NodeID {
    graph.node(.pureCall("item"), [sequence, index] + (isOwned || isImmutable(sequence) ? [] : [state.clobber]))
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

  /// `x in (a, b)` of constants and a value whose `==` is known: one of them is it.
  func isOneOf(_ value: NodeID, _ constants: [NodeID]) -> NodeID? {
    let plain: ValueTypes = [.none, .bool, .int, .string, .bytes]
    guard graph.type(value).within(plain), constants.allSatisfy(isPlainKey) else { return nil }
    var result = graph.no
    for constant in constants {
      guard let isEqual = graph.pureComparison(.equal, value, constant) else { return nil }
      result = graph.disjunction(result, isEqual)
    }
    note(.membershipInConstants)
    return result
  }
}
