/// A set of bytes.
package struct ByteSet: Hashable, Sendable, ExpressibleByStringLiteral {
  private var words: [UInt64] = [0, 0, 0, 0]

  package init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
  }

  package init(stringLiteral text: StaticString) {
    self.init(text.withUTF8Buffer { Array($0) })
  }

  package func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

  package func union(_ other: ByteSet) -> ByteSet {
    var result = self
    for index in 0..<4 { result.words[index] |= other.words[index] }
    return result
  }

  /// The least byte of the set.
  package var first: UInt8? { (UInt8.min...UInt8.max).first(where: contains) }

  package static let digits = ByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
  package static let lowercase = ByteSet(UInt8(ascii: "a")...UInt8(ascii: "z"))
  package static let letters = lowercase.union(ByteSet(UInt8(ascii: "A")...UInt8(ascii: "Z")))
  package static let identifierStart = letters.union("_")
  package static let identifier = identifierStart.union(digits)
}

/// A context-free grammar over bytes, read by a set of stacks.
///
/// A stack holds what is still to come, its next part last. A byte moves every stack that it fits; alternatives are
/// followed side by side, so a grammar need not be LL(1), only free of left recursion. Repetitions are bounded and so
/// is the stack, so texts end; a stack is followed only where its shortest completion stays within that bound, so
/// every state that can be reached can also be completed.
package struct PushdownGrammar: ByteGrammar {
  package indirect enum Expression: Sendable {
    case text(String)
    case oneOf(ByteSet)
    /// A character beyond ASCII; as bytes near enough, a first one and up to three that continue it.
    case wide
    case sequence([Expression])
    case choice([Expression])
    case repeated(Expression, ClosedRange<Int>)
    case rule(String)

    package static func optional(_ expression: Expression) -> Expression { .choice([expression, .sequence([])]) }

    /// `item`, with `separator` between several.
    package static func list(_ item: Expression, separator: String, atMost limit: Int) -> Expression {
      .sequence([item, .repeated(.sequence([.text(separator), item]), 0...max(0, limit - 1))])
    }
  }

  /// Why a grammar cannot be used.
  package enum Fault: Error, Equatable {
    case undefined(rule: String)
    case leftRecursive(rule: String)
    case endless(rule: String)
    case tooLarge
  }

  package struct State: Hashable, Sendable {
    /// Sorted, each once: mostly a single one.
    fileprivate var stacks: [[UInt16]]
  }

  private enum Part: Sendable {
    case byte(ByteSet)
    /// Each alternative in order, as it is pushed: last part first.
    case alternatives([[UInt16]])
  }

  private var parts: [Part] = []
  /// Bytes of the shortest expansion, and how far its stack grows beyond the part's own place.
  private var lengths: [Int] = []
  private var heights: [Int] = []
  private let stackLimit: Int
  package let notation: String?
  package private(set) var byteClasses: [UInt8] = []
  package private(set) var start = State(stacks: [])
  private static let partLimit = 60_000
  private static let endless = Int.max / 4

  package init(start: String, rules: [String: Expression], stackLimit: Int = 256) throws(Fault) {
    self.stackLimit = stackLimit
    notation = Self.notation(start: start, rules: rules)
    var ruleParts: [String: UInt16] = [:]
    let names = rules.keys.sorted()
    for name in names {
      ruleParts[name] = UInt16(parts.count)
      parts.append(.alternatives([]))
    }
    for name in names {
      guard let rule = rules[name], let index = ruleParts[name] else { continue }
      let body = try compile(rule, ruleParts)
      parts[Int(index)] = .alternatives([body.reversed()])
    }
    guard let first = ruleParts[start] else { throw .undefined(rule: start) }
    measure()
    for name in names {
      guard let index = ruleParts[name] else { continue }
      if lengths[Int(index)] >= Self.endless { throw .endless(rule: name) }
      if reachesItself(index) { throw .leftRecursive(rule: name) }
    }
    self.start = State(stacks: [[first]])
    byteClasses = classifyBytes()
  }

  /// Bytes that the same sets hold are of one class.
  private func classifyBytes() -> [UInt8] {
    var sets: Set<ByteSet> = []
    for case .byte(let set) in parts { sets.insert(set) }
    let ordered = Array(sets)
    var numbers: [[Bool]: UInt8] = [:]
    return (UInt8.min...UInt8.max).map { byte in
      let members = ordered.map { $0.contains(byte) }
      let number = numbers[members] ?? UInt8(numbers.count)
      numbers[members] = number
      return number
    }
  }

  /// Parts for `expression`, in reading order.
  private mutating func compile(
    _ expression: Expression, _ rules: [String: UInt16]
  ) throws(Fault) -> [UInt16] {
    switch expression {
    case .text(let text):
      var result: [UInt16] = []
      for byte in text.utf8 { result.append(try add(.byte(ByteSet([byte])))) }
      return result
    case .oneOf(let set): return [try add(.byte(set))]
    case .wide:
      let continued = Expression.oneOf(ByteSet(0x80...0xBF))
      return try compile(.sequence([.oneOf(ByteSet(0xC2...0xF4)), .repeated(continued, 1...3)]), rules)
    case .sequence(let items):
      var result: [UInt16] = []
      for item in items { result += try compile(item, rules) }
      return result
    case .choice(let items):
      var alternatives: [[UInt16]] = []
      for item in items { alternatives.append(try compile(item, rules).reversed()) }
      return [try add(.alternatives(alternatives))]
    case .repeated(let item, let range):
      let body: [UInt16] = try compile(item, rules).reversed()
      var rest: [UInt16] = []
      for count in (0..<max(0, range.upperBound)).reversed() {
        let again = rest + body
        rest = [try add(.alternatives(count < range.lowerBound ? [again] : [again, []]))]
      }
      return rest
    case .rule(let name):
      guard let index = rules[name] else { throw .undefined(rule: name) }
      return [index]
    }
  }

  private mutating func add(_ part: Part) throws(Fault) -> UInt16 {
    if parts.count >= Self.partLimit { throw .tooLarge }
    parts.append(part)
    return UInt16(parts.count - 1)
  }

  /// Shortest lengths to a fixpoint, then the heights of those expansions.
  private mutating func measure() {
    lengths = Array(repeating: Self.endless, count: parts.count)
    heights = Array(repeating: Self.endless, count: parts.count)
    var changed = true
    while changed {
      changed = false
      for (index, part) in parts.enumerated().reversed() {
        var best = (length: Self.endless, height: Self.endless)
        switch part {
        case .byte(let set): if set.first != nil { best = (1, 0) }
        case .alternatives(let alternatives):
          for alternative in alternatives {
            let length = alternative.reduce(0) { min(Self.endless, $0 + lengths[Int($1)]) }
            let height = alternative.enumerated().reduce(0) { max($0, $1.offset + heights[Int($1.element)]) }
            if (length, height) < (best.length, best.height) { best = (length, min(height, Self.endless)) }
          }
        }
        if (best.length, best.height) != (lengths[index], heights[index]) {
          (lengths[index], heights[index]) = (best.length, best.height)
          changed = true
        }
      }
    }
  }

  /// Whether expanding `origin` can put it first again before any byte is read.
  private func reachesItself(_ origin: UInt16) -> Bool {
    var seen: Set<UInt16> = []
    var open = [origin]
    while let index = open.popLast() {
      guard case .alternatives(let alternatives) = parts[Int(index)] else { continue }
      for alternative in alternatives {
        for next in alternative.reversed() {
          if next == origin { return true }
          if seen.insert(next).inserted { open.append(next) }
          if lengths[Int(next)] > 0 { break }
        }
      }
    }
    return false
  }

  package func advance(_ state: State, _ byte: UInt8) -> State? {
    var moved: [[UInt16]] = []
    var open = state.stacks
    // alternatives that lead to one stack are followed once; there are few, so a list beats a set
    var seen = state.stacks
    while var stack = open.popLast() {
      guard let top = stack.popLast() else { continue }
      switch parts[Int(top)] {
      case .byte(let set):
        if set.contains(byte), !moved.contains(stack) { moved.append(stack) }
      case .alternatives(let alternatives):
        for alternative in alternatives {
          let fits = alternative.indices.allSatisfy {
            stack.count + $0 + 1 + heights[Int(alternative[$0])] <= stackLimit
          }
          if !fits { continue }
          // a byte that does not fit goes no further than its own place
          if let top = alternative.last, case .byte(let set) = parts[Int(top)], !set.contains(byte) { continue }
          let next = stack + alternative
          if seen.contains(next) { continue }
          seen.append(next)
          open.append(next)
        }
      }
    }
    if moved.count > 1 { moved.sort { $0.lexicographicallyPrecedes($1) } }
    return moved.isEmpty ? nil : State(stacks: moved)
  }

  package func isAccepting(_ state: State) -> Bool {
    state.stacks.contains { stack in stack.allSatisfy { lengths[Int($0)] == 0 } }
  }

  package func completion(of state: State) -> [UInt8]? {
    func length(_ stack: [UInt16]) -> Int { stack.reduce(0) { min(Self.endless, $0 + lengths[Int($1)]) } }
    // equally short ways differ; the order of the parts decides, not that of a hash
    let ranked = state.stacks.map { (length($0), $0) }
    guard
      let (size, shortest) = ranked.min(by: { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1.lexicographicallyPrecedes($1.1) }),
      size < Self.endless
    else { return nil }
    var stack = shortest
    var bytes: [UInt8] = []
    while let top = stack.popLast() {
      switch parts[Int(top)] {
      case .byte(let set): bytes += set.first.map { [$0] } ?? []
      case .alternatives(let alternatives):
        func rank(_ alternative: [UInt16]) -> (Int, Int) {
          (length(alternative), alternative.enumerated().reduce(0) { max($0, $1.offset + heights[Int($1.element)]) })
        }
        stack += alternatives.min { rank($0) < rank($1) } ?? []
      }
    }
    return bytes
  }
}
