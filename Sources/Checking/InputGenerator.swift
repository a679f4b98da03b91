import BigInt
import Logic
import OrderedCollections

/// Makes cases: every small one first, then odd and correlated ones, then neighbours of those that reached something
/// new. The same seed gives the same cases.
struct InputGenerator {
  let slots: [Slot]
  var values: Values
  /// Worlds of growing unrest.
  let profiles: [Profile]
  private(set) var pools: [[Input]]
  /// Of what standard input holds, where whole programs are run.
  private(set) var author: ConsoleAuthor?
  private let respectsAnnotations: Bool
  var random: Random

  /// Hardly any span is upside down: no version tells such spans from others.
  var keepsSpans = true

  init(
    slots: [Slot], shapes: Shapes, values: Values, profile: Profile, seed: UInt64, respectsAnnotations: Bool = true
  ) {
    self.slots = slots
    self.values = values
    self.respectsAnnotations = respectsAnnotations
    random = Random(seed: seed)
    profiles = Self.unrest(profile)
    pools = slots.map { slot in
      if slot.isOnlyStored { return [.omitted] }
      var pool: OrderedSet<Input> = []
      let near = (shapes.parameterConstants[slot.name] ?? []) + slot.literals
      if slot.shape != .opaque, let literals = values.constants.compared[slot.lastName] {
        pool.append(contentsOf: literals.filter { $0.items != nil }.map { Self.fit($0, to: slot) })
      }
      let small = values.small(slot.shape, name: slot.name, near: near, keys: shapes.keys[slot.name] ?? [])
      for value in small { pool.append(Self.fit(value, to: slot)) }
      // Only what is left of an iterator tells one pass from two.
      if slot.passes.old != slot.passes.new, slot.passes.old > 0, slot.passes.new > 0 {
        pool.append(contentsOf: [.iterator([.int(0)]), .iterator([.int(1), .int(2)])])
      }
      if slot.canOmit { pool.insert(.omitted, at: min(1, pool.count)) }
      if slot.shape != .opaque, !slot.isCaptured, slot.attribute == nil, slot.kind != .variadic,
        slot.kind != .variadicKeyword
      {
        pool.append(contentsOf: [.none, .opaque(slot.name)])
      }
      var kept = pool.elements
      if respectsAnnotations, let hint = slot.hint { kept.removeAll { !$0.conforms(to: hint) } }
      if let promise = slot.promise { kept.removeAll { $0 != .omitted && !$0.keeps(promise) } }
      return kept.isEmpty ? [Self.fit(.opaque(slot.name), to: slot)] : kept
    }
  }

  /// Has what stands at standard input written by an author.
  mutating func write(with author: ConsoleAuthor) {
    self.author = author
    for (index, slot) in slots.enumerated() where slot.isConsole {
      // The author learns while it writes; what it wrote last suits best.
      let texts = (0..<240).compactMap { _ in self.author?.text(using: &random) }
      pools[index] = texts.isEmpty ? [.list([])] : OrderedSet(texts.suffix(80)).elements
    }
  }

  private static func unrest(_ profile: Profile) -> [Profile] {
    let isDriven = profile.drive != .plain
    var profile = profile
    profile.drive = .plain
    var calm = profile
    calm.raising = 0
    calm.readRaising = 0
    calm.mutating = 0
    calm.aliasing = 0
    var plain = calm
    plain.hints = plain.hints.filter { $0.value == .exception || $0.value == .callable }
    plain.weights = [
      .opaque: 20, .none: 12, .bool: 12, .int: 30, .float: 2, .string: 12, .list: 8, .tuple: 2, .dictionary: 4,
    ]
    var raising = profile
    raising.raising = 250
    raising.readRaising = 40
    var mutating = profile
    mutating.mutating = 600
    mutating.aliasing = 150
    return [calm, profile, plain, raising, mutating] + (isDriven ? driven(calm) : [])
  }

  /// Worlds that use a returned generator in every way.
  private static func driven(_ calm: Profile) -> [Profile] {
    let thrown = calm.exceptions.first { $0.hasSuffix("Error") && !$0.contains(".") } ?? "ValueError"
    let drives: [Profile.Drive] = [.sends, .throwsAt(1, thrown), .closesAt(1), .throwsAt(2, thrown)]
    return drives.map { drive in
      var profile = calm
      profile.drive = drive
      return profile
    }
  }

  /// Variadic parameters take a tuple or a dictionary of strings.
  private static func fit(_ value: Input, to slot: Slot) -> Input {
    switch (slot.kind, value) {
    case _ where slot.isCaptured: return value
    case (.variadic, .tuple): return value
    case (.variadic, _): return .tuple(value.items ?? (value == .none ? [] : [value]))
    case (.variadicKeyword, .dictionary(let pairs)):
      return .dictionary(
        pairs.filter {
          guard case .string(let key) = $0.key else { return false }
          return key.isIdentifier && !slot.taken.contains(key.string)
        })
    case (.variadicKeyword, .none): return .dictionary([])
    case (.variadicKeyword, _): return .dictionary([.init(.string("key"), value)])
    default: return value
    }
  }

