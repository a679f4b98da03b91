/// A test of one character.
enum CharacterTest {
  case literal(UInt32)
  case notLiteral(UInt32)
  /// Any character but a line feed.
  case notLineFeed
  case any
  /// The set of the program with the index.
  case set(Int)
}

/// A set of characters, ready for tests: a bitmap answers for ASCII, the items for the rest.
struct CharacterSet {
  private var items: [SetItem]
  private let negated: Bool
  private let ascii: Bool
  private var folding: CaseFolding
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(_ items: [SetItem], negated: Bool, flags: PatternFlags) {
    self.items = items
    self.negated = negated
    ascii = flags.contains(.ascii)
    folding = .none
    fold(CaseFolding(flags))
    for point in UInt32(0)..<64 where containsSlowly(point) { low |= 1 << UInt64(point) }
    for point in UInt32(64)..<128 where containsSlowly(point) { high |= 1 << UInt64(point - 64) }
  }

  func contains(_ point: UInt32) -> Bool {
    if point < 64 { return low >> UInt64(point) & 1 == 1 }
    if point < 128 { return high >> UInt64(point - 64) & 1 == 1 }
    return containsSlowly(point)
  }

  private func containsSlowly(_ point: UInt32) -> Bool {
    let folded = folding.lower(point)
    return items.contains { matches($0, folded) } != negated
  }

  private func matches(_ item: SetItem, _ point: UInt32) -> Bool {
    switch item {
    case .literal(let literal): point == literal
    case .range(let range): range.contains(point)
    case .category(let category): category.contains(point, ascii: ascii)
    case .eitherCase(let range): range.contains(point) || range.contains(CaseFolding.upper(point))
    }
  }

  /// Puts the items into lowercase where that matters; tests then lower the character, too.
  private mutating func fold(_ folding: CaseFolding) {
    guard folding != .none, items.contains(where: { $0.isCased(folding) }) else { return }
    self.folding = folding
    items = items.flatMap { $0.folded(folding) }
  }
}

extension SetItem {
  private static let planeEnd: UInt32 = 0xFFFF

  fileprivate func isCased(_ folding: CaseFolding) -> Bool {
    switch self {
    case .literal(let point): folding.lower(point) > SetItem.planeEnd || folding.isCased(point)
    case .range(let range): range.upperBound > SetItem.planeEnd || range.contains(where: folding.isCased)
    case .category, .eitherCase: false
    }
  }

  /// The lowercase of the item. Beyond the basic plane, CPython compares as written; so does this.
  fileprivate func folded(_ folding: CaseFolding) -> [SetItem] {
    switch self {
    case .literal(let point):
      let lower = folding.lower(point)
      return lower > SetItem.planeEnd ? [self] : ([lower] + folding.siblings(lower)).map(SetItem.literal)
    case .range(let range):
      let points = range.prefix { $0 <= SetItem.planeEnd }.map(folding.lower)
      let lowered = SetItem.ranges(of: points + points.flatMap(folding.siblings))
      return range.upperBound > SetItem.planeEnd ? lowered + [.eitherCase(range)] : lowered
    case .category, .eitherCase: return [self]
    }
  }

  /// The characters as runs.
  private static func ranges(of points: [UInt32]) -> [SetItem] {
    var runs: [ClosedRange<UInt32>] = []
    for point in points.sorted() {
      if let last = runs.last, point <= last.upperBound + 1 {
        runs[runs.count - 1] = last.lowerBound...max(point, last.upperBound)
      } else {
        runs.append(point...point)
      }
    }
    return runs.map(SetItem.range)
  }
}
