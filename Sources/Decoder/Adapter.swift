/// A low-rank adapter as PEFT writes it: `adapter_config.json` and `adapter_model.safetensors`
/// (https://huggingface.co/docs/peft/developer_guides/checkpoint), checked against the checkpoint that it is for.
///
/// It stays beside the weights: `Transformer(_:adapter:)` gives a view of a model with it, which shares everything that
/// it leaves alone, so several adapters cost only their own size.
package struct Adapter: Sendable {
  /// The correction of one linear layer: y += scale * B (A x).
  struct Correction: Sendable {
    /// A [rank, inputs].
    var down: Tensor
    /// B [outputs, rank].
    var up: Tensor
    var scale: Float
  }

  package let directory: String
  /// By the module's name, as in `model.layers.0.self_attn.q_proj`.
  let corrections: [String: Correction]
  /// Tensors of the checkpoint that the adapter brings its own of.
  let replacements: [String: Tensor]
  /// Stands for the content, in names and cache keys.
  package let fingerprint: String

  package init(directory: String, for checkpoint: Checkpoint) throws(DecoderError) {
    self.directory = directory
    let path = joined(directory, "adapter_config.json")
    if !isReadable(path) { throw .missingFile("adapter_config.json", in: directory) }
    let config = try AdapterConfig(json: Checkpoint.readJSON(path), file: path)
    let weights = joined(directory, "adapter_model.safetensors")
    if !isReadable(weights) { throw .missingFile("adapter_model.safetensors", in: directory) }
    let file = try SafeTensors(path: weights)
    if let name = file.foreign.keys.min() {
      throw .unsupported(weights, subject: name, expected: "F32, F16 or BF16", found: file.foreign[name] ?? "")
    }
    let shapes = Dictionary(Checkpoint.expectedShapes(checkpoint.config).map { ($0.name, $0.shape) }) { $1 }
    // the head has a shape even where the embedding stands in for it
    let head = [checkpoint.config.vocabularySize, checkpoint.config.hiddenSize]
    var halves: [String: (down: Tensor?, up: Tensor?)] = [:]
    var replacements: [String: Tensor] = [:]
    for name in file.tensors.keys.sorted() {
      guard let tensor = file.tensors[name] else { continue }
      let bare = Self.bare(name)
      if let (module, isDown) = Self.half(bare) {
        guard let shape = module == "lm_head" ? head : shapes[module + ".weight"], shape.count == 2,
          module != "model.embed_tokens"
        else {
          throw .unmatched(weights, name, "a linear layer of \(checkpoint.config.architecture.rawValue)")
        }
        if !config.targets(module) {
          throw .unmatched(weights, name, "a module that target_modules of adapter_config.json names")
        }
        let size = isDown ? shape[1] : shape[0]
        guard tensor.shape.count == 2, tensor.shape[isDown ? 1 : 0] == size,
          (1...4_096).contains(tensor.shape[isDown ? 0 : 1])
        else {
          throw .foreignAdapter(
            weights, name, expected: isDown ? "shape [rank, \(size)]" : "shape [\(size), rank]",
            found: "\(tensor.shape)")
        }
        if isDown {
          halves[module, default: (nil, nil)].down = tensor
        } else {
          halves[module, default: (nil, nil)].up = tensor
        }
      } else if config.saves(bare) || Self.embeddings.contains(bare),
        let shape = bare == "lm_head.weight" ? head : shapes[bare]
      {
        if tensor.shape != shape {
          throw .foreignAdapter(weights, name, expected: "shape \(shape)", found: "\(tensor.shape)")
        }
        replacements[bare] = tensor
      } else {
        throw .unmatched(weights, name, "lora_A, lora_B or a module of modules_to_save")
      }
    }
    var corrections: [String: Correction] = [:]
    for (module, pair) in halves.sorted(by: { $0.key < $1.key }) {
      guard let down = pair.down, let up = pair.up, down.shape[0] == up.shape[1] else {
        throw .malformed(
          weights, subject: module, expected: "lora_A and lora_B of one rank",
          found: pair.down == nil || pair.up == nil ? "one of them" : "two ranks")
      }
      let rank = down.shape[0]
      if rank != config.rank(of: module) {
        throw .malformed(
          weights, subject: module, expected: "rank \(config.rank(of: module)), as adapter_config.json says",
          found: "rank \(rank)")
      }
      corrections[module] = Correction(down: down, up: up, scale: config.scale(of: module, rank: rank))
    }
    try config.checkComplete(corrections: Set(corrections.keys), replacements: Set(replacements.keys), file: weights)
    self.corrections = corrections
    self.replacements = replacements
    fingerprint = Checkpoint.digest { digest in
      for (name, correction) in corrections.sorted(by: { $0.key < $1.key }) {
        digest.add(name.utf8)
        digest.add(correction.scale.bitPattern)
        digest.add(correction.down.bytes)
        digest.add(correction.up.bytes)
      }
      for (name, tensor) in replacements.sorted(by: { $0.key < $1.key }) {
        digest.add(name.utf8)
        digest.add(tensor.bytes)
      }
    }
  }

  /// Saved whole, unasked, where one of them is corrected.
  private static let embeddings: Set = ["lm_head.weight", "model.embed_tokens.weight"]

  /// The name in the checkpoint: what PEFT puts before it taken off.
  private static func bare(_ name: String) -> String {
    var name = name
    for prefix in ["base_model.", "model."] where name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
    for part in [".modules_to_save.default", ".modules_to_save", ".base_layer"] {
      name = name.replacing(part, with: "")
    }
    return name
  }

  /// The module that half a correction is for, and whether it is A; nil for other tensors.
  private static func half(_ name: String) -> (module: String, isDown: Bool)? {
    for (suffix, isDown) in [
      (".lora_A.weight", true), (".lora_B.weight", false), (".lora_A.default.weight", true),
      (".lora_B.default.weight", false),
    ] where name.hasSuffix(suffix) {
      return (String(name.dropLast(suffix.count)), isDown)
    }
    return nil
  }
}

