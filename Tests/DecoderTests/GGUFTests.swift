import Decoder
import Foundation
import Testing

@Suite("GGUF files")
struct GGUFTests {
  enum File: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case llama = "gguf-llama"
    case qwen2 = "gguf-qwen2"

    var testDescription: String { rawValue }
    var path: String { Fixture.root.appending(path: "\(rawValue)/model.gguf").path }

    func expected() throws -> [ExpectedAnswer] {
      let data = try Data(contentsOf: Fixture.root.appending(path: "\(rawValue)/expected.json"))
      return try JSONDecoder().decode([ExpectedAnswer].self, from: data)
    }
  }

  @Test("Logits and greedy text are those of the weights that the file holds", arguments: File.allCases)
  func agreement(file: File) throws {
    let decoder = try CheckpointDecoder(directory: file.path)
    for answer in try file.expected() {
      #expect(decoder.tokens(of: Prompt(user: answer.user)) == answer.tokens)
      let session = Session(decoder.model, capacity: answer.tokens.count)
      try session.prefill(answer.tokens)
      #expect(ForwardTests.largestDifference(Array(session.logits), answer.logits.floats) < 1e-4)
      let written = try decoder.generate(Prompt(user: answer.user), options: GenerationOptions(maximumTokens: 40))
      #expect(written.tokens == answer.greedy)
    }
    try decoder.checkpoint.verify()
  }

  @Test("Weights that stay in their blocks give nearly the same scores", arguments: File.allCases)
  func inBlocks(file: File) throws {
    let checkpoint = try Checkpoint(directory: file.path)
    let model = try Transformer(checkpoint, format: file == .llama ? .q8x0 : .q4x0)
    let answer = try #require(try file.expected().first)
    let session = Session(model, capacity: answer.tokens.count)
    try session.prefill(answer.tokens)
    let difference = ForwardTests.largestDifference(Array(session.logits), answer.logits.floats)
    #expect(difference > 0 && difference < 0.1)
  }

  /// The fixture's bytes, to spoil.
  private final class Spoiled {
    let path = FileManager.default.temporaryDirectory.appending(path: "spoiled-\(UUID().uuidString).gguf").path
    let whole: [UInt8]

    init(_ file: File = .llama) throws { whole = Array(try Data(contentsOf: URL(filePath: file.path))) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func error(_ bytes: some Collection<UInt8>) throws -> DecoderError? {
      try Data(bytes).write(to: URL(filePath: path))
      do throws(DecoderError) {
        _ = try Checkpoint(directory: path)
        return nil
      } catch {
        return error
      }
    }

    /// The place of a text in the file.
    func place(of text: String) throws -> Int {
      try #require(Data(whole).range(of: Data(text.utf8))).lowerBound
    }

    func replaced(_ text: String, after offset: Int = 0, with bytes: [UInt8]) throws -> [UInt8] {
      let start = try place(of: text) + text.utf8.count + offset
      return whole[..<start] + bytes + whole[(start + bytes.count)...]
    }
  }

  @Test("A file cut anywhere is refused")
  func truncated() throws {
    let file = try Spoiled()
    for keep in [0, 3, 4, 8, 16, 23, 24, 40, 500, 5_000, file.whole.count / 2, file.whole.count - 40] {
      let error = try #require(try file.error(file.whole.prefix(keep)), "\(keep) bytes")
      #expect(error.file == file.path && !error.remedy.isEmpty)
    }
  }

  @Test("Counts and sizes that lie are refused at once")
  func lies() throws {
    let file = try Spoiled()
    let huge = [UInt8](repeating: 0xFF, count: 8)
    for at in [8, 16, 24] {
      var bytes = file.whole
      bytes.replaceSubrange(at..<at + 8, with: huge)
      #expect(try file.error(bytes)?.kind == .malformed)
    }
    // rank, dimensions, type and offset follow a tensor's name
    let name = "blk.1.attn_k.weight"
    for (offset, bytes, word) in [
      (0, [9, 0, 0, 0], "dimensions"), (4, huge, "shape"), (4, [1, 0, 0, 0, 0, 0, 0, 0], "multiple of 32"),
      (4, [0, 0, 0, 0, 0, 0, 0, 64], "overflow"), (20, [10, 0, 0, 0], "Q2_K"), (20, [99, 0, 0, 0], "type 99"),
      (24, [1, 0, 0, 0, 0, 0, 0, 0], "offset"), (24, [0, 0, 0, 0, 0, 0, 0, 64], "truncated"),
      (24, [32, 0, 0, 0, 0, 0, 0, 0], "overlap"),
    ] as [(Int, [UInt8], String)] {
      let error = try #require(try file.error(file.replaced(name, after: offset, with: bytes)), "\(word)")
      #expect(error.description.contains(word), "\(error)")
    }
  }

  @Test("What is not supported is named")
  func unsupported() throws {
    let file = try Spoiled()
    var version = file.whole
    version[4] = 1
    #expect(try file.error(version)?.description.contains("version 1") == true)
    version.replaceSubrange(4..<8, with: [0, 0, 0, 3])
    #expect(try file.error(version)?.description.contains("big-endian") == true)
    // type of the value, its length, then the text
    let model = try file.replaced("tokenizer.ggml.model", after: 12, with: Array("gpt3".utf8))
    #expect(try file.error(model)?.subject == "tokenizer.ggml.model")
    let architecture = try file.replaced("general.architecture", after: 12, with: Array("mamba".utf8))
    #expect(try file.error(architecture)?.description.contains("mamba") == true)
    let pre = try file.replaced("tokenizer.ggml.pre", after: 12, with: Array("llama-xyz".utf8))
    #expect(try file.error(pre)?.description.contains("llama-xyz") == true)
    let renamed = try file.replaced("blk.1.attn", with: Array("_x".utf8))
    #expect(try file.error(renamed)?.kind == .malformed)
  }

  @Test("Random damage to a header never crashes", arguments: File.allCases)
  func damage(kind: File) throws {
    let file = try Spoiled(kind)
    let reach = file.whole.count - 20_000
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var refused = 0
    for _ in 0..<250 {
      var bytes = file.whole
      for _ in 0...random(4) {
        bytes[random(reach)] = random(3) == 0 ? [0, 0x7F, 0x80, 0xFF][random(4)] : UInt8(random(256))
      }
      if try file.error(bytes) != nil { refused += 1 }
    }
    #expect(refused > 30)
  }
}
