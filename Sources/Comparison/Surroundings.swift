import BigInt
import Logic
import Lowering
import Syntax

/// What the file around a unit fixes of the names that the unit reads, beside helpers that a proof looks through: only
/// the execution knows of it.
struct Surroundings: Sendable {
  /// Names that the module binds once, to a value that it makes without running foreign code.
  var constants: [Reference: Expression] = [:]
  /// Helpers that no proof looks through: generators, coroutines, and what only members call.
  var helpers: [Reference: Procedure] = [:]
  /// Generators under `contextlib.contextmanager`.
  var managers: [Reference: Procedure] = [:]
  /// Classes that are known in full.
  var classes: [Reference: ClassDefinition] = [:]
  /// What the class around a method defines.
  var members: [String: Member] = [:]
  /// How the unit calls itself.
  var ownName: Program.OwnName?
}

/// Names that module code binds once, at its top level, to a value that is made without running foreign code, and that
/// nothing in the file changes:
///
///     DAYS = [31, 28, 31]
///     OPERATORS = {"+": operator.add, "max": max, "-": lambda a, b: a - b}
///
/// An empty container is no constant: it is there to be filled.
enum FixedValues {
  static func of(
    _ module: Procedure, units: [Result<LoweredUnit, LoweringError>], bound: Set<String>, plain: Set<String> = []
  ) -> [String: Expression] {
    let counts = Counter(module).counts
    var found: [String: Expression] = [:]
    for (name, value) in Binding.all(in: module.body)
    where counts[name] == 1 && bound.contains(name) && !name.hasPrefix("__") {
      if value.isFixed(within: 2_000, plain: plain) || QuietRun.ends(value, constants: found, readsContainers: true) {
        found[name] = value
      }
    }
    let mutable = found.filter { !$0.value.isImmutable }.keys
    guard !mutable.isEmpty else { return found }
    var changed: Set<String> = []
    for unit in units {
      switch unit {
      case .failure: changed.formUnion(mutable)
      case .success(let lowered): changed.formUnion(ChangedInPlace.names(in: lowered.procedure))
      }
    }
    return found.filter { !changed.contains($0.key) || $0.value.isImmutable }
  }

  /// How often each name is bound.
  private final class Counter {
    var counts: [String: Int] = [:]

    init(_ module: Procedure) {
      var walk = Walk()
      walk.target = { if case .global(let name) = $0 { self.counts[name, default: 0] += 1 } }
      walk(module.body)
    }
  }
}

/// Names that module code binds at its top level, each with its value: `RED, GREEN = range(2)` binds two.
enum Binding {
  static func all(in body: [Statement]) -> [(name: String, value: Expression)] {
    var result: [(String, Expression)] = []
    for statement in body {
      guard case .assign(let targets, let value) = statement.kind, targets.count == 1 else { continue }
      result += names(targets[0], value) ?? []
    }
    return result
  }

  /// Nil where the target is more than names, or its parts have no values of their own.
  static func names(_ target: Target, _ value: Expression) -> [(name: String, value: Expression)]? {
    switch target {
    case .global(let name): return [(name, value)]
    case .unpack(let targets, starred: nil):
      guard let parts = parts(of: value), parts.count == targets.count else { return nil }
      var result: [(String, Expression)] = []
      for (target, part) in zip(targets, parts) {
        guard case .global(let name) = target else { return nil }
        result.append((name, part))
      }
      return result
    default: return nil
    }
  }

  /// What an unpacking takes apart, where all of it is written out.
  private static func parts(of value: Expression) -> [Expression]? {
    switch value {
    case .tuple(let elements), .list(let elements):
      let parts = elements.compactMap { if case .single(let part) = $0 { part } else { nil } }
      return parts.count == elements.count && parts.allSatisfy(\.isImmutable) ? parts : nil
    case .call(.global(.builtin("range")), let arguments):
      guard arguments.count == 1, arguments[0].kind == .positional,
        case .constant(.int(let count)) = arguments[0].value, count > 0, count < 64
      else { return nil }
      return (0..<Int(count)).map { .constant(.int(BigInt($0))) }
    default: return nil
    }
  }
}

