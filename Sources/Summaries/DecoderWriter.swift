import Decoder
import Logic
import Synchronization

/// Summaries in a decoder's words where they pass the check, else the procedure's own text.
package final class DecoderWriter: SummaryWriter {
  package let name: String
  /// Variables are called `a`, `b`, ... instead of by their names in the source.
  package let canonicalNames: Bool
  private let open: @Sendable () -> Result<Proposer, Specialist.Missing>
  private let opened = Mutex<Result<Proposer, Specialist.Missing>?>(nil)

  /// `open` is called once, when the first summary is asked for.
  package init(
    name: String, canonicalNames: Bool = false, open: @escaping @Sendable () -> Result<Proposer, Specialist.Missing>
  ) {
    self.name = name
    self.canonicalNames = canonicalNames
    self.open = open
  }

  /// The checkpoint that comes with the program.
  package static func embedded(canonicalNames: Bool = false) -> DecoderWriter {
    DecoderWriter(name: "embedded", canonicalNames: canonicalNames) {
      Specialist.open().map { Proposer($0, style: .form) }
    }
  }

  /// A checkpoint of the user's; read in full when the first summary is asked for.
  package static func checkpoint(_ directory: String, canonicalNames: Bool = false) -> DecoderWriter {
    DecoderWriter(name: directory, canonicalNames: canonicalNames) {
      do throws(DecoderError) {
        let decoder = try CheckpointDecoder(directory: directory)
        return .success(Proposer(decoder, style: decoder.checkpoint.template == .raw ? .form : .instructed))
      } catch {
        return .failure(Specialist.Missing(reason: error.description))
      }
    }
  }

  /// The proposer, opened now if it was not; a failure says why there is none.
  package func proposer() -> Result<Proposer, Specialist.Missing> {
    opened.withLock { opened in
      let result = opened ?? open()
      opened = result
      return result
    }
  }

  /// The proposal for `procedure`, or why there is no decoder.
  package func proposal(for procedure: Procedure) -> Result<Proposal, Specialist.Missing> {
    proposer().map { $0.propose(procedure) }
  }

  package func summary(of procedure: Procedure) -> WrittenSummary? { summary(of: procedure, renaming: [:]) }

  package func summary(of procedure: Procedure, renaming: [String: String]) -> WrittenSummary? {
    guard case .success(let proposal) = proposal(for: procedure), proposal.outcome == .accepted,
      let accepted = proposal.procedure
    else { return ProcedureText(canonicalNames: canonicalNames).summary(of: procedure, renaming: renaming) }
    return WrittenSummary(
      text: ProcedurePrinter.print(accepted, renaming: renaming, canonicalNames: canonicalNames),
      decoder: proposal.decoder)
  }
}
