import Logic
import Lowering
import Syntax

/// Classes of a module that an execution may make instances of: everything in them is known. Bases are classes of that
/// kind, exceptions or nothing; decorators are those of the language, and `dataclass`.
struct KnownClasses {
  private let units: [Unit]
  private let lowered: [Result<LoweredUnit, LoweringError>]
  private let isBoundOnce: (String) -> Bool
  private var sites: [String: Site] = [:]
  private var tuples: [String: NamedTuple] = [:]

  /// How module code makes a class.
  private struct Site {
    var arguments: [Argument]
    var decorators: [Expression]
  }

  /// The classes of a module by name, each with all its methods.
  static func all(
    units: [Unit], lowered: [Result<LoweredUnit, LoweringError>], isBoundOnce: @escaping (String) -> Bool
  ) -> [String: ClassDefinition] {
    let reader = KnownClasses(units: units, lowered: lowered, isBoundOnce: isBoundOnce)
    var found: [String: ClassDefinition] = [:]
    for name in reader.sites.keys { found[name] = reader.definition(name, depth: 0) }
    for (name, tuple) in reader.tuples where isBoundOnce(name) { found[name] = tuple.definition(name, methods: []) }
    return found
  }

  private init(
    units: [Unit], lowered: [Result<LoweredUnit, LoweringError>], isBoundOnce: @escaping (String) -> Bool
  ) {
    (self.units, self.lowered, self.isBoundOnce) = (units, lowered, isBoundOnce)
    guard let index = units.firstIndex(where: { $0.kind == .module }), case .success(let module) = lowered[index] else {
      return
    }
    for statement in module.procedure.body {
      guard case .assign(let targets, let value) = statement.kind, case .global(let name)? = targets.first,
        targets.count == 1
      else { continue }
      if let tuple = NamedTuple(value) {
        tuples[name] = tuple
        continue
      }
      let (inner, decorators) = Decorated.parts(of: value)
      guard case .definition(let definition) = inner, definition.kind == .classType else { continue }
      sites[name] = Site(arguments: definition.arguments, decorators: decorators)
    }
  }

  private func definition(_ name: String, depth: Int) -> ClassDefinition? {
    guard depth < 8, let site = sites[name], isBoundOnce(name),
      let index = units.firstIndex(where: { $0.kind == .classBody && $0.qualifiedName == name }),
      case .success(let lowered) = lowered[index]
    else { return nil }
    let isTuple = site.arguments.count == 1 && site.arguments[0].value.importedPath == "typing.NamedTuple"
    var bases: [Argument] = []
    for base in site.arguments where !isTuple {
      guard base.kind == .positional, let kept = isKnown(base.value, depth) else { return nil }
      if kept { bases.append(base) }
    }
    var body: [Statement] = []
    for statement in lowered.procedure.body {
      guard let known = known(statement, of: index) else { return nil }
      body += known
    }
    if isTuple { return site.decorators.isEmpty ? NamedTuple(lowered.procedure).definition(name, methods: body) : nil }
    var result = ClassDefinition(
      name: name, arguments: bases, body: Procedure(name: name, kind: .classBody, body: body), decorators: [])
    for decorator in site.decorators {
      guard let options = DataClass.Options(decorator),
        let made = DataClass(lowered.procedure, options, inherited: bases.isEmpty)
      else { return nil }
      result.body.body = made.body(around: result.body.body, name: name)
    }
    return result
  }

  /// Whether a base is one that can be run, and whether it says anything.
  private func isKnown(_ base: Expression, _ depth: Int) -> Bool? {
    if let path = base.importedPath { return ["abc.ABC", "typing.Protocol"].contains(path) ? false : nil }
    switch base {
    case .global(.builtin("object")): return false
    case .item(let generic, _):
      return ["typing.Generic", "typing.Protocol"].contains(generic.importedPath) ? false : nil
    case .global(.builtin(let name)) where Self.isException(name): return true
    case .global(.module(let name)): return definition(name, depth: depth + 1).map { _ in true }
    default: return nil
    }
  }

  private static func isException(_ name: String) -> Bool {
    name.hasSuffix("Error") && name != "OSError" && name != "ImportError" || name == "Exception"
  }

  private func known(_ statement: Statement, of parent: Int) -> [Statement]? {
    switch statement.kind {
    // An annotation.
    case .assign(let targets, _) where DataClass.annotated(targets) != nil: return []
    case .assign(let targets, let value):
      guard let known = member(value, of: parent) else { return nil }
      return [Statement(.assign(targets, known), line: statement.line)]
    case .expression(.constant): return []
    default: return nil
    }
  }

