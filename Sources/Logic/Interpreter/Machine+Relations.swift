import BigInt

/// How objects of the world compare.
///
/// Answers to `a < b`, `b >= a`, `a == 3` and `a == 4` are read off one thing each: a likeness that every object of the
/// world has, and a relation that every two have. So no world says both `a < b` and `b < a`, or that one object is 3
/// and 4, which no program can meet; some objects are, like NaN, in no order with anything. Answers fixed by hand choose
/// among likenesses and relations, so they too contradict nothing, and what is asked first decides nothing: both
/// versions meet the same world.
///
/// A world that is `contrary` answers each question by itself. Protocols are assumed neither reflexive nor symmetric,
/// so such a world refutes a proof that took them for that, but it is no witness that a person would believe.
extension Machine {
  enum Relation: Int, CaseIterable {
    case less, equal, greater, unordered

    var reflected: Relation {
      switch self {
      case .less: .greater
      case .greater: .less
      case .equal, .unordered: self
      }
    }

    func holds(_ operation: ComparisonOperator) -> Bool {
      switch operation {
      case .equal: self == .equal
      case .notEqual: self != .equal
      case .less: self == .less
      case .lessOrEqual: self == .less || self == .equal
      case .greater: self == .greater
      case .greaterOrEqual: self == .greater || self == .equal
      default: false
      }
    }
  }

  /// What an object of the world is like: the text that it equals, or its place among numbers.
  enum Likeness {
    case text(CodePoints)
    case number(Double)

    /// Whether what equals it is true; nil for numbers other than 0, which also stand for a place in an order.
    var isTrue: Bool? {
      switch self {
      case .text(let text): !text.values.isEmpty
      case .number(let number): number == 0 ? false : nil
      }
    }

    var isNumber: Bool { if case .number = self { true } else { false } }

    /// Nil where nothing is known of the literal.
    func relation(to literal: Likeness) -> Relation? {
      switch (self, literal) {
      case (.text(let x), .text(let y)): x.values == y.values ? .equal : nil
      case (.number(let x), .number(let y)): x < y ? .less : x > y ? .greater : x == y ? .equal : .unordered
      default: nil
      }
    }
  }

  /// Answers fixed by hand about comparisons, by the text of an operand.
  struct Constraint {
    var operation: ComparisonOperator
    var other: String
    var holds: Bool
    var epoch: Int
  }

  func unknownCompare(_ operation: ComparisonOperator, _ left: Value, _ right: Value) throws(Unwind) -> Value {
    let x = try text(of: left)
    let y = try text(of: right)
    if world.profile.isContrary { return .bool(try contraryComparison(operation, left, right, x, y)) }
    // What equals a text or a number goes on to: tables are searched by it.
    let hasLiteral = [left, right].contains { Self.isLiteral($0) }
    let epoch = hasLiteral ? 0 : max(comparisonEpoch(x), comparisonEpoch(y))
    let question = Self.question("\(x) \(operation.rawValue) \(y)", epoch)
    return .bool(
      try derive(question) { () throws(Unwind) in
        // One order for both directions.
        if y < x { return self.relation(right, left, y, x, epoch).reflected.holds(operation) }
        return self.relation(left, right, x, y, epoch).holds(operation)
      })
  }

  private static func isLiteral(_ value: Value) -> Bool {
    switch value {
    case .object(let object): object is StringObject || object is BigObject
    case .int, .bool, .float: true
    default: false
    }
  }

  private func comparisonEpoch(_ path: String) -> Int { epochs.isEmpty ? 0 : epoch(of: path + " ~") }

  private func relation(_ left: Value, _ right: Value, _ x: String, _ y: String, _ epoch: Int) -> Relation {
    let key = "\(x) ~ \(y)@\(epoch)"
    if let known = relations[key] { return known }
    let result = chooseRelation(left, right, x, y, epoch, key)
    relations[key] = result
    return result
  }

