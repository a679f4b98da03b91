import CGit2

extension Repository {
  /// Turns `[<rev> [<rev>] | A..B | A...B]` and `--staged` into the two sides to compare, as `git diff` reads them.
  ///
  /// No word: `HEAD` against the working tree, or against the index when staged. One: that revision against it.
  /// A branch without a commit compares as empty.
  package func revisions(words: [String], staged: Bool = false) throws(RepositoryError) -> RevisionPair {
    // No revision starts like this, and `..` would read as a range.
    if let path = words.first(where: { word in
      !word.isEmpty && ["/", "./", "../"].contains { (word + "/").hasPrefix($0) }
    }) {
      throw RepositoryError.unknownRevision(word: path, isFile: true)
    }
    if staged, words.count > 1 || words.contains(where: { Self.range($0) != nil }) {
      throw RepositoryError.tooManyRevisions(words: words, staged: true)
    }
    if words.count == 2, words.allSatisfy({ Self.range($0) == nil }) {
      return RevisionPair(old: try pinned(words[0]), new: try pinned(words[1]))
    }
    guard words.count <= 1 else { throw RepositoryError.tooManyRevisions(words: words, staged: false) }
    // `A^!` is what A brings beyond its first parent (gitrevisions(7)).
    if let word = words.first, word.hasSuffix("^!"), word.utf8.count > 2, !staged {
      let base = String(word.dropLast(2))
      return RevisionPair(old: try pinned(base + "^"), new: try pinned(base))
    }
    if let word = words.first, let range = Self.range(word) {
      let new = try pinned(range.new)
      guard range.fromMergeBase else { return RevisionPair(old: try pinned(range.old), new: new) }
      let base = try mergeBase(range.old, range.new)
      return RevisionPair(
        old: RevisionSide(.commit(base), name: "\(base.prefix(10)) (merge base of \(range.old) and \(range.new))"),
        new: new)
    }
    let new: RevisionSide = staged ? .index : .workingTree
    if !staged, isBare { throw RepositoryError.noWorkingTree(path: gitDirectory) }
    guard let word = words.first else {
      let old = isHeadUnborn ? RevisionSide(.empty, name: "HEAD (no commit yet)") : try pinned("HEAD")
      return RevisionPair(old: old, new: new)
    }
    return RevisionPair(old: try pinned(word), new: new)
  }

  /// The identifier of the best common ancestor of two commits.
  package func mergeBase(_ old: String, _ new: String) throws(RepositoryError) -> String {
    if let plumbing { return try mergeBase(old, new, plumbing) }
    var (base, first, second) = (git_oid(), try commitID(of: old), try commitID(of: new))
    let code = git_merge_base(&base, pointer, &first, &second)
    if code == 0 { return base.hex }
    let failure = GitFailure.last(code)
    if isShallow { throw RepositoryError.shallowHistory(word: "\(old)...\(new)") }
    if failure.missingObject != nil || !failure.isNotFound { throw explain(failure, "find a common ancestor") }
    throw RepositoryError.noMergeBase(old: old, new: new)
  }

  private func pinned(_ word: String) throws(RepositoryError) -> RevisionSide {
    if word == Revision.emptyTreeID || word == plumbing?.emptyTreeID {
      return RevisionSide(.empty, name: "the empty tree")
    }
    if let plumbing { return RevisionSide(.commit(try id(of: word, plumbing)), name: word) }
    let object = try object(word)
    // A commit where there is one, so that an annotated tag and its commit are the same side.
    if let commit = commit(of: object) { return RevisionSide(.commit(Self.id(of: commit).hex), name: word) }
    _ = try tree(of: object, word)
    return RevisionSide(.commit(Self.id(of: object).hex), name: word)
  }

  private func commitID(of word: String) throws(RepositoryError) -> git_oid {
    guard let commit = commit(of: try object(word)) else { throw RepositoryError.notATree(word: word) }
    return Self.id(of: commit)
  }

  private func commit(of object: Handle) -> Handle? {
    try? Handle(git_object_free) { made in object.with { git_object_peel(&made, $0, GIT_OBJECT_COMMIT) } }
  }

  private static func id(of object: Handle) -> git_oid {
    object.with { git_object_id($0).pointee }
  }

