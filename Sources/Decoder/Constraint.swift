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
  /// Back to the start of the grammar, for the next answer.
  func restart()
}

/// A grammar made deterministic as far as it is used: each state is numbered when it is first met, each step worked
/// out once. Lives for one call of a decoder, so that it cannot grow without end.
final class Automaton<Grammar: ByteGrammar> {
  let grammar: Grammar
  let table: StepTable
  private var numbers: [Grammar.State: Int32] = [:]
  private var states: [Grammar.State] = []

  init(_ grammar: Grammar) {
    self.grammar = grammar
    table = StepTable(grammar.byteClasses)
  }

  var start: Int32 { number(grammar.start) }

  func state(_ number: Int32) -> Grammar.State { states[Int(number)] }

  func next(_ from: Int32, _ byte: UInt8) -> Int32 {
    let known = table.next(from, byte)
    return known == StepTable.unknown ? workOut(from, byte) : known
  }

  /// A step that the table does not hold.
  func workOut(_ from: Int32, _ byte: UInt8) -> Int32 {
    let to = grammar.advance(states[Int(from)], byte).map(number) ?? StepTable.dead
    table.note(from, byte, to)
    return to
  }

  private func number(_ state: Grammar.State) -> Int32 {
    if let known = numbers[state] { return known }
    let new = Int32(states.count)
    numbers[state] = new
    states.append(state)
    table.add(new)
    return new
  }
}

/// Follows one grammar. What a state allows is found once and kept: summaries pass through the same states again.
final class GrammarCursor<Grammar: ByteGrammar>: ConstraintCursor {
  private let automaton: Automaton<Grammar>
  private let tokenizer: Tokenizer
  private let trie: VocabularyTrie
  private var state: Int32
  private var masks: [Int32: [Int32]] = [:]
  private static var keptMasks: Int { 4_096 }

  init(_ grammar: Grammar, tokenizer: Tokenizer, trie: VocabularyTrie) {
    automaton = Automaton(grammar)
    self.tokenizer = tokenizer
    self.trie = trie
    state = automaton.start
  }

  var isAccepting: Bool { automaton.grammar.isAccepting(automaton.state(state)) }

  func restart() { state = automaton.start }

  private func state(after token: Int) -> Int32 {
    if tokenizer.isAdded(token) { return StepTable.dead }
    let bytes = tokenizer.tokenBytes(token)
    if bytes.isEmpty { return StepTable.dead }
    var after = state
    for byte in bytes {
      after = automaton.next(after, byte)
      if after == StepTable.dead { break }
    }
    return after
  }

  func allows(_ token: Int) -> Bool { state(after: token) != StepTable.dead }

  func allowedTokens() -> [Int32] {
    if let mask = masks[state] { return mask }
    let mask = trie.tokens(from: state, automaton.table, workOut: automaton.workOut)
    if masks.count >= Self.keptMasks { masks.removeAll(keepingCapacity: true) }
    masks[state] = mask
    return mask
  }

  func take(_ token: Int) {
    let after = state(after: token)
    if after != StepTable.dead { state = after }
  }

  func completion() -> [UInt8]? { automaton.grammar.completion(of: automaton.state(state)) }
}
