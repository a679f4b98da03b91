import Logic
import Summaries
import Testing

@Suite("A proposal is shown only when it runs as the code does")
struct ProposalTests {
  static let loop = """
    def evens(numbers: list[int], scale: int):
      result = []
      for number in numbers:
        if number % 2 == 0:
          result.append(number * scale)
      return result
    """

  private func outcome(_ source: String, _ answer: String, tokens: Int = 10) throws -> Proposal {
    Proposer(FixedAnswer(answer: answer, tokens: tokens), style: .form).propose(try procedure(source))
  }

  private func head(_ parameters: String, _ body: String) -> String { "function f(\(parameters))\n  \(body)\n" }

  @Test("the program behind a loop is accepted, with the code's own parameters")
  func accepted() throws {
    let proposal = try outcome(Self.loop, head("a, b", "return [c * b for c in a where c % 2 == 0]"))
    #expect(proposal.outcome == .accepted)
    #expect(proposal.text.contains("for c in numbers where c % 2 == 0"), "\(proposal.text)")
    #expect(proposal.procedure?.parameters == (try procedure(Self.loop)).parameters)
  }

  @Test(
    "a program that does something else is refuted by an input",
    arguments: ["[c * b for c in a where c % 2 == 1]", "[c * b for c in a]", "[c + b for c in a where c % 2 == 0]"])
  func refuted(expression: String) throws {
    let proposal = try outcome(Self.loop, head("a, b", "return " + expression))
    guard case .refuted(let reason) = proposal.outcome else {
      Issue.record("\(proposal.outcome)")
      return
    }
    #expect(reason.contains("numbers = "), "\(reason)")
  }

  @Test("the usual program is no summary of one with a bug")
  func repairedBug() throws {
    let source = """
      def longest(words):
        best = None
        for word in words:
          if best is None or len(word) >= len(best):
            best = word
        return best
      """
    let usual = """
      function f(a)
        b = None
        for c in a do
          if b is None or length of c > length of b then
            b = c
          end
        end
        return b

      """
    guard case .refuted = try outcome(source, usual).outcome else {
      Issue.record("the first and the last of the longest were taken for the same")
      return
    }
  }

  @Test("the code's own text counts as nothing, whatever its variables are called")
  func copied() throws {
    let code = try procedure(Self.loop)
    #expect(try outcome(Self.loop, SummaryPrompt(code).text).outcome == .copied)
  }

  @Test("words that are no procedure, or one with another head, are not run")
  func unreadable() throws {
    for answer in ["return 1", head("a", "return a"), head("a, b", "return ::g7(a)"), ""] {
      guard case .unreadable = try outcome(Self.loop, answer).outcome else {
        Issue.record("accepted as a summary: \(answer)")
        continue
      }
    }
  }

  @Test("an abstention and a function that is too long leave the procedure's own text, with a reason")
  func abstained() throws {
    #expect(try outcome(Self.loop, SummaryPrompt.abstention).outcome == .abstained)
    let long = try outcome(Self.loop, "", tokens: 100_000)
    #expect(long.outcome.reason?.contains("100000 tokens") == true, "\(long.outcome)")
    let code = try procedure(Self.loop)
    let writer = DecoderWriter(name: "fixed") {
      .success(Proposer(FixedAnswer(answer: SummaryPrompt.abstention), style: .form))
    }
    #expect(writer.summary(of: code) == ProcedureText().summary(of: code))
  }

  @Test("an accepted proposal is the summary, and says whose words it is")
  func written() throws {
    let answer = head("a, b", "return [c * b for c in a where c % 2 == 0]")
    let writer = DecoderWriter(name: "fixed") { .success(Proposer(FixedAnswer(answer: answer), style: .form)) }
    let summary = try #require(writer.summary(of: try procedure(Self.loop)))
    #expect(summary.decoder == "fixed")
    #expect(summary.text.hasPrefix("function evens(numbers: list[int], scale: int)\n"), "\(summary.text)")
  }
}
