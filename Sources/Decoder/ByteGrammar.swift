/// A language of byte strings, read one byte at a time: what holds generated text to a form.
///
/// A grammar should be bounded, so that its texts end; `completion` ends one that ran out of tokens.
package protocol ByteGrammar: Sendable {
  associatedtype State: Hashable & Sendable

  var start: State { get }

  /// The state after `byte`, or nil where it cannot come next.
  func advance(_ state: State, _ byte: UInt8) -> State?

  /// A number for each of the 256 bytes, from 0 on without gaps: bytes of one number lead every state to the same one,
  /// so that a step is worked out once for all of them.
  var byteClasses: [UInt8] { get }

  /// Whether the text may end here.
  func isAccepting(_ state: State) -> Bool

  /// The shortest bytes from here to an end, or nil where there is none (near enough to be found).
  func completion(of state: State) -> [UInt8]?

  /// The grammar in GBNF, as servers take it (https://github.com/ggml-org/llama.cpp/tree/master/grammars); nil where
  /// it cannot be said so.
  var notation: String? { get }
}

extension ByteGrammar {
  package var notation: String? { nil }

  package var byteClasses: [UInt8] { Array(UInt8.min...UInt8.max) }

  /// Breadth first, over at most 20,000 states.
  package func completion(of state: State) -> [UInt8]? {
    if isAccepting(state) { return [] }
    var seen: Set<State> = [state]
    var queue: [(state: State, parent: Int, byte: UInt8)] = [(state, -1, 0)]
    var next = 0
    while next < queue.count, queue.count < 20_000 {
      for byte in UInt8.min...UInt8.max {
        guard let after = advance(queue[next].state, byte), seen.insert(after).inserted else { continue }
        queue.append((after, next, byte))
        if !isAccepting(after) { continue }
        var bytes: [UInt8] = []
        var at = queue.count - 1
        while at > 0 {
          bytes.append(queue[at].byte)
          at = queue[at].parent
        }
        return bytes.reversed()
      }
      next += 1
    }
    return nil
  }

  /// Whether `bytes` are a whole text of the language.
  package func accepts(_ bytes: some Sequence<UInt8>) -> Bool {
    var state = start
    for byte in bytes {
      guard let after = advance(state, byte) else { return false }
      state = after
    }
    return isAccepting(state)
  }
}
