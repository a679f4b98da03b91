import CKernels

/// The weights of a dense decoder-only transformer, ready to multiply. Immutable, so sessions share it.
package final class Transformer: Sendable {
  /// Rows of a prompt that go through a layer together, at absolute positions that are multiples of it.
  static let tile = 64

  struct Layer: Sendable {
    let attentionNorm: Memory
    /// q, k and v over each other: [heads + 2 * keyValueHeads, headSize] rows.
    let queryKeyValue: Matrix
    let output: Matrix
    let mlpNorm: Memory
    /// gate over up.
    let gateUp: Matrix
    let down: Matrix
  }

  package let config: ModelConfig
  let engine: Engine
  let layers: [Layer]
  let norm: Memory
  let head: Matrix
  private let embedding: Tensor
  /// One over the wavelength of each pair of dimensions [headSize / 2].
  let frequencies: [Float]

  package init(
    _ checkpoint: Checkpoint, engine choice: EngineChoice = .automatic, format: WeightFormat? = nil
  ) throws(DecoderError) {
    let config = checkpoint.config
    let engine = Engine(
      choice, parameters: config.parameters, stored: checkpoint.storedFormat, format: format)
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
    var layers: [Layer] = []
    for index in 0..<config.layers {
      let prefix = "model.layers.\(index)."
      let attention = ["q", "k", "v"].map { prefix + "self_attn.\($0)_proj" }
      var weights: [Tensor] = []
      var biases: [Tensor] = []
      for name in attention {
        weights.append(try tensor(name + ".weight"))
        if config.attentionBias { biases.append(try tensor(name + ".bias")) }
      }
      let mlp = [try tensor(prefix + "mlp.gate_proj.weight"), try tensor(prefix + "mlp.up_proj.weight")]
      func bias(_ names: [String], _ present: Bool) throws(DecoderError) -> [Tensor] {
        var found: [Tensor] = []
        for name in names where present { found.append(try tensor(prefix + name + ".bias")) }
        return found
      }
      layers.append(
        Layer(
          attentionNorm: try vector(prefix + "input_layernorm.weight"),
          queryKeyValue: Matrix(weights, biases: biases, inputs: config.hiddenSize, engine: engine),
          output: Matrix(
            [try tensor(prefix + "self_attn.o_proj.weight")], biases: try bias(["self_attn.o_proj"], config.outputBias),
            inputs: config.querySize, engine: engine),
          mlpNorm: try vector(prefix + "post_attention_layernorm.weight"),
          gateUp: Matrix(
            mlp, biases: try bias(["mlp.gate_proj", "mlp.up_proj"], config.mlpBias), inputs: config.hiddenSize,
            engine: engine),
          down: Matrix(
            [try tensor(prefix + "mlp.down_proj.weight")], biases: try bias(["mlp.down_proj"], config.mlpBias),
            inputs: config.intermediateSize, engine: engine)))
    }
    embedding = try tensor("model.embed_tokens.weight")
    head = Matrix(
      [config.tiedEmbeddings ? embedding : try tensor("lm_head.weight")], inputs: config.hiddenSize, engine: engine)
    norm = try vector("model.norm.weight")
    frequencies = config.positionScaling.frequencies(theta: config.ropeTheta, headSize: config.headSize)
    self.config = config
    self.engine = engine
    self.layers = layers
  }

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
