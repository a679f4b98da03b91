/// Units of Python: `def`, `class`, and a lambda that an assignment binds to a name.
struct PythonUnits: UnitRules {
  func role(ofKind kind: String) -> NodeRole {
    switch kind {
    case "string": .verbatim
    case "decorated_definition", "function_definition", "class_definition", "lambda": .definition
    case "expression_statement": .statement
    case "block": .block
    default: .plain
    }
  }

  func definition(at node: SyntaxNode) -> Definition? {
    switch node.kind {
    case "decorated_definition":
      guard let inner = node.child(field: "definition") else { return nil }
      return statement(inner, whole: node, decorators: node.children.filter { $0.kind == "decorator" })
    case "function_definition", "class_definition":
      // The decorated definition around it has been taken already.
      if node.parent?.kind == "decorated_definition" { return nil }
      return statement(node, whole: node, decorators: [])
    default:
      return boundLambda(node)
    }
  }

  private func statement(_ node: SyntaxNode, whole: SyntaxNode, decorators: [SyntaxNode]) -> Definition? {
    guard node.isNamed, let name = node.child(field: "name") else { return nil }
    let isClass = node.kind == "class_definition"
    return Definition(
      kind: isClass ? .classBody : .function, role: isClass ? .plain : role(decorators), simpleName: name.text,
      node: node, whole: whole, name: name, body: node.child(field: "body"), decorators: decorators)
  }

  private func boundLambda(_ node: SyntaxNode) -> Definition? {
    guard node.isNamed else { return nil }
    var value = node
    while let parent = value.parent, parent.kind == "parenthesized_expression" { value = parent }
    guard let parent = value.parent else { return nil }
    let target: SyntaxNode?
    switch (parent.kind, value.field) {
    case ("assignment", "right"): target = parent.child(field: "left")
    case ("named_expression", "value"): target = parent.child(field: "name")
    default: return nil
    }
    guard let target, target.kind == "identifier" else { return nil }
    return Definition(
      kind: .lambda, role: .plain, simpleName: target.text, node: node, whole: node, name: nil,
      body: node.child(field: "body"))
  }

  /// `@property`, `@x.setter`, `@typing.overload`, `@render.register(int)`: the last name tells.
  private func role(_ decorators: [SyntaxNode]) -> Unit.Role {
    for decorator in decorators {
      guard var expression = decorator.namedChildren.first(where: { !$0.isExtra }) else { continue }
      if expression.kind == "call", let callee = expression.child(field: "function") { expression = callee }
      let isAttribute = expression.kind == "attribute"
      let name = isAttribute ? expression.child(field: "attribute")?.text : expression.text
      switch (name, isAttribute) {
      case ("property", false), ("getter", true): return .getter
      case ("setter", true): return .setter
      case ("deleter", true): return .deleter
      case ("overload", _): return .overload
      case ("register", true): return .registration
      default: continue
      }
    }
    return .plain
  }

  func isIncomplete(_ node: SyntaxNode) -> Bool { node.isNamed && node.children.allSatisfy(\.isExtra) }

  /// The first statement of a module, class or function when it is one plain string (Language Reference, 8.7).
  func isDocumentation(_ node: SyntaxNode) -> Bool {
    guard node.childCount == 1, let string = node.child(at: 0), string.kind == "string",
      let prefix = string.child(at: 0)?.bytes.prefix(while: { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }),
      !prefix.contains(where: { "fFbBtT".utf8.contains($0) }),
      let container = node.parent,
      container.children.first(where: { !$0.isExtra }) == node
    else { return false }
    if container.kind == "module" { return true }
    guard container.kind == "block", let owner = container.parent?.kind else { return false }
    return owner == "function_definition" || owner == "class_definition"
  }

  func readsDocumentation(_ source: [UInt8]) -> Bool {
    source.contains(Array("__doc__".utf8))
  }

  /// As `__qualname__` has it (Library Reference, "definition.__qualname__").
  func qualifiedName(of name: String, in parent: Unit) -> String {
    switch parent.kind {
    case .module: name
    case .classBody: "\(parent.qualifiedName).\(name)"
    case .function, .method, .lambda: "\(parent.qualifiedName).<locals>.\(name)"
    }
  }
}

extension Collection<UInt8> {
  fileprivate func contains(_ word: [UInt8]) -> Bool {
    guard let first = word.first else { return true }
    var rest = self[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: word) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
