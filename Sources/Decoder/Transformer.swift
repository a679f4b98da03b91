import CKernels

/// The weights of a dense decoder-only transformer, ready to multiply. Immutable, so sessions share it.
package final class Transformer: Sendable {
  /// Rows of a prompt that OpenBLAS multiplies together, at absolute positions that are multiples of it.
  static let tile = 64

  struct Layer: Sendable {
    var attentionNorm: Memory
    /// q, k and v over each other: [heads + 2 * keyValueHeads, headSize] rows.
    var queryKeyValue: Matrix
    var output: Matrix
    var mlpNorm: Memory
    /// gate over up.
    var gateUp: Matrix
    var down: Matrix
  }

  package let config: ModelConfig
  let engine: Engine
  let layers: [Layer]
  let norm: Memory
  let head: Matrix
  private let embedding: Tensor
  /// The highest rank of an adapter's corrections.
  let widestCorrection: Int
  let rotations: Rotations
  /// The buffers of passes, one store for a model and all views of it.
  let passes: PassStore

  package init(
    _ checkpoint: Checkpoint, engine choice: EngineChoice = .automatic, format: WeightFormat? = nil,
    threads: Int? = nil, cache: String? = nil
  ) throws(DecoderError) {
    let config = checkpoint.config
    let engine = Engine(
      choice, parameters: config.parameters, stored: checkpoint.storedFormat, format: format, threads: threads)
    let kept =
      engine.format.block == nil
      ? nil : cache.map { PanelFile(folder: $0, checkpoint: checkpoint, format: engine.format) }
    let stored = kept?.open(size: Self.panelBytes(config, engine.format))
    let source = Weights(checkpoint: checkpoint, engine: engine, stored: stored)
    var layers: [Layer] = []
    for index in 0..<config.layers { layers.append(try source.layer(index)) }
    embedding = try source.tensor("model.embed_tokens.weight")
    head = Matrix(
      [config.tiedEmbeddings ? embedding : try source.tensor("lm_head.weight")], inputs: config.hiddenSize,
      engine: engine, stored: stored)
    norm = try source.vector("model.norm.weight")
    rotations = Rotations(config)
    passes = PassStore()
    widestCorrection = 0
    self.config = config
    self.engine = engine
    self.layers = layers
    if stored == nil { kept?.keep(blockWeights) }
    // what was read of large files would count as this process's memory for as long as it runs
    checkpoint.forgetFiles()
  }

  /// The matrices in the order in which they are made.
  private var matrices: [Matrix] { layers.flatMap { [$0.queryKeyValue, $0.output, $0.gateUp, $0.down] } + [head] }

  private var blockWeights: [Memory] { matrices.filter(\.isInBlocks).map(\.weights) }

  /// Bytes of the weights that are read for each token.
  package var weightBytes: Int { matrices.reduce(0) { $0 + $1.weights.bytes.count } }

  /// Bytes of the weights that `other`, a view of the same model, does not have too; corrections left out.
  package func ownWeightBytes(beside other: Transformer) -> Int {
    zip(matrices, other.matrices).reduce(0) { $0 + ($1.0.weights === $1.1.weights ? 0 : $1.0.weights.bytes.count) }
  }

  /// Bytes of all matrices in blocks, as a `PanelFile` has them.
  private static func panelBytes(_ config: ModelConfig, _ format: WeightFormat) -> Int {
    guard let block = format.block else { return 0 }
    func bytes(_ outputs: Int, _ inputs: Int) -> Int {
      if inputs % 32 != 0 { return 0 }
      return KeptFile.padded((outputs + Int(CK_LANES) - 1) / Int(CK_LANES) * ck_panel_bytes(block, inputs))
    }
    let (hidden, inner) = (config.hiddenSize, config.intermediateSize)
    let layer =
      bytes(config.querySize + 2 * config.keyValueSize, hidden) + bytes(hidden, config.querySize)
      + bytes(2 * inner, hidden) + bytes(hidden, inner)
    return config.layers * layer + bytes(config.vocabularySize, hidden)
  }

  /// A view of `base`, the model of `checkpoint`, as `adapter` changes it. All that it leaves alone is shared.
  package init(_ base: Transformer, of checkpoint: Checkpoint, adapter: Adapter) throws(DecoderError) {
    let config = base.config
    var changed = checkpoint
    changed.tensors.merge(adapter.replacements) { $1 }
    let source = Weights(checkpoint: changed, engine: base.engine)
    var layers = base.layers
    let replaced = Set(adapter.replacements.keys)
    for index in layers.indices where replaced.contains(where: { $0.hasPrefix("model.layers.\(index).") }) {
      layers[index] = try source.layer(index, keeping: layers[index], but: replaced)
    }
    embedding = try source.tensor("model.embed_tokens.weight")
    norm = replaced.contains("model.norm.weight") ? try source.vector("model.norm.weight") : base.norm
    // a head of the adapter's own, or the embedding that it brings where the two are one
    var head = base.head
    if let own = adapter.replacements["lm_head.weight"] {
      head = Matrix([own], inputs: config.hiddenSize, engine: base.engine)
    }
    let engine = base.engine.exact
    func correction(_ module: String, firstRow: Int) -> LowRank? {
      adapter.corrections[module].map { pair in
        LowRank(
          down: Matrix([pair.down], inputs: pair.down.shape[1], engine: engine),
          up: Matrix([pair.up], inputs: pair.up.shape[1], engine: engine), scale: pair.scale, firstRow: firstRow)
      }
    }
    for index in layers.indices {
      func add(_ names: [(String, Int)], to matrix: inout Matrix) {
        for (name, row) in names {
          if let found = correction("model.layers.\(index).\(name)", firstRow: row) { matrix.corrections.append(found) }
        }
      }
      let (query, pair) = (config.querySize, config.querySize + config.keyValueSize)
      add(
        [("self_attn.q_proj", 0), ("self_attn.k_proj", query), ("self_attn.v_proj", pair)],
        to: &layers[index].queryKeyValue)
      add([("self_attn.o_proj", 0)], to: &layers[index].output)
      add([("mlp.gate_proj", 0), ("mlp.up_proj", config.intermediateSize)], to: &layers[index].gateUp)
      add([("mlp.down_proj", 0)], to: &layers[index].down)
    }
    if let found = correction("lm_head", firstRow: 0) { head.corrections.append(found) }
    self.head = head
    self.layers = layers
    self.config = config
    self.engine = base.engine
    rotations = base.rotations
    passes = base.passes
    widestCorrection = adapter.corrections.values.map { $0.down.shape[0] }.max() ?? 0
  }

  /// Whether both are views of one model, so that their sequences can share passes.
  func isView(ofSameAs other: Transformer) -> Bool { passes === other.passes }

  /// The kernels that run, with the instruction set.
  package var kernelName: String { engine.kernelName }

  /// Writes the embedding of `token` [hidden].
  func embed(_ token: Int, to row: UnsafeMutablePointer<Float>) {
    let width = config.hiddenSize
    guard (0..<config.vocabularySize).contains(token) else {
      for index in 0..<width { row[index] = 0 }
      return
    }
    embedding.widen(row: token, to: row, engine.kernels)
  }
}

