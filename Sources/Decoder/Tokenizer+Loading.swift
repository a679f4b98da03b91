/// The printable stand-ins that byte-level vocabularies are written in: printable Latin-1 stands for itself, the
/// other bytes for U+0100 and after, in order (GPT-2's published table).
enum ByteAlphabet {
  static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (0..<256).map { (byte: UInt32) in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
      default:
        next += 1
        return next - 1
      }
    }
  }()

  private static let bytes: [UInt8?] = {
    var table = [UInt8?](repeating: nil, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar)] = UInt8(byte) }
    return table
  }()

  /// The bytes that a vocabulary entry stands for, or nil when it is not written in the alphabet.
  static func decode(_ entry: [UInt8]) -> [UInt8]? {
    var out: [UInt8] = []
    out.reserveCapacity(entry.count)
    let complete = entry.withUnsafeBufferPointer { buffer in
      var at = 0
      while at < buffer.count {
        let (scalar, length) = decodeScalar(buffer, at)
        guard let scalar, scalar < 0x144, let byte = bytes[Int(scalar)] else { return false }
        out.append(byte)
        at += length
      }
      return true
    }
    return complete ? out : nil
  }
}

extension Tokenizer {
  static let idLimit = 4_194_304

  /// Reads `tokenizer.json`. Whatever would change a token and is not understood is an error.
  package convenience init(path: String) throws(DecoderError) {
    try self.init(json: Checkpoint.readJSON(path), file: path)
  }

  convenience init(json: JSON, file: String) throws(DecoderError) {
    guard let model = json["model"] else {
      throw .malformed(file, subject: "model", expected: "a BPE model", found: "none")
    }
    try Self.checkModel(model, file)
    guard let vocabulary = model["vocab"]?.members else {
      throw .malformed(file, subject: "model.vocab", expected: "an object of token ids", found: "none")
    }
    let added = try Self.addedTokens(json["added_tokens"], file)
    var highest = added.map(\.id).max() ?? -1
    for member in vocabulary {
      let id = member.value.integer ?? -1
      guard (0..<Self.idLimit).contains(id) else {
        throw .malformed(
          file, subject: "model.vocab", expected: "ids in 0..<\(Self.idLimit)",
          found: "another for \"\(String(decoding: member.key, as: UTF8.self))\"")
      }
      highest = max(highest, id)
    }
    var pieces = [[UInt8]](repeating: [], count: highest + 1)
    var taken = [Bool](repeating: false, count: highest + 1)
    // keyed by what the file writes: the names that merges use
    var ids: [[UInt8]: Int32] = [:]
    ids.reserveCapacity(vocabulary.count)
    for member in vocabulary {
      let id = member.value.integer ?? 0
      if taken[id] || ids.updateValue(Int32(id), forKey: member.key) != nil {
        throw .malformed(
          file, subject: "model.vocab", expected: "one entry for each token and id",
          found: "\"\(String(decoding: member.key, as: UTF8.self))\" or id \(id) twice")
      }
      taken[id] = true
      pieces[id] = ByteAlphabet.decode(member.key) ?? member.key
    }
    let byteTokens = try Self.byteTokens(ids, file)
    let merges = try Self.merges(model["merges"], ids: ids, file)
    var wholeWords: [[UInt8]: Int32]?
    if model["ignore_merges"]?.boolean == true {
      wholeWords = [:]
      for (key, id) in ids {
        if let bytes = ByteAlphabet.decode(key) { wholeWords?[bytes] = id }
      }
    }
    for token in added { pieces[token.id] = token.content }
    self.init(
      pieces: pieces, bytePairs: BytePairs(merges: merges), byteTokens: byteTokens, wholeWords: wholeWords,
      preTokenizer: try Self.preTokenizer(json["pre_tokenizer"], file),
      normalizes: try Self.normalizes(json["normalizer"], file), addedTokens: added,
      startTokens: Self.startTokens(json["post_processor"], Set(added.map(\.id))))
  }

