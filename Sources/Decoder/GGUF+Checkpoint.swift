extension ModelConfig {
  /// The shape of a checkpoint from a GGUF file's metadata.
  init(_ gguf: GGUF) throws(DecoderError) {
    let file = gguf.file.path
    let name = gguf.text("general.architecture") ?? "none"
    switch name {
    case "qwen2": architecture = .qwen2
    case "llama": architecture = .llama
    default:
      throw .unsupported(file, subject: "general.architecture", expected: "qwen2 or llama", found: name)
    }
    func size(_ key: String, _ range: ClosedRange<Int>) throws(DecoderError) -> Int {
      guard let value = gguf.integer("\(name).\(key)"), range.contains(value) else {
        throw .malformed(
          file, subject: "\(name).\(key)", expected: "a whole number in \(range.lowerBound)...\(range.upperBound)",
          found: gguf.integer("\(name).\(key)").map { "\($0)" } ?? "none")
      }
      return value
    }
    layers = try size("block_count", 1...1_024)
    hiddenSize = try size("embedding_length", 1...65_536)
    intermediateSize = try size("feed_forward_length", 1...524_288)
    context = try size("context_length", 1...16_777_216)
    heads = try size("attention.head_count", 1...1_024)
    keyValueHeads =
      gguf.metadata["\(name).attention.head_count_kv"] == nil
      ? heads : try size("attention.head_count_kv", 1...heads)
    if gguf.metadata["\(name).attention.key_length"] != nil {
      headSize = try size("attention.key_length", 2...1_024)
      if let other = gguf.integer("\(name).attention.value_length"), other != headSize {
        throw .unsupported(
          file, subject: "\(name).attention.value_length", expected: "\(headSize), as the keys", found: "\(other)")
      }
    } else {
      headSize = hiddenSize / heads
      if headSize * heads != hiddenSize {
        throw .malformed(
          file, subject: "\(name).embedding_length", expected: "a multiple of the \(heads) heads",
          found: "\(hiddenSize)")
      }
    }
    guard heads % keyValueHeads == 0, headSize % 2 == 0, (2...1_024).contains(headSize) else {
      throw .malformed(
        file, subject: "\(name).attention.head_count_kv",
        expected: "a divisor of \(heads) heads, each of an even size up to 1024",
        found: "\(keyValueHeads) heads of size \(headSize)")
    }
    if let turned = gguf.integer("\(name).rope.dimension_count"), turned != headSize {
      throw .unsupported(
        file, subject: "\(name).rope.dimension_count", expected: "\(headSize), the whole head", found: "\(turned)")
    }
    if let experts = gguf.integer("\(name).expert_count"), experts > 0 {
      throw .unsupported(file, subject: "\(name).expert_count", expected: "a dense model", found: "\(experts) experts")
    }
    guard let theta = gguf.number("\(name).rope.freq_base"), theta.isFinite, theta > 1 else {
      throw .malformed(file, subject: "\(name).rope.freq_base", expected: "a number above 1", found: "none")
    }
    ropeTheta = theta
    guard let epsilon = gguf.number("\(name).attention.layer_norm_rms_epsilon"), epsilon > 0, epsilon < 1 else {
      throw .malformed(
        file, subject: "\(name).attention.layer_norm_rms_epsilon", expected: "a number between 0 and 1", found: "none")
    }
    rmsEpsilon = Float(epsilon)
    positionScaling = try PositionScaling(gguf, architecture: name, headSize: headSize, context: context)
    // the converter writes the stretched context, or leaves the first one
    context = positionScaling.reach(context)
    guard let embedding = gguf.tensors["token_embd.weight"], embedding.shape.count == 2,
      (1...4_194_304).contains(embedding.shape[0])
    else {
      throw .malformed(
        file, subject: "token_embd.weight", expected: "a matrix of at most 4194304 rows", found: "none such")
    }
    vocabularySize = embedding.shape[0]
    declaredTying = nil
    tiedEmbeddings = gguf.tensors["output.weight"] == nil
    attentionBias = gguf.tensors["blk.0.attn_q.bias"] != nil
    outputBias = gguf.tensors["blk.0.attn_output.bias"] != nil
    mlpBias = gguf.tensors["blk.0.ffn_gate.bias"] != nil
    endOfText = ["eos", "eot"].compactMap { gguf.integer("tokenizer.ggml.\($0)_token_id") }
  }
}

