/// What a commit's message says of its logic.
enum CommitClaim: Equatable {
  /// `refactor:` or `style:`, or a trailer `Logic: unchanged`.
  case unchanged(String)
  /// `perf:`, which may change the cost.
  case cost(String)

  /// The words of the message that say so.
  var words: String {
    switch self {
    case .unchanged(let words), .cost(let words): words
    }
  }

  /// Nil where the message claims nothing.
  init?(message: String) {
    let lines = Self.lines(of: message)
    guard var subject = lines.first else { return nil }
    // What `git commit --fixup` and `--squash` write is folded into the commit that it names.
    for prefix in ["fixup! ", "squash! ", "amend! "] {
      while subject.hasPrefix(prefix) { subject = String(subject.dropFirst(prefix.count)) }
    }
    let type = Self.type(of: subject)
    let trailer = Self.trailer(in: lines)
    if type == "refactor" || type == "style" {
      self = .unchanged(type ?? "")
    } else if let trailer {
      self = .unchanged(trailer)
    } else if type == "perf" {
      self = .cost("perf")
    } else {
      return nil
    }
  }

  /// The message without git's comments and without the diff that `git commit --verbose` puts below its scissors.
  static func lines(of message: String, comment: Character = "#") -> [String] {
    var lines: [String] = []
    for line in message.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = line.hasSuffix("\r") ? line.dropLast() : line
      if line.hasPrefix("\(comment) ------------------------ >8 ------------------------") { break }
      if line.hasPrefix("\(comment)") { continue }
      if lines.isEmpty, line.allSatisfy({ $0 == " " || $0 == "\t" }) { continue }
      lines.append(String(line))
    }
    return lines
  }

  /// `type(scope)!: description` (Conventional Commits 1.0); types are read in any case.
  private static func type(of subject: String) -> String? {
    guard let colon = subject.firstIndex(of: ":"), subject[subject.index(after: colon)...].hasPrefix(" ") else {
      return nil
    }
    var head = subject[..<colon]
    if head.last == "!" { head = head.dropLast() }
    if let open = head.firstIndex(of: "(") {
      guard head.last == ")", open != head.startIndex else { return nil }
      head = head[..<open]
    }
    let type = head.lowercased()
    return !type.isEmpty && type.allSatisfy { $0.isLetter || $0 == "-" } ? type : nil
  }

  /// `Logic: unchanged` among the lines of the last paragraph, which is never the subject.
  private static func trailer(in lines: [String]) -> String? {
    let body = lines.dropFirst()
    guard let end = body.lastIndex(where: { !$0.isEmpty }) else { return nil }
    let start = body[...end].lastIndex { $0.isEmpty } ?? lines.startIndex
    for line in lines[start...end].dropFirst() {
      guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "logic" else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      if value.lowercased().hasPrefix("unchanged") { return "Logic: unchanged" }
    }
    return nil
  }
}
