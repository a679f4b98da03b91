/// Reads a pattern into nodes, with the rules and the messages of CPython's `re._parser`.
///
/// Example: `a(?:b|c)*` becomes a literal and a greedy repetition of the set `[bc]`.
struct Parser {
  /// Deeper nesting is refused, for the parser and the compiler recurse with it.
  static let depthLimit = 100

  var reader: PatternReader
  /// Those given and those that `(?i)` and its like add.
  var flags: PatternFlags
  var groups = GroupTable()
  var depth = 0

  init(_ pattern: [UInt32], flags: PatternFlags) throws(PatternError) {
    reader = try PatternReader(pattern)
    self.flags = flags
  }

  /// The nodes of the whole pattern; `flags` and `groups` are complete afterwards.
  mutating func parse() throws(PatternError) -> [Node] {
    let nodes = try parseAlternatives(verbose: flags.contains(.verbose), isOutermost: true)
    flags = try flags.resolved()
    if reader.next != nil { throw reader.error("unbalanced parenthesis") }
    try groups.checkAwaited(in: reader.source)
    return nodes
  }

  /// `a|b|c`, up to a closing parenthesis or the end.
  mutating func parseAlternatives(verbose: Bool, isOutermost: Bool = false) throws(PatternError) -> [Node] {
    try deepen()
    defer { depth -= 1 }
    var items = [try parseSequence(verbose: verbose, mayBeginWithFlags: isOutermost)]
    while try reader.take("|") {
      items.append(try parseSequence(verbose: isOutermost ? flags.contains(.verbose) : verbose))
    }
    if items.count == 1 { return items[0] }
    return [Parser.mergedSet(items) ?? .branch(items)]
  }

  mutating func deepen() throws(PatternError) {
    depth += 1
    if depth > Parser.depthLimit { throw .unsupported("nesting beyond \(Parser.depthLimit) groups") }
  }

  /// Alternatives that are one character each, as a set: `a|[bc]` is `[abc]`.
  private static func mergedSet(_ items: [[Node]]) -> Node? {
    var members: [SetItem] = []
    for item in items {
      guard item.count == 1, let node = item.first else { return nil }
      switch node {
      case .literal(let point): members.append(.literal(point))
      case .set(let more, negated: false): members += more
      default: return nil
      }
    }
    return .set(members, negated: false)
  }

  /// What stands between two bars.
  mutating func parseSequence(verbose: Bool, mayBeginWithFlags: Bool = false) throws(PatternError) -> [Node] {
    var verbose = verbose
    var nodes: [Node] = []
    while let token = reader.next, token != .plain(124), token != .plain(41) {
      try reader.advance()
      if verbose, try skipsInVerbose(token) { continue }
      switch token {
      case .escape(let point): nodes.append(try parseEscape(point))
      case .plain("["): nodes.append(try parseSet())
      case .plain("*"), .plain("+"), .plain("?"), .plain("{"): try parseRepetition(token, of: &nodes)
      case .plain("."): nodes.append(.any)
      case .plain("^"): nodes.append(.position(.lineStart))
      case .plain("$"): nodes.append(.position(.lineEnd))
      case .plain("("):
        let mayBeFlags = mayBeginWithFlags && nodes.isEmpty
        if let node = try parseParenthesis(verbose: &verbose, mayBeFlags: mayBeFlags) { nodes.append(node) }
      case .plain(let point): nodes.append(.literal(point))
      }
    }
    return Parser.unbracketed(nodes)
  }

  /// Passes over white space and comments.
  private mutating func skipsInVerbose(_ token: Token) throws(PatternError) -> Bool {
    switch token {
    case .plain(" "), .plain("\t"), .plain("\n"), .plain("\r"), .plain("\u{B}"), .plain("\u{C}"): return true
    case .plain("#"):
      while let skipped = try reader.take(), skipped != .plain(10) {}
      return true
    default: return false
    }
  }

  /// The nodes with groups that merely bracket dissolved.
  private static func unbracketed(_ nodes: [Node]) -> [Node] {
    nodes.flatMap { node -> [Node] in
      if case .group(let body, index: nil, added: [], removed: []) = node { return body }
      return [node]
    }
  }

  /// `*`, `+`, `?` or `{m,n}`, with a `?` or `+` behind it; a brace that bounds nothing is literal.
  private mutating func parseRepetition(_ token: Token, of nodes: inout [Node]) throws(PatternError) {
    let start = reader.position
    guard var bounds = try parseBounds(token) else {
      nodes.append(.literal(123))
      return try reader.seek(start)
    }
    try checkRepeatable(nodes.last, at: start)
    guard let item = nodes.popLast() else { return }
    if try reader.take("?") {
      bounds.kind = .lazy
    } else if try reader.take("+") {
      bounds.kind = .possessive
    }
    nodes.append(.repetition(Parser.unbracketed([item]), bounds))
  }

  private func checkRepeatable(_ node: Node?, at start: Int) throws(PatternError) {
    let back = reader.position - start + 1
    switch node {
    case nil, .position: throw reader.error("nothing to repeat", back: back)
    case .repetition: throw reader.error("multiple repeat", back: back)
    default: return
    }
  }

  /// The bounds that `token` begins; nil for a literal brace.
  private mutating func parseBounds(_ token: Token) throws(PatternError) -> Bounds? {
    switch token {
    case .plain("*"): return Bounds(minimum: 0, maximum: Bounds.unbounded)
    case .plain("+"): return Bounds(minimum: 1, maximum: Bounds.unbounded)
    case .plain("?"): return Bounds(minimum: 0, maximum: 1)
    default: return try parseBraces()
    }
  }

  private mutating func parseBraces() throws(PatternError) -> Bounds? {
    let start = reader.position
    if reader.next == .plain(125) { return nil }
    let low = try reader.take(upTo: .max, where: \.isDecimalDigit)
    let high = try reader.take(",") ? try reader.take(upTo: .max, where: \.isDecimalDigit) : low
    guard try reader.take("}") else { return nil }
    let bounds = Bounds(
      minimum: try Parser.repetitionNumber(low) ?? 0,
      maximum: try Parser.repetitionNumber(high) ?? Bounds.unbounded)
    if bounds.maximum < bounds.minimum {
      throw reader.error("min repeat greater than max repeat", back: reader.position - start)
    }
    return bounds
  }

  private static func repetitionNumber(_ digits: [UInt32]) throws(PatternError) -> Int? {
    if digits.isEmpty { return nil }
    guard let number = digits.number(), number < Bounds.unbounded else {
      throw PatternError("the repetition number is too large", kind: .overflow)
    }
    return number
  }
}
