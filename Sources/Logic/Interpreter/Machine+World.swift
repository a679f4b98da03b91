import BigInt

/// A small deterministic stream of decisions: SplitMix64.
struct Decisions {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &+ 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
  mutating func chance(_ inThousand: Int) -> Bool { below(1000) < inThousand }
}

/// The unknown. Every question has a path, printed like source; its answer is a function of world and path.
extension Machine {
  func opaque(_ path: String) -> OpaqueObject {
    if let object = opaqueObjects[path] { return object }
    let object = OpaqueObject(path: path)
    arena.append(object)
    opaqueObjects[path] = object
    return object
  }

  func decisions(_ path: String) -> Decisions {
    Decisions(StableHash.combine(world.seed, StableHash.of(path)))
  }

  /// A path short enough to print; what is cut is kept as a hash.
  func shortened(_ path: String) -> String {
    if path.utf8.count <= 160 { return path }
    return String(path.prefix(60)) + "~" + String(StableHash.of(path) & 0xffff_ffff, radix: 16) + "~"
      + String(path.suffix(20))
  }

  // MARK: Answers

  /// The path of a question about something that unknown calls may have changed since.
  func versioned(_ path: String) -> String {
    let epoch = epoch(of: path)
    return epoch == 0 ? path : "\(path)@\(epoch)"
  }

  /// The last change of the world that concerns this path; 0 for none.
  func epoch(of path: String) -> Int {
    let epoch = lastChange(of: path)
    if epoch > 0, !readsRemotely, isRemote(path) { readsRemotely = true }
    return epoch
  }

  func lastChange(of path: String) -> Int {
    guard !epochs.isEmpty else { return 0 }
    let hash = StableHash.of(path)
    for index in epochs.indices.reversed() where StableHash.combine(epochs[index], hash) & 1 == 0 { return index + 1 }
    return 0
  }

  func consult(_ path: String, name: String? = nil, _ answer: @autoclosure () -> Answer) {
    guard consulted.count < 400, consultedPaths.insert(path).inserted else { return }
    consulted.append(Consultation(path: path, answer: answer(), name: name))
  }

  /// The value that answers a question. `kind` forces a kind, `hint` is the name whose hint applies, `failure` what a
  /// question of this sort raises where it fails.
  func answer(
    _ question: String, hint: String? = nil, kind: Profile.Kind? = nil, raising: Int? = nil, opaqueShare: Int = 0,
    failure: String? = nil
  ) throws(Unwind) -> Value {
    let path = shortened(question)
    if let value = answers[path] { return value }
    if let exception = raisedAnswers[path] {
      pending = exception
      throw .exception
    }
    try charge(4)
    bytesLeft -= 200
    if let override = world.profile.overrides[path] {
      switch override {
      case .value(let input):
        let value = try materialize(input)
        try hold(value, path)
        answers[path] = value
        consult(path, name: hint, override)
        return value
      case .raises(let name): throw try raiseAnswer(path, named: name)
      }
    }
    var random = decisions(path)
    if random.chance(raising ?? readRaising(failure)) {
      // Seldom something else that the code catches: an attribute may be a property.
      if let failure, world.profile.exceptions.isEmpty || random.chance(700) {
        throw try raiseAnswer(path, named: failure)
      }
      throw raiseAnswer(path, try chooseException(path, &random))
    }
    if kind == nil, let pool = hint.flatMap({ world.profile.pools?.values[$0] }), random.chance(world.profile.pooling) {
      let input = pool[random.below(pool.count)].placingOpaques(under: path)
      let value = try materialize(input)
      try hold(value, path)
      answers[path] = value
      consult(path, name: hint, .value(input))
      return value
    }
    var chosen = kind ?? .opaque
    if kind == nil {
      let isObject = hint.map { world.profile.pools?.objects.contains($0) ?? false } ?? false
      // What is asked whether it is None is something else about as often.
      if let hinted = hint.flatMap({ world.profile.hints[$0] }), random.chance(hinted == .none ? 400 : 900) {
        chosen = hinted
      } else if !isObject || random.chance(100), !random.chance(opaqueShare) {
        chosen = chooseKind(&random)
      }
    }
    let value = try make(chosen, path, &random, depth: 0, hint: hint)
    try hold(value, path)
    answers[path] = value
    consult(path, name: hint, .value(literal(value)))
    return value
  }

