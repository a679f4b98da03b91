extension Tokenizer {
  /// Kinds of tokens in the file.
  private enum Kind: Int {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  /// Byte-level BPE as a GGUF file's metadata holds it. The file names the pre-tokenizer; its pattern, and whether text
  /// is composed first, follow from that name as in the tokenizer that it was converted from.
  convenience init(_ gguf: GGUF) throws(DecoderError) {
    let file = gguf.file.path
    let model = gguf.text("tokenizer.ggml.model") ?? "none"
    guard model == "gpt2" else {
      throw .unsupported(
        file, subject: "tokenizer.ggml.model", expected: "gpt2, which is byte-level BPE", found: model)
    }
    guard let entries = try gguf.strings("tokenizer.ggml.tokens"), !entries.isEmpty, entries.count <= Self.idLimit
    else {
      throw .malformed(
        file, subject: "tokenizer.ggml.tokens", expected: "a list of at most \(Self.idLimit) texts", found: "none")
    }
    let kinds = try gguf.integers("tokenizer.ggml.token_type")
    if let kinds, kinds.count != entries.count {
      throw .malformed(
        file, subject: "tokenizer.ggml.token_type", expected: "\(entries.count) numbers, one a token",
        found: "\(kinds.count)")
    }
    var pieces = [[UInt8]](repeating: [], count: entries.count)
    var ids: [[UInt8]: Int32] = [:]
    ids.reserveCapacity(entries.count)
    var added: [AddedToken] = []
    var contents: Set<[UInt8]> = []
    for (id, entry) in entries.enumerated() {
      let kind = kinds.map { Kind(rawValue: $0[id]) ?? .unused } ?? .normal
      switch kind {
      case .normal, .byte:
        if ids.updateValue(Int32(id), forKey: entry) != nil {
          throw .malformed(
            file, subject: "tokenizer.ggml.tokens", expected: "one entry for each token",
            found: "\"\(String(decoding: entry, as: UTF8.self))\" twice")
        }
        pieces[id] = ByteAlphabet.decode(entry) ?? entry
      case .control, .userDefined, .unknown:
        // padding past the tokenizer's own vocabulary may repeat a text; only the first can be meant
        if !entry.isEmpty, contents.insert(entry).inserted {
          added.append(AddedToken(id: id, content: entry, special: kind != .userDefined))
          pieces[id] = entry
        }
      case .unused: break
      }
    }
    guard let lines = try gguf.strings("tokenizer.ggml.merges") else {
      throw .malformed(file, subject: "tokenizer.ggml.merges", expected: "a list of texts", found: "none")
    }
    let merges = try Self.merges(.array(lines.map { .string($0) }), ids: ids, file)
    let published = try Self.published(gguf, file)
    var wholeWords: [[UInt8]: Int32]?
    if published.keepsWholeWords {
      wholeWords = [:]
      for (key, id) in ids {
        if let bytes = ByteAlphabet.decode(key) { wholeWords?[bytes] = id }
      }
    }
    var start: [Int] = []
    if gguf.boolean("tokenizer.ggml.add_bos_token") == true,
      let id = gguf.integer("tokenizer.ggml.bos_token_id"), entries.indices.contains(id)
    {
      start = [id]
    }
    self.init(
      pieces: pieces, bytePairs: BytePairs(merges: merges), byteTokens: try Self.byteTokens(ids, file),
      wholeWords: wholeWords, preTokenizer: published.preTokenizer, normalizes: published.normalizes,
      addedTokens: added, startTokens: start)
  }

  private struct Published {
    var preTokenizer: PreTokenizer
    var normalizes = false
    var keepsWholeWords = false
  }

  private static func published(_ gguf: GGUF, _ file: String) throws(DecoderError) -> Published {
    func cut(_ steps: PreTokenizer.Step...) -> PreTokenizer {
      PreTokenizer(steps: steps, addsPrefixSpace: gguf.boolean("tokenizer.ggml.add_space_prefix") == true)
    }
    var name = gguf.text("tokenizer.ggml.pre")
    // the first converters of this architecture did not name it, and there is only one
    if name == nil, gguf.text("general.architecture") == "qwen2" { name = "qwen2" }
    switch name {
    case "qwen2", "deepseek-r1-qwen": return Published(preTokenizer: cut(.split(.modern(digits: 1))), normalizes: true)
    case "llama3", "llama-v3", "llama-bpe":
      return Published(preTokenizer: cut(.split(.modern(digits: 3))), keepsWholeWords: true)
    case "gpt-2": return Published(preTokenizer: cut(.split(.gpt2)))
    case "smollm", "starcoder": return Published(preTokenizer: cut(.digits(individual: true), .split(.gpt2)))
    case let other:
      throw .unsupported(
        file, subject: "tokenizer.ggml.pre", expected: "qwen2, llama-bpe, gpt-2, smollm or starcoder",
        found: other ?? "none")
    }
  }
}
