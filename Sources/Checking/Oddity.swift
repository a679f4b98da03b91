import BigInt
import Foundation
import Logic

// A search also tries what the code is not made for: an unknown object in arithmetic, None where nobody asks for it, a
// dictionary where both versions count and index. What differs on such values alone is told, and refutes a proof, but
// it is no change of behaviour that a person would mean: two versions of a loop over numbers take other steps, and an
// object whose `+`, `<` and `len` do not fit together shows that.

extension PairRunner {
  /// Whether a difference on this case is one that only values show which the code is not made for.
  func isOdd(_ input: Case, _ old: Execution, _ new: Execution) -> Bool {
    isVague(input, old, new) || isPlainlyOdd(input, old, new)
  }

  /// Whether an unknown object stands where its class or its use says what sort of value there is: no witness where
  /// plain values of that sort say otherwise.
  func isVague(_ input: Case, _ old: Execution, _ new: Execution) -> Bool {
    if old.readsRemotely || new.readsRemotely || (old.consulted + new.consulted).contains(where: isUnfit) {
      return true
    }
    if Self.changesTruth(old.consulted) || Self.changesTruth(new.consulted) { return true }
    if input.handsOverReceiver(slots) { return true }
    return zip(slots, input.values).contains { slot, given in
      let value = input.target(of: given)
      if slot.isJudgedByUse, slot.demands.contains(where: { $0.demand.isMetVaguely(by: value, amongLoops: hasLoops) }) {
        return true
      }
      guard slot.attribute != nil, slot.promise != nil || slot.hasKnownSort(amongLoops: hasLoops) else { return false }
      if value.isOpaque { return !(slot.promise.map { value.keeps($0) } ?? false) }
      return value == .omitted && [old, new].contains { $0.givesUnfitly(slot) }
    }
  }

  /// Whether the world gave something else than the use of its answers asks for.
  private func isUnfit(_ question: Consultation) -> Bool {
    guard let name = question.name, let demand = answers[name], demand.isKnown(amongLoops: hasLoops),
      case .value(let value) = question.answer
    else { return false }
    return demand.isMetVaguely(by: value, amongLoops: hasLoops) || !demand.fits(value, isStrict: false)
  }

  func isOnlyVague(_ input: Case, _ old: Execution, _ new: Execution) -> Bool {
    isVague(input, old, new) && !isPlainlyOdd(input, old, new)
  }

  private func isPlainlyOdd(_ input: Case, _ old: Execution, _ new: Execution) -> Bool {
    if let author {
      // A text that the old version cannot read is none that it is given.
      if old.outcome.isImplicitFailure { return true }
      if let index = slots.firstIndex(where: \.isConsole) {
        if !author.isPlain(input.values[index]) { return true }
        if new.outcome.isImplicitFailure, author.isOverfull(input.values[index], { fails(input, with: $0, at: index) })
        {
          return true
        }
      }
    }
    if input.isOdd(slots, hasLoops: hasLoops) { return true }
    if restsOnIterators(input, old, new) { return true }
    if !learned.catchesMore, old.outcome.isTooLarge || new.outcome.isTooLarge { return true }
    if isMalformed(input, old, new) || failsOnTypes(input, old, new) || restsOnTruths(input, old, new) { return true }
    if failsOnPositions(old, new) || stepsApart(old, new) || Self.contextsApart(old, new) { return true }
    // In no order with another, as NaN is; who returns a comparison may be asked for just that.
    if !mentionsStrangeNumbers, hasDecisions, Profile.areUnordered(old.consulted + new.consulted) { return true }
    let consultedValues = (old.consulted + new.consulted).compactMap(\.givenValue)
    let unannotated = input.unannotated(slots) + consultedValues
    // An annotated number may be one, but what the old version fails on is none that it is given.
    let mayBeStrange = old.outcome.isImplicitFailure ? input.values + consultedValues : unannotated
    if !mentionsStrangeNumbers, mayBeStrange.contains(where: \.isStrangeNumber) { return true }
    let hasLikes = !old.hashedLike.isEmpty || !new.hashedLike.isEmpty || unannotated.contains(where: \.isInexactNumber)
    if hasLikes, Self.areAlike(old, new) { return true }
    // An annotation that speaks of floats means them to the last digit.
    let isExact = slots.contains { $0.isAnnotated && $0.hint?.mentionsFloat ?? false }
    if !isExact, (input.values + consultedValues).contains(where: \.holdsFloat), Self.isRounding(old, new) {
      return true
    }
    guard old.outcome.isImplicitFailure, new.outcome.isImplicitFailure else { return false }
    // What unknown code raises is no failure of theirs, unless the other stumbles over the value itself.
    if old.outcome.isTypeFailure != new.outcome.isTypeFailure { return true }
    return !Self.raises(old, new)
  }

