import BigInt
import Logic
import Syntax

extension Lowerer {
  // MARK: Annotations as values

  /// An annotation where it is evaluated, in a module or a class body.
  func annotationValue(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    switch node.kind {
    case "type": return try nested(node) { () throws(LoweringError) in try self.annotationValue(try self.only(node)) }
    case "generic_type":
      let parts = try parts(node).named
      guard parts.count == 2, parts[1].kind == "type_parameter" else { throw unknown(node) }
      let head = try expression(parts[0])
      let list = try self.parts(parts[1], "[", "]", ",")
      var values: [Expression] = []
      for part in list.named { values.append(try annotationValue(part)) }
      if values.count == 1, !list.has(",") { return .item(head, values[0]) }
      return .item(head, .tuple(values.map { .single($0) }))
    case "union_type":
      let parts = try parts(node, "|").named
      guard parts.count == 2 else { throw unknown(node) }
      let left = try annotationValue(parts[0])
      return .binary(.bitOr, left, try annotationValue(parts[1]))
    case "member_type":
      let parts = try parts(node, ".").named
      guard parts.count == 2 else { throw unknown(node) }
      let object = try annotationValue(parts[0])
      return .attribute(object, try name(parts[1]))
    default: return try expression(node)
    }
  }

  // MARK: Annotations as hints

  /// What an annotation says. A name counts as a type only where it leads to the builtin or to `typing`.
  func hint(_ node: SyntaxNode, depth: Int = 0) -> TypeHint {
    guard depth < 20 else { return .any }
    let named = node.namedChildren.filter { !$0.isExtra }
    func inner(_ node: SyntaxNode) -> TypeHint { hint(node, depth: depth + 1) }
    switch node.kind {
    case "type", "parenthesized_expression": return named.first.map(inner) ?? .any
    case "none": return .none
    case "union_type": return Self.union(named.map(inner))
    case "binary_operator" where node.child(field: "operator")?.kind == "|": return Self.union(named.map(inner))
    case "identifier", "attribute": return plainHint(origin(of: node), node)
    case "string":
      let text = node.namedChildren.first { $0.kind == "string_content" }?.text ?? ""
      return quotedHint(text)
    case "generic_type":
      guard named.count == 2 else { return .any }
      return genericHint(origin(of: named[0]), named[1].namedChildren.filter { !$0.isExtra }, depth) ?? other(node)
    case "subscript":
      guard let value = node.child(field: "value") else { return .any }
      return genericHint(origin(of: value), node.children(field: "subscript"), depth) ?? other(node)
    default: return other(node)
    }
  }

  private func other(_ node: SyntaxNode) -> TypeHint { .named(canonicalText(node)) }

  static func union(_ members: [TypeHint]) -> TypeHint {
    var flat: [TypeHint] = []
    for member in members {
      let parts: [TypeHint] = if case .union(let inner) = member { inner } else { [member] }
      for part in parts where !flat.contains(part) { flat.append(part) }
    }
    return flat.count == 1 ? flat[0] : flat.contains(.any) ? .any : .union(flat)
  }

  /// The builtin's name, or the dotted origin of what is imported; nil for anything else.
  private func origin(of node: SyntaxNode) -> String? {
    switch node.kind {
    case "identifier":
      guard case .outside(let name) = scope.resolve(PrivateNames.mangle(node.text, in: scope.privateClass)) else {
        return nil
      }
      switch context.resolve(name) {
      case .builtin(let name): return name
      case .imported(let origin): return origin
      default: return nil
      }
    case "attribute":
      var names: [String] = []
      var current = node
      while current.kind == "attribute", let object = current.child(field: "object"),
        let attribute = current.child(field: "attribute")
      {
        names.append(attribute.text)
        current = object
      }
      guard current.kind == "identifier", let base = origin(of: current) else { return nil }
      return ([base] + names.reversed()).joined(separator: ".")
    default: return nil
    }
  }

