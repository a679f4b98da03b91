import BigInt
import Logic
import OrderedCollections

/// Cases like one that is kept, with a value or an answer of the world changed.
extension InputGenerator {
  /// A case like one that reached something: one value changed, or one answer of the world fixed to what the code
  /// compares it with.
  mutating func neighbour(of base: Case, consulted: [Consultation]) -> Case {
    var next = base
    let count = 1 + random.int(below: 2)
    for _ in 0..<count {
      let roll = random.int(below: 100)
      if !consulted.isEmpty, roll < (slots.allSatisfy { $0.shape == .opaque } ? 80 : 45) {
        if let question = random.pick(consulted), let answer = alternative(to: question) {
          next.world.profile.overrides[question.path] = answer
        }
      } else if roll < 90, !slots.isEmpty {
        let index = random.int(below: slots.count)
        next.values[index] = allowed(
          tweak(next.values[index], slot: slots[index], index, all: next.values), slots[index], index)
      } else {
        next.world.seed = random.next() & 0xFFFF
      }
    }
    next.values = repaired(next.values)
    return next
  }

  /// A case in which one number, or the length of one value, is moved by as much as two compared sides are apart.
  mutating func nudged(_ base: Case, consulted: [Consultation], by distance: BigInt) -> Case {
    var next = base
    let step = Int(clamping: max(-10_000, min(10_000, distance))) * (random.chance(500) ? 1 : -1)
    let answers = consulted.filter { question in
      if case .value(.int) = question.answer { !question.isProtocol } else { false }
    }
    if random.chance(slots.isEmpty ? 1_000 : 400), let question = random.pick(answers),
      case .value(.int(let number)) = question.answer
    {
      next.world.profile.overrides[question.path] = .value(.int(number + BigInt(step)))
    } else if !slots.isEmpty {
      let index = random.int(below: slots.count)
      next.values[index] = allowed(nudge(next.values[index], by: step, index), slots[index], index)
    }
    next.values = repaired(next.values)
    return next
  }

  private mutating func nudge(_ value: Input, by step: Int, _ index: Int) -> Input {
    switch value {
    case .int(let number): return .int(number + BigInt(step))
    case .bytes(var bytes):
      guard !bytes.isEmpty else { return value }
      let position = random.int(below: bytes.count)
      bytes[position] = UInt8(clamping: Int(bytes[position]) + step)
      return .bytes(bytes)
    case .string(let text):
      if !text.values.isEmpty, random.chance(200) {
        var values = text.values
        let position = random.int(below: values.count)
        values[position] = UInt32(clamping: min(0xD7FF, Int(values[position]) + step))
        return .string(CodePoints(values))
      }
      if step < 0 { return .string(CodePoints(Array(text.values.dropLast(-step)))) }
      guard step <= 64 else { return value }
      let more = text.values.last ?? 97
      return .string(CodePoints(text.values + [UInt32](repeating: more, count: step)))
    case .dictionary(var pairs):
      guard !pairs.isEmpty else { return value }
      let position = random.int(below: pairs.count)
      pairs[position].value = nudge(pairs[position].value, by: step, index)
      return .dictionary(pairs)
    case .made(let kind, let content): return .made(kind, nudge(content, by: step, index))
    default:
      guard var items = value.items else { return value }
      if items.isEmpty || random.chance(300) {
        if step < 0 { return value.with(items: Array(items.dropLast(-step))) }
        guard step <= 64, let last = items.last else { return tweak(value, slot: slots[index], index, all: []) }
        return value.with(items: items + [Input](repeating: last, count: step))
      }
      let position = random.int(below: items.count)
      items[position] = nudge(items[position], by: step, index)
      return value.with(items: items)
    }
  }

