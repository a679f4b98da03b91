import Logic
import Syntax

extension Lowerer {
  /// The statements of a `block` or of a module.
  func block(_ node: SyntaxNode) throws(LoweringError) -> [Statement] {
    try nested(node) { () throws(LoweringError) in
      var result: [Statement] = []
      for child in try self.parts(node, ";") where child.isNamed {
        try self.statement(child, into: &result)
      }
      return result
    }
  }

  private func statement(_ node: SyntaxNode, into result: inout [Statement]) throws(LoweringError) {
    let line = node.startLine
    func add(_ kind: Statement.Kind) { result.append(Statement(kind, line: line)) }
    switch node.kind {
    case "expression_statement": try expressionStatement(node, into: &result)
    case "return_statement":
      let value = try parts(node, "return").named
      guard value.count <= 1 else { throw unknown(node) }
      add(.returnValue(value.isEmpty ? nil : try expression(value[0])))
    case "pass_statement": skip(node)
    case "break_statement":
      skip(node)
      add(.breakLoop)
    case "continue_statement":
      skip(node)
      add(.continueLoop)
    case "global_statement", "nonlocal_statement":
      for part in try parts(node, "global", "nonlocal", ",").named { _ = try name(part) }
    case "delete_statement": try delete(node, into: &result)
    case "raise_statement": add(try raise(node))
    case "assert_statement":
      let values = try parts(node, "assert", ",").named
      guard values.count == 1 || values.count == 2 else { throw unknown(node) }
      let test = try expression(values[0])
      add(.assert(test, message: values.count == 2 ? try expression(values[1]) : nil))
    case "import_statement", "import_from_statement", "future_import_statement": try imports(node, into: &result)
    case "if_statement": try branch(node, into: &result)
    case "while_statement", "for_statement": try loop(node, into: &result)
    case "try_statement": add(try tryStatement(node))
    case "with_statement": result += try with(node)
    case "match_statement": add(try match(node))
    case "function_definition": result.append(try functionDefinition(node, decorators: []))
    case "class_definition": result.append(try classDefinition(node, decorators: []))
    case "decorated_definition": result.append(try decorated(node))
    case "type_alias_statement": result.append(try typeAttribute(node))
    case "print_statement", "exec_statement": throw LoweringError(Messages.printStatement, line: line)
    default: throw unknown(node)
    }
  }

  private func decorated(_ node: SyntaxNode) throws(LoweringError) -> Statement {
    let parts = try parts(node).named
    guard let definition = parts.last else { throw unknown(node) }
    let decorators = Array(parts.dropLast())
    switch definition.kind {
    case "function_definition": return try functionDefinition(definition, decorators: decorators)
    case "class_definition": return try classDefinition(definition, decorators: decorators)
    default: throw unknown(definition)
    }
  }

  // MARK: Simple statements

  private func expressionStatement(_ node: SyntaxNode, into result: inout [Statement]) throws(LoweringError) {
    let parts = try parts(node, ",")
    let values = parts.named
    let line = node.startLine
    guard values.count == 1, !parts.has(","), let only = values.first else {
      var elements: [Element] = []
      for value in values { elements.append(try element(value)) }
      result.append(Statement(.expression(.tuple(elements)), line: line))
      return
    }
    switch only.kind {
    case "assignment": try assignment(only, into: &result)
    case "augmented_assignment": result.append(try augmented(only))
    default:
      if isDocumentation(node, only) { return skip(only) }
      let value = try expression(only)
      if case .constant = value {
        try documentation(value, node, into: &result)
      } else {
        result.append(Statement(.expression(value), line: line))
      }
    }
  }

  /// A docstring that nothing in the file reads: nothing in it matters, not even escapes that are not understood.
  private func isDocumentation(_ statement: SyntaxNode, _ value: SyntaxNode) -> Bool {
    guard value.kind == "string", !context.readsModuleText, let container = statement.parent,
      !value.children.contains(where: { $0.kind == "interpolation" || $0.isError || $0.isMissing })
    else { return false }
    return container.children.first { !$0.isExtra } == statement
  }

