import BigInt
import Logic

/// Dictionaries and sets to which nothing else refers, as finite maps in the order of their keys' arrival. A set holds
/// None for each of its elements.
///
///     stored(d, k, v)[k] = v        k in stored(d, k, v)        stored(stored(d, k, u), k, v) = stored(d, k, v)
///
/// All of them are pure: what looking for a key may do is an effect of its own, which the builder adds where it is not
/// known to do nothing. One key is one node: the same object, which is found whatever its `==` says, as long as nothing
/// may have changed its hash. `moment` is the last effect that may have, and None where the keys are plain values.
extension ValueGraph {
  /// The types of what a container holds; keys are those of a dictionary or the elements of a set.
  struct Contents: Equatable {
    var keys = ValueTypes()
    var elements = ValueTypes()
    static let unknown = Contents(keys: .unknown, elements: .unknown)
    func union(_ other: Contents) -> Contents {
      Contents(keys: keys.union(other.keys), elements: elements.union(other.elements))
    }
    func isSubset(of other: Contents) -> Bool {
      keys.isSubset(of: other.keys) && elements.isSubset(of: other.elements)
    }
  }

  func contents(of container: NodeID) -> Contents {
    var known: [NodeID: Contents] = [:]
    return contents(of: container, &known)
  }

  // Branches of containers meet again and again, so whatever walks over them keeps what it has found: `known` is of one
  // walk.

  private func contents(of container: NodeID, _ known: inout [NodeID: Contents]) -> Contents {
    if let found = known[container] { return found }
    let parts = arguments(container)
    let result =
      switch op(container) {
      case .appended: contents(of: parts[0], &known).union(Contents(elements: type(parts[1])))
      case .stored: contents(of: parts[0], &known).union(Contents(keys: type(parts[1]), elements: type(parts[2])))
      case .gamma: contents(of: parts[1], &known).union(contents(of: parts[2], &known))
      default: ownContents(container)
      }
    known[container] = result
    return result
  }

  private func ownContents(_ container: NodeID) -> Contents {
    let parts = arguments(container)
    func types(_ values: some Sequence<NodeID>) -> ValueTypes { values.reduce(ValueTypes()) { $0.union(type($1)) } }
    switch op(container) {
    case .freshList: return Contents(elements: types(parts))
    case .freshSet: return Contents(keys: types(parts))
    case .freshDictionary:
      return Contents(
        keys: types(stride(from: 0, to: parts.count, by: 2).map { parts[$0] }),
        elements: types(stride(from: 1, to: parts.count, by: 2).map { parts[$0] }))
    default: return knownContents[container] ?? .unknown
    }
  }

  /// `d[k] = v`.
  func stored(_ container: NodeID, _ key: NodeID, _ value: NodeID, at moment: NodeID) -> NodeID {
    var known: [NodeID: NodeID] = [:]
    return stored(container, key, value, at: moment, &known)
  }

  private func stored(
    _ container: NodeID, _ key: NodeID, _ value: NodeID, at moment: NodeID, _ known: inout [NodeID: NodeID]
  ) -> NodeID {
    if let found = known[container] { return found }
    let parts = arguments(container)
    var passed: Set<NodeID> = []
    var result: NodeID?
    switch op(container) {
    case .stored where parts[1] == key && parts[3] == moment:
      result = stored(parts[0], key, value, at: moment, &known)
    case .freshDictionary: result = replaced(container, key, value)
    case .gamma where isKey(key, storedIn: container, at: moment, &passed):
      let then = stored(parts[1], key, value, at: moment, &known)
      result = gamma(parts[0], then, stored(parts[2], key, value, at: moment, &known))
    default: break
    }
    let made = result ?? node(.stored, [container, key, value, moment], types: type(container))
    known[container] = made
    return made
  }

  /// `passed`: containers that were looked at.
  private func isKey(
    _ key: NodeID, storedIn container: NodeID, at moment: NodeID, _ passed: inout Set<NodeID>
  ) -> Bool {
    guard passed.insert(container).inserted else { return false }
    let parts = arguments(container)
    switch op(container) {
    case .stored: return parts[1] == key && parts[3] == moment
    case .gamma:
      return isKey(key, storedIn: parts[1], at: moment, &passed) || isKey(key, storedIn: parts[2], at: moment, &passed)
    default: return false
    }
  }