  /// The identifier of a revision's tree; nil for the index and the working tree, which have none.
  package func treeID(of revision: Revision) throws(RepositoryError) -> String? {
    switch revision {
    case .commit(let word):
      if let plumbing { return try treeID(of: word, plumbing) }
      return Self.id(of: try tree(of: word)).hex
    case .empty: return plumbing?.emptyTreeID ?? Revision.emptyTreeID
    case .index, .workingTree: return nil
    }
  }

  /// The tree that a commit-ish or tree-ish leads to.
  func tree(of word: String) throws(RepositoryError) -> Handle {
    try tree(of: object(word), word)
  }

  private func tree(of object: Handle, _ word: String) throws(RepositoryError) -> Handle {
    if let commit = commit(of: object) {
      do throws(GitFailure) {
        // Not by peeling: that says of a missing tree only that there is none.
        return try Handle(git_tree_free) { made in commit.with { git_commit_tree(&made, $0) } }
      } catch {
        throw explain(error, "read the files of \(word)")
      }
    }
    do throws(GitFailure) {
      return try Handle(git_tree_free) { made in object.with { git_object_peel(&made, $0, GIT_OBJECT_TREE) } }
    } catch {
      throw RepositoryError.notATree(word: word)
    }
  }

  private func object(_ word: String) throws(RepositoryError) -> Handle {
    // libgit2 1.5 knows `@{...}` but not a bare `@` for HEAD.
    let isHead = word == "@" || ["@~", "@^", "@:"].contains { word.hasPrefix($0) }
    do throws(GitFailure) {
      return try Handle(git_object_free) {
        git_revparse_single(&$0, pointer, isHead ? "HEAD\(word.dropFirst())" : word)
      }
    } catch {
      throw explain(error, resolving: word)
    }
  }

  private func explain(_ failure: GitFailure, resolving word: String) -> RepositoryError {
    if failure.code == GIT_EAMBIGUOUS.rawValue { return .ambiguousRevision(word: word) }
    let base = String(word.prefix { $0 != "~" && $0 != "^" })
    if isHeadUnborn, base == "HEAD" || base == "@" { return .unbornHead(word: word) }
    if base != word, !base.isEmpty, (try? object(base)) != nil {
      if isShallow { return .shallowHistory(word: word) }
      if let id = failure.missingObject, isKnownParent(id, below: base) {
        return explain(failure, "read \(word)")
      }
      if failure.isNotFound { return .beforeFirstCommit(word: word, base: base) }
    }
    if isShallow, git_oid(hex: word) != nil { return .shallowHistory(word: word) }
    if let id = failure.missingObject, !id.hasPrefix(word.lowercased()) { return explain(failure, "read \(word)") }
    return .unknownRevision(word: word, isFile: FileSystem.exists(word))
  }

  /// Tells a damaged history, whose commits name the missing one, from one that simply ends.
  private func isKnownParent(_ id: String, below base: String) -> Bool {
    guard let start = try? object(base) else { return false }
    // Along first parents only; a missing object off that line reads as history that ends, which it does for us.
    var commit = commit(of: start)
    for _ in 0..<10_000 {
      guard let current = commit else { return false }
      let isParent = current.with { pointer in
        (0..<git_commit_parentcount(pointer)).contains { git_commit_parent_id(pointer, $0)?.pointee.hex == id }
      }
      if isParent { return true }
      commit = try? Handle(git_object_free) { made in current.with { git_commit_parent(&made, $0, 0) } }
    }
    return false
  }

  /// Splits `A..B` and `A...B`; an empty end is `HEAD`. Dots inside `^{/text}` do not count.
  static func range(_ word: String) -> (old: String, new: String, fromMergeBase: Bool)? {
    let bytes = Array(word.utf8)
    var depth = 0
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "{") { depth += 1 }
      if byte == UInt8(ascii: "}") { depth -= 1 }
      guard depth <= 0, byte == UInt8(ascii: "."), bytes[index...].starts(with: "..".utf8) else { continue }
      let dots = bytes[index...].starts(with: "...".utf8) ? 3 : 2
      let old = String(decoding: bytes[..<index], as: UTF8.self)
      let new = String(decoding: bytes[(index + dots)...], as: UTF8.self)
      return (old.isEmpty ? "HEAD" : old, new.isEmpty ? "HEAD" : new, dots == 3)
    }
    return nil
  }
}
