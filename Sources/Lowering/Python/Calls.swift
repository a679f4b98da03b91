import Logic
import Syntax

extension Lowerer {
  func call(_ node: SyntaxNode) throws(LoweringError) -> Expression {
    let parts = try parts(node)
    guard parts.count == 2, let callee = parts[field: "function"], let list = parts[field: "arguments"] else {
      throw unknown(node)
    }
    if list.kind == "generator_expression" {
      return .call(try expression(callee), [Argument(try expression(list))])
    }
    guard list.kind == "argument_list" else { throw unknown(list) }
    if callee.kind == "identifier", let special = try callByName(callee, list) { return special }
    let function = try expression(callee)
    return .call(function, try arguments(list))
  }

  /// Calls that mean something by the name that is called: `super()` reads two variables that it does not name, and
  /// `vars(x)` and `dir(x)` look at `x` and not at the frame.
  private func callByName(_ callee: SyntaxNode, _ list: SyntaxNode) throws(LoweringError) -> Expression? {
    let text = callee.text
    guard text == "super" || text == "vars" || text == "dir", case .outside = scope.resolve(text) else { return nil }
    let hasArguments = list.namedChildren.contains { !$0.isExtra }
    if text == "super" {
      guard !hasArguments else { return nil }
      switch context.resolve(text) {
      case .builtin, .unresolved: break
      default: return nil
      }
      return .call(try expression(callee), try superArguments(list))
    }
    guard hasArguments else { return nil }
    let before = looksAtItself
    let function = try expression(callee)
    looksAtItself = before
    return .call(function, try arguments(list))
  }

  /// `super()` is `super(__class__, first parameter)` (Library Reference, `super`).
  private func superArguments(_ list: SyntaxNode) throws(LoweringError) -> [Argument] {
    _ = try parts(list, "(", ")")
    guard scope.kind != .comprehension else {
      throw LoweringError(Messages.superInComprehension, line: list.startLine)
    }
    guard let first = scope.frame.firstParameter else {
      throw LoweringError(Messages.superWithoutSelf, line: list.startLine)
    }
    return [Argument(.captured("__class__")), Argument(.local(first))]
  }

  /// Arguments in the order of evaluation: everything positional comes before the keywords, wherever it is written
  /// (Language Reference, 6.3.4).
  func arguments(_ list: SyntaxNode) throws(LoweringError) -> [Argument] {
    var positional: [Argument] = []
    var keywords: [Argument] = []
    for part in try parts(list, "(", ")", ",").named {
      switch part.kind {
      case "keyword_argument":
        let inside = try parts(part, "=").named
        guard inside.count == 2 else { throw unknown(part) }
        keywords.append(Argument(try expression(inside[1]), kind: .keyword(try plainName(inside[0]))))
      case "dictionary_splat":
        keywords.append(Argument(try expression(try only(part, "**")), kind: .spreadKeywords))
      default:
        switch try element(part) {
        case .single(let value): positional.append(Argument(value))
        case .spread(let value): positional.append(Argument(value, kind: .spread))
        }
      }
    }
    return positional + keywords
  }

  /// `type(x).y = z` comes as the alias `type (x).y = z`, which no alias can be: what it names is no name.
  func typeAttribute(_ node: SyntaxNode) throws(LoweringError) -> Statement {
    let parts = try parts(node, "type", "=")
    guard let left = parts[field: "left"], let right = parts[field: "right"] else { throw unknown(node) }
    let place = try only(left)
    var leftmost = place
    while ["attribute", "subscript", "call"].contains(leftmost.kind), let first = leftmost.children.first {
      leftmost = first
    }
    guard leftmost != place, leftmost.kind == "parenthesized_expression" || leftmost.kind == "tuple" else {
      throw LoweringError(Messages.typeAlias, line: node.startLine)
    }
    let value = try expression(right)
    typeArguments = leftmost.index
    defer { typeArguments = nil }
    return Statement(.assign([try target(place)], value), line: node.startLine)
  }

  func typeCall(_ list: SyntaxNode) throws(LoweringError) -> Expression {
    typeArguments = nil
    return .call(read("type"), try arguments(list))
  }
}
