import Logic

/// Values that module code makes without running code that anybody sees, and without fail:
///
///     KIB = 1024
///     NAMES = [(READ, "read"), (WRITE, "write")]
///     KEYWORDS = frozenset(["if", "else"])
///     PATTERN = re.compile(r"\d+")
enum QuietMaking {
  /// Names that a module has bound so far, each to one value.
  struct Bound {
    private(set) var values: [String: Expression] = [:]
    /// Those that are surely numbers.
    private(set) var numbers: Set<String> = []
    /// Whether a function of that name stands above what is read.
    var defines: (String) -> Bool = { _ in false }
    /// Whether a class of that name stands above it that takes such arguments and only keeps them.
    var makes: (String, [Argument]) -> Bool = { _, _ in false }

    mutating func bind(_ name: String, _ value: Expression) {
      if Reader(bound: self).isNumber(value) { numbers.insert(name) }
      values[name] = value
    }
  }

  static func isQuiet(_ value: Expression, after bound: Bound) -> Bool { Reader(bound: bound).isQuiet(value) }

  /// Functions of the standard library that make an object of what they are given and do nothing else. A pattern that
  /// does not compile keeps the module from loading, which its first test shows.
  private static let makers: Set<String> = getters.union([
    "re.compile", "logging.getLogger", "datetime.timedelta", "decimal.Decimal", "fractions.Fraction", "struct.Struct",
    "typing.TypeVar",
    "types.MappingProxyType",
  ])

  /// Functions that take things from others.
  static let getters: Set<String> = ["operator.itemgetter", "operator.attrgetter", "operator.methodcaller"]

  private struct Reader {
    let bound: Bound

    func isQuiet(_ value: Expression) -> Bool {
      switch value {
      case .constant, .unary(.negate, .constant), .global(.builtin), .global(.imported): return true
      case .global(.module(let name)): return bound.values[name] != nil || bound.defines(name)
      // A function of the library that is modelled: reading it from its module runs nothing.
      case .attribute(.global(.imported("operator")), _), .attribute(.global(.imported("math")), _): return true
      case .closure(let procedure): return procedure.parameters.allSatisfy { $0.defaultValue == nil }
      // A lambda: others see it, and its own unit tells what it does.
      case .definition(let definition): return definition.kind == .function && definition.arguments.isEmpty
      case .tuple(let elements), .list(let elements): return areAll(elements, isQuiet)
      case .set(let elements): return areAll(elements, isHashable)
      case .dictionary(let items):
        return items.allSatisfy { item in
          if case .pair(let key, let value) = item { isHashable(key) && isQuiet(value) } else { false }
        } || QuietRun.ends(value, constants: bound.values)
      case .binary: return isNumber(value)
      case .call where NamedTuple(value) != nil: return true
      // A type: `dict[str, list[int]]`.
      case .item(let generic, let index): return generic.isGeneric && isType(index)
      case .call(.attribute(.global(.builtin), _), _), .comprehension:
        return QuietRun.ends(value, constants: bound.values)
      case .call(let callee, let arguments): return isQuietCall(callee, arguments)
      default: return false
      }
    }

    private func isType(_ value: Expression) -> Bool {
      switch value {
      case .constant(.none), .constant(.ellipsis), .global(.builtin), .global(.imported): true
      case .item(let generic, let index): generic.isGeneric && isType(index)
      case .tuple(let elements): areAll(elements, isType)
      default: false
      }
    }

    private func areAll(_ elements: [Element], _ test: (Expression) -> Bool) -> Bool {
      elements.allSatisfy { if case .single(let value) = $0 { test(value) } else { false } }
    }

