import Decoder
import Foundation
import Synchronization
import Testing

@Suite("The same bits, however the work is done")
struct DeterminismTests {
  struct Way: Sendable, CustomTestStringConvertible {
    var engine: EngineChoice
    var format: WeightFormat
    var testDescription: String { "\(engine) \(format)" }
  }

  private static let ways = [
    Way(engine: .fixedOrder, format: .float), Way(engine: .openBLAS, format: .float),
    Way(engine: .fixedOrder, format: .q8x0), Way(engine: .fixedOrder, format: .q4x0),
  ]
  private static let tokens = (0..<150).map { ($0 * 53 + 5) % 300 }

  private static func bits(_ session: Session) -> [UInt32] { session.logits.map(\.bitPattern) }

  /// The scores after the prompt, read at once on one thread: what every other way must give.
  private static func reference(_ way: Way) throws -> [UInt32] {
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let model = try Transformer(checkpoint, engine: way.engine, format: way.format, threads: 1)
    let session = Session(model, capacity: 200)
    try session.prefill(tokens)
    return bits(session)
  }

  @Test("Threads, pieces, restored prefixes and the vector unit change nothing", arguments: ways)
  func matrix(way: Way) throws {
    let expected = try Self.reference(way)
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    for threads in [1, 2, 3, 8] {
      let model = try Transformer(checkpoint, engine: way.engine, format: way.format, threads: threads)
      for piece in [1, 17, 64, 100, 150] {
        let session = Session(model, capacity: 160)
        for start in stride(from: 0, to: Self.tokens.count, by: piece) {
          try session.prefill(Array(Self.tokens[start..<min(start + piece, Self.tokens.count)]))
        }
        #expect(Self.bits(session) == expected, "\(threads) threads, pieces of \(piece)")
      }
      let donor = Session(model, capacity: 160)
      try donor.prefill(Self.tokens)
      for kept in [0, 1, 63, 64, 100, 149] {
        let restored = donor.restored(Array(Self.tokens[..<kept]), capacity: 170)
        try restored.prefill(Array(Self.tokens[restored.tokens.count...]))
        #expect(Self.bits(restored) == expected, "\(threads) threads, \(kept) restored")
      }
    }
  }

  @Test("Tokens that are fed one by one as if they were chosen change nothing", arguments: [ways[0], ways[2], ways[3]])
  func oneByOne(way: Way) throws {
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let model = try Transformer(checkpoint, engine: way.engine, format: way.format, threads: 2)
    let session = Session(model, capacity: 160)
    try session.prefill(Array(Self.tokens[..<40]))
    for token in Self.tokens[40...] { try session.decode(token) }
    #expect(Self.bits(session) == (try Self.reference(way)))
  }

  @Test("The portable kernels give the same bits", arguments: [ways[0], ways[2], ways[3]])
  func portable(way: Way) throws {
    let plain = Way(engine: .portable, format: way.format)
    #expect(try Self.reference(plain) == Self.reference(way))
  }

  @Test("Sessions that share a pass change nothing", arguments: ways)
  func together(way: Way) throws {
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let model = try Transformer(checkpoint, engine: way.engine, format: way.format, threads: 2)
    // as many prompts as one pass cannot hold, each read to another place, some from one beginning
    let prompts = (0..<9).map { index in Self.tokens.map { ($0 * (index / 3 + 1) + index % 3) % 300 } }
    let cuts = [150, 1, 17, 64, 65, 128, 2, 100, 149]
    let alone = try zip(prompts, cuts).map { prompt, cut in
      let session = Session(model, capacity: 160)
      try session.prefill(Array(prompt[..<cut]))
      for token in prompt[cut...] { try session.decode(token) }
      return Self.bits(session)
    }
    let sessions = prompts.map { _ in Session(model, capacity: 160) }
    try Session.read(zip(sessions, zip(prompts, cuts)).map { Session.Step($0, Array($1.0[..<$1.1])) })
    for place in 0..<Self.tokens.count {
      let steps = zip(sessions, prompts).filter { $0.0.tokens.count == place }
        .map { Session.Step($0, chosen: $1[place]) }
      if !steps.isEmpty { try Session.read(steps) }
    }
    #expect(sessions.map(Self.bits) == alone)
  }

  @Test("Answers that are written at once are those that are written alone", arguments: [ways[0], ways[2]])
  func answersTogether(way: Way) throws {
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let grammar = try PushdownGrammar(
      start: "text", rules: ["text": .repeated(.oneOf(.identifier), 1...20)])
    let beginning = String(repeating: "a1 b2 ", count: 60)
    let prompts = (0..<12).map { Prompt(user: beginning + "x\($0) \(String(repeating: "y", count: $0 % 5))") }
    let options = GenerationOptions(
      sampling: Sampling(temperature: 0.8, seed: 4), maximumTokens: 24)
    func decoder(batches: Bool) throws -> CheckpointDecoder {
      try CheckpointDecoder(checkpoint, engine: way.engine, format: way.format, batches: batches)
    }
    let alone = try decoder(batches: false)
    let expected = try prompts.map { try alone.generate($0, grammar: grammar, options: options) }
    let together = try decoder(batches: true)
    // threads of their own, since each waits for the others
    let answers = Mutex([Generation?](repeating: nil, count: prompts.count))
    let done = DispatchSemaphore(value: 0)
    for (index, prompt) in prompts.enumerated() {
      Thread.detachNewThread {
        let answer = try? together.generate(prompt, grammar: grammar, options: options)
        answers.withLock { $0[index] = answer }
        done.signal()
      }
    }
    for _ in prompts { done.wait() }
    #expect(answers.withLock { $0 } == expected)
  }

