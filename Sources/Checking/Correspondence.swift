import BigInt
import Logic

/// A change to what a run was given after which two values that it held against each other may stand otherwise.
private enum Edit {
  /// Wherever the first stands, or is part of a text, the second.
  case replace(Input, Input)
  /// A text, or the part of one that reads so, becomes another.
  case rewrite(CodePoints, CodePoints)
  /// A container gets what it was asked for, a dictionary with these values, or loses it.
  case add(Input, [Input.Pair])
  case remove(Input, Input)
  /// A sequence gets so many items.
  case extend(Input, count: Int)
}

extension InputGenerator {
  /// A case on which one of these meetings turns out otherwise; nil where what met is found nowhere in the case.
  mutating func answering(_ base: Case, consulted: [Consultation], meetings: [Meeting]) -> Case? {
    var next = base
    var isChanged = false
    let count = random.chance(600) ? 1 : 2 + random.int(below: 3)
    for _ in 0..<count {
      for _ in 0..<4 {
        guard let meeting = random.pick(meetings), let edit = edit(for: meeting, among: meetings) else { continue }
        if apply(edit, to: &next, consulted: consulted) {
          isChanged = true
          break
        }
      }
    }
    guard isChanged else { return nil }
    next.values = repaired(next.values)
    return next
  }

  private mutating func edit(for meeting: Meeting, among meetings: [Meeting]) -> Edit? {
    switch meeting {
    case .compared(let operation, let left, let right):
      if !left.isOfSort(of: right), random.chance(800) { return nil }
      let (from, to) = random.chance(600) ? (left, right) : (right, left)
      guard case .int(let number) = to else { return .replace(from, to) }
      if operation == .equal || operation == .notEqual || random.chance(400) { return .replace(from, to) }
      return .replace(from, .int(number + (random.chance(500) ? 1 : -1)))
    case .asked(let container, let key):
      let members = container.items ?? container.keys
      if members.contains(key) {
        if random.chance(500) { return .remove(container, key) }
      } else if random.chance(600) {
        var keys = [key]
        // Now and then all that it has not.
        if random.chance(400) {
          for case .asked(container, let other) in meetings where other != key && !members.contains(other) {
            keys.append(other)
          }
        }
        return .add(container, keys.map { .init($0, entry(like: container.values)) })
      }
      return random.pick(members).map { .replace(key, $0) }
    case .overrun(let sequence, let position):
      if position >= 0, position < 64, random.chance(700) { return .extend(sequence, count: position + 1) }
      return .replace(.int(position), .int(random.int(below: max(1, sequence.items?.count ?? 1))))
    case .searched(let text, let parts, let position):
      guard text.values.count < 200, let part = random.pick(parts) else { return nil }
      return .rewrite(text, with(part, in: text, at: position))
    case .tested(let text, let test): return random.pick(Self.examples(of: test)).map { .rewrite(text, CodePoints($0)) }
    case .decided: return nil
    }
  }

  /// A value like others of a dictionary, but not always theirs.
  private mutating func entry(like known: [Input]) -> Input {
    guard let value = random.pick(known) else {
      return random.pick([.int(1), .int(0), .string("a"), .list([]), .dictionary([])]) ?? .none
    }
    let roll = random.int(below: 10)
    if roll < 4 { return value }
    switch value {
    case .int(let number): return roll < 7 ? .int(0) : .int(number + 1)
    case .string(let text): return .string(roll < 6 ? CodePoints("") : values.mutated(text, using: &random))
    case .list, .tuple, .set: return roll < 6 ? value.with(items: []) : value
    case .dictionary(var pairs):
      if let last = pairs.indices.last, roll < 8 { pairs[last].value = entry(like: [pairs[last].value]) }
      return .dictionary(pairs)
    case .bool(let flag): return .bool(!flag)
    default: return value
    }
  }

  private mutating func with(_ part: CodePoints, in text: CodePoints, at position: Meeting.Position) -> CodePoints {
    switch position {
    case .start: return CodePoints(part.values + text.values)
    case .end: return CodePoints(text.values + part.values)
    case .anywhere:
      var result = text.values
      repeat {
        result.insert(contentsOf: part.values, at: random.int(below: result.count + 1))
      } while result.count < 200 && random.chance(350)
      return CodePoints(result)
    }
  }

  private static func examples(of test: String) -> [String] {
    switch test {
    case "int": ["0", "1", "2", "7", "12", "-1", " 3"]
    case "float": ["0", "1.5", "2", "-0.5", "10"]
    case "isdigit", "isdecimal", "isnumeric": ["0", "1", "12", "205", "1a"]
    case "isalpha": ["a", "ab", "Ab", "a1"]
    case "isalnum": ["a", "a1", "1", "a-"]
    case "isspace": [" ", "  ", "\t", "a"]
    case "isupper": ["A", "AB", "Ab"]
    case "islower": ["a", "ab", "Ab"]
    case "istitle": ["Ab", "AB"]
    case "isidentifier": ["a", "a1", "1a", "_"]
    default: ["a", "1", ""]
    }
  }

