/// What `re.sub` puts in place of a match: text with references such as `\1` and `\g<name>`.
package struct ReplacementTemplate: Sendable {
  private enum Part {
    case text([UInt32])
    case group(Int)
  }

  private var parts: [Part] = []

  package init(_ template: [UInt32], for pattern: TextPattern) throws(PatternError) {
    var reader = try PatternReader(template)
    while let token = try reader.take() {
      switch token {
      case .plain(let point): append([point])
      case .escape("g"): parts.append(.group(try Self.namedGroup(&reader, pattern)))
      case .escape(let point) where point.isDecimalDigit: try appendNumeric(point, &reader, pattern)
      case .escape(let point): append(try Self.plain(point, reader))
      }
    }
  }

  /// The text for a match; groups that took no part are empty.
  package func text(of match: Match, in text: [UInt32]) -> [UInt32] {
    parts.flatMap { part -> [UInt32] in
      switch part {
      case .text(let points): points
      case .group(let index): match.spans[index].map { Array(text[$0]) } ?? []
      }
    }
  }

  private mutating func append(_ points: [UInt32]) {
    if case .text(let earlier) = parts.last {
      parts[parts.count - 1] = .text(earlier + points)
    } else {
      parts.append(.text(points))
    }
  }

  /// `\g<name>` and `\g<1>`
  private static func namedGroup(_ reader: inout PatternReader, _ pattern: TextPattern) throws(PatternError) -> Int {
    guard try reader.take("<") else { throw reader.error("missing <") }
    let name = try reader.take(until: ">", subject: "group name")
    if name.isIdentifier {
      if let index = pattern.groupIndex(named: name) { return index }
      throw PatternError("unknown group name \(String(quoting: name))", kind: .index)
    }
    let index = try name.groupNumber(in: reader)
    return try checked(index, pattern, reader, back: name.count + 1)
  }

  private static func checked(
    _ index: Int, _ pattern: TextPattern, _ reader: PatternReader, back: Int
  ) throws(PatternError) -> Int {
    if index <= pattern.groupCount { return index }
    throw reader.error("invalid group reference \(index)", back: back)
  }

  /// `\1`, `\12`, or a character by octal digits: `\0`, `\07`, `\101`.
  private mutating func appendNumeric(
    _ first: UInt32, _ reader: inout PatternReader, _ pattern: TextPattern
  ) throws(PatternError) {
    if first == 48 {
      let digits = try reader.take(upTo: 2, where: \.isOctalDigit)
      return append([UInt32(digits.number(radix: 8) ?? 0)])
    }
    var digits = [first] + (try reader.take(upTo: 1, where: \.isDecimalDigit))
    if digits.count == 2, digits.allSatisfy(\.isOctalDigit) {
      digits += try reader.take(upTo: 1, where: \.isOctalDigit)
    }
    guard digits.count == 3 else {
      let index = digits.number() ?? 0
      return parts.append(.group(try Self.checked(index, pattern, reader, back: digits.count)))
    }
    let value = digits.number(radix: 8) ?? 0
    if value <= 0o377 { return append([UInt32(value)]) }
    let escape = "\\" + String(codePoints: digits)
    throw reader.error("octal escape value \(escape) outside of range 0-0o377", back: 4)
  }

  /// A control character; a backslash before anything but a letter stays.
  private static func plain(_ point: UInt32, _ reader: PatternReader) throws(PatternError) -> [UInt32] {
    if point == 92 { return [92] }
    if point == 98 { return [8] }
    if let control = point.controlEscape { return [control] }
    if point.isASCIILetter { throw reader.error("bad escape \(Token.escape(point).text)", back: 2) }
    return [92, point]
  }
}

/// The pattern that matches exactly the text: `re.escape`.
package func escaped(_ text: [UInt32]) -> [UInt32] {
  let special = Set("()[]{}?*+-|^$\\.&~# \t\n\r\u{B}\u{C}".unicodeScalars.map(\.value))
  return text.flatMap { special.contains($0) ? [92, $0] : [$0] }
}
