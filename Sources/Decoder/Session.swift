import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One sequence being read and written: a cache of what was seen, and the buffers of a step. Confined to one task.
package final class Session {
  package let model: Transformer
  package private(set) var tokens: [Int] = []
  private let cache: KeyValueCache
  private let buffers: Memory
  private let workspace: Workspace
  /// Cosine and sine of each position and pair [capacity][headSize / 2].
  private let rotations: Memory

  // [tile][...] each
  private let hidden: UnsafeMutablePointer<Float>
  private let normed: UnsafeMutablePointer<Float>
  private let queryKeyValue: UnsafeMutablePointer<Float>
  private let attended: UnsafeMutablePointer<Float>
  private let gateUp: UnsafeMutablePointer<Float>
  private let gated: UnsafeMutablePointer<Float>
  private let scores: UnsafeMutablePointer<Float>
  private let logitsBuffer: UnsafeMutablePointer<Float>

  /// Room for `capacity` positions.
  package init(_ model: Transformer, capacity: Int) {
    self.model = model
    let config = model.config
    cache = KeyValueCache(config: config, positions: max(capacity, 1))
    let tile = Transformer.tile
    let widest = max(config.hiddenSize, config.intermediateSize, config.querySize, model.widestCorrection)
    let sizes = [
      tile * config.hiddenSize, tile * config.hiddenSize, tile * (config.querySize + 2 * config.keyValueSize),
      tile * config.querySize, tile * 2 * config.intermediateSize, tile * config.intermediateSize, cache.capacity,
      config.vocabularySize,
    ].map { ($0 + 15) / 16 * 16 }
    buffers = Memory(floats: sizes.reduce(0, +))
    var parts: [UnsafeMutablePointer<Float>] = []
    var at = buffers.floats
    for size in sizes {
      parts.append(at)
      at += size
    }
    hidden = parts[0]
    normed = parts[1]
    queryKeyValue = parts[2]
    attended = parts[3]
    gateUp = parts[4]
    gated = parts[5]
    scores = parts[6]
    logitsBuffer = parts[7]
    workspace = Workspace(widest: widest, height: tile, engine: model.engine)
    rotations = Memory(floats: cache.capacity * config.headSize)
    let magnitude = config.positionScaling.magnitude
    for position in 0..<cache.capacity {
      let row = rotations.floats + position * config.headSize
      for (pair, frequency) in model.frequencies.enumerated() {
        // the product in single precision, as the reference has it
        let angle = Double(Float(position) * frequency)
        row[pair * 2] = Float(cos(angle)) * magnitude
        row[pair * 2 + 1] = Float(sin(angle)) * magnitude
      }
    }
  }

  package var capacity: Int { cache.capacity }

  /// Scores of the next token [vocabulary], after the last `prefill` or `decode`; overwritten by the next.
  package var logits: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: logitsBuffer, count: model.config.vocabularySize)
  }

  /// The most likely next token, the one of lowest id among equals; nil where no score is above minus infinity.
  package var mostLikely: Int? {
    let count = model.config.vocabularySize
    let index = model.engine.kernels.pointee.highest(logitsBuffer, count)
    return index < count ? index : nil
  }

  /// Logarithm of the sum of the exponentials of `logits`; nil where no score is above minus infinity.
  func logSumExp() -> Double? {
    guard let index = mostLikely, logitsBuffer[index].isFinite else { return nil }
    let top = logitsBuffer[index]
    return Double(top)
      + log(Double(model.engine.kernels.pointee.sum_exp(logitsBuffer, model.config.vocabularySize, top)))
  }

  /// Another session that has seen the first `count` tokens of this one.
  package func fork(keeping count: Int, capacity: Int) -> Session {
    let kept = min(count, tokens.count)
    let other = Session(model, capacity: max(capacity, kept))
    other.cache.copy(from: cache, positions: kept)
    other.tokens = Array(tokens[..<kept])
    other.logits.baseAddress?.update(from: logitsBuffer, count: model.config.vocabularySize)
    return other
  }

  /// Another session that has seen `prefix`, which this one began with. Whole blocks of the cache only, so that this
  /// session may go on in another thread meanwhile.
  package func restored(_ prefix: [Int], capacity: Int) -> Session {
    let kept = prefix.count / Int(CK_POSITIONS) * Int(CK_POSITIONS)
    let other = Session(model, capacity: max(capacity, kept))
    other.cache.copy(from: cache, positions: kept)
    other.tokens = Array(prefix[..<kept])
    return other
  }

  /// Reads `prompt`; `logits` are then those after its last token. It may come in pieces, with the same result.
  package func prefill(_ prompt: [Int], isCancelled: () -> Bool = { false }) throws(DecoderError) {
    try checkRoom(prompt.count)
    var next = 0
    while next < prompt.count {
      let offset = tokens.count % Transformer.tile
      let count = min(Transformer.tile - offset, prompt.count - next)
      let last = next + count == prompt.count
      try step(prompt[next..<next + count], offset: offset, tile: true, wantsLogits: last, isCancelled)
      next += count
    }
  }

  /// Reads one token that was just chosen.
  package func decode(_ token: Int, isCancelled: () -> Bool = { false }) throws(DecoderError) {
    try checkRoom(1)
    try step([token], offset: 0, tile: false, wantsLogits: true, isCancelled)
  }

  private func checkRoom(_ count: Int) throws(DecoderError) {
    if tokens.count + count > cache.capacity {
      throw .promptTooLong(prompt: tokens.count + count, reserved: 0, context: cache.capacity)
    }
  }

  /// One tile, or one token, through all layers. Rows `offset ..< offset + new.count` of the buffers are in use.
  private func step(
    _ new: ArraySlice<Int>, offset: Int, tile: Bool, wantsLogits: Bool, _ isCancelled: () -> Bool
  ) throws(DecoderError) {
    let config = model.config
    let kernels = model.engine.kernels.pointee
    let rows = offset..<offset + new.count
    let height = tile ? Transformer.tile : nil
    let width = config.hiddenSize
    let packed = config.querySize + 2 * config.keyValueSize
    for (row, token) in zip(rows, new) { model.embed(token, to: hidden + row * width) }
    for (index, layer) in model.layers.enumerated() {
      if isCancelled() { throw .cancelled }
      normalize(rows, layer.attentionNorm)
      layer.queryKeyValue.apply(
        normed, rows: rows, tile: height, to: queryKeyValue, stride: packed, workspace: workspace)
      if isCancelled() { throw .cancelled }
      attend(rows, layer: index)
      layer.output.apply(attended, rows: rows, tile: height, to: normed, stride: width, workspace: workspace)
      for row in rows { kernels.add(normed + row * width, width, hidden + row * width) }

      if isCancelled() { throw .cancelled }
      normalize(rows, layer.mlpNorm)
      layer.gateUp.apply(
        normed, rows: rows, tile: height, to: gateUp, stride: 2 * config.intermediateSize, workspace: workspace)
      let inner = config.intermediateSize
      for row in rows {
        let gate = gateUp + row * 2 * inner
        kernels.silu_multiply(gate, gate + inner, inner, gated + row * inner)
      }
      if isCancelled() { throw .cancelled }
      layer.down.apply(gated, rows: rows, tile: height, to: normed, stride: width, workspace: workspace)
      for row in rows { kernels.add(normed + row * width, width, hidden + row * width) }
    }
    tokens += new
    if wantsLogits {
      let last = hidden + (rows.upperBound - 1) * width
      kernels.rms_norm(last, model.norm.floats, config.rmsEpsilon, width, normed)
      model.head.apply(
        normed, rows: 0..<1, tile: nil, to: logitsBuffer, stride: config.vocabularySize, workspace: workspace)
    }
  }

  private func normalize(_ rows: Range<Int>, _ weight: Memory) {
    let width = model.config.hiddenSize
    let kernels = model.engine.kernels.pointee
    for row in rows {
      kernels.rms_norm(hidden + row * width, weight.floats, model.config.rmsEpsilon, width, normed + row * width)
    }
  }

  /// Turns queries and keys, stores keys and values, and lets each row look at what came before it and at itself.
  private func attend(_ rows: Range<Int>, layer: Int) {
    let config = model.config
    let kernels = model.engine.kernels.pointee
    let size = config.headSize
    let packed = config.querySize + 2 * config.keyValueSize
    let group = config.heads / config.keyValueHeads
    let scale = 1 / Float(size).squareRoot()
    for row in rows {
      let position = tokens.count + row - rows.lowerBound
      let start = queryKeyValue + row * packed
      let turn = rotations.floats + position * size
      for head in 0..<config.heads + config.keyValueHeads { rotate(start + head * size, by: turn) }
      for head in 0..<config.keyValueHeads {
        let key = start + config.querySize + head * size
        cache.store(key: key, value: key + config.keyValueSize, layer: layer, head: head, position: position)
      }
      for head in 0..<config.heads {
        kernels.attend(
          start + head * size, size, cache.keys(layer: layer, head: head / group),
          cache.values(layer: layer, head: head / group), cache.stride, position + 1, scale, scores,
          attended + row * config.querySize + head * size)
      }
    }
  }

  /// Rotary positions, halves paired (`rotate_half`): dimension i turns with i + size / 2.
  private func rotate(_ vector: UnsafeMutablePointer<Float>, by turn: UnsafePointer<Float>) {
    let half = model.config.headSize / 2
    for pair in 0..<half {
      let (cosine, sine) = (turn[pair * 2], turn[pair * 2 + 1])
      let (a, b) = (vector[pair], vector[pair + half])
      vector[pair] = a * cosine - b * sine
      vector[pair + half] = b * cosine + a * sine
    }
  }
}
