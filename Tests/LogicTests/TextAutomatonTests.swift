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
