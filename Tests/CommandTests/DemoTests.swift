import Foundation
import Testing

/// The demo's tidy-up, judged from the outside: what the README promises of it.
@Suite("The demo")
struct DemoTests {
  private struct Report: Decodable {
    struct File: Decodable { var functions: [Function] }
    struct Function: Decodable {
      struct Witness: Decodable {
        var old: String
        var new: String
      }
      var name: String
      var verdict: String
      var evidence: String
      var assumptions: [String]
      var counterexample: Witness?
    }
    var files: [File]
  }

  @Test("Rewrites are the same, most of them proved outright; each bug has an input that shows it")
  func verdicts() throws {
    let demo = checkout.appendingPathComponent("Fixtures/demo")
    let result = try Program().run(
      "files", demo.appendingPathComponent("old").path, demo.appendingPathComponent("new").path, "--format", "json")
    #expect(result.status == 0, "\(result.err)")
    let functions = try JSONDecoder().decode(Report.self, from: Data(result.out.utf8)).files.flatMap(\.functions)

    let same = functions.filter { $0.verdict == "same" }
    #expect(same.count >= 10, "\(same.map(\.name))")
    #expect(same.filter { $0.evidence == "proved" && $0.assumptions.isEmpty }.count >= 7)
    #expect(same.allSatisfy { $0.evidence == "proved" || !$0.assumptions.isEmpty })

    let changed = functions.filter { $0.verdict == "changed" }
    #expect(changed.count == 5, "\(changed.map(\.name))")
    #expect(changed.allSatisfy { $0.counterexample.map { $0.old != $0.new } ?? false })
    #expect(functions.allSatisfy { ["same", "changed", "added"].contains($0.verdict) })
  }
}
