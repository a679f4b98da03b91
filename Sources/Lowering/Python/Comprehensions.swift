import Logic
import Syntax

extension Lowerer {
  func comprehension(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    guard let index = context.scopeOfNode[node.index] else { throw unknown(node) }
    let facts = context.scopes[index]
    guard facts.depth <= ScopeFacts.depthLimit else {
      throw LoweringError(Messages.tooDeep(ScopeFacts.depthLimit), line: node.startLine)
    }
    let parts = try parts(node, "[", "]", "(", ")", "{", "}").named
    guard let body = parts.first, parts.count >= 2 else { throw unknown(node) }
    let clauses = Array(parts.dropFirst())
    return facts.needsClosure
      ? try calledComprehension(node, facts, body, clauses) : try inlineComprehension(node, facts, body, clauses)
  }

  private static func kind(_ node: SyntaxNode) -> Comprehension.Kind {
    switch node.kind {
    case "list_comprehension": .list
    case "set_comprehension": .set
    case "dictionary_comprehension": .dictionary
    default: .generator
    }
  }

  private struct Loop {
    var target: SyntaxNode
    var iterable: SyntaxNode
    /// The rest of `for x in a, b`.
    var isTuple: [SyntaxNode]?
    var isAsync: Bool
  }

  private func loop(_ clause: SyntaxNode) throws(LoweringError) -> Loop {
    let parts = try parts(clause, "async", "for", "in", ",")
    let values = parts.filter { $0.isNamed && $0.field == "right" }
    guard let target = parts[field: "left"], let iterable = values.first else { throw unknown(clause) }
    let commaAfterIn = parts.drop { $0.kind != "in" }.contains { $0.kind == "," }
    return Loop(
      target: target, iterable: iterable, isTuple: commaAfterIn ? values : nil, isAsync: parts.has("async"))
  }

  private func iterable(_ loop: Loop) throws(LoweringError) -> Expression {
    guard let values = loop.isTuple else { return try expression(loop.iterable) }
    var elements: [Element] = []
    for value in values { elements.append(try element(value)) }
    return .tuple(elements)
  }

  // MARK: In place

  private func inlineComprehension(
    _ node: SyntaxNode, _ facts: ScopeFacts, _ body: SyntaxNode, _ clauses: [SyntaxNode]
  ) throws(LoweringError) -> Expression {
    let inner = Scope(facts, parent: scope, frame: scope.frame)
    for name in facts.locals.sorted() { inner.renamed[name] = scope.frame.claim(name) }
    var lowered: [Comprehension.Clause] = []
    for (position, clause) in clauses.enumerated() {
      switch clause.kind {
      case "for_in_clause":
        let loop = try loop(clause)
        // The first iterable is evaluated in the block around the comprehension (Language Reference, 6.2.4).
        let source = position == 0 ? scope : inner
        let value = try within(source) { () throws(LoweringError) in try self.iterable(loop) }
        let target = try within(inner) { () throws(LoweringError) in try self.target(loop.target) }
        lowered.append(.each(target, value, isAsync: loop.isAsync))
      case "if_clause":
        let test = try only(clause, "if")
        lowered.append(.filter(try within(inner) { () throws(LoweringError) in try self.expression(test) }))
      default: throw unknown(clause)
      }
    }
    let (key, element) = try within(inner) { () throws(LoweringError) in try self.item(body) }
    return .comprehension(Comprehension(kind: Self.kind(node), key: key, element: element, clauses: lowered))
  }

  private func item(_ body: SyntaxNode) throws(LoweringError) -> (Expression?, Expression) {
    guard body.kind == "pair" else { return (nil, try expression(body)) }
    let (key, value) = try pair(body)
    return (key, value)
  }

  // MARK: As a function that is called at once