  private static func checkModel(_ model: JSON, _ file: String) throws(DecoderError) {
    let type = model["type"]?.text ?? "BPE"
    if type != "BPE" { throw .unsupported(file, subject: "model.type", expected: "BPE", found: type) }
    if let dropout = model["dropout"]?.number, dropout != 0 {
      throw .unsupported(file, subject: "model.dropout", expected: "none", found: "\(dropout)")
    }
    if model["byte_fallback"]?.boolean == true {
      throw .unsupported(file, subject: "model.byte_fallback", expected: "byte-level BPE", found: "byte fallback")
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = model[key]?.text, !affix.isEmpty {
        throw .unsupported(file, subject: "model.\(key)", expected: "none", found: "\"\(affix)\"")
      }
    }
  }

  static func byteTokens(_ ids: [[UInt8]: Int32], _ file: String) throws(DecoderError) -> [Int32] {
    var tokens: [Int32] = []
    for (byte, value) in ByteAlphabet.scalars.enumerated() {
      guard let scalar = Unicode.Scalar(value), let name = UTF8.encode(scalar), let id = ids[Array(name)] else {
        throw .unsupported(
          file, subject: "model.vocab", expected: "byte-level BPE with a token for every byte",
          found: "none for byte \(byte)")
      }
      tokens.append(id)
    }
    return tokens
  }

  static func merges(
    _ json: JSON?, ids: [[UInt8]: Int32], _ file: String
  ) throws(DecoderError) -> [(left: Int32, right: Int32, merged: Int32)] {
    guard let entries = json?.elements else {
      throw .malformed(file, subject: "model.merges", expected: "a list", found: "none")
    }
    var merges: [(left: Int32, right: Int32, merged: Int32)] = []
    merges.reserveCapacity(entries.count)
    for (rank, entry) in entries.enumerated() {
      let left: [UInt8]
      let right: [UInt8]
      switch entry {
      case .string(let line):
        // older files: both halves in one string
        guard let space = line.firstIndex(of: 0x20) else {
          throw .malformed(file, subject: "merge \(rank)", expected: "two tokens", found: "one")
        }
        left = Array(line[..<space])
        right = Array(line[(space + 1)...])
      case .array(let pair):
        guard pair.count == 2, case .string(let first) = pair[0], case .string(let second) = pair[1] else {
          throw .malformed(file, subject: "merge \(rank)", expected: "two tokens", found: "another value")
        }
        left = first
        right = second
      default:
        throw .malformed(file, subject: "merge \(rank)", expected: "two tokens", found: "another value")
      }
      guard let leftID = ids[left], let rightID = ids[right], let merged = ids[left + right] else {
        throw .malformed(
          file, subject: "merge \(rank)", expected: "tokens of the vocabulary",
          found: "\(String(decoding: left, as: UTF8.self)) \(String(decoding: right, as: UTF8.self))")
      }
      merges.append((leftID, rightID, merged))
    }
    return merges
  }

  private static func addedTokens(_ json: JSON?, _ file: String) throws(DecoderError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    var ids: Set<Int> = []
    var contents: Set<[UInt8]> = []
    for entry in json?.elements ?? [] {
      guard case .string(let content)? = entry["content"], !content.isEmpty, let id = entry["id"]?.integer,
        (0..<idLimit).contains(id)
      else {
        throw .malformed(
          file, subject: "added_tokens", expected: "content and an id in 0..<\(idLimit)", found: "another value")
      }
      for flag in ["single_word", "lstrip", "rstrip"] where entry[flag]?.boolean == true {
        throw .unsupported(
          file, subject: "added token \(String(decoding: content, as: UTF8.self))", expected: "\(flag) false",
          found: "true")
      }
      if !ids.insert(id).inserted || !contents.insert(content).inserted {
        throw .malformed(
          file, subject: "added token \(String(decoding: content, as: UTF8.self))", expected: "one entry",
          found: "its text or id twice")
      }
      tokens.append(AddedToken(id: id, content: content, special: entry["special"]?.boolean ?? false))
    }
    return tokens
  }

