import BigInt
import Logic
import OrderedCollections

/// Values of a shape: first few and simple, then odd ones.
struct Values: Sendable {
  /// What both versions mention.
  let constants: Constants
  private let integers: [BigInt]
  private let strings: [CodePoints]
  /// Where set, what the parts of a case are mostly made of, so that they refer to each other.
  var scope: Scope?
  /// Lengths near those that the code compares with.
  private var lengths: [Int]
  private let characters: [UInt32]

  /// A few whole numbers from 0 up, and a few texts.
  struct Scope: Sendable {
    var bound: Int
    var texts: [CodePoints]
    /// What may be anything is a number, or else a text.
    var isNumeric: Bool
  }

  /// Integers reach to about two to the power of this; wider once the narrow ones are used up.
  var spread = 10
  /// Integers beyond this make runs too long: learned from runs that were.
  var widest = Int.max

  init(constants: Constants) {
    self.constants = constants
    integers = Array(constants.integersAndNeighbours().prefix(60))
    var strings: OrderedSet<CodePoints> = []
    for text in constants.strings {
      strings.append(text)
      if text.values.count > 1 { strings.append(CodePoints(Array(text.values.dropLast()))) }
      if strings.count > 60 { break }
    }
    self.strings = strings.elements
    characters = constants.characters.elements
    lengths = (constants.compared["len"] ?? []).flatMap { literal -> [Int] in
      guard case .int(let value) = literal, value >= 0, value <= 40 else { return [] }
      return [Int(value), Int(value) + 1, max(0, Int(value) - 1)]
    }
    lengths += constants.cuts.flatMap { [Int($0), Int($0) + 1, Int($0) + 3] }
  }

  /// Simplest first, at most about a dozen. `near` are the constants that this value is compared with.
  func small(_ shape: Shape, name: String, near: [Constant], keys: [CodePoints], depth: Int = 0) -> [Input] {
    var result: OrderedSet<Input> = []
    func inner(_ shape: Shape, _ count: Int) -> [Input] {
      Array(small(shape, name: name, near: [], keys: [], depth: depth + 1).filter { !$0.isOpaque }.prefix(count))
    }
    switch shape {
    case .any where depth > 0:
      // One sort at first, so that elements can be compared and added.
      result = [.int(1), .int(0), .int(2), .string("a"), .none, .int(-1), .string("b"), .bool(true), .list([])]
    case .any:
      result = [.opaque(name)]
      result.append(contentsOf: Self.inputs(near))
      result.append(contentsOf: [
        .int(1), .none, .int(0), .string("a"), .int(2), .bool(true), .list([]), .string(""), .list([.int(1), .int(2)]),
        .bool(false), .float(0.5),
      ])
    case .none: result = [.none]
    case .bool: result = [.bool(false), .bool(true)]
    case .int:
      let close = near.flatMap(Self.around)
      result.append(contentsOf: [.int(0), .int(1)] + close.prefix(4) + [.int(2), .int(-1)] + close.dropFirst(4))
      result.append(contentsOf: [.int(3), .int(5), .int(-2), .int(10)])
    case .float:
      result.append(contentsOf: [.float(0.5), .float(1)] + near.flatMap(Self.around))
      result.append(contentsOf: [.float(-1.5), .float(0), .float(2), .float(0.1)])
    case .string:
      result = [.string("a"), .string("")]
      result.append(contentsOf: Self.inputs(near) + keys.map(Input.string) + strings.prefix(6).map(Input.string))
      result.append(contentsOf: [.string("ab"), .string("b a"), .string(" a "), .string("A1"), .string("aab")])
    case .bytes:
      result = [.bytes([97]), .bytes([]), .bytes([97, 98]), .bytes([0, 255])]
      result.append(contentsOf: constants.bytes.prefix(4).map(Input.bytes))
    case .list(let element):
      let e = inner(element, 4)
      result.append(.list([]))
      for one in e.prefix(3) { result.append(.list([one])) }
      for one in e.prefix(3) { for two in e.prefix(3) { result.append(.list([one, two])) } }
      if e.count > 2 {
        result.append(contentsOf: [.list([e[2], e[0], e[1]]), .list([e[0], e[1], e[0]]), .list([e[1], e[1], e[2]])])
      }
      if depth > 0 { return Array(result.prefix(6)) }
    case .tuple(let parts):
      let choices = parts.map { inner($0, 4) }
      for index in 0..<6 {
        result.append(
          .tuple(choices.enumerated().map { $1.isEmpty ? .none : $1[(index + $0 * (index / 2)) % $1.count] }))
      }
    case .set(let element):
      let e = inner(element, 4).filter(\.isHashable)
      result.append(contentsOf: [
        .set([]), .set(Array(e.prefix(1))), .set(Array(e.prefix(2))), .set(Array(e.suffix(2))),
      ])
    case .dictionary(let key, let value):
      let k = keys.isEmpty ? inner(key, 4).filter(\.isHashable) : keys.map(Input.string)
      let v = inner(value, 4)
      func pairs(_ indices: (Int, Int)...) -> Input {
        .dictionary(indices.compactMap { $0 < k.count && !v.isEmpty ? .init(k[$0], v[$1 % v.count]) : nil })
      }
      result = [pairs(), pairs((0, 0)), pairs((0, 1)), pairs((0, 0), (1, 1)), pairs((1, 0), (0, 2)), pairs((1, 1))]
      if keys.count > 2, !v.isEmpty {
        result.append(.dictionary(k.enumerated().map { .init($1, v[$0 % max(1, v.count)]) }))
      }
      if depth > 0 { return Array(result.prefix(4)) }
    case .record(let fields):
      let choices = fields.map { inner($0.shape, 4) }
      for index in 0..<6 {
        result.append(
          .dictionary(
            zip(fields, choices).enumerated().compactMap { place, field in
              // In the last ones some are missing.
              field.0.isOptional && index > 3 && (index + place) % 2 == 0
                ? nil
                : .init(
                  .string(field.0.key),
                  field.1.isEmpty ? .none : field.1[(index + place * (index / 2)) % field.1.count])
            }))
      }
    case .made(let kind, let content):
      result.append(contentsOf: small(content, name: name, near: [], keys: keys, depth: depth).map { .made(kind, $0) })
    case .iterator(let element):
      let e = inner(element, 3)
      result = [.iterator([]), .iterator(Array(e.prefix(1))), .iterator(e)]
    case .callable, .opaque: result = [.opaque(name)]
    case .literals(let known): result.append(contentsOf: known)
    case .union(let shapes):
      let lists = shapes.prefix(5).map { small($0, name: name, near: near, keys: keys, depth: depth + 1) }
      for index in 0..<8 { for list in lists where index < list.count { result.append(list[index]) } }
    }
    return Array(result.prefix(depth == 0 ? 24 : 12))
  }

