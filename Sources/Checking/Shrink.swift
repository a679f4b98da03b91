import BigInt
import Logic

/// Makes a differing case one that a person can read: greedy, one part at a time, every step verified by running both
/// versions again (Zeller, Hildebrandt: Simplifying and isolating failure-inducing input, 2002).
struct Shrinker {
  let runner: PairRunner
  /// A strong difference must not shrink to a weak one.
  let isStrong: Bool
  /// Those that the case breaks; smaller ones must not break more.
  let broken: [Assumption]
  private var attempts: Int
  private let stepLimit: Int
  /// The case that is made smaller is strange itself.
  private var mayBeStrange = false
  /// It is on values that do not fit.
  private var mayBeOdd = false
  /// Slots that hold an object that nothing is asked about.
  private var idle: Set<Int> = []

  init(runner: PairRunner, isStrong: Bool, broken: [Assumption], attempts: Int = 400, steps: Int) {
    self.runner = runner
    self.isStrong = isStrong
    self.broken = broken
    self.attempts = attempts
    stepLimit = runner.steps + steps
  }

  private mutating func holds(_ input: Case) -> Bool {
    guard attempts > 0, runner.steps < stepLimit else { return false }
    if let author = runner.author,
      zip(runner.slots, input.values).contains(where: { $0.isConsole && !author.accepts($1) })
    {
      return false
    }
    guard input.brokenAssumptions(runner.slots).allSatisfy(broken.contains) else { return false }
    attempts -= 1
    let (old, new) = runner.runBoth(input)
    let comparison = runner.compare(old, new)
    guard isStrong ? comparison == .different : comparison.isDifference else { return false }
    if !mayBeOdd, runner.isOdd(input, old, new) { return false }
    return mayBeStrange || !Self.isStrange(old) && !Self.isStrange(new)
  }

  /// A built-in value passes for an instance of a class from elsewhere: an object of the world is easier to believe.
  private static func isStrange(_ execution: Execution) -> Bool {
    execution.consulted.contains { $0.answer == .value(.bool(true)) && $0.path.hasPrefix("issubclass(") }
  }

  mutating func shrink(_ input: Case) -> Case {
    let (old, new) = runner.runBoth(input)
    mayBeStrange = Self.isStrange(old) || Self.isStrange(new)
    mayBeOdd = runner.isOdd(input, old, new)
    var best = withoutIdleArguments(calmed(input))
    best = fewerAnswers(best)
    for _ in 0..<4 {
      let before = best
      best = smallerValues(best)
      best = simplerAnswers(best)
      if best == before || attempts <= 0 { break }
    }
    return fewerAnswers(best)
  }

  /// The same answers in a world that otherwise does nothing of its own accord.
  private mutating func calmed(_ input: Case) -> Case {
    let (old, new) = runner.runBoth(input)
    var inert = input
    inert.world.profile.raising = 0
    inert.world.profile.readRaising = 0
    inert.world.profile.mutating = 0
    inert.world.profile.aliasing = 0
    inert.world.profile.weights = [.opaque: 1]
    inert.world.profile.hints = inert.world.profile.hints.filter { $0.value == .exception || $0.value == .callable }
    inert.world.profile.constants = []
    inert.world.seed = 0
    if input.world.profile.drive != .plain {
      var plain = input
      plain.world.profile.drive = .plain
      if holds(plain) { inert.world.profile.drive = .plain }
    }
    if holds(inert) { return inert }
    var pinned = inert
    for question in new.consulted + old.consulted where pinned.world.profile.overrides.count < 60 {
      pinned.world.profile.overrides[question.path] = question.answer
    }
    if holds(pinned) { return pinned }
    pinned.world.seed = input.world.seed
    if holds(pinned) { return pinned }
    var calm = input
    calm.world.profile.raising = 0
    calm.world.profile.readRaising = 0
    if holds(calm) { return calm }
    return input
  }

