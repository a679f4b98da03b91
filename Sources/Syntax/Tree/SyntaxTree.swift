import CTreeSitter

/// One file's source text and its syntax tree, laid out as an array in preorder.
///
/// The tree is copied out of tree-sitter's own structure once. After that a child, a parent and a field cost one
/// array access each, a subtree is a slice, nothing has to be freed and any thread may read it.
package final class SyntaxTree: Sendable {
  /// The path that the text was read under; it only identifies the file.
  package let path: String
  package let language: Language
  /// The text that was parsed: UTF-8 without a byte-order mark, with `\n` as its only line end, as Python itself
  /// reads source (Language Reference, 2.1.2). Line numbers are those of the file.
  package let source: [UInt8]
  /// Nodes on the longest way from the root to a leaf; a consumer that recurses refuses what is too deep for it.
  package let maximumDepth: Int

  let grammar: Grammar
  let records: [LDTSRecord]
  /// Children of node `i` are `childIndices[childOffsets[i]..<childOffsets[i] + childCount]`.
  let childOffsets: [UInt32]
  let childIndices: [UInt32]

  /// Parses `bytes`. An error inside the text is not an error here: it becomes error nodes.
  ///
  /// - Throws: `SyntaxError.notAnalysed` for text that cannot be source at all, and the library errors.
  package init(
    parsing bytes: some Collection<UInt8>, language: Language, path: String = "", limits: Limits = Limits()
  ) throws(SyntaxError) {
    let source = try SourceText.prepare(bytes, limits: limits)
    let grammar = try Grammar.load(language.grammar)
    let stepBudget = UInt64(source.count) * limits.parserStepsPerByte / 100 + limits.leastParserSteps / 100
    let parse = source.withUnsafeBufferPointer { buffer in
      ldts_parse(grammar.pointer, buffer.baseAddress, UInt32(buffer.count), stepBudget, UInt32(limits.nodes))
    }
    defer { ldts_free(parse.records) }
    switch parse.status {
    case LDTSParsed where parse.count > 0: break
    case LDTSOutOfBudget: throw .notAnalysed(reason: Messages.parserBudget, line: 1)
    case LDTSTooManyNodes: throw .notAnalysed(reason: Messages.tooManyNodes(limits.nodes), line: 1)
    default: throw .notAnalysed(reason: Messages.parserFailed, line: 1)
    }
    // tree-sitter leaves leading trivia out of the root; the root of a file is the whole file.
    parse.records[0].startByte = 0
    parse.records[0].startRow = 0
    parse.records[0].startColumn = 0
    parse.records[0].endByte = UInt32(source.count)
    let records = Array(UnsafeBufferPointer(start: parse.records, count: Int(parse.count)))

    var offsets = [UInt32](repeating: 0, count: records.count)
    var next: UInt32 = 0
    for index in records.indices {
      offsets[index] = next
      next += records[index].childCount
    }
    var filled = offsets
    var indices = [UInt32](repeating: 0, count: Int(next))
    for index in records.indices.dropFirst() {
      let parent = Int(records[index].parent)
      indices[Int(filled[parent])] = UInt32(index)
      filled[parent] += 1
    }

    self.path = path
    self.language = language
    self.source = source
    self.grammar = grammar
    self.records = records
    self.childOffsets = offsets
    self.childIndices = indices
    self.maximumDepth = Int(parse.depth)
  }

  package var root: SyntaxNode { SyntaxNode(tree: self, index: 0) }
  package var nodeCount: Int { records.count }
  /// The node at a position in preorder.
  package func node(at index: Int) -> SyntaxNode? {
    records.indices.contains(index) ? SyntaxNode(tree: self, index: index) : nil
  }

  /// Whether any part of the text could not be parsed.
  package var hasError: Bool { root.hasError }
}

/// What a text may cost before it is refused. Steps, not seconds: a machine's load must not change an answer.
package struct Limits: Sendable {
  package var bytes = 8 << 20
  package var nodes = 8 << 20
  package var parserStepsPerByte: UInt64 = 32
  package var leastParserSteps: UInt64 = 1_000_000

  package init() {}
}
