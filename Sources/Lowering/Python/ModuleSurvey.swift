import Syntax

/// One pass over a file for what its classes and module code do to names: properties, descriptors, attribute hooks,
/// literal constants, writes to the namespace that no binding shows.
struct ModuleSurvey {
  private(set) var managedAttributes: Set<String> = []
  private(set) var hooksAttributes = false
  private(set) var writesNamespace = false
  private(set) var postponesAnnotations = false
  private(set) var readsModuleText = false
  private(set) var constants: [String: SyntaxNode] = [:]

  private let bindings: ModuleBindings
  private var descriptorClasses: Set<String> = []
  private var classAssignments: [(name: String, callee: String)] = []

  init(root: SyntaxNode, bindings: ModuleBindings) {
    self.bindings = bindings
    var pending = [root]
    while let node = pending.popLast() {
      visit(node)
      for child in node.children where child.isNamed && child.childCount > 0 { pending.append(child) }
      for child in node.children where child.kind == "identifier" && child.text == "__doc__" {
        if child.field != "attribute" { readsModuleText = true }
      }
    }
    for item in classAssignments where isDescriptor(item.callee) { managedAttributes.insert(item.name) }
  }

  private mutating func visit(_ node: SyntaxNode) {
    switch node.kind {
    case "class_definition": classBody(node)
    case "call": call(node)
    case "subscript": moduleTable(node)
    case "exec_statement": writesNamespace = true
    case "future_import_statement":
      if node.children(field: "name").contains(where: { $0.text == "annotations" }) { postponesAnnotations = true }
    case "assignment": constant(node)
    default: break
    }
  }

  // MARK: Classes

  private static let plainDecorators: Set<String> = [
    "staticmethod", "classmethod", "abstractmethod", "abc.abstractmethod", "override", "typing.override", "final",
    "typing.final", "overload", "typing.overload",
  ]

  private mutating func classBody(_ node: SyntaxNode) {
    guard let body = node.child(field: "body") else { return }
    let className = node.child(field: "name")?.text ?? ""
    for statement in body.namedChildren {
      let definition = Definitions.core(of: statement)
      if definition.kind == "function_definition", let name = definition.child(field: "name")?.text {
        let decorators = Definitions.decorators(of: definition).compactMap(\.namedChildren.first)
        if decorators.contains(where: { !Self.plainDecorators.contains($0.text) }) { managedAttributes.insert(name) }
        switch name {
        case "__getattr__", "__getattribute__", "__setattr__", "__delattr__": hooksAttributes = true
        case "__get__", "__set__", "__delete__": descriptorClasses.insert(className)
        default: break
        }
      }
      guard statement.kind == "expression_statement", let assignment = statement.namedChildren.first,
        assignment.kind == "assignment", let left = assignment.child(field: "left"), left.kind == "identifier",
        let right = assignment.child(field: "right"), right.kind == "call",
        let callee = right.child(field: "function")
      else { continue }
      classAssignments.append((left.text, callee.text))
    }
  }

  private func isDescriptor(_ callee: String) -> Bool {
    callee == "property" || descriptorClasses.contains(callee) || callee.lowercased().hasSuffix("property")
      || callee.lowercased().hasSuffix("descriptor")
  }

  // MARK: The namespace

  private static let readers: Set<String> = ["get", "keys", "values", "items", "copy", "__getitem__", "__contains__"]

  private mutating func call(_ node: SyntaxNode) {
    guard let callee = node.child(field: "function"), callee.kind == "identifier" else { return }
    let arguments = node.child(field: "arguments")?.namedChildren.count ?? 0
    switch callee.text {
    case "exec":
      writesNamespace = true
    case "globals" where arguments == 0: writesNamespace = writesNamespace || !isRead(node)
    case "vars" where arguments == 0, "locals" where arguments == 0:
      if isModuleLevel(node) { writesNamespace = writesNamespace || !isRead(node) }
    default: break
    }
  }

  /// A namespace dictionary that is only looked into.
  private func isRead(_ node: SyntaxNode) -> Bool {
    guard let parent = node.parent else { return false }
    switch parent.kind {
    case "subscript":
      guard node.field == "value", let outer = parent.parent else { return false }
      let stores =
        ["assignment", "augmented_assignment", "for_statement"].contains(outer.kind) && parent.field == "left"
      return !stores && !["delete_statement", "pattern_list", "tuple_pattern", "list_pattern"].contains(outer.kind)
    case "attribute":
      return Self.readers.contains(parent.child(field: "attribute")?.text ?? "")
    case "comparison_operator": return true
    case "argument_list":
      guard let call = parent.parent, let callee = call.child(field: "function")?.text else { return false }
      return ["sorted", "list", "set", "dict", "tuple", "len", "eval"].contains(callee)
    case "binary_operator": return parent.child(field: "operator")?.text == "%"
    default: return false
    }
  }

  private func isModuleLevel(_ node: SyntaxNode) -> Bool {
    var ancestor = node.parent
    while let current = ancestor {
      if ["function_definition", "lambda", "class_definition"].contains(current.kind) { return false }
      ancestor = current.parent
    }
    return true
  }

  /// `sys.modules[__name__]` is the module as an object, and anything may be stored in it.
  private mutating func moduleTable(_ node: SyntaxNode) {
    guard let table = node.child(field: "value"), table.kind == "attribute" || table.kind == "identifier",
      let key = node.child(field: "subscript"), key.kind == "identifier", key.text == "__name__",
      table.text == "sys.modules" || table.text == "modules"
    else { return }
    writesNamespace = true
  }

  // MARK: Constants

  private mutating func constant(_ node: SyntaxNode) {
    guard let statement = node.parent, statement.kind == "expression_statement", statement.parent?.index == 0,
      let left = node.child(field: "left"), left.kind == "identifier", let right = node.child(field: "right"),
      Self.isLiteral(right), bindings.bindings[left.text]?.count == 1
    else { return }
    constants[left.text] = right
  }

  private static func isLiteral(_ node: SyntaxNode) -> Bool {
    guard node.subtree.count < 200 else { return false }
    switch node.kind {
    case "integer", "float", "true", "false", "none": return true
    case "string": return !node.namedChildren.contains { $0.kind == "interpolation" }
    case "concatenated_string": return node.namedChildren.allSatisfy(isLiteral)
    case "unary_operator": return node.child(field: "argument").map(isLiteral) ?? false
    case "tuple", "parenthesized_expression":
      return node.namedChildren.allSatisfy { $0.isExtra || ($0.kind != "tuple" && isLiteral($0)) }
    default: return false
    }
  }
}
