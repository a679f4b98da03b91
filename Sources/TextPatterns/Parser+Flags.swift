/// `(?i)`, `(?i:...)`, `(?-i:...)`.
extension Parser {
  /// Reads flags from `first` on; nil where they are global, else the group that they govern.
  mutating func parseScopedFlags(
    _ first: Token, verbose: inout Bool, start: Int, mayBeGlobal: Bool
  ) throws(PatternError) -> Node? {
    var token = first
    let added = try parseAdded(&token)
    if token == .plain(41) {
      flags.formUnion(added)
      if !mayBeGlobal {
        throw reader.error("global flags not at the start of the expression", back: reader.position - start)
      }
      verbose = flags.contains(.verbose)
      return nil
    }
    let removed = token == .plain(45) ? try parseRemoved() : []
    if !added.isDisjoint(with: removed) {
      throw reader.error("bad inline flags: flag turned on and off", back: 1)
    }
    let isVerbose = (verbose || added.contains(.verbose)) && !removed.contains(.verbose)
    let body = try parseAlternatives(verbose: isVerbose)
    guard try reader.take(")") else {
      throw reader.error("missing ), unterminated subpattern", back: reader.position - start)
    }
    return .group(body, index: nil, added: added, removed: removed)
  }

  /// The flags turned on; `token` becomes the character behind them, one of `)`, `-` and `:`.
  private mutating func parseAdded(_ token: inout Token) throws(PatternError) -> PatternFlags {
    var added: PatternFlags = []
    while token != .plain(45), token != .plain(41), token != .plain(58) {
      let flag = try flag(token, expected: "missing -, : or )")
      added.insert(flag)
      if !flag.isDisjoint(with: .types), added.intersection(.types) != flag {
        throw reader.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible")
      }
      guard let next = try reader.take() else { throw reader.error("missing -, : or )") }
      token = next
    }
    return added
  }

  /// The flags turned off, and the colon behind them.
  private mutating func parseRemoved() throws(PatternError) -> PatternFlags {
    var removed: PatternFlags = []
    guard var token = try reader.take() else { throw reader.error("missing flag") }
    repeat {
      let flag = try flag(token, expected: removed.isEmpty ? "missing flag" : "missing :", mayBeType: false)
      removed.insert(flag)
      guard let next = try reader.take() else { throw reader.error("missing :") }
      token = next
    } while token != .plain(58)
    return removed
  }

  private func flag(
    _ token: Token, expected: String, mayBeType: Bool = true
  ) throws(PatternError) -> PatternFlags {
    guard case .plain(let point) = token else { throw reader.error(expected, back: token.length) }
    if point == 116 { throw .unsupported("the inline flag t") }
    let flag = PatternFlags(letter: point)
    if !mayBeType, point == 76 || flag?.isDisjoint(with: .types) == false {
      throw reader.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'")
    }
    if let flag { return flag }
    if point == 76 { throw reader.error("bad inline flags: cannot use 'L' flag with a str pattern") }
    let isLetter = Unicode.Scalar(point)?.properties.isAlphabetic ?? false
    throw reader.error(isLetter ? "unknown flag" : expected, back: 1)
  }
}
