/// Byte-level BPE of a Hugging Face `tokenizer.json`, token for token what the `tokenizers` library gives.
///
/// Works on bytes: text that is not UTF-8 passes through unharmed, and `decode(encode(x)) == x` for all bytes unless
/// the file asks for normalization. Special tokens never come from text unless asked for.
package final class Tokenizer: Sendable {
  /// A token that stands outside the merges.
  package struct AddedToken: Sendable, Equatable {
    package var id: Int
    package var content: [UInt8]
    /// Left out when tokens become text.
    package var special: Bool
  }

  let pieces: [[UInt8]]
  let bytePairs: BytePairs
  let byteTokens: [Int32]
  /// Whole words, where the file says that they go before merges.
  let wholeWords: [[UInt8]: Int32]?
  let preTokenizer: PreTokenizer
  let normalizes: Bool
  /// Longest first.
  package let addedTokens: [AddedToken]
  /// Tokens that every plain text begins with, as the file says; templates of conversations write their own.
  package let startTokens: [Int]
  private let special: Set<Int>
  private let added: Set<Int>
  private let addedFirstBytes: Set<UInt8>

  package var highestID: Int { pieces.count - 1 }

  init(
    pieces: [[UInt8]], bytePairs: BytePairs, byteTokens: [Int32], wholeWords: [[UInt8]: Int32]?,
    preTokenizer: PreTokenizer, normalizes: Bool, addedTokens: [AddedToken],
    startTokens: [Int] = []
  ) {
    self.startTokens = startTokens
    self.pieces = pieces
    self.bytePairs = bytePairs
    self.byteTokens = byteTokens
    self.wholeWords = wholeWords
    self.preTokenizer = preTokenizer
    self.normalizes = normalizes
    self.addedTokens = addedTokens.sorted { ($1.content.count, $0.id) < ($0.content.count, $1.id) }
    special = Set(addedTokens.lazy.filter(\.special).map(\.id))
    added = Set(addedTokens.map(\.id))
    addedFirstBytes = Set(addedTokens.compactMap(\.content.first))
  }

  /// The tokens of `text`, all of it taken as text: what looks like a special token becomes ordinary tokens.
  package func encode(_ text: [UInt8]) -> [Int] {
    var tokens: [Int] = []
    encode(text[...], into: &tokens)
    return tokens
  }

  /// The tokens of `text`, in which added tokens count: leftmost first, the longest of those that start there.
  /// Only for text that this program wrote itself.
  package func encodeWithAddedTokens(_ text: [UInt8]) -> [Int] {
    var tokens: [Int] = []
    var start = 0
    var at = 0
    while at < text.count {
      guard addedFirstBytes.contains(text[at]),
        let found = addedTokens.first(where: { text[at...].starts(with: $0.content) })
      else {
        at += 1
        continue
      }
      encode(text[start..<at], into: &tokens)
      tokens.append(found.id)
      at += found.content.count
      start = at
    }
    encode(text[start...], into: &tokens)
    return tokens
  }

  /// The bytes of `tokens`; ids that the vocabulary does not have give nothing.
  package func decode(_ tokens: [Int], keepingSpecial: Bool = false) -> [UInt8] {
    var bytes: [UInt8] = []
    for token in tokens where keepingSpecial || !special.contains(token) { bytes += tokenBytes(token) }
    return bytes
  }

  /// The bytes that a token stands for; empty for an id that the vocabulary does not have.
  package func tokenBytes(_ id: Int) -> [UInt8] {
    pieces.indices.contains(id) ? pieces[id] : []
  }

  func isAdded(_ id: Int) -> Bool { added.contains(id) }

  package func isSpecial(_ id: Int) -> Bool { special.contains(id) }

  /// The id of an added token by its text.
  package func id(ofAdded content: String) -> Int? {
    let bytes = Array(content.utf8)
    return addedTokens.first { $0.content == bytes }?.id
  }

  private func encode(_ text: ArraySlice<UInt8>, into tokens: inout [Int]) {
    if text.isEmpty { return }
    var bytes = normalizes ? Normalizer.composed(Array(text)) : Array(text)
    if preTokenizer.addsPrefixSpace, bytes.first != 0x20 { bytes.insert(0x20, at: 0) }
    var word: [Int32] = []
    var seen = bytes.count > 256 ? WordTable() : nil
    bytes.withUnsafeBufferPointer { buffer in
      preTokenizer.forEachWord(in: buffer) { range in
        if range.count == 1, wholeWords == nil {
          tokens.append(Int(byteTokens[Int(buffer[range.lowerBound])]))
          return
        }
        if let known = seen?.find(range, in: buffer) {
          for index in known { tokens.append(tokens[index]) }
          return
        }
        let first = tokens.count
        if let wholeWords, let token = wholeWords[Array(buffer[range])] {
          tokens.append(Int(token))
        } else {
          word.removeAll(keepingCapacity: true)
          for index in range { word.append(byteTokens[Int(buffer[index])]) }
          bytePairs.apply(to: &word)
          for token in word { tokens.append(Int(token)) }
        }
        seen?.note(first..<tokens.count)
      }
    }
  }
}

/// Words that came before in the same text, and where their tokens are: most of source code is words again. A slot holds
/// the last word that fell into it; nothing is copied, since text and tokens are there already.
private struct WordTable {
  private struct Slot {
    var start: Int32 = 0
    var length: Int32 = 0
    var token: Int32 = 0
    var tokens: Int32 = 0
  }

  private static let bits = 13
  private static let longest = 64
  private var slots = [Slot](repeating: Slot(), count: 1 << bits)
  /// The slot of the word that was looked for last, and the word; nil where it is too long to keep.
  private var open: (slot: Int, word: Range<Int>)?

  /// The tokens of an equal word, as places in the list that they were put into.
  mutating func find(_ word: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    open = nil
    if word.count > Self.longest || word.upperBound > Int(Int32.max) { return nil }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in word { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01B3 }
    let slot = Int(truncatingIfNeeded: (hash ^ hash >> 29) & (1 << UInt64(Self.bits) - 1))
    let found = slots[slot]
    if Int(found.length) == word.count {
      let start = Int(found.start)
      var index = 0
      while index < word.count, text[start + index] == text[word.lowerBound + index] { index += 1 }
      if index == word.count { return Int(found.token)..<Int(found.token + found.tokens) }
    }
    open = (slot, word)
    return nil
  }

  /// Keeps the word that was looked for last and not found.
  mutating func note(_ tokens: Range<Int>) {
    guard let (slot, word) = open, tokens.upperBound <= Int(Int32.max) else { return }
    slots[slot] = Slot(
      start: Int32(word.lowerBound), length: Int32(word.count), token: Int32(tokens.lowerBound),
      tokens: Int32(tokens.count))
  }
}
