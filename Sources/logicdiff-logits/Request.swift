import Decoder
import Foundation

/// What one line of standard input asks.
struct Request: Decodable {
  var checkpoint: String?
  /// The directory of an adapter.
  var adapter: String?
  var engine: String?
  /// How weights are kept in memory; as the program would where it is not given.
  var format: String?
  /// Token ids of a prompt.
  var tokens: [Int]?
  /// Positions of the prompt whose scores are wanted; the last one where it is not given.
  var positions: [Int]?
  /// How many tokens to go on with, each the likeliest.
  var greedy: Int?
  var tokenizer: String?
  /// Texts in base64, since not all are UTF-8.
  var texts: [Data]?

  var measure: Measure?

  struct Answer: Encodable {
    var measured: Measure.Result?
    /// Little-endian single precision, in base64.
    var logits: [Data]?
    var greedy: [Int]?
    var tokens: [[Int]]?
  }

  struct Unclear: Error {}

  @MainActor func answer() throws -> Answer {
    if let measure { return Answer(measured: try measure.run(self, engine: try choice())) }
    if let tokenizer {
      let opened = try Tokenizer(path: tokenizer)
      return Answer(tokens: (texts ?? []).map { opened.encode(Array($0)) })
    }
    guard let checkpoint, let tokens else { throw Unclear() }
    let opened = try Checkpoint(directory: checkpoint)
    var model = try Transformer(opened, engine: try choice(), format: format.flatMap(WeightFormat.init(rawValue:)))
    if let adapter {
      model = try Transformer(model, of: opened, adapter: Adapter(directory: adapter, for: opened))
    }
    let session = Session(model, capacity: tokens.count + (greedy ?? 0) + 1)
    var answer = Answer()
    var logits: [Data] = []
    var read = 0
    for position in (positions ?? [tokens.count - 1]).sorted() where position >= read && position < tokens.count {
      try session.prefill(Array(tokens[read...position]))
      read = position + 1
      logits.append(Data(buffer: UnsafeBufferPointer(session.logits)))
    }
    answer.logits = logits
    if let greedy {
      if read < tokens.count { try session.prefill(Array(tokens[read...])) }
      var written: [Int] = []
      while written.count < greedy, let token = session.mostLikely {
        written.append(token)
        try session.decode(token)
      }
      answer.greedy = written
    }
    return answer
  }

  private func choice() throws -> EngineChoice {
    switch engine ?? "automatic" {
    case "automatic": .automatic
    case "openBLAS": .openBLAS
    case "fixedOrder": .fixedOrder
    case "portable": .portable
    default: throw Unclear()
    }
  }
}