extension Expression {
  /// A value that neither asks nor tells the world anything while it is made, of no more than so many parts.
  ///
  /// - Parameter plain: classes that do nothing but keep what they are given.
  fileprivate func isFixed(within limit: Int, plain: Set<String>) -> Bool {
    var left = limit
    return isFixed(&left, plain) && !isEmptyContainer
  }

  private var isEmptyContainer: Bool {
    switch self {
    case .list(let elements), .set(let elements): elements.isEmpty
    case .dictionary(let items): items.isEmpty
    // A sentinel is no container.
    case .call(.global(.builtin(let name)), let arguments): arguments.isEmpty && name != "object"
    default: false
    }
  }

  private func isFixed(_ left: inout Int, _ plain: Set<String>) -> Bool {
    left -= 1
    guard left > 0 else { return false }
    switch self {
    case .constant: return true
    // Defaults are evaluated where the function is made.
    case .closure(let procedure): return procedure.parameters.allSatisfy { $0.defaultValue == nil }
    case .global(.builtin), .global(.imported), .global(.module): return true
    case .attribute(.global(.imported), _): return true
    case .unary(_, let value): return value.isFixed(&left, plain)
    case .binary(_, let a, let b): return a.isFixed(&left, plain) && b.isFixed(&left, plain)
    case .list(let elements), .tuple(let elements), .set(let elements):
      for element in elements {
        guard case .single(let value) = element, value.isFixed(&left, plain) else { return false }
      }
      return true
    case .dictionary(let items):
      for item in items {
        guard case .pair(let key, let value) = item, key.isFixed(&left, plain), value.isFixed(&left, plain) else {
          return false
        }
      }
      return true
    // `float("inf")`, for which there is no literal; a name would be asked for its `__float__`.
    case .call(.global(.builtin("float")), let arguments) where arguments.count == 1:
      if case .constant = arguments[0].value { return arguments[0].kind == .positional }
      return false
    case .call(let callee, let arguments) where callee.isMaker || callee.isName(among: plain):
      for argument in arguments {
        switch argument.kind {
        case .positional, .keyword: guard argument.value.isFixed(&left, plain) else { return false }
        case .spread, .spreadKeywords: return false
        }
      }
      return true
    default: return false
    }
  }

  private func isName(among names: Set<String>) -> Bool {
    if case .global(.module(let name)) = self { names.contains(name) } else { false }
  }

  /// It makes a value of what it is given, and does nothing else.
  private var isMaker: Bool {
    switch self {
    case .global(.builtin(let name)): Self.containerTypes.contains(name)
    case .global(.imported(let path)): World.isPure(path) || QuietMaking.getters.contains(path)
    case .attribute(.global(.imported(let module)), let name):
      World.isPure("\(module).\(name)") || QuietMaking.getters.contains("\(module).\(name)")
    default: false
    }
  }

  private static let containerTypes: Set<String> = ["frozenset", "set", "dict", "list", "tuple", "range", "object"]
}

/// Names of the module whose value some code changes in place, as far as one sees that where it stands.
private enum ChangedInPlace {
  private static let methods: Set<String> = [
    "append", "extend", "insert", "pop", "popitem", "remove", "clear", "update", "setdefault", "add", "discard", "sort",
    "reverse", "appendleft", "popleft", "extendleft", "rotate", "__setitem__", "__delitem__", "move_to_end",
    "difference_update", "intersection_update", "symmetric_difference_update",
  ]

  static func names(in procedure: Procedure) -> Set<String> {
    final class Found {
      var names: Set<String> = []
      var pending: [Procedure] = []
    }
    let found = Found()
    found.pending = [procedure]
    while let next = found.pending.popLast() {
      var walk = Walk()
      walk.closure = { found.pending.append($0) }
      walk.expression = { expression in
        if case .call(.attribute(let object, let method), _) = expression, methods.contains(method),
          let name = root(of: object)
        {
          found.names.insert(name)
        }
      }
      walk.target = { target in
        switch target {
        case .item(let object, _), .attribute(let object, _):
          if let name = root(of: object) { found.names.insert(name) }
        default: break
        }
      }
      walk(next.body)
    }
    return found.names
  }

  /// `NAME` of `NAME[a].b[c]`.
  private static func root(of expression: Expression) -> String? {
    var current = expression
    while true {
      switch current {
      case .global(.module(let name)): return name
      case .item(let object, _), .attribute(let object, _): current = object
      default: return nil
      }
    }
  }
}
