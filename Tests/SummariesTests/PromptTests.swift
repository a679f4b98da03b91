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
    let prompt = SummaryPrompt(code)
    #expect(prompt.answer(for: code) == prompt.text)
    let proposal = Proposer(FixedAnswer(answer: prompt.text), style: .form).propose(code)
    #expect(proposal.outcome == .copied, "\(prompt.text)")
    #expect(proposal.procedure?.parameters == code.parameters)
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

  @Test("an answer may not name what the code does not")
  func unknownNames() throws {
    let (code, other) = (try procedure("def f(a): return a.x"), try procedure("def f(a): return a.y.z"))
    #expect(SummaryPrompt(code).answer(for: other) == nil)
  }
}
