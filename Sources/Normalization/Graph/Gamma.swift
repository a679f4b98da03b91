import Logic

/// Conditional values. `gamma(c, x, y)` is `x` where `c` holds and `y` elsewhere.
///
/// The equations, each applied as a node is made, keep gammas reduced and ordered as in a multi-terminal binary
/// decision diagram (Bryant 1986; Bahar et al. 1993), with the conditions in the order in which they were first met:
///
///     gamma(true, x, y) = x                          gamma(c, x, x) = x
///     gamma(c, true, false) = c                      gamma(gamma(p, q, r), x, y) = gamma(p, gamma(q, x, y), gamma(r, x, y))
///     gamma(c, gamma(c, x, y), z) = gamma(c, x, z)
///
/// The value of a condition that a path does not reach is arbitrary there, and so the order in which conditions are
/// asked for is free: what was really evaluated is told by the effect chain, never by a gamma.
extension ValueGraph {
  /// `condition` is a node of type bool.
  func gamma(_ condition: NodeID, _ then: NodeID, _ otherwise: NodeID) -> NodeID {
    if then == otherwise { return then }
    switch op(condition) {
    case .constant(.bool(let value)): return value ? then : otherwise
    default: break
    }
    if constantValue(then) == .bool(true), constantValue(otherwise) == .bool(false) { return condition }
    let key = GammaKey(condition: condition, then: then, otherwise: otherwise)
    if let known = gammaMemo[key] { return known }
    if isExhausted { return node(.gamma, [condition, then, otherwise]) }

    // Expand by the condition that was met first.
    var top = firstCondition(condition)
    if let other = firstConditionOfValue(then), other < top { top = other }
    if let other = firstConditionOfValue(otherwise), other < top { top = other }
    let result: NodeID
    if top == condition, splitValue(then, by: top) == nil, splitValue(otherwise, by: top) == nil {
      result = rawGamma(top, then, otherwise)
    } else {
      let (cYes, cNo) = splitCondition(condition, by: top)
      let (tYes, tNo) = splitValue(then, by: top) ?? (then, then)
      let (oYes, oNo) = splitValue(otherwise, by: top) ?? (otherwise, otherwise)
      let whenTrue = gamma(cYes, tYes, oYes)
      let whenFalse = gamma(cNo, tNo, oNo)
      result = rawGamma(top, whenTrue, whenFalse)
    }
    gammaMemo[key] = result
    return result
  }

  func not(_ condition: NodeID) -> NodeID { gamma(condition, no, yes) }
  func conjunction(_ a: NodeID, _ b: NodeID) -> NodeID { gamma(a, b, no) }
  func disjunction(_ a: NodeID, _ b: NodeID) -> NodeID { gamma(a, yes, b) }

  /// `value`, of interest only where `care` holds: the same node for any two values that agree there (the generalized
  /// cofactor of Coudert and Madre, 1990).
  func constrain(_ value: NodeID, to care: NodeID) -> NodeID {
    var memo: [GammaKey: NodeID] = [:]
    return constrain(value, care, &memo)
  }

  private func constrain(_ value: NodeID, _ care: NodeID, _ memo: inout [GammaKey: NodeID]) -> NodeID {
    // Past its budget, a graph is no longer in order, and nothing more is made of it.
    guard constantValue(care) == nil, !isExhausted else { return value }
    if hasParts(value) { return constrainParts(of: value, care, &memo) }
    guard let valueTop = firstConditionOfValue(value) else { return value }
    let key = GammaKey(condition: care, then: value, otherwise: value)
    if let known = memo[key] { return known }
    let top = min(valueTop, firstCondition(care))
    let (cYes, cNo) = splitCondition(care, by: top)
    let (vYes, vNo) = splitValue(value, by: top) ?? (value, value)
    if cYes == care, vYes == value { return value }
    let result: NodeID
    if cYes == no {
      result = constrain(vNo, cNo, &memo)
    } else if cNo == no {
      result = constrain(vYes, cYes, &memo)
    } else {
      result = gamma(top, constrain(vYes, cYes, &memo), constrain(vNo, cNo, &memo))
    }
    memo[key] = result
    return result
  }

  /// Makes a value of its parts, whatever they are: a choice among two such is one of chosen parts.
  private func isConstructor(_ value: NodeID) -> Bool {
    switch op(value) {
    case .tuple, .freshList, .appended, .stored: true
    default: false
    }
  }

  private func hasParts(_ value: NodeID) -> Bool {
    if case .reads = op(value) { true } else { isConstructor(value) }
  }

  /// Whether what a path knows may simplify the value.
  func isConditional(_ value: NodeID) -> Bool { op(value) == .gamma || hasParts(value) }

  private func constrainParts(of value: NodeID, _ care: NodeID, _ memo: inout [GammaKey: NodeID]) -> NodeID {
    let key = GammaKey(condition: care, then: value, otherwise: value)
    if let known = memo[key] { return known }
    let parts = arguments(value)
    let simpler = parts.map { constrain($0, care, &memo) }
    let result = simpler == parts ? value : rebuilt(value, simpler)
    memo[key] = result
    return result
  }

