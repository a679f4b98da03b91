// How to end a text from anywhere: the current token first, then the shortest alternative of each symbol that is left.
extension TextAutomaton {
  /// A short way from here to an accepted text.
  package func completion(of state: State) -> [UInt8]? {
    guard var (bytes, state) = settled(state) else { return nil }
    for _ in 0..<2_000 {
      if isAccepting(state) { return bytes }
      guard let (more, next) = step(state) else { return nil }
      bytes += more
      state = next
    }
    return nil
  }

  private typealias Step = (bytes: [UInt8], state: State)

  /// Whether a whole token may start or a whole line may end here.
  private func isSettled(_ state: State) -> Bool {
    switch state.lexeme.mode {
    case .boundary, .blank, .indentation: true
    case .quoted:
      state.lexeme.inner == 0 && (state.lexeme.node == Quote.format || state.lexeme.node == Quote.specification)
    default: false
    }
  }

  /// Ends the token that is being read: breadth first, for what is left of a token is short.
  private func settled(_ state: State) -> Step? {
    if isSettled(state) { return ([], state) }
    let candidates: [UInt8] = [0x0A, 0x20] + Array(0x21..<0x7F) + [0x80, 0x90, 0xA0]
    var seen: Set<State> = [state]
    var queue: [Step] = [([], state)]
    var index = 0
    while index < queue.count, queue.count < 5_000 {
      let (bytes, from) = queue[index]
      for byte in candidates {
        guard let next = advance(from, byte), seen.insert(next).inserted else { continue }
        if isSettled(next) { return (bytes + [byte], next) }
        queue.append((bytes + [byte], next))
      }
      index += 1
    }
    return nil
  }

  /// One token, blank or line end on the shortest way.
  private func step(_ state: State) -> Step? {
    if state.lexeme.mode == .indentation { return line(state) }
    if state.lexeme.mode == .boundary, let next = advance(state, 0x0A) { return ([0x0A], next) }
    let terminal = nextTerminal(state.stack)
    if let terminal, terminal != Self.lineEnd, let result = spelled(terminal, from: state) { return result }
    // After a blank the line cannot end: any token will do.
    for other in 0..<UInt8(Self.tables.terminalCount) where other != Self.lineEnd && state.allowed.contains(other) {
      if let result = spelled(other, from: state) { return result }
    }
    return nil
  }

  private func nextTerminal(_ stack: [UInt8]) -> UInt8? {
    let tables = Self.tables
    var stack = stack
    while let symbol = stack.popLast() {
      if Int(symbol) < tables.terminalCount { return symbol }
      let rule = Int(symbol) - tables.terminalCount
      stack.append(contentsOf: tables.alternatives[rule][tables.shortest[rule]])
    }
    return nil
  }

  private func spelled(_ terminal: UInt8, from state: State) -> Step? {
    let sample = Array(Self.tables.samples[Int(terminal)].utf8)
    if sample.isEmpty { return nil }
    let bytes = state.lexeme.mode == .boundary && advance(state, 0x20) != nil ? [0x20] + sample : sample
    return following(bytes, from: state).flatMap { step in
      settled(step.state).map { (step.bytes + $0.bytes, $0.state) }
    }
  }

  private func following(_ bytes: [UInt8], from state: State) -> Step? {
    var state = state
    for byte in bytes {
      guard let next = advance(state, byte) else { return nil }
      state = next
    }
    return (bytes, state)
  }

  /// A closing word where the blanks so far allow one, else a statement.
  private func line(_ state: State) -> Step? {
    let level = Self.level(state.stack)
    let count = Int(state.lexeme.count)
    if count <= 2 * (level - 1), let terminal = nextTerminal(state.stack), Self.closers.contains(terminal) {
      let blanks = [UInt8](repeating: 0x20, count: 2 * (level - 1) - count)
      return following(blanks + Array(Self.tables.samples[Int(terminal)].utf8) + [0x0A], from: state)
    }
    let blanks = [UInt8](repeating: 0x20, count: max(0, 2 * level - count))
    return following(blanks + Array("break\n".utf8), from: state)
  }
}
