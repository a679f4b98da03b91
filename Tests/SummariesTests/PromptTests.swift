import Logic
import Summaries
import Testing

@Suite("Prompts")
struct PromptTests {
  static let sources = [
    #"def a(x, y=3, *rest, flag: bool = True): return f"{x.name!r:>{y}} of {len(rest)} and {{no}}" if flag else "two\n""#,
    "def b(self, items):\n  self.total = sum(i.price * 1.5e3 for i in items)\n  return os.path.join(self.root, 'ab')",
    "def c(g):\n  def inner(k):\n    return g[k:].p1, b'xy', k\n  return inner",
    "def d(t):\n  m = {'key': t, 'k': lambda z: z + t}\n  return m['key'] @ t, t[1:2], '\"'",
    "def e(c, p1, s1):\n  p1.p2.append('s1')\n  return c.s1(p1, key='s2', s1=s1)",
  ]

  @Test("numbers for names read back as the names", arguments: sources)
  func roundTrip(source: String) throws {
    let code = try procedure(source)
    let proposal = Proposer(FixedAnswer(answer: try own(code)), style: .form).answer(to: code)
    #expect(proposal.outcome == .copied, "\(SummaryPrompt(code).text)")
    #expect(proposal.procedure?.parameters == code.parameters)
  }

  /// The code's own body, as an answer would say it.
  private func own(_ code: Procedure) throws -> String {
    let text = SummaryPrompt(code).text
    return String(text[try #require(text.firstIndex(of: "\n"))...])
  }

  @Test("names that say nothing are numbered by first use; methods of built-in types keep theirs")
  func numbers() throws {
    let code = try procedure(
      "def f(row):\n  row.cells.append('total')\n  print('total', ',')\n  return check(row.cells, row.width)")
    #expect(
      SummaryPrompt(code).text
        == """
        function f(a)
          a.p1.append("s1")
          print("s1", ",")
          return ::g1(a.p1, a.p2)

        """)
  }

  @Test("an answer may not name what the code does not, or have other parameters")
  func unknownNames() throws {
    let code = try procedure("def f(a): return a.x")
    #expect(SummaryPrompt(code).answer(for: try procedure("def f(a): return a.y.z")) == nil)
    #expect(SummaryPrompt(code).answer(for: try procedure("def f(a, b): return a.x")) == nil)
    #expect(SummaryPrompt(code).answer(for: try procedure("def f(a): return a.x or a.x.x")) != nil)
  }

  @Test("a variable of both has one letter in both, whatever stands before it")
  func letters() throws {
    let code = try procedure(
      "def f(rows):\n  out = []\n  for row in rows:\n    out.append(row.cells)\n  return out")
    #expect(SummaryPrompt(code).text.contains("for c in a do"))
    let answer = SummaryPrompt(code).answer(for: try procedure("def f(rows): return [row.cells for row in rows]"))
    #expect(answer == " return [ c .p1 for c in a ]")
  }

  @Test("words with a space before each are one token each where the vocabulary has them")
  func pieces() throws {
    let code = try procedure("def f(a): return f'{a.x!r:>3} of {a.y}' if a.z else '' ''")
    let prompt = SummaryPrompt(code).prompt(.form).user
    #expect(
      prompt == #" function f ( a ) return if a .p1 then f"{ a .p2 !r :>3}t1{ a .p3 }" else "" =>"#)
  }
}
