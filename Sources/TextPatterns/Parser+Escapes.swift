/// Backslashes and brackets.
extension Parser {
  /// An escape outside brackets.
  mutating func parseEscape(_ point: UInt32) throws(PatternError) -> Node {
    if let position = Position(escape: point) { return .position(position) }
    if let category = Category(escape: point) { return .set([.category(category)], negated: false) }
    if let number = try parseNumericEscape(point) { return .literal(number) }
    switch point {
    case "0": return .literal(try parseOctal(point))
    case _ where point.isDecimalDigit: return try parseReference(point)
    default: return .literal(try plainEscape(point))
    }
  }

  /// `\12`: the reference to a group, or a character by three octal digits.
  private mutating func parseReference(_ first: UInt32) throws(PatternError) -> Node {
    var digits = [first] + (try reader.take(upTo: 1, where: \.isDecimalDigit))
    if digits.count == 2, digits.allSatisfy(\.isOctalDigit) {
      digits += try reader.take(upTo: 1, where: \.isOctalDigit)
      if digits.count == 3 { return .literal(try octal(digits)) }
    }
    let index = digits.number() ?? 0
    if index < groups.count { return try reference(to: index, back: digits.count + 1) }
    throw reader.error("invalid group reference \(index)", back: digits.count)
  }

  /// `\0` and, in brackets, any character by up to three octal digits.
  private mutating func parseOctal(_ first: UInt32) throws(PatternError) -> UInt32 {
    let digits = [first] + (try reader.take(upTo: 2, where: \.isOctalDigit))
    return try octal(digits)
  }

  private func octal(_ digits: [UInt32]) throws(PatternError) -> UInt32 {
    let value = digits.number(radix: 8) ?? 0
    if value <= 0o377 { return UInt32(value) }
    let escape = "\\" + String(codePoints: digits)
    throw reader.error("octal escape value \(escape) outside of range 0-0o377", back: digits.count + 1)
  }

  /// `\x41`, `\u0041`, `\U00000041`; nil for another escape.
  private mutating func parseNumericEscape(_ point: UInt32) throws(PatternError) -> UInt32? {
    let length: Int
    switch point {
    case "x": length = 2
    case "u": length = 4
    case "U": length = 8
    case "N": throw try namedCharacterError()
    default: return nil
    }
    let digits = try reader.take(upTo: length, where: \.isHexDigit)
    let escape = "\\" + String(codePoints: [point] + digits)
    if digits.count < length { throw reader.error("incomplete escape \(escape)", back: digits.count + 2) }
    guard let value = digits.number(radix: 16), value <= 0x10FFFF else {
      throw reader.error("bad escape \(escape)", back: digits.count + 2)
    }
    return UInt32(value)
  }

  private mutating func namedCharacterError() throws(PatternError) -> PatternError {
    guard try reader.take("{") else { return reader.error("missing {") }
    _ = try reader.take(until: "}", subject: "character name")
    return .unsupported("a character by its name")
  }

  /// A control character, or a character that is no ASCII letter or digit and stands for itself.
  private func plainEscape(_ point: UInt32) throws(PatternError) -> UInt32 {
    if let control = point.controlEscape { return control }
    if !point.isASCIILetter, !point.isDecimalDigit { return point }
    throw reader.error("bad escape \(Token.escape(point).text)", back: 2)
  }

  /// Reads on behind `[`.
  mutating func parseSet() throws(PatternError) -> Node {
    let start = reader.position - 1
    let negated = try reader.take("^")
    var items: [SetItem] = []
    while let token = try reader.take() {
      if token == .plain(93), !items.isEmpty { return Parser.simplified(items, negated: negated) }
      let item = try setItem(token)
      guard try reader.take("-") else {
        items.append(item)
        continue
      }
      guard let end = try reader.take() else { break }
      if end == .plain(93) { return .set(items + [item, .literal(45)], negated: negated) }
      let last = try setItem(end)
      items.append(try range(from: item, token, to: last, end))
    }
    throw reader.error("unterminated character set", back: reader.position - start)
  }

  private static func simplified(_ items: [SetItem], negated: Bool) -> Node {
    guard items.count == 1, case .literal(let point) = items[0] else { return .set(items, negated: negated) }
    return negated ? .notLiteral(point) : .literal(point)
  }

  private func range(
    from low: SetItem, _ first: Token, to high: SetItem, _ last: Token
  ) throws(PatternError) -> SetItem {
    guard case .literal(let low) = low, case .literal(let high) = high, low <= high else {
      let message = "bad character range \(first.text)-\(last.text)"
      throw reader.error(message, back: first.length + 1 + last.length)
    }
    return .range(low...high)
  }

  private mutating func setItem(_ token: Token) throws(PatternError) -> SetItem {
    guard case .escape(let point) = token else { return .literal(token.points[0]) }
    if let category = Category(escape: point) { return .category(category) }
    if point == 98 { return .literal(8) }
    if let number = try parseNumericEscape(point) { return .literal(number) }
    guard point.isOctalDigit else { return .literal(try plainEscape(point)) }
    return .literal(try parseOctal(point))
  }
}

extension UInt32 {
  /// The control character that `\n` and its like name; `\b` is a place or, in brackets, the caller's matter.
  var controlEscape: UInt32? {
    switch self {
    case "a": 7
    case "t": 9
    case "n": 10
    case "v": 11
    case "f": 12
    case "r": 13
    default: nil
    }
  }
}

extension Position {
  fileprivate init?(escape point: UInt32) {
    switch point {
    case "A": self = .textStart
    case "Z": self = .textEnd
    case "b": self = .wordBoundary
    case "B": self = .noWordBoundary
    default: return nil
    }
  }
}
