/// Turns regions of a tree into token texts, in one pass over the preorder and without recursion.
struct Tokenizer {
  let tree: SyntaxTree
  let rules: any UnitRules
  private let roles: [NodeRole]
  /// A file that reads docstrings makes them meaning.
  private let dropsDocumentation: Bool

  init(tree: SyntaxTree, rules: any UnitRules) {
    self.tree = tree
    self.rules = rules
    roles = tree.grammar.roles(by: rules)
    dropsDocumentation = !rules.readsDocumentation(tree.source)
  }

  func role(of node: SyntaxNode) -> NodeRole {
    Int(node.symbol) < roles.count ? roles[Int(node.symbol)] : .plain
  }

  /// A unit's own region: what `nested` covers is written as one token each.
  struct Nested {
    let range: Range<Int>
    let definition: Definition
  }

  /// Header and body of a definition. `nested` is in order of position.
  func ownTokens(of definition: Definition, nested: [Nested]) -> (header: TokenText, body: TokenText) {
    var header = TokenWriter()
    var body = TokenWriter()
    let bodyRange = definition.body?.subtree ?? 0..<0
    write(
      definition.whole, without: definition.name?.subtree ?? 0..<0, nested: nested,
      to: { position, write in
        if bodyRange.contains(position) { write(&body) } else { write(&header) }
      })
    return (header.finish(), body.finish())
  }

  func allTokens(of unit: Unit) -> TokenText {
    var writer = TokenWriter()
    write(unit.wholeNode, without: 0..<0, nested: [], to: { _, write in write(&writer) })
    return writer.finish()
  }

  /// `to` is given the preorder position that something belongs to, and what writes it.
  private func write(
    _ whole: SyntaxNode, without name: Range<Int>, nested: [Nested],
    to: (Int, (inout TokenWriter) -> Void) -> Void
  ) {
    let source = tree.source
    let region = whole.subtree
    var open: [Int] = []
    var nextNested = nested.startIndex
    var covered = whole.byteRange.lowerBound
    var position = region.lowerBound

    // No byte that is not white space may go unseen, whatever the grammar leaves between its tokens.
    func cover(upTo start: Int, at position: Int) {
      guard start > covered else { return }
      let gap = source[covered..<start]
      if !gap.allSatisfy(Self.isBlank) { to(position) { $0.stray(gap) } }
    }

    while position < region.upperBound {
      while let last = open.last, tree.records[last].descendantEnd <= position {
        to(last) { $0.exit() }
        open.removeLast()
      }
      let node = SyntaxNode(tree: tree, index: position)
      let range = node.byteRange
      let role = role(of: node)
      if nextNested < nested.endIndex, nested[nextNested].range.lowerBound == position {
        let inner = nested[nextNested].definition
        cover(upTo: range.lowerBound, at: position)
        to(position) { $0.unit(inner.kind, inner.role, inner.simpleName) }
        nextNested += 1
      } else if name.contains(position) {
        cover(upTo: range.lowerBound, at: position)
      } else if node.isExtra && !node.isError {
        cover(upTo: range.lowerBound, at: position)
      } else if role == .statement && dropsDocumentation && rules.isDocumentation(node) {
        cover(upTo: range.lowerBound, at: position)
      } else if node.isMissing {
        to(position) { $0.missing(node.symbol) }
      } else if role == .verbatim || node.childCount == 0 {
        cover(upTo: range.lowerBound, at: position)
        to(position) { $0.leaf(node.symbol, source[range]) }
      } else {
        to(position) { $0.enter(node.symbol) }
        open.append(position)
        position += 1
        continue
      }
      covered = max(covered, range.upperBound)
      position = node.subtree.upperBound
    }
    for last in open.reversed() { to(last) { $0.exit() } }
    cover(upTo: whole.byteRange.upperBound, at: region.lowerBound)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }
}

extension Grammar {
  fileprivate func roles(by rules: any UnitRules) -> [NodeRole] { allSymbolNames.map { rules.role(ofKind: $0) } }
}
