import BigInt
import Logic
import Syntax

extension Lowerer {
  func expression(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    try nested(node) { () throws(LoweringError) in
      if let other = self.replaced.removeValue(forKey: node.index) { return try self.expression(other) }
      if self.typeArguments == node.index { return try self.typeCall(node) }
      return try self.anyExpression(node)
    }
  }

  private func anyExpression(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    switch node.kind {
    case "identifier": return read(try name(node))
    case "integer", "float": return try number(node)
    case "string", "concatenated_string": return try string(node)
    case "true", "false", "none", "ellipsis":
      skip(node)
      return .constant(Self.keyword(node.kind))
    case "attribute": return try attribute(node)
    case "call": return try call(node)
    case "subscript": return try subscripted(node)
    case "binary_operator": return try binary(node)
    case "comparison_operator": return try comparison(node)
    case "boolean_operator": return try boolean(node)
    case "not_operator", "unary_operator": return try unary(node)
    case "conditional_expression": return try conditional(node)
    case "parenthesized_expression": return try parenthesized(node)
    case "list", "tuple", "set", "expression_list", "pattern_list", "tuple_pattern", "list_pattern":
      return try display(node)
    case "dictionary": return try dictionary(node)
    case "list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression":
      return try comprehension(node)
    case "lambda": return try lambda(node)
    case "named_expression": return try walrus(node)
    case "await": return try awaiting(node)
    case "yield": return try yield(node)
    case "list_splat", "list_splat_pattern": return try splat(node)
    case "type": return try annotationValue(node)
    default: throw unknown(node)
    }
  }

  private static func keyword(_ kind: String) -> Constant {
    switch kind {
    case "true": .bool(true)
    case "false": .bool(false)
    case "none": .none
    default: .ellipsis
    }
  }

  func only(_ node: SyntaxNode, _ tokens: String...) throws(LoweringError) -> SyntaxNode {
    take(node)
    var result: SyntaxNode?
    for child in node.children {
      if child.isError || child.isMissing { throw LoweringError(Messages.unreadable, line: child.startLine) }
      if child.isExtra || tokens.contains(child.kind) {
        skip(child)
      } else if child.isNamed, result == nil {
        result = child
      } else {
        throw LoweringError(Messages.unknownToken(child.text, in: node.kind), line: child.startLine)
      }
    }
    guard let result else { throw unknown(node) }
    return result
  }

  private func parenthesized(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    try expression(try only(node, "(", ")"))
  }

  // MARK: Attributes and items

  /// Attributes by which an object shows its own text or signature.
  private static let mirrors: Set<String> = [
    "__doc__", "__annotations__", "__code__", "__closure__", "__defaults__", "__kwdefaults__",
    "_getframe", "f_locals", "f_globals", "f_code", "tb_frame", "gi_frame",
  ]

  func attribute(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let (object, name) = try attributeParts(node)
    return .attribute(object, name)
  }

  func attributeParts(_ node: SyntaxNode) throws(LoweringError) -> (Expression, String) {
    let parts = try parts(node, ".")
    guard let object = parts[field: "object"], let attribute = parts[field: "attribute"] else { throw unknown(node) }
    let before = looksAtItself
    let value = try expression(object)
    let name = try name(attribute)
    if value == .global(.imported("inspect")), Builtins.plainInspections.contains(name) { looksAtItself = before }
    if value == .global(.imported("builtins")), Builtins.mirrors.contains(name) { looksAtItself = true }
    if name == "__doc__", case .local = value {
      readsDocumentation = true
    } else if name == "__qualname__" {
      readsQualifiedName = true
    } else if Self.mirrors.contains(name) {
      looksAtItself = true
    }
    return (value, name)
  }

  private func subscripted(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let (object, index) = try subscriptParts(node)
    return .item(object, index)
  }

  func subscriptParts(_ node: SyntaxNode) throws(LoweringError) -> (Expression, Expression) {
    let parts = try parts(node, "[", "]", ",")
    guard let object = parts.first, object.isNamed else { throw unknown(node) }
    let value = try expression(object)
    let indices = parts.dropFirst().filter(\.isNamed)
    if indices.count == 1, let index = indices.first, !parts.has(","), leadingSplat(of: index) == nil {
      return (value, try indexPart(index))
    }
    var elements: [Element] = []
    for index in indices {
      elements.append(index.kind == "slice" ? .single(try slice(index)) : try element(index))
    }
    return (value, .tuple(elements))
  }