  /// Any value of a shape; now and then of another.
  func random(_ shape: Shape, name: String, using random: inout Random, depth: Int = 0) -> Input {
    func list(_ element: Shape, _ random: inout Random) -> [Input] {
      if depth == 0, case .tuple(let parts) = element, case .literals? = parts.first { return script(parts, &random) }
      var items: [Input] = []
      // Mostly one sort, so that elements can be compared and added.
      var element = element
      if element == .any { element = .union([.int, .int, .string, .any]) }
      if case .union(let sorts) = element, random.chance(800), let one = random.pick(sorts) { element = one }
      var count = random.int(below: depth == 0 ? 7 : 4)
      if depth == 0, scope != nil, random.chance(400) { count += 3 }
      if depth == 0, random.chance(200), let length = random.pick(lengths) { count = length }
      if element.isRow, random.chance(600) { return grid(element, rows: max(count, 1), &random) }
      if case .dictionary(let key, let value) = element, random.chance(500) {
        return records(key, value, count: count, &random)
      }
      let narrow = random.chance(500)
      let alphabet =
        narrow ? (0..<2).map { _ in self.random(element, name: name, using: &random, depth: depth + 1) } : []
      for _ in 0..<count {
        if random.chance(150), let known = random.pick(items), let like = like(known, &random) {
          items.append(like)
          continue
        }
        items.append(random.pick(alphabet) ?? self.random(element, name: name, using: &random, depth: depth + 1))
      }
      return items
    }
    /// Steps of a play, over few values so that they are about the same things.
    func script(_ parts: [Shape], _ random: inout Random) -> [Input] {
      // Now and then what one parameter is given, another of its sort is given too.
      let isShared = random.chance(500)
      var known: [Shape: [Input]] = [:]
      let pools = parts.dropFirst().map { part in
        if isShared, let pool = known[part] { return pool }
        // Mostly of one sort, as what is added up or compared is.
        var sort = part
        if case .union(let sorts) = part, random.chance(800), let one = random.pick(sorts) { sort = one }
        let pool = (0..<1 + random.int(below: 4)).map { _ in
          self.random(sort, name: name, using: &random, depth: depth + 2)
        }
        known[part] = pool
        return pool
      }
      return (0..<1 + random.int(below: 12)).map { _ in
        let use = self.random(parts[0], name: name, using: &random, depth: depth + 2)
        return .tuple([use] + pools.map { random.pick($0) ?? .none })
      }
    }
    /// Dictionaries of the same keys.
    func records(_ key: Shape, _ value: Shape, count: Int, _ random: inout Random) -> [Input] {
      let keys = OrderedSet(list(key, &random).filter(\.isHashable))
      return (0..<count).map { _ in
        .dictionary(
          keys.map { .init($0, self.random(value, name: name, using: &random, depth: depth + 2)) })
      }
    }
    /// The same parts in another order, or some of them.
    func like(_ value: Input, _ random: inout Random) -> Input? {
      func turned<T>(_ parts: [T]) -> [T]? {
        guard parts.count > 1 else { return nil }
        var parts = parts
        switch random.int(below: 3) {
        case 0: parts.reverse()
        case 1: parts.swapAt(0, random.int(below: parts.count))
        default: parts.remove(at: random.int(below: parts.count))
        }
        return parts
      }
      switch value {
      case .string(let text): return turned(text.values).map { .string(CodePoints($0)) }
      case .list(let items): return turned(items).map(Input.list)
      default: return nil
      }
    }
    /// Rows of one length over few values.
    func grid(_ row: Shape, rows: Int, _ random: inout Random) -> [Input] {
      var cell = Shape.any
      if case .list(let inner) = row { cell = inner }
      var alphabet = (0..<2).map { _ in self.random(cell, name: name, using: &random, depth: 2) }
      if let literals = constants.compared[name], random.chance(700) {
        alphabet += literals.filter { $0.items == nil }.prefix(3)
      }
      let plain: [Input] = [.int(0), .int(1)]
      let isPlain = cell.takesNumbers && random.chance(500)
      let width = random.chance(300) ? rows : 1 + random.int(below: 4)
      return (0..<rows).map { _ in
        .list((0..<width).map { _ in random.pick(isPlain ? plain : alphabet) ?? .none })
      }
    }
    switch shape {
    case .none: return .none
    case .bool: return .bool(random.chance(500))
    case .int: return integer(&random, depth: depth)
    case .float: return float(&random)
    case .string: return .string(string(&random))
    case .bytes: return .bytes(bytes(&random))
    case .list(let element): return random.chance(100) ? .tuple(list(element, &random)) : .list(list(element, &random))
    case .tuple(let parts):
      return .tuple(parts.map { self.random($0, name: name, using: &random, depth: depth + 1) })
    case .set(let element): return .set(Array(OrderedSet(list(element, &random).filter(\.isHashable))))
    case .dictionary(let key, let value):
      var pairs: OrderedDictionary<Input, Input> = [:]
      let keys = list(key, &random).filter(\.isHashable)
      // Now and then a graph: the values lead to keys.
      let isGraph = value.mayBeList && random.chance(500)
      for item in keys {
        pairs[item] =
          isGraph
          ? .list((0..<random.int(below: 4)).compactMap { _ in random.pick(keys) })
          : self.random(value, name: name, using: &random, depth: depth + 1)
      }
      return .dictionary(pairs.map { .init($0.key, $0.value) })
    case .record(let fields):
      // Now and then one is missing.
      let isWhole = random.chance(850)
      var pairs: [Input.Pair] = []
      for field in fields where field.isOptional ? random.chance(700) : isWhole || random.chance(800) {
        pairs.append(.init(.string(field.key), self.field(field, using: &random, depth: depth + 1)))
      }
      return .dictionary(pairs)
    case .made(let kind, let content):
      let value = self.random(content, name: name, using: &random, depth: depth)
      if case .tuple(let items) = value { return .made(kind, .list(items)) }
      return .made(kind, value)
    case .iterator(let element): return .iterator(list(element, &random))
    case .callable, .opaque: return .opaque(depth == 0 ? name : "\(name)_\(random.int(below: 3))")
    case .literals(let known): return random.pick(known) ?? .none
    case .union(let shapes):
      return self.random(random.pick(shapes) ?? .any, name: name, using: &random, depth: depth)
    case .any where scope != nil && depth > 0 && random.chance(900):
      return scope?.isNumeric == true ? integer(&random, depth: depth) : .string(string(&random))
    case .any:
      let kinds: [Shape] =
        depth > 1
        ? [.int, .int, .string, .none, .bool, .float]
        : [
          .int, .int, .opaque, .string, .none, .bool, .float, .list(.int), .list(.any), .list(.string),
          .tuple([.int, .int]),
          .dictionary(.string, .any), .set(.int), depth == 0 ? .iterator(.int) : .int,
        ]
      return self.random(random.pick(kinds) ?? .none, name: name, using: &random, depth: depth)
    }
  }