  private func world(_ index: Int, seed: UInt64) -> World { World(seed: seed, profile: profiles[index]) }

  private mutating func anyWorld() -> World {
    if profiles.count > 5, random.chance(300) {
      return world(5 + random.int(below: profiles.count - 5), seed: random.next() & 0xFFFF)
    }
    let roll = random.int(below: 100)
    let index = roll < 30 ? 0 : roll < 55 ? 1 : roll < 75 ? 2 : roll < 88 ? 3 : 4
    return world(index, seed: random.next() & 0xFFFF)
  }

  /// Products of the simplest values, as many for each slot as keep the whole under `limit`.
  func smallCases(limit: Int) -> [Case] {
    guard !slots.isEmpty else {
      return (0..<min(limit, 48)).map { Case(values: [], world: world($0 % 5, seed: UInt64($0))) }
    }
    var widths = [Int](repeating: 1, count: slots.count)
    var total = 1
    var grown = true
    while grown {
      grown = false
      for index in slots.indices where widths[index] < pools[index].count {
        let next = total / widths[index] * (widths[index] + 1)
        if next <= limit {
          total = next
          widths[index] += 1
          grown = true
        }
      }
    }
    var result: [Case] = []
    // Few combinations leave room for more worlds.
    let repeats = max(1, min(16, 48 / max(1, total)))
    for round in 0..<repeats {
      for number in 0..<total {
        var rest = number
        var chosen: [Input] = []
        for index in slots.indices {
          chosen.append(pools[index][rest % widths[index]])
          rest /= widths[index]
        }
        let serial = round * total + number
        result.append(Case(values: chosen, world: world(serial % 3 == 2 ? 1 + serial % 4 : 0, seed: UInt64(serial))))
      }
    }
    return result
  }

  /// Values that differ between slots of one product only: each pool's rest, with the others at their simplest.
  func singleCases(limit: Int) -> [Case] {
    var result: [Case] = []
    for index in slots.indices {
      for (position, value) in pools[index].enumerated() where result.count < limit {
        var chosen = pools.map { $0[min(position % 3, $0.count - 1)] }
        chosen[index] = value
        result.append(Case(values: chosen, world: world(position % 5, seed: UInt64(100 + position))))
      }
    }
    return result
  }

  mutating func allowed(_ value: Input, _ slot: Slot, _ index: Int) -> Input {
    // Whatever else is the receiver, the receiver is itself.
    if slot.isReceiver { return .opaque(slot.name) }
    if slot.isConsole { return console(value, index) }
    if slot.isOnlyStored { return .omitted }
    var fitted = Self.fit(value, to: slot)
    if let (old, new) = slot.structure, random.chance(900) { fitted = fitted.measured(by: [old, new]) }
    if respectsAnnotations, let hint = slot.hint, !fitted.conforms(to: hint) {
      return random.pick(pools[index]) ?? fitted
    }
    if let promise = slot.promise, fitted != .omitted, !fitted.keeps(promise) {
      return random.pick(pools[index]) ?? fitted
    }
    return fitted
  }

  /// A text that the programs read to its end, this one if it is such a one.
  private mutating func console(_ value: Input, _ index: Int) -> Input {
    if let author, author.accepts(value) { return value }
    return author?.text(using: &random) ?? random.pick(pools[index]) ?? .list([])
  }

  /// Values of the inferred shapes with odd ones among them, correlated across slots.
  mutating func mixedCase() -> Case {
    if author != nil {
      return Case(values: slots.indices.map { console(.none, $0) }, world: world(0, seed: 0))
    }
    var chosen: [Input] = []
    if random.chance(450) {
      // Indices, keys and members that are each other's.
      let letters = ["a", "b", "c", "d"].prefix(2 + random.int(below: 3)).map { CodePoints($0) }
      values.scope = Values.Scope(
        bound: 2 + random.int(below: 4), texts: letters, isNumeric: random.chance(500))
    }
    defer { values.scope = nil }
    for (index, slot) in slots.enumerated() {
      var value: Input
      let roll = values.scope == nil ? random.int(below: 100) : 50 + random.int(below: 50)
      if roll < 22, let other = related(to: chosen) {
        value = other
      } else if roll < 40, let simple = random.pick(pools[index]) {
        value = simple
      } else if roll < 46, slot.canOmit {
        value = .omitted
      } else if roll < 52, slot.shape != .opaque {
        value = values.random(.any, name: slot.name, using: &random)
      } else {
        value = values.random(slot.shape, name: slot.name, using: &random)
      }
      value = allowed(value, slot, index)
      if random.chance(60), let alias = aliasable(chosen, before: index), !slot.isCaptured { value = .alias(of: alias) }
      chosen.append(value)
    }
    return Case(values: repaired(chosen), world: anyWorld())
  }

