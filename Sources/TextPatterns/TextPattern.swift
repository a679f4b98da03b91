/// A compiled pattern with the syntax and the matching of Python 3.11's `re` for `str`, over code points.
package struct TextPattern: Sendable {
  /// Where a match may begin and must end.
  package enum Mode: Sendable {
    /// Begins at the start: `Pattern.match`.
    case match
    /// Begins anywhere: `Pattern.search`.
    case search
    /// Begins at the start and ends at the end: `Pattern.fullmatch`.
    case fullMatch
  }

  /// Without group 0.
  package let groupCount: Int
  /// In the order of the pattern.
  package let groupNames: [(name: String, index: Int)]
  /// Those given and those that the pattern turns on, `unicode` included unless `ascii` holds.
  package let flags: PatternFlags
  private let program: Program
  private let names: [[UInt32]: Int]

  /// Throws what `re.compile` would raise, or `.unsupported`.
  package init(_ pattern: [UInt32], flags: PatternFlags = []) throws(PatternError) {
    var parser = try Parser(pattern, flags: flags)
    let nodes = try parser.parse()
    self.flags = parser.flags
    groupCount = parser.groups.count - 1
    groupNames = parser.groups.names.map { (String(codePoints: $0.name), $0.index) }
    names = Dictionary(parser.groups.names.map { ($0.name, $0.index) }) { first, _ in first }
    program = try Compiler(nodes, groups: parser.groups, flags: parser.flags).program
  }

  /// The group with the name; nil: none.
  package func groupIndex(named name: [UInt32]) -> Int? { names[name] }

  /// The first match within `text[..<end]`; characters before `start` are still seen by `^`, `\b` and lookbehinds.
  ///
  /// `charge` is called with the work done, about once every 64 steps, and may throw to stop: the time can be
  /// exponential in the length of the text.
  package func match<E: Error>(
    _ text: [UInt32], from start: Int, to end: Int, mode: Mode, charge: (Int) throws(E) -> Void
  ) throws(E) -> Match? {
    let start = min(max(start, 0), text.count)
    let end = min(end, text.count)
    guard start <= end else { return nil }
    var matcher = Matcher(program, text: text, end: end, mustEnd: mode == .fullMatch)
    if mode == .search { return try matcher.search(from: start, charge: charge) }
    return try matcher.match(at: start, charge: charge)
  }

  /// All matches from left to right, as `finditer` has them: one may be empty right behind another, yet no empty
  /// match comes twice. At most `limit` of them; `end`: that of the text where nil.
  package func matches<E: Error>(
    in text: [UInt32], from start: Int = 0, to end: Int? = nil, limit: Int = .max, charge: (Int) throws(E) -> Void
  ) throws(E) -> [Match] {
    var matcher = Matcher(program, text: text, end: min(end ?? text.count, text.count), mustEnd: false)
    var found: [Match] = []
    var start = min(max(start, 0), text.count)
    var wasEmpty = false
    while found.count < limit, let match = try matcher.search(from: start, refusingEmpty: wasEmpty, charge: charge) {
      found.append(match)
      start = match.span.upperBound
      wasEmpty = match.span.isEmpty
    }
    return found
  }
}

/// Where a pattern matched.
package struct Match: Sendable, Equatable {
  /// By group, the whole match first; nil for a group that took no part.
  package var spans: [Range<Int>?]
  /// The group that closed last.
  package var lastIndex: Int?

  /// That of the whole match.
  package var span: Range<Int> { spans.first.flatMap(\.self) ?? 0..<0 }
}
