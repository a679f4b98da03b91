/// Cuts text into the words that byte pairs are merged within, as a `tokenizer.json` says.
///
/// The published patterns are few and fixed, so each is a scanner written by hand: a general regular-expression engine
/// would be slower, and its Unicode tables would be its own. A pattern that is not known is refused.
struct PreTokenizer: Sendable, Equatable {
  /// The published patterns, by the family that brought them.
  enum Pattern: Sendable, Equatable {
    /// GPT-2: runs of letters, numbers or others, each with one space before; contractions in lower case.
    case gpt2
    /// Llama 3 and Qwen2: contractions in any case, line breaks kept apart, at most so many digits in a word.
    case modern(digits: Int)
    /// Everything up to the next space, with the one before it: for text that has a space before each word.
    case spaced
  }

  /// Steps before the words are cut into bytes.
  enum Step: Sendable, Equatable {
    case split(Pattern)
    /// Numbers stand alone, each digit by itself or whole runs.
    case digits(individual: Bool)
  }

  var steps: [Step]
  /// Whether text that starts with no space gets one.
  var addsPrefixSpace: Bool

  /// Calls `word` with each range of `bytes`, in order; the ranges cover all of it.
  func forEachWord(in bytes: UnsafeBufferPointer<UInt8>, _ word: (Range<Int>) -> Void) {
    cut(0..<bytes.count, of: bytes, step: 0, word)
  }

  private func cut(
    _ range: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>, step: Int, _ word: (Range<Int>) -> Void
  ) {
    if step == steps.count {
      if !range.isEmpty { word(range) }
      return
    }
    let part = UnsafeBufferPointer(rebasing: bytes[range])
    var scanner = WordScanner(bytes: part)
    while scanner.at < part.count {
      let start = scanner.at
      switch steps[step] {
      case .split(.gpt2): scanner.gpt2()
      case .split(.modern(let digits)): scanner.modern(digits: digits)
      case .split(.spaced): scanner.spaced()
      case .digits(let individual): scanner.digits(individual: individual)
      }
      cut(range.lowerBound + start..<range.lowerBound + scanner.at, of: bytes, step: step + 1, word)
    }
  }
}

/// Moves over one word at a time; each method consumes at least one byte.
private struct WordScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var at = 0

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// Class and length of the scalar at `position`; length 0 at the end.
  @inline(__always)
  private func look(_ position: Int) -> (kind: UnicodeClass, length: Int) {
    if position >= bytes.count { return (.other, 0) }
    let (scalar, length) = decodeScalar(bytes, position)
    return (scalar.map(UnicodeClass.of) ?? .other, length)
  }

  @inline(__always)
  private func end(of kind: UnicodeClass, from start: Int, atMost limit: Int = .max) -> Int {
    var position = start
    var count = 0
    while count < limit {
      let next = look(position)
      if next.length == 0 || next.kind != kind { break }
      position += next.length
      count += 1
    }
    return position
  }

  // (?i:'s|'t|'re|'ve|'m|'ll|'d); the long s folds to s
  private func contraction(anyCase: Bool) -> Int? {
    guard bytes[at] == UInt8(ascii: "'"), at + 1 < bytes.count else { return nil }
    func letter(_ offset: Int) -> UInt8 {
      guard at + offset < bytes.count else { return 0 }
      let byte = bytes[at + offset]
      return anyCase && (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
    switch (letter(1), letter(2)) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _):
      return at + 2
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return at + 3
    case (0xC5, 0xBF) where anyCase: return at + 3
    default: return nil
    }
  }

  // \s+(?!\S)|\s+ : a run of spaces leaves its last one to the word after it
  private mutating func spaces() {
    var last = at
    var position = at
    while true {
      let next = look(position)
      if next.length == 0 {
        at = position
        return
      }
      if !next.kind.isSpace { break }
      last = position
      position += next.length
    }
    at = last > at ? last : position
  }

  // 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
  mutating func gpt2() {
    if let end = contraction(anyCase: false) {
      at = end
      return
    }
    let start = bytes[at] == 0x20 ? at + 1 : at
    let first = look(start)
    if first.length > 0, !first.kind.isSpace {
      at = end(of: first.kind, from: start)
    } else {
      spaces()
    }
  }

  // (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*
  // |\s*[\r\n]+|\s+(?!\S)|\s+
  mutating func modern(digits: Int) {
    if let end = contraction(anyCase: true) {
      at = end
      return
    }
    let first = look(at)
    if first.kind == .letter {
      at = end(of: .letter, from: at)
      return
    }
    if first.kind == .number {
      at = end(of: .number, from: at, atMost: digits)
      return
    }
    if first.kind != .lineBreak, look(at + first.length).length > 0, look(at + first.length).kind == .letter {
      at = end(of: .letter, from: at + first.length)
      return
    }
    let start = bytes[at] == 0x20 ? at + 1 : at
    let body = look(start)
    if body.length > 0, body.kind == .other {
      at = end(of: .lineBreak, from: end(of: .other, from: start))
      return
    }
    var position = at
    var afterBreak: Int?
    while true {
      let next = look(position)
      if next.length == 0 || !next.kind.isSpace { break }
      position += next.length
      if next.kind == .lineBreak { afterBreak = position }
    }
    if let afterBreak {
      at = afterBreak
    } else {
      spaces()
    }
  }

  //  [^ ]*|[^ ]+
  mutating func spaced() {
    at += 1
    while at < bytes.count, bytes[at] != 0x20 { at += 1 }
  }

  mutating func digits(individual: Bool) {
    let first = look(at)
    if first.kind == .number {
      at = end(of: .number, from: at, atMost: individual ? 1 : .max)
      return
    }
    while true {
      let next = look(at)
      if next.length == 0 || next.kind == .number { return }
      at += next.length
    }
  }
}
