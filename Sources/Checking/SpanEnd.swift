import BigInt
import Logic

/// One end of what reaches from one number to another, as names say: `start`, `day_end`, `low`. The upper end of a span
/// is not below the lower one, unless the code tells such spans from others.
struct SpanEnd: Hashable, Sendable {
  var isUpper: Bool
  /// The name without the word for the end: `day` of `day_end` and `start_day`. Both ends of a span have it.
  var subject: String

  private static let lower: Set<String> = [
    "begin", "begins", "departs", "departure", "lo", "low", "lower", "min", "minimum", "opens", "start",
    "starts",
  ]
  private static let upper: Set<String> = [
    "arrival", "arrives", "closes", "end", "ends", "finish", "hi", "high", "max", "maximum", "stop", "stops", "upper",
  ]

  init?(named name: String) {
    let words = name.lowercased().split(separator: "_").map(String.init)
    let ends = words.indices.filter { Self.lower.contains(words[$0]) || Self.upper.contains(words[$0]) }
    guard ends.count == 1 else { return nil }
    isUpper = Self.upper.contains(words[ends[0]])
    subject = (words[..<ends[0]] + words[(ends[0] + 1)...]).joined(separator: "_")
  }

  /// Of a value that has both names.
  static func common(_ one: SpanEnd?, _ two: SpanEnd?) -> SpanEnd? {
    guard let one, let two else { return one ?? two }
    if one == two { return one }
    return one.isUpper == two.isUpper ? SpanEnd(isUpper: one.isUpper, subject: "") : nil
  }

  private init(isUpper: Bool, subject: String) {
    self.isUpper = isUpper
    self.subject = subject
  }

  /// Indices of lower and upper ends of the same spans.
  static func pairs(_ ends: [SpanEnd?]) -> [(lower: Int, upper: Int)] {
    var result: [(lower: Int, upper: Int)] = []
    for (index, end) in ends.enumerated() where end?.isUpper == false {
      let others = ends.indices.filter { ends[$0]?.isUpper == true && ends[$0]?.subject == end?.subject }
      if others.count == 1 { result.append((index, others[0])) }
    }
    return result
  }
}

extension Input {
  /// The value with spans in it that are upside down turned round.
  func spansInOrder(_ demands: [Demand]) -> Input { spansInOrder(demands, depth: 0) }

  private func spansInOrder(_ demands: [Demand], depth: Int) -> Input {
    guard depth < 6 else { return self }
    func inner(_ value: Input, _ part: (Demand) -> Demand?) -> Input {
      value.spansInOrder(demands.compactMap(part), depth: depth + 1)
    }
    switch self {
    case .list(let items), .tuple(let items):
      let values = items.enumerated().map { index, item in inner(item) { $0.element.first ?? $0.parts[index] } }
      let ends = items.indices.map { index in demands.lazy.compactMap { $0.parts[index]?.span }.first }
      return with(items: Self.inOrder(values, ends))
    case .set(let items), .frozenSet(let items), .iterator(let items):
      return with(items: items.map { item in inner(item) { $0.element.first } })
    case .dictionary(let pairs):
      var ends: [SpanEnd?] = []
      let values = pairs.map { pair in
        guard case .string(let key) = pair.key else {
          ends.append(nil)
          return inner(pair.value) { $0.item.first }
        }
        ends.append(SpanEnd(named: key.string))
        return inner(pair.value) { $0.fields[key] ?? $0.item.first }
      }
      return .dictionary(zip(pairs, Self.inOrder(values, ends)).map { Pair($0.key, $1) })
    default: return self
    }
  }

  /// The values of slots with no span among and in them upside down.
  static func spansInOrder(_ values: [Input], _ slots: [Slot]) -> [Input] {
    inOrder(
      zip(slots, values).map { slot, value in
        guard let structure = slot.structure else { return value }
        return value.spansInOrder([structure.old, structure.new])
      }, slots.map(\.span))
  }

