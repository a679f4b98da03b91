import Logic

/// How two runs of one case compare.
enum Comparison: Equatable {
  case equal
  /// One of them stopped at a limit, or rests on what Python leaves open.
  case inconclusive
  /// Different, but one side only failed on a type, or only the identity of an object tells: true, and less telling.
  case weaklyDifferent
  case different

  var isDifference: Bool { self == .different || self == .weaklyDifferent }
}

extension PairRunner {
  func compare(_ old: Execution, _ new: Execution) -> Comparison {
    if old.outcome.isStopped || new.outcome.isStopped { return .inconclusive }
    // What a program does beside reading and writing stands in no order with what it writes.
    if author != nil, old.doesMoreThanWrite || new.doesMoreThanWrite { return .inconclusive }
    // What only one of them rests on may come out otherwise elsewhere.
    if agree(old.observation, new.observation) {
      let restAlike = old.versionDependent == new.versionDependent && old.orderDependent == new.orderDependent
      return restAlike ? .equal : .inconclusive
    }
    if old.isUnsettled || new.isUnsettled { return .inconclusive }
    if old.outcome.isTypeFailure || new.outcome.isTypeFailure { return .weaklyDifferent }
    // Both fail on a value, after other effects; code that is run once hardly gets by in any world.
    if old.outcome.isImplicitFailure, old.outcome == new.outcome, !isRunOnce { return .weaklyDifferent }
    return readsAlike(old.observation, new.observation) ? .weaklyDifferent : .different
  }

  func compare(on input: Case) -> Comparison {
    let (old, new) = runBoth(input)
    return compare(old, new)
  }

  /// Module code or a class body.
  var isRunOnce: Bool {
    let kind = new.program.procedure.kind
    return kind == .module || kind == .classBody
  }

  /// Printed, the two cannot be told apart.
  private func readsAlike(_ old: Observation, _ new: Observation) -> Bool {
    old.outcome.description == new.outcome.description
      && old.trace.map(\.description) == new.trace.map(\.description)
      && old.arguments.map(\.description) == new.arguments.map(\.description)
      && old.followUps.map(\.description) == new.followUps.map(\.description)
  }

  private func agree(_ old: Observation, _ new: Observation) -> Bool {
    if sameLayout, old == new { return true }
    var relaxed = Matcher(renumber: !sameLayout)
    guard relaxed.agree(old.outcome, new.outcome), relaxed.agree(old.trace, new.trace) else { return false }
    if sameLayout {
      guard relaxed.agree(old.arguments, new.arguments) else { return false }
    } else {
      for slot in slots {
        guard let oldIndex = slot.oldIndex, let newIndex = slot.newIndex, oldIndex < old.arguments.count,
          newIndex < new.arguments.count
        else { continue }
        guard relaxed.agree(old.arguments[oldIndex], new.arguments[newIndex]) else { return false }
      }
    }
    guard old.followUps.count == new.followUps.count else { return false }
    return zip(old.followUps, new.followUps).allSatisfy { relaxed.agree($0, $1) }
  }
}

/// Equality of observations, up to the wording of implicit exceptions and, where parameter lists differ, up to the
/// numbers of mutable objects.
private struct Matcher {
  var renumber: Bool
  private var forward: [Int: Int] = [:]
  private var backward: [Int: Int] = [:]

  init(renumber: Bool) { self.renumber = renumber }

  private mutating func same(_ left: Int, _ right: Int) -> Bool {
    guard renumber else { return left == right }
    if let known = forward[left] { return known == right }
    guard backward[right] == nil else { return false }
    forward[left] = right
    backward[right] = left
    return true
  }

  mutating func agree(_ left: [Snapshot], _ right: [Snapshot]) -> Bool {
    guard left.count == right.count else { return false }
    for (a, b) in zip(left, right) where !agree(a, b) { return false }
    return true
  }

  private mutating func agree(_ left: [Snapshot.Pair], _ right: [Snapshot.Pair]) -> Bool {
    agree(left.flatMap { [$0.key, $0.value] }, right.flatMap { [$0.key, $0.value] })
  }

  mutating func agree(_ left: Snapshot, _ right: Snapshot) -> Bool {
    guard renumber else { return left == right }
    switch (left, right) {
    case (.tuple(let a), .tuple(let b)), (.range(let a), .range(let b)), (.slice(let a), .slice(let b)),
      (.frozenSet(let a), .frozenSet(let b)):
      return agree(a, b)
    case (.list(let m, let a), .list(let n, let b)), (.set(let m, let a), .set(let n, let b)):
      return same(m, n) && agree(a, b)
    case (.dictionary(let m, let a), .dictionary(let n, let b)): return same(m, n) && agree(a, b)
    case (.instance(let m, let s, let a), .instance(let n, let t, let b)): return s == t && same(m, n) && agree(a, b)
    case (.exception(let m, let s, let a), .exception(let n, let t, let b)): return s == t && same(m, n) && agree(a, b)
    case (.iterator(let m), .iterator(let n)), (.function(let m), .function(let n)), (.again(let m), .again(let n)):
      return same(m, n)
    default: return left == right
    }
  }