  /// A constant by itself does nothing, but the first string of a module or class is its `__doc__`, which means
  /// something where the file reads it.
  private func documentation(_ value: Expression, _ node: SyntaxNode, into result: inout [Statement])
    throws(LoweringError)
  {
    guard case .constant(.string) = value, context.readsModuleText, !scope.isFunctionCode, let container = node.parent,
      container.children.first(where: { !$0.isExtra }) == node,
      container.kind == "module" || container.parent?.kind == "class_definition"
    else { return }
    let target: Target = scope.kind == .classBody ? .namespace("__doc__") : .global("__doc__")
    result.append(Statement(.assign([target], value), line: node.startLine))
  }

  private func assignment(_ node: SyntaxNode, into result: inout [Statement]) throws(LoweringError) {
    var targets: [SyntaxNode] = []
    var current = node
    var annotation: SyntaxNode?
    while true {
      let parts = try parts(current, "=", ":")
      guard let left = parts[field: "left"] else { throw unknown(current) }
      targets.append(left)
      if let type = parts[field: "type"] {
        guard current == node else { throw unknown(current) }
        annotation = type
      }
      guard let right = parts[field: "right"] else {
        guard let annotation, targets.count == 1 else { throw unknown(current) }
        return try bareAnnotation(left, annotation, into: &result)
      }
      guard right.kind == "assignment" else {
        let value = try expression(right)
        var stores: [Target] = []
        for target in targets { stores.append(try self.target(target)) }
        result.append(Statement(.assign(stores, value), line: node.startLine))
        break
      }
      current = right
    }
    if let annotation { try recordAnnotation(targets[0], annotation, into: &result) }
  }

  /// `x: int` without a value: nothing is stored, but parts of a target that is no name are evaluated
  /// (Language Reference, 7.2.2).
  private func bareAnnotation(_ left: SyntaxNode, _ annotation: SyntaxNode, into result: inout [Statement])
    throws(LoweringError)
  {
    switch try target(left) {
    case .attribute(let object, _): result.append(Statement(.expression(object), line: left.startLine))
    case .item(let object, let index):
      result.append(Statement(.expression(object), line: left.startLine))
      result.append(Statement(.expression(index), line: left.startLine))
    default: break
    }
    try recordAnnotation(left, annotation, into: &result)
  }

  /// Annotations are evaluated in modules and classes, and kept for plain names; in functions they are nothing.
  private func recordAnnotation(_ left: SyntaxNode, _ annotation: SyntaxNode, into result: inout [Statement])
    throws(LoweringError)
  {
    guard !scope.isFunctionCode else { return skip(annotation) }
    let line = annotation.startLine
    let value: Expression
    if context.postponesAnnotations {
      value = .constant(.string(CodePoints(canonicalText(annotation))))
      skip(annotation)
    } else {
      value = try expression(annotation)
    }
    guard left.kind == "identifier" else {
      if !context.postponesAnnotations { result.append(Statement(.expression(value), line: line)) }
      return
    }
    let table: Expression =
      scope.kind == .classBody ? .namespace("__annotations__") : .global(.module("__annotations__"))
    let key = Expression.constant(.string(CodePoints(try name(left))))
    result.append(Statement(.assign([.item(table, key)], value), line: line))
  }

  private func augmented(_ node: SyntaxNode) throws(LoweringError) -> Statement {
    let parts = try parts(
      node, "+=", "-=", "*=", "/=", "@=", "//=", "%=", "**=", ">>=", "<<=", "&=", "^=", "|=")
    guard let left = parts[field: "left"], let right = parts[field: "right"],
      let token = parts.first(where: { !$0.isNamed }),
      let symbol = BinaryOperator(rawValue: String(token.kind.dropLast()))
    else { throw unknown(node) }
    let place = try target(left)
    if case .unpack = place { throw LoweringError(Messages.notTarget, line: left.startLine) }
    return Statement(.augment(place, symbol, try expression(right)), line: node.startLine)
  }