extension PositionScaling {
  fileprivate init(
    _ gguf: GGUF, architecture: String, headSize: Int, context: Int
  ) throws(DecoderError) {
    let file = gguf.file.path
    if let factors = gguf.tensors["rope_freqs.weight"] {
      let divisors = factors.floats
      guard factors.shape == [headSize / 2], divisors.allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw .malformed(
          file, subject: "rope_freqs.weight", expected: "\(headSize / 2) numbers above 0", found: "others")
      }
      self = .divisors(divisors)
      return
    }
    let prefix = "\(architecture).rope.scaling"
    let kind = gguf.text("\(prefix).type") ?? "none"
    if kind == "none" {
      self = .none
      return
    }
    guard let factor = gguf.number("\(prefix).factor"), (1...1_024).contains(factor) else {
      throw .malformed(file, subject: "\(prefix).factor", expected: "a number in 1...1024", found: "none such")
    }
    switch kind {
    case "linear": self = .linear(factor: factor)
    case "yarn":
      let original = gguf.integer("\(prefix).original_context_length") ?? context
      guard (1...16_777_216).contains(original) else {
        throw .malformed(
          file, subject: "\(prefix).original_context_length", expected: "a number in 1...16777216",
          found: "\(original)")
      }
      var yarn = Yarn(factor: factor, originalContext: original)
      func number(_ key: String, or standard: Double) throws(DecoderError) -> Double {
        guard gguf.metadata["\(prefix).\(key)"] != nil else { return standard }
        guard let value = gguf.number("\(prefix).\(key)"), value > 0, value <= 1e6 else {
          throw .malformed(file, subject: "\(prefix).\(key)", expected: "a number above 0", found: "another value")
        }
        return value
      }
      yarn.betaFast = try number("yarn_beta_fast", or: yarn.betaFast)
      yarn.betaSlow = try number("yarn_beta_slow", or: yarn.betaSlow)
      // here a factor on top of the usual warmth, where configurations name the whole of it
      let warmth = try number("yarn_attn_factor", or: number("attn_factor", or: 1))
      if warmth != 1 { yarn.attentionFactor = warmth * Double(PositionScaling.yarn(yarn).magnitude) }
      for (key, plain) in [("yarn_ext_factor", 1.0), ("yarn_log_multiplier", 0.0)] {
        if let other = gguf.number("\(prefix).\(key)"), other != plain {
          throw .unsupported(file, subject: "\(prefix).\(key)", expected: "\(plain)", found: "\(other)")
        }
      }
      self = .yarn(yarn)
    default: throw .unsupported(file, subject: "\(prefix).type", expected: "none, linear or yarn", found: kind)
    }
  }
}

extension GGUF {
  private static let topNames = [
    "token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
  ]
  private static let layerNames = [
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
  ]

  /// The tensors under the names that the rest of the program knows them by. The Llama family's queries and keys have
  /// the rows of a head in another order there.
  func namedTensors(_ config: ModelConfig) -> [String: Tensor] {
    var named: [String: Tensor] = [:]
    for (name, stored) in tensors where name != "rope_freqs.weight" {
      var tensor = stored
      let parts = name.split(separator: ".").map(String.init)
      if let known = Self.topNames[name] {
        tensor.name = known
      } else if parts.count == 4, parts[0] == "blk", let layer = Int(parts[1]), "\(layer)" == parts[1],
        let module = Self.layerNames[parts[2]], parts[3] == "weight" || parts[3] == "bias"
      {
        tensor.name = "model.layers.\(layer).\(module).\(parts[3])"
        if config.architecture == .llama, ["attn_q", "attn_k"].contains(parts[2]) {
          tensor.interleavedHead = config.headSize
        }
      }
      named[tensor.name] = tensor
    }
    return named
  }
}
