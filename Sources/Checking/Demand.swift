import Logic

/// What the operations of a procedure ask of one of its values, as far as they ask for anything: a number where it is
/// subtracted, a position where it stands in `range`. No evidence and evidence that contradicts itself are one.
struct Demand: Hashable, Sendable {
  enum Sort: Hashable, Sendable {
    case number, string, list, tuple, set, dictionary
    /// Anything: it has attributes, is tested for its type, or the like.
    case object
  }

  var sort: Sort?
  /// Counts, indexes, or is divided as only whole numbers are.
  var isInteger = false
  /// Counts things: a bound of a slice, what a range is made of, what a length is compared with.
  var isSize = false
  /// What its name says, and whether the code tells numbers below zero from others.
  var measure: Measure?
  /// Which end of a span it is, by its name.
  var span: SpanEnd?
  var isSigned = false
  /// The length of one of its items is taken for that of all.
  var isMeasuredByItem = false
  /// Its own length is asked for.
  var isMeasured = false
  /// Compared with a number that is written out, so that small ones are told from others.
  var isBounded = false
  /// None is asked for, or the truth of the value, which tells it from others.
  var mayBeNone = false
  /// Compared with single characters.
  var isCharacter = false
  /// Compared by order.
  var isOrdered = false
  /// Read by position.
  var isSequence = false
  /// Stored into.
  var isStored = false
  /// Its length or members are asked for, or more than a single pass is made over it.
  var isCollection = false
  /// Its truth is asked for.
  var isTested = false
  /// Read and called as no built-in type is.
  var isObject = false
  /// Stands alone behind `%`, where a tuple would be several values.
  var isFormatted = false
  var isIterated = false
  /// Numbers of items that it needs at least, and exactly.
  var minimumCount = 0
  var exactCount: Int?
  /// Read by fixed positions only: as many items as those take.
  var arity: Int?
  /// Keys that are read as if they were always there.
  var requiredKeys: Set<CodePoints> = []
  /// Searched by halves, so its items stand in order.
  var isSorted = false
  /// What iteration gives.
  var element: [Demand] = []
  /// What reading by a key gives.
  var item: [Demand] = []
  var parts: [Int: Demand] = [:]
  var fields: [CodePoints: Demand] = [:]
}

extension Demand {
  /// Whether a value could be meant.
  ///
  /// - Parameter isStrict: `None`, an iterator of one pass and another number of items count too. What only the new
  ///   version asks for there may be the very change.
  func fits(_ value: Input, isStrict: Bool, depth: Int = 0) -> Bool {
    func inner(_ demand: Demand?, _ value: Input) -> Bool {
      demand?.fits(value, isStrict: isStrict, depth: depth + 1) ?? true
    }
    func isOneOf(_ sorts: Sort?...) -> Bool { sorts.contains(sort) }
    let isContainer = isSequence || isStored || isCollection || isIterated || !item.isEmpty
    if sort == .object { return true }
    switch value {
    case .opaque, .alias, .omitted, .bytes: return true
    case .made(.deque, .list(let items)):
      return isOneOf(nil, .list) && items.allSatisfy { inner(element.first, $0) }
    case .made(_, let content): return fits(content, isStrict: isStrict, depth: depth)
    case .none: return mayBeNone || !isStrict || sort == nil && !isContainer
    case .int: return isOneOf(nil, .number) && !isContainer
    // Hardly anybody counts with what is true or false.
    case .bool: return sort == nil && !isContainer && !isInteger || sort == .number && isTested
    case .float: return isOneOf(nil, .number) && !isContainer && !isInteger
    case .string(let text):
      guard isOneOf(nil, .string), !isStored else { return false }
      if sort == .string { return true }
      // Read by what it was read by: a pointer to the next.
      if !item.isEmpty, !isSequence, !isCollection { return false }
      guard text.values.count >= minimumCount, counts(text.values.count, isStrict) else { return false }
      guard fields.isEmpty, let element = element.first ?? parts.first?.value else { return fields.isEmpty }
      // What holds for its characters holds for any text that is not empty.
      return text.values.isEmpty ? element.fits("a", isStrict) : element.fits(text.values[0], isStrict)
    case .list(let items), .tuple(let items):
      let isList = if case .list = value { true } else { false }
      guard isOneOf(nil, .list, .tuple) else { return false }
      if !isList, isStored || sort == .list { return false }
      guard items.count >= minimumCount || depth == 0, counts(items.count, isStrict) else { return false }
      if sort == nil, element.first?.isCharacter == true {
        for case .string(let text) in items where text.values.count != 1 { return false }
      }
      if depth > 0, sort == nil, element.first?.sort == .string, items.contains(.string("")) { return false }
      return items.enumerated().allSatisfy { inner(element.first, $1) && inner(parts[$0], $1) }
    case .set(let items), .frozenSet(let items):
      return isOneOf(nil, .set) && !isSequence && !isStored && parts.isEmpty
        && items.allSatisfy { inner(element.first, $0) }
    case .iterator:
      // Whoever goes through it once may as well go through it twice.
      return !isIterated && !isSequence && !isStored && !isCollection && sort == nil
    case .dictionary(let pairs):
      guard isOneOf(nil, .dictionary), !isSequence else { return false }
      return pairs.allSatisfy { pair in
        var field: Demand?
        if case .string(let key) = pair.key { field = fields[key] }
        return inner(element.first, pair.key) && inner(field ?? item.first, pair.value)
      }
    }
  }

