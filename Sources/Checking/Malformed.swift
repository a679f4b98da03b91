import Logic

// Values whose parts do not fit together: what one version stumbles over there, the other need not.

extension PairRunner {
  /// Whether a version fails on a value that no caller means: rows of different lengths, a record without a field that
  /// both versions read, a size below zero, three items where both know two. A list that is searched by halves and
  /// stands in no order is no input of either.
  func isMalformed(_ input: Case, _ old: Execution, _ new: Execution) -> Bool {
    let (oldFails, newFails) = (old.outcome.isImplicitFailure, new.outcome.isImplicitFailure)
    let isFailing = oldFails || newFails
    if turnsSpans(input, old, new) { return true }
    for question in old.consulted + new.consulted {
      guard let demand = question.name.flatMap({ answers[$0] }), case .value(let value) = question.answer else {
        continue
      }
      if value.isNoSize([demand], oldFails: oldFails) || value.measured(by: [demand]) != value { return true }
    }
    for (slot, value) in zip(slots, input.values) {
      if value.isNoSize(slot.demands.map(\.demand), oldFails: oldFails) { return true }
      guard let structure = slot.structure else { continue }
      if structure.old.isFormatted, case .tuple = value { return true }
      if value.measured(by: [structure.old, structure.new]) != value || value.isRagged(structure.old, structure.new) {
        return true
      }
      if value.isUnsorted(structure.old) || value.isUnsorted(structure.new) { return true }
      guard isFailing else { continue }
      if value.lacksParts(structure.old, structure.new) { return true }
      if oldFails, !newFails, !learned.catchesMore, value.lacksKeys(structure.old, askedFor: learned.keys) {
        return true
      }
      // What the old version fails on was never meant.
      if oldFails, !newFails, value.isRagged { return true }
    }
    return false
  }

  /// Whether the old version failed on the type of a value, which says that it was not made for it; but for None, and
  /// where a version asks for types, which may be the very change.
  func failsOnTypes(_ input: Case, _ old: Execution, _ new: Execution) -> Bool {
    let isGiven = old.consulted.contains { question in
      if case .raises(let name) = question.answer { ["TypeError", "AttributeError"].contains(name) } else { false }
    }
    guard old.outcome.isTypeFailure, !new.outcome.isImplicitFailure, !asksForTypes, !learned.catchesMore, !isGiven,
      slots.contains(where: { !$0.isAnnotated })
    else { return false }
    if !learned.asksMore { return true }
    return !input.values.contains { $0.mentionsNone } && !old.consulted.contains { $0.isNone }
  }

  /// Whether the old version failed on a position that is not there, and the new one comes through without asking more:
  /// lists of different lengths for `zip`, an empty matrix.
  func failsOnPositions(_ old: Execution, _ new: Execution) -> Bool {
    guard case .raised(.exception(type: "IndexError", arguments: nil, _)) = old.outcome else { return false }
    return !new.outcome.isImplicitFailure && !learned.asksMore && !learned.catchesMore && !learned.comparesMore
      && !Self.raises(old, old)
  }

  /// Whether nothing differs but whether a traceback shows what an exception came of, `from None`, or that the new
  /// version says so where the old one did not.
  static func contextsApart(_ old: Execution, _ new: Execution) -> Bool {
    old.outcome != new.outcome && old.trace == new.trace && old.observation.arguments == new.observation.arguments
      && old.observation.followUps == new.observation.followUps
      && (old.outcome.withoutContext == new.outcome.withoutContext
        || old.outcome.withoutContext == new.outcome.withoutCause)
  }

  /// Whether nothing but the steps of going through stored collections differs, each gone through once at most: a loop
  /// over a list for `any` over it, a check of its length first.
  func stepsApart(_ old: Execution, _ new: Execution) -> Bool {
    let (left, right) = (old.steps(), new.steps())
    guard left != right, compare(old.withoutSteps, new.withoutSteps) == .equal else { return false }
    for path in Set(left.keys).union(right.keys) {
      let counts = (left[path] ?? 0, right[path] ?? 0)
      guard counts.0 != counts.1 else { continue }
      guard Self.isStored(path) else { return false }
      let size = (old.consulted + new.consulted).lazy.compactMap { $0.size(of: path) }.first ?? 0
      if max(counts.0, counts.1) > size + 1 { return false }
    }
    return true
  }