  private func indexPart(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    node.kind == "slice" ? try slice(node) : try expression(node)
  }

  private func slice(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    var bounds: [Expression?] = [nil, nil, nil]
    var position = 0
    for part in try parts(node, ":") {
      if part.isNamed {
        guard bounds[position] == nil else { throw unknown(node) }
        bounds[position] = try expression(part)
      } else {
        position += 1
        guard position < 3 else { throw unknown(node) }
      }
    }
    return .slice(bounds[0], bounds[1], bounds[2])
  }

  // MARK: Displays

  /// `[a, *b]`, `(a,)`, `{a}`, `a, b`; parentheses around a single pattern are only parentheses.
  private func display(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let parts = try parts(node, "[", "]", "(", ")", "{", "}", ",")
    var elements: [Element] = []
    for part in parts.named { elements.append(try element(part)) }
    switch node.kind {
    case "list", "list_pattern": return .list(elements)
    case "set": return .set(elements)
    default:
      if node.kind == "tuple_pattern" || node.kind == "tuple", elements.count == 1, !parts.has(",") {
        guard case .single(let value) = elements[0] else { throw LoweringError(Messages.splat, line: node.startLine) }
        return value
      }
      return .tuple(elements)
    }
  }

  func element(_ node: SyntaxNode) throws(LoweringError) -> Element {
    guard let splat = leadingSplat(of: node) else { return .single(try expression(node)) }
    hoistedSplats.insert(splat.index)
    return .spread(try expression(node))
  }

  /// The grammar lets `*` bind tighter than a call: `*f(x)` comes as a call of `*f`. The splat at the very start of an
  /// element covers all of it.
  func leadingSplat(of node: SyntaxNode) -> SyntaxNode? {
    var current = node
    while true {
      switch current.kind {
      case "list_splat", "list_splat_pattern": return current
      case "call", "attribute", "subscript", "binary_operator", "comparison_operator", "boolean_operator",
        "conditional_expression":
        guard let first = current.children.first(where: { $0.isNamed && !$0.isExtra }) else { return nil }
        current = first
      default: return nil
      }
    }
  }

  private func splat(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    guard hoistedSplats.remove(node.index) != nil else {
      throw LoweringError(Messages.splat, line: node.startLine)
    }
    return try expression(try only(node, "*"))
  }

  private func dictionary(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    var items: [DictionaryItem] = []
    for part in try parts(node, "{", "}", ",").named {
      switch part.kind {
      case "pair":
        let (key, value) = try pair(part)
        items.append(.pair(key, value))
      case "dictionary_splat": items.append(.spread(try expression(try only(part, "**"))))
      default: throw unknown(part)
      }
    }
    return .dictionary(items)
  }

  func pair(_ node: SyntaxNode) throws(LoweringError) -> (Expression, Expression) {
    let parts = try parts(node, ":").named
    guard parts.count == 2 else { throw unknown(node) }
    let key = try expression(parts[0])
    return (key, try expression(parts[1]))
  }

  // MARK: Names bound in expressions, and control passed out

  private func walrus(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let parts = try parts(node, ":=").named
    guard parts.count == 2 else { throw unknown(node) }
    return .named(try walrusTarget(parts[0]), try expression(parts[1]))
  }

  func walrusTarget(_ node: SyntaxNode) throws(LoweringError) -> Target {
    guard node.kind == "identifier" else { throw unknown(node) }
    let name = try name(node)
    var around = scope
    while around.kind == .comprehension, let parent = around.parent { around = parent }
    if around.kind == .classBody, around !== scope {
      throw LoweringError(Messages.walrusInClassComprehension, line: node.startLine)
    }
    return store(name)
  }

  /// The grammar takes `await x ** 2` as `await (x ** 2)`; the language as `(await x) ** 2` (Language Reference, 6.17).
  private func awaiting(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let operand = try only(node, "await")
    guard operand.kind == "binary_operator" else { return .await(try expression(operand)) }
    let parts = try parts(operand, "**")
    guard parts.count == 3 else { throw unknown(operand) }
    let awaited = Expression.await(try expression(parts[0]))
    return .binary(.power, awaited, try expression(parts[2]))
  }

  private func yield(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let parts = try parts(node, "yield", "from")
    let values = parts.named
    if parts.has("from") {
      guard values.count == 1 else { throw unknown(node) }
      return .yieldFrom(try expression(values[0]))
    }
    guard values.count <= 1 else { throw unknown(node) }
    return .yield(values.isEmpty ? nil : try expression(values[0]))
  }
}
