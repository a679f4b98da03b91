/// The regular expressions that adapters select modules by, matched without backtracking: patterns come from files, and
/// a hostile one must not take forever. Characters, `.`, classes, groups, alternatives, `* + ? {m,n}`, `^` and `$`;
/// what is beyond that is refused, not guessed.
struct NamePattern {
  enum Fault: Error, Equatable {
    case unsupported(Character)
    case unbalanced
    case tooLarge
  }

  private indirect enum Node {
    case set(Set<Character>, negated: Bool)
    case any
    case sequence([Node])
    case choice([Node])
    case repeated(Node, Int, Int?)
  }

  private enum Step {
    case match(Node)
    case split(Int, Int)
    case jump(Int)
    case end
  }

  /// Parts of a pattern, repeated ones as often as they are repeated, empty ones too.
  private static let sizeLimit = 20_000
  private static let depthLimit = 32
  private var steps: [Step] = []
  private var size = 0
  /// Whether it starts with `^`, and so never fits the end of a name only.
  private let isAnchored: Bool

  init(_ pattern: String) throws(Fault) {
    isAnchored = pattern.hasPrefix("^")
    var parser = Parser(rest: Array(pattern)[...])
    let node = try parser.alternatives(depth: 0)
    if !parser.rest.isEmpty { throw .unbalanced }
    try add(node)
    steps.append(.end)
  }

  /// Whether the whole of `text` fits.
  func matches(_ text: some StringProtocol) -> Bool {
    var current = closure([0])
    for character in text {
      var next: [Int] = []
      for index in current {
        if case .match(let node) = steps[index], fits(node, character) { next.append(index + 1) }
      }
      current = closure(next)
      if current.isEmpty { return false }
    }
    return current.contains {
      if case .end = steps[$0] { true } else { false }
    }
  }

  /// Whether `text` fits, or a part of it that follows a dot does: how the libraries match names of modules.
  func matchesSuffix(_ text: String) -> Bool {
    if matches(text) { return true }
    return !isAnchored && text.indices.contains { text[$0] == "." && matches(text[text.index(after: $0)...]) }
  }

  private func fits(_ node: Node, _ character: Character) -> Bool {
    switch node {
    case .any: true
    case .set(let characters, let negated): characters.contains(character) != negated
    default: false
    }
  }

  private func closure(_ starts: [Int]) -> [Int] {
    var seen = [Bool](repeating: false, count: steps.count)
    var found: [Int] = []
    var pending = starts
    while let index = pending.popLast() {
      if seen[index] { continue }
      seen[index] = true
      found.append(index)
      switch steps[index] {
      case .jump(let to): pending.append(to)
      case .split(let first, let second): pending += [first, second]
      case .match, .end: break
      }
    }
    return found
  }

  private mutating func add(_ node: Node) throws(Fault) {
    size += 1
    if size > Self.sizeLimit { throw .tooLarge }
    switch node {
    case .any, .set: steps.append(.match(node))
    case .sequence(let parts): for part in parts { try add(part) }
    case .choice(let parts):
      var jumps: [Int] = []
      for (index, part) in parts.enumerated() {
        if index == parts.count - 1 {
          try add(part)
          break
        }
        let split = steps.count
        steps.append(.split(split + 1, 0))
        try add(part)
        jumps.append(steps.count)
        steps.append(.jump(0))
        steps[split] = .split(split + 1, steps.count)
      }
      for jump in jumps { steps[jump] = .jump(steps.count) }
    case .repeated(let part, let least, let most):
      for _ in 0..<least { try add(part) }
      guard let most else {
        let split = steps.count
        steps.append(.split(split + 1, 0))
        try add(part)
        steps.append(.jump(split))
        steps[split] = .split(split + 1, steps.count)
        return
      }
      for _ in least..<max(least, most) {
        let split = steps.count
        steps.append(.split(split + 1, 0))
        try add(part)
        steps[split] = .split(split + 1, steps.count)
      }
    }
  }