  /// Tokens that the file puts before every text: those that a template names ahead of the text's own place.
  private static func startTokens(_ json: JSON?, _ added: Set<Int>) -> [Int] {
    switch json?["type"]?.text {
    case "Sequence":
      return (json?["processors"]?.elements ?? []).lazy.map { startTokens($0, added) }.first { !$0.isEmpty } ?? []
    case "TemplateProcessing":
      var ids: [Int] = []
      for part in json?["single"]?.elements ?? [] {
        guard let name = part["SpecialToken"]?["id"]?.text else { break }
        let listed = json?["special_tokens"]?[name]?["ids"]?.elements?.compactMap(\.integer) ?? []
        ids += listed.filter(added.contains)
      }
      return ids
    default: return []
    }
  }

  private static func normalizes(_ json: JSON?, _ file: String) throws(DecoderError) -> Bool {
    guard let json, !json.isNull else { return false }
    switch json["type"]?.text {
    case "NFC": return true
    case "Sequence":
      var composes = false
      for part in json["normalizers"]?.elements ?? [] {
        let normalizes = try Self.normalizes(part, file)
        composes = composes || normalizes
      }
      return composes
    case let other:
      throw .unsupported(file, subject: "normalizer", expected: "NFC or none", found: other ?? "no type")
    }
  }

  private static let contractions = "'s|'t|'re|'ve|'m|'ll|'d"

  /// The regular expressions that a scanner exists for.
  private static func pattern(_ expression: String) -> PreTokenizer.Pattern? {
    let rest = #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    let words = "(?i:\(contractions))" + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"#
    switch expression {
    case contractions + #"| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: return .gpt2
    case words + rest: return .modern(digits: 1)
    case words + "{1,3}" + rest: return .modern(digits: 3)
    case " [^ ]*|[^ ]+": return .spaced
    default: return nil
    }
  }

  private static func preTokenizer(_ json: JSON?, _ file: String) throws(DecoderError) -> PreTokenizer {
    let parts = json?["type"]?.text == "Sequence" ? json?["pretokenizers"]?.elements ?? [] : json.map { [$0] } ?? []
    var result = PreTokenizer(steps: [], addsPrefixSpace: false)
    var cutsBytes = false
    for part in parts {
      switch part["type"]?.text {
      case "Split":
        let expression = part["pattern"]?["Regex"]?.text ?? part["pattern"]?["String"]?.text ?? "none"
        guard let pattern = pattern(expression) else {
          throw .unsupported(
            file, subject: "pre_tokenizer",
            expected: "the pattern of GPT-2, Llama 3 or Qwen2, or of words with a space before each", found: expression)
        }
        let behaviour = part["behavior"]?.text ?? "none"
        let inverted = part["invert"]?.boolean ?? false
        guard behaviour == "Isolated" || (behaviour == "Removed" && inverted) else {
          throw .unsupported(file, subject: "pre_tokenizer", expected: "behavior Isolated", found: behaviour)
        }
        result.steps.append(.split(pattern))
      case "Digits":
        result.steps.append(.digits(individual: part["individual_digits"]?.boolean ?? false))
      case "ByteLevel":
        cutsBytes = true
        if part["use_regex"]?.boolean ?? true { result.steps.append(.split(.gpt2)) }
        result.addsPrefixSpace = part["add_prefix_space"]?.boolean ?? true
      case let other:
        throw .unsupported(
          file, subject: "pre_tokenizer", expected: "Split, Digits or ByteLevel", found: other ?? "none")
      }
    }
    if !cutsBytes { throw .unsupported(file, subject: "pre_tokenizer", expected: "ByteLevel", found: "none") }
    if result.addsPrefixSpace, result.steps.count > 1 {
      throw .unsupported(
        file, subject: "pre_tokenizer", expected: "add_prefix_space false after other steps", found: "true")
    }
    return result
  }
}
