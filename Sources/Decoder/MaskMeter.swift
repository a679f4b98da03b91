#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Times what a grammar costs at each token of a generated text: the tokens that it allows in a state that was met
/// before, and in one that was not.
package struct MaskMeter {
  private let tokenizer: Tokenizer
  private let trie: VocabularyTrie
  private let grammar: PushdownGrammar

  /// With a grammar of nested calls, names and numbers: about as much as a summary needs.
  package init(tokenizer: Tokenizer) throws(PushdownGrammar.Fault) {
    self.tokenizer = tokenizer
    trie = VocabularyTrie(tokenizer)
    let name = PushdownGrammar.Expression.sequence([
      .oneOf(.identifierStart), .repeated(.oneOf(.identifier), 0...24),
    ])
    grammar = try PushdownGrammar(
      start: "text",
      rules: [
        "text": .repeated(.sequence([.rule("line"), .text("\n")]), 1...40),
        "line": .choice([
          .sequence([.text("return "), .rule("value")]), .sequence([name, .text(" = "), .rule("value")]),
        ]),
        "value": .choice([
          name, .repeated(.oneOf(.digits), 1...12),
          .sequence([name, .text("("), .list(.rule("value"), separator: ", ", atMost: 4), .text(")")]),
          .sequence([.text("["), .list(.rule("value"), separator: ", ", atMost: 4), .text("]")]),
        ]),
      ])
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Writes texts of `steps` tokens in all, each token drawn from those allowed, and then the same ones again. Seconds of
  /// this thread's processor time, which other programs on the machine do not add to.
  package func measure(steps: Int) -> (cold: [Double], steady: [Double]) {
    let cursor = GrammarCursor(grammar, tokenizer: tokenizer, trie: trie)
    var random = RandomSource(seed: 5)
    var taken: [Int] = []
    var cold: [Double] = []
    func timed(_ body: () -> [Int32]) -> ([Int32], Double) {
      let start = Self.now
      let allowed = body()
      return (allowed, Self.now - start)
    }
    for _ in 0..<steps {
      let (allowed, time) = timed { cursor.allowedTokens() }
      cold.append(time)
      if allowed.isEmpty {
        cursor.restart()
        taken.append(-1)
        continue
      }
      taken.append(Int(allowed[Int(random.next() % UInt64(allowed.count))]))
      cursor.take(taken[taken.count - 1])
    }
    cursor.restart()
    var steady: [Double] = []
    for token in taken {
      let (_, time) = timed { cursor.allowedTokens() }
      if token < 0 { cursor.restart() } else { cursor.take(token) }
      steady.append(time)
    }
    return (cold, steady)
  }
}
