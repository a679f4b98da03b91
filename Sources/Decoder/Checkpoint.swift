#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A checkpoint in a Hugging Face directory or a GGUF file: its files found, read and checked, its weights still on disk.
///
/// Opening costs milliseconds whatever the size of the weights: a wrong file fails here, before any work.
package struct Checkpoint: Sendable {
  package let directory: String
  package let config: ModelConfig
  package internal(set) var tensors: [String: Tensor]
  package let tokenizer: Tokenizer
  package let template: ChatTemplate

  /// Opens a Hugging Face directory, or one GGUF file.
  package init(directory: String) throws(DecoderError) {
    self = Self.isFile(directory) ? try Checkpoint(gguf: directory) : try Checkpoint(folder: directory)
  }

  private init(folder directory: String) throws(DecoderError) {
    self.directory = directory
    let configPath = joined(directory, "config.json")
    if !isReadable(configPath) { throw .missingFile("config.json", in: directory) }
    var config = try ModelConfig(json: Self.readJSON(configPath), file: configPath)
    let (tensors, foreign) = try Self.openTensors(directory)
    config.tiedEmbeddings = try Self.tied(tensors, declared: config.declaredTying, file: configPath)
    try Self.check(tensors, foreign: foreign, against: config, in: directory)

    let tokenizerPath = joined(directory, "tokenizer.json")
    if !isReadable(tokenizerPath) { throw .missingFile("tokenizer.json", in: directory) }
    let tokenizer = try Tokenizer(path: tokenizerPath)
    try Self.checkVocabulary(tokenizer, config, file: tokenizerPath)
    let generationPath = joined(directory, "generation_config.json")
    if isReadable(generationPath) {
      switch try Self.readJSON(generationPath)["eos_token_id"] {
      case .integer(let id): config.endOfText.append(id)
      case .array(let ids): config.endOfText += ids.compactMap(\.integer)
      default: break
      }
    }
    if config.endOfText.isEmpty, let named = try Self.namedEnd(in: directory), let id = tokenizer.id(ofAdded: named) {
      config.endOfText = [id]
    }
    config.endOfText = Self.ends(config.endOfText, config)
    self.config = config
    self.tensors = tensors
    self.tokenizer = tokenizer
    template = try ChatTemplate.detect(in: directory, tokenizer: tokenizer)
  }

  private init(gguf path: String) throws(DecoderError) {
    directory = path
    let file = try GGUF(path: path)
    var config = try ModelConfig(file)
    let tensors = file.namedTensors(config)
    try Self.check(tensors, foreign: [:], against: config, in: path)
    let tokenizer = try Tokenizer(file)
    try Self.checkVocabulary(tokenizer, config, file: path)
    config.endOfText = Self.ends(config.endOfText, config)
    self.config = config
    self.tensors = tensors
    self.tokenizer = tokenizer
    let source = file.text("tokenizer.chat_template").map { [Array($0.utf8)] } ?? []
    template = try ChatTemplate.detect(in: source, tokenizer: tokenizer, file: path)
  }

  private static func checkVocabulary(
    _ tokenizer: Tokenizer, _ config: ModelConfig, file: String
  ) throws(DecoderError) {
    if tokenizer.highestID >= config.vocabularySize {
      throw .mismatched(
        file, subject: "vocabulary", expected: "token ids below \(config.vocabularySize), the rows of the embedding",
        found: "id \(tokenizer.highestID)")
    }
  }

  /// The end of a text as `tokenizer_config.json` names it, for files whose other settings do not.
  private static func namedEnd(in directory: String) throws(DecoderError) -> String? {
    let path = joined(directory, "tokenizer_config.json")
    guard isReadable(path), let entry = try readJSON(path)["eos_token"] else { return nil }
    return entry.text ?? entry["content"]?.text
  }

  /// Ids that the vocabulary has, each once. A file may name none: answers then end where the grammar or the limit does.
  private static func ends(_ ids: [Int], _ config: ModelConfig) -> [Int] {
    Set(ids).filter { (0..<config.vocabularySize).contains($0) }.sorted()
  }

  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  static func readJSON(_ path: String) throws(DecoderError) -> JSON {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    do throws(JSONError) {
      return try JSON.parse(file.bytes)
    } catch {
      throw .notJSON(path, error)
    }
  }

  /// A head of its own wins over the flag, and a missing one means the embedding: that is what the weights mean. Only a
  /// file that says that it has a head, and has none, is wrong.
  private static func tied(
    _ tensors: [String: Tensor], declared: Bool?, file: String
  ) throws(DecoderError) -> Bool {
    if tensors["lm_head.weight"] != nil { return false }
    if declared == false {
      throw .mismatched(
        file, subject: "lm_head.weight", expected: "a tensor, since tie_word_embeddings is false", found: "none")
    }
    return true
  }

  private static func openTensors(
    _ directory: String
  ) throws(DecoderError) -> (tensors: [String: Tensor], foreign: [String: String]) {
    let indexPath = joined(directory, "model.safetensors.index.json")
    if !isReadable(indexPath) {
      let path = joined(directory, "model.safetensors")
      if !isReadable(path) { throw .missingFile("model.safetensors", in: directory) }
      let file = try SafeTensors(path: path)
      return (file.tensors, file.foreign)
    }
    guard let map = try readJSON(indexPath)["weight_map"]?.members else {
      throw .malformed(indexPath, subject: "weight_map", expected: "an object", found: "none")
    }
    var shards: [String: SafeTensors] = [:]
    var tensors: [String: Tensor] = [:]
    var foreign: [String: String] = [:]
    for member in map {
      let name = String(decoding: member.key, as: UTF8.self)
      guard let shard = member.value.text, !shard.isEmpty, !shard.contains("/"), shard != "..", shard != "." else {
        throw .malformed(
          indexPath, subject: name, expected: "the name of a file beside the index", found: "another value")
      }
      if shards[shard] == nil {
        if !isReadable(joined(directory, shard)) { throw .missingFile(shard, in: directory) }
        shards[shard] = try SafeTensors(path: joined(directory, shard))
      }
      if let type = shards[shard]?.foreign[name] {
        foreign[name] = type
        continue
      }
      guard let tensor = shards[shard]?.tensors[name] else {
        throw .malformed(
          joined(directory, shard), subject: name, expected: "the tensor that the index names", found: "none")
      }
      if tensors.updateValue(tensor, forKey: name) != nil {
        throw .malformed(indexPath, subject: name, expected: "one entry a tensor", found: "the name twice")
      }
    }
    return (tensors, foreign)
  }

  /// The tensors that the architecture asks for, each with its shape.
  package static func expectedShapes(_ config: ModelConfig) -> [(name: String, shape: [Int])] {
    let hidden = config.hiddenSize
    var expected = [("model.embed_tokens.weight", [config.vocabularySize, hidden]), ("model.norm.weight", [hidden])]
    if !config.tiedEmbeddings { expected.append(("lm_head.weight", [config.vocabularySize, hidden])) }
    for layer in 0..<config.layers {
      let prefix = "model.layers.\(layer)."
      for (name, rows) in [("q", config.querySize), ("k", config.keyValueSize), ("v", config.keyValueSize)] {
        expected.append((prefix + "self_attn.\(name)_proj.weight", [rows, hidden]))
        if config.attentionBias { expected.append((prefix + "self_attn.\(name)_proj.bias", [rows])) }
      }
      if config.outputBias { expected.append((prefix + "self_attn.o_proj.bias", [hidden])) }
      if config.mlpBias {
        expected += [
          (prefix + "mlp.gate_proj.bias", [config.intermediateSize]),
          (prefix + "mlp.up_proj.bias", [config.intermediateSize]), (prefix + "mlp.down_proj.bias", [hidden]),
        ]
      }
      expected += [
        (prefix + "self_attn.o_proj.weight", [hidden, config.querySize]),
        (prefix + "mlp.gate_proj.weight", [config.intermediateSize, hidden]),
        (prefix + "mlp.up_proj.weight", [config.intermediateSize, hidden]),
        (prefix + "mlp.down_proj.weight", [hidden, config.intermediateSize]),
        (prefix + "input_layernorm.weight", [hidden]),
        (prefix + "post_attention_layernorm.weight", [hidden]),
      ]
    }
    return expected
  }

  private static func check(
    _ tensors: [String: Tensor], foreign: [String: String], against config: ModelConfig, in directory: String
  ) throws(DecoderError) {
    let expected = expectedShapes(config)
    for (name, shape) in expected {
      guard let tensor = tensors[name] else {
        throw .malformed(
          directory, subject: name, expected: "a tensor \(shape)", found: foreign[name] ?? "none")
      }
      if tensor.shape != shape {
        throw .mismatched(tensor.file.path, subject: name, expected: "shape \(shape)", found: "\(tensor.shape)")
      }
    }
    // rotary tables of old files are computed here; anything else unknown would change the result
    let known = Set(expected.map(\.name))
    let found = Set(tensors.keys).union(foreign.keys)
    for name in found.sorted() where !known.contains(name) && !name.hasSuffix("rotary_emb.inv_freq") {
      throw .unsupported(
        tensors[name]?.file.path ?? directory, subject: name,
        expected: "only the tensors of \(config.architecture.rawValue)", found: "one that it does not have")
    }
  }
}
