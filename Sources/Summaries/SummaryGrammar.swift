import Decoder
import Logic

/// The summary language as decoders are held to it: what they write always parses as a procedure.
package struct SummaryGrammar: ByteGrammar {
  package typealias State = TextAutomaton.State

  private let automaton = TextAutomaton()
  package let start: State

  /// A grammar of whole texts, or of what can follow `prefix` (a head that the prompt already gives, say); nil where
  /// no text starts so.
  package init?(after prefix: some Sequence<UInt8>) {
    var state = automaton.start
    for byte in prefix {
      guard let next = automaton.advance(state, byte) else { return nil }
      state = next
    }
    start = state
  }

  package init() { start = automaton.start }

  package func advance(_ state: State, _ byte: UInt8) -> State? { automaton.advance(state, byte) }
  package func isAccepting(_ state: State) -> Bool { automaton.isAccepting(state) }
  package func completion(of state: State) -> [UInt8]? { automaton.completion(of: state) }
}
