import Normalization
import Testing

@Suite("Rules")
struct RuleTests {
  @Test("make their examples equal, and the proof names them", arguments: Rule.all.map(\.name))
  func fires(_ name: String) throws {
    let rule = try #require(Rule.all.first { $0.name == name })
    #expect(!rule.fires.isEmpty && !rule.mustNotFire.isEmpty)
    for (old, new) in rule.fires {
      let result = try prove(Pair(name: name, expectation: "", old: old, new: new))
      guard case .same(_, let steps) = result else {
        Issue.record("\(name) did not fire: \(result)")
        continue
      }
      #expect(steps.contains { $0.rule == name }, "the trace of \(name) does not name it: \(steps)")
    }
  }

  @Test("leave their near misses apart", arguments: Rule.all.map(\.name))
  func mustNotFire(_ name: String) throws {
    let rule = try #require(Rule.all.first { $0.name == name })
    for (old, new) in rule.mustNotFire {
      if case .same(let assumptions, let steps) = try prove(Pair(name: name, expectation: "", old: old, new: new)) {
        Issue.record("\(name) made different code equal, assuming \(assumptions), by \(steps)")
      }
    }
  }
}
