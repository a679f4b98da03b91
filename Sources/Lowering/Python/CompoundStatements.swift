import Logic
import Syntax

extension Lowerer {
  func branch(_ node: SyntaxNode, into result: inout [Statement]) throws(LoweringError) {
    var arms: [(test: Expression, body: [Statement], line: Int)] = []
    var otherwise: [Statement] = []
    // Each `elif` nests in the result.
    let clauses = node.children.filter { $0.kind == "elif_clause" }.count
    try nested(node, levels: clauses) { () throws(LoweringError) in
      func arm(_ parts: [SyntaxNode], _ line: Int) throws(LoweringError) {
        guard let test = parts[field: "condition"], let body = parts[field: "consequence"] else {
          throw self.unknown(node)
        }
        let condition = try self.expression(test)
        arms.append((condition, try self.block(body), line))
      }
      let parts = try self.parts(node, "if", ":")
      try arm(parts, node.startLine)
      for clause in parts.filter({ $0.field == "alternative" }) {
        switch clause.kind {
        case "elif_clause": try arm(try self.parts(clause, "elif", ":"), clause.startLine)
        case "else_clause": otherwise = try self.suite(clause, "else")
        default: throw self.unknown(clause)
        }
      }
    }
    for arm in arms.reversed() {
      otherwise = [Statement(.branch(arm.test, then: arm.body, otherwise: otherwise), line: arm.line)]
    }
    result += otherwise
  }

  /// `else: ...`, `finally: ...`.
  private func suite(_ clause: SyntaxNode, _ keyword: String) throws(LoweringError) -> [Statement] {
    let parts = try parts(clause, keyword, ":").named
    guard parts.count == 1, parts[0].kind == "block" else { throw unknown(clause) }
    return try block(parts[0])
  }

  func loop(_ node: SyntaxNode, into result: inout [Statement]) throws(LoweringError) {
    let parts = try parts(node, "while", "for", "in", "async", ":")
    guard let body = parts[field: "body"] else { throw unknown(node) }
    let clause = parts.first { $0.kind == "else_clause" }
    func alternative() throws(LoweringError) -> [Statement] {
      guard let clause else { return [] }
      return try suite(clause, "else")
    }
    if node.kind == "while_statement" {
      guard let condition = parts[field: "condition"] else { throw unknown(node) }
      let test = try expression(condition)
      let statements = try block(body)
      let kind = Statement.Kind.whileLoop(test, body: statements, otherwise: try alternative())
      result.append(Statement(kind, line: node.startLine))
      return
    }
    guard let left = parts[field: "left"], let right = parts[field: "right"] else { throw unknown(node) }
    let iterable = try expression(right)
    let target = try target(left)
    let statements = try block(body)
    let kind = Statement.Kind.forLoop(
      target, iterable, body: statements, otherwise: try alternative(), isAsync: parts.has("async"))
    result.append(Statement(kind, line: node.startLine))
  }

  // MARK: Exceptions

  func tryStatement(_ node: SyntaxNode) throws(LoweringError) -> Statement.Kind {
    let parts = try parts(node, "try", ":")
    guard let body = parts[field: "body"] else { throw unknown(node) }
    let statements = try block(body)
    var handlers: [Handler] = []
    var otherwise: [Statement] = []
    var finally: [Statement] = []
    for clause in parts.named where clause != body {
      switch clause.kind {
      case "except_clause", "except_group_clause": handlers.append(try handler(clause))
      case "else_clause": otherwise = try suite(clause, "else")
      case "finally_clause": finally = try suite(clause, "finally")
      default: throw unknown(clause)
      }
    }
    return .tryBlock(statements, handlers: handlers, otherwise: otherwise, finally: finally)
  }

