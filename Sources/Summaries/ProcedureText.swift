import Logic

/// The summary of last resort: a procedure's own text, which parses and runs as the procedure does.
package struct ProcedureText: SummaryWriter {
  package let name = "none"
  /// Variables are called `a`, `b`, ... instead of by their names in the source.
  package var canonicalNames: Bool
  package init(canonicalNames: Bool = false) { self.canonicalNames = canonicalNames }

  package func summary(of procedure: Procedure) -> WrittenSummary? { summary(of: procedure, renaming: [:]) }

  package func summary(of procedure: Procedure, renaming: [String: String]) -> WrittenSummary? {
    WrittenSummary(
      text: ProcedurePrinter.print(procedure, renaming: renaming, canonicalNames: canonicalNames), decoder: name)
  }
}
