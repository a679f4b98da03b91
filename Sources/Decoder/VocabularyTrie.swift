/// The vocabulary as a tree of bytes, so that a grammar rejects all tokens with one beginning at once.
///
/// Nodes lie depth first; `skip` leads past a node's subtree. Tokens that stand for no text (special ones) are left out.
struct VocabularyTrie: Sendable {
  private struct Node {
    var byte: UInt8
    var depth: Int32
    /// Index after the last node below this one.
    var skip: Int32
    /// Tokens that end here, as a range of `tokens`.
    var first: Int32
    var count: Int32
  }

  private let nodes: [Node]
  private let tokens: [Int32]
  private let depth: Int

  init(_ tokenizer: Tokenizer) {
    var entries: [(bytes: [UInt8], id: Int)] = []
    let added = Set(tokenizer.addedTokens.map(\.id))
    for id in 0...max(tokenizer.highestID, 0) where !added.contains(id) {
      let bytes = tokenizer.tokenBytes(id)
      if !bytes.isEmpty { entries.append((bytes, id)) }
    }
    entries.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) || ($0.bytes == $1.bytes && $0.id < $1.id) }
    var nodes: [Node] = []
    var tokens: [Int32] = []
    var path: [Int] = []
    var previous: [UInt8] = []
    for (bytes, id) in entries {
      var shared = 0
      while shared < min(previous.count, bytes.count), previous[shared] == bytes[shared] { shared += 1 }
      while path.count > shared {
        if let closed = path.popLast() { nodes[closed].skip = Int32(nodes.count) }
      }
      for index in shared..<bytes.count {
        path.append(nodes.count)
        nodes.append(Node(byte: bytes[index], depth: Int32(index), skip: 0, first: Int32(tokens.count), count: 0))
      }
      if let node = path.last {
        if nodes[node].count == 0 { nodes[node].first = Int32(tokens.count) }
        nodes[node].count += 1
        tokens.append(Int32(id))
      }
      previous = bytes
    }
    for open in path { nodes[open].skip = Int32(nodes.count) }
    self.nodes = nodes
    self.tokens = tokens
    depth = (entries.map(\.bytes.count).max() ?? 0) + 1
  }

  /// The tokens whose bytes are accepted after `state`, by the steps of `table` and, where it does not know, `workOut`.
  func tokens(from state: Int32, _ table: StepTable, workOut: (Int32, UInt8) -> Int32) -> [Int32] {
    var allowed: [Int32] = []
    nodes.withUnsafeBufferPointer { nodes in
      tokens.withUnsafeBufferPointer { tokens in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: depth + 1) { states in
          // states[d] is the state before a byte at depth d
          states[0] = state
          var at = 0
          while at < nodes.count {
            let node = nodes[at]
            let before = states[Int(node.depth)]
            var after = table.next(before, node.byte)
            if after == StepTable.unknown { after = workOut(before, node.byte) }
            if after == StepTable.dead {
              at = Int(node.skip)
              continue
            }
            states[Int(node.depth) + 1] = after
            if node.count > 0 { allowed.append(contentsOf: tokens[Int(node.first)..<Int(node.first + node.count)]) }
            at += 1
          }
        }
      }
    }
    return allowed
  }
}