  /// `gamma(c, (a, b), (x, y)) = (gamma(c, a, x), gamma(c, b, y))`, and the same of lists that end alike.
  private func sameConstructor(_ condition: NodeID, _ then: NodeID, _ otherwise: NodeID) -> NodeID? {
    guard isConstructor(then), op(then) == op(otherwise), type(then) == type(otherwise) else { return nil }
    let (a, b) = (arguments(then), arguments(otherwise))
    guard a.count == b.count else { return nil }
    switch op(then) {
    case .appended where a[0] != b[0]: return nil
    case .stored where a[0] != b[0] || a[1] != b[1] || a[3] != b[3]: return nil
    default: break
    }
    return rebuilt(then, zip(a, b).map { gamma(condition, $0, $1) })
  }

  private func rawGamma(_ condition: NodeID, _ then: NodeID, _ otherwise: NodeID) -> NodeID {
    if then == otherwise { return then }
    if constantValue(then) == .bool(true), constantValue(otherwise) == .bool(false) { return condition }
    if let merged = sameEffect(condition, then, otherwise) { return merged }
    if let merged = sameReads(condition, then, otherwise) { return merged }
    if let merged = sameConstructor(condition, then, otherwise) { return merged }
    return node(.gamma, [condition, then, otherwise], types: type(then).union(type(otherwise)))
  }

  /// What both branches do last is done after they have met:
  ///
  ///     if c: f(); g()          if c: f()
  ///     else: g()           =   g()
  private func sameEffect(_ condition: NodeID, _ then: NodeID, _ otherwise: NodeID) -> NodeID? {
    guard case .effect = op(then), op(then) == op(otherwise) else { return nil }
    let (a, b) = (arguments(then), arguments(otherwise))
    guard a.count == b.count else { return nil }
    var merged = [gamma(condition, a[0], b[0])]
    for (x, y) in zip(a, b).dropFirst() {
      let operand = gamma(condition, x, y)
      // Of operands that differ, only what is one effect after the meeting is the same.
      if x != y, case .effect = op(operand) {
        merged.append(operand)
      } else if x == y {
        merged.append(x)
      } else {
        return nil
      }
    }
    return node(op(then), merged, types: type(then).union(type(otherwise)))
  }

  /// Plain attribute reads of which some are done on one path only:
  ///
  ///     gamma(c, reads[e, x, y], reads[e, x]) = reads[e, x, gamma(c, y, None)]
  private func sameReads(_ condition: NodeID, _ then: NodeID, _ otherwise: NodeID) -> NodeID? {
    let (a, b) = (readsApart(then), readsApart(otherwise))
    guard a.anchor == b.anchor, a.reads != b.reads else { return nil }
    var reads: [NodeID] = []
    for read in a.reads.union(b.reads) {
      let isShared = a.reads.contains(read) && b.reads.contains(read)
      reads.append(
        isShared ? read : gamma(condition, a.reads.contains(read) ? read : none, b.reads.contains(read) ? read : none))
    }
    return self.reads(reads, after: a.anchor)
  }

  /// A chain that ends in plain reads: what comes before them, and they.
  func readsApart(_ chain: NodeID) -> (anchor: NodeID, reads: Set<NodeID>) {
    guard case .reads = op(chain) else { return (chain, []) }
    return (arguments(chain)[0], Set(arguments(chain).dropFirst()))
  }

  /// Plain reads in no order, each once: one that is done on some paths and on others too is done on both.
  func reads(_ reads: some Sequence<NodeID>, after anchor: NodeID) -> NodeID {
    let (base, earlier) = readsApart(anchor)
    var conditions: [NodeID: NodeID] = [:]
    func add(_ read: NodeID, where condition: NodeID) {
      if read == none { return }
      if case .gamma = op(read) {
        let parts = arguments(read)
        add(parts[1], where: conjunction(condition, parts[0]))
        add(parts[2], where: conjunction(condition, not(parts[0])))
      } else {
        conditions[read] = conditions[read].map { disjunction($0, condition) } ?? condition
      }
    }
    for read in earlier.union(reads) { add(read, where: yes) }
    let operands = Set(conditions.map { gamma($0.value, $0.key, none) }).subtracting([none])
    return operands.isEmpty ? base : node(.reads, [base] + operands.sorted(), types: .other)
  }

  /// The condition at the top of a boolean: of a gamma its own, of an atom the atom.
  private func firstCondition(_ condition: NodeID) -> NodeID {
    if case .gamma = op(condition) { return arguments(condition)[0] }
    return condition
  }

  private func firstConditionOfValue(_ value: NodeID) -> NodeID? {
    if case .gamma = op(value) { return arguments(value)[0] }
    return isAtomicCondition(value) ? value : nil
  }

  private func splitCondition(_ condition: NodeID, by top: NodeID) -> (NodeID, NodeID) {
    splitValue(condition, by: top) ?? (condition, condition)
  }

  /// The value where `top` holds and where it does not, if it depends on `top` at its head.
  private func splitValue(_ value: NodeID, by top: NodeID) -> (NodeID, NodeID)? {
    if value == top { return isAtomicCondition(value) ? (yes, no) : nil }
    if case .gamma = op(value), arguments(value)[0] == top { return (arguments(value)[1], arguments(value)[2]) }
    return nil
  }

  /// A boolean that is no constant and no gamma.
  private func isAtomicCondition(_ value: NodeID) -> Bool {
    guard type(value) == .bool else { return false }
    switch op(value) {
    case .constant, .gamma: return false
    default: return true
    }
  }
}