  private struct Parser {
    var rest: ArraySlice<Character>

    mutating func alternatives(depth: Int) throws(Fault) -> Node {
      if depth > NamePattern.depthLimit { throw .tooLarge }
      var parts: [Node] = [try sequence(depth: depth)]
      while rest.first == "|" {
        rest.removeFirst()
        parts.append(try sequence(depth: depth))
      }
      return parts.count == 1 ? parts[0] : .choice(parts)
    }

    private mutating func sequence(depth: Int) throws(Fault) -> Node {
      var parts: [Node] = []
      while let next = rest.first, next != "|", next != ")" {
        rest.removeFirst()
        // a whole name is matched, so anchors say nothing new
        if next == "^" || next == "$" { continue }
        parts.append(try repetition(of: try atom(next, depth: depth)))
      }
      return .sequence(parts)
    }

    private mutating func atom(_ next: Character, depth: Int) throws(Fault) -> Node {
      switch next {
      case ".": return .any
      case "\\": return try escape()
      case "[": return try characters()
      case "(":
        if rest.first == "?" {
          rest.removeFirst()
          guard rest.first == ":" else { throw .unsupported("?") }
          rest.removeFirst()
        }
        let inner = try alternatives(depth: depth + 1)
        guard rest.first == ")" else { throw .unbalanced }
        rest.removeFirst()
        return inner
      case "*", "+", "?", "{", "}", "]": throw .unsupported(next)
      default: return .set([next], negated: false)
      }
    }

    private mutating func escape() throws(Fault) -> Node {
      guard let next = rest.popFirst() else { throw .unbalanced }
      switch next {
      case "d": return .set(Set("0123456789"), negated: false)
      case "w": return .set(Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"), negated: false)
      case _ where next.isLetter || next.isNumber: throw .unsupported(next)
      default: return .set([next], negated: false)
      }
    }

    private mutating func characters() throws(Fault) -> Node {
      var found: Set<Character> = []
      let negated = rest.first == "^"
      if negated { rest.removeFirst() }
      while let next = rest.popFirst() {
        if next == "]", !found.isEmpty { return .set(found, negated: negated) }
        if next == "\\" {
          guard case .set(let inner, false) = try escape() else { throw .unbalanced }
          found.formUnion(inner)
        } else if rest.first == "-", rest.count > 1, rest[rest.startIndex + 1] != "]",
          let low = next.asciiValue, let high = rest[rest.startIndex + 1].asciiValue, low <= high
        {
          rest.removeFirst(2)
          for value in low...high { found.insert(Character(Unicode.Scalar(value))) }
        } else {
          found.insert(next)
        }
      }
      throw .unbalanced
    }

    private mutating func repetition(of node: Node) throws(Fault) -> Node {
      guard let next = rest.first else { return node }
      let repeated: Node
      switch next {
      case "*": repeated = .repeated(node, 0, nil)
      case "+": repeated = .repeated(node, 1, nil)
      case "?": repeated = .repeated(node, 0, 1)
      case "{":
        guard let end = rest.firstIndex(of: "}") else { throw .unbalanced }
        let bounds = String(rest[(rest.startIndex + 1)..<end]).split(separator: ",", omittingEmptySubsequences: false)
        guard (1...2).contains(bounds.count), let low = Int(bounds[0]), (0...100).contains(low) else {
          throw .unsupported("{")
        }
        var high: Int? = low
        if bounds.count == 2 { high = bounds[1].isEmpty ? nil : Int(bounds[1]) ?? -1 }
        if let high, high < low || high > 100 { throw .unsupported("{") }
        rest = rest[end...]
        repeated = .repeated(node, low, high)
      default: return node
      }
      rest.removeFirst()
      // matching a whole name, lazy and greedy are one
      if rest.first == "?" { rest.removeFirst() }
      return repeated
    }
  }
}
