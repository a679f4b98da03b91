import BigInt
import Logic

/// Arguments for annotated parameters.
enum ArgumentMaker {
  static func make(_ hint: TypeHint?, _ round: Int, _ random: inout SeededGenerator, depth: Int = 0) -> Input {
    switch hint ?? .any {
    case .none: return .none
    // No fixture has it.
    case .literal: return .none
    case .bool: return .bool(Bool.random(using: &random))
    case .int: return integer(&random)
    case .float: return float(&random)
    case .string: return string(&random)
    case .bytes:
      return .bytes((0..<Int.random(in: 0...4, using: &random)).map { _ in UInt8.random(in: 90...130, using: &random) })
    case .list(let inner): return .list(items(inner, round, &random, depth))
    case .set(let inner): return .set(distinct(items(inner, round, &random, depth)))
    case .frozenSet(let inner): return .frozenSet(distinct(items(inner, round, &random, depth)))
    case .variadicTuple(let inner): return .tuple(items(inner, round, &random, depth))
    case .iterable(let inner): return .iterator(items(inner, round, &random, depth))
    case .tuple(let inner): return .tuple(inner.map { make($0, round, &random, depth: depth + 1) })
    case .dictionary(let key, let value):
      return .dictionary(
        distinct(items(key, round, &random, depth)).map {
          Input.Pair($0, make(value, round, &random, depth: depth + 1))
        })
    case .union(let choices): return make(choices.randomElement(using: &random), round, &random, depth: depth)
    case .any, .callable, .named: return any(round, &random, depth)
    }
  }

  private static func items(_ inner: TypeHint, _ round: Int, _ random: inout SeededGenerator, _ depth: Int) -> [Input] {
    let count = round == 0 ? 0 : Int.random(in: 0...(depth > 0 ? 3 : 6), using: &random)
    return (0..<count).map { _ in make(inner, round, &random, depth: depth + 1) }
  }

  /// Python source that makes the value as `Interpreter.run` does: sets item by item.
  static func source(_ input: Input) -> String {
    func join(_ items: [Input]) -> String { items.map(source).joined(separator: ", ") }
    switch input {
    case .list(let items): return "[" + join(items) + "]"
    case .tuple(let items): return "(" + join(items) + (items.count == 1 ? ",)" : ")")
    case .set(let items): return "set([" + join(items) + "])"
    case .frozenSet(let items): return "frozenset([" + join(items) + "])"
    case .iterator(let items): return "iter([" + join(items) + "])"
    case .dictionary(let pairs):
      return "{" + pairs.map { source($0.key) + ": " + source($0.value) }.joined(separator: ", ") + "}"
    default: return input.description
    }
  }

  /// Keys that are equal but not identical would keep the first: only one of each is made.
  private static func distinct(_ items: [Input]) -> [Input] {
    var seen: Set<String> = []
    return items.filter { item in
      switch item {
      case .bool(let value): return seen.insert(value ? "1" : "0").inserted
      case .float(let bits) where bits.value == bits.value.rounded() && abs(bits.value) < 1e15:
        return seen.insert("\(Int(bits.value))").inserted
      case .list, .set, .dictionary, .iterator: return false
      default: return seen.insert("\(item)").inserted
      }
    }
  }

  private static func integer(_ random: inout SeededGenerator) -> Input {
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return .int(BigInt(1) << Int.random(in: 60...70, using: &random))
    case 1: return .int(-(BigInt(1) << Int.random(in: 60...70, using: &random)) + 1)
    case 2: return .int(Int.random(in: -1000...1000, using: &random))
    default: return .int(Int.random(in: -4...9, using: &random))
    }
  }

  private static func float(_ random: inout SeededGenerator) -> Input {
    let special: [Double] = [
      0.0, -0.0, 1.5, -2.5, 0.1, 1e16, 1e-7, 123456.789, .infinity, -.infinity, .nan, 2.675, 1e300,
    ]
    if Int.random(in: 0..<3, using: &random) == 0 { return .float(special.randomElement(using: &random) ?? 0) }
    return .float(Double(Int.random(in: -40...40, using: &random)) / 8)
  }

  private static func string(_ random: inout SeededGenerator) -> Input {
    let special = [
      "", "a", "ab", " a b ", "A1", "é", "ß", "x,y,,z", "12", "-7", "3.5", "\n", "it's", "Hello World", "aXbX", "ǅ",
      "١",
    ]
    if Int.random(in: 0..<2, using: &random) == 0 { return .string(special.randomElement(using: &random) ?? "") }
    let letters = "abcAB 01,".unicodeScalars.map(\.value)
    let count = Int.random(in: 0...8, using: &random)
    return .string(CodePoints((0..<count).map { _ in letters.randomElement(using: &random) ?? 97 }))
  }

  private static func any(_ round: Int, _ random: inout SeededGenerator, _ depth: Int) -> Input {
    let choices: [TypeHint] = [.int, .int, .float, .string, .bool, .none, .bytes]
    let nested: [TypeHint] = [
      .list(.int), .list(.any), .variadicTuple(.int), .dictionary(.string, .int), .set(.int), .frozenSet(.int),
      .variadicTuple(.any), .dictionary(.int, .any),
    ]
    let pool = depth > 1 ? choices : choices + nested
    return make(pool.randomElement(using: &random), round, &random, depth: depth)
  }
}

