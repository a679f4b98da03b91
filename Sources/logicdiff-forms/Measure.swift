import Decoder
import Foundation
import Logic
import Lowering
import Normalization
import Summaries

/// Counts what becomes of the specialist's proposals.
struct Measure: Codable {
  var decoder = ""
  var functions = 0
  /// Passed the check and differ from the input's own text.
  var accepted = 0
  var copied = 0
  var abstained = 0
  /// Longer than the specialist reads.
  var tooLong = 0
  var unreadable = 0
  /// Execution found an input on which they differ.
  var refuted = 0
  /// Could not be run, or on too few inputs.
  var unchecked = 0
  /// What a decoder that repeats its input would be accepted for: a copy is never useful.
  var acceptedOfCopying = 0

  /// Functions that come with the program that they were rewritten from.
  var pairs = 0
  /// Of these, the rules alone bring both to one normal form.
  var normalFormIsEqual = 0
  /// Of these, the accepted proposal is the unrewritten program, word for word.
  var recovered = 0
  /// Of these, rules prove the accepted proposal equal to the unrewritten program.
  var proposalIsProved = 0
  /// Accepted where the rules alone do not bring code and unrewritten program together.
  var acceptedBeyondRules = 0

  mutating func count(_ procedure: Procedure, target: Procedure?, _ proposer: Proposer, shows: Bool) {
    functions += 1
    let proposal = proposer.propose(procedure)
    decoder = proposal.decoder
    var isAccepted = false
    switch proposal.outcome {
    case .accepted:
      accepted += 1
      isAccepted = true
    case .copied: copied += 1
    case .abstained: abstained += 1
    case .tooLong: tooLong += 1
    case .unreadable: unreadable += 1
    case .refuted: refuted += 1
    case .unchecked: unchecked += 1
    }
    if shows {
      print(SummaryPrompt(procedure).text, "-- \(proposal.outcome)\n", proposal.text, "\n", separator: "")
    }
    guard let target else { return }
    pairs += 1
    let isEqual = Self.isProved(target, procedure)
    if isEqual { normalFormIsEqual += 1 }
    guard isAccepted, let proposed = proposal.procedure else { return }
    if !isEqual { acceptedBeyondRules += 1 }
    let texts = [proposed, target].map { ProcedurePrinter.print($0, canonicalNames: true) }
    if texts[0] == texts[1] { recovered += 1 }
    if Self.isProved(target, proposed) { proposalIsProved += 1 }
  }

  private static func isProved(_ old: Procedure, _ new: Procedure) -> Bool {
    if case .same = Prover.prove(old: old, new: new, context: ProofContext()) { return true }
    return false
  }

  func write() {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    if let data = try? encoder.encode(self) { print(String(decoding: data, as: UTF8.self)) }
    let share = functions == 0 ? 0 : Double(accepted) / Double(functions)
    print("useful acceptance: \(accepted) of \(functions) functions, \((share * 1000).rounded() / 10)%; copying: 0%")
  }
}
