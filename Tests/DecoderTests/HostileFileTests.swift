import Decoder
import Foundation
import Testing

@Suite("Files that are not a checkpoint")
struct HostileFileTests {
  @Test("Every fixture verifies", arguments: Fixture.allCases)
  func verified(fixture: Fixture) throws {
    let checkpoint = try Checkpoint(directory: fixture.directory)
    try checkpoint.verify()
    let weights = checkpoint.tensors.values.reduce(0) { $0 + $1.shape.reduce(1, *) }
    #expect(checkpoint.info.parameters == weights)
  }

  @Test("A missing file is named", arguments: ["config.json", "model.safetensors", "tokenizer.json"])
  func missing(name: String) throws {
    let copy = try SpoiledCheckpoint()
    try copy.remove(name)
    let error = try #require(openingError(copy.directory))
    #expect(error.kind == .unreadable && error.description.contains(name))
  }

  @Test("A directory that is not there is an error, not a crash")
  func nowhere() {
    #expect(openingError("/nonexistent/checkpoint")?.kind == .unreadable)
  }

  @Test("A file cut anywhere is refused", arguments: ["config.json", "model.safetensors", "tokenizer.json"])
  func truncated(name: String) throws {
    let copy = try SpoiledCheckpoint()
    let whole = try copy.read(name)
    for keep in [0, 1, 7, 8, 9, 100, whole.count / 2, whole.count - 3] {
      try copy.write(whole.prefix(keep), name)
      let error = try #require(openingError(copy.directory), "\(keep) bytes of \(whole.count)")
      #expect(error.file?.hasSuffix(name) == true)
      #expect(error.description.contains(". ") && !error.remedy.isEmpty)
    }
  }

  @Test(
    "A header that lies is refused, and the tensor named",
    arguments: [
      ("dtype", "F64"), ("dtype", "I8"), ("shape", "[32, 336]"), ("shape", "[-1, 32]"), ("shape", "[336]"),
      ("shape", "[9223372036854775807, 9223372036854775807]"), ("shape", "[4294967296, 4294967296, 32]"),
      ("shape", "null"), ("shape", "[1e300]"), ("data_offsets", "[0, 9223372036854775807]"),
      ("data_offsets", "[100, 50]"), ("data_offsets", "[-8, 43000]"), ("data_offsets", "[0, 4]"),
      ("data_offsets", "[64, 43072]"), ("data_offsets", "[]"),
    ])
  func lyingHeader(key: String, value: String) throws {
    let copy = try SpoiledCheckpoint()
    let name = "model.embed_tokens.weight"
    let new = try JSONSerialization.jsonObject(
      with: Data((key == "dtype" ? "\"\(value)\"" : value).utf8), options: .fragmentsAllowed)
    try copy.editHeader { header in
      var entry = header[name] as? [String: Any] ?? [:]
      entry[key] = new
      header[name] = entry
    }
    let error = try #require(openingError(copy.directory))
    #expect(error.subject == name || error.found.contains(name), "\(error)")
  }

  @Test("Overlapping and repeated tensors are refused")
  func overlapAndRepetition() throws {
    let overlap = try SpoiledCheckpoint()
    try overlap.editHeader { header in
      header["model.layers.1.input_layernorm.weight"] = header["model.layers.0.input_layernorm.weight"]
    }
    #expect(openingError(overlap.directory)?.found.contains("overlap") == true)

    let twice = try SpoiledCheckpoint()
    let entry = #""model.norm.weight":{"dtype":"F32","shape":[32],"data_offsets":[0,128]}"#
    try twice.writeHeader(Data("{\(entry),\(entry)}".utf8), body: Data(count: 128))
    #expect(openingError(twice.directory)?.found.contains("twice") == true)
  }

  @Test("Data that no tensor claims is refused")
  func holes() throws {
    let entry = #""model.norm.weight":{"dtype":"F32","shape":[32],"data_offsets":[START,END]}"#
    for (start, end, size) in [(0, 128, 132), (4, 132, 132)] {
      let copy = try SpoiledCheckpoint()
      let header = entry.replacing("START", with: "\(start)").replacing("END", with: "\(end)")
      try copy.writeHeader(Data("{\(header)}".utf8), body: Data(count: size))
      let error = try #require(openingError(copy.directory))
      #expect(error.description.contains("128") || error.description.contains("byte 4"), "\(error)")
    }
  }

