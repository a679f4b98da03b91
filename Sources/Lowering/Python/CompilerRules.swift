import Syntax

/// What Python's compiler refuses although the grammar reads it: code that does not compile does nothing at all, whatever
/// it looks like. (Language Reference, 6 to 8; CPython 3.11, Python/symtable.c and Python/compile.c.)
struct CompilerRules {
  private enum Function { case none, plain, async }

  /// What stands around a node.
  private struct Place {
    var function = Function.none
    var isGenerator = false
    var isInLoop = false
    var isInComprehension = false
    /// Whether the innermost comprehension stands in another: its first iterable is evaluated out there.
    var isAroundComprehension = false
    /// Variables of the comprehensions around it.
    var iterated: Set<String> = []
    var isInIterable = false
  }

  private let context: ModuleContext
  private let unit: SyntaxNode

  /// Throws at the first rule that the code of a unit breaks, nested functions included; functions and classes that stand
  /// in module code or a class body are units of their own.
  static func check(_ unit: SyntaxNode, in context: ModuleContext) throws(LoweringError) {
    let rules = CompilerRules(context: context, unit: unit)
    if unit.kind == "module" { try rules.futureImports() }
    var pending: [(SyntaxNode, Place)] = [(unit, Place())]
    while let (node, place) = pending.popLast() {
      try rules.check(node, place)
      guard node.index == unit.index || !rules.isOwnUnit(node) else { continue }
      for child in node.children where !child.isExtra {
        pending.append((child, rules.place(of: child, in: node, place)))
      }
    }
  }

  private func isOwnUnit(_ node: SyntaxNode) -> Bool {
    guard unit.kind == "module" || unit.kind == "class_definition" else { return false }
    return node.kind == "function_definition" || node.kind == "class_definition"
  }

  // MARK: Places

  private func place(of child: SyntaxNode, in node: SyntaxNode, _ place: Place) -> Place {
    var result = place
    switch node.kind {
    case "function_definition", "lambda":
      guard child.field == "body" else { break }
      result = Place(function: node.children.contains { $0.kind == "async" } ? .async : .plain)
      result.isGenerator = context.scopeOfNode[node.index].map { context.scopes[$0].containsYield } ?? false
    case "class_definition": if child.field == "body" { result = Place() }
    case "for_statement", "while_statement": if child.field == "body" { result.isInLoop = true }
    case "list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression":
      (result.isAroundComprehension, result.isInComprehension) = (place.isInComprehension, true)
      if let scope = context.scopeOfNode[node.index] { result.iterated.formUnion(context.scopes[scope].locals) }
    case "for_in_clause":
      guard child.field == "right" else { break }
      result.isInIterable = true
      if node.parent?.namedChildren.first(where: { $0.kind == "for_in_clause" }) == node {
        result.isInComprehension = place.isAroundComprehension
      }
    default: break
    }
    return result
  }

  // MARK: Rules

  private func check(_ node: SyntaxNode, _ place: Place) throws(LoweringError) {
    switch node.kind {
    case "break_statement": if !place.isInLoop { throw refused("'break' outside loop", node) }
    case "continue_statement": if !place.isInLoop { throw refused("'continue' not properly in loop", node) }
    case "return_statement":
      if place.function == .none { throw refused("'return' outside function", node) }
      if place.function == .async, place.isGenerator, node.namedChildren.contains(where: { !$0.isExtra }) {
        throw refused("'return' with value in async generator", node)
      }
    case "await": if place.function != .async { throw refused("'await' outside async function", node) }
    case "yield":
      if place.function == .none { throw refused("'yield' outside function", node) }
      if place.isInComprehension { throw refused("'yield' inside a comprehension", node) }
      if place.function == .async, node.children.contains(where: { $0.kind == "from" }) {
        throw refused("'yield from' inside async function", node)
      }
    case "for_statement", "with_statement":
      if node.children.first?.kind == "async", place.function != .async {
        throw refused("'async \(node.kind.prefix { $0 != "_" })' outside async function", node)
      }
    case "function_definition", "lambda", "class_definition", "module": try declarations(of: node)
    case "nonlocal_statement" where scope(around: node)?.kind == .module:
      throw refused("nonlocal declaration not allowed at module level", node)
    case "assignment": try annotation(node)
    case "argument_list": try arguments(node)
    case "parameters", "lambda_parameters": try parameters(node)
    case "named_expression": try named(node, place)
    case "match_statement": try cases(node)
    case "try_statement": try handlers(node)
    case "wildcard_import":
      if scope(around: node)?.kind != .module { throw refused("import * only allowed at module level", node) }
    default: break
    }
  }

  private func refused(_ reason: String, _ node: SyntaxNode) -> LoweringError {
    LoweringError(Messages.doesNotCompile(reason), line: node.startLine)
  }

