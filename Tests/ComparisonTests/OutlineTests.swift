import Comparison
import Logic
import Summaries
import Synchronization
import Testing

@Suite("Summaries of one file")
struct OutlineTests {
  /// Remembers what it was asked about.
  private final class Writer: SummaryWriter {
    let asked = Mutex<[String]>([])
    var name: String { "writer" }

    func summary(of procedure: Procedure) -> WrittenSummary? {
      asked.withLock { $0.append(procedure.name) }
      return WrittenSummary(text: procedure.name, decoder: "none")
    }
  }

  @Test("Where one function is named, nothing is asked about the others", arguments: [nil, "f", "A.f", "g"])
  func named(function: String?) throws {
    let text = "def g():\n    return 1\n\n\nclass A:\n    def f(self):\n        return 2\n"
    let writer = Writer()
    guard
      case .units(let units) = Outline(
        .text(Array(text.utf8)), path: "a.py", function: function, jobs: 1, writer: writer)
    else {
      Issue.record("the file has units")
      return
    }
    let asked = writer.asked.withLock { $0 }
    #expect(units.map(\.name).contains("A.f"))
    switch function {
    case nil: #expect(asked.count == units.count)
    case "g"?: #expect(asked == ["g"])
    default: #expect(asked.count == 1 && asked[0].hasSuffix("f"))
    }
  }
}
