import Checking
import Logic
import Summaries
import Testing

@Suite("What a general model is told")
struct InstructedPromptTests {
  @Test("The example is code as prompts show it, and its summary does the same")
  func example() throws {
    let (code, _) = try ProcedureParser.parse(SummaryPrompt.exampleCode)
    let (summary, _) = try ProcedureParser.parse(SummaryPrompt.exampleSummary)
    #expect(SummaryPrompt(code, numbersNames: false).text == SummaryPrompt.exampleCode)
    #expect(Checker.agree(code: code, summary: summary).isAgreement)
    #expect(SummaryPrompt.role.contains(SummaryPrompt.exampleSummary))
  }

  @Test("Every form that it names reads as the language")
  func forms() throws {
    for value in [
      "if b then a else b", "[c for c in a where c > b]", "{c: b for c in a}", "sum of c for c in a where c > b",
      "any of c for c in a", "all of c for c in a", "count of c in a where c > b",
      "first of c for c in a where c > b else b", "length of a", "maximum of a", "minimum of a",
    ] {
      #expect(throws: Never.self, "\(value)") { try ProcedureParser.parse("function f(a, b)\n  return \(value)\n") }
    }
  }
}
