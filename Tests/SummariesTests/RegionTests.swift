import Decoder
import Logic
import Summaries
import Testing

/// Answers the prompts that it knows, and abstains from others.
private struct KnownAnswers: TextDecoder {
  var answers: [String: String]

  var name: String { "known" }
  var context: Int { 1_024 }
  func count(_ prompt: Prompt) -> Int { prompt.user.split(separator: " ").count }

  func generate(
    _ prompt: Prompt, grammar: (any ByteGrammar)?, options: GenerationOptions, count: Int
  ) throws(DecoderError) -> [Generation] {
    let answer = answers[prompt.user] ?? ""
    return [Generation(bytes: Array(answer.utf8), tokens: [], finish: .ended, promptTokens: 1, logProbability: 0)]
  }
}

@Suite("A stretch of a function gets a summary of its own")
struct RegionTests {
  static let long = """
    def report(self, rows, path):
      self.log.begin(path)
      names = []
      for row in rows:
        if row.fits:
          names.append(row.name)
      with open(path) as file:
        file.write(names)
      for row in self.others:
        self.log.note(row, names)
    """
  static let prompt =
    " function f ( a ) b = [ ] for c in a do if c .p1 then b .append ( c .p2 ) end end return b =>"

  private func proposal(_ source: String, _ answers: [String: String]) throws -> Proposal {
    Proposer(KnownAnswers(answers: answers), style: .form).propose(try procedure(source))
  }

  @Test("what is said of a loop stands in its place, and all else stays")
  func replaced() throws {
    let proposal = try proposal(Self.long, [Self.prompt: " return [ c .p2 for c in a where c .p1 ]"])
    #expect(proposal.outcome == .accepted)
    let code = ProcedurePrinter.print(try procedure(Self.long)).split(separator: "\n")
    let summary = proposal.text.split(separator: "\n")
    #expect(summary.first == code.first)
    #expect(summary.suffix(6) == code.suffix(6))
    #expect(summary.count == code.count - 5)
  }

  @Test("its variables are none that the code around it has")
  func names() throws {
    let proposal = try proposal(Self.long, [Self.prompt: " return [ c .p2 for c in a where c .p1 ]"])
    #expect(proposal.text.contains("names = ["), "\(proposal.text)")
    #expect(!proposal.text.contains("row.name"), "\(proposal.text)")
  }

  @Test("what is wrong of a loop is not shown")
  func refuted() throws {
    #expect(try proposal(Self.long, [Self.prompt: " return [ c .p2 for c in a ]"]).outcome != .accepted)
  }

  @Test("a branch that chooses is asked about alone, with the variables that are read later as its results")
  func choice() throws {
    let source = """
      def f(self, a, flag):
        if flag:
          limit = a.size
        else:
          limit = 0
        self.scan(limit)
        self.close(limit)
      """
    let prompt = " function f ( a , b ) if a then c = b .p1 else c = 0 end return c =>"
    let proposal = try proposal(source, [prompt: " return if a then b .p1 else 0"])
    #expect(proposal.outcome == .accepted)
    #expect(proposal.text.contains("limit = if flag then a.size else 0\n"), "\(proposal.text)")
  }

  @Test("nothing is asked about code that a summary has no other words for")
  func nothing() throws {
    let source = "def f(self, a):\n  self.open(a)\n  with self.lock:\n    self.close(a)\n  return a"
    let body = " return a"
    let code = try procedure(source)
    let prompt = SummaryPrompt(code).prompt(.form).user
    #expect(try proposal(source, [prompt: body]).outcome == .abstained)
  }
}