  /// Whether nothing is odd about what a program was given but that a number is zero or below.
  func isDoubtful(_ input: Case, _ old: Execution, _ new: Execution) -> Bool {
    guard let author, let index = slots.firstIndex(where: \.isConsole) else { return false }
    return !old.outcome.isImplicitFailure && !new.outcome.isImplicitFailure
      && author.isPlain(input.values[index], withAnyNumbers: true)
  }

  private func fails(_ input: Case, with text: Input, at index: Int) -> Bool {
    var next = input
    next.values[index] = text
    let (old, new) = runBoth(next)
    return old.outcome.isImplicitFailure || new.outcome.isImplicitFailure
  }

  /// Whether only what is left of an iterator differs, or an iterator in a record: nobody means that who goes through
  /// it once.
  private func restsOnIterators(_ input: Case, _ old: Execution, _ new: Execution) -> Bool {
    var plain = input
    for (index, slot) in slots.enumerated() where !slot.isAnnotated {
      if case .iterator = input.values[index], max(slot.passes.old, slot.passes.new) > 1 || slot.promise != nil {
        continue
      }
      plain.values[index] = input.values[index].withListsForIterators
    }
    for question in old.consulted + new.consulted where question.name != nil {
      guard case .value(let value) = question.answer, value.withListsForIterators != value else { continue }
      if case .iterator = value { continue }
      plain.world.profile.overrides[question.path] = .value(value.withListsForIterators)
    }
    return plain != input && agree(on: plain)
  }

  private func agree(on input: Case) -> Bool {
    let (old, new) = runBoth(input)
    return compare(old, new) == .equal
  }

  /// Whether the truth of an unknown object changed while the code looked.
  private static func changesTruth(_ consulted: [Consultation]) -> Bool {
    var truths: [Substring: Answer] = [:]
    return consulted.contains { question in
      guard question.path.hasPrefix("bool(") else { return false }
      let mark = question.path.lastIndex(of: "@") ?? question.path.endIndex
      let subject = question.path[..<(question.path.last?.isNumber == true ? mark : question.path.endIndex)]
      guard let known = truths[subject] else {
        truths[subject] = question.answer
        return false
      }
      return known != question.answer
    }
  }

  /// Whether numbers in the place of `True` and `False`, which no annotation speaks of, leave no difference.
  private func restsOnTruths(_ input: Case, _ old: Execution, _ new: Execution) -> Bool {
    guard !mentionsTruths else { return false }
    var plain = input
    for (index, slot) in slots.enumerated() where !slot.isAnnotated && slot.promise == nil {
      plain.values[index] = input.values[index].withNumbersForTruths
    }
    for question in old.consulted + new.consulted where question.name != nil {
      guard case .value(let value) = question.answer, value.withNumbersForTruths != value else { continue }
      plain.world.profile.overrides[question.path] = .value(value.withNumbersForTruths)
    }
    return plain != input && agree(on: plain)
  }

  static func raises(_ old: Execution, _ new: Execution) -> Bool {
    (old.consulted + new.consulted).contains { if case .raises = $0.answer { true } else { false } }
  }

  /// Equal as `==` has it: 1, 1.0, True and an unknown object that equals them are one.
  private static func areAlike(_ old: Execution, _ new: Execution) -> Bool {
    let likes = old.hashedLike.merging(new.hashedLike) { left, _ in left }
    return areEqual(old, new) { leaf in
      if case .opaque(let path) = leaf { (likes[path] ?? leaf).asPlainNumber } else { leaf.asPlainNumber }
    }
  }

