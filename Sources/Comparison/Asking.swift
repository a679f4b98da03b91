import Logic
import Summaries
import Synchronization

/// What a decoder that takes long will be asked, told before it is.
package struct AskingPlan: Sendable {
  package var decoder: String
  /// Units that end changed or unproven.
  package var units = 0
  /// Versions that are asked about, and those that the budget leaves out.
  package var asked = 0
  package var leftOut = 0
  /// Tokens of all prompts, and at most of all answers, further tries included.
  package var tokens = 0
  package var budget: Int
}

/// What came of asking it.
package struct AskingResult: Sendable {
  package var decoder: String
  /// Versions that it was asked about, and that it wrote a summary of.
  package var asked: Int
  package var written: Int
  /// The first version without one, and why its own text is shown.
  package var first: (unit: String, reason: String)?
}

/// One version of a unit, as a decoder would be asked about it.
package struct AskedVersion: Sendable {
  package var unit: String
  /// `new` or `old`.
  package var side: String
  package var question: Question
}

/// Keeps the units whose summaries wait until every verdict is known, then has them written: new versions first, under
/// one budget of tokens, so that neither the order of threads nor the time that answers take decides what is asked.
final class Asking: Sendable {
  struct Key: Hashable {
    var tree: ObjectIdentifier
    var unit: Int

    init(_ candidate: Candidate) {
      tree = ObjectIdentifier(candidate.new.tree)
      unit = candidate.newIndex
    }
  }

  private struct Version: Sendable {
    var place: Int
    var procedure: Procedure
    var tokens: Int
  }

  private let waiting = Mutex<[Key: (old: Procedure, new: Procedure)]>([:])

  func add(_ candidate: Candidate, old: Procedure, new: Procedure) {
    waiting.withLock { $0[Key(candidate)] = (old, new) }
  }

  /// The questions about `units`, in the order in which they would be put.
  func questions(_ units: [(name: String, key: Key)], writer: any SummaryWriter) -> [AskedVersion] {
    let waiting = waiting.withLock { $0 }
    func versions(_ side: String, _ procedure: KeyPath<(old: Procedure, new: Procedure), Procedure>) -> [AskedVersion] {
      units.compactMap { unit in
        waiting[unit.key].flatMap { writer.question(about: $0[keyPath: procedure]) }
          .map { AskedVersion(unit: unit.name, side: side, question: $0) }
      }
    }
    return versions("new", \.new) + versions("old", \.old)
  }

  /// Writes the summaries of `units`, each with the display names of the other version. `write` gets the unit's place in
  /// `units`, and both texts.
  func finish(
    _ units: [(name: String, key: Key, names: [String: String])], options: ComparisonOptions, writer: any SummaryWriter,
    write: (Int, WrittenSummary, WrittenSummary) -> Void
  ) {
    let waiting = waiting.withLock { $0 }
    let pairs = units.map { waiting[$0.key] }
    var plan = AskingPlan(decoder: writer.name, units: units.count, budget: options.decoderTokens)
    /// What is asked about, in order, as far as the budget reaches.
    func planned(_ procedure: KeyPath<(old: Procedure, new: Procedure), Procedure>) -> [Version] {
      var chosen: [Version] = []
      for (place, pair) in pairs.enumerated() {
        guard let pair, let question = writer.question(about: pair[keyPath: procedure]) else { continue }
        guard plan.tokens + question.mostTokens <= plan.budget else {
          plan.leftOut += 1
          continue
        }
        plan.tokens += question.mostTokens
        plan.asked += 1
        chosen.append(Version(place: place, procedure: pair[keyPath: procedure], tokens: question.mostTokens))
      }
      return chosen
    }
    let new = planned(\.new)
    let old = planned(\.old)
    if plan.units > 0 { options.announce?(plan) }
    let after = ask(new, writer) { _ in [:] }
    // an old version in other words than the new one could not be compared with it
    let before = ask(old.filter { after[$0.place]?.isAccepted == true }, writer) { units[$0].names }
    if plan.asked > 0 { options.conclude?(Self.result(after, before, units.map(\.name), writer.name)) }
    let own = ProcedureText(canonicalNames: options.canonicalNames)
    for (place, pair) in pairs.enumerated() {
      guard let pair else { continue }
      let names = units[place].names
      var right = after[place]?.summary
      var left = before[place]?.summary
      // two ways of writing cannot be compared, and two that read alike hide what differs
      if left == nil || right == nil || left?.decoder != right?.decoder || left?.text == right?.text {
        left = own.summary(of: pair.old, renaming: names)
        right = own.summary(of: pair.new, renaming: [:])
      }
      if let left, let right { write(place, left, right) }
    }
  }

  private struct Written: Sendable {
    var place: Int
    var summary: WrittenSummary?
    var isAccepted: Bool
  }

  private static func result(
    _ after: [Int: Written], _ before: [Int: Written], _ names: [String], _ decoder: String
  ) -> AskingResult {
    let all = [after, before].flatMap { $0.values.sorted { $0.place < $1.place } }
    let first = all.first { $0.summary?.reason != nil }
    return AskingResult(
      decoder: decoder, asked: all.count, written: all.count(where: \.isAccepted),
      first: first.map { (names[$0.place], $0.summary?.reason ?? "") })
  }

  private func ask(
    _ versions: [Version], _ writer: any SummaryWriter, names: (Int) -> [String: String]
  ) -> [Int: Written] {
    let items = versions.map { (version: $0, names: names($0.place)) }
    let written = Workers.map(items, jobs: writer.concurrency) { item in
      let summary = writer.summary(of: item.version.procedure, renaming: item.names)
      return Written(
        place: item.version.place, summary: summary, isAccepted: summary.map { $0.decoder != "none" } ?? false)
    }
    return Dictionary(written.map { ($0.place, $0) }) { $1 }
  }
}
