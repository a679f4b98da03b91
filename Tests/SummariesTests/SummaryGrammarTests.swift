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

  @Test(
    "A server is given a grammar that lets through what the summary grammar does",
    arguments: [
      "function f(a: list, b)\n  cost O(n * m) where n = length of a\n  return a[0] + 1.5e3\nend\n",
      "  for i, x in enumerate(a) do\n    if x < b and not (any of y for y in x) then\n      return f\"{i}: {x!r:>3} {{é\"\n    end\n  end\nend\n",
      "  x, (y, *z) = @os.path(a, *b, k=1), \"a\\\"b\"\n  return lambda(q: q ** 2)\nend\n",
    ])
  func notation(text: String) throws {
    let isWhole = text.hasPrefix("function")
    let grammar = try #require(isWhole ? SummaryGrammar() : SummaryGrammar(after: "function f(a, b)\n".utf8))
    let rules = try #require(SummaryGrammar.rules(from: grammar.start))
    let served = try PushdownGrammar(start: SummaryGrammar.root, rules: rules)
    // Whatever the automaton lets begin, the served grammar lets begin as well.
    var state = grammar.start
    var other = served.start
    for byte in text.utf8 {
      guard let next = grammar.advance(state, byte) else { break }
      state = next
      other = try #require(served.advance(other, byte), "\(Character(Unicode.Scalar(byte))) in \(text)")
    }
    #expect(grammar.notation?.hasPrefix("root ::= ") == true)
    #expect(SummaryGrammar(after: "function f(a, b".utf8)?.notation == nil)
  }

  @Test("What a server is sent is GBNF as llama.cpp reads it, over characters and within its limits")
  func served() throws {
    let whole = try GBNF(try #require(SummaryGrammar().notation))
    let texts = [
      "function f(a: list, b)\n  return a[0] + 1.5e3\n", "function größe(日本)\n  return \"naïve 🙂\" + `ä b`\n",
    ]
    for text in texts {
      #expect(SummaryGrammar().accepts(text.utf8) && whole.accepts(text), "\(text)")
      #expect(!whole.accepts(String(text.dropLast(5))))
      #expect(!whole.accepts(" " + text))
    }
    #expect(!whole.accepts("function f(a)\n  return \"\u{1}\"\n"))
  }

  @Test("A grammar of bytes beyond ASCII has no GBNF, and too large a repetition is noticed here")
  func unserved() throws {
    let bytes = try PushdownGrammar(start: "a", rules: ["a": .oneOf(ByteSet(0xC2...0xF4))])
    #expect(bytes.notation == nil)
    let group = try PushdownGrammar(start: "a", rules: ["a": .repeated(.choice([.text("x"), .wide]), 0...2_000)])
    #expect(throws: GBNF.Fault.tooManyRules(2_000)) { try GBNF(try #require(group.notation)) }
  }
}
