import Cache
import Checking
import Logic
import Normalization
import Repository

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Decisions on pairs that earlier runs made.
package struct DecisionCache: Sendable {
  package var store: Store
  /// The hash of everything that decides beside the pair itself: the program, what it loads, and the settings.
  package var identity: [UInt8]
  package init(store: Store, identity: [UInt8]) {
    self.store = store
    self.identity = identity
  }

  func decision(_ key: [UInt8]) -> Decision? {
    store.value(key).flatMap { try? JSONDecoder().decode(Decision.self, from: Data($0)) }
  }

  func keep(_ decision: Decision, for key: [UInt8]) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    if let data = try? encoder.encode(decision) { store.keep(Array(data), for: key) }
  }

  /// Never from the source text: a changed import or helper changes what the same text means. Source lines are part of
  /// it, since proofs, reasons and surviving mutants name them.
  func key(
    old: Procedure, new: Procedure, context: ProofContext, surroundings: [Surroundings] = [],
    instances: [Instances] = [], changed: (old: Set<Int>, new: Set<Int>),
    wholeClass: String? = nil, isProgram: Bool = false
  ) -> [UInt8] {
    var form = ByteForm()
    form.add("decision 6")
    form.add(old)
    form.add(new)
    for helpers in [context.oldHelpers, context.newHelpers] {
      form.add(table: helpers) {
        $0.add($1)
      } _: {
        $0.add($1)
      }
    }
    for methods in [context.oldMethods, context.newMethods] {
      form.add(table: methods) {
        $0.add($1)
      } _: {
        $0.add($1)
      }
    }
    for around in surroundings {
      form.add(table: around.constants) {
        $0.add($1)
      } _: {
        $0.add($1)
      }
      for helpers in [around.helpers, around.managers] {
        form.add(table: helpers) {
          $0.add($1)
        } _: {
          $0.add($1)
        }
      }
      form.add(table: around.classes) {
        $0.add($1)
      } _: {
        $0.add($1.maker)
      }
      form.add(table: around.members) {
        $0.add($1)
      } _: {
        $0.add($1.binding.rawValue)
        $0.add($1.procedure)
      }
      form.add(all: around.ownName.map { [$0] } ?? []) {
        $0.add($1.reference)
        $0.add($1.isCached)
      }
    }
    form.add(all: instances) {
      let (methods, words) = $1.grounds
      $0.add(all: methods) { $0.add($1) }
      $0.add(all: words) { $0.add($1) }
    }
    form.add(wholeClass ?? "")
    form.add(isProgram)
    form.add(set: context.nonPlainAttributes)
    form.add(set: context.boundNames)
    form.add(context.areModuleFunctions)
    form.add(context.budget)
    for lines in [changed.old, changed.new] { form.add(all: lines.sorted()) { $0.add($1) } }
    var hash = SHA256()
    hash.update(part: identity)
    hash.update(part: form.bytes)
    return hash.digest()
  }
}

/// What the judge finds out about two bodies, without anything that is known before.
struct Decision: Codable {
  var body: Verdict?
  var evidence: Evidence
  var assumptions: [Assumption]
  var proof: [ProofEntry]
  var strength: Strength?
  var counterexample: Counterexample?
  var cost: Cost?
  var summary: Summary?
  var names: [String: String]
  var reason: String?

  init(_ result: UnitResult) {
    (body, evidence, assumptions, proof) = (result.body, result.evidence, result.assumptions, result.proof)
    (strength, counterexample, cost) = (result.strength, result.counterexample, result.cost)
    (summary, names, reason) = (result.summary, result.names, result.reason)
  }

  func apply(to result: inout UnitResult) {
    (result.evidence, result.assumptions, result.proof) = (evidence, assumptions, proof)
    (result.strength, result.counterexample, result.cost) = (strength, counterexample, cost)
    (result.summary, result.names, result.reason) = (summary, names, reason)
  }
}
