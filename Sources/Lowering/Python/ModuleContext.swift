import Logic
import Syntax

/// What binds the names of a module, and where.
struct ModuleBindings: Sendable {
  struct Binding: Sendable {
    /// The dotted origin of an import, nil for anything else that binds.
    var origin: String?
    /// Preorder position of the binding; -1 for one from inside a function, which may run at any time.
    var position: Int
  }
  private(set) var bindings: [String: [Binding]] = [:]
  var starImports: [Int] = []

  mutating func bind(_ name: String, origin: String?, at position: Int) {
    bindings[name, default: []].append(Binding(origin: origin, position: position))
  }

  /// The one origin of a name that only imports bind, all from one place.
  func origin(of name: String) -> String? {
    guard let found = bindings[name], let origin = found.first?.origin else { return nil }
    guard found.allSatisfy({ $0.origin == origin }) else { return nil }
    return isLast(name) ? origin : nil
  }

  /// Whether no star import after its last binding may bind the name anew.
  func isLast(_ name: String) -> Bool {
    let last = bindings[name]?.map(\.position).max() ?? 0
    return !starImports.contains { $0 > last }
  }
}

/// What the rest of a file says about the names that its units use. Made once for each file.
package struct ModuleContext: Sendable {
  package let tree: SyntaxTree
  /// The dotted path of the package that holds the file, for relative imports.
  package let package: [String]?
  /// A star import, or code that writes the module's namespace through `globals()` or `exec`, may bind any name.
  package let bindsUnknownNames: Bool
  /// Attributes that are more than a stored value in some class of this file: properties, methods under a decorator
  /// that may make a descriptor, instances of a class with `__get__`. No assumption covers reading them.
  package let managedAttributes: Set<String>
  /// A class of this file answers for any attribute (`__getattr__`, `__getattribute__`, `__setattr__`).
  package let hooksAttributes: Bool
  /// Functions that stand at module level, under no condition, and that nothing else in the file binds or decorates, by
  /// name.
  package let functions: [String: Unit]
  /// Functions at module level whose only decorator is `functools.cache` or `functools.lru_cache`.
  package let cachedFunctions: [String: Unit]
  /// Methods of such classes by class and name, bound once, under no condition and undecorated.
  package let methods: [String: [String: Unit]]
  /// Qualified names of the units under a decorator.
  package let decorated: Set<String>

  /// Names of attributes that code of this file stores or deletes.
  package let storedAttributes: Set<String>
  private let attributesStoredElsewhere: Set<String>

  let scopes: [ScopeFacts]
  let scopeOfNode: [Int: Int]
  let bindings: ModuleBindings
  /// Names of the units as definitions, by the position of their nodes.
  let definitionNames: [Int: String]
  package let postponesAnnotations: Bool
  /// Names that have a value once the module has run: bound by a statement at its top level that is not conditional,
  /// never deleted, and stored by no function. Reading one inside a function cannot raise a NameError, and it is the
  /// same value each time unless someone outside the file stores another.
  package let surelyBoundNames: Set<String>
  let readsModuleText: Bool
  /// Where the file declares an encoding other than the one that it was read in (PEP 263).
  let foreignEncodingLine: Int?
  package let foreignEncoding: String?
  private let constants: [String: SyntaxNode]
  /// Classes that may do something with their methods once these are all there, in the order in which they stand.
  private let openClasses: Set<String>

  package init(tree: SyntaxTree, units: [Unit] = [], package: [String]? = nil) {
    self.tree = tree
    self.package = package
    let collector = ScopeCollector(root: tree.root, package: package)
    scopes = collector.scopes
    scopeOfNode = collector.scopeOfNode
    bindings = collector.bindings
    definitionNames = Dictionary(
      units.map { ($0.node.index, $0.definitionName) }, uniquingKeysWith: { first, _ in first })

    let survey = ModuleSurvey(root: tree.root, bindings: collector.bindings)
    bindsUnknownNames = !collector.bindings.starImports.isEmpty || survey.writesNamespace
    managedAttributes = survey.managedAttributes
    hooksAttributes = survey.hooksAttributes
    postponesAnnotations = survey.postponesAnnotations
    readsModuleText = survey.readsModuleText
    constants = survey.constants.filter { !survey.attributesStoredElsewhere.contains($0.key) }
    storedAttributes = survey.storedAttributes
    attributesStoredElsewhere = survey.attributesStoredElsewhere
    openClasses = survey.openClasses
    let foreign = SourceEncoding.foreign(in: tree.source)
    (foreignEncoding, foreignEncodingLine) = (foreign?.name, foreign?.line)
    surelyBoundNames = survey.writesNamespace ? [] : Self.surelyBound(by: tree.root, bindings)

    var functions: [String: Unit] = [:]
    var methods: [String: [String: Unit]] = [:]
    var decorated: Set<String> = []
    var cached: [String: Unit] = [:]
    let counts = Dictionary(grouping: units, by: \.qualifiedName).mapValues(\.count)
    for unit in units where unit.node.kind == "function_definition" {
      guard unit.decorators.isEmpty else {
        decorated.insert(unit.qualifiedName)
        if counts[unit.qualifiedName] == 1, collector.bindings.bindings[unit.qualifiedName]?.count == 1,
          surelyBoundNames.contains(unit.qualifiedName), bindings.isLast(unit.qualifiedName), !survey.replacesCode,
          Definitions.isOnlyCached(unit.decorators, collector.bindings)
        {
          cached[unit.qualifiedName] = unit
        }
        continue
      }
      let parts = unit.qualifiedName.split(separator: ".").map(String.init)
      guard counts[unit.qualifiedName] == 1, collector.bindings.bindings[parts[0]]?.count == 1,
        surelyBoundNames.contains(parts[0]), bindings.isLast(parts[0]), !survey.replacesCode,
        !survey.attributesStoredElsewhere.contains(parts[0])
      else { continue }
      if parts.count == 1 {
        functions[parts[0]] = unit
      } else if parts.count == 2, Definitions.standsInClass(unit.node),
        !Definitions.mentions(parts[1], besideMethodsIn: unit.node), !survey.mayReplace(parts[1], of: parts[0])
      {
        methods[parts[0], default: [:]][parts[1]] = unit
      }
    }
    for unit in units where unit.node.kind == "class_definition" {
      if !unit.decorators.isEmpty { decorated.insert(unit.qualifiedName) }
    }
    self.functions = functions
    cachedFunctions = cached
    self.methods = methods
    self.decorated = decorated
  }

  /// Where a name leads that no function or class around the code binds. An import that may not have happened is a name
  /// of the module like any other: reading it may raise.
  package func resolve(_ name: String) -> Reference {
    if let origin = bindings.origin(of: name), surelyBoundNames.contains(name) { return .imported(origin) }
    if bindings.bindings[name] != nil { return .module(name) }
    if name == "__debug__" { return .builtin(name) }
    if Builtins.moduleAttributes.contains(name) { return .module(name) }
    if bindsUnknownNames { return .unresolved(name) }
    return Builtins.names.contains(name) ? .builtin(name) : .module(name)
  }

  /// Whether the file shows that something goes through what a class defines: its own metaclass or decorator, or one
  /// that it inherits.
  package func isOpen(_ className: String) -> Bool { openClasses.contains(className) }

  /// Whether the name is bound once, and no attribute is stored that could be it.
  package func keeps(_ name: String) -> Bool { isBoundOnce(name) && !attributesStoredElsewhere.contains(name) }

  /// Whether one statement of the file binds the name, and no other.
  package func isBoundOnce(_ name: String) -> Bool { bindings.bindings[name]?.count == 1 && bindings.isLast(name) }

  /// Names that the module binds.
  package var boundNames: Set<String> { Set(bindings.bindings.keys) }

  /// The value of a module name that is bound once, to a literal or to arithmetic of such names.
  package func constant(_ name: String) -> Expression? {
    var left = 12
    return constant(name, left: &left)
  }

  /// - Parameter left: how many names may yet be looked at, since each may lead to many others.
  private func constant(_ name: String, left: inout Int) -> Expression? {
    left -= 1
    guard left >= 0, let node = constants[name], bindings.bindings[name]?.count == 1, bindings.isLast(name) else {
      return nil
    }
    let lowerer = Lowerer(context: self, unitNode: tree.root)
    guard let value = try? lowerer.expression(node) else { return nil }
    guard node.kind == "binary_operator" else { return value }
    // A name has its value once the module has come by it.
    let number = WholeArithmetic.value(of: value) { other in
      (constants[other]?.index).flatMap { $0 < node.index ? constant(other, left: &left) : nil }
    }
    return number.map { .constant(.int($0)) }
  }
}