  /// A case that may take the side of a decision that the run at this place did not: an answer that the test rests on
  /// is another one, or an argument is.
  mutating func redirected(_ place: Frontier.Place, test: Guards.Guard) -> Case {
    var next = place.input
    let named = place.asked.filter { test.names.contains($0.lastName) }
    let recent = Array(place.asked.suffix(3))
    for _ in 0..<(random.chance(750) ? 1 : 2) {
      let arguments = slots.indices.filter { test.names.contains(slots[$0].lastName) && slots[$0].shape != .opaque }
      if !arguments.isEmpty, place.asked.isEmpty || random.chance(named.isEmpty ? 500 : 300) {
        let index = arguments[random.int(below: arguments.count)]
        var value = tweak(next.values[index], slot: slots[index], index, all: next.values)
        if random.chance(400), let literal = random.pick(test.literals.elements) {
          value = random.chance(700) ? literal : near(literal)
        }
        next.values[index] = allowed(value, slots[index], index)
        continue
      }
      let likely = random.chance(600) && !named.isEmpty ? named : recent
      if let question = random.pick(likely), let answer = redirection(of: question, test) {
        next.world.profile.overrides[question.path] = answer
      } else {
        next.world.seed = random.next() & 0xFFFF
      }
    }
    next.values = repaired(next.values)
    return next
  }

  private mutating func redirection(of question: Consultation, _ test: Guards.Guard) -> Answer? {
    if !question.isProtocol, random.chance(350), let literal = random.pick(test.literals.elements) {
      return .value(random.chance(700) ? literal : near(literal))
    }
    return alternative(to: question)
  }

  private mutating func tweak(_ value: Input, slot: Slot, _ index: Int, all: [Input]) -> Input {
    if slot.isConsole { return author?.changed(value, using: &random) ?? value }
    if random.chance(200), let other = random.pick(pools[index]) { return other }
    if random.chance(120), let other = related(to: all) { return other }
    switch value {
    case .int(let number):
      let near = [number + 1, number - 1, -number, number * 2].filter { $0.magnitude <= values.widest }
      return .int(random.pick(near) ?? 0)
    case .bool(let flag): return .bool(!flag)
    case .string(let text) where random.chance(750): return .string(values.mutated(text, using: &random))
    case .bytes(let bytes) where random.chance(750): return .bytes(values.mutated(bytes, using: &random))
    case .made(let kind, .dictionary(let pairs)):
      var inner = slot
      if case .made(_, let shape) = slot.shape { inner.shape = shape }
      return .made(kind, tweak(.dictionary(pairs), slot: inner, index, all: []))
    case .list, .tuple, .set, .iterator, .made:
      var items = value.items ?? []
      switch random.int(below: 5) {
      case 0 where !items.isEmpty: items.remove(at: random.int(below: items.count))
      case 1 where !items.isEmpty:
        let position = random.int(below: items.count)
        items.insert(items[position], at: random.int(below: items.count + 1))
      case 2 where items.count > 1: items.swapAt(random.int(below: items.count), random.int(below: items.count))
      case 3 where !items.isEmpty:
        let position = random.int(below: items.count)
        items[position] = tweakElement(items[position], slot)
      default:
        items.insert(
          values.random(slot.elementShape, name: slot.name, using: &random, depth: 1),
          at: random.int(below: items.count + 1))
      }
      return value.with(items: items)
    case .dictionary(var pairs):
      if !pairs.isEmpty, random.chance(600) {
        let position = random.int(below: pairs.count)
        if random.chance(300) {
          pairs.remove(at: position)
        } else {
          pairs[position].value = tweakElement(pairs[position].value, slot)
        }
        return .dictionary(pairs)
      }
      return values.random(slot.shape, name: slot.name, using: &random)
    default: return values.random(slot.shape, name: slot.name, using: &random)
    }
  }

  private mutating func tweakElement(_ value: Input, _ slot: Slot) -> Input {
    if random.chance(600) {
      switch value {
      case .int(let number): return .int(random.chance(500) ? number + 1 : number - 1)
      case .string(let text): return .string(values.mutated(text, using: &random))
      default: break
      }
    }
    return values.random(slot.elementShape, name: slot.name, using: &random, depth: 1)
  }