  /// Arguments that may as well stand at their defaults do; one that nothing is asked about may be anything.
  private mutating func withoutIdleArguments(_ input: Case) -> Case {
    var best = input
    for (index, slot) in runner.slots.enumerated() {
      if slot.canOmit, !slot.isCaptured, best.values[index] != .omitted {
        var next = best
        next.values[index] = .omitted
        if next.aliasesAreSound, holds(next) {
          best = next
          continue
        }
      }
      guard slot.kind != .variadic, slot.kind != .variadicKeyword, !best.values[index].isOpaque,
        best.values[index] != .omitted, slot.attribute == nil
      else { continue }
      var next = best
      next.values[index] = .opaque(slot.name)
      guard next.aliasesAreSound, holds(next) else { continue }
      let (old, new) = runner.runBoth(next)
      if !(old.consulted + new.consulted).contains(where: { $0.concerns(slot.name) }) {
        best = next
        idle.insert(index)
      }
    }
    return best
  }

  /// Drops overrides: halves first, then one by one.
  private mutating func fewerAnswers(_ input: Case) -> Case {
    var best = input
    var keys = best.world.profile.overrides.keys.sorted()
    var size = keys.count
    while size >= 1, !keys.isEmpty {
      var start = 0
      while start < keys.count {
        let end = min(start + size, keys.count)
        var next = best
        for key in keys[start..<end] { next.world.profile.overrides[key] = nil }
        if holds(next) {
          best = next
          keys.removeSubrange(start..<end)
        } else {
          start = end
        }
      }
      size /= 2
    }
    return best
  }

  private mutating func simplerAnswers(_ input: Case) -> Case {
    var best = input
    for key in best.world.profile.overrides.keys.sorted() {
      if case .raises(let name)? = best.world.profile.overrides[key], name != "ValueError", key.hasSuffix(")") {
        var next = best
        next.world.profile.overrides[key] = .raises("ValueError")
        if holds(next) { best = next }
      }
      guard case .value(let value)? = best.world.profile.overrides[key] else { continue }
      if Consultation(path: key, answer: .value(value)).isProtocol, value.weight <= 2 { continue }
      for candidate in value.simpler where candidate.weight < value.weight {
        var next = best
        next.world.profile.overrides[key] = .value(candidate)
        if holds(next) {
          best = next
          break
        }
      }
    }
    return best
  }

  private mutating func smallerValues(_ input: Case) -> Case {
    var best = input
    for index in runner.slots.indices where !idle.contains(index) {
      let slot = runner.slots[index]
      var improved = true
      while improved, attempts > 0 {
        improved = false
        let value = best.values[index]
        if slot.shape == .opaque, value == .opaque(slot.name) { break }
        for candidate in candidates(value, slot) {
          var next = best
          next.values[index] = candidate
          if !next.aliasesAreSound { continue }
          if holds(next) {
            best = next
            improved = true
            break
          }
        }
      }
    }
    return best
  }

  private func candidates(_ value: Input, _ slot: Slot) -> [Input] {
    var result: [Input] = []
    if slot.shape == .opaque, slot.kind != .variadic, slot.kind != .variadicKeyword {
      result.append(.opaque(slot.name))
    }
    switch (slot.kind, value) {
    case (.variadic, .tuple), (.variadicKeyword, .dictionary):
      return value.simpler.filter {
        switch $0 {
        case .tuple: slot.kind == .variadic
        case .dictionary: slot.kind == .variadicKeyword
        default: false
        }
      }
    default: break
    }
    if case .alias = value { return result + [.none, .int(0), .opaque(slot.name), .list([])] }
    return result + value.simpler.filter { $0.weight < value.weight }
  }
}

extension Consultation {
  /// Whether the question is about an object or a part of it; one that is only passed on is not asked about.
  fileprivate func concerns(_ name: String) -> Bool {
    if path == name || path.hasSuffix(" \(name)") { return true }
    if [".", "[", "(", " "].contains(where: { path.hasPrefix(name + $0) }) { return true }
    let protocols = ["bool", "len", "list", "int", "str", "repr", "iter", "dict", "hasattr", "isinstance", "float"]
    return protocols.contains { path.contains("\($0)(\(name))") || path.hasPrefix("\($0)(\(name)") }
      || path.contains("(\(name) ") || path.contains(" \(name))")
  }
}

extension Case {
  fileprivate var aliasesAreSound: Bool {
    values.allSatisfy { value in
      if case .alias(let other) = value { values[other].isContainer } else { true }
    }
  }
}

