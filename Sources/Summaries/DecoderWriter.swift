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
  private let open: @Sendable () -> Result<Proposers, Specialist.Missing>
  private let opened = Mutex<Result<Proposers, Specialist.Missing>?>(nil)

  /// Who proposes, by the language of the code.
  package struct Proposers: Sendable {
    private let general: Proposer
    private let byLanguage: [Procedure.Language: Proposer]

    package init(_ general: Proposer, _ byLanguage: [Procedure.Language: Proposer] = [:]) {
      (self.general, self.byLanguage) = (general, byLanguage)
    }

    package subscript(language: Procedure.Language) -> Proposer { byLanguage[language] ?? general }
  }

  /// `open` is called once, when the first summary is asked for.
  package init(
    name: String, canonicalNames: Bool = false, isBudgeted: Bool = false, concurrency: Int = 1,
    openAll open: @escaping @Sendable () -> Result<Proposers, Specialist.Missing>
  ) {
    self.isBudgeted = isBudgeted
    self.concurrency = concurrency
    self.name = name
    self.canonicalNames = canonicalNames
    self.open = open
  }

  /// One that proposes for every language.
  package convenience init(
    name: String, canonicalNames: Bool = false, isBudgeted: Bool = false, concurrency: Int = 1,
    open: @escaping @Sendable () -> Result<Proposer, Specialist.Missing>
  ) {
    self.init(
      name: name, canonicalNames: canonicalNames, isBudgeted: isBudgeted, concurrency: concurrency,
      openAll: { open().map { Proposers($0) } })
  }

  /// The checkpoint that comes with the program.
  package static func embedded(canonicalNames: Bool = false) -> DecoderWriter {
    DecoderWriter(name: "embedded", canonicalNames: canonicalNames) {
      Specialist.open().map { Proposer($0, style: .form) }
    }
  }

  /// A checkpoint of the user's, with an adapter or none, and others for code of some languages; its weights are read when
  /// the first summary is asked for, and kept in `cache` as the kernels want them.
  package static func checkpoint(
    _ checkpoint: Checkpoint, name: String, adapter: String? = nil, adapters: [Procedure.Language: String] = [:],
    format: WeightFormat? = nil, cache: String? = nil, canonicalNames: Bool = false
  ) -> DecoderWriter {
    DecoderWriter(
      name: name, canonicalNames: canonicalNames, isBudgeted: true,
      concurrency: CheckpointDecoder.concurrency(checkpoint.config),
      openAll: {
        do throws(DecoderError) {
          let decoder = try CheckpointDecoder(checkpoint, adapter: adapter, format: format, cache: cache)
          let style: Proposer.Style = checkpoint.template == .raw ? .form : .instructed
          var byLanguage: [Procedure.Language: Proposer] = [:]
          for (language, folder) in adapters {
            byLanguage[language] = general(try CheckpointDecoder(decoder, adapter: folder), style: style)
          }
          return .success(Proposers(general(decoder, style: style), byLanguage))
        } catch {
          return .failure(Specialist.Missing(reason: error.description))
        }
      })
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
    guard case .success(let proposer) = proposer(for: procedure.language) else { return nil }
    return proposer.question(about: procedure)
  }

  /// Who proposes for code of `language`, opened now if nobody was; a failure says why there is none.
  package func proposer(for language: Procedure.Language) -> Result<Proposer, Specialist.Missing> {
    opened.withLock { opened in
      let result = opened ?? open()
      opened = result
      return result.map { $0[language] }
    }
  }

  /// The proposal for `procedure`, or why there is no decoder.
  package func proposal(for procedure: Procedure) -> Result<Proposal, Specialist.Missing> {
    proposer(for: procedure.language).map { $0.propose(procedure) }
  }

  package func summary(of procedure: Procedure) -> WrittenSummary? { summary(of: procedure, renaming: [:]) }

  package func summary(of procedure: Procedure, renaming: [String: String]) -> WrittenSummary? {
    let result = proposal(for: procedure)
    guard case .success(let proposal) = result, proposal.outcome == .accepted, let accepted = proposal.procedure else {
      var own = ProcedureText(canonicalNames: canonicalNames).summary(of: procedure, renaming: renaming)
      switch result {
      case .success(let proposal): own?.reason = proposal.outcome.reason
      case .failure(let missing): own?.reason = missing.reason
      }
      return own
    }
    return WrittenSummary(
      text: ProcedurePrinter.print(accepted, renaming: renaming, canonicalNames: canonicalNames),
      decoder: proposal.decoder)
  }
}
