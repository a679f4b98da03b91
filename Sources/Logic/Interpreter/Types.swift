enum BuiltinType: String, CaseIterable {
  case object, int, bool, float, complex, str, bytes, list, tuple, dict, set, frozenset, range, slice, type
  case enumerate, zip, map, filter, reversed
  case property, staticmethod, classmethod
  case noneType = "NoneType"
  case function, generator, iterator, method, module, ellipsis, view, exception, coroutine
  case builtinFunction = "builtin_function_or_method"
  case defaultdict, deque, partial
  case counter = "Counter"
  case orderedDict = "OrderedDict"

  /// By name: a look-up, which `init(rawValue:)` is not.
  static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// Direct base among the data types; `object` for the others.
  var base: BuiltinType? {
    switch self {
    case .object: nil
    case .bool: .int
    case .defaultdict, .counter, .orderedDict: .dict
    default: .object
    }
  }

  func isSubtype(of other: BuiltinType) -> Bool {
    var type: BuiltinType? = self
    while let current = type {
      if current == other { return true }
      type = current.base
    }
    return false
  }
}

/// A class: a built-in type, a builtin exception, or a class that the program defines.
final class TypeObject: Object {
  enum Kind {
    case builtin(BuiltinType)
    case exception
    case program
  }
  let name: String
  let kind: Kind
  /// Method resolution order, this class first; `object` left out.
  private(set) var order: [TypeObject] = []
  var names: [String] = []
  var attributes: [String: Value] = [:]
  /// Names of the fields of a named tuple.
  var fields: [String] = []

  init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
    super.init()
  }

  func setOrder(_ order: [TypeObject]) { self.order = order }

  var isException: Bool {
    if case .exception = kind { return true }
    return order.contains { $0 !== self && $0.isException }
  }

  func isSubclass(of other: TypeObject) -> Bool {
    if self === other { return true }
    if case .builtin(.object) = other.kind { return true }
    if case .builtin(let mine) = kind, case .builtin(let theirs) = other.kind { return mine.isSubtype(of: theirs) }
    return order.contains { $0 === other }
  }

  /// An attribute of the class or its bases.
  func lookup(_ name: String) -> Value? {
    if let value = attributes[name] { return value }
    for type in order where type !== self {
      if let value = type.attributes[name] { return value }
    }
    return nil
  }

  override func clear() {
    attributes = [:]
    names = []
    order = []
  }
}

/// The builtin exception classes and their bases (Python library reference, "Exception hierarchy").
enum ExceptionHierarchy {
  static let bases: [(name: String, base: String)] = [
    ("Exception", "BaseException"), ("SystemExit", "BaseException"), ("KeyboardInterrupt", "BaseException"),
    ("GeneratorExit", "BaseException"), ("StopIteration", "Exception"), ("StopAsyncIteration", "Exception"),
    ("ArithmeticError", "Exception"), ("FloatingPointError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"), ("ZeroDivisionError", "ArithmeticError"), ("AssertionError", "Exception"),
    ("AttributeError", "Exception"), ("BufferError", "Exception"), ("EOFError", "Exception"),
    ("ImportError", "Exception"), ("ModuleNotFoundError", "ImportError"), ("LookupError", "Exception"),
    ("IndexError", "LookupError"), ("KeyError", "LookupError"), ("MemoryError", "Exception"),
    ("NameError", "Exception"), ("UnboundLocalError", "NameError"), ("OSError", "Exception"),
    ("BlockingIOError", "OSError"), ("ChildProcessError", "OSError"), ("ConnectionError", "OSError"),
    ("BrokenPipeError", "ConnectionError"), ("ConnectionAbortedError", "ConnectionError"),
    ("ConnectionRefusedError", "ConnectionError"), ("ConnectionResetError", "ConnectionError"),
    ("FileExistsError", "OSError"), ("FileNotFoundError", "OSError"), ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"), ("NotADirectoryError", "OSError"), ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"), ("TimeoutError", "OSError"), ("ReferenceError", "Exception"),
    ("RuntimeError", "Exception"), ("NotImplementedError", "RuntimeError"), ("RecursionError", "RuntimeError"),
    ("SyntaxError", "Exception"), ("SystemError", "Exception"), ("TypeError", "Exception"),
    ("ValueError", "Exception"), ("UnicodeError", "ValueError"), ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"), ("UnicodeTranslateError", "UnicodeError"), ("Warning", "Exception"),
    ("DeprecationWarning", "Warning"), ("PendingDeprecationWarning", "Warning"), ("RuntimeWarning", "Warning"),
    ("SyntaxWarning", "Warning"), ("UserWarning", "Warning"), ("FutureWarning", "Warning"),
    ("ImportWarning", "Warning"), ("UnicodeWarning", "Warning"), ("BytesWarning", "Warning"),
    ("ResourceWarning", "Warning"),
  ]
  /// The base of each class by its name; `BaseException` has none.
  static let base = Dictionary(uniqueKeysWithValues: bases.map { ($0.name, $0.base) })
  /// Other names of the same class.
  static let aliases = ["IOError": "OSError", "EnvironmentError": "OSError"]
}

/// FNV-1a: the same on every machine and in every process, which `Hasher` is not.
package enum StableHash {
  package static func of(_ text: String, seed: UInt64 = 0xcbf2_9ce4_8422_2325) -> UInt64 {
    var hash = seed
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return mix(hash)
  }

  static func of(_ values: [UInt32]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for value in values { hash = (hash ^ UInt64(value)) &* 0x100_0000_01b3 }
    return mix(hash)
  }

  package static func combine(_ left: UInt64, _ right: UInt64) -> UInt64 {
    mix(left ^ (right &+ 0x9e37_79b9_7f4a_7c15 &+ (left << 6) &+ (left >> 2)))
  }

  /// The finalizer of SplitMix64.
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
