extension TextPattern {
  /// A text that the pattern may well match, made by chance: assertions are taken to hold. Nil for a pattern that does
  /// not compile.
  ///
  /// - Parameter choose: a number from 0 and below its argument.
  package static func example(
    of pattern: [UInt32], flags: PatternFlags = [], choose: @escaping (Int) -> Int
  ) -> [UInt32]? {
    guard var parser = try? Parser(pattern, flags: flags), let nodes = try? parser.parse() else { return nil }
    var sample = Sample(choose: choose)
    sample.add(nodes)
    return sample.text
  }
}

private struct Sample {
  let choose: (Int) -> Int
  private(set) var text: [UInt32] = []
  private var groups: [Int: [UInt32]] = [:]
  /// What stands for any character.
  private static let common = Array("ab1 A-_.x0,/:é".unicodeScalars.map(\.value))
  private static let longest = 60

  init(choose: @escaping (Int) -> Int) { self.choose = choose }

  mutating func add(_ nodes: [Node]) {
    for node in nodes where text.count < Self.longest { add(node) }
  }

  private mutating func add(_ node: Node) {
    switch node {
    case .literal(let point): text.append(point)
    case .notLiteral(let point): pick { $0 != point }
    case .any: pick { $0 != 10 }
    case .set(let items, let negated):
      let set = CharacterSet(items, negated: negated, flags: [])
      if negated { pick(where: set.contains) } else { add(memberOf: items, set) }
    case .position, .look: break
    case .repetition(let body, let bounds):
      // A hostile pattern may ask for billions of nothing.
      let least = min(bounds.minimum, Self.longest)
      let most = min(bounds.maximum, least + 3)
      for _ in 0..<(least + choose(most - least + 1)) where text.count < Self.longest { add(body) }
    case .group(let body, let index, _, _):
      let start = text.count
      add(body)
      if let index { groups[index] = Array(text[start...]) }
    case .atomic(let body): add(body)
    case .branch(let items): if !items.isEmpty { add(items[choose(items.count)]) }
    case .reference(let group): text += groups[group] ?? []
    case .conditional(let group, let yes, let no): add(groups[group] == nil ? no ?? [] : yes)
    }
  }

  private mutating func add(memberOf items: [SetItem], _ set: CharacterSet) {
    switch items[choose(items.count)] {
    case .literal(let point): text.append(point)
    case .range(let range), .eitherCase(let range):
      text.append(range.lowerBound + UInt32(choose(min(range.count, 4))))
    case .category(let category): pick { category.contains($0, ascii: false) }
    }
  }

  private mutating func pick(where test: (UInt32) -> Bool) {
    let fitting = Self.common.filter(test)
    text.append(fitting.isEmpty ? 97 : fitting[choose(fitting.count)])
  }
}