  private func fits(_ character: UInt32, _ isStrict: Bool) -> Bool {
    fits(.string(CodePoints([character])), isStrict: isStrict, depth: 2)
  }

  private func fits(_ text: String, _ isStrict: Bool) -> Bool { fits(.string(text), isStrict: isStrict, depth: 2) }

  private func counts(_ count: Int, _ isStrict: Bool) -> Bool {
    guard isStrict, let exactCount else { return true }
    return count == exactCount
  }
}

extension Demand {
  /// Of one sort: no unknown object is meant. What a loop reads by position is a sequence; a single index may be a key.
  func isKnown(amongLoops: Bool) -> Bool { sort != .object && (sort != nil || amongLoops && isSequence) }

  /// Whether an unknown object stands where a value of a known sort is asked for, inside of containers too.
  func isMetVaguely(by value: Input, amongLoops: Bool, depth: Int = 0) -> Bool {
    func inner(_ demand: Demand?, _ value: Input) -> Bool {
      demand?.isMetVaguely(by: value, amongLoops: amongLoops, depth: depth + 1) ?? false
    }
    switch value {
    case .opaque: return isKnown(amongLoops: amongLoops)
    case _ where depth > 5: return false
    case .list(let items), .tuple(let items):
      return items.enumerated().contains { inner(element.first, $1) || inner(parts[$0], $1) }
    case .set(let items), .frozenSet(let items): return items.contains { inner(element.first, $0) }
    case .dictionary(let pairs):
      return pairs.contains { pair in
        var field: Demand?
        if case .string(let key) = pair.key { field = fields[key] }
        return inner(element.first, pair.key) || inner(field ?? item.first, pair.value)
      }
    case .made(_, let content): return isMetVaguely(by: content, amongLoops: amongLoops, depth: depth)
    default: return false
    }
  }
}

/// A demand and how far it counts against a value: what the old version asks for counts in full.
struct JudgedDemand: Hashable, Sendable {
  var demand: Demand
  var isStrict: Bool
}

extension Shape {
  /// What suits a demand.
  init(_ demand: Demand, depth: Int = 0) {
    func inner(_ demand: Demand?) -> Shape { demand.map { Shape($0, depth: depth + 1) } ?? .any }
    func plain() -> Shape {
      let element = inner(demand.element.first)
      switch demand.sort {
      case .number: return demand.isInteger ? .int : .union([.int, .float])
      case .string: return .string
      // Something with attributes, where it is found among others.
      case .object: return depth > 0 ? .union([.opaque, .opaque, .any]) : .any
      case .list: return .list(element)
      case .set: return .set(element)
      case .tuple, nil:
        if let count = demand.exactCount ?? (demand.parts.isEmpty ? nil : demand.minimumCount), count > 0 {
          return .tuple((0..<count).map { inner(demand.parts[$0]) })
        }
        if demand.sort == .tuple || demand.isStored || demand.isSequence { return .list(element) }
        if demand.isIterated { return .list(element) }
        return demand.isOrdered && depth > 0 ? .union([.int, .int, .int, .string, .any]) : .any
      case .dictionary:
        guard !demand.fields.isEmpty else { return .dictionary(element, inner(demand.item.first)) }
        let fields = demand.fields.sorted { $0.key.string < $1.key.string }
        return .record(
          fields.map { key, field in
            Field(key: key, shape: inner(field), isOptional: !demand.requiredKeys.contains(key))
          })
      }
    }
    self = plain()
    if demand.mayBeNone || demand.isTested, self == .any, demand.sort == nil, depth > 0 {
      self = .union([.string, .int, .none, .any])
    }
    if demand.mayBeNone, demand.sort.map({ $0 != .object }) ?? (!demand.isTested && !isVague) {
      self = .union([self, .none])
    }
  }

  /// Little is known of it.
  var isVague: Bool {
    switch self {
    case .any, .none, .opaque, .callable: true
    case .union(let parts): parts.contains { $0.isVague && $0 != .none }
    default: false
    }
  }
}