  /// Of a record: now and then what the code compares the field with.
  private func field(_ field: Shape.Field, using random: inout Random, depth: Int) -> Input {
    let name = field.key.string
    if let literals = constants.compared[name], random.chance(450), let literal = random.pick(literals.elements),
      literal.fits(field.shape)
    {
      return literal
    }
    return self.random(field.shape, name: name, using: &random, depth: depth)
  }

  private func bytes(_ random: inout Random) -> [UInt8] {
    if random.chance(250), let known = random.pick(constants.bytes.elements) {
      return random.chance(400) ? known : mutated(known, among: constants.bytes.elements, using: &random)
    }
    let named = integers.compactMap { UInt8(exactly: $0) }
    return (0..<random.int(below: 6)).map { _ in
      (random.chance(500) ? random.pick(named) : nil) ?? random.pick([97, 98, 32, 0, 255]) ?? 0
    }
  }

  // MARK: Texts like others

  /// A text like this one: a piece that the code names put in, a part left out, repeated or put in another's place.
  func mutated(_ text: CodePoints, using random: inout Random) -> CodePoints {
    var pieces = strings.map(\.values)
    if constants.readsNumbers || random.chance(200) { pieces += ["1", "2", "10", "0"].map { CodePoints($0).values } }
    pieces += characters.map { [$0] }
    if pieces.isEmpty || random.chance(100) { pieces.append([random.pick(Self.letters) ?? 97]) }
    return CodePoints(mutated(text.values, among: pieces, using: &random))
  }

