import Syntax

extension ModuleContext {
  /// Names that have a value once the module has run: bound by a statement at its top level that is not conditional,
  /// never deleted, and stored by no function. Reading one inside a function cannot raise a NameError, and it is the
  /// same value each time unless someone outside the file stores another.
  package var surelyBoundNames: Set<String> {
    var names: Set<String> = []
    for statement in tree.root.namedChildren {
      switch statement.kind {
      case "function_definition", "class_definition", "decorated_definition":
        if let name = Definitions.core(of: statement).child(field: "name") { names.insert(name.text) }
      case "import_statement", "import_from_statement":
        for name in statement.children(field: "name") {
          let bound = name.child(field: "alias") ?? name.namedChildren.first ?? name
          names.insert(bound.text)
        }
      case "expression_statement":
        if let assignment = statement.namedChildren.first, assignment.kind == "assignment",
          let left = assignment.child(field: "left"), left.kind == "identifier",
          assignment.child(field: "right") != nil
        {
          names.insert(left.text)
        }
      default: break
      }
    }
    return names.intersection(boundNames).subtracting(deletedNames).filter { name in
      bindings.bindings[name]?.contains { $0.position < 0 } == false
    }
  }

  private var deletedNames: Set<String> {
    var names: Set<String> = []
    for node in tree.root.descendants where node.kind == "delete_statement" {
      for identifier in node.descendants where identifier.kind == "identifier" { names.insert(identifier.text) }
    }
    return names
  }
}
