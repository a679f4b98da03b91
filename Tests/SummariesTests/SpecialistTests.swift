import Decoder
import Foundation
import Logic
import Summaries
import Testing

@Suite("The specialist's checkpoint")
struct SpecialistTests {
  @Test("is looked for beside the program, then where the variable says, then in the checkout")
  func candidates() {
    let installed = Specialist.candidates(program: "/opt/x/bin/logicdiff", environment: [:])
    #expect(installed == ["/opt/x/share/logicdiff/specialist"])
    let named = Specialist.candidates(
      program: "/opt/x/bin/logicdiff", environment: ["LOGICDIFF_SPECIALIST": "/models/mine"])
    #expect(named == ["/opt/x/share/logicdiff/specialist", "/models/mine"])
    #expect(Specialist.candidates(program: nil, environment: [:]).isEmpty)
  }

  @Test("is not missed where it is missing: the procedure's own text is the summary")
  func missing() throws {
    let code = try procedure("def f(a):\n  b = a\n  return b")
    let writer = DecoderWriter(name: "embedded") {
      Specialist.open(candidates: ["/nonexistent/specialist"]).map { Proposer($0, style: .form) }
    }
    let own = try #require(writer.summary(of: code))
    #expect(own.text == ProcedureText().summary(of: code)?.text && own.decoder == "none")
    #expect(own.reason?.contains("/nonexistent/specialist") == true)
    guard case .failure(let missing) = writer.proposal(for: code) else {
      Issue.record("a checkpoint was found where there is none")
      return
    }
    #expect(missing.reason.contains("/nonexistent/specialist"))
    #expect(missing.reason.contains("LOGICDIFF_SPECIALIST"))
  }

  private static let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Sources/Summaries/Resources/specialist").standardizedFileURL.path

  static let functions = [
    "def a(items):\n  out = []\n  for item in items:\n    out.append(item.price)\n  return out",
    "def b(x, y):\n  if x is not None:\n    return y\n  else:\n    return 0",
    "def c(self):\n  with self.lock:\n    try:\n      yield self.step()\n    finally:\n      self.close()",
    "def d(n):\n  \"\"\"Odd.\"\"\"\n  return {k: [v ** 2j for v in n] for k in 'abc'} | {**n}",
  ]

  @Test("is at most 16 MB, loads, and what it writes parses", arguments: functions)
  func parses(source: String) throws {
    let size = try FileManager.default.contentsOfDirectory(atPath: Self.shipped)
      .map { try Data(contentsOf: URL(fileURLWithPath: Self.shipped + "/" + $0)).count }.reduce(0, +)
    #expect(size <= 16 << 20)
    let decoder = try Specialist.open(candidates: [Self.shipped]).get()
    let code = try procedure(source)
    let prompt = SummaryPrompt(code)
    let grammar = try #require(AnswerGrammar(of: prompt))
    let head = try #require(prompt.text.split(separator: "\n").first)
    for seed: UInt64 in 0..<3 {
      let options = GenerationOptions(
        sampling: Sampling(temperature: Double(seed), seed: seed), maximumTokens: 60)
      // one that does not end in time is none
      guard let text = try? decoder.generate(prompt.prompt(.form), grammar: grammar, options: options).text else {
        continue
      }
      #expect(throws: Never.self, "\(text)") { try ProcedureParser.parse(head + "\n" + text) }
    }
  }

  @Test("proposes the same each time", arguments: functions)
  func deterministic(source: String) throws {
    let code = try procedure(source)
    let proposals = try (0..<2).map { _ in
      Proposer(try Specialist.open(candidates: [Self.shipped]).get(), style: .form).propose(code)
    }
    #expect(proposals[0].outcome == proposals[1].outcome)
    #expect(proposals[0].text == proposals[1].text)
  }
}
