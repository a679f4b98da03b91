import Logic

/// Whether a proposed summary behaves as the code does, as far as running both can tell.
package struct Agreement: Sendable {
  /// Inputs on which both came to an end.
  package var inputs: Int
  package var runs: Int
  /// Where they differ; nil when no run showed a difference.
  package var disagreement: Counterexample?
  /// Why nothing could be run.
  package var reason: String?

  /// No difference, on enough runs that were not mere type errors to mean something.
  package var isAgreement: Bool { disagreement == nil && reason == nil && inputs >= 40 }
}

extension Checker {
  /// Runs code and summary on the same inputs in the same worlds. A difference on any of them refutes the summary.
  package static func agree(
    code: Procedure, summary: Procedure, functions: [Reference: Procedure] = [:], steps: Int = 2_000_000,
    seed: UInt64 = 1, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> Agreement {
    var options = CheckOptions(seed: seed, steps: steps)
    options.minimumRuns = 400
    options.maximumRuns = 2_500
    options.adequateInputs = 300
    options.isCancelled = isCancelled
    var session = Session(
      old: Program(code, functions: functions), new: Program(summary, functions: functions),
      changedLines: ChangedLines(), options: options)
    return session.agreement()
  }
}

extension Session {
  mutating func agreement() -> Agreement {
    let found = search.run(steps: options.steps)
    let tally = search.tally
    var result = Agreement(inputs: tally.runs - tally.inconclusive - tally.bothFailedOnTypes, runs: tally.runs)
    if let found {
      result.disagreement = tell(plainer(found))
    } else if tally.inconclusive == tally.runs {
      result.reason = Messages.notRunnable(reason: tally.stops.max { $0.value < $1.value }?.key)
    }
    return result
  }
}