  private func scope(around node: SyntaxNode) -> ScopeFacts? {
    var next = node.parent
    while let outer = next {
      if let index = context.scopeOfNode[outer.index], context.scopes[index].kind != .comprehension {
        return context.scopes[index]
      }
      next = outer.parent
    }
    return nil
  }

  /// `global` and `nonlocal` come before the name is used, and what they name is no parameter.
  private func declarations(of node: SyntaxNode) throws(LoweringError) {
    guard let index = context.scopeOfNode[node.index] else { return }
    let facts = context.scopes[index]
    if facts.locals.contains("__debug__") || facts.globals.contains("__debug__") {
      throw refused("cannot assign to __debug__", node)
    }
    guard !facts.globals.isEmpty || !facts.nonlocals.isEmpty else { return }
    if let both = facts.globals.intersection(facts.nonlocals).sorted().first {
      throw refused("name '\(both)' is nonlocal and global", node)
    }
    for name in facts.nonlocals.sorted() where !isBoundAround(name, facts) && facts.kind != .module {
      throw refused("no binding for nonlocal '\(name)' found", node)
    }
    var seen: Set<String> = []
    if let list = node.child(field: "parameters") {
      for part in list.namedChildren { parameterName(part).map { _ = seen.insert($0) } }
    }
    for part in own(node) {
      switch part.kind {
      case "global_statement", "nonlocal_statement":
        for name in part.namedChildren where seen.contains(name.text) {
          throw refused("name '\(name.text)' is used prior to \(part.kind.prefix { $0 != "_" }) declaration", part)
        }
      case "identifier" where isUse(part): seen.insert(part.text)
      default: break
      }
    }
  }

  private func isBoundAround(_ name: String, _ facts: ScopeFacts) -> Bool {
    if name == "__class__" { return true }
    var outer = facts.parent
    while let index = outer {
      let around = context.scopes[index]
      if around.kind == .function, around.locals.contains(name) || around.nonlocals.contains(name) { return true }
      outer = around.parent
    }
    return false
  }

  /// The nodes of one block, without what stands in scopes inside; in the order of the source.
  private func own(_ node: SyntaxNode) -> [SyntaxNode] {
    var result: [SyntaxNode] = []
    var pending = node.child(field: "body").map { [$0] } ?? [node]
    while let next = pending.popLast() {
      result.append(next)
      if next.index != node.index, context.scopeOfNode[next.index] != nil {
        if let name = next.child(field: "name") { result.append(name) }
        continue
      }
      pending += next.children.reversed()
    }
    return result
  }

  private func isUse(_ node: SyntaxNode) -> Bool {
    guard let parent = node.parent else { return true }
    switch parent.kind {
    case "attribute": return node.field == "object"
    case "keyword_argument": return node.field == "value"
    case "global_statement", "nonlocal_statement": return false
    default: return true
    }
  }

  /// One name, attribute or item can be annotated, and a name only where it is local.
  private func annotation(_ node: SyntaxNode) throws(LoweringError) {
    guard node.child(field: "type") != nil, let target = node.child(field: "left") else { return }
    switch target.kind {
    case "identifier":
      guard let facts = scope(around: node) else { return }
      if facts.globals.contains(target.text) {
        throw refused("annotated name '\(target.text)' can't be global", node)
      }
      if facts.nonlocals.contains(target.text) {
        throw refused("annotated name '\(target.text)' can't be nonlocal", node)
      }
    case "pattern_list", "tuple_pattern", "list_pattern", "expression_list", "tuple", "list", "list_splat_pattern":
      throw refused("only single target can be annotated", node)
    default: break
    }
  }

  private func arguments(_ node: SyntaxNode) throws(LoweringError) {
    var names: Set<String> = []
    var hasMapping = false
    for argument in node.namedChildren where !argument.isExtra {
      switch argument.kind {
      case "keyword_argument":
        guard let name = argument.child(field: "name")?.text else { continue }
        if !names.insert(name).inserted { throw refused("keyword argument repeated: \(name)", argument) }
      case "dictionary_splat": hasMapping = true
      case "list_splat":
        if hasMapping {
          throw refused("iterable argument unpacking follows keyword argument unpacking", argument)
        }
      default:
        if hasMapping || !names.isEmpty { throw refused("positional argument follows keyword argument", argument) }
      }
    }
  }

  private func parameterName(_ node: SyntaxNode) -> String? {
    switch node.kind {
    case "identifier": node.text
    case "default_parameter", "typed_default_parameter": node.child(field: "name").flatMap(parameterName)
    case "typed_parameter", "list_splat_pattern", "dictionary_splat_pattern":
      node.namedChildren.first { !$0.isExtra && $0.field != "type" }.flatMap(parameterName)
    default: nil
    }
  }