  /// The world still has a container that it answers with: what the code does to it is seen. Its number says which
  /// question it answers, not when that was asked.
  private func hold(_ value: Value, _ path: String) throws(Unwind) {
    guard case .object(let object) = value, object.number == 0 else { return }
    switch object {
    case is ListObject, is DictObject, is SetObject, is DequeObject:
      object.number = 1_000_000 + Int(StableHash.of(path) >> 40)
      held.append(HeldAnswer(path: path, value: value, content: try snapshot(value)))
    default: break
    }
  }

  /// What the code did to containers of the world since that was last told.
  func tellHeld() throws(Unwind) {
    var changes: [(path: String, content: Snapshot)] = []
    for index in held.indices {
      let content = try snapshot(held[index].value)
      guard content != held[index].content else { continue }
      held[index].content = content
      changes.append((held[index].path, content))
    }
    guard !changes.isEmpty else { return }
    changes.sort { $0.path < $1.path }
    trace.append(.state(changes.map { .tuple([.opaque($0.path), $0.content]) }))
  }

  /// How often a read raises that fails with `failure`: that something is not there, or of another type, is no answer
  /// where the code does not catch it.
  func readRaising(_ failure: String?) -> Int {
    let profile = world.profile
    if profile.isContrary || failure.map(profile.expectedFailures.contains) ?? true { return profile.readRaising }
    return 0
  }

  func raiseAnswer(_ path: String, named name: String) throws(Unwind) -> Unwind {
    raiseAnswer(path, try exceptionValue(named: name, path))
  }

  private func raiseAnswer(_ path: String, _ exception: Value) -> Unwind {
    raisedAnswers[path] = exception
    pending = exception
    var name = ""
    if case .object(let object as ExceptionObject) = exception { name = object.type.name }
    if case .object(let object as OpaqueObject) = exception { name = object.path }
    consult(path, .raises(name))
    return .exception
  }

  private func exceptionValue(named name: String, _ path: String) throws(Unwind) -> Value {
    if ExceptionHierarchy.base[name] != nil {
      let exception = ExceptionObject(type(name), [], implicit: true)
      exception.isOfWorld = true
      return try register(exception, bytes: 96)
    }
    let object = opaque(name)
    object.isException = true
    return .object(object)
  }

  private func chooseException(_ path: String, _ random: inout Decisions) throws(Unwind) -> Value {
    let caught = world.profile.exceptions
    if !caught.isEmpty, random.chance(600) {
      let name = caught[random.below(caught.count)]
      if ExceptionHierarchy.base[name] != nil { return try exceptionValue(named: name, path) }
      let object = opaque("\(path):\(name)")
      object.isException = true
      object.madeBy = name
      return .object(object)
    }
    // Not every exception is an `Exception`.
    if caught.contains("Exception"), random.chance(150) { return try exceptionValue(named: "KeyboardInterrupt", path) }
    var common = ["ValueError", "KeyError", "RuntimeError", "IndexError", "OSError"]
    // Others would hide what fails in the code itself.
    if world.profile.isContrary { common += ["TypeError", "AttributeError"] }
    if random.chance(600) { return try exceptionValue(named: common[random.below(common.count)], path) }
    let object = opaque("\(path):exception")
    object.isException = true
    return .object(object)
  }

  private func chooseKind(_ random: inout Decisions) -> Profile.Kind {
    let weights = world.profile.weights
    let kinds = Profile.Kind.allCases
    let total = kinds.reduce(0) { $0 + max(0, weights[$1] ?? 0) }
    guard total > 0 else { return .opaque }
    var point = random.below(total)
    for kind in kinds {
      point -= max(0, weights[kind] ?? 0)
      if point < 0 { return kind }
    }
    return .opaque
  }