  func mutated(_ bytes: [UInt8], using random: inout Random) -> [UInt8] {
    mutated(bytes, among: constants.bytes.elements + [[97], [10], [0]], using: &random)
  }

  private func mutated<Unit: BinaryInteger>(
    _ units: [Unit], among pieces: [[Unit]], using random: inout Random
  ) -> [Unit] {
    var result = units
    for _ in 0..<(random.chance(700) ? 1 : 2) {
      let start = random.int(below: result.count + 1)
      let end = min(result.count, start + 1 + random.int(below: 3))
      let piece = random.pick(pieces) ?? []
      switch random.int(below: 8) {
      case 0, 1: result.insert(contentsOf: piece, at: start)
      case 2: result = piece + result
      case 3: result += piece
      case 4: result.removeSubrange(start..<end)
      case 5: result.replaceSubrange(start..<end, with: piece)
      case 6: result.insert(contentsOf: result[start..<end], at: start)
      // The next character or digit.
      default: if start < result.count { result[start] = Self.next(to: result[start], &random) }
      }
    }
    return result.count > 80 ? Array(result.prefix(80)) : result
  }

  private static func next<Unit: BinaryInteger>(to unit: Unit, _ random: inout Random) -> Unit {
    let value = Int(unit)
    let near = random.chance(500) ? value + 1 : value - 1
    return Unit(exactly: near).flatMap { $0 < 0 ? nil : $0 } ?? unit
  }

  private static let widths: [BigInt] = [
    BigInt(255), BigInt(256), BigInt(Int32.max), BigInt(Int32.max) + 1, BigInt(Int64.max), BigInt(Int64.max) + 1,
    BigInt(Int64.min), BigInt(1) << 53, (BigInt(1) << 53) + 1, BigInt(10).power(20),
  ]

