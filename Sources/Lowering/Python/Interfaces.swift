import Logic
import Syntax

extension Lowerer {
  /// Source text without comments and with single spaces, where an imported name is written as its origin.
  func canonicalText(_ node: SyntaxNode) -> String {
    var result = ""
    var previous: UInt8 = 0
    func add(_ text: String) {
      guard let first = text.utf8.first, let last = text.utf8.last else { return }
      if Self.isWord(previous), Self.isWord(first) || first == 0x22 || first == 0x27 { result += " " }
      if previous == UInt8(ascii: ","), first != UInt8(ascii: ")"), first != UInt8(ascii: "]") { result += " " }
      result += text
      previous = last
    }
    var pending = [node]
    while let current = pending.popLast() {
      if current.isExtra { continue }
      if current.kind == "string" {
        add(current.text)
      } else if current.childCount == 0 {
        add(current.kind == "identifier" ? originText(current) : current.text)
      } else {
        pending.append(contentsOf: current.children.reversed())
      }
    }
    return result
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == 0x5F || byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
  }

  private func originText(_ node: SyntaxNode) -> String {
    let text = node.text
    if node.field == "attribute" || (node.field == "name" && node.parent?.kind == "keyword_argument") { return text }
    guard case .outside(let name) = scope.resolve(PrivateNames.mangle(text, in: scope.privateClass)) else {
      return text
    }
    let reference = context.resolve(name)
    references.insert(reference)
    switch reference {
    case .imported(let origin): return origin
    // The same word as a builtin, and not the builtin.
    case .module(let name) where Builtins.names.contains(name): return "<module>." + name
    case .unresolved(let name) where Builtins.names.contains(name): return "<unresolved>." + name
    default: return text
    }
  }

  // MARK: Interfaces

  func interface(of unit: Unit) -> UnitInterface {
    var result = UnitInterface()
    for decorator in unit.decorators {
      guard let value = decorator.namedChildren.first(where: { !$0.isExtra }) else { continue }
      result.decorators.append(canonicalText(value))
    }
    let node = unit.node
    switch node.kind {
    case "function_definition", "lambda":
      result.isAsync = node.children.contains { $0.kind == "async" }
      result.isGenerator = context.scopeOfNode[node.index].map { context.scopes[$0].containsYield } ?? false
      result.parameters = parameterInterfaces(node)
      result.returnAnnotation = node.child(field: "return_type").map(canonicalText)
      if scope.kind == .classBody { methodKind(node, &result) }
    case "class_definition":
      for part in node.child(field: "superclasses")?.namedChildren ?? [] where !part.isExtra {
        result.bases.append(canonicalText(part))
      }
    default: break
    }
    return result
  }

  /// `__new__`, `__init_subclass__` and `__class_getitem__` are special without a decorator (Data model, 3.3).
  private func methodKind(_ node: SyntaxNode, _ result: inout UnitInterface) {
    let name = node.child(field: "name")?.text
    result.isStaticMethod = result.decorators.contains("staticmethod") || name == "__new__"
    result.isClassMethod =
      result.decorators.contains("classmethod") || name == "__init_subclass__" || name == "__class_getitem__"
  }

  private func parameterInterfaces(_ node: SyntaxNode) -> [UnitInterface.Parameter] {
    var result: [UnitInterface.Parameter] = []
    var kind = Parameter.Kind.positional
    for part in node.child(field: "parameters")?.namedChildren ?? [] where !part.isExtra {
      switch part.kind {
      case "positional_separator":
        for index in result.indices { result[index].kind = .positionalOnly }
        continue
      case "keyword_separator":
        kind = .keywordOnly
        continue
      default: break
      }
      let hasParts = part.kind != "identifier" && !part.kind.hasSuffix("splat_pattern")
      let core = hasParts ? part.namedChildren.first { !$0.isExtra } ?? part : part
      var own = kind
      if core.kind == "list_splat_pattern" { own = .variadic }
      if core.kind == "dictionary_splat_pattern" { own = .variadicKeyword }
      let name = core.kind == "identifier" ? core : core.namedChildren.first { $0.kind == "identifier" } ?? core
      result.append(
        UnitInterface.Parameter(
          name: PrivateNames.mangle(name.text, in: scope.privateClass), kind: own,
          defaultText: part.child(field: "value").map(canonicalText),
          annotation: part.child(field: "type").map(canonicalText)))
      if own == .variadic { kind = .keywordOnly }
    }
    return result
  }
}
