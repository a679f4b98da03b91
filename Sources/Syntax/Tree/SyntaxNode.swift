import CTreeSitter

/// A node of a `SyntaxTree`: two words, compared by identity within its tree.
package struct SyntaxNode: Sendable, Hashable {
  package let tree: SyntaxTree
  /// Position in the tree's preorder: a node comes before its descendants, and they before its next sibling.
  package let index: Int

  private var record: LDTSRecord { tree.records[index] }
  private func has(_ flag: Int) -> Bool { Int(record.flags) & flag != 0 }

  package static func == (a: SyntaxNode, b: SyntaxNode) -> Bool { a.index == b.index && a.tree === b.tree }
  package func hash(into hasher: inout Hasher) { hasher.combine(index) }
}

extension SyntaxNode {
  /// The grammar's name of the node: `"function_definition"`, or the token itself for an anonymous one.
  package var kind: String { tree.grammar.symbolName(record.symbol) }
  /// The grammar's number of `kind`; the same for every tree of one language in this process.
  package var symbol: UInt16 { record.symbol }
  package var isNamed: Bool { has(LDTSNamed) }
  /// The parser put this node in where the text lacks it.
  package var isMissing: Bool { has(LDTSMissing) }
  /// The parser could not make sense of the text under this node.
  package var isError: Bool { has(LDTSError) }
  /// An error or missing node is here or below.
  package var hasError: Bool { has(LDTSHasError) }
  /// A comment or a line continuation: something that may stand anywhere.
  package var isExtra: Bool { has(LDTSExtra) }
}

extension SyntaxNode {
  package var byteRange: Range<Int> {
    let (start, end) = (Int(record.startByte), Int(record.endByte))
    return start..<max(start, end)
  }
  package var bytes: ArraySlice<UInt8> { tree.source[byteRange] }
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Line of the first byte, from 1.
  package var startLine: Int { Int(record.startRow) + 1 }
  /// Line of the last byte, from 1: a node that ends with a line end does not reach into the next line.
  package var endLine: Int {
    let range = byteRange
    let endsLine = !range.isEmpty && tree.source[range.upperBound - 1] == UInt8(ascii: "\n")
    return max(startLine, Int(record.endRow) + (endsLine ? 0 : 1))
  }
  /// Bytes between the start of the line and the node.
  package var startColumn: Int { Int(record.startColumn) }
}

extension SyntaxNode {
  package var parent: SyntaxNode? {
    index == 0 ? nil : SyntaxNode(tree: tree, index: Int(record.parent))
  }
  package var childCount: Int { Int(record.childCount) }

  /// The child at `position`, anonymous tokens and comments counted. Constant time.
  package func child(at position: Int) -> SyntaxNode? {
    guard position >= 0, position < childCount else { return nil }
    return SyntaxNode(tree: tree, index: Int(tree.childIndices[Int(tree.childOffsets[index]) + position]))
  }

  package var children: Children { Children(node: self) }
  package var namedChildren: [SyntaxNode] { children.filter(\.isNamed) }

  /// The first child in a field of the grammar, such as `"name"` of a `function_definition`.
  package func child(field: String) -> SyntaxNode? {
    guard let number = tree.grammar.fieldNumber(field) else { return nil }
    return children.first { $0.record.field == number }
  }

  /// All children in a field, for fields that repeat.
  package func children(field: String) -> [SyntaxNode] {
    guard let number = tree.grammar.fieldNumber(field) else { return [] }
    return children.filter { $0.record.field == number }
  }

  /// The field that the child at `position` is in.
  package func fieldName(at position: Int) -> String? {
    child(at: position).flatMap { tree.grammar.fieldName($0.record.field) }
  }
  /// The field of its parent that this node is in.
  package var field: String? { tree.grammar.fieldName(record.field) }

  /// This node's and all its descendants' positions in preorder.
  package var subtree: Range<Int> { index..<Int(record.descendantEnd) }

  /// All descendants in preorder, without recursion.
  package var descendants: some Sequence<SyntaxNode> {
    subtree.dropFirst().lazy.map { SyntaxNode(tree: tree, index: $0) }
  }

  package struct Children: RandomAccessCollection, Sendable {
    let node: SyntaxNode

    package var startIndex: Int { 0 }
    package var endIndex: Int { node.childCount }
    package subscript(position: Int) -> SyntaxNode {
      precondition(indices.contains(position), "child index out of range")
      let offset = Int(node.tree.childOffsets[node.index]) + position
      return SyntaxNode(tree: node.tree, index: Int(node.tree.childIndices[offset]))
    }
  }
}
