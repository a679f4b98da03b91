import Logic
import Testing

@Suite("The byte grammar holds text to what parses")
struct TextAutomatonTests {
  private let automaton = TextAutomaton()

  private func state(after text: some Sequence<UInt8>) -> TextAutomaton.State? {
    var state = automaton.start
    for byte in text {
      guard let next = automaton.advance(state, byte) else { return nil }
      state = next
    }
    return state
  }

  /// How much of the text is accepted, for messages.
  private func acceptedPrefix(_ text: String) -> String {
    var state = automaton.start
    var count = 0
    for byte in text.utf8 {
      guard let next = automaton.advance(state, byte) else { break }
      state = next
      count += 1
    }
    return String(decoding: Array(text.utf8).prefix(count), as: UTF8.self)
  }

  @Test(
    "it takes a module's head, stores in any place and names that are words of its own",
    arguments: [
      "def module abstain\n", "function f(module, count)\n  module = count(length, first)\n",
      "function f(x)\n  do (@sys).path[:] = x\n  del (@sys).modules[x]\n  for i, ^n in x do\n  end\n",
      "function f(x)\n  return f\"{x:>{x}} {(lambda (y): y)(x)!r}\"\n",
    ])
  func forms(text: String) throws {
    #expect(state(after: text.utf8).map(automaton.isAccepting) == true, "\(acceptedPrefix(text))")
    #expect(throws: Never.self) { try ProcedureParser.parse(text) }
  }

  @Test(
    "it refuses what does not parse, at the byte where it goes wrong",
    arguments: [
      ("function f(a)\n  return a +\n", "function f(a)\n  return a +"),
      ("function f(a)\n  f(a) = 1\n", "function f(a)\n  f(a) "),
      ("function f(a)\n  if a then\n  return a\n", "function f(a)\n  if a then\n  "),
      ("function f(a)\n  return \"\u{7}\"\n", "function f(a)\n  return \""),
      ("function f(a, /, b, /)\n", "function f(a, /, b, "), ("function f(a)\n  end = a\n", "function f(a)\n  end"),
      ("function f(a: list[int, int])\n", "function f(a: list[int"),
    ])
  func refusals(text: String, accepted: String) {
    #expect(acceptedPrefix(text) == accepted)
    #expect(throws: ProcedureSyntaxError.self) { try ProcedureParser.parse(text) }
  }

  @Test("it keeps to the printer's layout, which the parser does not ask for")
  func layout() {
    for text in ["function f(a)\n   return a\n", "function f(a)\n  return  a\n", "function f(a) return a\n"] {
      #expect(state(after: text.utf8) == nil)
      #expect(throws: Never.self) { try ProcedureParser.parse(text) }
    }
  }

  @Test("a text cut off anywhere is completed to one that parses")
  func completion() throws {
    let text = """
      function f(a: list, b)
        cost O(n) where n = length of a
        for i, x in enumerate(a) do
          if x < b and not (any of y for y in x) then
            return f"{i}: {x!r:>3}"
          end
        end
        raise ValueError("none") from nothing_here

      """
    #expect(state(after: text.utf8).map(automaton.isAccepting) == true)
    var state = automaton.start
    var prefix: [UInt8] = []
    for byte in text.utf8 {
      let end = try #require(automaton.completion(of: state), "after \(String(decoding: prefix, as: UTF8.self))")
      #expect(throws: Never.self, "\(String(decoding: prefix + end, as: UTF8.self))") {
        try ProcedureParser.parse(prefix + end)
      }
      state = try #require(automaton.advance(state, byte))
      prefix.append(byte)
    }
  }

  @Test("every alternative is chosen by one token")
  func tables() {
    #expect(TextAutomaton.ruleProblems == [])
  }

  @Test("generated functions are accepted as printed", arguments: 0..<4)
  func printed(batch: UInt64) throws {
    for seed in (batch * 80)..<(batch * 80 + 80) {
      var generator = ProcedureGenerator(seed: seed, functionsOnly: true)
      let text = ProcedurePrinter.print(generator.procedure(depth: 3))
      let end = state(after: text.utf8)
      try #require(end != nil, "seed \(seed): accepted only\n\(acceptedPrefix(text))\n--- of\n\(text)")
      if let end { try #require(automaton.isAccepting(end), "seed \(seed):\n\(text)") }
    }
  }

  @Test("whatever it accepts parses", arguments: 0..<6)
  func accepted(batch: UInt64) throws {
    for seed in (batch * 30)..<(batch * 30 + 30) {
      var random = SeededGenerator(seed: seed)
      var bytes: [UInt8] = Array("function f(".utf8)
      var state = try #require(self.state(after: bytes))
      // A walk that prefers to go on with words and symbols, then the shortest end.
      for _ in 0..<Int.random(in: 1...300, using: &random) {
        var step: (UInt8, TextAutomaton.State)?
        let likely = Array(" \n()[]{},.:=+-*\"\\f0") + ["i", "x"]
        for byte in (likely.shuffled(using: &random).compactMap(\.asciiValue) + Array(0...255)) {
          guard let next = automaton.advance(state, byte) else { continue }
          step = (byte, next)
          break
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
          let byte = UInt8.random(in: 0...255, using: &random)
          if let next = automaton.advance(state, byte) { step = (byte, next) }
        }
        let (byte, next) = try #require(
          step, "seed \(seed): dead end after\n\(String(decoding: bytes, as: UTF8.self))")
        bytes.append(byte)
        state = next
      }
      let end = try #require(
        automaton.completion(of: state), "seed \(seed): no end after\n\(String(decoding: bytes, as: UTF8.self))")
      bytes += end
      do {
        _ = try ProcedureParser.parse(bytes)
      } catch {
        Issue.record("seed \(seed): \(error)\n\(String(decoding: bytes, as: UTF8.self))")
        return
      }
    }
  }
}
