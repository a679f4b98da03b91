/// Finds the units of a file.
package enum Units {
  /// The module first, then every other unit in the order in which they start. Linear in the size of the tree.
  package static func extract(_ tree: SyntaxTree) -> [Unit] {
    let rules = tree.language.rules
    let tokenizer = Tokenizer(tree: tree, rules: rules)
    let found = find(in: tree, rules: rules, tokenizer: tokenizer)

    var nested = [[Tokenizer.Nested]](repeating: [], count: found.count)
    for unit in found {
      guard let parent = unit.parent else { continue }
      nested[parent].append(.init(range: unit.definition.whole.subtree, definition: unit.definition))
    }

    var units: [Unit] = []
    var seen: [Key: Int] = [:]
    for (index, unit) in found.enumerated() {
      let definition = unit.definition
      var name = definition.simpleName
      var kind = definition.kind
      if let parent = unit.parent {
        name = rules.qualifiedName(of: definition.simpleName, in: units[parent])
        if kind == .function, units[parent].kind == .classBody { kind = .method }
      }
      let key = Key(name: name, role: definition.role)
      let ordinal = seen[key, default: 0]
      seen[key] = ordinal + 1
      let tokens = tokenizer.ownTokens(of: definition, nested: nested[index])
      units.append(
        Unit(
          qualifiedName: name, name: definition.simpleName, kind: kind, role: definition.role, ordinal: ordinal,
          parent: unit.parent, node: definition.node, wholeNode: definition.whole, decorators: definition.decorators,
          lines: definition.whole.startLine...definition.whole.endLine, header: tokens.header, body: tokens.body,
          problem: unit.problem))
    }
    return units
  }

  private struct Key: Hashable {
    let name: String
    let role: Unit.Role
  }

  private struct Found {
    let definition: Definition
    let parent: Int?
    var problem: Unit.Problem?
  }

  private static func find(in tree: SyntaxTree, rules: any UnitRules, tokenizer: Tokenizer) -> [Found] {
    let root = tree.root
    let module = Definition(
      kind: .module, role: .plain, simpleName: "<module>", node: root, whole: root, name: nil, body: root)
    var found = [Found(definition: module, parent: nil, problem: nil)]
    if root.isError { found[0].problem = problem(at: root) }
    var open = [0]
    var verbatimEnd = 0
    var broken: (end: Int, problem: Unit.Problem)?
    for index in root.subtree.dropFirst() {
      let node = SyntaxNode(tree: tree, index: index)
      while open.count > 1, found[open[open.count - 1]].definition.whole.subtree.upperBound <= index {
        open.removeLast()
      }
      if let current = broken, current.end <= index { broken = nil }
      let role = tokenizer.role(of: node)
      if index >= verbatimEnd {
        if role == .verbatim { verbatimEnd = node.subtree.upperBound }
        if role == .definition, let definition = rules.definition(at: node) {
          open.append(found.count)
          // What stands inside broken text may not be where it seems to be.
          found.append(Found(definition: definition, parent: open[open.count - 2], problem: broken?.problem))
        }
      }
      if node.isError || node.isMissing || (role == .block && rules.isIncomplete(node)) {
        let innermost = open[open.count - 1]
        let problem = problem(at: node)
        if found[innermost].problem == nil { found[innermost].problem = problem }
        if broken == nil, node.isError { broken = (node.subtree.upperBound, problem) }
      }
    }
    return found
  }

  private static func problem(at node: SyntaxNode) -> Unit.Problem {
    let line = max(1, node.childCount == 0 ? node.parent?.startLine ?? node.startLine : node.startLine)
    if node.isError { return Unit.Problem(line: line, message: Messages.syntaxError) }
    return Unit.Problem(line: line, message: Messages.missing(node.kind))
  }
}
