import Foundation
import Normalization
import Testing

@Suite("Rewrites that mean the same")
struct SameTests {
  @Test("are proved, under no more than the assumptions said", arguments: Pair.load("same.pairs"))
  func proved(_ pair: Pair) throws {
    let result = try prove(pair)
    guard case .same(let assumptions, _) = result else {
      Issue.record("not proved: \(result)")
      return
    }
    let allowed = Set(pair.expectation.split(separator: " ").map(String.init))
    #expect(Set(assumptions.map(\.rawValue)).isSubset(of: allowed), "assumed \(assumptions)")
  }
}

@Suite("Changes of behaviour")
struct NeverSameTests {
  @Test("are never proved the same", arguments: Pair.load("never-same.pairs"))
  func notProved(_ pair: Pair) throws {
    if case .same(let assumptions, let steps) = try prove(pair) {
      Issue.record("proved the same, assuming \(assumptions), by \(steps)")
    }
  }

  @Test("a changed version is never proved equal to a fixture's old side, and each side is equal to itself")
  func reflexive() throws {
    for pair in Pair.load("same.pairs") + Pair.load("never-same.pairs") {
      var mirrored = pair
      mirrored.new = pair.old.replacingOccurrences(of: "def f(", with: "# a comment\ndef f(")
      guard case .same(let assumptions, _) = try prove(mirrored), assumptions.isEmpty else {
        Issue.record("\(pair.name) is not equal to itself")
        continue
      }
    }
  }
}
