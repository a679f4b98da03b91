/// Where a generation stands in its grammar, with the grammar's type put aside.
protocol ConstraintCursor: AnyObject {
  /// Whether the text may end here.
  var isAccepting: Bool { get }
  /// Whether the bytes of `token` may come next.
  func allows(_ token: Int) -> Bool
  /// All tokens that may come next.
  func allowedTokens() -> [Int32]
  func take(_ token: Int)
  func completion() -> [UInt8]?
}

/// Follows one grammar. What a state allows is found once and kept: summaries pass through the same states again.
final class GrammarCursor<Grammar: ByteGrammar>: ConstraintCursor {
  private let grammar: Grammar
  private let tokenizer: Tokenizer
  private let trie: VocabularyTrie
  private var state: Grammar.State
  private var masks: [Grammar.State: [Int32]] = [:]
  private static var keptMasks: Int { 4_096 }

  init(_ grammar: Grammar, tokenizer: Tokenizer, trie: VocabularyTrie) {
    self.grammar = grammar
    self.tokenizer = tokenizer
    self.trie = trie
    state = grammar.start
  }

  var isAccepting: Bool { grammar.isAccepting(state) }

  private func state(after token: Int) -> Grammar.State? {
    let bytes = tokenizer.tokenBytes(token)
    if bytes.isEmpty || tokenizer.isAdded(token) { return nil }
    var state = state
    for byte in bytes {
      guard let after = grammar.advance(state, byte) else { return nil }
      state = after
    }
    return state
  }

  func allows(_ token: Int) -> Bool { state(after: token) != nil }

  func allowedTokens() -> [Int32] {
    if let mask = masks[state] { return mask }
    let mask = trie.tokens(after: state, in: grammar)
    if masks.count >= Self.keptMasks { masks.removeAll(keepingCapacity: true) }
    masks[state] = mask
    return mask
  }

  func take(_ token: Int) {
    if let after = state(after: token) { state = after }
  }

  func completion() -> [UInt8]? { grammar.completion(of: state) }
}