  private mutating func apply(_ edit: Edit, to next: inout Case, consulted: [Consultation]) -> Bool {
    let answers = consulted.compactMap { question -> (path: String, value: Input)? in
      if case .value(let value) = question.answer, !question.isProtocol { (question.path, value) } else { nil }
    }
    func places() -> Int {
      var count = 0
      for value in next.values + answers.map(\.value) {
        _ = value.changing { part in
          if part.changed(by: edit) != nil { count += 1 }
          return nil
        }
      }
      return count
    }
    let count = places()
    guard count > 0 else { return false }
    // One of them, or all.
    let chosen = count > 1 && random.chance(300) ? nil : random.int(below: count)
    var number = 0
    func change(_ value: Input) -> Input {
      value.changing { part in
        guard let changed = part.changed(by: edit) else { return nil }
        defer { number += 1 }
        return chosen == nil || number == chosen ? changed : nil
      }
    }
    let values = next.values.map(change)
    let overrides = answers.map { (path: $0.path, old: $0.value, new: change($0.value)) }
    for index in values.indices where values[index] != next.values[index] {
      next.values[index] = allowed(values[index], slots[index], index)
    }
    for answer in overrides where answer.old != answer.new {
      next.world.profile.overrides[answer.path] = .value(answer.new)
    }
    return true
  }
}

extension Input {
  /// Keys of a dictionary.
  fileprivate var keys: [Input] {
    switch self {
    case .dictionary(let pairs): pairs.map(\.key)
    case .made(_, let content): content.keys
    default: []
    }
  }

  fileprivate var values: [Input] {
    if case .dictionary(let pairs) = content { pairs.map(\.value) } else { [] }
  }

  /// What a container of the library is made of.
  private var content: Input { if case .made(_, let content) = self { content } else { self } }

  private func with(_ content: Input) -> Input {
    if case .made(let kind, _) = self { .made(kind, content) } else { content }
  }

  /// Numbers of any sort, texts, or whatever else is alike; None may stand for anything.
  fileprivate func isOfSort(of other: Input) -> Bool {
    switch (self, other) {
    case (.int, .int), (.int, .float), (.float, .int), (.float, .float), (.bool, .bool), (.string, .string),
      (.bytes, .bytes), (.none, _), (_, .none), (.opaque, _), (_, .opaque):
      true
    default: items != nil && other.items != nil
    }
  }

  /// With something else for each part, outermost first, that `change` gives something else for.
  fileprivate func changing(_ change: (Input) -> Input?) -> Input {
    if let changed = change(self) { return changed }
    switch self {
    case .dictionary(let pairs):
      var known: Set<Input> = []
      let changed = pairs.map { Pair($0.key.changing(change), $0.value.changing(change)) }
      return .dictionary(changed.filter { $0.key.isHashable && known.insert($0.key).inserted })
    case .made(let kind, let content): return .made(kind, content.changing(change))
    default: return items.map { with(items: $0.map { $0.changing(change) }) } ?? self
    }
  }

  /// What an edit makes of this very value; nil where it is about others.
  fileprivate func changed(by edit: Edit) -> Input? {
    switch edit {
    case .replace(let from, let to):
      if self == from { return to }
      if case .float(let bits) = self, case .int(let number) = from, bits.value == Double(number) { return to }
      guard case .string(let text) = self else { return nil }
      if case .string(let old) = from, case .string(let new) = to { return text.replacing(old, with: new) }
      if case .int(let old) = from, case .int(let new) = to {
        return text.replacing(CodePoints(old.description), with: CodePoints(new.description))
      }
      return nil
    case .rewrite(let from, let to):
      guard case .string(let text) = self else { return nil }
      return text.values == from.values ? .string(to) : text.replacing(from, with: to)
    case .add(let container, let added):
      guard self == container else { return nil }
      if case .dictionary(let pairs) = content {
        return with(.dictionary(pairs + added.filter { $0.key.isHashable }))
      }
      return items.map { with(items: $0 + added.map(\.key)) }
    case .remove(let container, let key):
      guard self == container else { return nil }
      if case .dictionary(let pairs) = content { return with(.dictionary(pairs.filter { $0.key != key })) }
      return items.map { items in with(items: items.filter { $0 != key }) }
    case .extend(let sequence, let count):
      guard self == sequence, let items, let last = items.last, count > items.count else { return nil }
      return with(items: items + [Input](repeating: last, count: count - items.count))
    }
  }
}

extension CodePoints {
  /// With the first such part replaced, in any case of its letters; nil where there is none.
  fileprivate func replacing(_ part: CodePoints, with other: CodePoints) -> Input? {
    let size = part.values.count
    guard size > 0, size <= values.count else { return nil }
    func folded(_ value: UInt32) -> UInt32 { (65...90).contains(value) ? value + 32 : value }
    let (text, wanted) = (values.map(folded), part.values.map(folded))
    guard let start = (0...(text.count - size)).first(where: { text[$0..<($0 + size)].elementsEqual(wanted) }) else {
      return nil
    }
    return .string(CodePoints(values[..<start] + other.values + values[(start + size)...]))
  }
}
