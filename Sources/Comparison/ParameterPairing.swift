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

/// Both procedures over the parameters of both, in one order. One that only one version has stands at its default, as
/// callers that do not know it see it; without a default the other version gets it too, and does not look at it.
enum ParameterAlignment {
  /// Nil where a default is not a value that can be written down.
  static func align(_ old: Procedure, _ new: Procedure) -> (old: Procedure, new: Procedure)? {
    let pairs = ParameterPairing.pair(
      old.parameters.map { ($0.name, $0.kind) }, new.parameters.map { ($0.name, $0.kind) })
    let isPlain =
      old.parameters.count == new.parameters.count
      && pairs.allSatisfy { pair in pair.old == pair.new }
      && zip(old.parameters, new.parameters).allSatisfy { $0.kind == $1.kind }
    if isPlain { return (old, new) }
    var (left, right) = (old, new)
    left.parameters = []
    right.parameters = []
    var settled: (old: [Statement], new: [Statement]) = ([], [])
    for pair in pairs {
      switch (pair.old.map { old.parameters[$0] }, pair.new.map { new.parameters[$0] }) {
      case (var one?, let other?):
        // How it is handed over is the caller's affair, and listed as such.
        one.kind = other.kind
        left.parameters.append(one)
        right.parameters.append(other)
      case (let one?, nil):
        switch standing(one) {
        case .at(let statement): settled.old.append(statement)
        case .anything:
          left.parameters.append(one)
          right.parameters.append(unused(one, in: new))
        case .unknown: return nil
        }
      case (nil, let other?):
        switch standing(other) {
        case .at(let statement): settled.new.append(statement)
        case .anything:
          left.parameters.append(unused(other, in: old))
          right.parameters.append(other)
        case .unknown: return nil
        }
      case (nil, nil): break
      }
    }
    left.body = settled.old + left.body
    right.body = settled.new + right.body
    return (left, right)
  }

  private enum Standing {
    case at(Statement)
    case anything
    case unknown
  }

  /// Assigns its default to a parameter. Only values that are the same object each time: a fresh list is not.
  private static func standing(_ parameter: Parameter) -> Standing {
    let value: Expression
    switch (parameter.kind, parameter.defaultValue) {
    case (.variadic, _): value = .tuple([])
    case (.variadicKeyword, _): value = .dictionary([])
    case (_, nil): return .anything
    case (_, .constant(let constant)?): value = .constant(constant)
    default: return .unknown
    }
    return .at(Statement(.assign([.local(parameter.name)], value)))
  }

  /// The parameter under a name that the procedure does not use.
  private static func unused(_ parameter: Parameter, in procedure: Procedure) -> Parameter {
    let text = ProcedurePrinter.print(procedure)
    var result = parameter
    result.hint = nil
    while text.contains(result.name) { result.name += "_" }
    return result
  }
}
