import Logic

/// The summary of one procedure, and who wrote it.
package struct WrittenSummary: Hashable, Sendable {
  package var text: String
  /// A decoder's name, or `none` for the procedure's own text.
  package var decoder: String
  /// Why a decoder that was asked did not write it: ends a sentence that starts "the procedure's own text is shown".
  package var reason: String?

  package init(text: String, decoder: String, reason: String? = nil) {
    self.text = text
    self.decoder = decoder
    self.reason = reason
  }
}

/// What a decoder would be asked about one procedure.
package struct Question: Hashable, Sendable {
  /// The whole prompt as the decoder reads it.
  package var text: String
  package var promptTokens: Int
  /// At most, with all tries.
  package var mostTokens: Int
}

/// Writes the algorithm summary of a procedure.
package protocol SummaryWriter: Sendable {
  /// The name that reports give it.
  var name: String { get }
  /// Nil when there is nothing to say in a form that parses.
  func summary(of procedure: Procedure) -> WrittenSummary?
  /// The same with locals under other names, which the other version gives to what is equal. Where names cannot be
  /// chosen they stay.
  func summary(of procedure: Procedure, renaming: [String: String]) -> WrittenSummary?
  /// Whether asking takes so long that it waits for all verdicts and has a budget.
  var isBudgeted: Bool { get }
  /// Procedures that it is asked about at one time.
  var concurrency: Int { get }
  /// What would be asked; nil where nothing would.
  func question(about procedure: Procedure) -> Question?
}

extension SummaryWriter {
  package var isBudgeted: Bool { false }
  package var concurrency: Int { 1 }
  package func question(about procedure: Procedure) -> Question? { nil }

  package func summary(of procedure: Procedure, renaming: [String: String]) -> WrittenSummary? {
    summary(of: procedure)
  }
}
