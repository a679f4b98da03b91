import Foundation
import Logic
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

  @Test("each old side is equal to itself with its locals renamed, by a proof that assumes nothing")
  func reflexive() throws {
    let pairs = Pair.load("same.pairs").map { ($0, nil) } + Pair.load("never-same.pairs").map { ($0, $0.unit) }
    var compared = 0
    for (pair, unit) in pairs {
      let file = try LoweredFile(pair.old, unit: unit)
      let procedure = file.unit.procedure
      let isNamed = procedure.parameters.contains { $0.kind == .keywordOnly } || procedure.kind == .module
      guard !isNamed, !file.unit.looksAtItself else { continue }
      let (renamed, _) = try ProcedureParser.parse(ProcedurePrinter.print(procedure, canonicalNames: true))
      let context = ProofContext(nonPlainAttributes: file.nonPlain, boundNames: file.boundNames)
      compared += renamed == procedure ? 0 : 1
      switch Prover.prove(old: procedure, new: renamed, context: context) {
      case .same(let assumptions, _): #expect(assumptions.isEmpty, "\(pair.name)")
      case .unsupported: break
      // The body of a class is compared as it is written; of computed tuples nobody can tell which is which.
      case .different:
        let isKnown =
          pair.name.hasPrefix("class-inside") || pair.name.hasSuffix("-in-a-comprehension")
          || pair.name == "identity-of-tuples"
        #expect(isKnown, "\(pair.name) is not equal to itself")
      }
    }
    #expect(compared > 300)
  }
}
