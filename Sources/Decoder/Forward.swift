import CKernels
import Synchronization

/// One token on its way through the layers.
struct Row {
  let session: Session
  let token: Int
  let position: Int
}

/// Neighbouring rows that one view of a model computes.
struct Share {
  let model: Transformer
  /// Places in the buffers.
  var places: Range<Int>

  /// The shares of `rows`, the first of which is at place `start`.
  static func of(_ rows: some Sequence<Row>, from start: Int) -> [Share] {
    var shares: [Share] = []
    for (place, row) in zip(start..., rows) {
      if let last = shares.last, last.model === row.session.model {
        shares[shares.count - 1].places = last.places.lowerBound..<place + 1
      } else {
        shares.append(Share(model: row.session.model, places: place..<place + 1))
      }
    }
    return shares
  }
}

/// What the rows of one pass are computed in. Confined to the pass that borrowed it.
final class PassBuffers: @unchecked Sendable {
  /// Rows that there is room for.
  let height: Int
  /// Inputs of the widest product that there is room for.
  let widest: Int
  // [height][...] each
  let hidden: UnsafeMutablePointer<Float>
  let normed: UnsafeMutablePointer<Float>
  let queryKeyValue: UnsafeMutablePointer<Float>
  let attended: UnsafeMutablePointer<Float>
  let gateUp: UnsafeMutablePointer<Float>
  let gated: UnsafeMutablePointer<Float>
  let workspace: Workspace
  /// Scores of several rows side by side [wanted][vocabulary].
  private(set) var scores = Memory(floats: 0)
  /// What each thread needs for attention.
  private(set) var attention = Memory(floats: 0)
  private let memory: Memory

  init(_ model: Transformer, height: Int, widest: Int) {
    self.height = height
    self.widest = widest
    let config = model.config
    let widths = [
      config.hiddenSize, config.hiddenSize, config.querySize + 2 * config.keyValueSize, config.querySize,
      2 * config.intermediateSize, config.intermediateSize,
    ]
    let sizes = widths.map { (height * $0 + 15) / 16 * 16 }
    memory = Memory(floats: sizes.reduce(0, +))
    var parts: [UnsafeMutablePointer<Float>] = []
    var at = memory.floats
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
    workspace = Workspace(widest: widest, height: height, engine: model.engine)
  }

  func reserve(scores: Int, attention: Int) {
    if self.scores.bytes.count < scores * 4 { self.scores = Memory(floats: scores) }
    if self.attention.bytes.count < attention * 4 { self.attention = Memory(floats: attention) }
  }
}

/// Buffers that wait for the next pass.
final class PassStore: Sendable {
  private let free = Mutex<[PassBuffers]>([])

  func with<Result>(
    _ model: Transformer, rows: Int, widestCorrection: Int, _ body: (PassBuffers) throws(DecoderError) -> Result
  ) throws(DecoderError) -> Result {
    // few sizes, so that buffers fit the next pass too
    let height = rows <= 4 ? 4 : rows <= Transformer.tile ? Transformer.tile : model.engine.passRows
    let config = model.config
    let widest = max(config.hiddenSize, config.intermediateSize, config.querySize, widestCorrection)
    let buffers =
      free.withLock { free in
        free.firstIndex { $0.height == height && $0.widest >= widest }.map { free.remove(at: $0) }
      } ?? PassBuffers(model, height: height, widest: widest)
    defer { free.withLock { $0.append(buffers) } }
    return try body(buffers)
  }
}

extension Transformer {
  /// Rows whose heads look at keys and values together.
  private static let attentionRows = 4
  /// Rows whose scores are computed together.
  private static let scoreRows = 32

  /// Takes `rows`, each of a session of this model or of another view of the same one, through all layers; those at
  /// `wanted` get their scores. With `tile`, rows `offset ..< offset + rows.count` of a whole tile are in use; else
  /// `offset` is 0.
  ///
  /// Each row's bits are its own: rows share only the reading of weights, keys and values. Views share the product with
  /// a weight that none of them replaces, and each adds its own corrections to its own rows.
  func forward(
    _ rows: [Row], offset: Int, tile: Int?, wanted: [Int], _ isCancelled: () -> Bool
  ) throws(DecoderError) {
    let widest = rows.map(\.session.model.widestCorrection).max() ?? 0
    try passes.with(self, rows: tile ?? rows.count, widestCorrection: widest) { buffers throws(DecoderError) in
      let pass = Pass(model: self, rows: rows, used: offset..<offset + rows.count, tile: tile, buffers: buffers)
      try pass.run(isCancelled)
      for start in stride(from: 0, to: wanted.count, by: Self.scoreRows) {
        pass.score(wanted[start..<min(start + Self.scoreRows, wanted.count)])
      }
    }
  }