  @Test("Tensors that are missing or unknown are named")
  func missingOrUnknown() throws {
    let missing = try SpoiledCheckpoint()
    try missing.editHeader { header in
      header["model.layers.1.self_attn.k_proj.bios"] = header.removeValue(
        forKey: "model.layers.1.self_attn.k_proj.bias")
    }
    #expect(openingError(missing.directory)?.subject == "model.layers.1.self_attn.k_proj.bias")

    let unknown = try SpoiledCheckpoint()
    try unknown.editHeader { header in
      header["model.layers.0.self_attn.q_norm.weight"] = ["dtype": "F32", "shape": [0], "data_offsets": [0, 0]]
    }
    #expect(openingError(unknown.directory)?.subject == "model.layers.0.self_attn.q_norm.weight")
  }

  @Test(
    "A configuration that does not fit is refused, and the key named",
    arguments: [
      (#""Qwen2ForCausalLM""#, #""MixtralForCausalLM""#, "architectures"),
      (#""vocab_size": 336"#, #""vocab_size": 300"#, ""),
      (#""vocab_size": 336"#, #""vocab_size": -1"#, "vocab_size"),
      (#""hidden_size": 32"#, #""hidden_size": 9223372036854775807"#, "hidden_size"),
      (#""hidden_size": 32"#, #""hidden_size": 1e400"#, "hidden_size"),
      (#""num_key_value_heads": 2"#, #""num_key_value_heads": 3"#, "num_key_value_heads"),
      (#""num_key_value_heads": 2"#, #""num_key_value_heads": 0"#, "num_key_value_heads"),
      (#""num_hidden_layers": 2"#, #""num_hidden_layers": 3"#, "model.layers.2.self_attn.q_proj.weight"),
      (#""rope_type": "default""#, #""rope_type": "longrope""#, "rope_scaling"),
      (#""rope_type": "default""#, #""rope_type": "yarn""#, "rope_scaling.factor"),
      (#""rope_type": "default""#, #""rope_type": "linear", "factor": -2"#, "rope_scaling.factor"),
      (#""rope_type": "default""#, #""rope_type": "default", "partial_rotary_factor": 0.5"#, "partial_rotary_factor"),
      (#""tie_word_embeddings": true"#, #""tie_word_embeddings": false"#, "lm_head.weight"),
      (#""rope_theta": 10000.0"#, #""rope_thera": 10000.0"#, "rope_theta"),
      (#""rms_norm_eps": 1e-06"#, #""rms_norm_eps": null"#, "rms_norm_eps"),
      (#""hidden_act": "silu""#, #""hidden_act": "gelu""#, "hidden_act"),
      (#""head_dim": 16"#, #""head_dim": 15"#, "head_dim"),
    ])
  func configuration(old: String, new: String, subject: String) throws {
    let copy = try SpoiledCheckpoint()
    #expect(try copy.editText("config.json", old, new))
    let error = try #require(openingError(copy.directory))
    #expect(subject.isEmpty || error.subject == subject, "\(error)")
  }

  @Test("Theta comes from the file")
  func theta() throws {
    let copy = try SpoiledCheckpoint()
    #expect(try copy.editText("config.json", #""rope_theta": 10000.0"#, #""rope_theta": 500.0"#))
    let options = GenerationOptions(maximumTokens: 20)
    let prompt = Prompt(user: "def fold(values, start=0):")
    let other = try CheckpointDecoder(directory: copy.directory).generate(prompt, options: options)
    let own = try CheckpointDecoder(directory: Fixture.tied.directory).generate(prompt, options: options)
    #expect(other.logProbability != own.logProbability)
  }

  @Test("A tokenizer of another checkpoint is refused with both numbers")
  func foreignTokenizer() throws {
    let copy = try SpoiledCheckpoint()
    let larger = Fixture.root.appending(path: "tokenizers/qwen2.json")
    try copy.write(Data(contentsOf: larger), "tokenizer.json")
    let error = try #require(openingError(copy.directory))
    #expect(error.kind == .mismatched && error.description.contains("336") && error.description.contains("403"))
  }

  @Test(
    "A tokenizer that would give other tokens is refused",
    arguments: [
      (#""type":"BPE""#, #""type":"Unigram""#), (#""byte_fallback":false"#, #""byte_fallback":true"#),
      (#""type":"NFC""#, #""type":"NFKC""#), (#""behavior":"Isolated""#, #""behavior":"Removed""#),
      (#"\\p{N}|"#, #"\\p{N}+|"#), (#""merges":[["#, #""merges":[["nothing","such"],["#),
      (#""Ā":"#, #""Āx":"#), (#""single_word":false"#, #""single_word":true"#), (#""id":320"#, #""id":99999999999"#),
      (#""!":0"#, #""!":1"#), (#""!":0"#, #""!":-5"#),
    ])
  func tokenizerFile(old: String, new: String) throws {
    let copy = try SpoiledCheckpoint()
    #expect(try copy.editText("tokenizer.json", old, new))
    #expect(openingError(copy.directory)?.file?.hasSuffix("tokenizer.json") == true)
  }

  @Test("An index cannot lead out of its directory, nor to tensors that are not there")
  func index() throws {
    for shard in ["../x.safetensors", "/etc/passwd", "", "absent.safetensors"] {
      let copy = try SpoiledCheckpoint(.untied)
      let text = #"{"weight_map": {"model.norm.weight": "\#(shard)"}}"#
      try copy.write(Data(text.utf8), "model.safetensors.index.json")
      #expect(openingError(copy.directory) != nil)
    }
    let copy = try SpoiledCheckpoint(.untied)
    try copy.write(
      Data(#"{"weight_map": {"lm_head.bias": "model-00001-of-00002.safetensors"}}"#.utf8),
      "model.safetensors.index.json")
    #expect(openingError(copy.directory)?.subject == "lm_head.bias")
  }

  @Test("Verifying finds a weight that is not a number")
  func notANumber() throws {
    let copy = try SpoiledCheckpoint()
    var file = try copy.read("model.safetensors")
    file.replaceSubrange(file.count - 4..<file.count, with: [0, 0, 0xC0, 0x7F])
    try copy.write(file, "model.safetensors")
    let error = #expect(throws: DecoderError.self) { try Checkpoint(directory: copy.directory).verify() }
    #expect(error?.subject?.isEmpty == false)
  }

  @Test("What a message quotes from a file is plain and short")
  func plainMessages() throws {
    let copy = try SpoiledCheckpoint()
    let name = "\u{1B}[2J\u{7}\r\n\u{202E}" + String(repeating: "x", count: 100_000)
    try copy.editHeader { $0[name] = ["dtype": "F32", "shape": [0], "data_offsets": [0, 0]] }
    let error = try #require(openingError(copy.directory))
    #expect(error.subject == name && error.description.count < 2_000)
    #expect(error.description.contains(#"\u{1b}[2J\u{7}\u{d}\u{a}\u{202e}xxx"#))
    #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 })

    let empty = try SpoiledCheckpoint()
    #expect(try empty.editText("config.json", #""hidden_act": "silu""#, #""hidden_act": """#))
    #expect(openingError(empty.directory)?.description.contains("found an empty text. ") == true)
  }

  @Test("A tensor of nothing cannot lie behind the end of a GGUF file")
  func nothingBehindTheEnd() throws {
    let place = FileManager.default.temporaryDirectory.appending(path: "short-\(UUID().uuidString).gguf")
    defer { try? FileManager.default.removeItem(at: place) }
    var file = Data("GGUF".utf8)
    func add(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value.littleEndian) { file.append(contentsOf: $0) }
    }
    add(UInt32(3))
    for value in [1, 0, 1] { add(UInt64(value)) }
    file.append(UInt8(ascii: "x"))
    // one dimension of size 0, F32, at the start of the data: that would be the next multiple of 32 bytes
    add(UInt32(1))
    add(UInt64(0))
    add(UInt32(0))
    add(UInt64(0))
    try file.write(to: place)
    let error = #expect(throws: DecoderError.self) { try GGUF(path: place.path) }
    #expect(error?.subject == "x")
  }

  @Test("Random damage to a header never crashes", arguments: ["model.safetensors", "config.json", "tokenizer.json"])
  func damage(name: String) throws {
    let copy = try SpoiledCheckpoint()
    let whole = try copy.read(name)
    let reach = name == "model.safetensors" ? 2_500 : whole.count
    var state: UInt64 = 99
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var refused = 0
    for _ in 0..<60 {
      var bytes = whole
      for _ in 0...random(3) { bytes[random(reach)] = UInt8(random(256)) }
      try copy.write(bytes, name)
      // some damage is harmless, a letter of a token for instance
      if openingError(copy.directory) != nil { refused += 1 }
    }
    #expect(refused > 10)
  }
}

@Suite("JSON of a checkpoint")
struct JSONTests {
  @Test("Values are read as written")
  func values() throws {
    let json = try JSON.parse(
      Array(#"{"a": [1, -2.5e1, true, null, "\u00e9\ud83d\ude42\n\ud800"], "a": 2, "b": {}}"#.utf8))
    #expect(json["a"] == .integer(2))
    guard case .object(let members) = json else {
      Issue.record("not an object")
      return
    }
    #expect(members.count == 3)
    let text = Array("é🙂\n\u{FFFD}".utf8)
    #expect(members[0].value == .array([.integer(1), .number(-25), .boolean(true), .null, .string(text)]))
  }

  @Test(
    "What is not JSON is refused where it breaks off",
    arguments: [
      "", "{", "[1,", "[1 2]", "{\"a\" 1}", "{a: 1}", "\"abc", "\"\\x\"", "\"\\u12g4\"", "tru", "+1", ".5", "1 2",
      "[1]]",
      "\"\n\"", "nan", "-", "\"\\", "\"\\u", "\"\\ud800\\u",
    ])
  func refused(text: String) {
    #expect(throws: JSONError.self) { try JSON.parse(Array(text.utf8)) }
  }

  @Test("Nesting has a limit, and numbers have none that traps")
  func limits() throws {
    #expect(throws: JSONError.self) { try JSON.parse(Array(repeating: UInt8(ascii: "["), count: 1_000_000)) }
    #expect(
      try JSON.parse(Array("1000000000000000000000000".utf8)) == .number(1e24))
    #expect(try JSON.parse(Array("1e999".utf8)) == .number(.infinity))
  }
}

@Suite("Files that say less than usual")
struct SparseFileTests {
  @Test("Without an end of text in the configuration the tokenizer's own is taken, or none")
  func noEnd() throws {
    let copy = try SpoiledCheckpoint()
    #expect(try copy.editText("config.json", #""eos_token_id": 320"#, #""eos_token_id": null"#))
    try copy.remove("generation_config.json")
    #expect(try Checkpoint(directory: copy.directory).config.endOfText.isEmpty)
    let decoder = try CheckpointDecoder(directory: copy.directory)
    #expect(try decoder.generate(Prompt(user: ""), options: GenerationOptions(maximumTokens: 3)).tokens.count <= 3)
    for value in [#""<|endoftext|>""#, #"{"content": "<|endoftext|>"}"#] {
      try copy.write(Data(#"{"eos_token": \#(value)}"#.utf8), "tokenizer_config.json")
      #expect(try Checkpoint(directory: copy.directory).config.endOfText == [320])
    }
  }

  @Test("Text without a template begins as the tokenizer's file says")
  func start() throws {
    let copy = try SpoiledCheckpoint(.llama)
    let processor = #"""
      "post_processor":{"type":"Sequence","processors":[{"type":"TemplateProcessing","single":[{"SpecialToken":\#
      {"id":"<|endoftext|>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":\#
      {"<|endoftext|>":{"id":"<|endoftext|>","ids":[320],"tokens":["<|endoftext|>"]}}}]}
      """#
    #expect(try copy.editText("tokenizer.json", #""post_processor":null"#, processor))
    let plain = try CheckpointDecoder(directory: Fixture.llama.directory).tokens(of: Prompt(user: "a b"))
    #expect(try CheckpointDecoder(directory: copy.directory).tokens(of: Prompt(user: "a b")) == [320] + plain)
  }

  @Test("A word after --decoder means one thing")
  func places() throws {
    let cache = HubCache { _ in "/nonexistent" }
    #expect(try DecoderPlace("embedded", cache: cache) == .embedded)
    #expect(try DecoderPlace("./x", cache: cache) == .checkpoint("./x"))
    #expect(try DecoderPlace("model.gguf", cache: cache) == .checkpoint("model.gguf"))
    #expect(try DecoderPlace("ftp://host/x", cache: cache) == nil && DecoderPlace("gpt", cache: cache) == nil)
    #expect(throws: DecoderError.self) { try DecoderPlace("hf:../x", cache: cache) }
    #expect(throws: DecoderError.self) { try DecoderPlace("http://me:word@host", cache: cache) }
  }

  @Test("Without a class the kind of model is enough")
  func noArchitecture() throws {
    let copy = try SpoiledCheckpoint()
    #expect(try copy.editText("config.json", #""Qwen2ForCausalLM""#, ""))
    #expect(try Checkpoint(directory: copy.directory).config.architecture == .qwen2)
  }
}
