#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One sequence being read and written: what it has seen, and the scores of what may come next. Confined to one task.
package final class Session {
  package let model: Transformer
  package private(set) var tokens: [Int] = []
  let cache: KeyValueCache
  private let scores: Memory

  /// Room for `capacity` positions; memory is taken as they come.
  package init(_ model: Transformer, capacity: Int) {
    self.model = model
    cache = KeyValueCache(config: model.config, capacity: max(capacity, 1))
    scores = Memory(floats: model.config.vocabularySize)
  }

  /// One that has seen `tokens`, with their keys and values in whole pages.
  convenience init(_ model: Transformer, capacity: Int, tokens: [Int], pages: [Memory]) {
    self.init(model, capacity: max(capacity, tokens.count))
    cache.adopt(pages)
    self.tokens = tokens
  }

  package var capacity: Int { cache.capacity }

  /// Scores of the next token [vocabulary], after the last `prefill` or `decode`; overwritten by the next.
  package var logits: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: scores.floats, count: model.config.vocabularySize)
  }

  /// The most likely next token, the one of lowest id among equals; nil where no score is above minus infinity.
  package var mostLikely: Int? {
    let count = model.config.vocabularySize
    let index = model.engine.kernels.pointee.highest(scores.floats, count)
    return index < count ? index : nil
  }

  /// Logarithm of the sum of the exponentials of `logits`; nil where no score is above minus infinity.
  func logSumExp() -> Double? {
    guard let index = mostLikely, logits[index].isFinite else { return nil }
    let top = logits[index]
    return Double(top)
      + log(Double(model.engine.kernels.pointee.sum_exp(scores.floats, model.config.vocabularySize, top)))
  }

  /// Another session that has seen the first `count` tokens of this one.
  package func fork(keeping count: Int, capacity: Int) -> Session {
    let kept = min(count, tokens.count)
    let other = Session(model, capacity: max(capacity, kept))
    other.cache.share(cache, positions: kept)
    other.tokens = Array(tokens[..<kept])
    other.scores.floats.update(from: scores.floats, count: model.config.vocabularySize)
    return other
  }

  /// Another session that has seen `prefix`, which this one began with. Whole pages only, which are shared and never
  /// written again, so that this session may go on in another thread meanwhile.
  package func restored(_ prefix: [Int], capacity: Int) -> Session {
    let kept = prefix.count / PageShape.positions * PageShape.positions
    let other = Session(model, capacity: max(capacity, kept))
    other.cache.share(cache, positions: kept)
    other.tokens = Array(prefix[..<kept])
    return other
  }

  /// Reads `prompt`; `logits` are then those after its last token. It may come in pieces, with the same result.
  package func prefill(_ prompt: [Int], isCancelled: () -> Bool = { false }) throws(DecoderError) {
    try Self.read([Step(self, prompt)], isCancelled: isCancelled)
  }

  /// Reads one token that was just chosen.
  package func decode(_ token: Int, isCancelled: () -> Bool = { false }) throws(DecoderError) {
    try Self.read([Step(self, chosen: token)], isCancelled: isCancelled)
  }

  /// What a session reads next.
  package struct Step {
    fileprivate let session: Session
    fileprivate let tokens: [Int]
    /// One token that was just chosen, and not a part of a prompt: OpenBLAS multiplies those differently.
    fileprivate let isChosen: Bool

    /// Tokens of a prompt, or that are forced.
    package init(_ session: Session, _ tokens: [Int]) {
      (self.session, self.tokens, isChosen) = (session, tokens, false)
    }

    package init(_ session: Session, chosen token: Int) {
      (self.session, tokens, isChosen) = (session, [token], true)
    }
  }

  /// Takes each of several sessions a step on, in common passes through the layers; `logits` of each are then those after
  /// its last token, the same as if it had been alone. They are sessions of one model, with adapters or without.
  package static func read(_ steps: [Step], isCancelled: () -> Bool = { false }) throws(DecoderError) {
    for step in steps { try step.session.checkRoom(step.tokens.count) }
    guard let model = steps.first?.session.model else { return }
    precondition(steps.allSatisfy { $0.session.model.isView(ofSameAs: model) }, "sessions of several models")
    if model.engine.usesOpenBLAS {
      for step in steps { try step.session.readAlone(step, isCancelled) }
      return
    }
    var rows: [Row] = []
    var wanted: [Int] = []
    func flush() throws(DecoderError) {
      try model.forward(rows, offset: 0, tile: nil, wanted: wanted, isCancelled)
      for row in rows { row.session.tokens.append(row.token) }
      rows.removeAll(keepingCapacity: true)
      wanted.removeAll(keepingCapacity: true)
    }
    for step in grouped(steps) {
      let (session, tokens) = (step.session, step.tokens)
      let start = session.tokens.count + rows.count { $0.session === session }
      for (place, token) in tokens.enumerated() {
        rows.append(Row(session: session, token: token, position: start + place))
        if place == tokens.count - 1 { wanted.append(rows.count - 1) }
        if rows.count == model.engine.passRows { try flush() }
      }
    }
    if !rows.isEmpty { try flush() }
  }

  /// The same steps, those of one view side by side, so that its corrections are few products.
  private static func grouped(_ steps: [Step]) -> [Step] {
    var groups: [(model: Transformer, steps: [Step])] = []
    for step in steps {
      if let index = groups.firstIndex(where: { $0.model === step.session.model }) {
        groups[index].steps.append(step)
      } else {
        groups.append((step.session.model, [step]))
      }
    }
    return groups.flatMap(\.steps)
  }

  /// Chosen tokens alone, prompts in whole tiles at absolute positions: OpenBLAS's bits depend on the shape of a call.
  private func readAlone(_ step: Step, _ isCancelled: () -> Bool) throws(DecoderError) {
    let prompt = step.tokens
    if step.isChosen { return try pass(prompt[...], offset: 0, tile: false, wantsScores: true, isCancelled) }
    var next = 0
    while next < prompt.count {
      let offset = tokens.count % Transformer.tile
      let count = min(Transformer.tile - offset, prompt.count - next)
      let last = next + count == prompt.count
      try pass(prompt[next..<next + count], offset: offset, tile: true, wantsScores: last, isCancelled)
      next += count
    }
  }

  private func pass(
    _ new: ArraySlice<Int>, offset: Int, tile: Bool, wantsScores: Bool, _ isCancelled: () -> Bool
  ) throws(DecoderError) {
    let start = tokens.count
    let rows = new.enumerated().map { Row(session: self, token: $1, position: start + $0) }
    let height = tile ? Transformer.tile : nil
    try model.forward(rows, offset: offset, tile: height, wanted: wantsScores ? [rows.count - 1] : [], isCancelled)
    tokens += new
  }

  private func checkRoom(_ count: Int) throws(DecoderError) {
    if tokens.count + count > cache.capacity {
      throw .promptTooLong(prompt: tokens.count + count, reserved: 0, context: cache.capacity)
    }
  }
}
