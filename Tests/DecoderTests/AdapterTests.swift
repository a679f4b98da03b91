import Decoder
import Foundation
import Testing

@Suite("Low-rank adapters")
struct AdapterTests {
  private static let folder = Fixture.root.appending(path: "adapter")

  private static func expected() throws -> ExpectedAnswer {
    let data = try Data(contentsOf: folder.appending(path: "expected.json"))
    return try #require(try JSONDecoder().decode([ExpectedAnswer].self, from: data).first)
  }

  /// A copy of the adapter that a test may spoil.
  private final class Spoiled {
    let url = FileManager.default.temporaryDirectory.appending(path: "adapter-\(UUID().uuidString)")

    init() throws { try FileManager.default.copyItem(at: AdapterTests.folder, to: url) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func edit(_ name: String, _ old: String, _ new: String) throws {
      let place = url.appending(path: name)
      let text = String(decoding: try Data(contentsOf: place), as: UTF8.self)
      #expect(text.contains(old))
      try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: place)
    }

    /// Renames within the header, to a name of the same length, so that the data stay where they are.
    func rename(_ old: String, _ new: String) throws {
      let place = url.appending(path: "adapter_model.safetensors")
      var data = try Data(contentsOf: place)
      let range = try #require(data.range(of: Data(old.utf8)))
      #expect(old.utf8.count == new.utf8.count)
      data.replaceSubrange(range, with: Data(new.utf8))
      try data.write(to: place)
    }

    func error(for fixture: Fixture = .tied) throws -> DecoderError? {
      let checkpoint = try Checkpoint(directory: fixture.directory)
      do throws(DecoderError) {
        _ = try Adapter(directory: url.path, for: checkpoint)
        return nil
      } catch {
        return error
      }
    }
  }

  @Test("Scores are the library's", arguments: [EngineChoice.fixedOrder, .openBLAS, .portable])
  func agreement(engine: EngineChoice) throws {
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let base = try Transformer(checkpoint, engine: engine)
    let adapter = try Adapter(directory: Self.folder.path, for: checkpoint)
    let model = try Transformer(base, of: checkpoint, adapter: adapter)
    let answer = try Self.expected()
    let session = Session(model, capacity: 80)
    try session.prefill(Array(answer.tokens[..<answer.middle]))
    #expect(ForwardTests.largestDifference(Array(session.logits), answer.middleLogits.floats) < 1e-4)
    try session.prefill(Array(answer.tokens[answer.middle...]))
    #expect(ForwardTests.largestDifference(Array(session.logits), answer.logits.floats) < 1e-4)
    // the model that it was laid over stays as it was
    let plain = try #require(try Fixture.tied.expected().first)
    let own = Session(base, capacity: plain.tokens.count)
    try own.prefill(plain.tokens)
    #expect(ForwardTests.largestDifference(Array(own.logits), plain.logits.floats) < 1e-4)
  }

  @Test("An adapter's name is part of the decoder's")
  func name() throws {
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let plain = try CheckpointDecoder(checkpoint)
    let adapted = try CheckpointDecoder(checkpoint, adapter: Self.folder.path)
    #expect(plain.name != adapted.name)
  }

  @Test(
    "What is not plain LoRA is refused by its name",
    arguments: [
      (#""use_dora": false"#, #""use_dora": true"#, "use_dora"),
      (#""peft_type": "LORA""#, #""peft_type": "IA3""#, "peft_type"),
      (#""bias": "none""#, #""bias": "all""#, "bias"),
      (#""fan_in_fan_out": false"#, #""fan_in_fan_out": true"#, "fan_in_fan_out"),
      (#""init_lora_weights": false"#, #""init_lora_weights": "pissa""#, "init_lora_weights"),
      (#""layer_replication": null"#, #""layer_replication": [[0, 1]]"#, "layer_replication"),
      (#""r": 4"#, #""r": -4"#, "r"), (#""r": 4"#, #""r": 99999999999"#, "r"),
      (#""lora_alpha": 6"#, #""lora_alpha": "six""#, "lora_alpha"),
      (#"model\\.layers"#, #"(?=model)\\.layers"#, "target_modules"),
      // empty parts, 10^10 times
      (#"model\\.layers"#, #"(((((){100}){100}){100}){100}){100}"#, "target_modules"),
    ])
  func refused(old: String, new: String, subject: String) throws {
    let copy = try Spoiled()
    try copy.edit("adapter_config.json", old, new)
    #expect(try copy.error()?.subject == subject)
  }

  @Test("Nothing in an adapter is silently left out")
  func unmatched() throws {
    let other = try Spoiled()
    try other.rename("layers.1.self_attn.q_proj.lora_A", "layers.9.self_attn.q_proj.lora_A")
    #expect(try other.error()?.subject?.contains("layers.9") == true)

    let half = try Spoiled()
    try half.rename("layers.1.self_attn.v_proj.lora_A", "layers.0.mlp.down_projxxx.lora_A")
    #expect(try half.error()?.kind == .mismatched)

    let untargeted = try Spoiled()
    try untargeted.edit("adapter_config.json", "(q|v|down)_proj", "(q|v)_proj")
    #expect(try untargeted.error()?.expected.contains("target_modules") == true)

    let rank = try Spoiled()
    try rank.edit("adapter_config.json", #"down_proj": 3"#, #"down_proj": 2"#)
    #expect(try rank.error()?.description.contains("rank 3") == true)

    let saved = try Spoiled()
    try saved.edit("adapter_config.json", #""input_layernorm""#, #""post_attention_layernorm""#)
    #expect(try saved.error()?.subject?.contains("input_layernorm") == true)
  }

  @Test("An adapter of another checkpoint is refused with both shapes")
  func foreign() throws {
    let error = try #require(try Spoiled().error(for: .untied))
    #expect(error.kind == .mismatched && error.description.contains("[64]") && error.description.contains("[32]"))
    #expect(error.remedy.contains("--adapter"))
  }

  @Test("Random damage never crashes", arguments: ["adapter_config.json", "adapter_model.safetensors"])
  func damage(name: String) throws {
    let copy = try Spoiled()
    let whole = try Data(contentsOf: copy.url.appending(path: name))
    var state: UInt64 = 5
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var refused = 0
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0...random(3) { bytes[random(min(whole.count, 2_000))] = UInt8(random(256)) }
      try bytes.write(to: copy.url.appending(path: name))
      if try copy.error() != nil { refused += 1 }
    }
    #expect(refused > 20)
  }
}
