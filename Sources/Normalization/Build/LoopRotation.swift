import Logic

/// A loop that starts in its middle:
///
///     A; while c: B; A   =   while True: A; if not c: break; B
///
/// What the end of a round does again of what stood before the loop becomes the start of every round. It is found on
/// the equations: effects at the head of both the initial and the next chain, with the values that they give, are one
/// template `T` over holes; the holes are what the loop carries then (anti-unification: Plotkin 1970).
struct LoopRotation {
  /// What each placeholder is at the start of a round, on the new placeholders.
  private(set) var starts: [NodeID: NodeID] = [:]
  /// What the rotated loop carries: its initial and its next value, on the old placeholders.
  private(set) var carried: [(placeholder: NodeID, initial: NodeID, next: NodeID)] = []
  private(set) var initialChain: NodeID
  private(set) var nextChain: NodeID

  private struct Hole: Hashable {
    var initial: NodeID
    var next: NodeID
  }
  private let graph: ValueGraph
  private let oldest: NodeID
  private var templates: [Hole: NodeID] = [:]
  private var dependence: [NodeID: Bool] = [:]
  private let isPlaceholder: (NodeID) -> Bool

  /// Nil where nothing before the loop is done again at the end of a round.
  init?(
    chain: NodeID, initialChain: NodeID, nextChain: NodeID,
    carried old: [(placeholder: NodeID, initial: NodeID, next: NodeID)], graph: ValueGraph
  ) {
    self.graph = graph
    self.oldest = chain
    self.initialChain = initialChain
    self.nextChain = nextChain
    let placeholders = Set(old.map(\.placeholder) + [chain])
    isPlaceholder = { placeholders.contains($0) }
    var (from, to) = (initialChain, nextChain)
    var effects: [(initial: NodeID, next: NodeID)] = []
    while matches(from, to), isLink(from) {
      effects.append((from, to))
      (from, to) = (graph.arguments(from)[0], graph.arguments(to)[0])
    }
    guard !effects.isEmpty else { return nil }
    self.initialChain = from
    self.nextChain = to
    templates[Hole(initial: from, next: to)] = chain
    // A variable that the template leaves as it is stays the variable that it was.
    var kept: [(placeholder: NodeID, initial: NodeID, next: NodeID)] = []
    for variable in old where !isEffectful(variable.initial) || !isEffectful(variable.next) {
      templates[Hole(initial: variable.initial, next: variable.next)] = variable.placeholder
      kept.append(variable)
    }
    carried = kept
    for variable in old { starts[variable.placeholder] = template(variable.initial, variable.next) }
    starts[chain] = template(initialChain, nextChain)
  }

  /// A link of the chain.
  private func isLink(_ id: NodeID) -> Bool {
    switch graph.op(id) {
    case .effect, .reads: true
    default: false
    }
  }

  private func isEffectful(_ id: NodeID) -> Bool {
    switch graph.op(id) {
    case .effect, .reads, .outcome, .part: true
    default: false
    }
  }

  /// Whether two effects do the same on operands that may differ from round to round.
  private mutating func matches(_ initial: NodeID, _ next: NodeID) -> Bool {
    guard isEffectful(initial), graph.op(initial) == graph.op(next) else { return false }
    let (a, b) = (graph.arguments(initial), graph.arguments(next))
    guard a.count == b.count else { return false }
    for (x, y) in zip(a, b).dropFirst() where x != y {
      // Another callee or constant is another effect.
      if !dependsOnLoop(y) { return false }
    }
    return true
  }

  private mutating func dependsOnLoop(_ id: NodeID) -> Bool {
    let isLeaf = isPlaceholder
    return graph.depends(id, oldest: oldest, memo: &dependence, isLeaf: isLeaf)
  }

  private mutating func template(_ initial: NodeID, _ next: NodeID) -> NodeID {
    if initial == next { return initial }
    let hole = Hole(initial: initial, next: next)
    if let known = templates[hole] { return known }
    let result: NodeID
    if matches(initial, next) {
      var arguments: [NodeID] = []
      for (x, y) in zip(graph.arguments(initial), graph.arguments(next)) { arguments.append(template(x, y)) }
      result = graph.rebuilt(initial, arguments)
    } else {
      let types = graph.type(initial).union(graph.type(next))
      result = graph.provisional(types: types)
      carried.append((result, initial, next))
    }
    templates[hole] = result
    return result
  }
}
