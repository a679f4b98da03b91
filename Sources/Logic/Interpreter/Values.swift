import BigInt

/// A value of the running program. Small integers, floats and singletons are stored in place.
enum Value {
  /// A variable that is not bound (yet, or any more).
  case unbound
  case none, ellipsis, notImplemented
  case bool(Bool)
  case int(Int)
  case float(Double)
  case object(Object)
}

/// Everything that has an identity. Objects that hold values are registered with the machine, which empties them at
/// the end of a run: no cycle survives, and no chain of them is freed by recursion.
class Object {
  /// Number in snapshots, given when the object first escapes; 0 before.
  final var number = 0
  /// Identity for `hash` and `id`, given at first use; 0 before.
  final var serial = 0
  func clear() {}
}

final class BigObject: Object {
  let value: BigInt
  init(_ value: BigInt) { self.value = value }
}

final class StringObject: Object {
  let values: [UInt32]
  var cachedHash = 0
  init(_ values: [UInt32]) { self.values = values }
}

final class BytesObject: Object {
  let values: [UInt8]
  init(_ values: [UInt8]) { self.values = values }
}

final class ListObject: Object {
  var items: [Value]
  init(_ items: [Value]) { self.items = items }
  override func clear() { items = [] }
}

final class TupleObject: Object {
  private(set) var items: [Value]
  /// The class of the program whose fields have names.
  let type: TypeObject?
  init(_ items: [Value], type: TypeObject? = nil) {
    self.items = items
    self.type = type
  }
  override func clear() { items = [] }
}

final class DictObject: Object {
  enum Flavor { case plain, defaultDict, counter, ordered }
  var table = Table()
  var flavor: Flavor
  var factory: Value = .none
  init(flavor: Flavor = .plain) { self.flavor = flavor }
  override func clear() {
    table = Table()
    factory = .none
  }
}

final class SetObject: Object {
  var table = SetTable()
  let isFrozen: Bool
  init(frozen: Bool) { isFrozen = frozen }
  override func clear() { table = SetTable() }
}

final class DequeObject: Object {
  var items: [Value]
  let limit: Int?
  init(_ items: [Value], limit: Int?) {
    self.items = items
    self.limit = limit
  }
  override func clear() { items = [] }
}

final class RangeObject: Object {
  let start: Int
  let stop: Int
  let step: Int
  let count: Int
  init(start: Int, stop: Int, step: Int, count: Int) {
    self.start = start
    self.stop = stop
    self.step = step
    self.count = count
  }
}

final class SliceObject: Object {
  private(set) var parts: [Value]
  init(_ parts: [Value]) { self.parts = parts }
  override func clear() { parts = [] }
}

/// `d.keys()`, `d.values()`, `d.items()`: live.
final class ViewObject: Object {
  enum Kind { case keys, values, items }
  let kind: Kind
  let dictionary: DictObject
  init(_ kind: Kind, of dictionary: DictObject) {
    self.kind = kind
    self.dictionary = dictionary
  }
}

/// A variable that nested functions share.
final class CellObject: Object {
  var value: Value = .unbound
  override func clear() { value = .unbound }
}

final class FunctionObject: Object {
  let code: Code
  private(set) var cells: [CellObject]
  /// One for each parameter; `.unbound` where there is none.
  private(set) var defaults: [Value]
  var attributes: [String: Value] = [:]
  init(code: Code, cells: [CellObject], defaults: [Value]) {
    self.code = code
    self.cells = cells
    self.defaults = defaults
  }
  override func clear() {
    cells = []
    defaults = []
    attributes = [:]
  }
}

/// A function of the program bound to its first argument.
final class MethodObject: Object {
  private(set) var receiver: Value
  private(set) var function: Value
  init(receiver: Value, function: Value) {
    self.receiver = receiver
    self.function = function
  }
  override func clear() {
    receiver = .none
    function = .none
  }
}

/// A builtin function, or a method of a built-in type bound to its receiver.
final class BuiltinObject: Object {
  enum Kind {
    case function(Builtin)
    case library(Library)
    case method(Method)
    /// A method taken from its type: the receiver is the first argument.
    case unboundMethod(BuiltinType, Method)
    case partial([Value], [(name: String, value: Value)])
    case itemGetter([Value])
    case attributeGetter([String])
    case methodCaller(String, [Value], [(name: String, value: Value)])
    /// `lru_cache(maxsize=...)`: what it is called with is cached.
    case cacheDecorator(Int?)
    case cacheClear
    /// `cmp_to_key(f)`, and a comparison of two such keys; the receiver is their class, or the function.
    case keyMaker
    case keyComparison(ComparisonOperator)
    case ofMatch(MatchMethod)
  }
  private(set) var kind: Kind
  private(set) var receiver: Value
  init(_ kind: Kind, receiver: Value = .unbound) {
    self.kind = kind
    self.receiver = receiver
  }
  override func clear() {
    receiver = .none
    if case .partial = kind { kind = .function(.len) }
    if case .itemGetter = kind { kind = .function(.len) }
    if case .methodCaller = kind { kind = .function(.len) }
  }
}

/// A modelled library module as an object: `math`.
final class ModuleObject: Object {
  let name: String
  init(_ name: String) { self.name = name }
}

final class InstanceObject: Object {
  let type: TypeObject
  var names: [String] = []
  var attributes: [String: Value] = [:]
  init(_ type: TypeObject) { self.type = type }
  override func clear() {
    attributes = [:]
    names = []
  }
}

final class ExceptionObject: Object {
  let type: TypeObject
  var arguments: [Value]
  /// Raised by a built-in operation: the wording of its arguments is not observed.
  let isImplicit: Bool
  /// Raised by unknown code, which says nothing in it.
  var isOfWorld = false
  var cause: Value = .unbound
  var attributes: [String: Value] = [:]
  init(_ type: TypeObject, _ arguments: [Value], implicit: Bool) {
    self.type = type
    self.arguments = arguments
    isImplicit = implicit
  }
  override func clear() {
    arguments = []
    cause = .unbound
    attributes = [:]
  }
}

/// `property`, `staticmethod`, `classmethod` in a class of the program.
final class DescriptorObject: Object {
  enum Kind { case property, staticMethod, classMethod }
  let kind: Kind
  private(set) var getter: Value
  private(set) var setter: Value
  private(set) var deleter: Value
  init(_ kind: Kind, getter: Value, setter: Value = .unbound, deleter: Value = .unbound) {
    self.kind = kind
    self.getter = getter
    self.setter = setter
    self.deleter = deleter
  }
  override func clear() {
    getter = .none
    setter = .none
    deleter = .none
  }
}

final class SuperObject: Object {
  let start: TypeObject
  private(set) var receiver: Value
  init(start: TypeObject, receiver: Value) {
    self.start = start
    self.receiver = receiver
  }
  override func clear() { receiver = .none }
}

/// An object of the world: known by its path only.
final class OpaqueObject: Object {
  let path: String
  let hash: UInt64
  /// The type's name of an opaque exception that is being raised.
  var isException = false
  /// The path of the callee that made it.
  var madeBy: String?
  /// How `with` releases a lock, whatever the body raised.
  var isRelease = false
  /// An imported module.
  var isModule = false
  /// Of the standard library: a function that only computes, or what one of those gave.
  var isPure = false
  /// The name under which the code reads it, as in `Profile.compared`.
  var hint: String?
  var cause: Value = .unbound
  init(path: String) {
    self.path = path
    hash = StableHash.of(path)
  }
  override func clear() { cause = .unbound }
}