  /// Whether nothing differs but the last digits of floats: sums in another order.
  private static func isRounding(_ old: Execution, _ new: Execution) -> Bool { areEqual(old, new, by: \.rounded) }

  /// Whether runs are equal with every leaf of their values read in some way.
  private static func areEqual(_ old: Execution, _ new: Execution, by reading: (Snapshot) -> Snapshot) -> Bool {
    func plain(_ value: Snapshot) -> Snapshot { value.with(reading) }
    func all(_ values: [Snapshot]) -> [Snapshot] { values.map(plain) }
    func plain(_ events: [Event]) -> [Event] { events.map { $0.with(plain) } }
    guard plain(old.trace) == plain(new.trace), old.observation.followUps == new.observation.followUps else {
      return false
    }
    guard all(old.observation.arguments) == all(new.observation.arguments) else { return false }
    switch (old.outcome, new.outcome) {
    case (.returned(let left), .returned(let right)): return plain(left) == plain(right)
    case (.yielded(let left, let leftEnd), .yielded(let right, let rightEnd)):
      return leftEnd == rightEnd && all(left) == all(right)
    default: return old.outcome == new.outcome
    }
  }
}

extension Case {
  /// Some value does not fit the way in which both versions use it. Annotated parameters are judged by their annotation.
  ///
  /// A dictionary where a list is meant is odd to a loop over its indices; a single index may be a key, and the object
  /// any container.
  func isOdd(_ slots: [Slot], hasLoops: Bool) -> Bool {
    zip(slots, values).contains { slot, value in
      guard slot.isJudgedByUse else { return false }
      let value = target(of: value)
      // One version goes through it more often than the other, which only an iterator shows.
      if case .iterator = value, slot.passes.old != slot.passes.new { return false }
      if let promise = slot.promise {
        return value != .omitted && !value.isOpaque
          && (!value.keeps(promise) || !slot.demands.allSatisfy { $0.demand.fits(value, isStrict: $0.isStrict) })
      }
      if !slot.demands.allSatisfy({ $0.demand.fits(value, isStrict: $0.isStrict) }) { return true }
      switch value {
      case .dictionary where !hasLoops, .opaque where !hasLoops: return false
      default: return !value.fits(slot.fitting)
      }
    }
  }

  /// Whether an argument is the very object whose method runs.
  fileprivate func handsOverReceiver(_ slots: [Slot]) -> Bool {
    values.contains { value in if case .alias(let other) = value { slots[other].isReceiver } else { false } }
  }

  /// Values that no annotation speaks of.
  fileprivate func unannotated(_ slots: [Slot]) -> [Input] {
    zip(slots, values).compactMap { slot, value in slot.isAnnotated ? nil : target(of: value) }
  }

  fileprivate func target(of value: Input) -> Input {
    if case .alias(let other) = value { values[other] } else { value }
  }
}

extension Execution {
  /// Whether the run asked the world for an attribute, and was given what its class and its use do not have there.
  fileprivate func givesUnfitly(_ slot: Slot) -> Bool {
    consulted.contains { question in
      guard question.path == slot.name || question.path.hasPrefix(slot.name + "@") else { return false }
      guard case .value(let value) = question.answer, !value.isOpaque else { return true }
      return !(slot.promise.map { value.keeps($0) } ?? true)
        || !slot.demands.allSatisfy { $0.demand.fits(value, isStrict: $0.isStrict) }
    }
  }
}

extension Slot {
  /// Both versions use it as a value of one sort.
  fileprivate func hasKnownSort(amongLoops: Bool) -> Bool {
    guard let first = demands.first?.demand, first.isKnown(amongLoops: amongLoops) else { return false }
    return demands.allSatisfy { $0.demand.sort == nil || $0.demand.sort == first.sort }
  }

  fileprivate var isJudgedByUse: Bool {
    !isAnnotated && !isReceiver && !isOnlyStored
      && (kind == .positional || kind == .positionalOnly || kind == .keywordOnly)
  }
}

