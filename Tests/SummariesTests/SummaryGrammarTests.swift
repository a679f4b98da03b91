import Decoder
import Logic
import Summaries
import Testing

@Suite("Decoders are held to summaries that parse")
struct SummaryGrammarTests {
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
    let grammar = SummaryGrammar()
    #expect(grammar.accepts(text.utf8))
    var state = grammar.start
    var prefix: [UInt8] = []
    for byte in text.utf8 {
      let end = try #require(grammar.completion(of: state), "after \(String(decoding: prefix, as: UTF8.self))")
      #expect(throws: Never.self, "\(String(decoding: prefix + end, as: UTF8.self))") {
        try ProcedureParser.parse(prefix + end)
      }
      state = try #require(grammar.advance(state, byte))
      prefix.append(byte)
    }
  }

  @Test("a head that is given leaves the body to be written")
  func heads() throws {
    let grammar = try #require(SummaryGrammar(after: "function f(a)\n".utf8))
    #expect(grammar.accepts("  return a\n".utf8))
    #expect(!grammar.accepts("function f(a)\n".utf8))
    let refused = SummaryGrammar(after: "def f(a):".utf8)
    #expect(refused?.start == nil)
  }
}