  /// Unknown objects in every place, in a world of its own.
  mutating func opaqueCase() -> Case {
    if author != nil { return mixedCase() }
    var chosen: [Input] = []
    for (index, slot) in slots.enumerated() {
      var value = allowed(slot.attribute == nil ? .opaque(slot.name) : .omitted, slot, index)
      if slot.attribute != nil, random.chance(800) {
        value = allowed(values.random(slot.shape, name: slot.name, using: &random), slot, index)
      }
      if slot.kind == .variadic || slot.kind == .variadicKeyword { value = random.pick(pools[index]) ?? value }
      if random.chance(150), let other = random.pick(pools[index]) { value = other }
      if random.chance(40), let alias = aliasable(chosen, before: index), !slot.isCaptured { value = .alias(of: alias) }
      chosen.append(value)
    }
    return Case(values: repaired(chosen), world: anyWorld())
  }

  /// Plain values wherever the code asks for more than an unknown object.
  mutating func concreteCase(like base: Case) -> Case {
    var chosen: [Input] = []
    for (index, slot) in slots.enumerated() {
      var value = base.values[index]
      if slot.shape != .opaque, slot.shape != .callable {
        repeat {
          value =
            random.chance(400)
            ? random.pick(pools[index]) ?? .none
            : allowed(values.random(slot.shape, name: slot.name, using: &random), slot, index)
          if value.isOpaque { value = allowed(values.random(.any, name: slot.name, using: &random), slot, index) }
        } while value.isOpaque && random.chance(800)
        if random.chance(250), let other = related(to: chosen) { value = allowed(other, slot, index) }
      }
      chosen.append(value)
    }
    return Case(values: repaired(chosen), world: world(0, seed: random.next() & 0xFF))
  }

  /// Values of known sorts in every place where the code says which, in a world that does the same and nothing else.
  mutating func plainCase(like base: Case?) -> Case {
    var next = base.map { random.chance(500) ? $0 : mixedCase() } ?? mixedCase()
    for (index, slot) in slots.enumerated() where next.values[index].isOpaque || next.values[index] == .omitted {
      guard slot.shape != .opaque, slot.shape != .callable, !slot.isOnlyStored, !slot.mustOmit else { continue }
      next.values[index] = allowed(values.random(slot.shape, name: slot.name, using: &random), slot, index)
    }
    next.values = repaired(next.values)
    next.world = world(0, seed: random.next() & 0xFFFF)
    next.world.profile.pooling = 1_000
    return next
  }

  mutating func smallCase() -> Case {
    Case(values: repaired(pools.map { random.pick($0) ?? .none }), world: anyWorld())
  }

  /// A value equal to, near to, or inside one chosen before.
  mutating func related(to chosen: [Input]) -> Input? {
    guard let base = random.pick(chosen), base != .omitted else { return nil }
    if case .alias = base { return nil }
    // Equal but not identical: 1, True, 1.0.
    if case .int(let value) = base {
      let near: [Input] = [.int(value), .int(value + 1), .int(value - 1), .float(Double(Int(clamping: value)))]
      if value == 0 || value == 1, random.chance(300) { return .bool(value == 1) }
      return random.pick(near)
    }
    if case .bool(let flag) = base, random.chance(600) { return .int(flag ? 1 : 0) }
    if let items = base.items, !items.isEmpty, random.chance(600) { return random.pick(items) }
    if case .dictionary(let pairs) = base, random.chance(700) { return random.pick(pairs)?.key }
    if case .string(let text) = base, !text.values.isEmpty, random.chance(500) {
      let start = random.int(below: text.values.count)
      return .string(CodePoints(Array(text.values[start...].prefix(1 + random.int(below: 3)))))
    }
    return base.isOpaque ? nil : base
  }

  /// A slot whose object this one may share. Containers that both versions annotate are taken not to share.
  private mutating func aliasable(_ chosen: [Input], before index: Int) -> Int? {
    func canShare(_ slot: Slot) -> Bool {
      !slot.isCaptured && slot.attribute == nil && slot.kind != .variadic && slot.kind != .variadicKeyword
        && (slot.hint == nil || !respectsAnnotations)
    }
    guard canShare(slots[index]) else { return nil }
    return random.pick(chosen.indices.filter { chosen[$0].isContainer && canShare(slots[$0]) })
  }

  /// Aliases point at earlier slots that hold a value.
  mutating func repaired(_ chosen: [Input]) -> [Input] {
    if author != nil { return chosen.indices.map { console(chosen[$0], $0) } }
    let chosen = keepsSpans && random.chance(900) ? Input.spansInOrder(chosen, slots) : chosen
    return chosen.enumerated().map { index, value in
      guard case .alias(let other) = value else { return value }
      if other < index, chosen[other].isContainer { return value }
      return other < chosen.count && other != index ? pools[index][0] : .none
    }
  }
}

extension CodePoints {
  /// As a caller writes the name of a keyword.
  fileprivate var isIdentifier: Bool {
    guard let first = values.first, !(48...57).contains(first) else { return false }
    return values.allSatisfy { $0 == 95 || (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }
  }
}
