/// What a decoder is asked: its role, and the text to answer.
package struct Prompt: Sendable, Hashable {
  package var system: String
  package var user: String

  package init(system: String = "", user: String) {
    self.system = system
    self.user = user
  }
}

/// How a checkpoint was taught to read a conversation. Templates in the files are programs (Jinja); the two families
/// in use are recognized by the markers that only they have, and written out here.
package enum ChatTemplate: String, Sendable {
  /// No template: the prompt's text as it is.
  case raw
  /// Qwen's: `<|im_start|>role`, the text, `<|im_end|>`.
  case chatML
  /// Llama 3's: `<|start_header_id|>role<|end_header_id|>`, the text, `<|eot_id|>`.
  case llama3

  private var markers: [String] {
    switch self {
    case .raw: []
    case .chatML: ["<|im_start|>", "<|im_end|>"]
    case .llama3: ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    }
  }

  static func detect(in directory: String, tokenizer: Tokenizer) throws(DecoderError) -> ChatTemplate {
    let configPath = joined(directory, "tokenizer_config.json")
    let templatePath = joined(directory, "chat_template.jinja")
    var sources: [[UInt8]] = []
    if isReadable(templatePath) { sources.append(try MappedFile.contents(of: templatePath)) }
    if isReadable(configPath), let entry = try Checkpoint.readJSON(configPath)["chat_template"] {
      if case .string(let source) = entry { sources.append(source) }
      for named in entry.elements ?? [] {
        if case .string(let source)? = named["template"] { sources.append(source) }
      }
    }
    return try detect(in: sources, tokenizer: tokenizer, file: joined(directory, "tokenizer.json"))
  }

  static func detect(
    in sources: [[UInt8]], tokenizer: Tokenizer, file: String
  ) throws(DecoderError) -> ChatTemplate {
    let text = sources.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    for template in [ChatTemplate.chatML, .llama3] where text.contains(template.markers[template == .chatML ? 0 : 1]) {
      for marker in template.markers where tokenizer.id(ofAdded: marker) == nil {
        throw .mismatched(
          file, subject: marker, expected: "an added token that the chat template uses", found: "none")
      }
      return template
    }
    return .raw
  }

  /// The prompt's tokens. Only the markers are special tokens; the texts between are encoded as text.
  package func tokens(of prompt: Prompt, by tokenizer: Tokenizer) -> [Int] {
    var tokens: [Int] = []
    func mark(_ marker: String) { tokens += tokenizer.id(ofAdded: marker).map { [$0] } ?? [] }
    func text(_ text: String) { tokens += tokenizer.encode(Array(text.utf8)) }
    switch self {
    case .raw:
      tokens += tokenizer.startTokens
      text(
        prompt.system.isEmpty || prompt.user.isEmpty
          ? prompt.system + prompt.user : "\(prompt.system)\n\n\(prompt.user)")
    case .chatML:
      for (role, content) in [("system", prompt.system), ("user", prompt.user)] where role == "user" || !content.isEmpty
      {
        mark("<|im_start|>")
        text("\(role)\n\(content)")
        mark("<|im_end|>")
        text("\n")
      }
      mark("<|im_start|>")
      text("assistant\n")
    case .llama3:
      mark("<|begin_of_text|>")
      for (role, content) in [("system", prompt.system), ("user", prompt.user)] where role == "user" || !content.isEmpty
      {
        mark("<|start_header_id|>")
        text(role)
        mark("<|end_header_id|>")
        text("\n\n\(content)")
        mark("<|eot_id|>")
      }
      mark("<|start_header_id|>")
      text("assistant")
      mark("<|end_header_id|>")
      text("\n\n")
    }
    return tokens
  }

  /// Tokens that end a turn, beside those that the configuration names.
  func endOfTurn(_ tokenizer: Tokenizer) -> [Int] {
    switch self {
    case .raw: []
    case .chatML: [tokenizer.id(ofAdded: "<|im_end|>")].compactMap { $0 }
    case .llama3: [tokenizer.id(ofAdded: "<|eot_id|>")].compactMap { $0 }
    }
  }
}