  private func integer(_ random: inout Random, depth: Int) -> Input {
    if let scope, random.chance(900) {
      return .int(depth == 0 && random.chance(600) ? scope.bound : random.int(below: scope.bound))
    }
    // Where the usual ones are used up, any one is news.
    if spread > 10, random.chance(600) {
      let reach = min(widest, 1 << min(spread, 20))
      return .int(random.int(below: 2 * reach + 1) - reach)
    }
    let chosen = usualInteger(&random)
    guard case .int(let value) = chosen, value.magnitude > widest else { return chosen }
    return .int(random.int(below: min(widest, 100)))
  }

  private func usualInteger(_ random: inout Random) -> Input {
    switch random.int(below: 20) {
    case 0..<8: return .int(random.int(below: 9) - 2)
    case 8..<14: if let value = random.pick(integers) { return .int(value) }
    case 14..<17: return .int(random.int(below: 4 << random.int(below: spread)) - 60)
    case 17: if let value = random.pick(Self.widths) { return .int(value) }
    case 18: return .bool(random.chance(500))
    default: break
    }
    return .int(random.int(below: 5))
  }

  private static let oddFloats: [Double] = [
    .nan, -0.0, 0, .infinity, -.infinity, 0.1, 0.2, 0.3, 1e308, .leastNonzeroMagnitude, 9_007_199_254_740_992, 2.5, 3.5,
    -2.5, 1e16,
  ]

  private func float(_ random: inout Random) -> Input {
    switch random.int(below: 10) {
    case 0..<3: if let value = random.pick(Self.oddFloats) { return .float(value) }
    case 3: if let bits = random.pick(constants.floats.elements) { return .float(bits) }
    case 4: if let value = random.pick(integers), let small = Int(exactly: value) { return .float(Double(small)) }
    default: break
    }
    return .float(Double(random.int(below: 41) - 20) / 4)
  }

  private static let letters: [UInt32] =
    Array("abAB01 _-.,:/\n\t".unicodeScalars.map(\.value)) + [0xE9, 0xDF, 0x130, 0xD800]

  private static let numericTexts = ["1", "0", "-3", "1.5", "1e5", "", " 2 ", "+4", "007", "12", "-0.5", "1_0", "nan"]

  /// Over the characters that the code names.
  private func textOverCharacters(_ random: inout Random) -> CodePoints {
    var alphabet = characters
    if random.chance(400) { alphabet += [97, 98] }
    if random.chance(300) { alphabet = (0..<2).compactMap { _ in random.pick(alphabet) } }
    var count = random.int(below: 8)
    if random.chance(300), let length = random.pick(lengths) { count = length }
    return CodePoints((0..<count).compactMap { _ in random.pick(alphabet) })
  }

  private static let words = ["a", "b", "ab", "abc", "x", "bb", "A", "1", "2", "10"].map { CodePoints($0) }

  /// Words between texts at which the code takes others apart.
  private func words(_ random: inout Random) -> CodePoints {
    var values: [UInt32] = []
    if random.chance(600), let prefix = random.pick(constants.prefixes.elements) { values += prefix.values }
    let main = random.pick(constants.separators.elements)
    for index in 0..<(1 + random.int(below: 6)) {
      let separator = random.chance(800) ? main : random.pick(constants.separators.elements)
      if index > 0 { values += separator?.values ?? [] }
      if random.chance(60) { continue }
      let isPadded = constants.takesBlanksAway && random.chance(250)
      if isPadded { values.append(32) }
      defer { if isPadded { values.append(32) } }
      if constants.readsNumbers, random.chance(400) {
        values += CodePoints(String(random.int(below: 21))).values
      } else if random.chance(250), let text = random.pick(strings) {
        values += text.values
      } else {
        values += random.pick(Self.words)?.values ?? []
      }
    }
    if random.chance(400), let suffix = random.pick(constants.suffixes.elements) { values += suffix.values }
    return CodePoints(values)
  }

