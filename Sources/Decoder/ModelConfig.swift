/// The shape of a dense decoder-only transformer, from a Hugging Face `config.json`.
///
/// One description serves the Qwen2, Llama and Mistral families: they differ in biases and in positions only.
/// Nothing that decides a result has a silent default: theta, epsilon and sizes come from the file.
package struct ModelConfig: Sendable, Equatable {
  package enum Architecture: String, Sendable, CaseIterable {
    case qwen2 = "Qwen2ForCausalLM"
    case llama = "LlamaForCausalLM"
    case mistral = "MistralForCausalLM"
  }

  package var architecture: Architecture
  package var vocabularySize: Int
  package var hiddenSize: Int
  package var intermediateSize: Int
  package var layers: Int
  package var heads: Int
  package var keyValueHeads: Int
  package var headSize: Int
  package var ropeTheta: Double
  package var positionScaling: PositionScaling
  package var rmsEpsilon: Float
  /// Whether the embedding matrix is the output matrix too, as the weights have it.
  package var tiedEmbeddings: Bool
  /// The same as the file says it; nil where it does not.
  var declaredTying: Bool?
  /// Bias on q, k and v.
  package var attentionBias: Bool
  /// Bias on the attention's output.
  package var outputBias: Bool
  /// Bias on gate, up and down.
  package var mlpBias: Bool
  /// Positions that the checkpoint was made for. Layers that only look back so far make it shorter: up to their window
  /// they are like all others.
  package var context: Int
  package var endOfText: [Int]

  var querySize: Int { heads * headSize }
  var keyValueSize: Int { keyValueHeads * headSize }

  /// Weights in all matrices and vectors.
  package var parameters: Int {
    let attention = hiddenSize * (querySize + 2 * keyValueSize) + querySize * hiddenSize
    var biases = attentionBias ? querySize + 2 * keyValueSize : 0
    if outputBias { biases += hiddenSize }
    if mlpBias { biases += 2 * intermediateSize + hiddenSize }
    let layer = attention + biases + 3 * hiddenSize * intermediateSize + 2 * hiddenSize
    return layers * layer + hiddenSize + (tiedEmbeddings ? 1 : 2) * vocabularySize * hiddenSize
  }
}

extension ModelConfig {
  /// Bounds that no real checkpoint passes; within them no product of sizes overflows.
  private static let bounds: [(key: String, range: ClosedRange<Int>)] = [
    ("vocab_size", 1...4_194_304), ("hidden_size", 1...65_536), ("intermediate_size", 1...524_288),
    ("num_hidden_layers", 1...1_024), ("num_attention_heads", 1...1_024), ("max_position_embeddings", 1...16_777_216),
  ]

