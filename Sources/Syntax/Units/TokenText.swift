/// A sequence of tokens with the shape of the tree around them, without comments, docstrings and white space.
///
/// Equal texts of one language are the same source to the language: indentation is there as the nesting of blocks, and
/// literals are there byte by byte. Equality compares everything; the hash only makes it fast.
package struct TokenText: Sendable, Hashable {
  /// Each item is a tag; for a leaf its symbol, its length and its bytes; for a node its symbol.
  let bytes: [UInt8]
  private let digest: Int
  /// Tokens in the sequence, shape not counted.
  package let count: Int

  init(bytes: [UInt8], count: Int) {
    self.bytes = bytes
    self.count = count
    // Seeded by the process: a text cannot be made to collide on purpose.
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    digest = hasher.finalize()
  }

  package static func == (a: TokenText, b: TokenText) -> Bool { a.digest == b.digest && a.bytes == b.bytes }
  package func hash(into hasher: inout Hasher) { hasher.combine(digest) }

  enum Tag {
    static let leaf: UInt8 = 1
    static let enter: UInt8 = 2
    static let exit: UInt8 = 3
    static let unit: UInt8 = 4
    static let missing: UInt8 = 5
    static let stray: UInt8 = 6
  }

  /// The texts of the tokens, in order.
  var tokens: [ArraySlice<UInt8>] {
    var result: [ArraySlice<UInt8>] = []
    result.reserveCapacity(count)
    var position = 0
    while position < bytes.count {
      let tag = bytes[position]
      position += 1
      guard tag != Tag.exit else { continue }
      position += 2
      guard tag != Tag.enter, tag != Tag.missing else { continue }
      var length = 0
      for offset in 0..<4 { length |= Int(bytes[position + offset]) << (8 * offset) }
      position += 4
      result.append(bytes[position..<position + length])
      position += length
    }
    return result
  }
}

/// Writes a `TokenText`.
struct TokenWriter {
  private var bytes: [UInt8] = []
  private var count = 0

  mutating func leaf(_ symbol: UInt16, _ text: ArraySlice<UInt8>) { write(TokenText.Tag.leaf, symbol, text) }
  mutating func stray(_ text: ArraySlice<UInt8>) { write(TokenText.Tag.stray, 0, text) }
  mutating func unit(_ kind: Unit.Kind, _ role: Unit.Role, _ name: String) {
    write(TokenText.Tag.unit, 0, ArraySlice("\(kind.rawValue) \(role.rawValue) \(name)".utf8))
  }
  mutating func missing(_ symbol: UInt16) { mark(TokenText.Tag.missing, symbol) }
  mutating func enter(_ symbol: UInt16) { mark(TokenText.Tag.enter, symbol) }
  mutating func exit() { bytes.append(TokenText.Tag.exit) }

  private mutating func mark(_ tag: UInt8, _ symbol: UInt16) {
    bytes.append(tag)
    bytes.append(UInt8(truncatingIfNeeded: symbol))
    bytes.append(UInt8(truncatingIfNeeded: symbol >> 8))
  }

  private mutating func write(_ tag: UInt8, _ symbol: UInt16, _ text: ArraySlice<UInt8>) {
    mark(tag, symbol)
    for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: text.count >> shift)) }
    bytes.append(contentsOf: text)
    count += 1
  }

  consuming func finish() -> TokenText { TokenText(bytes: bytes, count: count) }
}
