import Logic

/// Imports written another way, under `stable-names`:
///
///     import os.path; os.path.join(a) = from os.path import join; join(a)
///     def f(x): import json; json.dumps(x) = import json; def f(x): json.dumps(x)
///
/// An attribute of a module is the name that an import would take from it, wherever the diff shows it to be a module and
/// both versions load it. An import that stands first in a function is the module's own where the other version has it
/// there, or writes it in another form. An import takes a name once, an attribute is read each time: so neither the file
/// nor the module, as far as it is in the diff, may bind the name again.
struct ImportsAlike {
  private(set) var old: Procedure
  private(set) var new: Procedure
  private(set) var assumptions: [Assumption] = []

  init(old: Procedure, new: Procedure, _ candidate: Candidate) {
    (self.old, self.new) = (old, new)
    let sides = [(old, ModuleImports(candidate.old)), (new, ModuleImports(candidate.new))]
    let locals = sides.map { LocalImport.leading(in: $0.0) }
    let paths = sides.map { Self.importedPaths($0.0) }
    guard paths[0] != paths[1] || locals[0] != locals[1] else { return }
    var modules = sides[0].1.modules.union(sides[1].1.modules)
    for item in locals.joined() { modules.formUnion(ModuleImports.prefixes(of: item.module)) }
    let areLifted = Self.areAlike(locals, sides.map(\.1))
    let lifted = zip(sides, locals).map { LocalImport.lifted(areLifted ? $1 : [], in: $0.0) }
    // Only what the other version takes by its name is a name.
    let taken = lifted.map { procedure in
      Self.importedPaths(procedure).reduce(into: Set<String>()) { $0.formUnion(ModuleImports.prefixes(of: $1)) }
    }
    let rewritten = [Self.collapsed(lifted[0], modules, taken[1]), Self.collapsed(lifted[1], modules, taken[0])]
    guard rewritten[0] != old || rewritten[1] != new, !candidate.context.nonPlainAttributes.contains("*") else {
      return
    }
    let found = rewritten.map { Self.importedPaths($0) }
    let moved = found[0].union(found[1]).subtracting(paths[0].intersection(paths[1]))
    guard !moved.contains(where: { Self.mayMove($0, candidate) }), !Self.catches(old), !Self.catches(new),
      Self.loadAlike(
        rewritten.map { Self.importedPaths($0, withAttributes: true) },
        zip(sides, locals).map { $0.1.loaded.union($1.flatMap(\.loads)) })
    else { return }
    self.old = rewritten[0]
    self.new = rewritten[1]
    assumptions = [.stableNames]
  }

  /// Whether the imports inside both versions are the same ones in the same order, or one version leaves them to its
  /// module.
  private static func areAlike(_ locals: [[LocalImport]], _ modules: [ModuleImports]) -> Bool {
    if locals[0] == locals[1] { return false }
    for (index, items) in locals.enumerated() where items.isEmpty {
      return locals[1 - index].allSatisfy { item in
        modules[index].loads(item) && modules[index].origins.contains { item.leads(to: $0) }
      }
    }
    return locals[0].count == locals[1].count
      && zip(locals[0], locals[1]).allSatisfy { $0.leads(to: $1.origin) && $0.loads(like: $1) }
  }

  /// `withAttributes`: what is read of such a name too, since the name may be a module.
  private static func importedPaths(_ procedure: Procedure, withAttributes: Bool = false) -> Set<String> {
    final class Found { var paths: Set<String> = [] }
    let found = Found()
    _ = Rewriter { expression in
      switch expression {
      case .global(.imported(let path)): found.paths.insert(path)
      case .attribute where withAttributes: if let path = path(of: expression) { found.paths.insert(path) }
      default: break
      }
      return expression
    }.procedure(procedure)
    return found.paths
  }

  /// `a.b.c` of attributes read from an imported name.
  private static func path(of expression: Expression) -> String? {
    switch expression {
    case .global(.imported(let path)): path
    case .attribute(let object, let name): path(of: object).map { "\($0).\(name)" }
    default: nil
    }
  }

  /// Whether somebody in sight may bind the name at the end of a path again.
  private static func mayMove(_ path: String, _ candidate: Candidate) -> Bool {
    let name = path.split(separator: ".").last.map(String.init) ?? path
    return rebound.contains(path) || candidate.unstableNames.contains(path)
      || [candidate.old, candidate.new].contains { $0.context.storedAttributes.contains(name) }
  }

  /// Names of the standard library that programs do bind again.
  private static let rebound: Set<String> = [
    "sys.argv", "sys.displayhook", "sys.excepthook", "sys.path", "sys.stderr", "sys.stdin", "sys.stdout",
    "warnings.showwarning",
  ]

  /// A name that is not there is an error of another kind, in another place.
  private static func catches(_ procedure: Procedure) -> Bool {
    var found = false
    var walk = Walk()
    walk.statement = { if case .tryBlock(_, let handlers, _, _) = $0.kind, !handlers.isEmpty { found = true } }
    walk(procedure.body)
    return found
  }

  /// A module inside a package is an attribute of it once something has imported it. What only the new version loads
  /// itself was there for the old one.
  private static func loadAlike(_ paths: [Set<String>], _ loaded: [Set<String>]) -> Bool {
    let prefixes = paths[0].union(paths[1]).reduce(into: Set<String>()) { all, path in
      all.formUnion(ModuleImports.prefixes(of: path).subtracting([path]))
    }
    return prefixes.allSatisfy { path in
      if !Packages.mayHideModule(path) { return true }
      let (old, new) = (loaded[0].contains(path), loaded[1].contains(path))
      return old == new || new && !Packages.isKnown(path)
    }
  }

