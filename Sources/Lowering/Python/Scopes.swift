import Syntax

/// What Python's compiler knows of one block of code before it runs: which names it binds, and where it stands.
/// (Language Reference, 4.2.) Names are already mangled.
struct ScopeFacts: Sendable {
  enum Kind: Hashable, Sendable { case module, classBody, function, comprehension }

  var kind: Kind
  /// The node that opens the scope: module, class or function definition, lambda, comprehension.
  var node: SyntaxNode
  var parent: Int?
  /// Scopes around this one.
  var depth: Int
  /// Name of the innermost class around or at this scope, for private names.
  var privateClass: String?
  /// Names bound here, parameters included; not those that `global` or `nonlocal` sends elsewhere.
  var locals: Set<String> = []
  var globals: Set<String> = []
  var nonlocals: Set<String> = []
  /// Names written in this scope itself.
  var mentions: Set<String> = []
  /// Names written in functions, lambdas and classes inside.
  var innerMentions: Set<String> = []
  /// Names written in generator expressions inside that may be drained later.
  var lazyMentions: Set<String> = []
  /// Of a comprehension: something inside keeps its variables as cells, so that it must be a function of its own.
  var needsClosure = false
  var containsYield = false
  var containsAwait = false
  /// A generator expression that the call around it drains at once, if this builtin is what the name says.
  var drainedBy: String?

  /// Scopes inside scopes. What is deeper is refused, and its names are not passed outwards, which would cost the
  /// square of the depth.
  static let depthLimit = 64
}

/// Private names: `__x` in class `C` is `_C__x` (Language Reference, 6.2.1).
enum PrivateNames {
  static func mangle(_ name: String, in className: String?) -> String {
    guard let className, name.hasPrefix("__"), !name.hasSuffix("__") else { return name }
    let stripped = className.drop { $0 == "_" }
    return stripped.isEmpty ? name : "_\(stripped)\(name)"
  }
}

/// Finds every scope of a file in one walk with its own stack, so that depth of the source costs no native stack.
struct ScopeCollector {
  private enum Role { case load, bind, pattern }
  private struct Work {
    var node: SyntaxNode
    var scope: Int
    var role: Role
  }

  private(set) var scopes: [ScopeFacts]
  private(set) var scopeOfNode: [Int: Int] = [:]
  private(set) var bindings = ModuleBindings()
  private var pending: [Work] = []
  private let package: [String]?

  init(root: SyntaxNode, package: [String]?) {
    self.package = package
    scopes = [ScopeFacts(kind: .module, node: root, parent: nil, depth: 0, privateClass: nil)]
    scopeOfNode[root.index] = 0
    pending = [Work(node: root, scope: 0, role: .load)]
    while let work = pending.popLast() {
      switch work.role {
      case .load: load(work.node, work.scope)
      case .bind: bindTarget(work.node, work.scope)
      case .pattern: pattern(work.node, work.scope)
      }
    }
    settleGlobals()
    gatherMentions()
  }

  private mutating func push(_ node: SyntaxNode, _ scope: Int, _ role: Role = .load) {
    pending.append(Work(node: node, scope: scope, role: role))
  }

  private mutating func pushChildren(of node: SyntaxNode, _ scope: Int, _ role: Role = .load) {
    for child in node.children where child.isNamed { push(child, scope, role) }
  }

  private mutating func open(_ kind: ScopeFacts.Kind, _ node: SyntaxNode, in parent: Int, className: String? = nil)
    -> Int
  {
    let privateClass = className ?? scopes[parent].privateClass
    let depth = scopes[parent].depth + 1
    scopes.append(ScopeFacts(kind: kind, node: node, parent: parent, depth: depth, privateClass: privateClass))
    scopeOfNode[node.index] = scopes.count - 1
    return scopes.count - 1
  }

  /// The name as the scope sees it, noted as written there.
  private mutating func mention(_ text: String, _ scope: Int) -> String {
    let name = PrivateNames.mangle(text, in: scopes[scope].privateClass)
    scopes[scope].mentions.insert(name)
    return name
  }

  private mutating func bind(_ text: String, _ scope: Int, origin: String? = nil, at position: Int) {
    let name = mention(text, scope)
    scopes[scope].locals.insert(name)
    if scope == 0 { bindings.bind(name, origin: origin, at: position) }
  }

  // MARK: Binding places

