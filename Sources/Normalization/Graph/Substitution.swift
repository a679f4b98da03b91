import Logic

/// Rebuilds the part of a graph that depends on some leaves, with other leaves in their place. Every node goes through
/// its constructor again, so the result is canonical for the new leaves.
struct Substitution {
  let graph: ValueGraph
  /// Nodes older than this one depend on none of the leaves.
  private let oldest: NodeID
  /// What came of each node from `oldest` on, as far as it was asked for.
  private var memo: [NodeID?]

  init(graph: ValueGraph, leaves: [NodeID: NodeID], oldest: NodeID) {
    self.graph = graph
    self.oldest = oldest
    memo = Array(repeating: nil, count: graph.count - Int(oldest.index))
    for (leaf, value) in leaves where leaf >= oldest { self[leaf] = value }
  }

  mutating func callAsFunction(_ id: NodeID) -> NodeID {
    if id < oldest { return id }
    if let known = self[id] { return known }
    let old = graph.arguments(id)
    var changed = false
    var new: [NodeID] = []
    new.reserveCapacity(old.count)
    for argument in old {
      let replaced = self(argument)
      changed = changed || replaced != argument
      new.append(replaced)
    }
    let result = changed ? graph.rebuilt(id, new) : id
    self[id] = result
    return result
  }

  private subscript(id: NodeID) -> NodeID? {
    get {
      let place = Int(id.index - oldest.index)
      return place < memo.count ? memo[place] : nil
    }
    set {
      let place = Int(id.index - oldest.index)
      if place >= memo.count { memo.append(contentsOf: repeatElement(nil, count: place + 1 - memo.count)) }
      memo[place] = newValue
    }
  }
}

extension ValueGraph {
  /// The node `id` with other operands, in canonical form.
  func rebuilt(_ id: NodeID, _ new: [NodeID]) -> NodeID {
    let types = type(id)
    switch op(id) {
    case .gamma: return gamma(new[0], new[1], new[2])
    case .polynomial(let monomials):
      var sum = integer(0)
      var rest = new[...]
      for monomial in monomials {
        var term = integer(monomial.coefficient)
        for atom in rest.prefix(monomial.count) {
          // A product that is too large to expand stays a product.
          term =
            integerArithmetic(.multiply, term, atom)
            ?? node(.integerOperation(.multiply), [term, atom].sorted(), types: .int)
        }
        rest = rest.dropFirst(monomial.count)
        sum = integerArithmetic(.add, sum, term) ?? sum
      }
      return sum
    case .integerOperation(let operation):
      return integerArithmetic(operation, new[0], new[1]) ?? node(op(id), new, types: types)
    case .less: return pureComparison(.less, new[0], new[1]) ?? node(.less, new, types: types)
    case .equal: return pureComparison(.equal, new[0], new[1]) ?? node(.equal, new, types: types)
    case .identical: return pureComparison(.identical, new[0], new[1]) ?? node(.identical, new, types: types)
    case .stored: return stored(new[0], new[1], new[2], at: new[3])
    case .has: return has(new[0], new[1], at: new[2])
    case .storedEntry: return entry(new[0], new[1], at: new[2])
    case .reads: return reads(new.dropFirst(), after: new[0])
    case .pureCall("number=="): return node(op(id), new.sorted(), types: types)
    default: return node(op(id), new, types: types)
    }
  }

  /// Whether `id` depends on any node that `isLeaf` picks; nodes older than `oldest` do not.
  func depends(_ id: NodeID, oldest: NodeID, memo: inout [NodeID: Bool], isLeaf: (NodeID) -> Bool) -> Bool {
    if id < oldest { return false }
    if let known = memo[id] { return known }
    var result = isLeaf(id)
    if !result {
      for argument in arguments(id) where depends(argument, oldest: oldest, memo: &memo, isLeaf: isLeaf) {
        result = true
        break
      }
    }
    memo[id] = result
    return result
  }
}
