/// What is asked of a generation beside its prompt.
package struct GenerationOptions: Sendable {
  package var sampling: Sampling
  /// Tokens of the answer, at most.
  package var maximumTokens: Int
  /// Tokens that may be spent on thoughts between `<think>` and `</think>` before the grammar begins; then the thoughts
  /// are closed. For models that were taught to think.
  package var thinkingTokens = 0
  /// Asked often; true ends the work with `DecoderError.cancelled`.
  package var isCancelled: @Sendable () -> Bool

  package init(
    sampling: Sampling = .greedy, maximumTokens: Int = 512, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.sampling = sampling
    self.maximumTokens = maximumTokens
    self.isCancelled = isCancelled
  }
}

/// Text that a decoder wrote.
package struct Generation: Sendable, Equatable {
  /// Why it ends.
  package enum Finish: String, Sendable {
    /// The decoder ended it.
    case ended
    /// The tokens ran out, and there is no grammar that would ask for more.
    case length
    /// The tokens ran out, and the grammar's shortest way to an end was added.
    case completed
  }

  package var bytes: [UInt8]
  package var tokens: [Int]
  package var finish: Finish
  package var promptTokens: Int
  /// Sum of the natural logarithms of the probabilities that the decoder gave its tokens, the end among them, before
  /// any grammar or temperature.
  package var logProbability: Double

  package init(
    bytes: [UInt8], tokens: [Int], finish: Finish, promptTokens: Int, logProbability: Double
  ) {
    self.bytes = bytes
    self.tokens = tokens
    self.finish = finish
    self.promptTokens = promptTokens
    self.logProbability = logProbability
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Anything that writes text for a prompt: the embedded specialist, a checkpoint, a server.
package protocol TextDecoder: Sendable {
  /// Model and kernel family: whatever decides the answer, for reports and cache keys.
  var name: String { get }

  /// The number of tokens that `prompt` takes.
  func count(_ prompt: Prompt) -> Int

  /// Tokens that the model may think with before it answers; 0 for one that does not think.
  var thinkingBudget: Int { get }

  /// Positions that prompt and answer share.
  var context: Int { get }

  /// Writes `count` answers to one prompt: the first as `options` say, the others each with the next seed. With a
  /// grammar every answer is a text that it accepts. Throws before any work when the prompt does not fit.
  func generate(
    _ prompt: Prompt, grammar: (any ByteGrammar)?, options: GenerationOptions, count: Int
  ) throws(DecoderError) -> [Generation]
}

extension TextDecoder {
  package var thinkingBudget: Int { 0 }

  /// One answer.
  package func generate(
    _ prompt: Prompt, grammar: (any ByteGrammar)? = nil, options: GenerationOptions = GenerationOptions()
  ) throws(DecoderError) -> Generation {
    let answers = try generate(prompt, grammar: grammar, options: options, count: 1)
    guard let answer = answers.first else { throw .unfinished(limit: options.maximumTokens) }
    return answer
  }
}