  private mutating func bindTarget(_ node: SyntaxNode, _ scope: Int) {
    switch node.kind {
    case "identifier": bind(node.text, scope, at: node.index)
    case "tuple", "list", "pattern_list", "tuple_pattern", "list_pattern", "expression_list", "list_splat",
      "list_splat_pattern", "parenthesized_expression", "as_pattern_target":
      pushChildren(of: node, scope, .bind)
    default: load(node, scope)
    }
  }

  private mutating func pattern(_ node: SyntaxNode, _ scope: Int) {
    let named = node.namedChildren
    switch node.kind {
    case "dotted_name":
      guard let first = named.first else { return }
      if named.count == 1 { bind(first.text, scope, at: node.index) } else { _ = mention(first.text, scope) }
    case "splat_pattern":
      if let name = named.first { bind(name.text, scope, at: node.index) }
    case "as_pattern":
      for child in named.dropLast() { push(child, scope, .pattern) }
      if let name = named.last, name.kind == "identifier" { bind(name.text, scope, at: node.index) }
    case "class_pattern":
      if let name = named.first?.namedChildren.first { _ = mention(name.text, scope) }
      for child in named.dropFirst() { push(child, scope, .pattern) }
    case "keyword_pattern":
      for child in named.dropFirst() { push(child, scope, .pattern) }
    default:
      for child in named { push(child, scope, .pattern) }
    }
  }

  // MARK: Code

  private mutating func load(_ node: SyntaxNode, _ scope: Int) {
    switch node.kind {
    case "identifier": _ = mention(node.text, scope)
    case "function_definition": function(node, scope)
    case "lambda": function(node, scope)
    case "class_definition": classBody(node, scope)
    case "list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression":
      comprehension(node, scope)
    case "assignment", "augmented_assignment":
      for child in node.children where child.isNamed {
        push(child, scope, child.field == "left" ? .bind : .load)
      }
    case "named_expression": walrus(node, scope)
    case "for_statement":
      for child in node.children where child.isNamed { push(child, scope, child.field == "left" ? .bind : .load) }
    case "delete_statement": pushChildren(of: node, scope, .bind)
    case "as_pattern_target": pushChildren(of: node, scope, .bind)
    case "except_clause", "except_group_clause":
      for child in node.children where child.isNamed { push(child, scope, child.field == "alias" ? .bind : .load) }
    case "case_pattern": pushChildren(of: node, scope, .pattern)
    case "import_statement", "import_from_statement", "future_import_statement": imports(node, scope)
    case "global_statement":
      for child in node.namedChildren { scopes[scope].globals.insert(mention(child.text, scope)) }
    case "nonlocal_statement":
      for child in node.namedChildren { scopes[scope].nonlocals.insert(mention(child.text, scope)) }
    case "type_alias_statement":
      _ = mention("type", scope)
      if let name = node.child(field: "left")?.namedChildren.first, name.kind == "identifier" {
        bind(name.text, scope, at: node.index)
      }
      pushChildren(of: node, scope)
    case "attribute":
      if let object = node.child(field: "object") { push(object, scope) }
    case "keyword_argument":
      if let value = node.child(field: "value") { push(value, scope) }
    case "yield":
      scopes[scope].containsYield = true
      pushChildren(of: node, scope)
    case "await":
      scopes[scope].containsAwait = true
      pushChildren(of: node, scope)
    case "comment", "line_continuation": break
    default: pushChildren(of: node, scope)
    }
  }

  private mutating func function(_ node: SyntaxNode, _ scope: Int) {
    if let name = node.child(field: "name") { bind(name.text, scope, at: node.index) }
    let inner = open(.function, node, in: scope)
    for child in node.children where child.isNamed {
      switch child.field {
      case "parameters": for parameter in child.namedChildren { self.parameter(parameter, inner, scope) }
      case "body": push(child, inner)
      case "name": break
      default: push(child, scope)
      }
    }
  }

  private mutating func parameter(_ node: SyntaxNode, _ inner: Int, _ outer: Int) {
    switch node.kind {
    case "identifier": bind(node.text, inner, at: node.index)
    case "default_parameter", "typed_default_parameter", "typed_parameter":
      for child in node.children where child.isNamed {
        switch child.field {
        case "value", "type": push(child, outer)
        default: parameter(child, inner, outer)
        }
      }
    case "list_splat_pattern", "dictionary_splat_pattern":
      if let name = node.namedChildren.first { bind(name.text, inner, at: node.index) }
    default: break
    }
  }

