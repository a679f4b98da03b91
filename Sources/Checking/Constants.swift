import BigInt
import Logic
import OrderedCollections
import TextPatterns

/// What both versions mention: the values near which they may part.
struct Constants: Sendable {
  var integers: OrderedSet<BigInt> = []
  var floats: OrderedSet<FloatBits> = []
  var strings: OrderedSet<CodePoints> = []
  var bytes: OrderedSet<[UInt8]> = []
  /// Attributes that are read, stored or deleted.
  var attributes: OrderedSet<String> = []
  /// Characters that strings of one character name, keys among them, and those of the classes that the code asks for.
  var characters: OrderedSet<UInt32> = []
  /// Texts at which the code takes others apart, or puts them together.
  var separators: OrderedSet<CodePoints> = []
  var takesBlanksAway = false
  /// Positions at which the code cuts sequences.
  var cuts: OrderedSet<BigInt> = []
  /// Texts that others are asked to begin or end with.
  var prefixes: OrderedSet<CodePoints> = []
  var suffixes: OrderedSet<CodePoints> = []
  /// Texts are read as numbers.
  var readsNumbers = false
  /// Literals that stand on one side of a comparison, by the name that stands on the other.
  var compared: OrderedDictionary<String, OrderedSet<Input>> = [:]

  /// Keys of tables, by the names of those.
  private var tables: [String: [Constant]] = [:]

  init(_ procedures: [Procedure]) {
    for procedure in procedures { procedure.forEachNode { addTable($0) } }
    for procedure in procedures {
      procedure.forEachNode { node in
        switch node {
        case .expression(let expression): add(expression)
        case .target(.attribute(_, let name)): attributes.append(name)
        default: break
        }
      }
    }
  }

  private mutating func addTable(_ node: Node) {
    guard case .statement(let statement) = node, case .assign(let targets, .dictionary(let items)) = statement.kind
    else { return }
    for target in targets {
      guard let name = target.expression?.placeName ?? target.globalName else { continue }
      tables[name, default: []] += items.keys
    }
  }

  /// What a table is asked for is near its keys.
  private mutating func addKeys(of table: Expression, to key: Expression) {
    guard let name = key.placeName else { return }
    var keys: [Constant] = []
    if case .dictionary(let items) = table { keys = items.keys }
    if let known = table.placeName { keys += tables[known] ?? [] }
    for constant in keys { if let input = Input(constant) { compared[name, default: []].append(input) } }
  }

  private mutating func addSeparator(_ name: String, of object: Expression, _ arguments: [Argument]) {
    switch name {
    case "split", "rsplit", "partition", "rpartition", "find", "rfind", "index":
      if case .constant(.string(let text))? = arguments.first?.value {
        separators.append(text)
      } else if arguments.isEmpty {
        separators.append(CodePoints(" "))
      }
    case "startswith", "removeprefix", "lstrip", "endswith", "removesuffix", "rstrip":
      guard let first = arguments.first?.value else { return }
      var texts: [CodePoints] = []
      if case .constant(.string(let text)) = first { texts = [text] }
      if case .tuple(let elements) = first {
        for case .single(.constant(.string(let text))) in elements { texts.append(text) }
      }
      if ["startswith", "removeprefix", "lstrip"].contains(name) {
        prefixes.append(contentsOf: texts)
      } else {
        suffixes.append(contentsOf: texts)
      }
    case "strip" where arguments.isEmpty: takesBlanksAway = true
    case "splitlines": separators.append(CodePoints("\n"))
    case "join": if case .constant(.string(let text)) = object { separators.append(text) }
    default: break
    }
  }

  private mutating func add(_ expression: Expression) {
    switch expression {
    case .constant(.int(let value)): integers.append(value)
    case .constant(.float(let bits)): floats.append(bits)
    case .constant(.string(let text)):
      if text.values.count <= 40 { strings.append(text) }
      if text.values.count == 1 { characters.append(text.values[0]) }
    case .constant(.bytes(let value)): if value.count <= 40 { bytes.append(value) }
    case .unary(.negate, .constant(.int(let value))): integers.append(-value)
    case .binary: if let value = expression.folded { integers.append(value) }
    case .slice(let lower, let upper, _):
      for bound in [lower, upper] {
        if let bound, let value = bound.folded, value > 0, value <= 40 { cuts.append(value) }
      }
    case .item(let object, let key): addKeys(of: object, to: key)
    case .call(.attribute(let object, let name), let arguments):
      if let key = arguments.first?.value, ["get", "pop", "setdefault"].contains(name) { addKeys(of: object, to: key) }
      addClass(name)
      addSeparator(name, of: object, arguments)
      if object == .global(.imported("re")) { addExamples(of: arguments.first?.value) }
    case .call(.global(.imported(let path)), let arguments) where path.hasPrefix("re."):
      addExamples(of: arguments.first?.value)
    case .call(.global(.builtin(let name)), _) where name == "int" || name == "float": readsNumbers = true
    case .attribute(_, let name): attributes.append(name)
    case .compare(_, let left, let right): addPair(left, right)
    case .chain(let operands, _): for (left, right) in zip(operands, operands.dropFirst()) { addPair(left, right) }
    default: break
    }
  }