/// Tensors of a checkpoint as a model's parts.
private struct Weights {
  let checkpoint: Checkpoint
  let engine: Engine
  var stored: PanelFile.Reader?

  func tensor(_ name: String) throws(DecoderError) -> Tensor {
    guard let tensor = checkpoint.tensors[name] else {
      throw .malformed(checkpoint.directory, subject: name, expected: "a tensor", found: "none")
    }
    return tensor
  }

  func vector(_ name: String) throws(DecoderError) -> Memory {
    let source = try tensor(name)
    let memory = Memory(floats: source.count)
    source.widen(to: memory.floats, engine.kernels)
    return memory
  }

  /// The modules of layer `index` stacked over each other.
  private func matrix(
    _ modules: [String], layer index: Int, inputs: Int, hasBias: Bool
  ) throws(DecoderError) -> Matrix {
    var parts: [Tensor] = []
    var biases: [Tensor] = []
    for module in modules {
      let name = "model.layers.\(index).\(module)"
      parts.append(try tensor(name + ".weight"))
      if hasBias { biases.append(try tensor(name + ".bias")) }
    }
    return Matrix(parts, biases: biases, inputs: inputs, engine: engine, stored: stored)
  }

  /// Layer `index`; of `base`, where there is one, all that no name in `replaced` belongs to.
  func layer(
    _ index: Int, keeping base: Transformer.Layer? = nil, but replaced: Set<String> = []
  ) throws(DecoderError) -> Transformer.Layer {
    let config = checkpoint.config
    let prefix = "model.layers.\(index)."
    func isKept(_ modules: [String]) -> Bool {
      !modules.contains { module in replaced.contains { $0.hasPrefix("\(prefix)\(module).") } }
    }
    func norm(_ module: String, _ kept: Memory?) throws(DecoderError) -> Memory {
      if let kept, isKept([module]) { return kept }
      return try vector("\(prefix)\(module).weight")
    }
    func linear(
      _ modules: [String], inputs: Int, hasBias: Bool, _ kept: Matrix?
    ) throws(DecoderError) -> Matrix {
      if let kept, isKept(modules) { return kept }
      return try matrix(modules, layer: index, inputs: inputs, hasBias: hasBias)
    }
    return Transformer.Layer(
      attentionNorm: try norm("input_layernorm", base?.attentionNorm),
      queryKeyValue: try linear(
        ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"], inputs: config.hiddenSize,
        hasBias: config.attentionBias, base?.queryKeyValue),
      output: try linear(
        ["self_attn.o_proj"], inputs: config.querySize, hasBias: config.outputBias, base?.output),
      mlpNorm: try norm("post_attention_layernorm", base?.mlpNorm),
      gateUp: try linear(
        ["mlp.gate_proj", "mlp.up_proj"], inputs: config.hiddenSize, hasBias: config.mlpBias, base?.gateUp),
      down: try linear(["mlp.down_proj"], inputs: config.intermediateSize, hasBias: config.mlpBias, base?.down))
  }
}