/// What `adapter_config.json` says, as far as it decides a result. Kinds of adapters that compute something else are
/// refused by their name.
struct AdapterConfig {
  private let file: String
  private let rank: Int
  private let alpha: Double
  private let stabilizesRank: Bool
  private let ranks: [(pattern: NamePattern, value: Double)]
  private let alphas: [(pattern: NamePattern, value: Double)]
  private let targetNames: [String]
  private let targetPattern: NamePattern?
  private let saved: [String]

  private static let linear = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

  init(json: JSON, file: String) throws(DecoderError) {
    self.file = file
    let kind = json["peft_type"]?.text ?? "none"
    if kind != "LORA" { throw .unsupported(file, subject: "peft_type", expected: "LORA", found: kind) }
    for key in ["use_dora", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora"] where json[key]?.boolean == true
    {
      throw .unsupported(file, subject: key, expected: "false: plain LoRA", found: "true")
    }
    let others = [
      "megatron_config", "layer_replication", "trainable_token_indices", "exclude_modules", "alora_invocation_tokens",
      "target_parameters", "arrow_config", "velora_config", "monteclora_config", "kasa_config",
    ]
    for key in others {
      guard let given = json[key], !given.isNull, given.elements?.isEmpty != true, given.members?.isEmpty != true else {
        continue
      }
      throw .unsupported(file, subject: key, expected: "none: plain LoRA", found: "one")
    }
    // these begin by changing the weights that they are laid over
    if let start = json["init_lora_weights"]?.text, !["gaussian", "eva", "orthogonal"].contains(start.lowercased()) {
      throw .unsupported(
        file, subject: "init_lora_weights", expected: "a start that leaves the base alone", found: start)
    }
    if let bias = json["bias"]?.text, bias != "none" {
      throw .unsupported(file, subject: "bias", expected: "none", found: bias)
    }
    guard let rank = json["r"]?.integer, (1...4_096).contains(rank) else {
      throw .malformed(file, subject: "r", expected: "a whole number in 1...4096", found: "another value")
    }
    guard let alpha = json["lora_alpha"]?.number, alpha.isFinite else {
      throw .malformed(file, subject: "lora_alpha", expected: "a number", found: "none")
    }
    self.rank = rank
    self.alpha = alpha
    stabilizesRank = json["use_rslora"]?.boolean ?? false
    ranks = try Self.patterns(json, "rank_pattern", file)
    alphas = try Self.patterns(json, "alpha_pattern", file)
    switch json["target_modules"] {
    case .array(let names):
      targetNames = names.compactMap(\.text)
      targetPattern = nil
    case .string(let bytes):
      let text = String(decoding: bytes, as: UTF8.self)
      targetNames = text == "all-linear" ? Self.linear : []
      targetPattern = text == "all-linear" ? nil : try Self.pattern(text, "target_modules", file)
    default:
      throw .malformed(file, subject: "target_modules", expected: "a list of names or a pattern", found: "neither")
    }
    saved = json["modules_to_save"]?.elements?.compactMap(\.text) ?? []
  }

  private static func pattern(_ text: String, _ key: String, _ file: String) throws(DecoderError) -> NamePattern {
    do throws(NamePattern.Fault) {
      return try NamePattern(text)
    } catch {
      throw .unsupported(file, subject: key, expected: "a pattern of names", found: "\"\(text)\" (\(error))")
    }
  }

  private static func patterns(
    _ json: JSON, _ key: String, _ file: String
  ) throws(DecoderError) -> [(pattern: NamePattern, value: Double)] {
    var found: [(pattern: NamePattern, value: Double)] = []
    for member in json[key]?.members ?? [] {
      guard let value = member.value.number, value.isFinite else {
        throw .malformed(file, subject: key, expected: "numbers", found: "another value")
      }
      found.append((try pattern(String(decoding: member.key, as: UTF8.self), key, file), value))
    }
    return found
  }

  func rank(of module: String) -> Int {
    ranks.first { $0.pattern.matchesSuffix(module) }.map { Int(min(max($0.value, 0), 65_536)) } ?? rank
  }

  func scale(of module: String, rank: Int) -> Float {
    let alpha = alphas.first { $0.pattern.matchesSuffix(module) }?.value ?? alpha
    return Float(alpha / (stabilizesRank ? Double(rank).squareRoot() : Double(rank)))
  }

  func targets(_ module: String) -> Bool {
    if let targetPattern { return targetPattern.matches(module) }
    return targetNames.contains { module == $0 || module.hasSuffix("." + $0) }
  }

  /// Whether a tensor of the checkpoint may be replaced by the adapter's.
  func saves(_ name: String) -> Bool {
    let module = name.split(separator: ".").dropLast().joined(separator: ".")
    // the library takes any end of a name, in the middle of a word too: `norm` is every kind of norm
    return saved.contains { module.hasSuffix($0) }
  }

  /// A name that matches nothing in the file would be a part of the adapter that is silently lost.
  func checkComplete(
    corrections: Set<String>, replacements: Set<String>, file weights: String
  ) throws(DecoderError) {
    for name in targetNames where !corrections.contains(where: { $0 == name || $0.hasSuffix("." + name) }) {
      throw .unmatched(file, "target_modules: \(name)", "a module that \(weights) has weights for")
    }
    if corrections.isEmpty, replacements.isEmpty {
      throw .malformed(weights, subject: "tensors", expected: "at least one correction", found: "none")
    }
    for name in saved where !replacements.contains(where: { $0.contains(name + ".") }) {
      throw .unmatched(file, "modules_to_save: \(name)", "a module that \(weights) has weights for")
    }
  }
}