  mutating func agree(_ left: Outcome, _ right: Outcome) -> Bool {
    switch (left, right) {
    case (.returned(let a), .returned(let b)): return agree(a, b)
    case (.yielded(let a, let endA), .yielded(let b, let endB)): return agree(a, b) && agree(endA, endB)
    case (.raised(let a), .raised(let b)): return agree(a, b)
    case (.stopped, .stopped): return true
    default: return false
    }
  }

  private mutating func agree(_ left: Outcome.DrainEnd, _ right: Outcome.DrainEnd) -> Bool {
    switch (left, right) {
    case (.exhausted(let a), .exhausted(let b)): return agree(a, b)
    case (.raised(let a), .raised(let b)): return agree(a, b)
    default: return left == right
    }
  }

  private mutating func agree(_ left: Raised, _ right: Raised) -> Bool {
    switch (left, right) {
    case (.exception(let s, let a, let c), .exception(let t, let b, let d)):
      guard s == t, agree(c, d) else { return false }
      guard let a, let b else { return true }
      return agree(a, b)
    case (.opaque(let s, let c), .opaque(let t, let d)): return s == t && agree(c, d)
    default: return left == right
    }
  }

  private mutating func agree(_ left: Raised?, _ right: Raised?) -> Bool {
    switch (left, right) {
    case (nil, nil): true
    case (let a?, let b?): agree(a, b)
    default: false
    }
  }

  mutating func agree(_ left: [Event], _ right: [Event]) -> Bool {
    guard left.count == right.count else { return false }
    for (a, b) in zip(left, right) where !agree(a, b) { return false }
    return true
  }

  private mutating func agree(_ left: Event, _ right: Event) -> Bool {
    switch (left, right) {
    case (.call(let s, let a, let k), .call(let t, let b, let l)):
      return s == t && k.map(\.name) == l.map(\.name) && agree(a, b) && agree(k.map(\.value), l.map(\.value))
    case (.callback(let m, let a, let x), .callback(let n, let b, let y)):
      return (renumber || m == n) && agree(a, b) && agree(x, y)
    case (.storeAttribute(let a, let s, let x), .storeAttribute(let b, let t, let y)):
      return s == t && agree(a, b) && agree(x, y)
    case (.deleteAttribute(let a, let s), .deleteAttribute(let b, let t)): return s == t && agree(a, b)
    case (.storeItem(let a, let k, let x), .storeItem(let b, let l, let y)):
      return agree(a, b) && agree(k, l) && agree(x, y)
    case (.deleteItem(let a, let k), .deleteItem(let b, let l)): return agree(a, b) && agree(k, l)
    case (.storeGlobal(let s, let x), .storeGlobal(let t, let y)): return s == t && agree(x, y)
    case (.output(let a), .output(let b)): return agree(a, b)
    default: return left == right
    }
  }
}

extension Execution {
  fileprivate var doesMoreThanWrite: Bool {
    trace.contains { event in
      switch event {
      case .output, .state: false
      default: true
      }
    }
  }

  /// Rests on what Python leaves open.
  var isUnsettled: Bool { versionDependent || orderDependent }
}

extension Outcome {
  /// An implicit TypeError or AttributeError: most often a value of the wrong shape.
  var isTypeFailure: Bool {
    switch self {
    case .raised(let raised), .yielded(_, end: .raised(let raised)): raised.isTypeFailure
    default: false
    }
  }

  var isRaised: Bool { if case .raised = self { true } else { false } }
}

extension Raised {
  fileprivate var isTypeFailure: Bool {
    if case .exception(let type, nil, _) = self {
      type == "TypeError" || type == "AttributeError"
    } else {
      false
    }
  }
}

/// Equality up to the wording of implicit exceptions, for observations of one parameter list.
func observationsAgree(_ left: Observation, _ right: Observation) -> Bool {
  if left == right { return true }
  var relaxed = Matcher(renumber: false)
  return relaxed.agree(left.outcome, right.outcome) && relaxed.agree(left.trace, right.trace)
    && left.arguments == right.arguments && left.followUps.count == right.followUps.count
    && zip(left.followUps, right.followUps).allSatisfy { relaxed.agree($0, $1) }
}
