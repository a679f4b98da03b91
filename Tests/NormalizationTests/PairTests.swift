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
    if case .same(let assumptions, let steps) = try prove(pair, unit: pair.unit) {
      Issue.record("proved the same, assuming \(assumptions), by \(steps)")
    }
  }

  @Test("a changed version is never proved equal to a fixture's old side, and each side is equal to itself")
  func reflexive() throws {
    let pairs = Pair.load("same.pairs").map { ($0, nil) } + Pair.load("never-same.pairs").map { ($0, $0.unit) }
    for (pair, unit) in pairs {
      var mirrored = pair
      mirrored.new = "# a comment\n" + pair.old
      guard case .same(let assumptions, _) = try prove(mirrored, unit: unit), assumptions.isEmpty else {
        Issue.record("\(pair.name) is not equal to itself")
        continue
      }
    }
  }
}
