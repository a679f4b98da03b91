import Checking
import Decoder
import Logic

/// What a decoder proposed as the summary of a procedure, and what became of it.
package struct Proposal: Sendable {
  package enum Outcome: Hashable, Sendable {
    /// It says the code differently and did the same on every input that was tried.
    case accepted
    /// It is the code's own text: worth nothing.
    case copied
    case abstained
    case tooLong(reason: String)
    case unreadable(reason: String)
    /// Execution found an input on which it does something else.
    case refuted(reason: String)
    /// Execution could not say.
    case unchecked(reason: String)

    /// Why the procedure's own text is shown instead; nil where it is not.
    package var reason: String? {
      switch self {
      case .accepted: nil
      case .copied: Messages.copied
      case .abstained: Messages.abstained
      case .tooLong(let reason), .unreadable(let reason), .refuted(let reason), .unchecked(let reason): reason
      }
    }
  }

  package var outcome: Outcome
  /// With the code's parameters; present as soon as the proposal could be read.
  package var procedure: Procedure?
  /// What the decoder wrote, its names restored where they could be.
  package var text: String = ""
  package var decoder: String
}

/// Asks a decoder for the program behind a procedure, and execution whether it is one.
package struct Proposer: Sendable {
  /// How the decoder is asked.
  package enum Style: Sendable {
    /// The prompt's form and a mark: what the specialist was trained on.
    case form
    /// In English, with a role: for a model that follows instructions.
    case instructed
  }

  package let decoder: any TextDecoder
  package var style: Style
  /// Tokens of a prompt, at most: beyond what it was trained on a model only wastes time.
  package var maximumPrompt: Int
  /// Interpreter steps for the check.
  package var steps = 300_000
  /// Other answers that are drawn, one after the other, where the likeliest one failed.
  package var furtherTries = 1
  /// Tokens that a model may think with before it answers.
  package var thinkingTokens = 0
  package var isCancelled: @Sendable () -> Bool = { false }

  package init(_ decoder: any TextDecoder, style: Style, maximumPrompt: Int? = nil) {
    self.decoder = decoder
    self.style = style
    self.maximumPrompt = maximumPrompt ?? (style == .form ? 200 : 2_048)
  }

  /// What the decoder says behind `procedure`, checked. The same procedure gets the same proposal. Must run on a thread
  /// whose stack fits the depth of the code.
  ///
  /// The specialist is asked about a short function as a whole, and about the regions of one for which that did not do.
  package func propose(_ procedure: Procedure) -> Proposal {
    if procedure.kind == .classBody || procedure.kind == .module {
      return Proposal(outcome: .unchecked(reason: Messages.notFunction), decoder: decoder.name)
    }
    guard style == .form else { return answer(to: procedure) }
    let regions = Self.regions(of: procedure)
    if regions.isEmpty { return Proposal(outcome: .abstained, decoder: decoder.name) }
    let whole = answer(to: procedure, atMost: Self.longestWhole)
    switch whole.outcome {
    case .accepted: return whole
    case .tooLong: break
    default: if Self.isAll(regions, of: procedure) { return whole }
    }
    return propose(regions: regions, of: procedure) ?? whole
  }

  private static func regions(of procedure: Procedure) -> [Region] {
    Array(Region.candidates(in: procedure).prefix(mostRegions))
  }

  /// Whether the only region is all that the procedure does, so that asking about it would be asking again.
  private static func isAll(_ regions: [Region], of procedure: Procedure) -> Bool {
    regions[0].count == procedure.body.count
  }

  /// Tokens of a function that the specialist is asked about as a whole, at most: it copies the rest of a longer one
  /// with less luck and more time than regions of it take.
  private static let longestWhole = 110

  /// The likeliest answer, or where that one fails the first of a few drawn ones that passes.
  package func answer(
    to procedure: Procedure, avoiding taken: Set<String> = [], atMost most: Int = .max
  ) -> Proposal {
    let form = SummaryPrompt(procedure, numbersNames: style == .form, avoiding: taken)
    let prompt = form.prompt(style)
    let size = decoder.count(prompt)
    let limit = min(limit, most)
    guard size <= limit else {
      let reason = Messages.tooLong(tokens: size, limit: limit)
      return Proposal(outcome: .tooLong(reason: reason), decoder: decoder.name)
    }
    var options = GenerationOptions(maximumTokens: answerTokens(size), isCancelled: isCancelled)
    options.thinkingTokens = thinkingTokens
    let first = attempt(procedure, form, prompt, options)
    switch first.outcome {
    // Another answer than these would only be a worse one.
    case .accepted, .copied, .abstained, .tooLong: return first
    case .unreadable, .refuted, .unchecked: break
    }
    var tried: Set<String> = [first.text]
    for seed in 0..<furtherTries where !isCancelled() {
      options.sampling = Sampling(temperature: 0.7, topP: 0.95, seed: UInt64(seed))
      let next = attempt(procedure, form, prompt, options, unless: tried)
      if next.outcome == .accepted { return next }
      tried.insert(next.text)
    }
    return first
  }

  /// `procedure` with accepted summaries in the places of their regions; nil where there is none that stands.
  private func propose(regions: [Region], of procedure: Procedure) -> Proposal? {
    var result = procedure
    for region in regions where !isCancelled() {
      let proposal = answer(to: region.procedure, avoiding: region.outside)
      guard proposal.outcome == .accepted, let summary = proposal.procedure,
        let replaced = region.replaced(in: result, by: summary)
      else { continue }
      // Regions were run in any state that their variables can be in; the whole is run to be sure.
      let agreement = Checker.agree(code: procedure, summary: replaced, steps: steps, isCancelled: isCancelled)
      if agreement.disagreement == nil, agreement.inputs > 0 { result = replaced }
    }
    if result == procedure { return nil }
    return Proposal(
      outcome: .accepted, procedure: result, text: ProcedurePrinter.print(result), decoder: decoder.name)
  }

  /// Regions of one function that are asked about.
  private static let mostRegions = 4

  private var limit: Int { min(maximumPrompt, decoder.context / 2) }

  /// Rewritings make programs longer, so a summary is seldom longer than its code.
  private func answerTokens(_ prompt: Int) -> Int {
    min(style == .form ? prompt : prompt + 64, decoder.context - prompt)
  }

  /// What `propose` would ask; nil where it would not, since the procedure is none that it is asked about or too long.
  package func question(about procedure: Procedure) -> Question? {
    if procedure.kind == .classBody || procedure.kind == .module { return nil }
    let prompt = SummaryPrompt(procedure, numbersNames: style == .form).prompt(style)
    let size = decoder.count(prompt)
    var most = mostTokens(size, atMost: style == .form ? Self.longestWhole : .max)
    if style == .form {
      let regions = Self.regions(of: procedure)
      if regions.isEmpty { return nil }
      if most == 0 || !Self.isAll(regions, of: procedure) {
        for region in regions { most += mostTokens(decoder.count(SummaryPrompt(region.procedure).prompt(style))) }
      }
    }
    guard most > 0 else { return nil }
    return Question(
      text: prompt.system.isEmpty ? prompt.user : "\(prompt.system)\n\n\(prompt.user)", promptTokens: size,
      mostTokens: most)
  }

  /// What one prompt of `size` tokens takes with all tries; 0 where it is not asked.
  private func mostTokens(_ size: Int, atMost most: Int = .max) -> Int {
    size <= min(limit, most) ? (size + thinkingTokens + answerTokens(size)) * (1 + furtherTries) : 0
  }

  private func attempt(
    _ procedure: Procedure, _ form: SummaryPrompt, _ prompt: Prompt, _ options: GenerationOptions,
    unless tried: Set<String> = []
  ) -> Proposal {
    var proposal = Proposal(outcome: .abstained, decoder: decoder.name)
    do throws(DecoderError) {
      proposal.text = try generate(form, prompt, options)
    } catch {
      proposal.outcome = .unreadable(reason: style == .form ? Messages.noEnd : error.description)
      return proposal
    }
    if proposal.text.isEmpty || proposal.text == SummaryPrompt.abstention { return proposal }
    switch form.read(proposal.text) {
    case .failure(let refusal): proposal.outcome = .unreadable(reason: refusal.reason)
    case .success(let read):
      proposal.procedure = read
      proposal.text = ProcedurePrinter.print(read)
      // a summary that is longer than the code says nothing clearer
      if form.isOwnText(read) || style == .form && form.isLonger(read) {
        proposal.outcome = .copied
      } else if !tried.contains(proposal.text) {
        proposal.outcome = check(procedure, read)
      }
    }
    return proposal
  }

  private func generate(
    _ form: SummaryPrompt, _ prompt: Prompt, _ options: GenerationOptions
  ) throws(DecoderError) -> String {
    guard style == .form else { return try decoder.generate(prompt, grammar: SummaryGrammar(), options: options).text }
    guard let grammar = AnswerGrammar(of: form) else { return "" }
    return try decoder.generate(prompt, grammar: grammar, options: options).text
  }

  /// Execution decides: one differing input refutes the proposal.
  private func check(_ code: Procedure, _ summary: Procedure) -> Proposal.Outcome {
    let agreement = Checker.agree(code: code, summary: summary, steps: steps, isCancelled: isCancelled)
    if let found = agreement.disagreement {
      return .refuted(reason: Messages.differs(arguments: found.arguments.map { "\($0.name) = \($0.text)" }))
    }
    if let reason = agreement.reason { return .unchecked(reason: "\(Messages.doesNotRun): \(reason)") }
    return agreement.isAgreement ? .accepted : .unchecked(reason: Messages.tooFew(inputs: agreement.inputs))
  }
}
