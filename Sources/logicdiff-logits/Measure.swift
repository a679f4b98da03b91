import Decoder
import Foundation
import Logic
import Summaries

/// How long the parts of the decoder take, for Scripts/bench-decoder. Each figure is the median of its repetitions.
struct Measure: Codable {
  /// What is measured: `tokenizer`, `prefill`, `decode`, `sequences`, `functions`, `bandwidth`, `mask` or `load`.
  var kind: String
  var repetitions: Int?
  /// Tokens of a prompt, or that are written.
  var count: Int?
  /// Sequences that are written together.
  var sequences: Int?
  /// Folders of adapters that the sequences have in turn; an empty name is none.
  var adapters: [String]?
  /// Tokens that all prompts begin with, and that each has of its own.
  var shared: Int?
  var own: Int?
  /// The folder where packed weights are kept.
  var cache: String?
  /// What masks are of: `summary`, the language of summaries; `served`, as much of it as servers are sent; `answer`, what
  /// the specialist may answer to one prompt; else a grammar of calls.
  var grammar: String?

  struct Result: Encodable {
    /// Seconds of each repetition, shortest first, and the processor time of all threads.
    var seconds: [Double]
    var processor: [Double]?
    /// Units of work in one repetition: tokens or bytes.
    var work: Int
    var kernels: String?
    /// Bytes of weights that a token reads, and what the process holds in memory.
    var weights: Int?
    var resident: Int?
    /// Seconds for states that are met for the first time.
    var cold: [Double]?
    /// The tokens that were masked for, how many each step allowed, and the grammar as servers take it.
    var taken: [Int]?
    var allowed: [Int]?
    var notation: String?
  }

  struct Unknown: Error {}

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private func measured(_ work: Int, _ body: () throws -> Void) rethrows -> Result {
    var result = Result(seconds: [], processor: [], work: work)
    for _ in 0..<(repetitions ?? 5) {
      let (start, busy) = (ContinuousClock.now, Self.processorTime())
      try body()
      result.seconds.append((ContinuousClock.now - start) / .seconds(1))
      result.processor?.append(Self.processorTime() - busy)
    }
    result.seconds.sort()
    result.processor?.sort()
    return result
  }

  @MainActor func run(_ request: Request, engine: EngineChoice) throws -> Result {
    switch kind {
    case "tokenizer":
      let tokenizer = try Tokenizer(path: request.tokenizer ?? "")
      let text = Array((request.texts ?? []).reduce(Data(), +))
      return measured(text.count) { _ = tokenizer.encode(text) }
    case "mask":
      let texts = request.texts?.map { String(decoding: $0, as: UTF8.self) }
      return try masks(Tokenizer(path: request.tokenizer ?? ""), texts)
    case "bandwidth":
      let meter = BandwidthMeter(bytes: count ?? 1 << 30)
      return measured(meter.bytes) { meter.read() }
    case "load":
      let format = request.format.flatMap(WeightFormat.init(rawValue:))
      var result = try measured(1) {
        let checkpoint = try Checkpoint(directory: request.checkpoint ?? "")
        let model = try Transformer(checkpoint, engine: engine, format: format, cache: cache)
        try Session(model, capacity: 32).prefill(Array(1...16))
      }
      result.resident = residentBytes()
      return result
    default: return try generation(Loaded.model(request, engine, cache))
    }
  }