extension Procedure {
  /// It asks for numbers that are none, or endless.
  var mentionsStrangeNumbers: Bool {
    var found = false
    forEachNode { node in
      switch node {
      case .expression(.attribute(_, let name)), .expression(.global(.imported(let name))):
        let last = name.split(separator: ".").last.map(String.init) ?? name
        if ["nan", "inf", "isnan", "isinf", "isfinite"].contains(last) { found = true }
      case .expression(.constant(.string(let text))):
        if ["inf", "-inf", "nan", "infinity"].contains(text.string.lowercased()) { found = true }
      case .expression(.compare(.notEqual, let left, let right)), .expression(.compare(.equal, let left, let right)):
        if left == right { found = true }
      default: break
      }
    }
    return found
  }
}

extension Input {
  private func contains(_ test: (Input) -> Bool) -> Bool {
    if test(self) { return true }
    if case .dictionary(let pairs) = self { return pairs.contains { $0.key.contains(test) || $0.value.contains(test) } }
    if case .made(_, let content) = self { return content.contains(test) }
    return (items ?? []).contains { $0.contains(test) }
  }

  /// Holds a float that hardly any arithmetic is made for, or one beside an integer that no float is equal to.
  fileprivate var isStrangeNumber: Bool {
    let isMixed = contains { if case .float = $0 { true } else { false } }
    if isMixed, contains({ if case .int(let value) = $0 { value.magnitude.bitWidth > 50 } else { false } }) {
      return true
    }
    return contains {
      guard case .float(let bits) = $0 else { return false }
      let size = bits.value.magnitude
      if size == 0 { return bits.value.sign == .minus }
      return !bits.value.isFinite || size > 1e15 || size < 1e-100
    }
  }

  fileprivate var holdsFloat: Bool { contains { if case .float = $0 { true } else { false } } }

  /// Holds a number that equals another one of another type.
  fileprivate var isInexactNumber: Bool {
    contains {
      switch $0 {
      case .bool, .float: true
      default: false
      }
    }
  }
}

extension Input {
  fileprivate var withListsForIterators: Input {
    switch self {
    case .list(let items): .list(items.map(\.withListsForIterators))
    case .tuple(let items): .tuple(items.map(\.withListsForIterators))
    case .iterator(let items): .list(items.map(\.withListsForIterators))
    case .dictionary(let pairs):
      .dictionary(pairs.map { Input.Pair($0.key, $0.value.withListsForIterators) })
    case .made(let kind, let content): .made(kind, content.withListsForIterators)
    default: self
    }
  }

  fileprivate var withNumbersForTruths: Input {
    switch self {
    case .bool(let flag): .int(flag ? 1 : 0)
    case .list(let items): .list(items.map(\.withNumbersForTruths))
    case .tuple(let items): .tuple(items.map(\.withNumbersForTruths))
    case .dictionary(let pairs):
      .dictionary(pairs.map { Input.Pair($0.key.withNumbersForTruths, $0.value.withNumbersForTruths) })
    default: self
    }
  }
}

extension Procedure {
  /// It knows of `True` and `False`, or asks for types.
  var mentionsTruths: Bool {
    var found = asksForTypes
    forEachNode { node in
      switch node {
      case .expression(.constant(.bool)), .expression(.global(.builtin("bool"))): found = true
      default: break
      }
    }
    return found
  }
}

extension Snapshot {
  /// A whole float or a bool as an integer.
  fileprivate var asPlainNumber: Snapshot {
    switch self {
    case .bool(let value): return .int(value ? 1 : 0)
    case .float(let bits):
      let value = bits.value
      return value.isFinite && value == value.rounded() ? .int(BigInt(value)) : self
    default: return self
    }
  }

  /// A float with nine digits.
  fileprivate var rounded: Snapshot {
    guard case .float(let bits) = self, bits.value.isFinite, bits.value != 0 else { return self }
    let scale = pow(10, 8 - floor(log10(bits.value.magnitude)))
    return .float(FloatBits((bits.value * scale).rounded() / scale))
  }

