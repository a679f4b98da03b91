import Syntax

extension ModuleContext {
  static func surelyBound(by root: SyntaxNode, _ bindings: ModuleBindings) -> Set<String> {
    var names: Set<String> = []
    for statement in root.namedChildren {
      switch statement.kind {
      case "function_definition", "class_definition", "decorated_definition":
        if let name = Definitions.core(of: statement).child(field: "name") { names.insert(name.text) }
      case "import_statement", "import_from_statement", "future_import_statement":
        for name in statement.children(field: "name") {
          let bound = name.child(field: "alias") ?? name.namedChildren.first ?? name
          names.insert(bound.text)
        }
      case "expression_statement":
        if let assignment = statement.namedChildren.first, assignment.kind == "assignment",
          let left = assignment.child(field: "left"), assignment.child(field: "right") != nil
        {
          let targets = ["pattern_list", "tuple_pattern"].contains(left.kind) ? left.namedChildren : [left]
          for target in targets where target.kind == "identifier" { names.insert(target.text) }
        }
      default: break
      }
    }
    return names.subtracting(deletedNames(in: root)).filter { name in
      bindings.bindings[name]?.contains { $0.position < 0 } == false
    }
  }

  private static func deletedNames(in root: SyntaxNode) -> Set<String> {
    var names: Set<String> = []
    for node in root.descendants {
      // The name of a handler is unbound where the handler ends (Language Reference, 8.4.1).
      let unbinds =
        node.kind == "delete_statement"
        || node.kind == "as_pattern_target" && node.parent?.parent?.kind == "except_clause"
      guard unbinds else { continue }
      for identifier in [node] + Array(node.descendants) where identifier.kind == "identifier" {
        names.insert(identifier.text)
      }
      if node.childCount == 0 { names.insert(node.text) }
    }
    return names
  }
}