  /// Reads `config.json`; every value that is not understood is an error that names it.
  package init(json: JSON, file: String) throws(DecoderError) {
    let names = json["architectures"]?.elements?.compactMap(\.text) ?? []
    // files that were written without a model in hand name its kind only
    let families: [String: Architecture] = ["qwen2": .qwen2, "llama": .llama, "mistral": .mistral]
    let kind = names.isEmpty ? json["model_type"]?.text.flatMap { families[$0] } : nil
    guard let architecture = names.lazy.compactMap(Architecture.init(rawValue:)).first ?? kind else {
      throw .unsupported(
        file, subject: "architectures",
        expected: Architecture.allCases.map(\.rawValue).joined(separator: " or "),
        found: names.isEmpty ? "none" : names.joined(separator: ", "))
    }
    var sizes: [String: Int] = [:]
    for (key, range) in Self.bounds {
      guard let found = json[key] else { throw .malformed(file, subject: key, expected: "a number", found: "nothing") }
      guard let value = found.integer, range.contains(value) else {
        throw .malformed(
          file, subject: key, expected: "a whole number in \(range.lowerBound)...\(range.upperBound)",
          found: Self.shown(found))
      }
      sizes[key] = value
    }
    self.architecture = architecture
    vocabularySize = sizes["vocab_size"] ?? 0
    hiddenSize = sizes["hidden_size"] ?? 0
    intermediateSize = sizes["intermediate_size"] ?? 0
    layers = sizes["num_hidden_layers"] ?? 0
    heads = sizes["num_attention_heads"] ?? 0
    context = sizes["max_position_embeddings"] ?? 0

    keyValueHeads = json["num_key_value_heads"].flatMap(\.integer) ?? heads
    guard (1...heads).contains(keyValueHeads), heads % keyValueHeads == 0 else {
      throw .malformed(
        file, subject: "num_key_value_heads", expected: "a divisor of num_attention_heads, \(heads)",
        found: "\(keyValueHeads)")
    }
    if let given = json["head_dim"], !given.isNull {
      guard let value = given.integer, (2...1_024).contains(value), value % 2 == 0 else {
        throw .malformed(file, subject: "head_dim", expected: "an even number in 2...1024", found: Self.shown(given))
      }
      headSize = value
    } else {
      headSize = hiddenSize / heads
      guard headSize * heads == hiddenSize, headSize % 2 == 0, headSize <= 1_024 else {
        throw .malformed(
          file, subject: "hidden_size", expected: "num_attention_heads, \(heads), times an even head size",
          found: "\(hiddenSize)")
      }
    }
    // files written by newer tools keep both theta and scaling under rope_parameters
    let rope = [json["rope_parameters"], json["rope_scaling"]].lazy.compactMap { $0 }.first { !$0.isNull }
    guard let theta = (json["rope_theta"] ?? rope?["rope_theta"])?.number, theta.isFinite, theta > 1 else {
      throw .malformed(file, subject: "rope_theta", expected: "a number above 1", found: "none")
    }
    ropeTheta = theta
    positionScaling = try PositionScaling(json: rope, context: context, file: file)
    context = positionScaling.reach(context)
    guard let epsilon = json["rms_norm_eps"]?.number, epsilon > 0, epsilon < 1 else {
      throw .malformed(file, subject: "rms_norm_eps", expected: "a number between 0 and 1", found: "none")
    }
    rmsEpsilon = Float(epsilon)
    if let activation = json["hidden_act"]?.text, activation != "silu" {
      throw .unsupported(file, subject: "hidden_act", expected: "silu", found: activation)
    }
    let kinds = Set(json["layer_types"]?.elements?.compactMap(\.text) ?? [])
    if let other = kinds.subtracting(["full_attention", "sliding_attention"]).min() {
      throw .unsupported(file, subject: "layer_types", expected: "full_attention", found: other)
    }
    // Qwen2 names a window that it does not use unless it says so; Mistral uses the one that it names
    let slides =
      kinds.contains("sliding_attention") || json["use_sliding_window"]?.boolean ?? (architecture == .mistral)
    if slides, let window = json["sliding_window"], !window.isNull {
      guard let size = window.integer, size > 0 else {
        throw .malformed(
          file, subject: "sliding_window", expected: "a whole number above 0", found: Self.shown(window))
      }
      context = min(context, size)
    }
    if let method = json["quantization_config"], !method.isNull {
      throw .unsupported(
        file, subject: "quantization_config", expected: "float weights (F32, F16 or BF16)",
        found: method["quant_method"]?.text ?? "quantized weights")
    }
    declaredTying = json["tie_word_embeddings"]?.boolean
    tiedEmbeddings = declaredTying ?? false
    let declaresBias = json["attention_bias"]?.boolean ?? false
    attentionBias = architecture == .qwen2 || (architecture == .llama && declaresBias)
    outputBias = architecture == .llama && declaresBias
    mlpBias = architecture == .llama && json["mlp_bias"]?.boolean ?? false
    switch json["eos_token_id"] {
    case .integer(let id): endOfText = [id]
    case .array(let ids): endOfText = ids.compactMap(\.integer)
    default: endOfText = []
    }
  }

  private static func shown(_ value: JSON) -> String {
    switch value {
    case .null: "null"
    case .boolean(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .string: "\"\(value.text ?? "")\""
    case .array: "a list"
    case .object: "an object"
    }
  }
}