extension Input {
  /// How much there is to read.
  var weight: Int {
    switch self {
    case .none, .omitted: 1
    case .bool: 2
    case .int(let value): value == 0 ? 1 : value == 1 ? 2 : 2 + value.magnitude.bitWidth + (value < 0 ? 1 : 0)
    case .float(let bits): bits.value == 0.5 ? 4 : bits.value == bits.value.rounded() ? 5 : 9
    case .string(let text): 2 + 3 * text.values.reduce(0) { $0 + ($1 == 97 ? 1 : (33...126).contains($1) ? 2 : 3) }
    case .bytes(let bytes): 3 + 3 * bytes.count
    case .list(let items), .tuple(let items): 3 + items.reduce(0) { $0 + 2 + $1.weight }
    case .set(let items), .frozenSet(let items), .iterator(let items): 4 + items.reduce(0) { $0 + 2 + $1.weight }
    case .dictionary(let pairs): 4 + pairs.reduce(0) { $0 + 3 + $1.key.weight + $1.value.weight }
    case .opaque: 8
    case .made(_, let content): 2 + content.weight
    case .alias: 6
    }
  }

  /// Simpler values to try in its place, the simplest first.
  var simpler: [Input] {
    switch self {
    case .none, .omitted, .alias: return []
    case .bool: return self == .bool(true) ? [.bool(false)] : []
    case .int(let value):
      guard value != 0 else { return [] }
      var result: [Input] = [.int(0), .int(1), .int(2), .int(-1), .int(3), .int(value / 2)]
      result.append(.int(value > 0 ? value - 1 : value + 1))
      return result
    case .float(let bits):
      return [.float(0.5), .float(1), .float(0), .int(Int(clamping: bits.value.isFinite ? BigInt(bits.value) : 0))]
    case .string(let text):
      var result: [Input] = [.string(""), .string("a")]
      let count = text.values.count
      if count > 2 {
        result.append(.string(CodePoints(Array(text.values[..<(count / 2)]))))
        result.append(.string(CodePoints(Array(text.values[(count / 2)...]))))
      }
      for index in 0..<min(count, 12) {
        var values = text.values
        values.remove(at: index)
        result.append(.string(CodePoints(values)))
      }
      for index in 0..<min(count, 12) where text.values[index] != 97 {
        var values = text.values
        values[index] = 97
        result.append(.string(CodePoints(values)))
      }
      return result
    case .made(let kind, let content):
      return content.simpler.compactMap { simpler in
        switch (content, simpler) {
        case (.list, .list), (.dictionary, .dictionary): .made(kind, simpler)
        default: nil
        }
      }
    case .bytes(let bytes): return bytes.isEmpty ? [] : [.bytes([]), .bytes(Array(bytes.dropLast()))]
    case .opaque: return [.none, .int(0), .int(1), .bool(true), .string("a"), .list([])]
    case .dictionary(let pairs):
      var result: [Input] = [.none, .dictionary([])]
      for index in pairs.indices.prefix(12) {
        var fewer = pairs
        fewer.remove(at: index)
        result.append(.dictionary(fewer))
      }
      for index in pairs.indices.prefix(12) {
        for value in pairs[index].value.simpler.prefix(6) {
          var changed = pairs
          changed[index].value = value
          result.append(.dictionary(changed))
        }
        for key in pairs[index].key.simpler.prefix(6) where !pairs.contains(where: { $0.key == key }) && key.isHashable
        {
          var changed = pairs
          changed[index].key = key
          result.append(.dictionary(changed))
        }
      }
      return result
    case .list(let items), .tuple(let items), .set(let items), .frozenSet(let items), .iterator(let items):
      var result: [Input] = [.none, with(items: [])]
      if case .iterator = self { result.append(.list(items)) }
      if items.count > 2 {
        result.append(with(items: Array(items[..<(items.count / 2)])))
        result.append(with(items: Array(items[(items.count / 2)...])))
      }
      for index in items.indices.prefix(12) {
        var fewer = items
        fewer.remove(at: index)
        result.append(with(items: fewer))
      }
      for index in items.indices.prefix(12) {
        for value in items[index].simpler.prefix(8) {
          var changed = items
          changed[index] = value
          result.append(with(items: changed))
        }
      }
      return result
    }
  }
}