  /// `.join` of the module `os.path` is the name `os.path.join`.
  private static func collapsed(_ procedure: Procedure, _ modules: Set<String>, _ taken: Set<String>) -> Procedure {
    Rewriter { expression in
      guard case .attribute(.global(.imported(let path)), let name) = expression, modules.contains(path),
        taken.contains("\(path).\(name)")
      else { return expression }
      return .global(.imported("\(path).\(name)"))
    }.procedure(procedure)
  }
}

/// What the code of a module imports at its top level.
private struct ModuleImports {
  /// Dotted paths that are modules.
  var modules: Set<String> = []
  /// Dotted paths of what is bound.
  var origins: Set<String> = []
  /// Dotted paths of what is loaded, or may be where it is a module.
  var loaded: Set<String> = []

  init(_ side: SideAnalysis) {
    guard let index = side.units.firstIndex(where: { $0.kind == .module }),
      case .success(let module) = side.lowered[index]
    else { return }
    for statement in module.procedure.body {
      guard case .assign(_, let value) = statement.kind, let item = LocalImport(name: "", value: value) else {
        continue
      }
      modules.formUnion(Self.prefixes(of: item.module))
      loaded.formUnion(item.loads)
      origins.insert(item.origin)
      if item.origin != item.module { origins.insert(item.module) }
    }
  }

  /// Whether the module has loaded what the import would.
  func loads(_ item: LocalImport) -> Bool {
    modules.contains(item.loaded) || origins.contains(item.loaded) || item.takesName && modules.contains(item.module)
  }

  static func prefixes(of path: String) -> Set<String> {
    let parts = path.split(separator: ".")
    return Set(parts.indices.map { parts[...$0].joined(separator: ".") })
  }
}

/// An import inside a function that binds a local.
private struct LocalImport: Hashable {
  var name: String
  /// The dotted path of what is bound.
  var origin: String
  var module: String

  init?(name: String, value: Expression) {
    self.name = name
    switch value {
    case .importModule(let path, let isLeaf):
      module = path
      origin = isLeaf ? path : String(path.prefix { $0 != "." })
    case .importName(let path, let item):
      module = path
      origin = "\(path).\(item)"
    default: return nil
    }
  }

  /// `from a import b`: what it takes from the module is an attribute, or a module in it.
  var takesName: Bool { origin.hasPrefix(module + ".") }

  /// The deepest path that is surely, or may be, a module that it loads.
  var loaded: String { takesName ? origin : module }

  var loads: Set<String> { ModuleImports.prefixes(of: loaded) }

  /// Loading a module runs its code: `import a.b` does more than `import a`.
  func loads(like other: LocalImport) -> Bool {
    loaded == other.loaded || takesName && module == other.loaded || other.takesName && other.module == loaded
      || takesName && other.takesName && module == other.module
  }

  func leads(to other: String) -> Bool {
    if other == origin || other.hasPrefix(origin + ".") { return true }
    // A package by itself, `.`, leads to none of its modules.
    return !other.allSatisfy { $0 == "." } && origin.hasPrefix(other + ".")
  }

  /// Those that stand before everything else, each bound once.
  static func leading(in procedure: Procedure) -> [LocalImport] {
    final class Found {
      var counts: [String: Int] = [:]
      var captured: Set<String> = []
      var read: Set<String> = []
    }
    let found = Found()
    var walk = Walk()
    walk.target = { if case .local(let name) = $0 { found.counts[name, default: 0] += 1 } }
    walk.expression = {
      switch $0 {
      case .captured(let name): found.captured.insert(name)
      case .local(let name): found.read.insert(name)
      default: break
      }
    }
    walk.closure = { walkInside($0) { found.captured.insert($0) } }
    walk(procedure.body)
    var result: [LocalImport] = []
    for statement in procedure.body {
      if case .expression(.constant) = statement.kind { continue }
      guard case .assign(let targets, let value) = statement.kind, targets.count == 1,
        case .local(let name) = targets[0], let item = LocalImport(name: name, value: value),
        found.counts[name] == 1, !found.captured.contains(name),
        // One that nobody reads is there for what it does.
        found.read.contains(name)
      else { break }
      result.append(item)
    }
    return result
  }

  private static func walkInside(_ procedure: Procedure, _ note: @escaping (String) -> Void) {
    var walk = Walk()
    walk.expression = { if case .captured(let name) = $0 { note(name) } }
    walk.closure = { walkInside($0, note) }
    walk(procedure.body)
  }

  /// The procedure with names of the module in place of these locals.
  static func lifted(_ items: [LocalImport], in procedure: Procedure) -> Procedure {
    if items.isEmpty { return procedure }
    let origins = Dictionary(items.map { ($0.name, $0.origin) }, uniquingKeysWith: { first, _ in first })
    var result = procedure
    result.body.removeAll { statement in
      guard case .assign(let targets, let value) = statement.kind, targets.count == 1,
        case .local(let name) = targets[0], origins[name] != nil
      else { return false }
      return LocalImport(name: name, value: value) != nil
    }
    return Rewriter { expression in
      if case .local(let name) = expression, let origin = origins[name] {
        .global(.imported(origin))
      } else {
        expression
      }
    }.procedure(result)
  }
}
