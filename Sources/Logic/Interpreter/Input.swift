import BigInt

/// The description of an argument or an answer, from which a fresh value is made for each run.
package indirect enum Input: Hashable, Sendable, CustomStringConvertible {
  case none
  case bool(Bool)
  case int(BigInt)
  case float(FloatBits)
  case string(CodePoints)
  case bytes([UInt8])
  case list([Input])
  case tuple([Input])
  case set([Input])
  case frozenSet([Input])
  /// In insertion order.
  case dictionary([Pair])
  /// An object of which nothing is known but its name, which is its path in the world.
  case opaque(String)
  /// The same object as the positional argument of that index, which must be an earlier one.
  case alias(of: Int)
  /// An iterator that yields these and is then exhausted.
  case iterator([Input])
  /// What a constructor of the library makes of a list or dictionary: `deque([1])`.
  case made(Made, Input)
  /// A parameter left out: its default is taken.
  case omitted

  package enum Made: String, Hashable, Sendable {
    case deque
    case orderedDict = "OrderedDict"
    case counter = "Counter"
    case defaultDictOfLists = "defaultdict(list)"
    case defaultDictOfNumbers = "defaultdict(int)"
    case defaultDictOfSets = "defaultdict(set)"
  }

  package struct Pair: Hashable, Sendable {
    package var key: Input
    package var value: Input
    package init(_ key: Input, _ value: Input) {
      self.key = key
      self.value = value
    }
  }

  package static func int(_ value: Int) -> Input { .int(BigInt(value)) }
  package static func float(_ value: Double) -> Input { .float(FloatBits(value)) }
  package static func string(_ value: String) -> Input { .string(CodePoints(value)) }

  /// The value as Python source, as far as it has one.
  package var description: String {
    switch self {
    case .none: "None"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): value.description
    case .float(let bits): Literals.float(bits.value)
    case .string(let text): Literals.string(text.values)
    case .bytes(let values): Literals.bytes(values)
    case .list(let items): "[" + Self.join(items) + "]"
    case .tuple(let items): "(" + Self.join(items) + (items.count == 1 ? ",)" : ")")
    case .set(let items): items.isEmpty ? "set()" : "{" + Self.join(items) + "}"
    case .frozenSet(let items): items.isEmpty ? "frozenset()" : "frozenset({" + Self.join(items) + "})"
    case .dictionary(let pairs):
      "{" + pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    case .opaque(let name): name
    case .alias(let index): "<argument \(index + 1)>"
    case .iterator(let items): "iter([" + Self.join(items) + "])"
    case .made(let kind, let content):
      kind.rawValue.hasSuffix(")")
        ? kind.rawValue.dropLast() + ", \(content))" : "\(kind.rawValue)(\(content))"
    case .omitted: "<default>"
    }
  }

  /// With unknown objects named by the path of what they are found in.
  func placingOpaques(under path: String) -> Input {
    func all(_ items: [Input]) -> [Input] { items.map { $0.placingOpaques(under: path) } }
    switch self {
    case .opaque(let name): return .opaque(path + name)
    case .list(let items): return .list(all(items))
    case .tuple(let items): return .tuple(all(items))
    case .set(let items): return .set(all(items))
    case .frozenSet(let items): return .frozenSet(all(items))
    case .iterator(let items): return .iterator(all(items))
    case .dictionary(let pairs):
      return .dictionary(
        pairs.map { Pair($0.key.placingOpaques(under: path), $0.value.placingOpaques(under: path)) })
    case .made(let kind, let content): return .made(kind, content.placingOpaques(under: path))
    default: return self
    }
  }

  private static func join(_ items: [Input]) -> String { items.map(\.description).joined(separator: ", ") }
}
