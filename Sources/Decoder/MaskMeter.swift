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

  package init(tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    trie = VocabularyTrie(tokenizer)
  }

  /// Nested calls, names and numbers: about as much as a summary needs.
  package static func calls() throws(PushdownGrammar.Fault) -> PushdownGrammar {
    let name = PushdownGrammar.Expression.sequence([
      .oneOf(.identifierStart), .repeated(.oneOf(.identifier), 0...24),
    ])
    return try PushdownGrammar(
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

  /// What was written and how long its masks took.
  package struct Measured {
    /// Seconds at each step, of this thread's processor time, which other programs on the machine do not add to.
    package var cold: [Double] = []
    package var steady: [Double] = []
    /// The token of each step; -1 where there was none, and the next text began.
    package var taken: [Int] = []
    /// How many tokens the grammar allowed at each step.
    package var allowed: [Int] = []
  }

  /// Writes texts of `steps` tokens in all, each token drawn from those allowed, and then the same ones again.
  package func measure(_ grammar: some ByteGrammar, steps: Int) -> Measured {
    var random = RandomSource(seed: 5)
    return measure(grammar, steps: steps) { _, allowed in
      allowed.isEmpty ? -1 : Int(allowed[Int(random.next() % UInt64(allowed.count))])
    }
  }

  /// Follows `texts`, each from the start of the grammar to its end or to a token that cannot come, and then all again.
  package func measure(_ grammar: some ByteGrammar, along texts: [String]) -> Measured {
    let tokens = texts.flatMap { tokenizer.encode(Array($0.utf8)) + [-1] }
    return measure(grammar, steps: tokens.count) { step, allowed in
      allowed.contains(Int32(tokens[step])) ? tokens[step] : -1
    }
  }

  private func measure(
    _ grammar: some ByteGrammar, steps: Int, choose: (_ step: Int, _ allowed: [Int32]) -> Int
  ) -> Measured {
    let cursor = GrammarCursor(grammar, tokenizer: tokenizer, trie: trie)
    var measured = Measured()
    func timed(_ body: () -> [Int32]) -> ([Int32], Double) {
      let start = Self.now
      let allowed = body()
      return (allowed, Self.now - start)
    }
    func take(_ token: Int) { if token < 0 { cursor.restart() } else { cursor.take(token) } }
    for step in 0..<steps {
      let (allowed, time) = timed { cursor.allowedTokens() }
      measured.cold.append(time)
      measured.allowed.append(allowed.count)
      measured.taken.append(choose(step, allowed))
      take(measured.taken[step])
    }
    cursor.restart()
    for token in measured.taken {
      let (_, time) = timed { cursor.allowedTokens() }
      measured.steady.append(time)
      take(token)
    }
    return measured
  }
}
