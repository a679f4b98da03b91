/// The summary language one byte at a time: a push-down automaton that holds a decoder's output to the form.
///
/// Every text that it accepts parses. It leaves out what summaries seldom need (`TextAutomaton+Rules.swift`) and fixes
/// the layout: one blank at most between tokens, a line for each statement, two blanks for each level. Names, numbers,
/// quoted texts and the nesting are bounded. A lexer with one byte of state runs in front of an LL(1) stack; what the
/// lexer may still become is checked against what the stack allows at every byte, so no state is a dead end.
package struct TextAutomaton: Sendable {
  /// Where a text stands.
  package struct State: Hashable, Sendable {
    var lexeme: Lexeme
    /// What the token that is being read may be.
    var allowed: Terminals
    /// The symbols still to come, the next one last.
    var stack: [UInt8]
  }

  /// The part of a token that has been read.
  struct Lexeme: Hashable, Sendable {
    enum Mode: UInt8 {
      case boundary, blank, indentation, word, symbol, integer, fraction, exponent, quoted, imported
    }
    var mode: Mode
    /// A node of the spellings, or what a number, a quoted text or a name goes on with.
    var node: UInt8 = 0
    /// Inside an escape or a UTF-8 sequence: what must come next.
    var inner: UInt8 = 0
    /// Bytes so far.
    var count: UInt16 = 0
  }

  static let tables = Tables(rules)
  /// Symbols on the stack before the growing alternatives close.
  static let limit = 80
  static let maximalWord: UInt16 = 64
  static let maximalDigits: UInt16 = 40
  static let maximalQuoted: UInt16 = 1_000
  /// Off the tree of words: a name.
  static let plain: UInt8 = 255

  package init() {}

  /// What is wrong with the rules: choices that one token cannot make, and forms that could not end.
  package static var ruleProblems: [String] { tables.conflicts + tables.unproductive }

  package var start: State {
    state(.init(mode: .blank), [Self.tables.symbol("text")])
  }

  // MARK: The stack

  private func state(_ lexeme: Lexeme, _ stack: [UInt8]) -> State {
    State(lexeme: lexeme, allowed: Self.allowed(stack), stack: stack)
  }

  static func allowed(_ stack: [UInt8]) -> Terminals {
    let tables = tables
    let mode = stack.count > limit ? 1 : 0
    var result = Terminals()
    for symbol in stack.reversed() {
      if Int(symbol) < tables.terminalCount { return result.union(.one(symbol)) }
      let rule = Int(symbol) - tables.terminalCount
      result = result.union(tables.first[mode][rule])
      if !tables.nullable[rule] { return result }
    }
    return result
  }

  /// The stack after a token, or nil where it cannot come.
  static func taking(_ terminal: UInt8, _ stack: [UInt8]) -> [UInt8]? {
    let tables = tables
    let mode = stack.count > limit ? 1 : 0
    var stack = stack
    while let symbol = stack.popLast() {
      if Int(symbol) < tables.terminalCount { return symbol == terminal ? stack : nil }
      let rule = Int(symbol) - tables.terminalCount
      let option = tables.choice[mode][rule][Int(terminal)]
      if option >= 0 {
        stack.append(contentsOf: tables.alternatives[rule][Int(option)])
      } else if !tables.nullable[rule] {
        return nil
      }
    }
    return nil
  }

  /// Levels of blocks that are open at the start of a line, the outermost included.
  static func level(_ stack: [UInt8]) -> Int {
    let body = bodySymbol
    let isAtStart = stack.last.map(startSymbols.contains) ?? false
    return stack.reduce(isAtStart ? 1 : 0) { $1 == body ? $0 + 1 : $0 }
  }

  // MARK: Bytes

  /// The state after `byte`, or nil where it cannot come next.
  package func advance(_ state: State, _ byte: UInt8) -> State? {
    switch state.lexeme.mode {
    case .boundary, .blank: return starting(state, byte)
    case .indentation: return indenting(state, byte)
    case .word: return word(state, byte)
    case .symbol:
      let node = Self.tables.symbols.nodes[Int(state.lexeme.node)]
      guard let child = Self.tables.symbols.child(of: state.lexeme.node, byte) else {
        return node.terminal.flatMap { finish(state, $0) }.flatMap { starting($0, byte) }
      }
      return symbol(state, child)
    case .integer, .fraction, .exponent: return number(state, byte)
    case .quoted: return quoted(state, byte)
    case .imported: return imported(state, byte)
    }
  }

  /// Whether the text may end here.
  package func isAccepting(_ state: State) -> Bool {
    isFinal(state) || advance(state, UInt8(ascii: "\n")).map(isFinal) == true
  }

  private func isFinal(_ state: State) -> Bool {
    state.lexeme.mode == .indentation && state.lexeme.count == 0 && Self.isNullable(state.stack)
  }

  static func isNullable(_ stack: [UInt8]) -> Bool {
    stack.allSatisfy { Int($0) >= tables.terminalCount && tables.nullable[Int($0) - tables.terminalCount] }
  }

  /// The state after a whole token.
  func finish(_ state: State, _ terminal: UInt8) -> State? {
    guard state.allowed.contains(terminal) else { return nil }
    return Self.taking(terminal, state.stack).map { self.state(.init(mode: .boundary), $0) }
  }

  /// The first byte of a token, a blank or the end of a line.
  private func starting(_ state: State, _ byte: UInt8) -> State? {
    let allowed = state.allowed
    if allowed.contains(Self.formatEnd) || allowed.contains(Self.specificationEnd) {
      // Literal text of a format string.
      var state = state
      state.lexeme = .init(mode: .quoted, node: allowed.contains(Self.formatEnd) ? Quote.format : Quote.specification)
      return quoted(state, byte)
    }
    if byte == 0x20 {
      guard state.lexeme.mode == .boundary, allowed != .one(Self.lineEnd) else { return nil }
      var state = state
      state.lexeme = .init(mode: .blank)
      return state
    }
    if byte == 0x0A {
      guard state.lexeme.mode == .boundary, allowed.contains(Self.lineEnd),
        let stack = Self.taking(Self.lineEnd, state.stack)
      else { return nil }
      return self.state(.init(mode: .indentation), stack)
    }
    return token(state, byte)
  }

  private func token(_ state: State, _ byte: UInt8) -> State? {
    if Lexer.startsWord(byte) {
      var state = state
      state.lexeme = .init(mode: .word)
      return extendWord(state, byte)
    }
    if Lexer.isDigit(byte) {
      guard state.allowed.contains(Self.integer) || state.allowed.contains(Self.float) else { return nil }
      return with(state, .init(mode: .integer, count: 1))
    }
    switch byte {
    case UInt8(ascii: "\""):
      return state.allowed.contains(Self.string) ? with(state, .init(mode: .quoted, node: Quote.string)) : nil
    case UInt8(ascii: "`"):
      guard state.allowed.contains(Self.name) || state.allowed.contains(Self.anyWord) else { return nil }
      return with(state, .init(mode: .quoted, node: Quote.name))
    case UInt8(ascii: "@") where state.allowed.contains(Self.imported):
      return with(state, .init(mode: .imported))
    default:
      return Self.tables.symbols.child(of: 0, byte).flatMap { symbol(state, $0) }
    }
  }

  func with(_ state: State, _ lexeme: Lexeme) -> State {
    State(lexeme: lexeme, allowed: state.allowed, stack: state.stack)
  }

  private func symbol(_ state: State, _ node: UInt8) -> State? {
    let entry = Self.tables.symbols.nodes[Int(node)]
    if entry.reach.intersection(state.allowed).isEmpty { return nil }
    if !entry.hasChildren { return entry.terminal.flatMap { finish(state, $0) } }
    return with(state, .init(mode: .symbol, node: node))
  }

  /// Blanks at the start of a line: as many as the level of what starts there.
  private func indenting(_ state: State, _ byte: UInt8) -> State? {
    let level = Self.level(state.stack)
    let count = Int(state.lexeme.count)
    if byte == 0x20 {
      return count < 2 * level ? with(state, .init(mode: .indentation, count: UInt16(count + 1))) : nil
    }
    var state = state
    if count == 2 * level {
      state.allowed = state.allowed.subtracting(Self.closers)
    } else if count == 2 * (level - 1) {
      state.allowed = state.allowed.intersection(Self.closers)
    } else {
      return nil
    }
    return state.allowed.isEmpty ? nil : token(state, byte)
  }

  // MARK: Terminals

  static let lineEnd = tables.symbol("NL")
  static let name = tables.symbol("N")
  static let anyWord = tables.symbol("W")
  static let string = tables.symbol("STRING")
  static let bytes = tables.symbol("BYTES")
  static let integer = tables.symbol("INT")
  static let float = tables.symbol("FLOAT")
  static let imported = tables.symbol("IMPORTED")
  static let format = tables.symbol("FORMAT")
  static let formatEnd = tables.symbol("FORMATEND")
  static let formatOpen = tables.symbol("FORMATOPEN")
  static let specificationEnd = tables.symbol("SPECEND")
  static let specificationOpen = tables.symbol("SPECOPEN")
  static let bodySymbol = tables.symbol("body")
  /// What stands on top of the stack before the first statement of a block.
  static let startSymbols = [tables.symbol("begin"), tables.symbol("notes"), tables.symbol("raises")]
  static let closers = ["'end'", "'elif'", "'else'", "'except'", "'finally'"].reduce(Terminals()) {
    $0.union(.one(tables.symbol($1)))
  }
}
