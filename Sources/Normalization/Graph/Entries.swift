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
    let parts = arguments(container)
    func types(_ values: some Sequence<NodeID>) -> ValueTypes { values.reduce(ValueTypes()) { $0.union(type($1)) } }
    switch op(container) {
    case .freshList: return Contents(elements: types(parts))
    case .freshSet: return Contents(keys: types(parts))
    case .freshDictionary:
      return Contents(
        keys: types(stride(from: 0, to: parts.count, by: 2).map { parts[$0] }),
        elements: types(stride(from: 1, to: parts.count, by: 2).map { parts[$0] }))
    case .appended: return contents(of: parts[0]).union(Contents(elements: type(parts[1])))
    case .stored: return contents(of: parts[0]).union(Contents(keys: type(parts[1]), elements: type(parts[2])))
    case .gamma: return contents(of: parts[1]).union(contents(of: parts[2]))
    default: return knownContents[container] ?? .unknown
    }
  }

  /// `d[k] = v`.
  func stored(_ container: NodeID, _ key: NodeID, _ value: NodeID, at moment: NodeID) -> NodeID {
    let parts = arguments(container)
    switch op(container) {
    case .stored where parts[1] == key && parts[3] == moment: return stored(parts[0], key, value, at: moment)
    case .freshDictionary:
      if let known = replaced(container, key, value) { return known }
    case .gamma where isKey(key, storedIn: container, at: moment):
      return gamma(parts[0], stored(parts[1], key, value, at: moment), stored(parts[2], key, value, at: moment))
    default: break
    }
    return node(.stored, [container, key, value, moment], types: type(container))
  }

  private func isKey(_ key: NodeID, storedIn container: NodeID, at moment: NodeID) -> Bool {
    switch op(container) {
    case .stored: return arguments(container)[1] == key && arguments(container)[3] == moment
    case .gamma: return arguments(container).dropFirst().contains { isKey(key, storedIn: $0, at: moment) }
    default: return false
    }
  }

  /// `k in d`, as a condition.
  func has(_ container: NodeID, _ key: NodeID, at moment: NodeID) -> NodeID {
    let parts = arguments(container)
    switch op(container) {
    case .stored:
      if parts[1] == key, parts[3] == moment { return yes }
      if isPlainKey(parts[1]), isPlainKey(key), pureComparison(.equal, parts[1], key) == no {
        return has(parts[0], key, at: moment)
      }
    case .gamma: return gamma(parts[0], has(parts[1], key, at: moment), has(parts[2], key, at: moment))
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
    let parts = arguments(container)
    switch op(container) {
    case .stored:
      if parts[1] == key, parts[3] == moment { return parts[2] }
      if isPlainKey(parts[1]), isPlainKey(key), pureComparison(.equal, parts[1], key) == no {
        return entry(parts[0], key, at: moment)
      }
    case .gamma: return gamma(parts[0], entry(parts[1], key, at: moment), entry(parts[2], key, at: moment))
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