  private func generation(_ decoder: CheckpointDecoder) throws -> Result {
    let model = decoder.model
    let count = count ?? 128
    let tokens = (0..<count).map { ($0 * 37 + 11) % min(model.config.vocabularySize, 256) }
    var result: Result
    switch kind {
    case "prefill": result = try measured(count) { try Session(model, capacity: count).prefill(tokens) }
    case "decode":
      let session = Session(model, capacity: 64 + count * (repetitions ?? 5))
      try session.prefill(Array(tokens.prefix(32)))
      result = try measured(count) { for token in tokens { try session.decode(token) } }
    case "sequences":
      let views = try (adapters ?? [""]).map { folder in
        if folder.isEmpty { return model }
        let adapter = try Adapter(directory: folder, for: decoder.checkpoint)
        return try Transformer(model, of: decoder.checkpoint, adapter: adapter)
      }
      let sessions = (0..<(sequences ?? 16)).map { index in
        Session(views[index % views.count], capacity: 64 + count * (repetitions ?? 5))
      }
      for session in sessions { try session.prefill(Array(tokens.prefix(32))) }
      result = try measured(count * sessions.count) {
        for token in tokens { try Session.read(sessions.map { Session.Step($0, chosen: token) }) }
      }
    case "functions": result = functions(decoder, answer: count)
    default: throw Unknown()
    }
    result.kernels = model.kernelName
    result.weights = model.weightBytes
    result.resident = residentBytes()
    return result
  }

  /// Prompts with one beginning, each answered in a thread of its own, as a comparison asks about its functions.
  private func functions(_ decoder: CheckpointDecoder, answer: Int) -> Result {
    let prompts = (0..<(sequences ?? 32)).map { index in
      let text = (0..<(shared ?? 900) + (own ?? 60)).map { place -> Character in
        let number = place < shared ?? 900 ? place * 7 : place * (index + 3) + index
        return Character(UnicodeScalar(UInt8(65 + number % 26)))
      }
      return Prompt(user: String(text))
    }
    return measured(prompts.count * answer) {
      let threads = prompts.map { prompt in
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
          _ = try? decoder.generate(prompt, grammar: nil, options: GenerationOptions(maximumTokens: answer), count: 1)
          done.signal()
        }
        thread.start()
        return done
      }
      for thread in threads { thread.wait() }
    }
  }

  /// What a state of a grammar allows, met for the first time and again: along texts, or along drawn tokens.
  private func masks(_ tokenizer: Tokenizer, _ texts: [String]?) throws -> Result {
    let meter = MaskMeter(tokenizer: tokenizer)
    func measured(_ grammar: some ByteGrammar, notation: String? = nil) -> Result {
      let times = texts.map { meter.measure(grammar, along: $0) } ?? meter.measure(grammar, steps: count ?? 400)
      return Result(
        seconds: times.steady.sorted(), work: 1, cold: times.cold.sorted(), taken: times.taken, allowed: times.allowed,
        notation: notation)
    }
    switch grammar ?? "calls" {
    case "calls": return try measured(MaskMeter.calls())
    case "summary": return measured(SummaryGrammar())
    case "served":
      guard let rules = SummaryGrammar.rules(from: SummaryGrammar().start) else { throw Unknown() }
      let served = try PushdownGrammar(start: SummaryGrammar.root, rules: rules)
      return measured(served, notation: SummaryGrammar().notation)
    case "answer":
      let (code, _) = try ProcedureParser.parse(SummaryPrompt.exampleCode)
      guard let grammar = AnswerGrammar(of: SummaryPrompt(code)) else { throw Unknown() }
      return measured(grammar)
    default: throw Unknown()
    }
  }
}

/// The model of the last request, so that measures can take turns with another program's.
@MainActor private enum Loaded {
  private static var last: (key: String, decoder: CheckpointDecoder)?

  static func model(_ request: Request, _ engine: EngineChoice, _ cache: String?) throws -> CheckpointDecoder {
    let path = request.checkpoint ?? ""
    let key = "\(path) \(engine) \(request.format ?? "")"
    if let last, last.key == key { return last.decoder }
    last = nil
    let decoder = try CheckpointDecoder(
      Checkpoint(directory: path), engine: engine, format: request.format.flatMap(WeightFormat.init(rawValue:)),
      cache: cache)
    last = (key, decoder)
    return decoder
  }
}

/// What this process holds in memory, pages of files included.
private func residentBytes() -> Int? {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
  return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * Int(getpagesize()) }
}