  /// `k in d`, as a condition.
  func has(_ container: NodeID, _ key: NodeID, at moment: NodeID) -> NodeID {
    var known: [NodeID: NodeID] = [:]
    return has(container, key, at: moment, &known)
  }

  private func has(
    _ container: NodeID, _ key: NodeID, at moment: NodeID, _ known: inout [NodeID: NodeID]
  ) -> NodeID {
    if let found = known[container] { return found }
    let parts = arguments(container)
    switch op(container) {
    case .stored:
      if parts[1] == key, parts[3] == moment { return yes }
      if isPlainKey(parts[1]), isPlainKey(key), pureComparison(.equal, parts[1], key) == no {
        return has(parts[0], key, at: moment, &known)
      }
    case .gamma:
      let then = has(parts[1], key, at: moment, &known)
      let result = gamma(parts[0], then, has(parts[2], key, at: moment, &known))
      known[container] = result
      return result
    case .freshDictionary, .freshSet:
      let keys = op(container) == .freshSet ? parts : stride(from: 0, to: parts.count, by: 2).map { parts[$0] }
      if let known = isAny(of: keys, key) { return known }
    default: break
    }
    // Nothing has been stored yet.
    if contents(of: container).keys.isEmpty { return no }
    return node(.has, [container, key, moment], types: .bool)
  }

  /// `d[k]`, where it is there.
  func entry(_ container: NodeID, _ key: NodeID, at moment: NodeID) -> NodeID {
    var known: [NodeID: NodeID] = [:]
    return entry(container, key, at: moment, &known)
  }

  private func entry(
    _ container: NodeID, _ key: NodeID, at moment: NodeID, _ known: inout [NodeID: NodeID]
  ) -> NodeID {
    if let found = known[container] { return found }
    let parts = arguments(container)
    switch op(container) {
    case .stored:
      if parts[1] == key, parts[3] == moment { return parts[2] }
      if isPlainKey(parts[1]), isPlainKey(key), pureComparison(.equal, parts[1], key) == no {
        return entry(parts[0], key, at: moment, &known)
      }
    case .gamma:
      let then = entry(parts[1], key, at: moment, &known)
      let result = gamma(parts[0], then, entry(parts[2], key, at: moment, &known))
      known[container] = result
      return result
    case .freshDictionary where !parts.isEmpty:
      let keys = stride(from: 0, to: parts.count, by: 2).map { parts[$0] }
      guard isAny(of: keys, key) != nil else { break }
      var result = parts[parts.count - 1]
      for position in stride(from: parts.count - 4, through: 0, by: -2) {
        guard let isHere = pureComparison(.equal, key, parts[position]) else { break }
        result = gamma(isHere, parts[position + 1], result)
      }
      return result
    default: break
    }
    let types = contents(of: container).elements
    return node(.storedEntry, [container, key, moment], types: types.isEmpty ? .unknown : types)
  }

  /// Whether a key of a type whose `==` is known is one of some constants.
  private func isAny(of keys: [NodeID], _ key: NodeID) -> NodeID? {
    if keys.isEmpty { return no }
    guard type(key).within(ValueTypes.plainKeys), keys.allSatisfy(isPlainKey) else { return nil }
    var result = no
    for other in keys {
      guard let isEqual = pureComparison(.equal, key, other) else { return nil }
      result = disjunction(result, isEqual)
    }
    return result
  }

  /// A constant that hashes and compares without running code.
  func isPlainKey(_ key: NodeID) -> Bool {
    switch constantValue(key) {
    case .none?, .bool?, .int?, .string?, .bytes?: return true
    default: return false
    }
  }

  /// A dictionary literal with constant keys, with one entry more or another value.
  func replaced(_ container: NodeID, _ key: NodeID, _ value: NodeID) -> NodeID? {
    guard case .freshDictionary = op(container), isPlainKey(key) else { return nil }
    var entries = arguments(container)
    for position in stride(from: 0, to: entries.count, by: 2) {
      let other = entries[position]
      let isEqual = if let x = integerValue(other), let y = integerValue(key) { x == y } else { other == key }
      guard isEqual else { continue }
      entries[position + 1] = value
      return node(.freshDictionary, entries, types: .dictionary)
    }
    return node(.freshDictionary, entries + [key, value], types: .dictionary)
  }
}

extension ValueTypes {
  /// Values of these types hash and compare without running code.
  static let plainKeys: ValueTypes = [.none, .bool, .int, .string, .bytes]
}