  private func parameters(_ list: SyntaxNode) throws(LoweringError) {
    var names: Set<String> = []
    var (hasDefault, hasStar, needsName) = (false, false, false)
    for part in list.namedChildren where !part.isExtra {
      if let name = parameterName(part), !names.insert(name).inserted {
        throw refused("duplicate argument '\(name)' in function definition", part)
      }
      let inner = part.kind == "typed_parameter" ? part.namedChildren.first { !$0.isExtra }?.kind ?? "" : part.kind
      switch inner {
      case "list_splat_pattern", "keyword_separator":
        if hasStar { throw refused("* argument may appear only once", part) }
        hasStar = true
        needsName = inner == "keyword_separator"
      case "dictionary_splat_pattern":
        if needsName { throw refused("named arguments must follow bare *", part) }
        if list.namedChildren.last(where: { !$0.isExtra }) != part {
          throw refused("arguments cannot follow var-keyword argument", part)
        }
      case "default_parameter", "typed_default_parameter":
        hasDefault = true
        needsName = false
      case "identifier":
        if hasDefault, !hasStar { throw refused("non-default argument follows default argument", part) }
        needsName = false
      default: break
      }
    }
    if needsName { throw refused("named arguments must follow bare *", list) }
  }

  /// Where `x := e` may stand without parentheses (PEP 572, and 3.10 for indices).
  private static let takesNamed: Set<String> = [
    "parenthesized_expression", "argument_list", "list", "set", "tuple", "if_statement", "elif_clause",
    "while_statement", "if_clause", "list_comprehension", "set_comprehension", "generator_expression", "subscript",
    "match_statement", "case_clause", "decorator",
  ]

  private func named(_ node: SyntaxNode, _ place: Place) throws(LoweringError) {
    // The grammar reads `(x := a if b else c)` as a conditional that begins with the name.
    var outer = node.parent
    while let next = outer, !Self.takesNamed.contains(next.kind) {
      let isSimple = next.kind.hasSuffix("_operator") || next.kind == "conditional_expression"
      guard isSimple, next.byteRange.lowerBound == node.byteRange.lowerBound else {
        throw refused("`:=` needs parentheses here", node)
      }
      outer = next.parent
    }
    guard let name = node.child(field: "name")?.text else { return }
    if place.iterated.contains(name) {
      throw refused("assignment expression cannot rebind comprehension iteration variable '\(name)'", node)
    }
    if place.isInIterable {
      throw refused("assignment expression cannot be used in a comprehension iterable expression", node)
    }
  }

  /// Nothing can come after a pattern that takes everything.
  private func cases(_ node: SyntaxNode) throws(LoweringError) {
    let cases = (node.child(field: "body") ?? node).namedChildren.filter { $0.kind == "case_clause" }
    for clause in cases.dropLast() where clause.child(field: "guard") == nil {
      let patterns = clause.namedChildren.filter { $0.kind == "case_pattern" }
      guard patterns.count == 1, !clause.children.contains(where: { $0.kind == "," }), takesAll(patterns[0]) else {
        continue
      }
      throw refused(
        "\(patterns[0].text == "_" ? "wildcard" : "name capture") makes remaining patterns unreachable", clause)
    }
  }

  private func takesAll(_ pattern: SyntaxNode) -> Bool {
    if pattern.text == "_" { return true }
    let inner = pattern.namedChildren.filter { !$0.isExtra }
    guard inner.count == 1, inner[0].kind == "dotted_name", pattern.text == inner[0].text else { return false }
    return inner[0].namedChildren.count == 1
  }

  private func handlers(_ node: SyntaxNode) throws(LoweringError) {
    let clauses = node.namedChildren.filter { $0.kind == "except_clause" }
    for clause in clauses.dropLast() {
      let parts = clause.namedChildren.filter { !$0.isExtra }
      if parts.count == 1, parts[0].kind == "block" { throw refused("default 'except:' must be last", clause) }
    }
  }

  private static let features: Set<String> = [
    "nested_scopes", "generators", "division", "absolute_import", "with_statement", "print_function",
    "unicode_literals", "barry_as_FLUFL", "generator_stop", "annotations",
  ]

  /// `from __future__ import ...` stands before everything but the docstring.
  private func futureImports() throws(LoweringError) {
    var isAtTop = true
    for (index, statement) in unit.namedChildren.filter({ !$0.isExtra }).enumerated() {
      if statement.kind == "future_import_statement" {
        if !isAtTop { throw refused("from __future__ imports must occur at the beginning of the file", statement) }
        for name in statement.children(field: "name") {
          let feature = (name.child(field: "name") ?? name).text
          if !Self.features.contains(feature) { throw refused("future feature \(feature) is not defined", statement) }
        }
      } else {
        let isDocumentation =
          index == 0 && statement.kind == "expression_statement" && statement.namedChildren.first?.kind == "string"
        if !isDocumentation { isAtTop = false }
      }
    }
  }
}