  private func make(
    _ kind: Profile.Kind, _ path: String, _ random: inout Decisions, depth: Int, hint: String? = nil
  ) throws(Unwind) -> Value {
    let compared = hint.flatMap { world.profile.compared[$0] } ?? []
    let constants = compared.isEmpty || random.chance(200) ? world.profile.constants : compared
    switch kind {
    case .opaque, .callable, .exception:
      if kind == .opaque {
        // What is called is a function.
        let isCalled = !world.profile.isContrary && hint.flatMap { world.profile.hints[$0] } == .callable
        if !isCalled, random.chance(world.profile.aliasing), !roots.isEmpty {
          let root = roots[random.below(roots.count)]
          // Hardly any object has itself for an attribute.
          if !path.hasPrefix("\(root.path).") || random.chance(20) { return .object(root) }
        }
        let sentinels = world.profile.sentinels
        if !sentinels.isEmpty, random.chance(60) { return .object(opaque(sentinels[random.below(sentinels.count)])) }
      }
      let object = opaque(path)
      object.hint = hint
      return .object(object)
    case .none: return .none
    case .bool: return .bool(random.chance(500))
    case .int:
      if random.chance(400) {
        let integers = constants.filter { if case .int = $0 { true } else { false } }
        if !integers.isEmpty { return try materialize(integers[random.below(integers.count)]) }
      }
      return .int(random.below(9) - 2)
    case .float: return .float(Double(random.below(41) - 10) / 4)
    case .string:
      if random.chance(600) {
        let strings = constants.filter { if case .string = $0 { true } else { false } }
        if !strings.isEmpty { return try materialize(strings[random.below(strings.count)]) }
      }
      let pool = ["", "a", "b", "ab", "x", "name", "0", "12", " a ", "A"]
      return try string(pool[random.below(pool.count)])
    case .line:
      let words = ["a", "b", "ab", "aab", "x y", "", "abc", "ba"]
      if random.chance(250) { return try string(words[random.below(words.count)]) }
      let count = random.chance(500) ? 1 : 1 + random.below(4)
      let numbers = (0..<count).map { _ in String(random.below(7) - (random.chance(100) ? 3 : 0)) }
      return try string(numbers.joined(separator: " "))
    case .list, .tuple, .dictionary:
      let count = itemCount(&random)
      var items: [Value] = []
      let style = random.below(10)
      for index in 0..<count {
        let inner: Profile.Kind = depth > 1 || style < 6 ? .opaque : style < 8 ? .int : style < 9 ? .string : .tuple
        items.append(try make(inner, "\(path)[\(index)]", &random, depth: depth + 1))
      }
      if kind == .list { return try list(items) }
      if kind == .tuple { return try tuple(items) }
      let dictionary = DictObject()
      let value = try register(dictionary, bytes: 96)
      for (index, item) in items.enumerated() {
        try setItem(dictionary, style < 5 ? try string(["a", "b", "c", "d"][index % 4]) : .int(index), item)
      }
      return value
    }
  }

  func itemCount(_ random: inout Decisions) -> Int {
    let sizes = world.profile.unpackSizes
    if !sizes.isEmpty, random.chance(750) { return min(16, sizes[random.below(sizes.count)]) }
    return [0, 1, 1, 2, 2, 3][random.below(6)]
  }

  /// A yes or no that is fixed for its question.
  func decide(_ question: String, chance: Int, raising: Int? = nil) throws(Unwind) -> Bool {
    let path = shortened(question)
    if let value = answers[path] { return try truth(value) }
    if world.profile.overrides[path] != nil || raising ?? world.profile.readRaising > 0 {
      var random = decisions(path + "!")
      if world.profile.overrides[path] != nil || random.chance(raising ?? world.profile.readRaising) {
        return try truth(try answer(question, kind: .bool, raising: world.profile.overrides[path] == nil ? 1000 : 0))
      }
      if let exception = raisedAnswers[path] {
        pending = exception
        throw .exception
      }
    }
    return decideQuietly(question, chance: chance)
  }

  func decideQuietly(_ question: String, chance: Int) -> Bool {
    let path = shortened(question)
    if case .bool(let value)? = answers[path] { return value }
    var result: Bool
    if case .value(.bool(let fixed))? = world.profile.overrides[path] {
      result = fixed
    } else {
      var random = decisions(path)
      result = random.chance(chance)
    }
    answers[path] = .bool(result)
    consult(path, .value(.bool(result)))
    return result
  }

  /// A small number that is fixed for its question.
  func decideCount(_ question: String) throws(Unwind) -> Int {
    let path = shortened(question)
    if case .int(let value)? = answers[path] { return value }
    if world.profile.overrides[path] != nil {
      if case .int(let value) = try answer(question, kind: .int) { return max(0, value) }
      return 0
    }
    var random = decisions(path)
    if random.chance(readRaising("TypeError")) { throw typeError("object has no len()") }
    let count = itemCount(&random)
    answers[path] = .int(count)
    consult(path, .value(.int(count)))
    return count
  }