    private func isQuietCall(_ callee: Expression, _ arguments: [Argument]) -> Bool {
      switch callee {
      case .global(.builtin("object")): return arguments.isEmpty
      case .global(.builtin("frozenset")), .global(.builtin("set")), .global(.builtin("tuple")),
        .global(.builtin("list")):
        guard let first = arguments.first else { return true }
        guard arguments.count == 1, first.kind == .positional else { return false }
        switch first.value {
        case .list(let elements), .tuple(let elements), .set(let elements): return areAll(elements, isHashable)
        case .constant(.string): return true
        default: return false
        }
      case .global(.builtin("float")): return isNumber(.call(callee, arguments))
      case .global(.builtin("dict")):
        return arguments.allSatisfy { if case .keyword = $0.kind { isQuiet($0.value) } else { false } }
      case .global(.module(let name)) where bound.makes(name, arguments):
        return arguments.allSatisfy { argument in
          switch argument.kind {
          case .positional, .keyword: isQuiet(argument.value)
          case .spread, .spreadKeywords: false
          }
        }
      case .global(.imported(let path)): return isMaker(path, arguments)
      case .attribute(.global(.imported(let module)), let name): return isMaker("\(module).\(name)", arguments)
      default: return false
      }
    }

    private func isMaker(_ path: String, _ arguments: [Argument]) -> Bool {
      makers.contains(path)
        && arguments.allSatisfy { argument in
          switch argument.kind {
          case .positional, .keyword: isHashable(argument.value)
          case .spread, .spreadKeywords: false
          }
        }
    }

    /// Surely so, and quiet.
    private func isHashable(_ value: Expression) -> Bool {
      switch value {
      case .constant, .unary(.negate, .constant), .global(.builtin): true
      case .global(.module("__name__")): true
      case .global(.module(let name)): bound.values[name]?.isImmutable ?? false || isNumber(value)
      case .tuple(let elements): areAll(elements, isHashable)
      case .attribute(.global(.imported("re")), _): true
      case .binary(.bitOr, let left, let right): isHashable(left) && isHashable(right)
      default: isNumber(value)
      }
    }

    /// Arithmetic of numbers that fails for none.
    func isNumber(_ value: Expression, depth: Int = 0) -> Bool {
      guard depth < 20 else { return false }
      switch value {
      case .constant(.int), .constant(.float): return true
      // `float("inf")`, for which there is no literal.
      case .call(.global(.builtin("float")), let arguments):
        guard arguments.count == 1, arguments[0].kind == .positional else { return false }
        if case .constant(.string(let text)) = arguments[0].value {
          return ["inf", "-inf", "nan"].contains(text.string)
        }
        return arguments[0].value.isPlainNumber
      case .unary(.negate, let operand): return isNumber(operand, depth: depth + 1)
      case .global(.module(let name)): return bound.numbers.contains(name)
      case .binary(let operation, let left, let right) where [.add, .subtract, .multiply].contains(operation):
        return isNumber(left, depth: depth + 1) && isNumber(right, depth: depth + 1)
      case .binary(.divide, let left, let right), .binary(.floorDivide, let left, let right),
        .binary(.modulo, let left, let right):
        return isNumber(left, depth: depth + 1) && Self.isPositive(right)
      case .binary(.shiftLeft, .constant(.int), .constant(.int(let count))): return count >= 0 && count < 256
      case .binary(.power, .constant(.int), .constant(.int(let count))): return count >= 0 && count < 64
      default: return false
      }
    }

    private static func isPositive(_ value: Expression) -> Bool {
      switch value {
      case .constant(.int(let number)): number > 0
      case .constant(.float(let bits)): bits.value > 0
      default: false
      }
    }
  }
}

extension Expression {
  /// A number that is written out, small enough for a float.
  fileprivate var isPlainNumber: Bool {
    switch self {
    case .constant(.int(let value)): value.magnitude.bitWidth < 64
    case .constant(.float): true
    default: false
    }
  }
}

extension Expression {
  /// A type of the language or of `typing` that takes others in brackets (PEP 585).
  fileprivate var isGeneric: Bool {
    switch self {
    case .global(.builtin(let name)): ["dict", "frozenset", "list", "set", "tuple", "type"].contains(name)
    default:
      [
        "typing.Callable", "typing.Dict", "typing.FrozenSet", "typing.Iterable", "typing.Iterator", "typing.List",
        "typing.Mapping", "typing.Optional", "typing.Sequence", "typing.Set", "typing.Tuple", "typing.Type",
        "typing.Union", "collections.abc.Callable", "collections.abc.Iterable", "collections.abc.Iterator",
        "collections.abc.Mapping", "collections.abc.Sequence",
      ].contains(importedPath ?? "")
    }
  }
}
