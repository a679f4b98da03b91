/// A small deterministic random source (SplitMix64: Steele, Lea, Flood 2014).
struct Dice {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// Makes up small Python functions out of what the prover has rules for: fresh containers, loops of every kind,
/// handlers, closures, attribute reads, variables that may be unbound.
struct FuzzSource {
  var dice: Dice
  private var lines: [String] = []
  private var loops = 0
  private let parameters = ["a", "b", "n", "xs", "g"]
  private let locals = ["x", "y", "t", "out"]

  init(seed: UInt64) { dice = Dice(seed: seed) }

  mutating func function() -> String {
    lines = []
    let isAnnotated = dice.chance(50)
    lines.append(isAnnotated ? "def f(a, b: int, n: int, xs, g):" : "def f(a, b, n, xs, g):")
    if dice.chance(60) { lines.append("    out = []") }
    if dice.chance(60) { lines.append("    x = \(dice.pick(["0", "a", "None", "b", "()"]))") }
    if dice.chance(40) { lines.append("    t = 0") }
    for _ in 0..<(2 + dice.below(4)) { statement(1, depth: 2) }
    if dice.chance(80) { lines.append("    return \(dice.pick(["out", "x", "t", "x, t", "out, y", value(1)]))") }
    if dice.chance(30) {
      lines.append("")
      lines.append("def h(p, q):")
      lines.append("    \(dice.pick(["if p is None:", "if p:", "for q in p:", "try:", "while q < 2:"]))")
      lines.append("        \(dice.pick(["return q", "q = p", "p.k = q", "raise ValueError(q)", "q += 1"]))")
      if lines[lines.count - 2].hasSuffix("try:") {
        lines.append("    except ValueError:")
        lines.append("        q = 0")
      }
      lines.append("    return \(dice.pick(["q", "p", "p.k", "(p, q)", "[p, q]"]))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Statements

  private mutating func block(_ level: Int, depth: Int) {
    for _ in 0..<(1 + dice.below(3)) { statement(level, depth: depth) }
  }

  private mutating func add(_ level: Int, _ text: String) {
    lines.append(String(repeating: "    ", count: level) + text)
  }

  private mutating func statement(_ level: Int, depth: Int) {
    let simple = 14
    switch dice.below(depth > 0 ? simple + 10 : simple) {
    case 0, 1, 2: add(level, "\(local()) = \(value(2))")
    case 3: add(level, "\(local()) \(dice.pick(["+=", "-=", "*="])) \(value(1))")
    case 4: add(level, "\(local()), \(local()) = \(value(1)), \(value(1))")
    case 5, 6: add(level, "out.append(\(value(1)))")
    case 7: add(level, "g(\(value(1)))")
    case 8: add(level, "\(dice.pick(["a", "b", "x"])).k = \(value(1))")
    case 9: add(level, "\(dice.pick(["a", "xs", "out"]))[\(value(0))] = \(value(1))")
    case 10: add(level, dice.pick(["return \(value(1))", "raise ValueError(\(value(0)))", "assert \(value(1))"]))
    case 11: add(level, loops > 0 ? dice.pick(["break", "continue"]) : value(2))
    case 12: add(level, dice.pick(["del \(local())", "\(local()) = []", "\(local()) = {}", "\(local()) = set()"]))
    case 13: add(level, "\(local()) = lambda\(dice.pick(["", " z", " z=\(local())"])): \(value(1))")
    case simple, simple + 1, simple + 2:
      add(level, "if \(value(2)):")
      block(level + 1, depth: depth - 1)
      if dice.chance(40) {
        add(level, "else:")
        block(level + 1, depth: depth - 1)
      }
    case simple + 3, simple + 4, simple + 5: loop(level, depth)
    case simple + 6, simple + 7, simple + 8: handlers(level, depth)
    default:
      add(level, "with a as \(local()):")
      block(level + 1, depth: depth - 1)
    }
  }

  private mutating func loop(_ level: Int, _ depth: Int) {
    var counter: String?
    switch dice.below(6) {
    case 0: add(level, "for \(local()) in xs:")
    case 1: add(level, "for \(local()) in range(\(dice.pick(["n", "3", "b, n", "n, 0, -1"]))):")
    case 2: add(level, "for \(local()), \(local()) in enumerate(xs):")
    case 3: add(level, "for \(local()), \(local()) in zip(xs, a):")
    case 4:
      let name = dice.pick(["x", "t"])
      counter = name
      add(level, "\(name) = 0")
      add(level, "while \(name) < \(dice.pick(["n", "3", "b"])):")
    default: add(level, "while \(value(1)):")
    }
    loops += 1
    block(level + 1, depth: depth - 1)
    if let counter { add(level + 1, "\(counter) += 1") }
    loops -= 1
    if dice.chance(20) {
      add(level, "else:")
      block(level + 1, depth: 0)
    }
  }

  private mutating func handlers(_ level: Int, _ depth: Int) {
    add(level, "try:")
    block(level + 1, depth: depth - 1)
    let handles = dice.chance(80)
    if handles {
      add(
        level,
        "except \(dice.pick(["ValueError", "KeyError", "Exception", "(ValueError, AttributeError)"]))"
          + dice.pick([":", " as y:", " as t:"]))
      block(level + 1, depth: depth - 1)
      if dice.chance(20) {
        add(level, "else:")
        block(level + 1, depth: 0)
      }
    }
    if !handles || dice.chance(25) {
      add(level, "finally:")
      block(level + 1, depth: 0)
    }
  }

  // MARK: Expressions

  private mutating func local() -> String { dice.pick(locals) }
  private mutating func name() -> String { dice.chance(50) ? dice.pick(parameters) : dice.pick(locals) }

  private mutating func value(_ depth: Int) -> String {
    guard depth > 0, dice.chance(75) else {
      return dice.chance(70) ? name() : dice.pick(["0", "1", "2", "None", "True", "\"s\"", "0.5", "()"])
    }
    let d = depth - 1
    switch dice.below(20) {
    case 0, 1: return "(\(value(d)) \(dice.pick(["+", "-", "*", "//", "%", "&"])) \(value(d)))"
    case 2, 3: return "(\(value(d)) \(dice.pick(["<", "<=", "==", "!=", "in", "is", ">"])) \(value(d)))"
    case 4: return "(\(value(d)) \(dice.pick(["and", "or"])) \(value(d)))"
    case 5: return "(not \(value(d)))"
    case 6, 7: return "g(\(value(d)))"
    case 8, 9: return "\(name()).\(dice.pick(["k", "m"]))"
    case 10: return "\(name())[\(value(d))]"
    case 11: return "(\(value(d)) if \(value(d)) else \(value(d)))"
    case 12: return dice.pick(["[\(value(d))]", "(\(value(d)), \(value(d)))", "{\"s\": \(value(d))}"])
    case 13: return "[\(value(d)) for i in \(name())]"
    case 14: return "\(dice.pick(["any", "all", "list", "sorted"]))(\(value(d)) for i in xs)"
    case 15: return "\(dice.pick(["len", "abs", "bool", "str", "type"]))(\(value(d)))"
    case 16: return "\(dice.pick(["min", "max"]))(\(value(d)), \(value(d)))"
    case 17: return dice.pick(["f\"{\(name())}s\"", "(\(name()) is None)", "(n < b < 3)"])
    case 18: return "h(\(value(d)), \(value(d)))"
    default: return "(\(local()) := \(value(d)))"
    }
  }
}

/// One change of a source text, as an edit would make it: a token for another, or a line dropped, doubled or moved.
enum SourceMutation {
  private static let exchanges: [String: [String]] = [
    "+": ["-", "*"], "-": ["+"], "*": ["+"], "//": ["%"], "%": ["//"], "&": ["+"], "<": ["<=", ">", "=="],
    "<=": ["<"], ">": [">=", "<"], "==": ["!=", "is"], "!=": ["=="], "+=": ["-="], "-=": ["+="], "*=": ["+="],
    "in": ["not in"], "is": ["==", "is not"], "and": ["or"], "or": ["and"], "not": [""], "True": ["False"],
    "None": ["0"], "0": ["1", "False"], "1": ["0", "2", "True"], "2": ["1", "3"], "3": ["2"],
    "break": ["continue", "pass"], "continue": ["break", "pass"], "any": ["all"], "all": ["any"], "min": ["max"],
    "max": ["min"], "list": ["set", "tuple"], "len": ["bool"], "str": ["repr"], "k": ["m"], "m": ["k"],
    "enumerate": ["zip"], "ValueError": ["KeyError", "Exception"], "KeyError": ["ValueError"],
    "Exception": ["ValueError"], "append": ["add"], "return": ["yield", ""], "raise": ["return"],
    "a": ["b", "x"], "b": ["a", "n"], "n": ["b"], "xs": ["a", "out"], "x": ["y", "t", "a"], "y": ["x"],
    "t": ["x", "y"], "out": ["x", "xs"], "g": ["h"], "i": ["x"], "p": ["q"], "q": ["p"], "try": ["if True"],
  ]

  static func apply(to source: String, _ dice: inout Dice) -> String {
    var lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let bodies = lines.indices.filter { !lines[$0].hasPrefix("def ") && !lines[$0].isEmpty }
    let line = dice.pick(bodies)
    let indentation = String(lines[line].prefix { $0 == " " })
    switch dice.below(10) {
    case 0: lines[line] = indentation + (lines[line].hasSuffix(":") ? "if True:" : "pass")
    case 1: lines.insert(lines[line], at: line)
    case 2, 3:
      // Past its neighbour.
      guard line + 1 < lines.count, lines[line + 1].hasPrefix(indentation), !lines[line + 1].isEmpty else { break }
      lines.swapAt(line, line + 1)
    case 4:
      // Out of its block.
      if indentation.count > 4 { lines[line] = String(lines[line].dropFirst(4)) }
    default:
      let tokens = tokens(of: lines[line])
      let places = tokens.indices.filter { exchanges[tokens[$0]] != nil }
      guard !places.isEmpty else { break }
      let place = dice.pick(places)
      var changed = tokens
      changed[place] = dice.pick(exchanges[tokens[place]] ?? [tokens[place]])
      lines[line] = changed.joined()
    }
    return lines.joined(separator: "\n")
  }

  /// Words, runs of operator marks, and single other characters.
  private static func tokens(of line: String) -> [String] {
    enum Kind { case word, mark, other }
    func kind(_ character: Character) -> Kind {
      if character.isLetter || character.isNumber || character == "_" { return .word }
      return "+-*/%&<>=!".contains(character) ? .mark : .other
    }
    var result: [String] = []
    var last = Kind.other
    for character in line {
      let now = kind(character)
      if now != .other, now == last, !result.isEmpty {
        result[result.count - 1].append(character)
      } else {
        result.append(String(character))
      }
      last = now
    }
    return result
  }
}