  /// What an operator or conversion of an unknown object gives: no effect, no event.
  func answerOperation(_ path: String, on values: [Value], kind: Profile.Kind? = nil) throws(Unwind) -> Value {
    try answer(versioned(path), kind: kind, opaqueShare: 400, failure: "TypeError")
  }

  // MARK: Text of values inside paths

  func text(of value: Value) throws(Unwind) -> String { try text(of: value, depth: 0) }

  private func text(of value: Value, depth: Int) throws(Unwind) -> String {
    guard case .object(let object) = value else { return try represent(value) }
    try charge(1)
    if depth > 4 { return "..." }
    func join(_ items: [Value]) throws(Unwind) -> String {
      var parts: [String] = []
      for item in items.prefix(40) { parts.append(try text(of: item, depth: depth + 1)) }
      return parts.joined(separator: ", ") + (items.count > 40 ? ", ...\(items.count)" : "")
    }
    switch object {
    case let opaque as OpaqueObject: return opaque.path
    case is StringObject, is BigObject, is BytesObject, is RangeObject: return shortened(try represent(value))
    case let list as ListObject: return "[\(try join(list.items))]"
    case let tuple as TupleObject: return "(\(try join(tuple.items))\(tuple.items.count == 1 ? ",)" : ")")"
    case let set as SetObject:
      // In an order of its own, so that the order of iteration stays unobserved.
      var parts: [String] = []
      for item in set.table.values.prefix(40) { parts.append(try text(of: item, depth: depth + 1)) }
      return "{" + parts.sorted().joined(separator: ", ") + "}"
    case let dictionary as DictObject:
      var parts: [String] = []
      for entry in dictionary.table.entries.prefix(40) where !entry.key.isUnbound {
        parts.append("\(try text(of: entry.key, depth: depth + 1)): \(try text(of: entry.value, depth: depth + 1))")
      }
      return "{" + parts.joined(separator: ", ") + "}"
    case let pattern as PatternObject: return pattern.path
    case let match as MatchObject: return "\(match.source.path).match(\(match.text.count))"
    case let slice as SliceObject:
      var parts: [String] = []
      for part in slice.parts { parts.append(part.isNone ? "" : try text(of: part, depth: depth + 1)) }
      if parts[2].isEmpty { parts.removeLast() }
      return parts.joined(separator: ":")
    case is FunctionObject, is MethodObject, is CachedObject: return "<function>"
    case let type as TypeObject: return type.name
    case let exception as ExceptionObject: return "\(exception.type.name)(\(try join(exception.arguments)))"
    case let instance as InstanceObject: return "<\(instance.type.name)>"
    case is GeneratorObject, is IteratorObject: return "<iterator>"
    default: return "<\(typeName(value))>"
    }
  }

  /// An answer as the input that would fix it.
  func literal(_ value: Value, depth: Int = 0) -> Input {
    switch value {
    case .none, .unbound, .ellipsis, .notImplemented: return .none
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(BigInt(value))
    case .float(let value): return .float(FloatBits(value))
    case .object(let object):
      if depth > 4 { return .none }
      switch object {
      case let big as BigObject: return .int(big.value)
      case let text as StringObject: return .string(CodePoints(text.values))
      case let bytes as BytesObject: return .bytes(bytes.values)
      case let opaque as OpaqueObject: return .opaque(opaque.path)
      case let list as ListObject: return .list(list.items.map { literal($0, depth: depth + 1) })
      case let tuple as TupleObject: return .tuple(tuple.items.map { literal($0, depth: depth + 1) })
      case let dictionary as DictObject:
        return .dictionary(
          dictionary.table.entries.compactMap { entry in
            entry.key.isUnbound
              ? nil : Input.Pair(literal(entry.key, depth: depth + 1), literal(entry.value, depth: depth + 1))
          })
      default: return .opaque("<\(typeName(value))>")
      }
    }
  }
}

/// A container that the world has answered with, and what it held when that was last told.
struct HeldAnswer {
  let path: String
  let value: Value
  var content: Snapshot
}
