import BigInt
import Logic

/// The types that a value can have at run time, as far as is known for certain.
struct ValueTypes: OptionSet, Hashable, Sendable {
  let rawValue: UInt16
  static let none = ValueTypes(rawValue: 1 << 0)
  static let bool = ValueTypes(rawValue: 1 << 1)
  static let int = ValueTypes(rawValue: 1 << 2)
  static let float = ValueTypes(rawValue: 1 << 3)
  static let string = ValueTypes(rawValue: 1 << 4)
  static let bytes = ValueTypes(rawValue: 1 << 5)
  static let tuple = ValueTypes(rawValue: 1 << 6)
  static let list = ValueTypes(rawValue: 1 << 7)
  static let dictionary = ValueTypes(rawValue: 1 << 8)
  static let set = ValueTypes(rawValue: 1 << 9)
  static let function = ValueTypes(rawValue: 1 << 10)
  static let other = ValueTypes(rawValue: 1 << 11)
  static let missing = ValueTypes(rawValue: 1 << 12)

  static let unknown: ValueTypes = [
    .none, .bool, .int, .float, .string, .bytes, .tuple, .list, .dictionary, .set, .function, .other,
  ]
  static let integers: ValueTypes = [.bool, .int]

  /// True when the value is surely one of `types` (and is there at all).
  func within(_ types: ValueTypes) -> Bool { !isEmpty && isSubset(of: types) }

  init(rawValue: UInt16) { self.rawValue = rawValue }

  init(_ constant: Constant) {
    switch constant {
    case .none: self = .none
    case .bool: self = .bool
    case .int: self = .int
    case .float: self = .float
    case .string: self = .string
    case .bytes: self = .bytes
    case .ellipsis, .notImplemented, .imaginary: self = .other
    }
  }

  /// What an annotation promises of the elements of a container.
  init(elementsOf hint: TypeHint?) {
    var types = ValueTypes.unknown
    switch hint {
    case .list(let element), .set(let element), .frozenSet(let element), .variadicTuple(let element),
      .dictionary(let element, _):
      types = ValueTypes(hint: element)
    case .tuple(let elements): types = elements.reduce(ValueTypes()) { $0.union(ValueTypes(hint: $1)) }
    default: break
    }
    self = types.isEmpty ? .unknown : types
  }

  /// What an annotation promises: a bool passes for an int, an int for a float, and a subclass for its base, so
  /// only types whose operators a subclass seldom replaces are named here.
  init(hint: TypeHint?) {
    switch hint {
    case .some(.none): self = .none
    case .bool: self = .bool
    case .int: self = .integers
    case .float: self = [.float, .int, .bool]
    case .string: self = .string
    case .bytes: self = .bytes
    case .list: self = .list
    case .set: self = .set
    case .dictionary: self = .dictionary
    case .tuple, .variadicTuple: self = .tuple
    case .union(let members):
      self = members.reduce(ValueTypes()) { $0.union(ValueTypes(hint: $1)) }
    default: self = .unknown
    }
  }
}
