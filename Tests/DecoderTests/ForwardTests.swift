import Decoder
import Foundation
import Testing

@Suite("Agreement with the reference transformer")
struct ForwardTests {
  static func largestDifference(_ found: [Float], _ expected: [Float]) -> Float {
    if found.count != expected.count { return .infinity }
    let scale = expected.map(abs).max() ?? 1
    return zip(found, expected).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) } / scale
  }

  @Test(
    "Logits are equal to one part in ten thousand", arguments: Fixture.allCases, [EngineChoice.fixedOrder, .openBLAS])
  func logits(fixture: Fixture, engine: EngineChoice) throws {
    let model = try Transformer(Checkpoint(directory: fixture.directory), engine: engine)
    for answer in try fixture.expected() {
      let whole = Session(model, capacity: answer.tokens.count)
      try whole.prefill(answer.tokens)
      #expect(Self.largestDifference(Array(whole.logits), answer.logits.floats) < 1e-4)
      let part = Session(model, capacity: answer.tokens.count)
      try part.prefill(Array(answer.tokens[..<answer.middle]))
      #expect(Self.largestDifference(Array(part.logits), answer.middleLogits.floats) < 1e-4)
    }
  }

  @Test("Greedy text is equal", arguments: Fixture.allCases, [EngineChoice.automatic, .openBLAS])
  func greedy(fixture: Fixture, engine: EngineChoice) throws {
    let decoder = try CheckpointDecoder(directory: fixture.directory, engine: engine)
    for answer in try fixture.expected() {
      let prompt = Prompt(system: answer.system, user: answer.user)
      #expect(decoder.tokens(of: prompt) == answer.tokens)
      let generation = try decoder.generate(prompt, options: GenerationOptions(maximumTokens: 40))
      #expect(generation.tokens == answer.greedy)
      #expect(generation.text == String(decoding: answer.text, as: UTF8.self))
      #expect(generation.promptTokens == answer.tokens.count)
    }
  }

  @Test("Every instruction set gives the same bits", arguments: Fixture.allCases)
  func sameBitsEverywhere(fixture: Fixture) throws {
    let checkpoint = try Checkpoint(directory: fixture.directory)
    let fast = try Transformer(checkpoint, engine: .fixedOrder)
    let reference = try Transformer(checkpoint, engine: .portable)
    let tokens = try #require(try fixture.expected().first).tokens
    let sessions = [fast, reference].map { Session($0, capacity: tokens.count + 1) }
    for session in sessions { try session.prefill(tokens) }
    #expect(Array(sessions[0].logits) == Array(sessions[1].logits))
    for session in sessions { try session.decode(7) }
    #expect(Array(sessions[0].logits) == Array(sessions[1].logits))
  }

  @Test("A prompt gives the same bits in whatever pieces", arguments: [EngineChoice.fixedOrder, .openBLAS])
  func pieces(engine: EngineChoice) throws {
    let model = try Transformer(Checkpoint(directory: Fixture.untied.directory), engine: engine)
    let tokens = (0..<150).map { ($0 * 37 + 11) % 300 }
    let whole = Session(model, capacity: 200)
    try whole.prefill(tokens)
    for size in [1, 7, 63, 64, 65, 149] {
      let session = Session(model, capacity: 150)
      for start in stride(from: 0, to: tokens.count, by: size) {
        try session.prefill(Array(tokens[start..<min(start + size, tokens.count)]))
      }
      #expect(Array(session.logits) == Array(whole.logits), "pieces of \(size)")
    }
  }

  @Test("Our own kernels give the same bits for tokens read one by one, together, or after a fork")
  func oneByOne() throws {
    let model = try Transformer(Checkpoint(directory: Fixture.tied.directory), engine: .fixedOrder)
    let tokens = (0..<90).map { ($0 * 53 + 5) % 300 }
    let whole = Session(model, capacity: 90)
    try whole.prefill(tokens)
    let single = Session(model, capacity: 90)
    for token in tokens { try single.decode(token) }
    #expect(Array(single.logits) == Array(whole.logits))
    let forked = whole.fork(keeping: 70, capacity: 90)
    try forked.prefill(Array(tokens[70...]))
    #expect(Array(forked.logits) == Array(whole.logits))
  }

  @Test("A session refuses more positions than it has room for")
  func room() throws {
    let model = try Transformer(Checkpoint(directory: Fixture.tied.directory))
    let session = Session(model, capacity: 64)
    #expect(throws: DecoderError.self) { try session.prefill(Array(repeating: 1, count: 65)) }
    try session.prefill(Array(repeating: 1, count: 64))
    #expect(throws: DecoderError.self) { try session.decode(1) }
  }
}
