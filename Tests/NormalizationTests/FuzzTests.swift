import Checking
import Logic
import Normalization
import Testing

/// Silence is false when a proof says `same` of code that behaves differently. One edit each of made-up functions goes
/// through the rules alone; what they call the same is then run on inputs by the interpreter, which shares no code
/// with them.
@Suite("One edit of a made-up function")
struct FuzzTests {
  #if DEBUG
    static let count: UInt64 = 200
  #else
    static let count: UInt64 = 4_000
  #endif

  @Test("is not called the same where an input tells the versions apart", arguments: [UInt64(1), 2, 3, 4])
  func isNotSilent(_ part: UInt64) throws {
    var tried = 0
    var same = 0
    for number in 0..<Self.count / 4 {
      let seed = part << 32 | number
      guard let outcome = try Self.outcome(of: seed) else { continue }
      tried += 1
      guard outcome.isSame else { continue }
      same += 1
      if let difference = outcome.difference {
        Issue.record(
          """
          seed \(seed): proved the same, assuming \(outcome.assumptions)
          \(outcome.old)--- against
          \(outcome.new)--- differ when \(difference)
          """)
      }
    }
    #expect(tried > Int(Self.count) / 20, "hardly any edit could be read")
    #expect(same > 0, "no edit was proved to change nothing: the proofs are not tested")
  }

  struct Outcome {
    var old: String
    var new: String
    var isSame = false
    var assumptions: [Assumption] = []
    var difference: String?
  }

  /// Nil where the edit gave no Python, or nothing to prove.
  static func outcome(of seed: UInt64) throws -> Outcome? {
    var source = FuzzSource(seed: seed)
    let old = source.function()
    let new = SourceMutation.apply(to: old, &source.dice)
    guard let before = try? LoweredFile(old), let after = try? LoweredFile(new),
      before.unit.procedure != after.unit.procedure
    else { return nil }
    var outcome = Outcome(old: old, new: new)
    guard case .same(let assumptions, _) = try prove(Pair(name: "", expectation: "", old: old, new: new)) else {
      return outcome
    }
    outcome.isSame = true
    outcome.assumptions = assumptions
    var options = CheckOptions(seed: seed, steps: 80_000)
    options.minimumRuns = 60
    options.maximumRuns = 150
    options.maximumMutants = 0
    // A helper that both versions call and that differs is one symbol; another runs.
    let (h, k) = (before.helpers[.module("h")], after.helpers[.module("h")])
    let isSymbol = h != nil && k != nil && h != k
    let result = Checker.check(
      old: before.unit.procedure, new: after.unit.procedure, oldFunctions: isSymbol ? [:] : before.helpers,
      newFunctions: isSymbol ? [:] : after.helpers, options: options)
    if case .difference(let found) = result, found.brokenAssumptions.isEmpty {

      outcome.difference = "\(found.condition)\n  old \(found.old)\n  new \(found.new)"

    }
    return outcome
  }
}