  /// `List`, `typing.List` and `list` are one; so are the abstract classes of `collections.abc`.
  private static func typeName(_ origin: String) -> String? {
    for prefix in ["typing.", "typing_extensions.", "collections.abc."] where origin.hasPrefix(prefix) {
      let name = String(origin.dropFirst(prefix.count))
      return name.contains(".") ? nil : name
    }
    return origin.contains(".") ? nil : origin
  }

  private func plainHint(_ origin: String?, _ node: SyntaxNode) -> TypeHint {
    guard let origin, let name = Self.typeName(origin) else { return other(node) }
    switch name {
    case "int": return .int
    case "float": return .float
    case "bool": return .bool
    case "str", "Text", "LiteralString": return .string
    case "bytes": return .bytes
    case "list", "List": return .list(.any)
    case "set": return .set(.any)
    case "Set": return origin == "collections.abc.Set" ? other(node) : .set(.any)
    case "frozenset", "FrozenSet": return .frozenSet(.any)
    case "dict", "Dict": return .dictionary(.any, .any)
    case "tuple", "Tuple": return .variadicTuple(.any)
    case "Iterable", "Iterator", "Sequence", "Collection", "MutableSequence": return .iterable(.any)
    case "Callable": return .callable
    case "Any", "object": return .any
    default: return other(node)
    }
  }

  /// Nil where one is something else than a plain text or a number as it is mostly written.
  private func literalHint(_ arguments: [SyntaxNode]) -> TypeHint? {
    var constants: [Constant] = []
    for argument in arguments {
      switch argument.kind {
      case "integer":
        guard let value = Int(argument.text) else { return nil }
        constants.append(.int(BigInt(value)))
      case "true": constants.append(.bool(true))
      case "false": constants.append(.bool(false))
      case "none": constants.append(.none)
      case "string":
        let quoted = argument.text
        guard quoted.count >= 2, let quote = quoted.first, quote == "\"" || quote == "'", quoted.last == quote,
          !quoted.contains("\\"), !quoted.dropFirst().dropLast().contains(quote)
        else { return nil }
        constants.append(.string(CodePoints(String(quoted.dropFirst().dropLast()))))
      default: return nil
      }
    }
    return .literal(constants)
  }

  private func quotedHint(_ text: String) -> TypeHint {
    guard context.resolve(text) == .builtin(text) else { return .named(text) }
    switch text {
    case "int": return .int
    case "float": return .float
    case "bool": return .bool
    case "str": return .string
    case "bytes": return .bytes
    default: return .named(text)
    }
  }

  private func genericHint(_ origin: String?, _ arguments: [SyntaxNode], _ depth: Int) -> TypeHint? {
    guard let origin, let name = Self.typeName(origin), let first = arguments.first else { return nil }
    func inner(_ position: Int) -> TypeHint {
      position < arguments.count ? hint(arguments[position], depth: depth + 1) : .any
    }
    switch name {
    case "Optional": return Self.union([inner(0), .none])
    case "Union": return Self.union(arguments.indices.map(inner))
    case "list", "List": return .list(inner(0))
    case "set", "Set": return origin == "collections.abc.Set" ? nil : .set(inner(0))
    case "frozenset", "FrozenSet": return .frozenSet(inner(0))
    case "dict", "Dict": return .dictionary(inner(0), inner(1))
    case "tuple", "Tuple":
      if arguments.count == 2, arguments[1].text == "..." { return .variadicTuple(inner(0)) }
      return first.text == "()" ? .tuple([]) : .tuple(arguments.indices.map(inner))
    case "Iterable", "Iterator", "Sequence", "Collection", "MutableSequence": return .iterable(inner(0))
    case "Callable": return .callable
    case "Final", "Annotated", "ClassVar": return inner(0)
    case "Literal": return literalHint(arguments)
    default: return nil
    }
  }
}
