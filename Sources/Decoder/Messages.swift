/// What a decoder could not do: what was expected, what was found, where, and what to do next.
package struct DecoderError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What kind of thing went wrong, for callers that decide by it.
  package enum Kind: String, Sendable {
    case unreadable, malformed, unsupported, mismatched, promptTooLong, cancelled, unfinished, grammar, server
  }

  package var kind: Kind
  /// The file at fault, where there is one.
  package var file: String?
  /// The tensor, key or token at fault, where there is one.
  package var subject: String?
  package var expected: String
  package var found: String
  package var remedy: String

  package var description: String {
    let place = [file?.plain(), subject?.plain(limit: 200)].compactMap { $0 }.filter { !$0.isEmpty }
    let head = place.isEmpty ? "" : "\(place.joined(separator: ", ")): "
    let found = found.isEmpty ? "an empty text" : found.plain(limit: 400)
    return "\(head)expected \(expected.plain(limit: 600)), found \(found). \(remedy)"
  }
}

extension String {
  /// Text of a file that may come from anywhere, harmless on a terminal: control characters and those that turn the
  /// direction of writing by their numbers, at most `limit` characters of it.
  fileprivate func plain(limit: Int = 4_096) -> String {
    var out = ""
    for (place, scalar) in unicodeScalars.enumerated() {
      if place == limit { return out + "..." }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
        out += "\\u{\(String(scalar.value, radix: 16))}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}

// Each message in one place, so that they read alike.
extension DecoderError {
  static let downloadAgain = "Download the checkpoint again, then run: logicdiff model verify PATH"
  static let chooseAnother = "Choose another checkpoint with --decoder PATH, or use --decoder embedded."

  static func unreadable(path: String, reason: String) -> DecoderError {
    DecoderError(
      kind: .unreadable, file: path, subject: nil, expected: "a file that can be read", found: reason,
      remedy: "Check the path and its permissions; --decoder takes the directory that holds config.json.")
  }

  static func missingFile(_ name: String, in directory: String) -> DecoderError {
    DecoderError(
      kind: .unreadable, file: directory, subject: name, expected: "a checkpoint directory with \(name)",
      found: "no such file", remedy: downloadAgain)
  }

  static func notInCache(_ name: HubCache.Name, cache: String, found: String) -> DecoderError {
    DecoderError(
      kind: .unreadable, file: cache, subject: "hf:\(name.repository)", expected: "a checkpoint in this cache",
      found: found,
      remedy: "Nothing is fetched by logicdiff; type: \(name.download)  (from `pip install huggingface_hub`)")
  }

  static func badAddress(_ word: String, found: String) -> DecoderError {
    DecoderError(
      kind: .server, file: nil, subject: "--decoder", expected: "an address such as http://localhost:8000",
      found: found, remedy: "Type for example: logicdiff --decoder http://localhost:8000/v1")
  }

  static func server(_ address: ServerAddress, expected: String, found: String) -> DecoderError {
    DecoderError(
      kind: .server, file: nil, subject: address.host, expected: expected, found: found.isEmpty ? "none" : found,
      remedy: "See whether it runs: curl \(address.models.absoluteString)")
  }

  static func unfit(_ address: ServerAddress, attempts: Int, found: String) -> DecoderError {
    DecoderError(
      kind: .server, file: nil, subject: address.host,
      expected: "an answer in the language of summaries within \(attempts) attempts", found: found,
      remedy: "See what it is asked with --show-prompt, or ask another model")
  }

  package static func unknownDecoder(_ word: String) -> DecoderError {
    DecoderError(
      kind: .unreadable, file: nil, subject: "--decoder",
      expected: "embedded, none, the folder of a checkpoint, a GGUF file, hf:ORG/NAME or http://HOST:PORT",
      found: "\"\(word)\"", remedy: "Type `logicdiff --decoder none` to go without one, or `logicdiff model list`.")
  }

  package static func adapterAlone(_ decoder: String) -> DecoderError {
    DecoderError(
      kind: .mismatched, file: nil, subject: "--adapter", expected: "a checkpoint that it is for in --decoder",
      found: "\"\(decoder)\"", remedy: "Type for example: logicdiff --decoder PATH --adapter PATH")
  }

  package static func notAName(_ word: String) -> DecoderError {
    DecoderError(
      kind: .unreadable, file: nil, subject: "--decoder \(word)", expected: "hf:ORG/NAME", found: "another form",
      remedy: "Type for example: logicdiff --decoder hf:Qwen/Qwen2.5-Coder-1.5B-Instruct")
  }

  static func malformed(
    _ file: String, subject: String? = nil, expected: String, found: String, remedy: String = downloadAgain
  ) -> DecoderError {
    DecoderError(kind: .malformed, file: file, subject: subject, expected: expected, found: found, remedy: remedy)
  }

  static func notJSON(_ file: String, subject: String? = nil, _ error: JSONError) -> DecoderError {
    malformed(file, subject: subject, expected: "JSON", found: "\(error.reason) at byte \(error.offset)")
  }

  static func unsupported(_ file: String, subject: String, expected: String, found: String) -> DecoderError {
    DecoderError(
      kind: .unsupported, file: file, subject: subject, expected: expected, found: found, remedy: chooseAnother)
  }

  static func mismatched(_ file: String, subject: String, expected: String, found: String) -> DecoderError {
    DecoderError(
      kind: .mismatched, file: file, subject: subject, expected: expected, found: found,
      remedy: "The files of this directory are not of one checkpoint. " + downloadAgain)
  }

  static let otherAdapter =
    "Choose an adapter that was trained for this checkpoint with --adapter PATH, or leave --adapter out."

  static func unmatched(_ file: String, _ name: String, _ expected: String) -> DecoderError {
    DecoderError(
      kind: .mismatched, file: file, subject: name, expected: expected, found: "none of that name",
      remedy: otherAdapter)
  }

  static func foreignAdapter(_ file: String, _ name: String, expected: String, found: String) -> DecoderError {
    DecoderError(
      kind: .mismatched, file: file, subject: name, expected: "\(expected), as this checkpoint has it", found: found,
      remedy: otherAdapter)
  }

  static func promptTooLong(prompt: Int, reserved: Int, context: Int) -> DecoderError {
    DecoderError(
      kind: .promptTooLong, file: nil, subject: "prompt",
      expected:
        "at most \(max(0, context - reserved)) tokens (a context of \(context), \(reserved) kept for the answer)",
      found: "\(prompt) tokens", remedy: "Split the function, or ask for a shorter answer.")
  }

  static let cancelled = DecoderError(
    kind: .cancelled, file: nil, subject: nil, expected: "a finished answer", found: "a request to stop",
    remedy: "Run the command again.")

  static func unfinished(limit: Int) -> DecoderError {
    DecoderError(
      kind: .unfinished, file: nil, subject: "answer", expected: "text that the grammar accepts within \(limit) tokens",
      found: "no place where it may end", remedy: "Allow a longer answer.")
  }

  static func notFinite(_ directory: String) -> DecoderError {
    DecoderError(
      kind: .malformed, file: directory, subject: "scores", expected: "a finite score for some token", found: "none",
      remedy: "The weights are damaged; run: logicdiff model verify PATH")
  }

  static func deadGrammar(after bytes: Int) -> DecoderError {
    DecoderError(
      kind: .grammar, file: nil, subject: "answer", expected: "a byte that the grammar accepts next",
      found: "none after \(bytes) bytes, where the text may not end either",
      remedy: "This is a fault of the grammar; please report it.")
  }
}