  private func string(_ random: inout Random) -> CodePoints {
    let isTaken = !constants.separators.isEmpty || !constants.prefixes.isEmpty || !constants.suffixes.isEmpty
    if isTaken, random.chance(350) { return words(&random) }
    if let scope, random.chance(800), let text = random.pick(scope.texts) {
      if random.chance(250) {
        return CodePoints([UInt32](repeating: text.values.first ?? 97, count: 1 + random.int(below: 5)))
      }
      guard random.chance(300), let more = random.pick(scope.texts) else { return text }
      return CodePoints(text.values + more.values + (random.chance(400) ? text.values : []))
    }
    if random.chance(50) {
      let letter: UInt32 = random.pick(characters) ?? 97
      return CodePoints([UInt32](repeating: letter, count: random.int(below: 6)))
    }
    if constants.readsNumbers, random.chance(300), let text = random.pick(Self.numericTexts) { return CodePoints(text) }
    if !characters.isEmpty, random.chance(400) { return textOverCharacters(&random) }
    if random.chance(60), let length = random.pick(lengths) {
      let letter = random.pick(characters) ?? 97
      return CodePoints([UInt32](repeating: letter, count: length))
    }
    if random.chance(350), let text = random.pick(strings) {
      if random.chance(500) { return text }
      var values = text.values
      if random.chance(500), !values.isEmpty { values.remove(at: random.int(below: values.count)) }
      if random.chance(500) { values.insert(random.pick(Self.letters) ?? 97, at: random.int(below: values.count + 1)) }
      return CodePoints(values)
    }
    let alphabet = random.chance(600) ? 4 : Self.letters.count
    var values: [UInt32] = []
    if random.chance(300), !strings.isEmpty {
      for _ in 0..<(2 + random.int(below: 4)) {
        let isPiece = random.chance(600)
        values += isPiece ? random.pick(strings)?.values ?? [] : [Self.letters[random.int(below: alphabet)]]
      }
      return CodePoints(values)
    }
    for _ in 0..<random.int(below: 6) { values.append(Self.letters[random.int(below: alphabet)]) }
    if random.chance(150), let text = random.pick(strings) { values += text.values }
    return CodePoints(values)
  }

  /// A line as a person types it.
  func line(using random: inout Random) -> CodePoints {
    if random.chance(300) { return string(&random) }
    let numbers = (0..<(1 + random.int(below: 4))).map { _ in String(random.int(below: 9) - 1) }
    return CodePoints(numbers.joined(separator: " "))
  }

  private static func around(_ constant: Constant) -> [Input] {
    switch constant {
    case .int(let value): [.int(value), .int(value + 1), .int(value - 1)]
    default: inputs([constant])
    }
  }

  static func inputs(_ constants: [Constant]) -> [Input] { constants.compactMap { Input($0) } }
}

extension Shape {
  /// A list of plain values, as in a grid.
  fileprivate var isRow: Bool {
    guard case .list(let inner) = self else { return false }
    switch inner {
    case .int, .float, .bool, .any, .string: return true
    case .union(let parts): return parts.allSatisfy { [.int, .float, .bool, .string, .any, .none].contains($0) }
    default: return false
    }
  }

  fileprivate var takesNumbers: Bool {
    switch self {
    case .int, .any: true
    case .union(let parts): parts.contains { $0.takesNumbers }
    default: false
    }
  }

  fileprivate var mayBeList: Bool {
    switch self {
    case .list, .any: true
    case .union(let parts): parts.contains { $0.mayBeList }
    default: false
    }
  }
}

extension Input {
  init?(_ constant: Constant) {
    switch constant {
    case .none: self = .none
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .float(let value): self = .float(value)
    case .string(let value): self = .string(value)
    case .bytes(let value): self = .bytes(value)
    case .ellipsis, .notImplemented, .imaginary: return nil
    }
  }

  var isOpaque: Bool { if case .opaque = self { true } else { false } }

  /// Mutable, so that sharing it can be told.
  var isContainer: Bool {
    switch self {
    case .list, .set, .dictionary, .opaque, .iterator, .made: true
    default: false
    }
  }

  var isHashable: Bool {
    switch self {
    case .list, .set, .dictionary, .iterator, .made, .alias, .omitted: false
    case .tuple(let items): items.allSatisfy(\.isHashable)
    default: true
    }
  }

  /// Parts, of a sequence or set.
  var items: [Input]? {
    switch self {
    case .list(let items), .tuple(let items), .set(let items), .frozenSet(let items), .iterator(let items): items
    case .made(_, let content): content.items
    default: nil
    }
  }

  func with(items: [Input]) -> Input {
    switch self {
    case .list: .list(items)
    case .tuple: .tuple(items)
    case .set: .set(Array(OrderedSet(items.filter(\.isHashable))))
    case .frozenSet: .frozenSet(Array(OrderedSet(items.filter(\.isHashable))))
    case .iterator: .iterator(items)
    case .made(let kind, let content): .made(kind, content.with(items: items))
    default: self
    }
  }
}
