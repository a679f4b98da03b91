import Decoder
import Foundation
import Synchronization
import Testing

@Suite("Sequences with several adapters in one batch")
struct AdapterBatchTests {
  /// An adapter that a test makes up, removed with its owner.
  private final class MadeAdapter {
    let url = FileManager.default.temporaryDirectory.appending(path: "made-\(UUID().uuidString)")

    /// Tensors [rows, columns], or vectors [rows] where columns is 0, of numbers that follow from `seed`.
    init(settings: [String: Any], tensors: [(name: String, rows: Int, columns: Int)], seed: UInt64) throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      var all: [String: Any] = ["peft_type": "LORA", "lora_alpha": 8, "bias": "none"]
      all.merge(settings) { $1 }
      try JSONSerialization.data(withJSONObject: all).write(to: url.appending(path: "adapter_config.json"))
      var header: [String: Any] = [:]
      var body = Data()
      var state = seed
      for (name, rows, columns) in tensors {
        let start = body.count
        for _ in 0..<rows * max(columns, 1) {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let number = Float(Int(state >> 40) % 2_001 - 1_000) / 4_000 + (columns == 0 ? 1 : 0)
          withUnsafeBytes(of: number.bitPattern.littleEndian) { body.append(contentsOf: $0) }
        }
        header[name] = [
          "dtype": "F32", "shape": columns == 0 ? [rows] : [rows, columns], "data_offsets": [start, body.count],
        ]
      }
      let text = try JSONSerialization.data(withJSONObject: header)
      var file = Data()
      withUnsafeBytes(of: UInt64(text.count).littleEndian) { file.append(contentsOf: $0) }
      try (file + text + body).write(to: url.appending(path: "adapter_model.safetensors"))
    }

    deinit { try? FileManager.default.removeItem(at: url) }
  }

  /// One that brings its own embedding, head, norms and a matrix, and corrects with a rank above every width.
  private static func replacing() throws -> MadeAdapter {
    let prefix = "base_model.model.model"
    return try MadeAdapter(
      settings: [
        "r": 90, "target_modules": ["o_proj"],
        "modules_to_save": ["embed_tokens", "lm_head", "model.norm", "0.post_attention_layernorm", "1.mlp.down_proj"],
      ],
      tensors: [
        ("\(prefix).layers.0.self_attn.o_proj.lora_A.weight", 90, 64),
        ("\(prefix).layers.0.self_attn.o_proj.lora_B.weight", 32, 90),
        ("\(prefix).embed_tokens.weight", 336, 32), ("base_model.model.lm_head.weight", 336, 32),
        ("\(prefix).norm.weight", 32, 0), ("\(prefix).layers.0.post_attention_layernorm.weight", 32, 0),
        ("\(prefix).layers.1.mlp.down_proj.weight", 32, 80),
      ], seed: 11)
  }

  /// One that corrects the head, and layers that the others leave alone.
  private static func correcting() throws -> MadeAdapter {
    let prefix = "base_model.model.model"
    return try MadeAdapter(
      settings: ["r": 2, "target_modules": ["lm_head", "gate_proj", "up_proj"]],
      tensors: [
        ("base_model.model.lm_head.lora_A.weight", 2, 32), ("base_model.model.lm_head.lora_B.weight", 336, 2),
        ("\(prefix).layers.1.mlp.gate_proj.lora_A.weight", 2, 32),
        ("\(prefix).layers.1.mlp.gate_proj.lora_B.weight", 80, 2),
        ("\(prefix).layers.0.mlp.up_proj.lora_A.weight", 2, 32),
        ("\(prefix).layers.0.mlp.up_proj.lora_B.weight", 80, 2),
      ], seed: 12)
  }

  private static let tokens = (0..<150).map { ($0 * 37 + 11) % 300 }

  private static func bits(_ session: Session) -> [UInt32] { session.logits.map(\.bitPattern) }

  @Test(
    "Each row has the bits that it has alone",
    arguments: [EngineChoice.fixedOrder, .openBLAS], [WeightFormat.float, .q8x0, .q4x0])
  func mixed(engine: EngineChoice, format: WeightFormat) throws {
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let base = try Transformer(checkpoint, engine: engine, format: format, threads: 2)
    let made = [try Self.replacing(), try Self.correcting()]
    let folders = [Fixture.root.appending(path: "adapter").path] + made.map(\.url.path)
    let views = try withExtendedLifetime(made) {
      try folders.map { try Transformer(base, of: checkpoint, adapter: Adapter(directory: $0, for: checkpoint)) }
    }
    // views in turn, so that no two neighbours are of one; each prompt longer than a pass, or read in part
    let models = [base, views[0], views[1], base, views[2], views[0], base, views[1], views[2]]
    let cuts = [150, 1, 17, 64, 65, 128, 2, 100, 149]
    let alone = try zip(models, cuts).map { model, cut in
      let session = Session(model, capacity: 160)
      try session.prefill(Array(Self.tokens[..<cut]))
      for token in Self.tokens[cut...] { try session.decode(token) }
      return Self.bits(session)
    }
    let sessions = models.map { Session($0, capacity: 160) }
    try Session.read(zip(sessions, cuts).map { Session.Step($0, Array(Self.tokens[..<$1])) })
    for place in 0..<Self.tokens.count {
      let steps = sessions.filter { $0.tokens.count == place }.map { Session.Step($0, chosen: Self.tokens[place]) }
      if !steps.isEmpty { try Session.read(steps) }
    }
    #expect(sessions.map(Self.bits) == alone)
    // the adapters do say different things
    #expect(Set(alone.prefix(3) + [alone[4]]).count == 4)
  }

  @Test("Answers of decoders with several adapters, written at once, are those that are written alone")
  func answersTogether() throws {
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let made = [try Self.replacing(), try Self.correcting()]
    func decoders(batches: Bool) throws -> [CheckpointDecoder] {
      let plain = try CheckpointDecoder(checkpoint, engine: .fixedOrder, format: .q8x0, batches: batches)
      return try withExtendedLifetime(made) {
        [plain] + (try made.map { try CheckpointDecoder(plain, adapter: $0.url.path) })
      }
    }
    let options = GenerationOptions(sampling: Sampling(temperature: 0.8, seed: 4), maximumTokens: 24)
    let prompts = (0..<12).map { Prompt(user: String(repeating: "a1 b2 ", count: 60) + "x\($0)") }
    let alone = try decoders(batches: false)
    let expected = try prompts.enumerated().map { try alone[$0 % 3].generate($1, options: options) }
    let together = try decoders(batches: true)
    #expect(Set(together.map(\.name)).count == 3 && together.map(\.name) == alone.map(\.name))
    // threads of their own, since each waits for the others
    let answers = Mutex([Generation?](repeating: nil, count: prompts.count))
    let done = DispatchSemaphore(value: 0)
    for (index, prompt) in prompts.enumerated() {
      Thread.detachNewThread {
        let answer = try? together[index % 3].generate(prompt, options: options)
        answers.withLock { $0[index] = answer }
        done.signal()
      }
    }
    for _ in prompts { done.wait() }
    #expect(answers.withLock { $0 } == expected)
  }

  @Test("A view shares every weight that its adapter leaves alone")
  func shared() throws {
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let made = try Self.replacing()
    let decoder = try CheckpointDecoder(checkpoint)
    let view = try withExtendedLifetime(made) { try CheckpointDecoder(decoder, adapter: made.url.path) }
    // its own head and one matrix [32, 80], both in floats
    #expect(view.model.ownWeightBytes(beside: decoder.model) == (336 * 32 + 32 * 80) * 4)
  }
}
