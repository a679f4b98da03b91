/// What begins with a parenthesis.
extension Parser {
  /// Reads on behind `(`; nil for comments and flags, which are no part of the pattern.
  mutating func parseParenthesis(verbose: inout Bool, mayBeFlags: Bool) throws(PatternError) -> Node? {
    let start = reader.position - 1
    guard try reader.take("?") else { return try parseCapture(name: nil, verbose: verbose, start: start) }
    guard let token = try reader.take() else { throw reader.error("unexpected end of pattern") }
    switch token {
    case .plain("P"): return try parseNamed(verbose: verbose, start: start)
    case .plain(":"): return .group(try parseBody(verbose, start), index: nil, added: [], removed: [])
    case .plain(">"): return .atomic(try parseBody(verbose, start))
    case .plain("#"): return try skipComment(start: start)
    case .plain("="), .plain("!"), .plain("<"): return try parseLook(token, verbose: verbose, start: start)
    case .plain("("): return try parseConditional(verbose: verbose, start: start)
    case .plain("-"): return try parseScopedFlags(token, verbose: &verbose, start: start, mayBeGlobal: mayBeFlags)
    case .plain(let point) where "imsxautL".unicodeScalars.contains { $0.value == point }:
      return try parseScopedFlags(token, verbose: &verbose, start: start, mayBeGlobal: mayBeFlags)
    default: throw reader.error("unknown extension ?\(token.text)", back: token.length + 1)
    }
  }

  /// The alternatives and the closing parenthesis.
  private mutating func parseBody(_ verbose: Bool, _ start: Int) throws(PatternError) -> [Node] {
    let body = try parseAlternatives(verbose: verbose)
    try close(start)
    return body
  }

  private mutating func close(_ start: Int) throws(PatternError) {
    guard try reader.take(")") else {
      throw reader.error("missing ), unterminated subpattern", back: reader.position - start)
    }
  }

  private mutating func parseCapture(name: [UInt32]?, verbose: Bool, start: Int) throws(PatternError) -> Node {
    let index = try groups.open(name: name, in: reader)
    let body = try parseBody(verbose, start)
    groups.close(index, width: body.width(groups: groups.widths))
    return .group(body, index: index, added: [], removed: [])
  }

  private mutating func skipComment(start: Int) throws(PatternError) -> Node? {
    while reader.next != nil {
      if try reader.take(")") { return nil }
      try reader.advance()
    }
    throw reader.error("missing ), unterminated comment", back: reader.position - start)
  }

  /// `(?P<name>...)` and `(?P=name)`.
  private mutating func parseNamed(verbose: Bool, start: Int) throws(PatternError) -> Node {
    if try reader.take("<") {
      let name = try reader.take(until: ">", subject: "group name")
      try checkName(name)
      return try parseCapture(name: name, verbose: verbose, start: start)
    }
    if try reader.take("=") {
      let name = try reader.take(until: ")", subject: "group name")
      try checkName(name)
      return try reference(to: try groupIndex(named: name), back: name.count + 1)
    }
    guard let token = try reader.take() else { throw reader.error("unexpected end of pattern") }
    throw reader.error("unknown extension ?P\(token.text)", back: token.length + 2)
  }

  private func checkName(_ name: [UInt32]) throws(PatternError) {
    if name.isIdentifier { return }
    throw reader.error("bad character in group name \(String(quoting: name))", back: name.count + 1)
  }

  private func groupIndex(named name: [UInt32]) throws(PatternError) -> Int {
    if let index = groups.index(named: name) { return index }
    throw reader.error("unknown group name \(String(quoting: name))", back: name.count + 1)
  }

  /// A reference to a group that is closed; `back` is how far behind its text begins.
  func reference(to index: Int, back: Int) throws(PatternError) -> Node {
    if !groups.isClosed(index) { throw reader.error("cannot refer to an open group", back: back) }
    try groups.checkLookbehind(index, in: reader)
    return .reference(index)
  }

  /// `(?=...)`, `(?!...)`, `(?<=...)` and `(?<!...)`.
  private mutating func parseLook(_ first: Token, verbose: Bool, start: Int) throws(PatternError) -> Node {
    guard first == .plain(60) else {
      return .look(try parseBody(verbose, start), behind: false, negated: first == .plain(33))
    }
    guard let sign = try reader.take() else { throw reader.error("unexpected end of pattern") }
    guard sign == .plain(61) || sign == .plain(33) else {
      throw reader.error("unknown extension ?<\(sign.text)", back: sign.length + 2)
    }
    let outer = groups.lookbehindLimit
    groups.lookbehindLimit = outer ?? groups.count
    let body = try parseAlternatives(verbose: verbose)
    groups.lookbehindLimit = outer
    try close(start)
    return .look(body, behind: true, negated: sign == .plain(33))
  }

  /// `(?(group)yes|no)`
  private mutating func parseConditional(verbose: Bool, start: Int) throws(PatternError) -> Node {
    let name = try reader.take(until: ")", subject: "group name")
    let group = try conditionGroup(name)
    try groups.checkLookbehind(group, in: reader)
    try deepen()
    defer { depth -= 1 }
    let yes = try parseSequence(verbose: verbose)
    let no = try reader.take("|") ? try parseSequence(verbose: verbose) : nil
    if no != nil, reader.next == .plain(124) {
      throw reader.error("conditional backref with more than two branches")
    }
    try close(start)
    return .conditional(group: group, yes: yes, no: no)
  }

  private mutating func conditionGroup(_ name: [UInt32]) throws(PatternError) -> Int {
    if name.isIdentifier { return try groupIndex(named: name) }
    let group = try name.groupNumber(in: reader)
    if group == 0 { throw reader.error("bad group number", back: name.count + 1) }
    groups.expect(group, at: reader.position - name.count - 1)
    return group
  }
}