  private func chooseRelation(
    _ left: Value, _ right: Value, _ x: String, _ y: String, _ epoch: Int, _ key: String
  ) -> Relation {
    var random = decisions(key)
    let mine = likeness(left, x, epoch)
    let theirs = likeness(right, y, epoch)
    var usual: Relation
    if let mine, let theirs, let related = mine.relation(to: theirs) {
      usual = related
    } else if x == y {
      usual = random.chance(950) ? .equal : .unordered
    } else if mine == nil || theirs == nil {
      // A container or an instance on one side.
      usual = random.chance(right.isNone || left.isNone ? 60 : 250) ? .equal : random.chance(500) ? .less : .greater
    } else {
      usual = random.chance(450) ? .less : random.chance(800) ? .greater : .unordered
    }
    // A literal has a likeness of its own, which the other operand's was chosen for.
    var candidates = Relation.allCases
    for constraint in constraints[x] ?? [] where constraint.other == y && constraint.epoch == epoch {
      let fitting = candidates.filter { $0.holds(constraint.operation) == constraint.holds }
      if !fitting.isEmpty { candidates = fitting }
    }
    if !candidates.contains(usual) {
      let ordered = candidates.filter { $0 != .unordered }
      usual = ordered.isEmpty ? .unordered : ordered[random.below(ordered.count)]
    }
    return usual
  }

  /// Of a literal, itself; of an object of the world, what fits the answers fixed by hand, constants that the code
  /// compares it with before others; nil for everything else.
  private func likeness(_ value: Value, _ text: String, _ epoch: Int) -> Likeness? {
    if let number = number(value) { return .number((try? double(number)) ?? .infinity) }
    guard case .object(let object) = value else { return nil }
    if let string = object as? StringObject { return .text(CodePoints(string.values)) }
    guard let opaque = object as? OpaqueObject else { return nil }
    let key = "\(text) ~@\(epoch)"
    if let known = likenesses[key] { return known }
    let result = chooseLikeness(opaque, text, epoch, key)
    likenesses[key] = result
    return result
  }

  private func chooseLikeness(_ opaque: OpaqueObject, _ text: String, _ epoch: Int, _ key: String) -> Likeness {
    var random = decisions(key)
    var candidates = candidates(for: opaque, &random)
    // What equals nothing is not true, and no other text is.
    let isTrue = sizeOfUnknown(opaque.path, epoch: sizeEpoch(opaque.path)) > 0
    let fitting = candidates.filter { $0.isTrue.map { $0 == isTrue } ?? true }
    if !fitting.isEmpty { candidates = fitting }
    if !isTrue, candidates.allSatisfy(\.isNumber), isText(opaque) { candidates.insert(.text(CodePoints("")), at: 0) }
    for constraint in constraints[text] ?? [] where constraint.epoch == epoch {
      guard let literal = Self.literal(constraint.other) else { continue }
      // The value that was asked for is a candidate even if the code does not mention it.
      if case .number(let number) = literal { candidates += [number, number - 1, number + 1].map { .number($0) } }
      if case .text = literal { candidates.append(literal) }
      let fitting = candidates.filter {
        ($0.relation(to: literal) ?? .unordered).holds(constraint.operation) == constraint.holds
      }
      if !fitting.isEmpty { candidates = fitting }
    }
    return candidates[0]
  }

  /// Whether the use of such answers says that they are texts.
  private func isText(_ opaque: OpaqueObject) -> Bool {
    guard let first = world.profile.pools?.values[opaque.hint ?? lastName(opaque.path)]?.first else { return false }
    if case .string = first { return true } else { return false }
  }

  /// The text or number that an object of the world equals.
  ///
  /// A hash stays what it is, so what the object equals at first counts.
  func literalLike(_ opaque: OpaqueObject) throws(Unwind) -> Value {
    guard let like = likeness(.object(opaque), opaque.path, 0) else { throw unsupported("the hash of an object") }
    switch like {
    case .text(let text): return try string(text.values)
    case .number(let number): return .float(number)
    }
  }

  /// What most objects of the world are as text: the text that they equal, or their place among whole numbers.
  func coherentText(of opaque: OpaqueObject) -> [UInt32]? {
    let path = shortened(versioned("str(\(opaque.path))"))
    guard !world.profile.isContrary, world.profile.overrides[path] == nil else { return nil }
    var random = decisions(path + "~")
    guard random.chance(700), let likeness = likeness(.object(opaque), opaque.path, comparisonEpoch(opaque.path)) else {
      return nil
    }
    let text: CodePoints
    switch likeness {
    case .text(let known): text = known
    case .number(let number):
      guard let whole = Int(exactly: number) else { return nil }
      text = CodePoints(String(whole))
    }
    consult(path, .value(.string(text)))
    return text.values
  }

