/// A checkpoint that writes text in this process.
package final class CheckpointDecoder: TextDecoder {
  package let checkpoint: Checkpoint
  package let model: Transformer
  package let name: String
  private let trie: VocabularyTrie
  private let ends: [Int]

  /// Opens the checkpoint in `directory` and makes its weights ready. `label` stands for it in `name`.
  package convenience init(
    directory: String, label: String? = nil, engine: EngineChoice = .automatic
  ) throws(DecoderError) {
    try self.init(Checkpoint(directory: directory), label: label, engine: engine)
  }

  /// `adapter` names the directory of a PEFT adapter.
  package init(
    _ checkpoint: Checkpoint, adapter: String? = nil, label: String? = nil, engine: EngineChoice = .automatic,
    format: WeightFormat? = nil
  ) throws(DecoderError) {
    self.checkpoint = checkpoint
    let loaded: Adapter?
    if let adapter { loaded = try Adapter(directory: adapter, for: checkpoint) } else { loaded = nil }
    let base = try Transformer(checkpoint, engine: engine, format: format)
    model = if let loaded { try Transformer(base, of: checkpoint, adapter: loaded) } else { base }
    let title = label ?? checkpoint.directory.split(separator: "/").last.map(String.init) ?? "checkpoint"
    let adapted = loaded.map { "+\($0.fingerprint)" } ?? ""
    name = "\(title)-\(checkpoint.fingerprint)\(adapted)/\(model.engine.family)"
    trie = VocabularyTrie(checkpoint.tokenizer)
    ends = Array(Set(checkpoint.config.endOfText + checkpoint.template.endOfTurn(checkpoint.tokenizer))).sorted()
  }

  /// The kernels that run, with the instruction set.
  package var kernelName: String { model.kernelName }

  package var context: Int { checkpoint.config.context }

  package func tokens(of prompt: Prompt) -> [Int] {
    checkpoint.template.tokens(of: prompt, by: checkpoint.tokenizer)
  }

  package func count(_ prompt: Prompt) -> Int { tokens(of: prompt).count }

  package func generate(
    _ prompt: Prompt, grammar: (any ByteGrammar)?, options: GenerationOptions, count: Int
  ) throws(DecoderError) -> [Generation] {
    // an empty prompt has nothing to predict from: an end token starts a text, as in training
    var promptTokens = tokens(of: prompt)
    if promptTokens.isEmpty { promptTokens = [ends[0]] }
    let room = context - promptTokens.count
    let wanted = max(1, options.maximumTokens)
    if room < min(wanted, context / 2) {
      throw .promptTooLong(prompt: promptTokens.count, reserved: min(wanted, context / 2), context: context)
    }
    let limit = min(wanted, room)
    let session = Session(model, capacity: promptTokens.count + limit)
    try session.prefill(promptTokens, isCancelled: options.isCancelled)

    let cursor = grammar.map { makeCursor(for: $0) }
    var answers: [Generation] = []
    for index in 0..<max(0, count) {
      let own =
        index == count - 1 ? session : session.fork(keeping: promptTokens.count, capacity: promptTokens.count + limit)
      var sampling = options.sampling
      sampling.seed &+= UInt64(index)
      cursor?.restart()
      answers.append(
        try write(
          own, Sampler(sampling), cursor, limit: limit, promptTokens: promptTokens.count, options.isCancelled))
    }
    return answers
  }

  private func makeCursor(for grammar: some ByteGrammar) -> any ConstraintCursor {
    GrammarCursor(grammar, tokenizer: checkpoint.tokenizer, trie: trie)
  }

  private func write(
    _ session: Session, _ start: Sampler, _ cursor: (any ConstraintCursor)?, limit: Int, promptTokens: Int,
    _ isCancelled: () -> Bool
  ) throws(DecoderError) -> Generation {
    var sampler = start
    var answer = Generation(bytes: [], tokens: [], finish: .length, promptTokens: promptTokens, logProbability: 0)
    while answer.tokens.count < limit {
      if isCancelled() { throw .cancelled }
      guard let total = session.logSumExp() else { throw .notFinite(checkpoint.directory) }
      guard let token = sampler.next(session, constraint: cursor, ends: ends) else {
        throw .deadGrammar(after: answer.bytes.count)
      }
      // choosing overwrites the scores of what the grammar rejects, never that of its choice
      answer.logProbability += Double(session.logits[token]) - total
      if ends.contains(token) {
        answer.finish = .ended
        return answer
      }
      answer.tokens.append(token)
      if !checkpoint.tokenizer.isSpecial(token) { answer.bytes += checkpoint.tokenizer.tokenBytes(token) }
      cursor?.take(token)
      if answer.tokens.count < limit { try session.decode(token, isCancelled: isCancelled) }
    }
    guard let cursor else { return answer }
    guard let rest = cursor.completion() else { throw .unfinished(limit: limit) }
    answer.bytes += rest
    answer.finish = .completed
    return answer
  }
}
