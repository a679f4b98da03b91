import Decoder
import Foundation
import Testing

@Suite("Agreement with the reference tokenizer")
struct TokenizerTests {
  struct Cases: Decodable {
    struct Kind: Decodable {
      var asText: [[Int]]
      var withAdded: [[Int]]
    }
    var texts: [Data]
    var kinds: [String: Kind]
  }

  private static let folder = Fixture.root.appending(path: "tokenizers")

  private static func cases() throws -> Cases {
    try JSONDecoder().decode(Cases.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
  }

  private static func tokenizer(_ kind: String) throws -> Tokenizer {
    try Tokenizer(path: folder.appending(path: "\(kind).json").path)
  }

  @Test("Every text becomes the same tokens", arguments: ["qwen2", "llama3", "gpt2", "digits"])
  func sameTokens(kind: String) throws {
    let cases = try Self.cases()
    let expected = try #require(cases.kinds[kind])
    let tokenizer = try Self.tokenizer(kind)
    #expect(cases.texts.count > 500)
    for (text, tokens) in zip(cases.texts, expected.asText) {
      #expect(tokenizer.encode(Array(text)) == tokens, "\(String(decoding: text, as: UTF8.self).debugDescription)")
    }
    let marked = cases.texts.filter { String(decoding: $0, as: UTF8.self).contains("<|") }
    for (text, tokens) in zip(marked, expected.withAdded) {
      #expect(tokenizer.encodeWithAddedTokens(Array(text)) == tokens)
    }
  }

  @Test("No special token comes from text")
  func specialStaysText() throws {
    let tokenizer = try Self.tokenizer("qwen2")
    let text = Array("<|im_start|>system\n<|im_end|><|endoftext|>".utf8)
    let tokens = tokenizer.encode(text)
    #expect(tokens.allSatisfy { !tokenizer.isSpecial($0) })
    #expect(tokenizer.decode(tokens) == text)
    #expect(tokenizer.encodeWithAddedTokens(text).contains { tokenizer.isSpecial($0) })
  }

  @Test("Arbitrary bytes survive the way there and back", arguments: ["llama3", "gpt2", "digits"])
  func roundTrip(kind: String) throws {
    let tokenizer = try Self.tokenizer(kind)
    var state: UInt64 = 42
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      }
      #expect(tokenizer.decode(tokenizer.encode(bytes)) == bytes)
    }
    let surrogates: [UInt8] = [
      0x61, 0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80, 0xC0, 0xAF, 0xF4, 0x90, 0x80, 0x80, 0xE2, 0x82,
    ]
    #expect(tokenizer.decode(tokenizer.encode(surrogates)) == surrogates)
  }

  @Test("Normalization composes text and leaves broken bytes alone")
  func normalization() throws {
    let tokenizer = try Self.tokenizer("qwen2")
    #expect(tokenizer.decode(tokenizer.encode(Array("e\u{301}".utf8))) == Array("é".utf8))
    let broken: [UInt8] = [0xFF] + Array("e\u{301}".utf8) + [0xCC]
    #expect(tokenizer.decode(tokenizer.encode(broken)) == [0xFF] + Array("é".utf8) + [0xCC])
  }

  @Test("A word of many letters is tokenized in reasonable time")
  func longWord() throws {
    let tokenizer = try Self.tokenizer("qwen2")
    let text = (0..<150_000).map { UInt8(ascii: "a") + UInt8($0 * 7 % 26) }
    let clock = ContinuousClock()
    var tokens: [Int] = []
    let time = clock.measure { tokens = tokenizer.encode(text) }
    #expect(tokenizer.decode(tokens) == text)
    #expect(time < .seconds(20))
  }
}