  private func handler(_ node: SyntaxNode) throws(LoweringError) -> Handler {
    let parts = try parts(node, "except", "except*", "*", "as", ",", ":")
    if parts.has(",") { throw LoweringError(Messages.exceptComma, line: node.startLine) }
    let values = parts.named.filter { $0.kind != "block" }
    guard let body = parts.last, body.kind == "block", values.count <= 2 else { throw unknown(node) }
    let isGroup = node.kind == "except_group_clause" || parts.has("except*") || parts.has("*")
    var type: Expression?
    var name: Target?
    if let value = values.first {
      (type, name) = try aliased(value)
      if values.count == 2 { name = try target(values[1]) }
    }
    return Handler(type: type, name: name, body: try block(body), isGroup: isGroup, line: node.startLine)
  }

  /// `value as target`. The grammar can put `as` inside: `a if b else (c as d)`, `(a as b)` with its parentheses; the
  /// language has it around the whole.
  private func aliased(_ node: SyntaxNode) throws(LoweringError) -> (Expression, Target?) {
    var edge = node
    if edge.kind == "parenthesized_expression", let inner = edge.namedChildren.first(where: { !$0.isExtra }),
      inner.kind == "as_pattern"
    {
      return try aliased(try only(edge, "(", ")"))
    }
    while ["conditional_expression", "lambda", "not_operator"].contains(edge.kind),
      let last = edge.namedChildren.last(where: { !$0.isExtra })
    {
      edge = last
    }
    guard edge.kind == "as_pattern" else { return (try expression(node), nil) }
    let parts = try parts(edge, "as").named
    guard parts.count == 2 else { throw unknown(edge) }
    if edge != node { replaced[edge.index] = parts[0] }
    let value = try expression(edge == node ? parts[0] : node)
    return (value, try target(parts[1]))
  }

  // MARK: Context managers

  /// Several items are the same as nested statements (Language Reference, 8.5).
  func with(_ node: SyntaxNode) throws(LoweringError) -> [Statement] {
    let parts = try parts(node, "async", "with", ":")
    guard let clause = parts.first(where: { $0.kind == "with_clause" }), let body = parts[field: "body"] else {
      throw unknown(node)
    }
    let items = try withItems(clause)
    return try nested(node, levels: items.count) { () throws(LoweringError) in
      var managers: [(Expression, Target?, Int)] = []
      for item in items {
        let (manager, target) = try self.aliased(item)
        managers.append((manager, target, item.startLine))
      }
      var body = try self.block(body)
      guard !managers.isEmpty else { throw self.unknown(node) }
      let isAsync = parts.has("async")
      // The first stands where the statement does.
      managers[0].2 = node.startLine
      for (manager, target, line) in managers.reversed() {
        body =
          (isAsync ? nil : self.unwrapped(manager, target, body, line: line))
          ?? [Statement(.with(manager, target, body: body, isAsync: isAsync), line: line)]
      }
      return body
    }
  }

  /// The items of a `with`. Parentheses around several are no tuple, even without `as` (Language Reference, 8.5), but
  /// the grammar takes `(a,)` for one; with a `:=` in it, it is one.
  private func withItems(_ clause: SyntaxNode) throws(LoweringError) -> [SyntaxNode] {
    let parts = try parts(clause, "(", ")", ",")
    var values: [SyntaxNode] = []
    for item in parts.named {
      guard item.kind == "with_item" else { throw unknown(item) }
      values.append(try only(item))
    }
    if parts.has("("), parts.has(","), let named = values.first(where: { $0.kind == "named_expression" }) {
      throw unknown(named)
    }
    guard values.count == 1, !parts.has(","), let tuple = values.first, tuple.kind == "tuple" else { return values }
    let elements = tuple.namedChildren.filter { !$0.isExtra }
    let isTuple = elements.contains {
      $0.kind == "named_expression" || $0.kind == "yield" || leadingSplat(of: $0) != nil
    }
    if isTuple || elements.isEmpty { return values }
    return try self.parts(tuple, "(", ")", ",").named
  }
}