  /// The likeliest first.
  private func candidates(for opaque: OpaqueObject, _ random: inout Decisions) -> [Likeness] {
    let own = world.profile.compared[opaque.hint ?? lastName(opaque.path)] ?? []
    var near: [Likeness] = []
    for input in own.isEmpty ? world.profile.constants : own {
      switch input {
      case .int(let value): near.append(.number(Double(value)))
      case .float(let bits): near.append(.number(bits.value))
      case .string(let text): near.append(.text(text))
      default: break
      }
    }
    // Between all numbers that code is likely to mention.
    let between = Double(random.below(7)) - 1.5
    let plain: [Likeness] = [.number(Double(random.below(5)) - 1), .number(between), .number(.nan)]
    let start = near.isEmpty ? 0 : random.below(near.count)
    near = Array(near[start...] + near[..<start])
    let roll = random.below(100)
    if roll < 55 { return near + plain }
    if roll < 75 { return plain + near }
    return (roll < 96 ? [plain[1], plain[0], plain[2]] : [plain[2], plain[1], plain[0]]) + near
  }

  /// The literal that a text writes.
  fileprivate static func literal(_ text: String) -> Likeness? {
    if let number = Double(text) { return .number(number) }
    if text == "True" { return .number(1) }
    if text == "False" { return .number(0) }
    guard text.count >= 2, let quote = text.first, quote == "'" || quote == "\"", text.last == quote,
      !text.contains("\\")
    else { return nil }
    return .text(CodePoints(String(text.dropFirst().dropLast())))
  }

  // MARK: Size

  /// How many items an object of the world has: its length, the items that iteration gives and its truth are one.
  /// `epoch` is the last change of the world that concerns it.
  func sizeOfUnknown(_ path: String, epoch: Int) -> Int {
    let key = "\(path) #@\(epoch)"
    if let known = sizes[key] { return known }
    var random = decisions(key)
    var size = random.chance(550) ? max(1, itemCount(&random)) : 0
    let overrides = world.profile.overrides
    if !overrides.isEmpty {
      // What it was told to equal says whether it is true.
      for constraint in constraints[path] ?? [] where constraint.operation == .equal && constraint.holds {
        guard let isTrue = Self.literal(constraint.other)?.isTrue, isTrue != (size > 0) else { continue }
        size = isTrue ? max(1, itemCount(&random)) : 0
      }
      let list = Self.question("list(\(path))", epoch)
      if case .value(.int(let fixed))? = overrides[shortened(Self.question("len(\(path))", epoch))] {
        size = max(0, Int(clamping: fixed))
      } else if case .value(.int(let fixed))? = overrides[shortened("len(\(list))")] {
        size = max(0, Int(clamping: fixed))
      } else if case .value(.bool(let fixed))? = overrides[shortened(Self.question("bool(\(path))", epoch))],
        fixed != (size > 0)
      {
        size = fixed ? max(1, itemCount(&random)) : 0
      }
    }
    sizes[key] = size
    return size
  }

  func sizeEpoch(_ path: String) -> Int { epochs.isEmpty ? 0 : epoch(of: path + " #") }

  static func question(_ text: String, _ epoch: Int) -> String { epoch == 0 ? text : "\(text)@\(epoch)" }

  func truthOfUnknown(_ object: OpaqueObject) throws(Unwind) -> Bool {
    if world.profile.isContrary { return try decide(versioned("bool(\(object.path))"), chance: 550) }
    let epoch = sizeEpoch(object.path)
    return try derive(Self.question("bool(\(object.path))", epoch)) { () throws(Unwind) in
      self.sizeOfUnknown(object.path, epoch: epoch) > 0
    }
  }

  func lengthOfUnknown(_ object: OpaqueObject) throws(Unwind) -> Int {
    if world.profile.isContrary { return try decideCount(versioned("len(\(object.path))")) }
    let epoch = sizeEpoch(object.path)
    return try countOfUnknown(Self.question("len(\(object.path))", epoch), object.path, epoch: epoch)
  }

  /// A question for a number of items, answered by the size of the object.
  func countOfUnknown(_ question: String, _ path: String, epoch: Int) throws(Unwind) -> Int {
    if world.profile.isContrary { return try decideCount(question) }
    let short = shortened(question)
    if case .int(let value)? = answers[short] { return value }
    try raiseIfTold(short)
    let size = sizeOfUnknown(path, epoch: epoch)
    answers[short] = .int(size)
    consult(short, .value(.int(BigInt(size))))
    return size
  }

  // MARK: Questions whose answers are derived

