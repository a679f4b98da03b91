import Logic

/// The summary of one procedure, and who wrote it.
package struct WrittenSummary: Hashable, Sendable {
  package var text: String
  /// A decoder's name, or `none` for the procedure's own text.
  package var decoder: String
  package init(text: String, decoder: String) {
    self.text = text
    self.decoder = decoder
  }
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
}

extension SummaryWriter {
  package func summary(of procedure: Procedure, renaming: [String: String]) -> WrittenSummary? {
    summary(of: procedure)
  }
}
