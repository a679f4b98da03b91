/// How many columns of a terminal a text takes.
///
/// Wide are the characters that East Asian Width (UAX 11) calls W or F, and emoji that are shown as pictures; marks
/// that sit on the character before them take none. Terminals disagree on joined emoji; those count as their parts.
enum Columns {
  static func width(of scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(value) } ? 2 : 1
  }

  static func width(of text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
  }

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]

  /// Tabs become spaces up to the next multiple of eight, as the source's own columns count.
  static func untabbed(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\t")) else { return text }
    var result = String.UnicodeScalarView()
    var column = 0
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        let spaces = 8 - column % 8
        for _ in 0..<spaces { result.append(" ") }
        column += spaces
      } else {
        result.append(scalar)
        column += width(of: scalar)
      }
    }
    return String(result)
  }

  /// The text in pieces of at most `columns`; a mark stays with its character, and words stay whole where a piece is at
  /// least half full without the last.
  static func wrapped(_ text: String, columns: Int) -> [String] {
    let limit = max(2, columns)
    var pieces: [String] = []
    var piece = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      let width = width(of: scalar)
      if width > 0, used + width > limit {
        let rest = restOfWord(&piece, limit: limit)
        pieces.append(String(piece))
        piece = rest
        used = self.width(of: String(rest))
      }
      piece.append(scalar)
      used += width
    }
    pieces.append(String(piece))
    return pieces
  }

  /// Takes off what begins a word that goes on below; nothing where the word is most of the piece.
  private static func restOfWord(
    _ piece: inout String.UnicodeScalarView, limit: Int
  ) -> String.UnicodeScalarView {
    guard let space = piece.lastIndex(of: " ") else { return String.UnicodeScalarView() }
    let start = piece.index(after: space)
    let head = piece[..<start]
    guard head.contains(where: { $0 != " " }), width(of: Substring(head)) * 2 > limit else {
      return String.UnicodeScalarView()
    }
    let rest = String.UnicodeScalarView(piece[start...])
    piece.removeSubrange(start...)
    return rest
  }

  static func padded(_ text: String, to columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - width(of: text)))
  }
}