  @Test("A beginning that an earlier run kept gives the same answers, and a damaged one is computed anew")
  func keptBeginning() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "prefixes-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let beginning = String(repeating: "a1 b2 ", count: 60)
    let prompts = ["x", "y", "z"].map { Prompt(user: beginning + $0) }
    let options = GenerationOptions(maximumTokens: 12)
    func answers() throws -> [Generation] {
      let decoder = try CheckpointDecoder(
        checkpoint, engine: .fixedOrder, cache: folder.path, batches: true)
      return try prompts.map { try decoder.generate($0, options: options) }
    }
    let alone = try CheckpointDecoder(checkpoint, engine: .fixedOrder, batches: false)
    let expected = try prompts.map { try alone.generate($0, options: options) }
    #expect(try answers() == expected)
    let kept = folder.appending(path: "prefixes")
    let names = try FileManager.default.contentsOfDirectory(atPath: kept.path)
    #expect(names.count == 1)
    #expect(try answers() == expected)
    let file = kept.appending(path: try #require(names.first))
    try Data(contentsOf: file).dropLast(100).write(to: file)
    #expect(try answers() == expected)
  }

  @Test("Weights that were kept by an earlier run give the same bits, and damaged ones are made anew")
  func keptWeights() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "panels-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let expected = try Self.reference(Self.ways[2])
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    func bits() throws -> [UInt32] {
      let model = try Transformer(
        checkpoint, engine: .fixedOrder, format: .q8x0, threads: 1, cache: folder.path)
      let session = Session(model, capacity: 200)
      try session.prefill(Self.tokens)
      return Self.bits(session)
    }
    #expect(try bits() == expected)
    let kept = folder.appending(path: "weights")
    let names = try FileManager.default.contentsOfDirectory(atPath: kept.path)
    #expect(names.count == 1 && names.allSatisfy { $0.hasSuffix("-q8_0.panels") })
    #expect(try bits() == expected)
    let file = kept.appending(path: try #require(names.first))
    let whole = try Data(contentsOf: file)
    for spoiled in [Data(), whole.dropLast(1), Data(repeating: 0, count: whole.count)] {
      try spoiled.write(to: file)
      #expect(try bits() == expected)
      #expect(try Data(contentsOf: file) == whole)
    }
  }

  @Test("Sessions side by side in several threads do not disturb each other", arguments: ways)
  func sideBySide(way: Way) async throws {
    let expected = try Self.reference(way)
    let checkpoint = try Checkpoint(directory: Fixture.tied.directory)
    let model = try Transformer(checkpoint, engine: way.engine, format: way.format, threads: 3)
    let results = await withTaskGroup(of: [UInt32].self) { group in
      for _ in 0..<6 {
        group.addTask {
          let session = Session(model, capacity: 160)
          try? session.prefill(Self.tokens)
          return Self.bits(session)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 6 && results.allSatisfy { $0 == expected })
  }
}

@Suite("Thoughts before an answer")
struct ThoughtTests {
  /// The fixture with marks for thoughts in its vocabulary.
  private static func thinking() throws -> SpoiledCheckpoint {
    let copy = try SpoiledCheckpoint()
    let flags = #""single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":false"#
    let added = #""added_tokens":[{"id":330,"content":"<think>",\#(flags)},{"id":331,"content":"</think>",\#(flags)},"#
    #expect(try copy.editText("tokenizer.json", #""added_tokens":["#, added))
    return copy
  }

  private static func grammar() throws -> PushdownGrammar {
    try PushdownGrammar(
      start: "answer", rules: ["answer": .sequence([.text("f("), .repeated(.oneOf(.digits), 1...3), .text(")")])])
  }

  @Test("They come first, end within their budget, and are not part of the answer")
  func first() throws {
    let copy = try Self.thinking()
    defer { withExtendedLifetime(copy) {} }
    let decoder = try CheckpointDecoder(directory: copy.directory)
    #expect(decoder.thinkingBudget > 0)
    var options = GenerationOptions(maximumTokens: 12)
    let plain = try decoder.generate(Prompt(user: "sum"), grammar: Self.grammar(), options: options)
    options.thinkingTokens = 9
    let thoughtful = try decoder.generate(Prompt(user: "sum"), grammar: Self.grammar(), options: options)
    let again = try decoder.generate(Prompt(user: "sum"), grammar: Self.grammar(), options: options)
    for answer in [plain, thoughtful] { #expect(try Self.grammar().accepts(answer.bytes)) }
    #expect(thoughtful == again && thoughtful.logProbability != plain.logProbability)
  }

  @Test("Their budget counts against the context, with the numbers")
  func counted() throws {
    let copy = try Self.thinking()
    defer { withExtendedLifetime(copy) {} }
    let decoder = try CheckpointDecoder(directory: copy.directory)
    var options = GenerationOptions(maximumTokens: 100)
    options.thinkingTokens = 450
    let error = #expect(throws: DecoderError.self) { try decoder.generate(Prompt(user: "sum"), options: options) }
    #expect(error?.kind == .promptTooLong && error?.expected.contains("512") == true)
  }

  @Test("A model without marks for them does not think")
  func none() throws {
    let decoder = try CheckpointDecoder(directory: Fixture.tied.directory)
    #expect(decoder.thinkingBudget == 0)
    var options = GenerationOptions(maximumTokens: 10)
    let plain = try decoder.generate(Prompt(user: "sum"), options: options)
    options.thinkingTokens = 50
    #expect(try decoder.generate(Prompt(user: "sum"), options: options) == plain)
  }
}