  private func member(_ value: Expression, of parent: Int) -> Expression? {
    let (inner, decorators) = Decorated.parts(of: value)
    guard case .definition(let definition) = inner else { return value.isPlainData ? value : nil }
    guard definition.kind == .function, let procedure = procedure(definition, of: parent) else { return nil }
    var result = Expression.closure(procedure)
    for decorator in decorators.reversed() {
      if let path = decorator.importedPath {
        guard ["abc.abstractmethod", "typing.override", "typing.final"].contains(path) else { return nil }
        continue
      }
      switch decorator {
      case .global(.builtin("property")), .global(.builtin("staticmethod")), .global(.builtin("classmethod")),
        .attribute(.namespace, "setter"):
        result = .call(decorator, [Argument(result)])
      default: return nil
      }
    }
    return result
  }

  private func procedure(_ definition: Logic.Definition, of parent: Int) -> Procedure? {
    let found = units.indices.filter {
      units[$0].parent == parent && units[$0].definitionName == definition.name
    }
    guard found.count == 1, case .success(let lowered) = self.lowered[found[0]], !lowered.looksAtItself else {
      return nil
    }
    return lowered.procedure
  }
}

/// What decorators make of a definition.
enum Decorated {
  /// The definition within, and its decorators, the first one first.
  static func parts(of value: Expression) -> (inner: Expression, decorators: [Expression]) {
    var (inner, decorators) = (value, [Expression]())
    while case .call(let callee, let arguments) = inner, arguments.count == 1, arguments[0].kind == .positional,
      arguments[0].value.isDecoratedDefinition
    {
      decorators.append(callee)
      inner = arguments[0].value
    }
    return (inner, decorators)
  }
}

extension Expression {
  fileprivate var isDecoratedDefinition: Bool {
    switch self {
    case .definition: true
    case .call(_, let arguments): arguments.count == 1 && arguments[0].value.isDecoratedDefinition
    default: false
    }
  }

  /// Made without running anybody's code.
  var isPlainData: Bool {
    switch self {
    case .constant, .global(.builtin), .global(.imported), .global(.module), .namespace: true
    case .unary(_, .constant): true
    case .closure(let procedure): procedure.parameters.allSatisfy { $0.defaultValue == nil }
    case .binary(_, let left, let right): left.isPlainData && right.isPlainData
    case .tuple(let elements), .list(let elements), .set(let elements):
      elements.allSatisfy { if case .single(let value) = $0 { value.isPlainData } else { false } }
    case .dictionary(let items):
      items.allSatisfy {
        if case .pair(let key, let value) = $0 { key.isPlainData && value.isPlainData } else { false }
      }
    // What a field of a data class is made of is read where its initializer is written.
    case .call where fieldArguments != nil: true
    case .call(.global(.builtin("frozenset")), let arguments), .call(.global(.builtin("object")), let arguments):
      arguments.allSatisfy { $0.kind == .positional && $0.value.isPlainData }
    default: false
    }
  }
}

extension ClassDefinition {
  /// Whether its initializer takes these arguments, and needs no more; of a named tuple, each of its fields.
  func takes(_ arguments: [Argument]) -> Bool {
    var (needed, known): ([String], [String]) = ([], [])
    for case .assign(let targets, let value) in body.body.map(\.kind) {
      switch (targets.first, value) {
      case (.namespace("_fields"), .tuple(let elements)):
        known = elements.compactMap { if case .single(.constant(.string(let name))) = $0 { name.string } else { nil } }
        needed = known
      case (.namespace("__init__"), .closure(let method)):
        guard method.parameters.allSatisfy({ $0.kind == .positional }) else { return false }
        known = method.parameters.dropFirst().map(\.name)
        needed = method.parameters.dropFirst().filter { $0.defaultValue == nil }.map(\.name)
      default: break
      }
    }
    let positional = arguments.count { $0.kind == .positional }
    guard positional <= known.count else { return false }
    var given = Set(known.prefix(positional))
    for case .keyword(let name) in arguments.map(\.kind) {
      guard known.contains(name), given.insert(name).inserted else { return false }
    }
    return given.isSuperset(of: needed)
  }

  /// Making an instance keeps what it is given, and runs nothing of anybody's.
  var isPlainData: Bool {
    let methods = body.body.compactMap { statement -> Procedure? in
      guard case .assign(_, .closure(let method)) = statement.kind else { return nil }
      return method
    }
    if arguments.contains(where: { $0.value == .global(.builtin("tuple")) }) { return true }
    guard arguments.isEmpty, let initializer = methods.first(where: { $0.name == "__init__" }) else { return false }
    return initializer.body.allSatisfy { statement in
      guard case .assign(let targets, .local) = statement.kind, targets.count == 1,
        case .attribute(.local(initializer.parameters.first?.name ?? ""), _) = targets[0]
      else { return false }
      return true
    }
  }
}
