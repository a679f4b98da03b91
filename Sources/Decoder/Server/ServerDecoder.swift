import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A model behind an OpenAI-compatible server that the user named: vLLM, llama.cpp's server and their like.
///
/// What it writes is held to the grammar twice: the server is sent the grammar where there is one in its notation, and
/// the answer is read against it here; an answer that does not fit is asked for again with another seed.
package final class ServerDecoder: TextDecoder {
  /// Patience with a server.
  package struct Patience: Sendable {
    /// Seconds for one answer.
    package var answer = 120.0
    /// Tries where the server fails, each after a longer wait.
    package var tries = 4
    /// Seconds before the second try; doubled with each.
    package var firstWait = 0.5
    /// Answers that are asked for until one fits the grammar.
    package var attempts = 3
    /// Requests at one time.
    package var requests = 4

    package init() {}
  }

  package let address: ServerAddress
  package let model: String
  package let context: Int
  package let name: String
  private let patience: Patience
  private let transport: Transport
  private let key: String?
  private let places: DispatchSemaphore
  /// Whether the server takes a grammar; false once it has refused one.
  private let takesGrammar = Mutex(true)

  /// Asks the server which model it serves, and how long its context is.
  package init(
    _ address: ServerAddress, key: String? = ProcessInfo.processInfo.environment["LOGICDIFF_API_KEY"],
    patience: Patience = Patience(), isCancelled: @Sendable () -> Bool = { false }
  ) throws(DecoderError) {
    self.address = address
    self.patience = patience
    self.key = key.flatMap { $0.isEmpty ? nil : $0 }
    transport = Transport(timeout: patience.answer)
    places = DispatchSemaphore(value: patience.requests)
    var request = URLRequest(url: address.models)
    if let key = self.key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
    let answer: JSON
    do throws(DecoderError) {
      answer = try Self.exchange(request, address, transport, patience, isCancelled)
    } catch {
      transport.close()
      throw error
    }
    let listed = answer["data"]?.elements ?? []
    let wanted = address.model
    let entry = listed.first { wanted == nil || $0["id"]?.text == wanted }
    guard let model = entry?["id"]?.text else {
      transport.close()
      throw .server(
        address, expected: wanted.map { "the model \($0)" } ?? "a model",
        found: listed.compactMap { $0["id"]?.text }.joined(separator: ", "))
    }
    self.model = model
    context = max(1, entry?["max_model_len"]?.integer ?? entry?["meta"]?["n_ctx_train"]?.integer ?? 8_192)
    name = "\(model)@\(address.host)"
  }

  deinit { transport.close() }

  /// What is sent, in a sentence for the user.
  package var notice: String { Self.notice(address) }

  package static func notice(_ address: ServerAddress) -> String {
    let way = address.isLocal ? "on this machine" : "over the network"
    return "sends the normal form of functions that are asked about, with the names and texts in them, to "
      + "\(address.host) (\(way)), which --decoder names; nothing else is sent"
  }

  /// An estimate, since only the server knows its tokens: three bytes each, which code seldom exceeds.
  package func count(_ prompt: Prompt) -> Int { (prompt.system.utf8.count + prompt.user.utf8.count) / 3 + 16 }

  package func generate(
    _ prompt: Prompt, grammar: (any ByteGrammar)?, options: GenerationOptions, count: Int
  ) throws(DecoderError) -> [Generation] {
    let size = self.count(prompt)
    if size + options.maximumTokens > context {
      throw .promptTooLong(prompt: size, reserved: options.maximumTokens, context: context)
    }
    while places.wait(timeout: .now() + .milliseconds(20)) == .timedOut {
      if options.isCancelled() { throw .cancelled }
    }
    defer { places.signal() }
    var answers: [Generation] = []
    for index in 0..<max(0, count) {
      var own = options
      own.sampling.seed &+= UInt64(index)
      answers.append(try answer(prompt, grammar, own, size))
    }
    return answers
  }

  private func answer(
    _ prompt: Prompt, _ grammar: (any ByteGrammar)?, _ options: GenerationOptions, _ size: Int
  ) throws(DecoderError) -> Generation {
    var options = options
    var last = ""
    for attempt in 0..<max(1, patience.attempts) {
      let reply = try ask(prompt, grammar?.notation, options)
      let choice = reply["choices"]?.elements?.first
      guard let text = choice?["message"]?["content"]?.text ?? choice?["text"]?.text else {
        throw .server(address, expected: "an answer with choices", found: "other JSON")
      }
      let finish: Generation.Finish = choice?["finish_reason"]?.text == "length" ? .length : .ended
      guard let bytes = Self.fitting(Array(text.utf8), grammar) else {
        last = String(text.prefix(60))
        // the likeliest answer would be the same again
        options.sampling.seed &+= 0x1000
        if options.sampling.temperature <= 0 { options.sampling.temperature = 0.4 + 0.2 * Double(attempt) }
        continue
      }
      return Generation(
        bytes: bytes, tokens: [], finish: finish,
        promptTokens: reply["usage"]?["prompt_tokens"]?.integer ?? size, logProbability: 0)
    }
    throw .unfit(address, attempts: patience.attempts, found: "\"\(last.replacing("\n", with: "\\n"))...\"")
  }

  private func ask(
    _ prompt: Prompt, _ notation: String?, _ options: GenerationOptions
  ) throws(DecoderError) -> JSON {
    let sendsGrammar = notation != nil && takesGrammar.withLock { $0 }
    let body = Self.body(prompt, model, address.style, options, grammar: sendsGrammar ? notation : nil)
    var request = URLRequest(url: address.endpoint)
    request.httpMethod = "POST"
    request.httpBody = body
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
    do throws(DecoderError) {
      return try Self.exchange(request, address, transport, patience, options.isCancelled)
    } catch {
      // a server that does not know the field says so with a client error: ask plainly from now on
      guard sendsGrammar, error.found.hasPrefix("status 4") else { throw error }
      takesGrammar.withLock { $0 = false }
      return try ask(prompt, nil, options)
    }
  }

  static func body(
    _ prompt: Prompt, _ model: String, _ style: ServerAddress.Style, _ options: GenerationOptions, grammar: String?
  ) -> Data {
    var fields: [String: Any] = [
      "model": model, "max_tokens": options.maximumTokens, "temperature": options.sampling.temperature,
      "seed": Int(truncatingIfNeeded: options.sampling.seed & 0x7FFF_FFFF), "stream": false,
    ]
    if let topP = options.sampling.topP { fields["top_p"] = topP }
    if let topK = options.sampling.topK { fields["top_k"] = topK }
    switch style {
    case .chat:
      var messages: [[String: String]] = []
      if !prompt.system.isEmpty { messages.append(["role": "system", "content": prompt.system]) }
      messages.append(["role": "user", "content": prompt.user])
      fields["messages"] = messages
    case .completion:
      fields["prompt"] = prompt.system.isEmpty ? prompt.user : "\(prompt.system)\n\n\(prompt.user)"
    }
    if let grammar {
      // vLLM's name of it, and llama.cpp's
      fields["guided_grammar"] = grammar
      fields["grammar"] = grammar
    }
    return (try? JSONSerialization.data(withJSONObject: fields, options: .sortedKeys)) ?? Data()
  }

  /// Sends until there is an answer that is JSON: failures of the server and of the way to it are tried again, each
  /// time after a longer wait, or the one that the server asks for.
  private static func exchange(
    _ request: URLRequest, _ address: ServerAddress, _ transport: Transport, _ patience: Patience,
    _ isCancelled: () -> Bool
  ) throws(DecoderError) -> JSON {
    var wait = patience.firstWait
    var found = ""
    for attempt in 1...max(1, patience.tries) {
      var asked: Double?
      do throws(Transport.Failure) {
        let answer = try transport.send(request, seconds: patience.answer, isCancelled: isCancelled)
        if (200..<300).contains(answer.status) {
          if let json = try? JSON.parse(Array(answer.body)) { return json }
          found = "status \(answer.status) with an answer that is not JSON"
        } else {
          found = "status \(answer.status)" + message(answer.body)
          let passing = answer.status == 408 || answer.status == 429 || answer.status >= 500
          if !passing { break }
          asked = answer.retryAfter
        }
      } catch {
        switch error {
        case .cancelled: throw .cancelled
        case .broken(let reason): found = reason
        case .tooLong: found = "an answer without end"
        }
      }
      if attempt == patience.tries { break }
      let pause = ContinuousClock.now + .seconds(min(max(asked ?? wait, 0), 30))
      while ContinuousClock.now < pause {
        if isCancelled() { throw .cancelled }
        Thread.sleep(forTimeInterval: 0.01)
      }
      wait *= 2
    }
    throw .server(address, expected: "an answer", found: found)
  }

  /// What a server says about a failure, cut short.
  private static func message(_ body: Data) -> String {
    guard let json = try? JSON.parse(Array(body.prefix(100_000))) else { return "" }
    let text = json["error"]?["message"]?.text ?? json["error"]?.text ?? json["message"]?.text ?? json["detail"]?.text
    return text.map { ": \($0.prefix(200).replacing("\n", with: " "))" } ?? ""
  }

  /// The part of an answer that the grammar accepts: all of it, or what stands in a fence, thoughts and blanks at the ends
  /// of lines left out.
  static func fitting(_ answer: [UInt8], _ grammar: (any ByteGrammar)?) -> [UInt8]? {
    let spoken = withoutThoughts(String(decoding: answer, as: UTF8.self))
    guard let grammar else { return Array(spoken.utf8) }
    var candidates = [spoken]
    let fences = spoken.components(separatedBy: "```")
    for index in stride(from: 1, to: fences.count, by: 2) {
      // the word after a fence names a language
      candidates.append(String(fences[index].drop { $0 != "\n" }.dropFirst()))
    }
    for candidate in candidates {
      let trimmed = candidate.trimmingCharacters(in: .whitespacesAndNewlines)
      let tidy = trimmed.split(separator: "\n", omittingEmptySubsequences: false).map(withoutBlankEnd)
        .joined(separator: "\n")
      for text in [candidate, trimmed, trimmed + "\n", tidy + "\n"] where grammar.accepts(text.utf8) {
        return Array(text.utf8)
      }
    }
    return nil
  }

  private static func withoutBlankEnd(_ line: Substring) -> Substring {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func withoutThoughts(_ text: String) -> String {
    guard let end = text.range(of: "</think>", options: .backwards) else { return text }
    return String(text[end.upperBound...].drop { $0.isWhitespace })
  }
}