/// Definitions with and without decorators around them.
enum Definitions {
  /// The function or class definition inside a `decorated_definition`, or the node itself.
  static func core(of node: SyntaxNode) -> SyntaxNode {
    node.kind == "decorated_definition" ? node.child(field: "definition") ?? node : node
  }

  /// Whether a method stands in the body of its class itself, in no block of it.
  static func standsInClass(_ method: SyntaxNode) -> Bool {
    method.parent?.kind == "block" && method.parent?.parent?.kind == "class_definition"
  }

  /// Whether the class body around a method says the method's name outside of methods: it may bind it anew.
  static func mentions(_ name: String, besideMethodsIn method: SyntaxNode) -> Bool {
    guard let body = method.parent else { return true }
    var pending = body.namedChildren
    while let node = pending.popLast() {
      if node.kind == "identifier", node.text == name { return true }
      if node.kind == "function_definition" {
        // Its defaults are evaluated in the class body, its own name and statements are not.
        pending += node.namedChildren.filter { $0.field == "parameters" }
      } else {
        pending += node.namedChildren
      }
    }
    return false
  }

  /// One decorator, which keeps the results of a function by its arguments.
  static func isOnlyCached(_ decorators: [SyntaxNode], _ bindings: ModuleBindings) -> Bool {
    guard decorators.count == 1, let value = decorators[0].namedChildren.first(where: { !$0.isExtra }) else {
      return false
    }
    let parts = (value.child(field: "function") ?? value).text.split(separator: ".").map(String.init)
    guard let first = parts.first, let origin = bindings.origin(of: first) else { return false }
    let path = ([origin] + parts.dropFirst()).joined(separator: ".")
    return path == "functools.cache" || path == "functools.lru_cache"
  }