  /// Items in pieces of `unit`, over the pool where there is one.
  fileprivate func parallel(_ count: Int, unit: Int, _ body: (_ part: Range<Int>, _ thread: Int) -> Void) {
    guard let pool = engine.pool, count > unit else { return body(0..<count, 0) }
    pool.run((count + unit - 1) / unit) { piece, thread in
      body(piece * unit..<min((piece + 1) * unit, count), thread)
    }
  }

  /// One pass of some rows.
  private struct Pass {
    /// Any of the views: what they have in common is asked of it.
    let model: Transformer
    let rows: [Row]
    /// The views, each with its rows.
    private let shares: [Share]
    /// The rows of the buffers that are in use.
    let used: Range<Int>
    let tile: Int?
    let buffers: PassBuffers
    private let attention: [ck_attention]
    private let turns: [Memory]
    private let threadAttention: Int

    init(model: Transformer, rows: [Row], used: Range<Int>, tile: Int?, buffers: PassBuffers) {
      self.model = model
      self.rows = rows
      shares = Share.of(rows, from: used.lowerBound)
      self.used = used
      self.tile = tile
      self.buffers = buffers
      let config = model.config
      for row in rows { row.session.cache.reserve(row.position + 1) }
      let most = (rows.map(\.position).max() ?? 0) + 1
      turns = model.rotations.covering(most)
      threadAttention = ck_attention_scratch(
        min(rows.count, Transformer.attentionRows), config.heads / config.keyValueHeads, config.headSize, most)
      buffers.reserve(scores: 0, attention: threadAttention * (model.engine.pool?.threads ?? 1))
      let packed = config.querySize + 2 * config.keyValueSize
      attention = zip(used, rows).map { place, row in
        ck_attention(
          queries: UnsafePointer(buffers.queryKeyValue + place * packed),
          out: buffers.attended + place * config.querySize, pages: UnsafePointer(row.session.cache.table),
          positions: row.position + 1)
      }
    }

    func run(_ isCancelled: () -> Bool) throws(DecoderError) {
      let config = model.config
      let kernels = model.engine.kernels.pointee
      let (width, inner) = (config.hiddenSize, config.intermediateSize)
      let packed = config.querySize + 2 * config.keyValueSize
      let (hidden, normed, gateUp, gated) = (buffers.hidden, buffers.normed, buffers.gateUp, buffers.gated)
      for (place, row) in zip(used, rows) { row.session.model.embed(row.token, to: hidden + place * width) }
      for index in model.layers.indices {
        if isCancelled() { throw .cancelled }
        eachOwn(index) { place, layer in
          kernels.rms_norm(
            hidden + place * width, layer.attentionNorm.floats, config.rmsEpsilon, width, normed + place * width)
        }
        multiply(normed, to: buffers.queryKeyValue, stride: packed) { $0.layers[index].queryKeyValue }
        if isCancelled() { throw .cancelled }
        each { turnAndStore($0, layer: index) }
        attend(layer: index)
        multiply(buffers.attended, to: normed, stride: width) { $0.layers[index].output }
        eachOwn(index) { place, layer in
          let row = hidden + place * width
          kernels.add(normed + place * width, width, row)
          kernels.rms_norm(row, layer.mlpNorm.floats, config.rmsEpsilon, width, normed + place * width)
        }

        if isCancelled() { throw .cancelled }
        multiply(normed, to: gateUp, stride: 2 * inner) { $0.layers[index].gateUp }
        each { place in
          let gate = gateUp + place * 2 * inner
          kernels.silu_multiply(gate, gate + inner, inner, gated + place * inner)
        }
        if isCancelled() { throw .cancelled }
        multiply(gated, to: normed, stride: width) { $0.layers[index].down }
        each { kernels.add(normed + $0 * width, width, hidden + $0 * width) }
      }
    }

    /// A linear layer of each row's own view: one product for neighbours with the same weights, then what each adds.
    private func multiply(
      _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, stride: Int, _ matrix: (Transformer) -> Matrix
    ) {
      Self.multiply(shares, tile: tile, x, to: y, stride: stride, workspace: buffers.workspace, matrix)
    }

