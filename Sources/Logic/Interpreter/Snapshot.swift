import BigInt

/// The content of a value at one moment, with the identity of its mutable parts: what an observer can tell.
///
/// Mutable objects carry a number: arguments first, then others as they escape or are returned. Within a run one
/// object keeps its number, so equal snapshots mean equal content *and* equal aliasing. Immutable values carry none.
package indirect enum Snapshot: Hashable, Sendable {
  case none, ellipsis, notImplemented
  case bool(Bool)
  case int(BigInt)
  /// Any NaN is the one NaN.
  case float(FloatBits)
  case complex(FloatBits, FloatBits)
  case string(CodePoints)
  case bytes([UInt8])
  case tuple([Snapshot])
  case range([Snapshot])
  case slice([Snapshot])
  case frozenSet([Snapshot])
  case list(Int, [Snapshot])
  /// Elements in a canonical order: the order of a set is not observed.
  case set(Int, [Snapshot])
  case dictionary(Int, [Pair])
  /// An instance of a class of the program, or of a modelled library class, with its attributes or items.
  case instance(Int, type: String, [Pair])
  /// A builtin or program exception: its class and arguments.
  case exception(Int, type: String, [Snapshot])
  /// An iterator or generator, not yet drained.
  case iterator(Int)
  /// A function made by the program.
  case function(Int)
  /// A type, a builtin function, a bound method of a builtin.
  case builtin(String)
  /// An object of the world, by its path.
  case opaque(String)
  /// A mutable object that was already shown in this snapshot.
  case again(Int)

  package struct Pair: Hashable, Sendable {
    package var key: Snapshot
    package var value: Snapshot
    package init(_ key: Snapshot, _ value: Snapshot) {
      self.key = key
      self.value = value
    }
  }

  /// Nobody stored anything there.
  package static let unset = Snapshot.opaque("<unset>")
}

extension Snapshot: CustomStringConvertible {
  /// Close to Python source; parts that were shown before appear as `<same as #n>`.
  package var description: String {
    switch self {
    case .none: "None"
    case .ellipsis: "..."
    case .notImplemented: "NotImplemented"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): value.description
    case .float(let bits): Literals.float(bits.value)
    case .complex(let real, let imaginary): "complex(\(Literals.float(real.value)), \(Literals.float(imaginary.value)))"
    case .string(let text): Literals.string(text.values)
    case .bytes(let values): Literals.bytes(values)
    case .tuple(let items): "(" + Self.join(items) + (items.count == 1 ? ",)" : ")")
    case .range(let items): "range(" + Self.join(items) + ")"
    case .slice(let items): "slice(" + Self.join(items) + ")"
    case .frozenSet(let items): items.isEmpty ? "frozenset()" : "frozenset({" + Self.join(items) + "})"
    case .list(_, let items): "[" + Self.join(items) + "]"
    case .set(_, let items): items.isEmpty ? "set()" : "{" + Self.join(items) + "}"
    case .dictionary(_, let pairs): "{" + pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    case .instance(_, let type, let pairs):
      "<\(type)" + (pairs.isEmpty ? "" : " ")
        + pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ", ") + ">"
    case .exception(_, let type, let items): "\(type)(" + Self.join(items) + ")"
    case .iterator: "<iterator>"
    case .function: "<function>"
    case .builtin(let name): name
    case .opaque(let path): path
    case .again(let number): "<same as #\(number)>"
    }
  }

  private static func join(_ items: [Snapshot]) -> String { items.map(\.description).joined(separator: ", ") }
}
