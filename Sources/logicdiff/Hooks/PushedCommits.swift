/// Commits that a push brings, as the hook's standard input tells, or the variables of the pre-commit framework, which
/// gives its hooks none.
enum PushedCommits {
  struct Commit: Sendable {
    var id: String
    var parents: [String]
    var message: String

    var subject: String { CommitClaim.lines(of: message).first ?? "" }
  }

  struct Update: Equatable {
    /// Nil where the reference is deleted.
    var new: String?
    /// Nil where the other side has none yet.
    var old: String?
  }

  /// Lines of `<local ref> <local id> <remote ref> <remote id>` (githooks(5)); an id of zeros stands for none.
  static func updates(in text: String) -> [Update] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 4 else { return nil }
      return Update(new: some(words[1]), old: some(words[3]))
    }
  }

  /// What the framework says; on the first push of a branch it names no start.
  static func updateOfFramework() -> Update? {
    guard Environment.value("PRE_COMMIT") != nil || Environment.value("PRE_COMMIT_TO_REF") != nil else { return nil }
    return Update(
      new: Environment.value("PRE_COMMIT_TO_REF").flatMap { some($0[...]) } ?? "HEAD",
      old: Environment.value("PRE_COMMIT_FROM_REF").flatMap { some($0[...]) })
  }

  private static func some(_ id: Substring) -> String? {
    // Git names objects here; anything else could be read as an option.
    id.allSatisfy { $0 == "0" } || id.hasPrefix("-") ? nil : String(id)
  }

  /// The commits of an update, oldest first.
  static func commits(of update: Update, remote: String?) throws -> [Commit] {
    guard let new = update.new else { return [] }
    var range = [new]
    if let old = update.old, try Git.run(["cat-file", "-e", old + "^{commit}"]).status == 0 {
      range.append("^" + old)
    } else {
      // What the other side has beyond what we know of it cannot be told; it is not ours to check anyway.
      // A push to an address has no branches of its own to be held against.
      let named = try remote.flatMap { try Git.run(["remote"]).lines.contains($0) ? "=\($0)" : nil } ?? ""
      range += ["--not", "--remotes\(named)"]
    }
    // A tag of something other than a commit has no logic.
    guard try Git.run(["rev-parse", "--verify", "--quiet", new + "^{commit}"]).status == 0 else { return [] }
    return try commits(range)
  }

  /// The commits that words of `git log` name, oldest first.
  static func commits(_ words: [String]) throws -> [Commit] {
    let text = try Git.text(["log", "-z", "--reverse", "--no-color", "--format=%H%n%P%n%B"] + words)
    return text.split(separator: "\0").compactMap { entry in
      let parts = entry.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      return Commit(
        id: String(parts[0]), parents: parts[1].split(separator: " ").map(String.init), message: String(parts[2]))
    }
  }
}
