import Decoder
import Testing

/// Balanced brackets around digits, written by hand: what an automaton of another module looks like.
private struct Brackets: ByteGrammar {
  struct State: Hashable, Sendable {
    var open = 0
    var length = 0
    var closed = false
  }

  let start = State()

  func advance(_ state: State, _ byte: UInt8) -> State? {
    var next = state
    next.length += 1
    if state.closed { return nil }
    switch byte {
    case UInt8(ascii: "("):
      if state.open >= 4 || state.length > 60 { return nil }
      next.open += 1
    case UInt8(ascii: ")"):
      if state.open == 0 { return nil }
      next.open -= 1
      next.closed = next.open == 0
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      if state.open == 0 || state.length > 60 { return nil }
    default: return nil
    }
    return next
  }

  func isAccepting(_ state: State) -> Bool { state.closed }
}

@Suite("Text held to a grammar")
struct GrammarTests {
  /// Statements, calls and nested expressions: unbounded nesting cut by the stack's bound.
  private static func program() throws -> PushdownGrammar {
    try PushdownGrammar(
      start: "program",
      rules: [
        "program": .repeated(.sequence([.rule("statement"), .text("\n")]), 1...4),
        "statement": .choice([
          .sequence([.rule("name"), .text(" = "), .rule("expression")]),
          .sequence([.text("return "), .rule("expression")]),
        ]),
        "expression": .sequence([.rule("term"), .repeated(.sequence([.text(" + "), .rule("term")]), 0...3)]),
        "term": .choice([
          .rule("name"), .repeated(.oneOf(.digits), 1...3),
          .sequence([.rule("name"), .text("("), .list(.rule("expression"), separator: ", ", atMost: 3), .text(")")]),
          .sequence([.text("("), .rule("expression"), .text(")")]),
        ]),
        "name": .sequence([.oneOf(.lowercase), .repeated(.oneOf(.identifier), 0...5)]),
      ], stackLimit: 40)
  }

  @Test("Bytes of one class lead every state to the same one")
  func classes() throws {
    let grammar = try Self.program()
    #expect(grammar.byteClasses.count == 256 && Set(grammar.byteClasses).count < 128)
    var seen: Set<PushdownGrammar.State> = [grammar.start]
    var open = [grammar.start]
    while let state = open.popLast(), seen.count < 400 {
      var reached: [UInt8: PushdownGrammar.State?] = [:]
      for byte in UInt8.min...UInt8.max {
        let next = grammar.advance(state, byte)
        let number = grammar.byteClasses[Int(byte)]
        if let known = reached[number] { #expect(known == next) }
        reached[number] = .some(next)
        if let next, seen.insert(next).inserted { open.append(next) }
      }
    }
    #expect(seen.count > 50)
  }

  @Test("Whatever a random checkpoint writes is in the language", arguments: Fixture.allCases)
  func generatedTextParses(fixture: Fixture) throws {
    let decoder = try CheckpointDecoder(directory: fixture.directory)
    let program = try Self.program()
    for seed in 0..<8 {
      let sampling = seed == 0 ? Sampling.greedy : Sampling(temperature: 1.5, topK: 80, topP: 0.98, seed: UInt64(seed))
      let options = GenerationOptions(sampling: sampling, maximumTokens: 4 + seed * 4)
      let text = try decoder.generate(Prompt(user: "f(x\(seed))"), grammar: program, options: options)
      #expect(program.accepts(text.bytes), "\(text.text)")
      let brackets = try decoder.generate(Prompt(user: "(\(seed)"), grammar: Brackets(), options: options)
      #expect(Brackets().accepts(brackets.bytes), "\(brackets.text)")
    }
  }

  @Test("The lazy choice of the best token equals the best of all allowed ones")
  func greedyIsTheMaskedMaximum() throws {
    let decoder = try CheckpointDecoder(directory: Fixture.tied.directory)
    let program = try Self.program()
    let prompt = Prompt(user: "x = 1")
    let free = try decoder.generate(prompt, grammar: program, options: GenerationOptions(maximumTokens: 24))
    // temperature towards zero draws from the whole mask, which the greedy way never builds
    let cold = GenerationOptions(sampling: Sampling(temperature: 1e-6), maximumTokens: 24)
    #expect(try decoder.generate(prompt, grammar: program, options: cold).tokens == free.tokens)
  }

  @Test("Deep nesting is cut where it could not be closed any more")
  func boundedDepth() throws {
    let grammar = try PushdownGrammar(
      start: "e",
      rules: [
        "e": .choice([
          .sequence([.text("("), .rule("e"), .text(")")]), .sequence([.text("["), .rule("e"), .text("]")]), .text("x"),
        ])
      ], stackLimit: 12)
    var state = grammar.start
    var depth = 0
    while let next = grammar.advance(state, UInt8(ascii: "(")) {
      state = next
      depth += 1
    }
    #expect(depth > 3 && depth < 12)
    let rest = try #require(grammar.completion(of: state))
    #expect(
      rest == [UInt8](repeating: UInt8(ascii: ")"), count: 0) + Array("x".utf8) + Array(repeating: 0x29, count: depth))
    #expect(grammar.accepts(Array(repeating: 0x28, count: depth) + rest))
  }

  @Test("Grammars that could never be read are refused")
  func refused() {
    #expect(throws: PushdownGrammar.Fault.undefined(rule: "b")) {
      try PushdownGrammar(start: "a", rules: ["a": .rule("b")])
    }
    #expect(throws: PushdownGrammar.Fault.endless(rule: "a")) {
      try PushdownGrammar(start: "a", rules: ["a": .sequence([.text("x"), .rule("a")])])
    }
    #expect(throws: PushdownGrammar.Fault.leftRecursive(rule: "a")) {
      try PushdownGrammar(
        start: "a", rules: ["a": .choice([.sequence([.optional(.text("-")), .rule("a"), .text("x")]), .text("x")])])
    }
  }

  @Test("A language is what its rules say")
  func language() throws {
    let program = try Self.program()
    for text in ["x = 1\n", "return f(a, b + 1, (c))\n", "a = b\nreturn a\n"] {
      #expect(program.accepts(Array(text.utf8)))
    }
    for text in ["", "x = 1", "x == 1\n", "return f(a, b, c, d)\n", "return 1234\n", "x = \n", "X = 1\n"] {
      #expect(!program.accepts(Array(text.utf8)), "\(text)")
    }
  }

  @Test("The general search for a completion finds the shortest")
  func defaultCompletion() throws {
    let brackets = Brackets()
    let state = try #require(brackets.advance(brackets.start, UInt8(ascii: "(")))
    let deeper = try #require(brackets.advance(state, UInt8(ascii: "(")))
    #expect(brackets.completion(of: deeper) == Array("))".utf8))
  }
}
