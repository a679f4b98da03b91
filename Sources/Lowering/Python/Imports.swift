import Syntax

/// One name that an import statement binds.
struct ImportedName {
  /// The name that is bound, as written.
  var bound: String
  /// The dotted path that the bound object has: `os.path` for `import os.path as p`, `os` for `import os.path`.
  var origin: String
  /// The module that is imported, and the name that is taken from it, if one is.
  var module: String
  var name: String?
  /// `import a.b as c` binds `a.b` itself.
  var isLeaf: Bool
  var node: SyntaxNode
}

enum Imports {
  /// Every name that the statement binds, in order. A star import binds none that could be listed.
  static func items(of statement: SyntaxNode, package: [String]?) -> [ImportedName] {
    let module: String? =
      switch statement.kind {
      case "import_from_statement": statement.child(field: "module_name").map { path(of: $0, package: package) }
      case "future_import_statement": "__future__"
      default: nil
      }
    return statement.children(field: "name").compactMap { item in
      let target = item.kind == "aliased_import" ? item.child(field: "name") : item
      guard let parts = target?.namedChildren.filter({ $0.kind == "identifier" }).map(\.text), let first = parts.first
      else { return nil }
      let alias = item.kind == "aliased_import" ? item.child(field: "alias")?.text : nil
      let path = parts.joined(separator: ".")
      guard let module else {
        return ImportedName(
          bound: alias ?? first, origin: alias == nil ? first : path, module: path, name: nil, isLeaf: alias != nil,
          node: item)
      }
      let origin = module.hasSuffix(".") ? module + path : module + "." + path
      return ImportedName(bound: alias ?? path, origin: origin, module: module, name: path, isLeaf: false, node: item)
    }
  }

  /// A module's dotted path; a relative one is made absolute when the package is known (PEP 328).
  static func path(of node: SyntaxNode, package: [String]?) -> String {
    guard node.kind == "relative_import" else { return dotted(node) }
    let level = node.namedChildren.first { $0.kind == "import_prefix" }?.bytes.count { $0 == UInt8(ascii: ".") } ?? 0
    let rest = node.namedChildren.first { $0.kind == "dotted_name" }.map(dotted) ?? ""
    guard let package, level >= 1, level <= package.count else { return String(repeating: ".", count: level) + rest }
    let base = package.dropLast(level - 1).joined(separator: ".")
    return rest.isEmpty ? base : base + "." + rest
  }

  private static func dotted(_ node: SyntaxNode) -> String {
    node.namedChildren.filter { $0.kind == "identifier" }.map(\.text).joined(separator: ".")
  }
}