/// Outcomes as the driver prints them.
enum Canonical {
  static func text(of execution: Execution) -> String {
    var parts: [String] = []
    switch execution.outcome {
    case .returned(let value): parts.append("returns " + text(value))
    case .yielded(let items, let end):
      var piece = "yields [" + items.map(text).joined(separator: ", ") + "]"
      switch end {
      case .exhausted(let value): piece += " then " + text(value)
      case .raised(let raised): piece += " raises " + text(raised)
      case .more: piece += " more"
      }
      parts.append(piece)
    case .raised(let raised): parts.append("raises " + text(raised))
    case .stopped(let reason): parts.append("stopped: \(reason)")
    }
    parts += execution.observation.arguments.map(text)
    return parts.joined(separator: "\t")
  }

  static func text(_ snapshot: Snapshot) -> String {
    func join(_ items: [Snapshot]) -> String { items.map(text).joined(separator: ", ") }
    switch snapshot {
    case .list(_, let items): return "[" + join(items) + "]"
    case .tuple(let items): return "(" + join(items) + ")"
    case .set(_, let items), .frozenSet(let items): return "{" + items.map(text).sorted().joined(separator: ", ") + "}"
    case .dictionary(_, let pairs), .instance(_, type: "Counter", let pairs),
      .instance(_, type: "defaultdict", let pairs),
      .instance(_, type: "OrderedDict", let pairs):
      return "{" + pairs.map { text($0.key) + ": " + text($0.value) }.joined(separator: ", ") + "}"
    case .instance(_, type: "deque", let pairs):
      return "deque[" + pairs.map { text($0.value) }.joined(separator: ", ") + "]"
    case .instance(_, let type, let pairs):
      return "<\(type) " + pairs.map { text($0.key) + "=" + text($0.value) }.joined(separator: ", ") + ">"
    case .exception(_, let type, _): return "<\(type)>"
    case .iterator: return "<iterator>"
    case .function: return "<function>"
    case .again: return "<again>"
    case .slice(let items): return "slice(" + join(items) + ")"
    case .range(let items): return "range(" + join(items) + ")"
    default: return snapshot.description
    }
  }

  static func text(_ raised: Raised) -> String {
    switch raised {
    case .exception(let type, let arguments, let cause):
      return type + "(" + (arguments.map { $0.map(text).joined(separator: ", ") } ?? "*") + ")"
        + (cause.map { " from " + text($0) } ?? "")
    case .suppressed: return "None"
    case .opaque(let path, _): return path
    }
  }

  /// Arguments of implicit exceptions, printed `*` by us, are not compared.
  static func agree(_ ours: String, _ theirs: String) -> Bool {
    if ours == theirs { return true }
    guard ours.contains("(*)") else { return false }
    let pieces = ours.components(separated: "(*)")
    var rest = theirs[...]
    for (index, piece) in pieces.enumerated() {
      if index == 0 {
        guard rest.hasPrefix(piece) else { return false }
        rest = rest.dropFirst(piece.count)
        continue
      }
      guard rest.hasPrefix("("), let range = rest.range(of: ")" + piece, last: index == pieces.count - 1) else {
        return false
      }
      rest = rest[range.upperBound...]
    }
    return rest.isEmpty
  }
}

extension String {
  fileprivate func components(separated by: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: by) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}

extension Substring {
  /// The first place of a text, or the place at the very end for the last piece.
  fileprivate func range(of text: String, last: Bool) -> Range<Index>? {
    if last { return hasSuffix(text) ? index(endIndex, offsetBy: -text.count)..<endIndex : nil }
    return firstRange(of: text)
  }
}