  /// A comprehension whose variables a closure keeps: they are cells of a function of its own, made anew each time
  /// (Language Reference, 6.2.4).
  private func calledComprehension(
    _ node: SyntaxNode, _ facts: ScopeFacts, _ body: SyntaxNode, _ clauses: [SyntaxNode]
  ) throws(LoweringError) -> Expression {
    let kind = Self.kind(node)
    if facts.containsAwait { throw LoweringError(Messages.asyncCell, line: node.startLine) }
    let frame = Frame(used: facts.locals.union(facts.innerMentions).union(facts.mentions))
    let inner = Scope(facts, kind: .function, parent: scope, frame: frame)
    let iterator = frame.claim("iterator")
    let result = frame.claim("result")
    let line = node.startLine
    guard let first = clauses.first, first.kind == "for_in_clause" else { throw unknown(node) }
    let firstLoop = try loop(first)
    let source = try iterable(firstLoop)

    let statements = try within(inner) { () throws(LoweringError) -> [Statement] in
      let target = try self.target(firstLoop.target)
      var rest: [(SyntaxNode, Comprehension.Clause)] = []
      for clause in clauses.dropFirst() {
        if clause.kind == "for_in_clause" {
          let loop = try self.loop(clause)
          let value = try self.iterable(loop)
          rest.append((clause, .each(try self.target(loop.target), value, isAsync: false)))
        } else {
          guard clause.kind == "if_clause" else { throw self.unknown(clause) }
          rest.append((clause, .filter(try self.expression(try self.only(clause, "if")))))
        }
      }
      let (key, element) = try self.item(body)
      var body = [Self.collect(kind, key, element, into: result, line: line)]
      for (clause, lowered) in rest.reversed() {
        switch lowered {
        case .filter(let test):
          body = [Statement(.branch(test, then: body, otherwise: []), line: clause.startLine)]
        case .each(let target, let value, _):
          body = [
            Statement(.forLoop(target, value, body: body, otherwise: [], isAsync: false), line: clause.startLine)
          ]
        }
      }
      let loop = Statement(
        .forLoop(target, .local(iterator), body: body, otherwise: [], isAsync: false), line: first.startLine)
      guard let start = Self.empty(kind) else { return [loop] }
      return [
        Statement(.assign([.local(result)], start), line: line), loop,
        Statement(.returnValue(.local(result)), line: line),
      ]
    }
    let procedure = Procedure(
      name: Self.names[kind] ?? "<comprehension>", kind: kind == .generator ? .generator : .function,
      parameters: [Parameter(iterator, kind: .positionalOnly)], body: statements)
    // A generator expression asks for the iterator where it stands, not where it is drained.
    let argument = kind == .generator ? .call(.global(.builtin("iter")), [Argument(source)]) : source
    return .call(.closure(procedure), [Argument(argument)])
  }

  private static let names: [Comprehension.Kind: String] = [
    .list: "<listcomp>", .set: "<setcomp>", .dictionary: "<dictcomp>", .generator: "<genexpr>",
  ]

  private static func empty(_ kind: Comprehension.Kind) -> Expression? {
    switch kind {
    case .list: .list([])
    case .set: .call(.global(.builtin("set")), [])
    case .dictionary: .dictionary([])
    case .generator: nil
    }
  }

  private static func collect(
    _ kind: Comprehension.Kind, _ key: Expression?, _ element: Expression, into result: String, line: Int
  ) -> Statement {
    func method(_ name: String) -> Statement {
      Statement(.expression(.call(.attribute(.local(result), name), [Argument(element)])), line: line)
    }
    switch kind {
    case .list: return method("append")
    case .set: return method("add")
    case .generator: return Statement(.expression(.yield(element)), line: line)
    case .dictionary:
      // Key before value, and the store last: `result[key] = value` would evaluate the value first.
      let pair = Expression.dictionary([.pair(key ?? .constant(.none), element)])
      return Statement(.expression(.call(.attribute(.local(result), "update"), [Argument(pair)])), line: line)
    }
  }
}
