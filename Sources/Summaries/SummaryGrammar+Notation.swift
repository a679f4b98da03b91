import Decoder
import Logic

/// The summary grammar over bytes, as far as a context-free grammar says it: what a server can be asked to hold its answer
/// to. Indentation and how deep a text nests are left to the reader, who checks every answer anyway.
extension SummaryGrammar {
  package var notation: String? {
    guard let rules = Self.rules(from: start) else { return nil }
    return PushdownGrammar.notation(start: Self.root, rules: rules)
  }

  private typealias Part = PushdownGrammar.Expression

  package static let root = "answer"

  /// The productions, the tokens and the root; nil where `state` is inside a token.
  package static func rules(from state: State) -> [String: PushdownGrammar.Expression]? {
    let automaton = TextAutomaton()
    guard let remaining = automaton.remaining(state) else { return nil }
    var rules = tokens
    for (name, alternatives) in TextAutomaton.productions {
      rules[ruleName(name)] = .choice(alternatives.map { .sequence($0.map(part)) })
    }
    let blanks = automaton.blanks(at: state)
    rules[root] = .sequence((blanks.upperBound > 0 ? [.repeated(.text(" "), blanks)] : []) + remaining.map(part))
    return rules
  }

  private static func ruleName(_ name: String) -> String { name == "@" ? "nothing" : "form \(name)" }

  private static func part(_ symbol: TextAutomaton.Symbol) -> Part {
    switch symbol {
    case .rule(let name): .rule(ruleName(name))
    case .token(let name): .rule("token \(name)")
    case .spelled(let spellings):
      // Longer ones first, for readers that take the first alternative that fits.
      .sequence([
        .choice(spellings.sorted { ($1.count, $0) < ($0.count, $1) }.map { .text($0) }), .rule("token blanks"),
      ])
    }
  }

  // MARK: Tokens

  private static let digits = Part.repeated(.oneOf(.digits), 1...40)
  private static let blank = Part.optional(.text(" "))
  /// Text between quotes: no control characters, none of `barred` but after a backslash.
  private static func text(barring barred: String) -> Part { .rule("text without \(barred)") }

  /// One character of such a text, with its backslash.
  private static func character(barring barred: String) -> Part {
    let plain = ByteSet((0x20...0x7E).filter { !("\\" + barred).utf8.contains($0) })
    let escape = Part.sequence([.text("\\"), .oneOf(ByteSet(0x20...0x7E))])
    return .choice([.oneOf(plain), .wide, escape])
  }

  private static let tokens: [String: Part] = {
    let word = Part.sequence([
      .choice([.oneOf(.identifierStart), .wide]), .repeated(.choice([.oneOf(.identifier), .wide]), 0...63),
    ])
    let name = Part.choice([word, .sequence([.text("`"), text(barring: "`"), .text("`")])])
    let exponent = Part.sequence([.text("e"), .optional(.oneOf("+-")), .repeated(.oneOf(.digits), 1...3)])
    let dotted = Part.sequence([word, .repeated(.sequence([.text("."), word]), 0...15)])
    let spaced: [String: Part] = [
      "N": name, "W": name, "INT": digits, "BYTES": .sequence([.text("b\""), text(barring: "\""), .text("\"")]),
      "FLOAT": .choice([
        .sequence([digits, .text("."), digits, .optional(exponent)]), .sequence([digits, exponent]),
      ]),
      "STRING": .sequence([.text("\""), text(barring: "\""), .text("\"")]),
      "IMPORTED": .sequence([
        .text("@"), .choice([dotted, .sequence([.text("`"), text(barring: "`"), .text("`")])]),
      ]),
    ]
    let fixed: [String: Part] = [
      "blanks": blank, "NL": .sequence([.text("\n"), .repeated(.text("  "), 0...20)]),
      // What stands between the parts of a format string is text, blanks and all.
      "FORMAT": .text("f\""), "FORMATEND": .sequence([text(barring: "\"{}"), .text("\""), blank]),
      "FORMATOPEN": .sequence([text(barring: "\"{}"), .text("{"), blank]),
      "SPECOPEN": .sequence([text(barring: "\"{}"), .text("{"), blank]),
      "SPECEND": .sequence([text(barring: "\"{}"), .text("}")]),
    ]
    var rules = spaced.mapValues { Part.sequence([$0, blank]) }
    rules.merge(fixed) { first, _ in first }
    var named = Dictionary(uniqueKeysWithValues: rules.map { ("token \($0.key)", $0.value) })
    for barred in ["`", "\"", "\"{}"] {
      named["text without \(barred)"] = .repeated(.rule("character without \(barred)"), 0...1_000)
      named["character without \(barred)"] = character(barring: barred)
    }
    return named
  }()
}
