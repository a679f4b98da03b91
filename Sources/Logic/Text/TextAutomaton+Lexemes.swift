// Words, numbers and quoted texts, byte by byte.
extension TextAutomaton {
  /// What a quoted text is; `node` of its lexeme.
  enum Quote {
    static let string: UInt8 = 0
    static let name: UInt8 = 1
    static let bytes: UInt8 = 2
    static let format: UInt8 = 3
    static let specification: UInt8 = 4
    static let imported: UInt8 = 5
  }

  // MARK: UTF-8 and escapes

  /// What must follow inside a character: 0 nothing; see `after`.
  private enum Inner {
    static let none: UInt8 = 0
    // 1 to 3: that many continuation bytes of UTF-8.
    static let afterE0: UInt8 = 4
    static let afterED: UInt8 = 5
    static let afterF0: UInt8 = 6
    static let afterF4: UInt8 = 7
    static let escape: UInt8 = 8
    /// 16 to 24: that many hexadecimal digits.
    static let digits: UInt8 = 16
    /// `\U` goes on `000` or `0010`.
    static let plane: UInt8 = 32
  }

  /// The first byte of a character beyond ASCII.
  private static func lead(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0xC2...0xDF: 1
    case 0xE0: Inner.afterE0
    case 0xED: Inner.afterED
    case 0xE1...0xEF: 2
    case 0xF0: Inner.afterF0
    case 0xF1...0xF3: 3
    case 0xF4: Inner.afterF4
    default: nil
    }
  }

  /// A byte inside a character.
  private static func after(_ inner: UInt8, _ byte: UInt8) -> UInt8? {
    switch inner {
    case 1...3: return (0x80...0xBF).contains(byte) ? inner - 1 : nil
    case Inner.afterE0: return (0xA0...0xBF).contains(byte) ? 1 : nil
    case Inner.afterED: return (0x80...0x9F).contains(byte) ? 1 : nil
    case Inner.afterF0: return (0x90...0xBF).contains(byte) ? 2 : nil
    case Inner.afterF4: return (0x80...0x8F).contains(byte) ? 2 : nil
    case Inner.escape:
      switch byte {
      case UInt8(ascii: "x"): return Inner.digits + 2
      case UInt8(ascii: "u"): return Inner.digits + 4
      case UInt8(ascii: "U"): return Inner.plane
      default: return "nrt\\\"`{}".utf8.contains(byte) ? Inner.none : nil
      }
    case (Inner.digits + 1)...(Inner.digits + 8):
      guard isHexadecimal(byte) else { return nil }
      return inner == Inner.digits + 1 ? Inner.none : inner - 1
    case Inner.plane, Inner.plane + 1: return byte == UInt8(ascii: "0") ? inner + 1 : nil
    case Inner.plane + 2:
      return byte == UInt8(ascii: "0") ? Inner.digits + 5 : byte == UInt8(ascii: "1") ? Inner.plane + 3 : nil
    case Inner.plane + 3: return byte == UInt8(ascii: "0") ? Inner.digits + 4 : nil
    default: return nil
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    Lexer.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }

  // MARK: Words

  func word(_ state: State, _ byte: UInt8) -> State? {
    if state.lexeme.inner != Inner.none {
      return Self.after(state.lexeme.inner, byte).map { inner in
        var lexeme = state.lexeme
        lexeme.inner = inner
        return with(state, lexeme)
      }
    }
    if Lexer.continuesWord(byte) { return extendWord(state, byte) }
    if byte == UInt8(ascii: "\""), state.lexeme.count == 1 {
      let node = state.lexeme.node
      let words = Self.tables.words
      if words.child(of: 0, UInt8(ascii: "f")) == node, state.allowed.contains(Self.format) {
        return finish(state, Self.format)
      }
      if words.child(of: 0, UInt8(ascii: "b")) == node, state.allowed.contains(Self.bytes) {
        return with(state, .init(mode: .quoted, node: Quote.bytes))
      }
    }
    return finishWord(state).flatMap { advance($0, byte) }
  }

  func extendWord(_ state: State, _ byte: UInt8) -> State? {
    let isName = state.allowed.contains(Self.name) || state.allowed.contains(Self.anyWord)
    var lexeme = state.lexeme
    guard lexeme.count < Self.maximalWord else { return nil }
    let node = lexeme.node == Self.plain ? nil : Self.tables.words.child(of: lexeme.node, byte)
    if byte >= 0x80 {
      guard let inner = Self.lead(byte) else { return nil }
      lexeme.inner = inner
    }
    lexeme.node = node ?? Self.plain
    lexeme.count += 1
    if let node, !Self.tables.words.nodes[Int(node)].reach.intersection(state.allowed).isEmpty {
      return with(state, lexeme)
    }
    // `f"` and `b"` start like words.
    if lexeme.count == 1,
      byte == UInt8(ascii: "f") && state.allowed.contains(Self.format)
        || byte == UInt8(ascii: "b") && state.allowed.contains(Self.bytes)
    {
      return with(state, lexeme)
    }
    return isName ? with(state, lexeme) : nil
  }

  func finishWord(_ state: State) -> State? {
    let allowed = state.allowed
    let entry = state.lexeme.node == Self.plain ? nil : Self.tables.words.nodes[Int(state.lexeme.node)]
    if let entry, let terminal = entry.terminal {
      if allowed.contains(terminal) { return finish(state, terminal) }
      if entry.isContextual, let result = finish(state, Self.name) { return result }
      return finish(state, Self.anyWord)
    }
    return finish(state, Self.name) ?? finish(state, Self.anyWord)
  }

  func imported(_ state: State, _ byte: UInt8) -> State? {
    var lexeme = state.lexeme
    if lexeme.inner != Inner.none {
      guard let inner = Self.after(lexeme.inner, byte) else { return nil }
      lexeme.inner = inner
      return with(state, lexeme)
    }
    // The node is 1 inside a word, 0 where one must start.
    let continues = lexeme.node == 1 ? Lexer.continuesWord(byte) : Lexer.startsWord(byte)
    if continues {
      guard lexeme.count < Self.maximalWord else { return nil }
      if byte >= 0x80 {
        guard let inner = Self.lead(byte) else { return nil }
        lexeme.inner = inner
      }
      lexeme.node = 1
      lexeme.count += 1
      return with(state, lexeme)
    }
    if lexeme.node == 0 {
      return lexeme.count == 0 && byte == UInt8(ascii: "`")
        ? with(state, .init(mode: .quoted, node: Quote.imported)) : nil
    }
    if byte == UInt8(ascii: ".") {
      guard lexeme.count < Self.maximalWord - 1 else { return nil }
      lexeme.node = 0
      lexeme.count += 1
      return with(state, lexeme)
    }
    return finish(state, Self.imported).flatMap { advance($0, byte) }
  }

  // MARK: Numbers

  /// The node is 1 where a digit must come.
  func number(_ state: State, _ byte: UInt8) -> State? {
    var lexeme = state.lexeme
    let takesFloat = state.allowed.contains(Self.float)
    if Lexer.isDigit(byte) {
      guard lexeme.count < (lexeme.mode == .exponent ? 3 : Self.maximalDigits) else { return nil }
      lexeme.count += 1
      lexeme.node = 0
      return with(state, lexeme)
    }
    if lexeme.node == 1 {
      let isSign = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      return lexeme.mode == .exponent && lexeme.inner == 0 && isSign
        ? with(state, .init(mode: .exponent, node: 1, inner: 1)) : nil
    }
    switch (lexeme.mode, byte) {
    case (.integer, UInt8(ascii: ".")): return takesFloat ? with(state, .init(mode: .fraction, node: 1)) : nil
    case (.integer, UInt8(ascii: "e")), (.fraction, UInt8(ascii: "e")):
      return takesFloat ? with(state, .init(mode: .exponent, node: 1)) : nil
    default:
      if Lexer.continuesWord(byte) { return nil }
      return finish(state, lexeme.mode == .integer ? Self.integer : Self.float).flatMap { advance($0, byte) }
    }
  }

  // MARK: Quoted texts

  func quoted(_ state: State, _ byte: UInt8) -> State? {
    var lexeme = state.lexeme
    if lexeme.inner != Inner.none {
      // A name is text and bytes are bytes: no escape may make a lone surrogate or more than a byte.
      let isNarrow = lexeme.node == Quote.name || lexeme.node == Quote.imported || lexeme.node == Quote.bytes
      if lexeme.inner == Inner.escape, isNarrow, byte | 0x20 == UInt8(ascii: "u") { return nil }
      guard let inner = Self.after(lexeme.inner, byte) else { return nil }
      lexeme.inner = inner
      return with(state, lexeme)
    }
    let kind = lexeme.node
    switch byte {
    case UInt8(ascii: "\"") where kind == Quote.string: return finish(state, Self.string)
    case UInt8(ascii: "\"") where kind == Quote.bytes: return finish(state, Self.bytes)
    case UInt8(ascii: "\"") where kind == Quote.format: return finish(state, Self.formatEnd)
    case UInt8(ascii: "`") where kind == Quote.name: return finish(state, Self.name) ?? finish(state, Self.anyWord)
    case UInt8(ascii: "`") where kind == Quote.imported: return finish(state, Self.imported)
    case UInt8(ascii: "{") where kind == Quote.format: return finish(state, Self.formatOpen)
    case UInt8(ascii: "{") where kind == Quote.specification: return finish(state, Self.specificationOpen)
    case UInt8(ascii: "}") where kind == Quote.specification: return finish(state, Self.specificationEnd)
    case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"):
      if kind == Quote.format || kind == Quote.specification { return nil }
    case 0..<0x20, 0x7F: return nil
    default: break
    }
    guard lexeme.count < Self.maximalQuoted else { return nil }
    lexeme.count += 1
    if byte == UInt8(ascii: "\\") {
      lexeme.inner = Inner.escape
    } else if byte >= 0x80 {
      guard kind != Quote.bytes, let inner = Self.lead(byte) else { return nil }
      lexeme.inner = inner
    }
    return with(state, lexeme)
  }
}