  /// What stands in a variable, an attribute or an item, or is a view of that: no call gave it.
  private static func isStored(_ path: String) -> Bool {
    guard path.hasSuffix(")") else { return true }
    return [".items()", ".keys()", ".values()"].contains { path.hasSuffix($0) }
  }
}

extension Execution {
  /// How often each unknown iterable was asked for its next item.
  fileprivate func steps() -> [String: Int] {
    var result: [String: Int] = [:]
    for case .next(let path) in trace { result[path, default: 0] += 1 }
    return result
  }

  fileprivate var withoutSteps: Execution {
    var result = self
    result.observation.trace.removeAll { if case .next = $0 { true } else { false } }
    return result
  }
}

extension Outcome {
  fileprivate var withoutContext: Outcome { raising(\.withoutContext) }
  fileprivate var withoutCause: Outcome { raising(\.withoutCause) }

  private func raising(_ other: (Raised) -> Raised) -> Outcome {
    switch self {
    case .raised(let raised): .raised(other(raised))
    case .yielded(let items, end: .raised(let raised)): .yielded(items, end: .raised(other(raised)))
    default: self
    }
  }
}

extension Raised {
  fileprivate var withoutContext: Raised {
    switch self {
    case .exception(let type, let arguments, cause: .suppressed):
      .exception(type: type, arguments: arguments, cause: nil)
    case .opaque(let path, cause: .suppressed): .opaque(path, cause: nil)
    default: self
    }
  }

  fileprivate var withoutCause: Raised {
    switch self {
    case .exception(let type, let arguments, cause: _): .exception(type: type, arguments: arguments, cause: nil)
    case .opaque(let path, cause: _): .opaque(path, cause: nil)
    case .suppressed: self
    }
  }
}

extension Consultation {
  /// The number of items that it tells of a path.
  fileprivate func size(of iterable: String) -> Int? {
    guard path == "len(list(\(iterable)))" || path == "len(\(iterable))", case .value(.int(let count)) = answer else {
      return nil
    }
    return Int(exactly: count)
  }

  fileprivate var isNone: Bool { answer == .value(.none) }
}

extension Input {
  /// A count of less than nothing, or of nothing where the old version fails on it, in code that tells no such count
  /// from others.
  fileprivate func isNoSize(_ demands: [Demand], oldFails: Bool) -> Bool {
    guard case .int(let number) = self, number < 0 || number == 0 && oldFails else { return false }
    return demands.contains { $0.isSize } && !demands.contains { $0.isBounded || $0.isTested }
  }

  /// Rows of different lengths where the old version takes one for all and the new one asks for none by itself.
  fileprivate func isRagged(_ old: Demand, _ new: Demand) -> Bool {
    guard old.isMeasuredByItem, !([old, new].contains { $0.element.first?.isMeasured ?? false }),
      let rows = items
    else { return false }
    return Set(rows.compactMap(\.length)).count > 1
  }

  private var length: Int? {
    if case .string(let text) = self { text.values.count } else { items?.count }
  }

  fileprivate var mentionsNone: Bool {
    switch self {
    case .none: true
    case .dictionary(let pairs): pairs.contains { $0.key.mentionsNone || $0.value.mentionsNone }
    default: (items ?? []).contains { $0.mentionsNone }
    }
  }

  /// Rows of different lengths.
  fileprivate var isRagged: Bool {
    guard let items, items.count > 1 else { return (items ?? []).contains { $0.isRagged } }
    let lengths = items.compactMap { item -> Int? in
      switch item {
      case .list(let cells), .tuple(let cells): cells.count
      default: nil
      }
    }
    return lengths.count == items.count && Set(lengths).count > 1 || items.contains { $0.isRagged }
  }

