import BigInt
import Logic
import Testing

@Suite("The text of a procedure reads back as the same procedure")
struct TextRoundTripTests {
  @Test("generated procedures, every case of the language", arguments: 0..<8)
  func generated(batch: UInt64) throws {
    for seed in (batch * 260)..<(batch * 260 + 260) {
      var generator = ProcedureGenerator(seed: seed)
      let procedure = generator.procedure(depth: seed % 4 == 0 ? 4 : 3)
      let text = ProcedurePrinter.print(procedure)
      do {
        let (parsed, annotations) = try ProcedureParser.parse(text)
        try #require(parsed == procedure, "seed \(seed):\n\(text)")
        try #require(annotations.isEmpty, "seed \(seed)")
      } catch let error as ProcedureSyntaxError {
        Issue.record("seed \(seed): \(error)\n\(text)")
        return
      }
    }
  }
}
