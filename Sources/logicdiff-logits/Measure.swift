import Decoder
import Foundation

/// How long the parts of the decoder take, for Scripts/bench-decoder. Each figure is the median of its repetitions.
struct Measure: Codable {
  /// What is measured: `tokenizer`, `prefill`, `decode`, `mask` or `load`.
  var kind: String
  var repetitions: Int?
  /// Tokens of a prompt, or that are written.
  var count: Int?

  struct Result: Encodable {
    /// Seconds of each repetition, shortest first.
    var seconds: [Double]
    /// Units of work in one repetition: tokens or bytes.
    var work: Int
    var kernels: String?
    /// Seconds for states that are met for the first time.
    var cold: [Double]?
  }

  struct Unknown: Error {}

  private func times(_ body: () throws -> Void) rethrows -> [Double] {
    var seconds: [Double] = []
    for _ in 0..<(repetitions ?? 5) {
      let start = ContinuousClock.now
      try body()
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    return seconds.sorted()
  }

  func run(_ request: Request, engine: EngineChoice) throws -> Result {
    if kind == "tokenizer" {
      let tokenizer = try Tokenizer(path: request.tokenizer ?? "")
      let text = Array((request.texts ?? []).reduce(Data(), +))
      return Result(seconds: times { _ = tokenizer.encode(text) }, work: text.count)
    }
    let path = request.checkpoint ?? ""
    let format = request.format.flatMap(WeightFormat.init(rawValue:))
    if kind == "load" {
      let seconds = try times {
        let checkpoint = try Checkpoint(directory: path)
        let session = Session(try Transformer(checkpoint, engine: engine, format: format), capacity: 32)
        try session.prefill(Array(1...16))
      }
      return Result(seconds: seconds, work: 1)
    }
    if kind == "mask" { return try masks(Tokenizer(path: request.tokenizer ?? "")) }
    let checkpoint = try Checkpoint(directory: path)
    let model = try Transformer(checkpoint, engine: engine, format: format)
    let count = count ?? 128
    let tokens = (0..<count).map { ($0 * 37 + 11) % min(checkpoint.config.vocabularySize, 300) }
    switch kind {
    case "prefill":
      let seconds = try times { try Session(model, capacity: count).prefill(tokens) }
      return Result(seconds: seconds, work: count, kernels: model.kernelName)
    case "decode":
      let session = Session(model, capacity: 64 + count * (repetitions ?? 5))
      try session.prefill(Array(tokens.prefix(32)))
      let seconds = try times { for token in tokens { try session.decode(token) } }
      return Result(seconds: seconds, work: count, kernels: model.kernelName)
    default: throw Unknown()
    }
  }

  /// What a state of a grammar allows, met for the first time and again.
  private func masks(_ tokenizer: Tokenizer) throws -> Result {
    let meter = try MaskMeter(tokenizer: tokenizer)
    let times = meter.measure(steps: count ?? 400)
    return Result(seconds: times.steady.sorted(), work: 1, cold: times.cold.sorted())
  }
}