  /// Lacks what both demands take for granted.
  fileprivate func lacksParts(_ one: Demand, _ two: Demand, depth: Int = 0) -> Bool {
    guard depth < 6 else { return false }
    func inner(_ value: Input, _ a: Demand?, _ b: Demand?) -> Bool {
      guard let a, let b else { return false }
      return value.lacksParts(a, b, depth: depth + 1)
    }
    let arity = one.arity != nil && one.arity == two.arity && one.exactCount != two.exactCount ? one.arity : nil
    switch self {
    case .dictionary(let pairs):
      let required = one.requiredKeys.intersection(two.requiredKeys)
      if !required.isSubset(of: pairs.compactMap { if case .string(let key) = $0.key { key } else { nil } }) {
        return true
      }
      return pairs.contains { pair in
        if inner(pair.key, one.element.first, two.element.first) { return true }
        if case .string(let key) = pair.key, let a = one.fields[key], let b = two.fields[key] {
          return inner(pair.value, a, b)
        }
        return inner(pair.value, one.item.first, two.item.first)
      }
    case .list(let items), .tuple(let items), .set(let items), .iterator(let items):
      if let arity, items.count != arity { return true }
      return items.enumerated().contains { index, item in
        inner(item, one.element.first, two.element.first) || inner(item, one.parts[index], two.parts[index])
      }
    // Its characters are nobody's fields.
    case .string: return arity != nil && one.sort != .string && two.sort != .string
    default: return false
    }
  }

  /// Lacks a key that a demand takes for granted and that is not asked for otherwise.
  fileprivate func lacksKeys(_ demand: Demand, askedFor: Set<CodePoints>, depth: Int = 0) -> Bool {
    guard depth < 6 else { return false }
    func inner(_ value: Input, _ demand: Demand?) -> Bool {
      demand.map { value.lacksKeys($0, askedFor: askedFor, depth: depth + 1) } ?? false
    }
    switch self {
    case .dictionary(let pairs):
      let keys = pairs.compactMap { if case .string(let key) = $0.key { key } else { nil } }
      if !demand.requiredKeys.subtracting(askedFor).isSubset(of: keys) { return true }
      return pairs.contains { pair in
        var field = demand.item.first
        if case .string(let key) = pair.key { field = demand.fields[key] ?? field }
        return inner(pair.value, field)
      }
    case .list(let items), .tuple(let items):
      return items.enumerated().contains { inner($1, demand.element.first) || inner($1, demand.parts[$0]) }
    default: return false
    }
  }

  fileprivate func isUnsorted(_ demand: Demand, depth: Int = 0) -> Bool {
    guard depth < 6 else { return false }
    switch self {
    case .list(let items), .tuple(let items):
      if demand.isSorted, !Self.areInOrder(items) { return true }
      return items.enumerated().contains { index, item in
        [demand.element.first, demand.parts[index]].contains {
          $0.map { item.isUnsorted($0, depth: depth + 1) } ?? false
        }
      }
    case .string(let text): return demand.isSorted && zip(text.values, text.values.dropFirst()).contains { $0 > $1 }
    case .dictionary(let pairs):
      return pairs.contains { pair in
        var field = demand.item.first
        if case .string(let key) = pair.key { field = demand.fields[key] ?? field }
        return field.map { pair.value.isUnsorted($0, depth: depth + 1) } ?? false
      }
    default: return false
    }
  }

  private static func areInOrder(_ items: [Input]) -> Bool {
    zip(items, items.dropFirst()).allSatisfy { one, two in
      switch (one, two) {
      case (.int(let a), .int(let b)): return a <= b
      case (.float(let a), .float(let b)): return a.value <= b.value
      case (.int(let a), .float(let b)): return Double(a) <= b.value
      case (.float(let a), .int(let b)): return a.value <= Double(b)
      case (.string(let a), .string(let b)): return !b.values.lexicographicallyPrecedes(a.values)
      default: return false
      }
    }
  }
}

extension Procedure {
  /// It asks what type a value has, or catches that it has another.
  var asksForTypes: Bool {
    var found = false
    forEachNode { node in
      switch node {
      case .expression(.global(.builtin(let name))):
        if ["isinstance", "type", "callable", "hasattr", "issubclass", "TypeError", "AttributeError"].contains(name) {
          found = true
        }
      default: break
      }
    }
    return found
  }
}