  private mutating func classBody(_ node: SyntaxNode, _ scope: Int) {
    let name = node.child(field: "name")?.text ?? ""
    bind(name, scope, at: node.index)
    let inner = open(.classBody, node, in: scope, className: name)
    for child in node.children where child.isNamed && child.field != "name" {
      push(child, child.field == "body" ? inner : scope)
    }
  }

  private mutating func comprehension(_ node: SyntaxNode, _ scope: Int) {
    let inner = open(.comprehension, node, in: scope)
    if node.kind == "generator_expression" { scopes[inner].drainedBy = Self.drain(of: node) }
    var isFirst = true
    for child in node.children where child.isNamed {
      guard child.kind == "for_in_clause" else {
        push(child, inner)
        continue
      }
      for part in child.children {
        if part.kind == "async" { scopes[inner].containsAwait = true }
        guard part.isNamed else { continue }
        if part.field == "left" { push(part, inner, .bind) } else { push(part, isFirst ? scope : inner) }
      }
      isFirst = false
    }
  }

  /// The function that drains a generator expression: its first argument, with nothing but keywords after it.
  private static func drain(of node: SyntaxNode) -> String? {
    guard var call = node.parent else { return nil }
    if call.kind == "argument_list" {
      let arguments = call.namedChildren.filter { !$0.isExtra }
      guard arguments.first == node, arguments.dropFirst().allSatisfy({ $0.kind == "keyword_argument" }),
        let outer = call.parent
      else { return nil }
      call = outer
    }
    guard call.kind == "call", let callee = call.child(field: "function") else { return nil }
    if callee.kind == "attribute", callee.child(field: "object")?.kind == "string" {
      return callee.child(field: "attribute")?.text == "join" ? "str" : nil
    }
    return callee.kind == "identifier" && Builtins.drains.contains(callee.text) ? callee.text : nil
  }

  /// `:=` in a comprehension binds in the block around it (PEP 572).
  private mutating func walrus(_ node: SyntaxNode, _ scope: Int) {
    var target = scope
    while scopes[target].kind == .comprehension, let parent = scopes[target].parent { target = parent }
    for child in node.children where child.isNamed {
      if child.field == "name" {
        bind(child.text, target, at: node.index)
        _ = mention(child.text, scope)
      } else {
        push(child, scope)
      }
    }
  }

  private mutating func imports(_ node: SyntaxNode, _ scope: Int) {
    if node.children.contains(where: { $0.kind == "wildcard_import" }) {
      bindings.starImports.append(node.index)
      return
    }
    for item in Imports.items(of: node, package: package) {
      bind(item.bound, scope, origin: item.origin, at: node.index)
    }
  }

  // MARK: After the walk

  private mutating func settleGlobals() {
    for index in scopes.indices {
      let sent = scopes[index].globals
      if index > 0 {
        for name in scopes[index].locals.intersection(sent).sorted() { bindings.bind(name, origin: nil, at: -1) }
        scopes[index].locals.subtract(sent)
      }
      scopes[index].locals.subtract(scopes[index].nonlocals)
    }
  }

  private mutating func gatherMentions() {
    // A scope comes after the one around it, so that backwards every scope is complete when it is reached.
    for index in scopes.indices.dropFirst().reversed() {
      guard let parent = scopes[index].parent else { continue }
      let scope = scopes[index]
      let isComprehension = scope.kind == .comprehension
      let isCell = isComprehension && !scope.locals.isDisjoint(with: scope.innerMentions.union(scope.lazyMentions))
      scopes[index].needsClosure = isCell
      guard parent > 0, scope.depth <= ScopeFacts.depthLimit else { continue }
      scopes[parent].innerMentions.formUnion(scope.innerMentions)
      scopes[parent].lazyMentions.formUnion(scope.lazyMentions)
      if !isComprehension || isCell {
        scopes[parent].innerMentions.formUnion(scope.mentions)
      } else if isLazy(scope) {
        scopes[parent].lazyMentions.formUnion(scope.mentions)
      }
    }
  }

  /// Whether a generator expression may be drained after the code around it has moved on.
  private func isLazy(_ scope: ScopeFacts) -> Bool {
    guard scope.node.kind == "generator_expression" else { return false }
    guard let callee = scope.drainedBy else { return true }
    if callee == "str" { return false }
    var ancestor = scope.parent
    while let index = ancestor {
      if scopes[index].locals.contains(callee) { return true }
      ancestor = scopes[index].parent
    }
    return false
  }
}