  /// Values with the ends of spans that are upside down exchanged.
  private static func inOrder(_ values: [Input], _ ends: [SpanEnd?]) -> [Input] {
    var result = values
    for (lower, upper) in SpanEnd.pairs(ends) where result[upper].isBelow(result[lower]) { result.swapAt(lower, upper) }
    return result
  }

  fileprivate func isBelow(_ other: Input) -> Bool {
    switch (self, other) {
    case (.int(let left), .int(let right)): return left < right
    case (.string(let left), .string(let right)): return left.values.lexicographicallyPrecedes(right.values)
    default:
      guard let left = asNumber, let right = other.asNumber else { return false }
      return left < right
    }
  }

  private var asNumber: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let bits): bits.value
    default: nil
    }
  }
}

extension Program {
  var comparesSpanEnds: Bool { ([procedure] + functions.values).contains(where: \.comparesSpanEnds) }
}

extension Procedure {
  /// It compares both ends of one span, or makes two numbers one: `if end < start`, `min(low, high)`.
  fileprivate var comparesSpanEnds: Bool {
    var found = false
    func end(_ value: Expression) -> (span: SpanEnd, of: Expression?)? {
      switch value {
      case .local(let name), .captured(let name): SpanEnd(named: name).map { ($0, nil) }
      case .attribute(let object, let name): SpanEnd(named: name).map { ($0, object) }
      case .item(let object, .constant(.string(let key))): SpanEnd(named: key.string).map { ($0, object) }
      default: nil
      }
    }
    func areEnds(_ left: Expression, _ right: Expression) -> Bool {
      guard let one = end(left), let two = end(right) else { return false }
      return one.span.isUpper != two.span.isUpper && one.span.subject == two.span.subject && one.of == two.of
    }
    func areDistance(_ value: Expression) -> Bool {
      if case .binary(.subtract, let left, let right) = value { areEnds(left, right) } else { false }
    }
    forEachNode { node in
      guard case .expression(let expression) = node else { return }
      switch expression {
      case .compare(let operation, let left, let right)
      where [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(operation):
        if areEnds(left, right) || areDistance(left) || areDistance(right) { found = true }
      case .chain(let operands, _):
        if zip(operands, operands.dropFirst()).contains(where: { areEnds($0, $1) }) { found = true }
      case .call(.global(.builtin("min")), let arguments), .call(.global(.builtin("max")), let arguments),
        .call(.global(.builtin("sorted")), let arguments):
        let values = arguments.map(\.value)
        if values.count == 2, areEnds(values[0], values[1]) || areDistance(values[0]) || areDistance(values[1]) {
          found = true
        }
      default: break
      }
    }
    return found
  }
}

extension PairRunner {
  /// Whether some span is upside down: an argument of records, two arguments, two attributes of an unknown object.
  func turnsSpans(_ input: Case, _ old: Execution, _ new: Execution) -> Bool {
    guard !comparesSpanEnds else { return false }
    if Input.spansInOrder(input.values, slots) != input.values { return true }
    var ends: [String: (lower: Input?, upper: Input?)] = [:]
    for question in old.consulted + new.consulted {
      guard let name = question.name, let span = SpanEnd(named: name), question.path.hasSuffix(".\(name)"),
        case .value(let value) = question.answer
      else { continue }
      let key = String(question.path.dropLast(name.count)) + span.subject
      if span.isUpper {
        ends[key, default: (nil, nil)].upper = value
      } else {
        ends[key, default: (nil, nil)].lower = value
      }
    }
    return ends.values.contains { ends in
      if let lower = ends.lower, let upper = ends.upper { upper.isBelow(lower) } else { false }
    }
  }
}

extension Slot {
  /// Ends of one object's spans, or of those that arguments are, belong together.
  var span: SpanEnd? {
    guard let span = SpanEnd(named: lastName), !isReceiver else { return nil }
    var result = span
    result.subject = (attribute == nil ? "" : String(name.dropLast(lastName.count))) + span.subject
    return result
  }
}