  /// What a question at this path may raise: a call anything, a read from an argument what a missing part raises; names
  /// from outside are there (`stable-names`).
  private mutating func exception(at path: String) -> String? {
    if path.hasSuffix(")") {
      // An operator, or a function that does no more than compute.
      if path.hasPrefix("(") || World.isTotal(path) { return nil }
      let known = profiles[0].exceptions
      return random.pick(known.isEmpty || random.chance(300) ? ["ValueError", "KeyError", "OSError"] : known)
    }
    let root = path.prefix { $0 != "." && $0 != "[" }
    guard root.count < path.count, slots.contains(where: { $0.name == root }) else { return nil }
    if path.hasSuffix("]") { return "KeyError" }
    return profiles[0].expectedFailures.contains("AttributeError") ? "AttributeError" : nil
  }

  /// One off.
  private mutating func near(_ literal: Input) -> Input {
    switch literal {
    case .int(let number): return .int(random.chance(500) ? number + 1 : number - 1)
    case .tuple(var items), .list(var items):
      guard let last = items.popLast() else { return literal }
      if random.chance(700) { items.append(near(last)) }
      return literal.with(items: items)
    default: return literal
    }
  }

  /// Another answer to a question of the same sort.
  private mutating func alternative(to question: Consultation) -> Answer? {
    let name = question.lastName
    if question.isImport {
      if case .raises = question.answer { return .value(.none) }
      return .raises("ModuleNotFoundError")
    }
    if World.isOfObject(question.path) { return exception(at: question.path).map { .raises($0) } }
    if question.isProtocol {
      switch question.answer {
      case .value(.bool(let flag)): return .value(.bool(!flag))
      case .value(.int): return .value(.int(random.int(below: 4)))
      default: return nil
      }
    }
    if !question.path.hasPrefix("input()"), random.chance(500), let literals = values.constants.compared[name],
      let literal = random.pick(literals.elements)
    {
      return .value(random.chance(400) ? near(literal) : literal)
    }
    if random.chance(100), let name = exception(at: question.path) { return .raises(name) }
    if question.path.hasPrefix("input()") { return .value(.string(values.line(using: &random))) }
    let simple: [Input] = [
      .none, .bool(true), .bool(false), .int(0), .int(1), .int(2), .string(""), .string("a"), .list([]),
      .list([.int(1), .int(2)]), .opaque(question.path), .dictionary([]), .tuple([]),
    ]
    return random.pick(simple).map(Answer.value)
  }
}

extension Slot {
  /// Of what a container in this slot holds.
  var elementShape: Shape {
    func element(_ shape: Shape) -> Shape? {
      switch shape {
      case .list(let inner), .set(let inner), .iterator(let inner), .dictionary(_, let inner): inner
      case .made(_, let content): element(content)
      case .union(let shapes): shapes.lazy.compactMap(element).first
      default: nil
      }
    }
    return element(shape) ?? .any
  }
}

extension Consultation {
  /// Whether a module is there.
  var isImport: Bool { path.hasPrefix("import ") }

  /// Asked by `len`, `==` and their like, whose answers have one type.
  var isProtocol: Bool {
    let operators = [" == ", " != ", " < ", " <= ", " > ", " >= ", " in ", " changes"]
    if operators.contains(where: path.contains) { return true }
    guard let open = path.firstIndex(of: "(") else { return false }
    return ["len", "bool", "hash", "iter", "list", "dict", "int", "str", "repr", "hasattr", "isinstance", "issubclass"]
      .contains(String(path[..<open]))
  }

  /// `limit` of `self.limit`, `self.limit()#2` and `a.limit[3]`.
  var lastName: String {
    var depth = 0
    var name: [Character] = []
    var text = Array(path)
    if let mark = text.lastIndex(of: "#"), text[(mark + 1)...].allSatisfy(\.isNumber) { text.removeSubrange(mark...) }
    for character in text.reversed() {
      switch character {
      case ")", "]": depth += 1
      case "(", "[": depth -= 1
      default:
        guard depth == 0 else { continue }
        if character == "." || character == " " { return String(name.reversed()) }
        name.append(character)
      }
    }
    return String(name.reversed())
  }
}