  private func delete(_ node: SyntaxNode, into result: inout [Statement]) throws(LoweringError) {
    let values = try parts(node, "del").named
    guard values.count == 1 else { throw unknown(node) }
    func add(_ target: Target) {
      if case .unpack(let parts, _) = target {
        for part in parts { add(part) }
      } else {
        result.append(Statement(.delete(target), line: node.startLine))
      }
    }
    add(try target(values[0]))
  }

  private func raise(_ node: SyntaxNode) throws(LoweringError) -> Statement.Kind {
    let values = try parts(node, "raise", "from").named
    let cause = values[field: "cause"]
    let raised = values.filter { $0 != cause }
    guard raised.count <= 1, cause == nil || raised.count == 1 else { throw unknown(node) }
    let exception = try raised.first.map { (value) throws(LoweringError) in try self.expression(value) }
    return .raise(exception, cause: try cause.map { (value) throws(LoweringError) in try self.expression(value) })
  }

  private func imports(_ node: SyntaxNode, into result: inout [Statement]) throws(LoweringError) {
    let parts = try parts(node, "import", "from", "__future__", ",", "(", ")")
    let line = node.startLine
    for part in parts.named { skip(part) }
    if parts.contains(where: { $0.kind == "wildcard_import" }) {
      guard let module = parts[field: "module_name"] else { throw unknown(node) }
      let path = Imports.path(of: module, package: context.package)
      references.insert(.imported(path + ".*"))
      result.append(Statement(.expression(.importName(module: path, name: "*")), line: line))
      return
    }
    for item in Imports.items(of: node, package: context.package) {
      guard Identifiers.isNormal(item.bound) else { throw LoweringError(Messages.identifier(item.bound), line: line) }
      let target = store(PrivateNames.mangle(item.bound, in: scope.privateClass))
      references.insert(.imported(item.origin))
      if scope.isFunctionCode, Builtins.looksAtFrames(item.origin) { looksAtItself = true }
      let value: Expression =
        item.name.map { .importName(module: item.module, name: $0) } ?? .importModule(item.module, leaf: item.isLeaf)
      result.append(Statement(.assign([target], value), line: item.node.startLine))
    }
  }

  // MARK: Targets

  func target(_ node: SyntaxNode) throws(LoweringError) -> Target {
    switch node.kind {
    case "identifier": return store(try name(node))
    case "attribute":
      let (object, name) = try attributeParts(node)
      return .attribute(object, name)
    case "subscript":
      let (object, index) = try subscriptParts(node)
      return .item(object, index)
    case "parenthesized_expression": return try target(try only(node, "(", ")"))
    case "as_pattern_target": return try target(try only(node))
    case "tuple", "list", "tuple_pattern", "list_pattern", "pattern_list", "expression_list":
      return try nested(node) { () throws(LoweringError) in try self.unpacking(node) }
    default: throw LoweringError(Messages.notTarget, line: node.startLine)
    }
  }

  private func unpacking(_ node: SyntaxNode) throws(LoweringError) -> Target {
    let parts = try parts(node, "(", ")", "[", "]", ",")
    var targets: [Target] = []
    var starred: Int?
    for (position, part) in parts.named.enumerated() {
      guard let splat = leadingSplat(of: part) else {
        targets.append(try target(part))
        continue
      }
      guard starred == nil else { throw LoweringError(Messages.twoStars, line: part.startLine) }
      starred = position
      if splat == part {
        targets.append(try target(try only(part, "*")))
      } else {
        // `*a.b` and `*a[i]` come as an attribute or item of `*a`.
        hoistedSplats.insert(splat.index)
        targets.append(try target(part))
      }
    }
    let isParenthesis = node.kind == "tuple" || node.kind == "tuple_pattern"
    if isParenthesis, targets.count == 1, starred == nil, !parts.has(",") { return targets[0] }
    return .unpack(targets, starred: starred)
  }
}
