import BigInt
import Logic

/// What is counted or measured and therefore not below zero, as names say: a hint, which what the code tells apart
/// outweighs.
struct Measure: Hashable, Sendable {
  /// Nothing between two whole numbers is meant.
  var isWhole: Bool
  var range: ClosedRange<BigInt>?

  private static let measures: Set<String> = [
    "age", "cooldown", "cost", "delay", "distance", "duration", "height", "interval", "price", "radius", "rate",
    "speed",
    "timeout", "ttl", "weight", "width",
  ]
  private static let counts: Set<String> = [
    "attempt", "capacity", "coin", "count", "day", "decimal", "depth", "digit", "hour", "length", "limit", "minute",
    "month", "page", "precision", "qty", "quantity", "retry", "second", "serving", "size", "stock", "year",
  ]
  /// Of the calendar and the clock, where there is one of them.
  private static let units: [String: ClosedRange<BigInt>] = [
    "month": 1...12, "hour": 0...23, "minute": 0...59, "second": 0...59,
  ]

  private static let parts: [String] = [
    "batch_size", "chunk_size", "page_size", "part_size", "block_size", "buffer_size", "per_page",
  ]

  /// By the last word of a name, one or many: `page_size`, `weights`, `retries`.
  init?(named name: String) {
    guard let last = name.lowercased().split(separator: "_").last.map(String.init) else { return nil }
    var words = [last]
    if last.hasSuffix("ies") { words.append(last.dropLast(3) + "y") }
    if last.hasSuffix("s") { words.append(String(last.dropLast())) }
    guard let word = words.first(where: { Self.counts.contains($0) || Self.measures.contains($0) }) else { return nil }
    isWhole = Self.counts.contains(word)
    range = Self.units[last]
    // Nothing is cut into parts of nothing.
    if Self.parts.contains(where: name.lowercased().hasSuffix) { range = 1...BigInt(Int32.max) }
  }

  func includes(_ number: BigInt) -> Bool { range?.contains(number) ?? (number >= 0) }

  func moved(_ number: BigInt) -> BigInt {
    guard let range else { return BigInt(number.magnitude) }
    return range.lowerBound + BigInt(number.magnitude % BigUInt(range.upperBound - range.lowerBound + 1))
  }

  /// Of a value that has both names: what either allows.
  static func common(_ one: Measure?, _ two: Measure?) -> Measure? {
    guard var result = one, let two else { return one ?? two }
    result.isWhole = result.isWhole && two.isWhole
    if result.range != two.range { result.range = nil }
    return result
  }
}

extension Input {
  /// The value with numbers in it that their names do not stand for moved to such that they do; code that tells those
  /// from others, as the demands say, has them as they are.
  func measured(by demands: [Demand]) -> Input { measured(demands, nil, depth: 0) }

  private func measured(_ demands: [Demand], _ outer: Measure?, depth: Int) -> Input {
    guard depth < 6 else { return self }
    let measure = demands.lazy.compactMap(\.measure).first ?? outer
    func inner(_ value: Input, _ part: (Demand) -> Demand?) -> Input {
      value.measured(demands.compactMap(part), measure, depth: depth + 1)
    }
    switch self {
    case .int(let number):
      guard let measure, !measure.includes(number), !demands.contains(where: { $0.isTested || $0.isSigned }) else {
        return self
      }
      return .int(measure.moved(number))
    case .float(let number):
      guard let measure, measure.isWhole, let whole = BigInt(exactly: number.value.rounded()) else { return self }
      return .int(measure.includes(whole) ? whole : measure.moved(whole))
    case .list(let items), .tuple(let items):
      return with(
        items: items.enumerated().map { index, item in inner(item) { $0.element.first ?? $0.parts[index] } })
    case .set(let items), .frozenSet(let items), .iterator(let items):
      return with(items: items.map { item in inner(item) { $0.element.first } })
    case .dictionary(let pairs):
      return .dictionary(
        pairs.map { pair in
          let value = inner(pair.value) { demand in
            if case .string(let key) = pair.key, let field = demand.fields[key] { return field }
            return demand.item.first
          }
          return Pair(pair.key, value)
        })
    default: return self
    }
  }
}
