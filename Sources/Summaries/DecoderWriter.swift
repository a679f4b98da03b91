import Decoder
import Logic
import Synchronization

/// Summaries in a decoder's words where they pass the check, else the procedure's own text.
package final class DecoderWriter: SummaryWriter {
  package let name: String
  /// Variables are called `a`, `b`, ... instead of by their names in the source.
  package let canonicalNames: Bool
  package let isBudgeted: Bool
  package let concurrency: Int
  private let open: @Sendable () -> Result<Proposer, Specialist.Missing>
  private let opened = Mutex<Result<Proposer, Specialist.Missing>?>(nil)

  /// `open` is called once, when the first summary is asked for.
  package init(
    name: String, canonicalNames: Bool = false, isBudgeted: Bool = false, concurrency: Int = 1,
    open: @escaping @Sendable () -> Result<Proposer, Specialist.Missing>
  ) {
    self.isBudgeted = isBudgeted
    self.concurrency = concurrency
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

  /// A checkpoint of the user's, with an adapter or none; its weights are read when the first summary is asked for, and
  /// kept in `cache` as the kernels want them.
  package static func checkpoint(
    _ checkpoint: Checkpoint, name: String, adapter: String? = nil, format: WeightFormat? = nil,
    cache: String? = nil, canonicalNames: Bool = false
  ) -> DecoderWriter {
    DecoderWriter(
      name: name, canonicalNames: canonicalNames, isBudgeted: true,
      concurrency: CheckpointDecoder.concurrency(checkpoint.config)
    ) {
      do throws(DecoderError) {
        let decoder = try CheckpointDecoder(checkpoint, adapter: adapter, format: format, cache: cache)
        return .success(general(decoder, style: checkpoint.template == .raw ? .form : .instructed))
      } catch {
        return .failure(Specialist.Missing(reason: error.description))
      }
    }
  }

  /// A server that the user named and that has answered.
  package static func server(_ decoder: ServerDecoder, canonicalNames: Bool = false) -> DecoderWriter {
    DecoderWriter(name: decoder.name, canonicalNames: canonicalNames, isBudgeted: true, concurrency: 4) {
      .success(general(decoder, style: .instructed))
    }
  }

  private static func general(_ decoder: any TextDecoder, style: Proposer.Style) -> Proposer {
    var proposer = Proposer(decoder, style: style)
    if style == .instructed { proposer.thinkingTokens = decoder.thinkingBudget }
    return proposer
  }

  package func question(about procedure: Procedure) -> Question? {
    guard case .success(let proposer) = proposer() else { return nil }
    return proposer.question(about: procedure)
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