  /// Texts that a pattern may match.
  private mutating func addExamples(of pattern: Expression?) {
    guard case .constant(.string(let text))? = pattern else { return }
    var random = Random(seed: UInt64(text.values.count))
    for _ in 0..<12 {
      guard let example = TextPattern.example(of: text.values, choose: { random.int(below: $0) }) else { return }
      strings.append(CodePoints(example))
    }
  }

  private mutating func addClass(_ method: String) {
    let members: [String: String] = [
      "isdigit": "07", "isnumeric": "07", "isdecimal": "07", "isalpha": "aZ", "isalnum": "a7", "isspace": " \t",
      "isupper": "Ab", "islower": "Ab", "upper": "ab", "lower": "AB", "title": "a b", "split": "a b", "strip": " a",
      "splitlines": "\na",
    ]
    characters.append(contentsOf: (members[method] ?? "").unicodeScalars.map(\.value))
  }

  private mutating func addPair(_ left: Expression, _ right: Expression) {
    addKeys(of: right, to: left)
    for (place, other) in [(left, right), (right, left)] {
      guard let name = place.placeName else { continue }
      if let value = other.folded { compared[name, default: []].append(.int(value)) }
      if let literal = other.literal { compared[name, default: []].append(literal) }
      for constant in other.constants { if let input = Input(constant) { compared[name, default: []].append(input) } }
    }
  }

  /// Each integer with its neighbours, small first, then the widths of machine integers.
  func integersAndNeighbours() -> [BigInt] {
    var result: OrderedSet<BigInt> = []
    for value in integers {
      for near in [value, value + 1, value - 1, -value] { result.append(near) }
    }
    return result.elements
  }
}

extension Expression {
  /// The last name of what is read: `self.limit` and `limit` are both `limit`; an item is its container, a call its
  /// callee.
  var placeName: String? {
    switch self {
    case .local(let name), .captured(let name), .attribute(_, let name): name
    case .global(.module(let name)), .global(.imported(let name)), .global(.unresolved(let name)): name
    case .item(_, .constant(.string(let key))): key.string
    case .item(let object, _): object.placeName
    case .call(.global(.builtin(let name)), let arguments) where arguments.count == 1:
      name == "len" ? "len" : arguments[0].value.placeName
    case .call(let callee, _): callee.placeName
    case .named(.local(let name), _): name
    default: nil
    }
  }

  /// The value of arithmetic on whole numbers written in the source: `1024 * 1024`.
  var folded: BigInt? {
    switch self {
    case .constant(.int(let value)): return value
    case .binary(let operation, let left, let right):
      guard let one = left.folded, let two = right.folded else { return nil }
      switch operation {
      case .add: return one + two
      case .subtract: return one - two
      case .multiply: return one.bitWidth + two.bitWidth < 200 ? one * two : nil
      case .power: return one.bitWidth * Int(clamping: two) < 200 && two >= 0 ? one.power(Int(two)) : nil
      case .shiftLeft: return two >= 0 && two < 100 ? one << Int(two) : nil
      default: return nil
      }
    default: return nil
    }
  }

  /// The value of a constant, or of a display of constants.
  var literal: Input? {
    func all(_ elements: [Element]) -> [Input]? {
      var items: [Input] = []
      for element in elements {
        guard case .single(let value) = element, let item = value.literal else { return nil }
        items.append(item)
      }
      return items
    }
    switch self {
    case .constant(let constant): return Input(constant)
    case .unary(.negate, .constant(.int(let value))): return .int(-value)
    case .tuple(let elements): return all(elements).map(Input.tuple)
    case .list(let elements): return all(elements).map(Input.list)
    default: return nil
    }
  }

  /// The constant itself, or those of a literal collection.
  var constants: [Constant] {
    switch self {
    case .constant(let constant): return [constant]
    case .unary(.negate, .constant(.int(let value))): return [.int(-value)]
    case .list(let elements), .tuple(let elements), .set(let elements):
      return elements.compactMap { element in
        if case .single(.constant(let constant)) = element { constant } else { nil }
      }
    case .call(.global(.builtin("frozenset")), let arguments) where arguments.count == 1:
      return arguments[0].value.constants
    default: return []
    }
  }
}

extension [DictionaryItem] {
  fileprivate var keys: [Constant] {
    compactMap { if case .pair(.constant(let key), _) = $0 { key } else { nil } }
  }
}

extension Target {
  fileprivate var globalName: String? {
    switch self {
    case .global(let name), .namespace(let name): name
    default: nil
    }
  }
}
