/// Our lines in a file that others write too. They stand before the others, so that what a person wrote wins.
enum AttributesBlock {
  private static let start = "# logicdiff install: what follows goes with `logicdiff uninstall`"
  private static let end = "# logicdiff install: end"

  /// The file with exactly these lines of ours; no line of anyone else is touched.
  static func with(_ lines: [String], in text: [UInt8]) -> [UInt8] {
    let others = without(text)
    if lines.isEmpty { return others }
    return Array(([start] + lines + [end]).map { $0 + "\n" }.joined().utf8) + others
  }

  /// The file without any of ours.
  static func without(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var isOurs = false
    var held: [UInt8] = []
    var rest = text[...]
    while !rest.isEmpty {
      let cut = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
      let line = rest[..<cut]
      rest = rest[cut...]
      let word = String(decoding: line.last == UInt8(ascii: "\n") ? line.dropLast() : line, as: UTF8.self)
      if !isOurs, word == start {
        isOurs = true
        held = Array(line)
      } else if isOurs {
        held += line
        if word == end { (isOurs, held) = (false, []) }
      } else {
        result += line
      }
    }
    // A block that someone cut short is not taken for ours.
    return result + held
  }

  /// The lines of ours that a file has.
  static func lines(in text: [UInt8]) -> [String] {
    let all = String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    guard let first = all.firstIndex(of: start), let last = all[first...].firstIndex(of: end) else { return [] }
    return Array(all[(first + 1)..<last])
  }
}
