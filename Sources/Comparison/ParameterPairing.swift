import Logic

/// Which parameter of one revision is which of the other.
///
/// By position, since that is how they are called; but where every old name is still there in its order (or the other
/// way round), by name, so that one inserted parameter does not shift all that follow.
enum ParameterPairing {
  struct Pair: Hashable {
    var old: Int?
    var new: Int?
  }
  typealias Item = (name: String, kind: Parameter.Kind)

  static func pair(_ old: [Item], _ new: [Item]) -> [Pair] {
    var pairs: [Pair] = []
    pairs += positional(old, new)
    for kind in [Parameter.Kind.variadic, .variadicKeyword] {
      let left = old.firstIndex { $0.kind == kind }
      let right = new.firstIndex { $0.kind == kind }
      if left != nil || right != nil { pairs.append(Pair(old: left, new: right)) }
    }
    // Named ones by name; one that became so, or is no longer, has been paired by its name above or stands alone.
    let taken = (old: Set(pairs.compactMap(\.old)), new: Set(pairs.compactMap(\.new)))
    var free = new.indices.filter { new[$0].kind == .keywordOnly && !taken.new.contains($0) }
    for index in old.indices where old[index].kind == .keywordOnly && !taken.old.contains(index) {
      let match = free.firstIndex { new[$0].name == old[index].name }
      pairs.append(Pair(old: index, new: match.map { free.remove(at: $0) }))
    }
    pairs += free.map { Pair(old: nil, new: $0) }
    return joinByName(pairs, old, new)
  }

  private static func positional(_ old: [Item], _ new: [Item]) -> [Pair] {
    func isPositional(_ item: Item) -> Bool { item.kind == .positional || item.kind == .positionalOnly }
    let left = old.indices.filter { isPositional(old[$0]) }
    let right = new.indices.filter { isPositional(new[$0]) }
    if left.count == right.count { return zip(left, right).map { Pair(old: $0, new: $1) } }
    if let pairs = subsequence(left, old, right, new) { return pairs }
    if let pairs = subsequence(right, new, left, old) { return pairs.map { Pair(old: $0.new, new: $0.old) } }
    return (0..<max(left.count, right.count)).map {
      Pair(old: $0 < left.count ? left[$0] : nil, new: $0 < right.count ? right[$0] : nil)
    }
  }

  /// Pairs by name where the names of `short` all occur in `long` in their order.
  private static func subsequence(_ short: [Int], _ shortItems: [Item], _ long: [Int], _ longItems: [Item]) -> [Pair]? {
    var pairs: [Pair] = []
    var rest = short[...]
    for index in long {
      if let next = rest.first, shortItems[next].name == longItems[index].name {
        pairs.append(Pair(old: next, new: index))
        rest = rest.dropFirst()
      } else {
        pairs.append(Pair(old: nil, new: index))
      }
    }
    return rest.isEmpty ? pairs : nil
  }

  /// A parameter that lost its partner to a change of kind is still the one of that name.
  private static func joinByName(_ pairs: [Pair], _ old: [Item], _ new: [Item]) -> [Pair] {
    var result = pairs
    for index in result.indices {
      guard let left = result[index].old, result[index].new == nil,
        let other = result.firstIndex(where: { pair in
          pair.old == nil && pair.new.map { new[$0].name == old[left].name && !isRest(new[$0].kind) } ?? false
        }), !isRest(old[left].kind)
      else { continue }
      result[index].new = result[other].new
      result[other].new = nil
    }
    return result.filter { $0.old != nil || $0.new != nil }
  }

  private static func isRest(_ kind: Parameter.Kind) -> Bool { kind == .variadic || kind == .variadicKeyword }
}

/// Both procedures over the parameters that they share, in one order: a parameter that one side lacks stands at its
/// default, as callers that do not know it see it.
enum ParameterAlignment {
  /// Nil where a parameter that only one side has has no default that can be written down.
  static func align(_ old: Procedure, _ new: Procedure) -> (old: Procedure, new: Procedure)? {
    let pairs = ParameterPairing.pair(
      old.parameters.map { ($0.name, $0.kind) }, new.parameters.map { ($0.name, $0.kind) })
    let isPlain =
      old.parameters.count == new.parameters.count
      && pairs.allSatisfy { pair in pair.old == pair.new }
    if isPlain { return (old, new) }
    var (left, right) = (old, new)
    left.parameters = []
    right.parameters = []
    var settled: (old: [Statement], new: [Statement]) = ([], [])
    for pair in pairs {
      switch (pair.old.map { old.parameters[$0] }, pair.new.map { new.parameters[$0] }) {
      case (let one?, let other?):
        left.parameters.append(one)
        right.parameters.append(other)
      case (let one?, nil):
        guard let statement = standing(one) else { return nil }
        settled.old.append(statement)
      case (nil, let other?):
        guard let statement = standing(other) else { return nil }
        settled.new.append(statement)
      case (nil, nil): break
      }
    }
    left.body = settled.old + left.body
    right.body = settled.new + right.body
    return (left, right)
  }

  /// Assigns its default to a parameter. Only values that are the same object each time: a fresh list is not.
  private static func standing(_ parameter: Parameter) -> Statement? {
    let value: Expression
    switch parameter.kind {
    case .variadic: value = .tuple([])
    case .variadicKeyword: value = .dictionary([])
    default:
      guard case .constant(let constant)? = parameter.defaultValue else { return nil }
      value = .constant(constant)
    }
    return Statement(.assign([.local(parameter.name)], value))
  }
}
