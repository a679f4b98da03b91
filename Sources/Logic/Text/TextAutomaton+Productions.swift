// The grammar as productions over tokens, for those who cannot run the automaton: a server that takes a grammar as text.
extension TextAutomaton {
  package enum Symbol: Hashable, Sendable {
    /// Another production.
    case rule(String)
    /// One of these spellings: a keyword, an operator, a word that means something here only.
    case spelled([String])
    /// A token of a class, as `Rules` names it: `N`, `STRING`, `NL`.
    case token(String)
  }

  /// Every nonterminal with its alternatives, in reading order.
  package static var productions: [(name: String, alternatives: [[Symbol]])] {
    tables.alternatives.enumerated().map { rule, alternatives in
      (tables.names[tables.terminalCount + rule], alternatives.map { $0.reversed().map(symbol) })
    }
  }

  /// What is still to come, or nil inside a token.
  package func remaining(_ state: State) -> [Symbol]? {
    switch state.lexeme.mode {
    case .boundary, .blank, .indentation: state.stack.reversed().map(Self.symbol)
    default: nil
    }
  }

  /// How many blanks may come next, before anything else.
  package func blanks(at state: State) -> ClosedRange<Int> {
    switch state.lexeme.mode {
    case .indentation: 0...2 * Self.level(state.stack)
    case .boundary: 0...1
    default: 0...0
    }
  }

  private static func symbol(_ symbol: UInt8) -> Symbol {
    let name = tables.names[Int(symbol)]
    if Int(symbol) >= tables.terminalCount { return .rule(name) }
    if name.hasPrefix("'") { return .spelled([String(name.dropFirst().dropLast())]) }
    let spellings = classes[name] ?? contextual.filter { $0.value == name }.map(\.key).sorted()
    return spellings.isEmpty ? .token(name) : .spelled(spellings)
  }
}
