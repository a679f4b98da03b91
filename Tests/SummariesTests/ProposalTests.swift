import Decoder
import Foundation
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

  @Test("the program behind a loop is accepted, with the code's own parameters")
  func accepted() throws {
    let proposal = try outcome(Self.loop, " return [d * b for d in a where d % 2 == 0]")
    #expect(proposal.outcome == .accepted)
    #expect(proposal.text.contains("for number in numbers where number % 2 == 0"), "\(proposal.text)")
    #expect(proposal.procedure?.parameters == (try procedure(Self.loop)).parameters)
  }

  @Test(
    "a program that does something else is refuted by an input",
    arguments: ["[d * b for d in a where d % 2 == 1]", "[d * b for d in a]", "[d + b for d in a where d % 2 == 0]"])
  func refuted(expression: String) throws {
    let proposal = try outcome(Self.loop, " return " + expression)
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
        b = None
        for c in a do
          if b is None or length of c > length of b then
            b = c
          end
        end
        return b

      """
    let proposal = Proposer(FixedAnswer(answer: usual), style: .form).answer(to: try procedure(source))
    guard case .refuted = proposal.outcome else {
      Issue.record("the first and the last of the longest were taken for the same: \(proposal.outcome)")
      return
    }
  }

  @Test("the code's own text counts as nothing, whatever its variables are called")
  func copied() throws {
    let code = try procedure(Self.loop)
    let text = SummaryPrompt(code).text
    let body = String(text[try #require(text.firstIndex(of: "\n"))...])
    #expect(try outcome(Self.loop, body).outcome == .copied)
  }

  @Test("words that are no body, or name what the code does not, are not run")
  func unreadable() throws {
    for answer in [" return return", " return a)", " return ::g7(a)", " function f(a, b) return a"] {
      guard case .unreadable = try outcome(Self.loop, answer).outcome else {
        Issue.record("accepted as a summary: \(answer)")
        continue
      }
    }
  }

  @Test("an abstention and a function that is too long leave the procedure's own text, with a reason")
  func abstained() throws {
    #expect(try outcome(Self.loop, "").outcome == .abstained)
    let long = try outcome(Self.loop, "", tokens: 100_000)
    #expect(long.outcome.reason?.contains("100000 tokens") == true, "\(long.outcome)")
    let code = try procedure(Self.loop)
    let writer = DecoderWriter(name: "fixed") {
      .success(Proposer(FixedAnswer(answer: ""), style: .form))
    }
    let own = try #require(writer.summary(of: code))
    #expect(own.text == ProcedureText().summary(of: code)?.text && own.decoder == "none")
    #expect(own.reason == "the decoder abstained")
  }

  @Test("an accepted proposal is the summary, and says whose words it is")
  func written() throws {
    let answer = " return [d * b for d in a where d % 2 == 0]"
    let writer = DecoderWriter(name: "fixed") { .success(Proposer(FixedAnswer(answer: answer), style: .form)) }
    let summary = try #require(writer.summary(of: try procedure(Self.loop)))
    #expect(summary.decoder == "fixed")
    #expect(summary.text.hasPrefix("function evens(numbers: list[int], scale: int)\n"), "\(summary.text)")
  }

  @Test("the adapter of the code's language is laid over the checkpoint")
  func adapters() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/decoder")
    let checkpoint = try Checkpoint(directory: fixtures.appending(path: "tied").path)
    let folder = fixtures.appending(path: "adapter").path
    func name(_ adapter: String?, _ adapters: [Procedure.Language: String]) throws -> String {
      let writer = DecoderWriter.checkpoint(checkpoint, name: "tied", adapter: adapter, adapters: adapters)
      return try writer.proposer(for: .python).get().decoder.name
    }
    let fingerprint = try Adapter(directory: folder, for: checkpoint).fingerprint
    #expect(try name(nil, [.python: folder]).contains(fingerprint) && name(folder, [:]).contains(fingerprint))
    #expect(try !name(nil, [:]).contains(fingerprint))
  }
}