  private func derive(_ question: String, _ make: () throws(Unwind) -> Bool) throws(Unwind) -> Bool {
    let path = shortened(question)
    if case .bool(let known)? = answers[path] { return known }
    try raiseIfTold(path)
    let result = try make()
    answers[path] = .bool(result)
    consult(path, .value(.bool(result)))
    return result
  }

  /// Truth, length and comparisons raise where the world is told so; of its own accord it does not, since such a
  /// witness is true and of no use.
  private func raiseIfTold(_ path: String) throws(Unwind) {
    if let known = raisedAnswers[path] {
      pending = known
      throw .exception
    }
    if case .raises(let name)? = world.profile.overrides[path] { throw try raiseAnswer(path, named: name) }
  }

  // MARK: Contrary worlds

  private func contraryComparison(
    _ operation: ComparisonOperator, _ left: Value, _ right: Value, _ x: String, _ y: String
  ) throws(Unwind) -> Bool {
    var chance = operation == .equal ? (identical(left, right) ? 950 : 350) : 500
    if operation == .equal, right.isNone { chance = 120 }
    if operation == .notEqual {
      var random = decisions("\(x) != \(y)?")
      if random.chance(900) { return !(try truth(try unknownCompare(.equal, left, right))) }
    }
    return try decide(versioned("\(x) \(operation.rawValue) \(y)"), chance: chance)
  }
}

extension Profile {
  /// Answers fixed by hand about comparisons, by the text of each operand, in an order of their own.
  var comparisonConstraints: [String: [Machine.Constraint]] {
    var result: [String: [Machine.Constraint]] = [:]
    for key in overrides.keys.sorted() {
      guard case .value(.bool(let holds))? = overrides[key], let (left, operation, right, epoch) = Self.comparison(key)
      else { continue }
      result[left, default: []].append(.init(operation: operation, other: right, holds: holds, epoch: epoch))
      result[right, default: []].append(
        .init(operation: operation.reflected, other: left, holds: holds, epoch: epoch))
    }
    return result
  }

  /// Whether answers about comparisons leave no order for two things: neither is less, equal or greater, as with NaN; or
  /// make one thing equal to two texts or numbers.
  package static func areUnordered(_ consulted: [Consultation]) -> Bool {
    var possible: [String: Set<Machine.Relation>] = [:]
    var known: [String: Machine.Likeness] = [:]
    for question in consulted {
      guard case .value(.bool(let holds)) = question.answer,
        let (left, operation, right, epoch) = comparison(question.path)
      else { continue }
      let isTurned = right < left
      let key = "\(isTurned ? right : left) ~ \(isTurned ? left : right)@\(epoch)"
      let before = possible[key] ?? (left == right ? [.equal] : [.less, .equal, .greater])
      let after = before.filter { (isTurned ? $0.reflected : $0).holds(operation) == holds }
      possible[key] = after
      guard after == [.equal], let literal = Machine.literal(right) ?? Machine.literal(left) else { continue }
      let subject = "\(Machine.literal(right) == nil ? right : left)@\(epoch)"
      if let other = known[subject], other.relation(to: literal) != .equal { return true }
      known[subject] = literal
    }
    return possible.values.contains(where: \.isEmpty)
  }

  /// `a < b@2` in parts: the first comparison outside of brackets and quotes.
  private static func comparison(_ text: String) -> (String, ComparisonOperator, String, Int)? {
    let bytes = Array(text.utf8)
    var depth = 0
    var quote: UInt8?
    for index in bytes.indices {
      let byte = bytes[index]
      if let open = quote {
        if byte == open { quote = nil }
        continue
      }
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: " ") where depth == 0:
        guard let end = bytes[(index + 1)...].firstIndex(of: UInt8(ascii: " ")),
          let operation = ComparisonOperator(rawValue: String(decoding: bytes[(index + 1)..<end], as: UTF8.self)),
          operation.isValueComparison
        else { continue }
        var right = String(decoding: bytes[(end + 1)...], as: UTF8.self)
        var epoch = 0
        if let mark = right.lastIndex(of: "@"), let number = Int(right[right.index(after: mark)...]) {
          epoch = number
          right = String(right[..<mark])
        }
        return (String(decoding: bytes[..<index], as: UTF8.self), operation, right, epoch)
      default: break
      }
    }
    return nil
  }
}

extension ComparisonOperator {
  fileprivate var isValueComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }
}
