/// A checkpoint that writes text in this process.
package final class CheckpointDecoder: TextDecoder {
  package let checkpoint: Checkpoint
  package let model: Transformer
  package let name: String
  /// The model without an adapter.
  private let base: Transformer
  /// Stands for the checkpoint in names.
  private let title: String
  private let cache: String?
  private let trie: VocabularyTrie
  private let ends: [Int]
  private let thinks: Bool
  /// The marks around thoughts, as tokens.
  private let opening: [Int]
  private let closing: [Int]
  /// Nil for a small model, whose steps cost less than bringing them together.
  private let batching: Batching?
  private let prefixes: PrefixStore

  /// Opens the checkpoint in `directory` and makes its weights ready. `label` stands for it in `name`.
  package convenience init(
    directory: String, label: String? = nil, engine: EngineChoice = .automatic
  ) throws(DecoderError) {
    try self.init(Checkpoint(directory: directory), label: label, engine: engine)
  }

  /// From here on packed weights are kept between runs.
  private static let cachedParameters = 64_000_000

  /// `adapter` names the directory of a PEFT adapter, `cache` the folder where the weights of a large checkpoint are kept
  /// as the kernels want them. `batches` says whether steps are brought together; the size decides where it is nil.
  package init(
    _ checkpoint: Checkpoint, adapter: String? = nil, label: String? = nil, engine: EngineChoice = .automatic,
    format: WeightFormat? = nil, cache: String? = nil, batches: Bool? = nil
  ) throws(DecoderError) {
    self.checkpoint = checkpoint
    self.cache = cache
    let loaded: Adapter?
    if let adapter { loaded = try Adapter(directory: adapter, for: checkpoint) } else { loaded = nil }
    base = try Transformer(
      checkpoint, engine: engine, format: format,
      cache: checkpoint.config.parameters >= Self.cachedParameters ? cache : nil)
    model = if let loaded { try Transformer(base, of: checkpoint, adapter: loaded) } else { base }
    let own = label ?? checkpoint.directory.split(separator: "/").last.map(String.init) ?? "checkpoint"
    title = "\(own)-\(checkpoint.fingerprint)"
    name = Self.name(title, loaded, model)
    trie = VocabularyTrie(checkpoint.tokenizer)
    thinks = checkpoint.template != .raw && checkpoint.tokenizer.id(ofAdded: "</think>") != nil
    opening = checkpoint.tokenizer.encodeWithAddedTokens(Array("<think>\n".utf8))
    closing = checkpoint.tokenizer.encodeWithAddedTokens(Array("\n</think>\n\n".utf8))
    prefixes = Self.prefixes(cache, name)
    batching = batches ?? Self.batches(checkpoint.config) ? Batching() : nil
    ends = Array(Set(checkpoint.config.endOfText + checkpoint.template.endOfTurn(checkpoint.tokenizer))).sorted()
  }

  /// The checkpoint of `other` with an adapter beside it: they share the weights, and answers that are written at once
  /// share their passes, whichever of them writes.
  package init(_ other: CheckpointDecoder, adapter: String) throws(DecoderError) {
    checkpoint = other.checkpoint
    (base, title, cache) = (other.base, other.title, other.cache)
    let loaded = try Adapter(directory: adapter, for: checkpoint)
    model = try Transformer(base, of: checkpoint, adapter: loaded)
    name = Self.name(title, loaded, model)
    (trie, ends, thinks, opening, closing) = (other.trie, other.ends, other.thinks, other.opening, other.closing)
    // keys and values follow from the adapter too
    prefixes = Self.prefixes(cache, name)
    batching = other.batching
  }

  private static func name(_ title: String, _ adapter: Adapter?, _ model: Transformer) -> String {
    "\(title)\(adapter.map { "+\($0.fingerprint)" } ?? "")/\(model.engine.family)"
  }

  private static func prefixes(_ cache: String?, _ name: String) -> PrefixStore {
    PrefixStore(file: cache.map { PrefixFile(folder: $0, model: name) })
  }

  /// Whether answers that are written at once share their passes, and prompts what they begin with: a small model reads
  /// a prompt again for less than keeping it costs.
  package static func batches(_ config: ModelConfig) -> Bool { config.parameters >= 16_000_000 }

  /// Answers that are best asked for at once, each in a thread of its own.
  package static func concurrency(_ config: ModelConfig) -> Int {
    guard batches(config) else { return 1 }
    // as many as keep their keys and values within 8 GB even if all become long
    let one = KeyValueCache.bytes(config: config, positions: min(config.context, 4_096)) ?? .max
    return max(1, min(Batching.limit, (8 << 30) / one))
  }

  /// The kernels that run, with the instruction set.
  package var kernelName: String { model.kernelName }

  package var context: Int { checkpoint.config.context }

  package func tokens(of prompt: Prompt) -> [Int] {
    checkpoint.template.tokens(of: prompt, by: checkpoint.tokenizer)
  }

  package func count(_ prompt: Prompt) -> Int { tokens(of: prompt).count }

  /// Thoughts are for models whose vocabulary or template has marks for them.
  package var thinkingBudget: Int { thinks ? 256 : 0 }

  package func generate(
    _ prompt: Prompt, grammar: (any ByteGrammar)?, options: GenerationOptions, count: Int
  ) throws(DecoderError) -> [Generation] {
    // an empty prompt has nothing to predict from: an end token starts a text, as in training
    var promptTokens = tokens(of: prompt)
    if promptTokens.isEmpty { promptTokens = [ends.first ?? 0] }
    let thoughts = thinks ? max(0, options.thinkingTokens) : 0
    // the marks around thoughts are tokens too
    let aside = thoughts > 0 ? thoughts + opening.count + closing.count : 0
    let room = context - promptTokens.count - aside
    let wanted = max(1, options.maximumTokens)
    if room < min(wanted, context / 2) {
      throw .promptTooLong(prompt: promptTokens.count, reserved: min(wanted, context / 2) + aside, context: context)
    }
    let limit = min(wanted, room)
    let capacity = promptTokens.count + aside + limit
    let session = try read(promptTokens, capacity: capacity, options.isCancelled)

    let cursor = grammar.map { makeCursor(for: $0) }
    return try joined { () throws(DecoderError) -> [Generation] in
      var answers: [Generation] = []
      for index in 0..<max(0, count) {
        let own = index == count - 1 ? session : session.fork(keeping: promptTokens.count, capacity: capacity)
        var sampling = options.sampling
        sampling.seed &+= UInt64(index)
        var sampler = Sampler(sampling)
        if thoughts > 0 { try think(own, &sampler, limit: thoughts, options.isCancelled) }
        cursor?.restart()
        answers.append(
          try write(own, sampler, cursor, limit: limit, promptTokens: promptTokens.count, options.isCancelled))
      }
      return answers
    }
  }

  /// A session that has read the prompt. What it shares with one that was read before, the system prompt or all of it in
  /// a further try, is not computed again; prompts that begin alike wait for the first of them.
  private func read(
    _ prompt: [Int], capacity: Int, _ isCancelled: @escaping () -> Bool
  ) throws(DecoderError) -> Session {
    guard batching != nil else {
      let session = Session(model, capacity: capacity)
      try session.prefill(prompt, isCancelled: isCancelled)
      return session
    }
    let start = try prefixes.session(model, for: prompt, capacity: capacity) { session, tokens throws(DecoderError) in
      try joined { () throws(DecoderError) in try advance(session, tokens, isCancelled) }
    }
    try joined { () throws(DecoderError) in
      try advance(start, Array(prompt[start.tokens.count...]), isCancelled)
    }
    return start
  }

  private func joined<Value>(_ body: () throws(DecoderError) -> Value) throws(DecoderError) -> Value {
    guard let batching else { return try body() }
    return try batching.joined(body)
  }

  /// Lets `session` read tokens of a prompt, together with whoever else reads now.
  private func advance(
    _ session: Session, _ tokens: [Int], _ isCancelled: @escaping () -> Bool
  ) throws(DecoderError) {
    guard let batching else { return try session.prefill(tokens, isCancelled: isCancelled) }
    try batching.read(Session.Step(session, tokens), isCancelled: isCancelled)
  }

  /// Lets `session` read a token that was chosen.
  private func advance(_ session: Session, chosen token: Int, _ isCancelled: @escaping () -> Bool) throws(DecoderError)
  {
    guard let batching else { return try session.decode(token, isCancelled: isCancelled) }
    try batching.read(Session.Step(session, chosen: token), isCancelled: isCancelled)
  }

  /// Thoughts before the answer: free text between the marks, closed for the model where it does not come to an end.
  private func think(
    _ session: Session, _ sampler: inout Sampler, limit: Int, _ isCancelled: @escaping () -> Bool
  ) throws(DecoderError) {
    try advance(session, opening, isCancelled)
    let end = Array("</think>".utf8)
    var written: [UInt8] = []
    var isClosed = false
    for _ in 0..<limit {
      if isCancelled() { throw .cancelled }
      guard let token = sampler.next(session, constraint: nil, ends: ends), !ends.contains(token) else { break }
      try advance(session, chosen: token, isCancelled)
      written += checkpoint.tokenizer.tokenBytes(token)
      if written.count >= end.count, written.suffix(end.count + 8).firstRange(of: end) != nil {
        isClosed = true
        break
      }
    }
    if !isClosed { try advance(session, closing, isCancelled) }
  }

  private func makeCursor(for grammar: some ByteGrammar) -> any ConstraintCursor {
    GrammarCursor(grammar, tokenizer: checkpoint.tokenizer, trie: trie)
  }

  private func write(
    _ session: Session, _ start: Sampler, _ cursor: (any ConstraintCursor)?, limit: Int, promptTokens: Int,
    _ isCancelled: @escaping () -> Bool
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
      if answer.tokens.count < limit { try advance(session, chosen: token, isCancelled) }
    }
    guard let cursor else { return answer }
    guard let rest = cursor.completion() else { throw .unfinished(limit: limit) }
    answer.bytes += rest
    answer.finish = .completed
    return answer
  }
}