    private static func multiply(
      _ shares: [Share], tile: Int?, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, stride: Int,
      workspace: Workspace, _ matrix: (Transformer) -> Matrix
    ) {
      var start = 0
      while start < shares.count {
        let common = matrix(shares[start].model)
        var end = start + 1
        while end < shares.count, matrix(shares[end].model).weights === common.weights { end += 1 }
        let places = shares[start].places.lowerBound..<shares[end - 1].places.upperBound
        common.apply(x, rows: places, tile: tile, to: y, stride: stride, workspace: workspace)
        start = end
      }
      for share in shares {
        matrix(share.model).correct(x, rows: share.places, in: y, stride: stride, workspace: workspace)
      }
    }

    /// Every row in use with the layer of its own view, some rows a thread.
    private func eachOwn(_ index: Int, _ body: (_ place: Int, _ layer: Layer) -> Void) {
      for share in shares {
        let layer = share.model.layers[index]
        model.parallel(share.places.count, unit: 8) { part, _ in
          for place in part { body(share.places.lowerBound + place, layer) }
        }
      }
    }

    /// Every row in use, some rows a thread.
    private func each(_ body: (_ place: Int) -> Void) {
      model.parallel(used.count, unit: 8) { part, _ in
        for place in part { body(used.lowerBound + place) }
      }
    }

    /// Turns the row's queries and keys by its position, and keeps its keys and values.
    private func turnAndStore(_ place: Int, layer: Int) {
      let config = model.config
      let kernels = model.engine.kernels.pointee
      let size = config.headSize
      let row = rows[place - used.lowerBound]
      let start = buffers.queryKeyValue + place * (config.querySize + 2 * config.keyValueSize)
      let turn = turns[row.position / Rotations.chunk].floats + row.position % Rotations.chunk * size
      for head in 0..<config.heads + config.keyValueHeads { kernels.rotate(start + head * size, turn, size) }
      for head in 0..<config.keyValueHeads {
        let key = start + config.querySize + head * size
        row.session.cache.store(
          key: key, value: key + config.keyValueSize, layer: layer, head: head, position: row.position)
      }
    }

    /// Lets each row look at what came before it and at itself.
    private func attend(layer: Int) {
      let config = model.config
      let kernels = model.engine.kernels.pointee
      let (size, group) = (config.headSize, config.heads / config.keyValueHeads)
      let (heads, shape) = (config.keyValueHeads, rows[0].session.cache.shape)
      let scale = 1 / Float(size).squareRoot()
      let unit = Transformer.attentionRows
      let chunks = (rows.count + unit - 1) / unit
      attention.withUnsafeBufferPointer { attention in
        guard let base = attention.baseAddress else { return }
        model.parallel(chunks * heads, unit: 1) { pieces, thread in
          for piece in pieces {
            let (first, head) = (piece / heads * unit, piece % heads)
            kernels.attend(
              base + first, min(unit, attention.count - first), head * group * size, group, size,
              shape.keys(layer: layer, head: head), shape.values(layer: layer, head: head), shape.stride, scale,
              buffers.attention.floats + thread * threadAttention)
          }
        }
      }
    }

    /// The scores of the rows at `wanted`.
    func score(_ wanted: ArraySlice<Int>) {
      let config = model.config
      let (width, vocabulary) = (config.hiddenSize, config.vocabularySize)
      let asked = wanted.map { rows[$0] }
      for (place, row) in wanted.enumerated() {
        model.engine.kernels.pointee.rms_norm(
          buffers.hidden + (used.lowerBound + row) * width, rows[row].session.model.norm.floats, config.rmsEpsilon,
          width, buffers.normed + place * width)
      }
      var scores = asked.first?.session.logits.baseAddress
      if asked.count > 1 {
        buffers.reserve(scores: asked.count * vocabulary, attention: 0)
        scores = buffers.scores.floats
      }
      guard let scores else { return }
      Self.multiply(
        Share.of(asked, from: 0), tile: nil, buffers.normed, to: scores, stride: vocabulary,
        workspace: buffers.workspace
      ) { $0.head }
      if asked.count == 1 { return }
      for (place, row) in asked.enumerated() {
        row.session.logits.baseAddress?.update(from: scores + place * vocabulary, count: vocabulary)
      }
    }
  }
}