  /// With other leaves.
  fileprivate func with(_ leaf: (Snapshot) -> Snapshot) -> Snapshot {
    func all(_ items: [Snapshot]) -> [Snapshot] { items.map { $0.with(leaf) } }
    func pairs(_ pairs: [Pair]) -> [Pair] { pairs.map { Pair($0.key.with(leaf), $0.value.with(leaf)) } }
    func sorted(_ items: [Snapshot]) -> [Snapshot] { all(items).sorted { "\($0)" < "\($1)" } }
    switch self {
    case .tuple(let items): return .tuple(all(items))
    case .frozenSet(let items): return .frozenSet(sorted(items))
    case .list(let number, let items): return .list(number, all(items))
    case .set(let number, let items): return .set(number, sorted(items))
    case .dictionary(let number, let items): return .dictionary(number, pairs(items))
    case .instance(let number, let type, let items): return .instance(number, type: type, pairs(items))
    default: return leaf(self)
    }
  }
}

extension Input {
  /// Whether the value is of a sort that the shape names, any plain value standing for any other.
  func fits(_ shape: Shape) -> Bool {
    var alternatives: [Shape] = []
    var pending = [shape]
    while let next = pending.popLast() {
      if case .union(let parts) = next { pending += parts } else { alternatives.append(next) }
    }
    if alternatives.contains(where: { [.any, .opaque, .callable].contains($0) }) { return true }
    // Nothing but its absence is known of it.
    if alternatives.allSatisfy({ $0 == .none }) { return true }
    switch self {
    case .opaque: return false
    case .none: return alternatives.contains(.none)
    case .dictionary(let pairs):
      var isSequence = false
      for alternative in alternatives {
        switch alternative {
        case .dictionary(let key, let value):
          return pairs.allSatisfy { $0.key.fits(key) && $0.value.fits(value) }
        case .list, .tuple, .string: isSequence = true
        default: break
        }
      }
      return !isSequence
    case .list, .tuple, .set, .frozenSet, .iterator:
      let elements = alternatives.compactMap(\.element)
      return elements.isEmpty || elements.contains { element in (items ?? []).allSatisfy { $0.fits(element) } }
    default: return true
    }
  }
}

extension Shape {
  fileprivate var element: Shape? {
    switch self {
    case .list(let element), .set(let element), .iterator(let element): element
    case .tuple(let parts): .union(parts + [.any])
    default: nil
    }
  }
}

extension Consultation {
  /// The value of an attribute or of what a call returned.
  fileprivate var givenValue: Input? {
    guard name != nil, case .value(let value) = answer else { return nil }
    return value
  }

  /// It asks what an operator gives for an unknown object. Nothing makes such answers fit together: `1 + n` is not `n + 1`.
  var isArithmetic: Bool {
    if path.hasPrefix("(") {
      return [" + ", " - ", " * ", " / ", " // ", " % ", " ** "].contains { path.firstRange(of: $0) != nil }
    }
    return path.hasPrefix("-") || path.hasPrefix("abs(") || path.hasPrefix("int(") || path.hasPrefix("str(")
  }
}

extension Outcome {
  /// It failed for the size of a number alone.
  fileprivate var isTooLarge: Bool {
    if case .raised(.exception("OverflowError", arguments: nil, _)) = self { true } else { false }
  }

  /// The code failed, on a value that an operation of its own does not take.
  var isImplicitFailure: Bool {
    switch self {
    case .raised(let raised), .yielded(_, end: .raised(let raised)):
      if case .exception(_, arguments: nil, _) = raised { true } else { false }
    default: false
    }
  }
}

extension TypeHint {
  fileprivate var mentionsFloat: Bool {
    switch self {
    case .float: true
    case .list(let part), .set(let part), .frozenSet(let part), .variadicTuple(let part), .iterable(let part):
      part.mentionsFloat
    case .dictionary(let key, let value): key.mentionsFloat || value.mentionsFloat
    case .tuple(let parts), .union(let parts): parts.contains(where: \.mentionsFloat)
    case .any, .none, .bool, .int, .string, .bytes, .callable, .literal, .named: false
    }
  }
}