  static func decorators(of node: SyntaxNode) -> [SyntaxNode] {
    let outer = node.kind == "decorated_definition" ? node : node.parent
    guard let outer, outer.kind == "decorated_definition" else { return [] }
    return outer.namedChildren.filter { $0.kind == "decorator" }
  }
}

/// The declared encoding of a file: a comment in the first two lines (PEP 263).
enum SourceEncoding {
  /// One that would read the bytes otherwise than UTF-8 does.
  static func foreign(in source: [UInt8]) -> (name: String, line: Int)? {
    let isASCII = !source.contains { $0 >= 0x80 }
    for (number, line) in source.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false).prefix(2)
      .enumerated()
    {
      let text = String(decoding: line.prefix(200), as: UTF8.self)
      guard text.drop(while: { $0 == " " || $0 == "\t" }).hasPrefix("#"), let found = text.firstRange(of: "coding")
      else {
        continue
      }
      let rest = text[found.upperBound...]
      guard rest.first == ":" || rest.first == "=" else { continue }
      let name = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
        .prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }.lowercased()
      let isRead = isASCII ? keepsASCII(name) : ["utf-8", "utf8", "utf_8", "utf-8-sig"].contains(name)
      return isRead ? nil : (name, number + 1)
    }
    return nil
  }

  /// Encodings in which a file of nothing but ASCII is what it seems; `utf-7` and `unicode_escape` are not among them.
  private static func keepsASCII(_ name: String) -> Bool {
    let name = name.replacing("_", with: "-")
    return [
      "utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii", "latin-1", "latin1", "latin", "gb2312", "gbk", "gb18030",
    ]
    .contains(name)
      || ["iso-8859-", "iso8859-", "cp125", "windows-125", "koi8-", "euc-"].contains { name.hasPrefix($0) }
  }
}
