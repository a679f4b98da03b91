import Decoder
import Logic

/// What the specialist may write for one prompt: pieces with a blank before each that are a body for the code's head,
/// and of which each is in the code or is one that any summary may use.
///
/// So no answer can name what the code does not, and none can have other parameters. The blank between two pieces
/// stands for a blank or a line's end in the text form, whichever can be: both are followed.
package struct AnswerGrammar: ByteGrammar {
  package struct State: Hashable, Sendable {
    var texts: [TextAutomaton.State]
    /// In `pieces`; nil before the first piece.
    var node: Int?
  }

  package let start: State
  private let automaton = TextAutomaton()
  private let pieces: PieceTree

  /// Nil where the code is too deep for the grammar of summaries.
  package init?(of prompt: SummaryPrompt) {
    let own = prompt.pieces
    pieces = PieceTree(Self.common.union(own).union(Self.free(beside: own)))
    var state = automaton.start
    for byte in (prompt.head + "\n").utf8 {
      guard let next = automaton.advance(state, byte) else { return nil }
      state = next
    }
    start = State(texts: [state], node: nil)
  }

  /// Letters for variables of its own.
  private static func free(beside own: [String]) -> [String] {
    let taken = Set(own)
    return (0..<26 * 4).lazy.map(Procedure.canonicalName).filter { !taken.contains($0) }.prefix(3).map { $0 }
  }

  /// What a summary may use whatever the code is: the words of the high register, and what they are made with.
  static let common: Set<String> = TextPieces.reservedWords.subtracting([
    "async", "await", "class", "function", "import", "lambda", "yield", "cost", "raises", "matmul", "xor", "try",
    "except", "finally", "with", "del", "assert", "raise", "local", "switch", "case", "def", "a", "r", "s",
    "O", "when", "module", "iterable",
  ]).union([
    "(", ")", "[", "]", "{", "}", ",", ":", "=", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "//", "%", "+=", "-=",
    "*=", "0", "1", "\"\"", ".append", ".get", ".items", ".join", ".setdefault", ".values", ".extend", ".update",
    ".add", "dict", "enumerate", "filter", "frozenset", "list", "map", "next", "range", "reversed", "set", "sorted",
    "str", "tuple", "zip", "len", "key", "abs", "bool",
  ])

  package func advance(_ state: State, _ byte: UInt8) -> State? {
    guard byte == UInt8(ascii: " ") else {
      guard let node = state.node, let next = pieces.child(of: node, byte) else { return nil }
      return following(state.texts, byte, next)
    }
    // A blank inside a piece, as in a quoted text of one character.
    if let node = state.node, let next = pieces.child(of: node, byte) { return following(state.texts, byte, next) }
    if let node = state.node, !pieces.isWhole(node) { return nil }
    let texts = state.texts.flatMap { spaces(after: $0, isStart: state.node == nil) }
    return texts.isEmpty ? nil : State(texts: texts, node: pieces.root)
  }

  private func following(_ texts: [TextAutomaton.State], _ byte: UInt8, _ node: Int) -> State? {
    let texts = texts.compactMap { automaton.advance($0, byte) }
    return texts.isEmpty ? nil : State(texts: texts, node: node)
  }

  /// The ways in which the text form may go on between two pieces.
  private func spaces(after text: TextAutomaton.State, isStart: Bool) -> [TextAutomaton.State] {
    var result: [TextAutomaton.State] = []
    if !isStart, let blank = automaton.advance(text, UInt8(ascii: " ")) { result.append(blank) }
    var line = isStart ? text : automaton.advance(text, UInt8(ascii: "\n"))
    while let indented = line {
      result.append(indented)
      line = automaton.advance(indented, UInt8(ascii: " "))
    }
    return result
  }

  package func isAccepting(_ state: State) -> Bool {
    (state.node.map(pieces.isWhole) ?? true) && state.texts.contains(where: automaton.isAccepting)
  }

  /// An answer that ran out of tokens is longer than the code: it is worth nothing however it ends.
  package func completion(of state: State) -> [UInt8]? { isAccepting(state) ? [] : nil }
}

/// A set of byte strings as a tree.
struct PieceTree: Sendable {
  private var children: [[UInt8: Int]] = [[:]]
  private var whole: [Bool] = [false]
  let root = 0

  init(_ pieces: Set<String>) {
    for piece in pieces {
      var node = root
      for byte in piece.utf8 {
        if let next = children[node][byte] {
          node = next
        } else {
          children.append([:])
          whole.append(false)
          children[node][byte] = children.count - 1
          node = children.count - 1
        }
      }
      whole[node] = true
    }
  }

  func child(of node: Int, _ byte: UInt8) -> Int? { children[node][byte] }
  func isWhole(_ node: Int) -> Bool { whole[node] }
}
