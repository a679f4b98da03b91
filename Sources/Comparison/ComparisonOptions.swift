import Summaries
import Synchronization

/// How a comparison is done. The same files and options give the same report, whatever the number of jobs.
package struct ComparisonOptions: Sendable {
  /// Interpreter steps in a second of `--budget`, fixed so that a report does not depend on the machine.
  package static let stepsPerSecond = 10_000_000.0

  /// Interpreter steps for one pair.
  package var steps: Int
  package var jobs: Int
  package var summaryWriter: (any SummaryWriter)?
  /// Summaries of every unit, not only of those that need them.
  package var summaries = false
  /// Variables are called `a`, `b`, ... in summaries.
  package var canonicalNames = false
  /// Tokens of prompts and answers for a decoder that takes long, over all units.
  package var decoderTokens = 100_000
  /// Every decoder counts as one that takes long: to see what it would be asked.
  package var asksEveryDecoder = false
  /// Told what a decoder that takes long will be asked, before it is.
  package var announce: (@Sendable (AskingPlan) -> Void)?
  /// Told what came of it.
  package var conclude: (@Sendable (AskingResult) -> Void)?
  /// Wall clock after which a pair counts as a runaway.
  package var runaway: Duration = .seconds(120)
  package var toolVersion: String
  /// Decisions of earlier runs, where there is a cache.
  package var decisions: DecisionCache?
  /// Called from worker threads with the number of pairs that are done, and all.
  package var progress: (@Sendable (Int, Int) -> Void)?

  package init(budget: Double = 2, jobs: Int = 1, toolVersion: String = "0") {
    steps = Int(min(budget * Self.stepsPerSecond, 1e15))
    self.jobs = jobs
    self.toolVersion = toolVersion
  }
}

/// Time spent in each stage, all threads together.
package final class Timings: Sendable {
  private let spent = Mutex<[String: Duration]>([:])

  package init() {}

  func measure<Result>(_ stage: String, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    defer {
      let duration = ContinuousClock.now - start
      spent.withLock { $0[stage, default: .zero] += duration }
    }
    return try body()
  }

  /// Stage and duration, in the order of the pipeline.
  package var stages: [(stage: String, duration: Duration)] {
    let found = spent.withLock { $0 }
    return ["analyse", "pair", "prove", "check", "cost", "summarize"].compactMap { stage in
      found[stage].map { (stage, $0) }
    }
  }
}
