/// What `Repository` does where libgit2 cannot read, through `git`. Each function takes the `Plumbing` last.
extension Repository {
  /// Git in libgit2's place from now on, if it may know more after this failure; nil where the failure stands.
  func goOn(after failure: RepositoryError) -> Plumbing? {
    if case .missingObject = failure, gitCannotFetch { return nil }
    guard failure.mayBeReadByGit else { return nil }
    plumbing = Plumbing(at: workingTree ?? gitDirectory, environment: environment)
    return plumbing
  }

  // MARK: Revisions

  /// The commit that a word leads to, else the tree.
  func id(of word: String, _ plumbing: Plumbing) throws(RepositoryError) -> String {
    let word = word == "@" ? "HEAD" : word
    if let id = plumbing.id(of: word, as: "commit") ?? plumbing.id(of: word, as: "tree") { return id }
    let base = String(word.prefix { $0 != "~" && $0 != "^" })
    if plumbing.id(of: word, as: "object") != nil { throw RepositoryError.notATree(word: word) }
    if plumbing.isAmbiguous(word) { throw RepositoryError.ambiguousRevision(word: word) }
    if plumbing.isHeadUnborn, base == "HEAD" || base == "@" { throw RepositoryError.unbornHead(word: word) }
    if base != word, !base.isEmpty, plumbing.id(of: base, as: "object") != nil {
      if plumbing.isShallow { throw RepositoryError.shallowHistory(word: word) }
      throw RepositoryError.beforeFirstCommit(word: word, base: base)
    }
    if plumbing.isShallow, word.count >= 40, word.allSatisfy(\.isHexDigit) {
      throw RepositoryError.shallowHistory(word: word)
    }
    throw RepositoryError.unknownRevision(word: word, isFile: FileSystem.exists(word))
  }

  func treeID(of word: String, _ plumbing: Plumbing) throws(RepositoryError) -> String {
    guard let tree = plumbing.id(of: try id(of: word, plumbing), as: "tree") else {
      throw RepositoryError.notATree(word: word)
    }
    return tree
  }

  func mergeBase(_ old: String, _ new: String, _ plumbing: Plumbing) throws(RepositoryError) -> String {
    let (first, second) = (try id(of: old, plumbing), try id(of: new, plumbing))
    if let base = plumbing.mergeBase(first, second) { return base }
    if plumbing.isShallow { throw RepositoryError.shallowHistory(word: "\(old)...\(new)") }
    throw RepositoryError.noMergeBase(old: old, new: new)
  }

  // MARK: Contents

  func version(
    of path: RepositoryPath, inTree word: String, _ plumbing: Plumbing
  ) throws(RepositoryError) -> FileVersion {
    try version(plumbing.entry(of: path, inTree: try treeID(of: word, plumbing)), path, place: word)
  }

  func indexVersion(of path: RepositoryPath, _ plumbing: Plumbing) throws(RepositoryError) -> FileVersion {
    try version(plumbing.entryInIndex(of: path), path, place: "the index")
  }

  private func version(
    _ entry: Plumbing.Entry?, _ path: RepositoryPath, place: String
  ) throws(RepositoryError) -> FileVersion {
    guard let entry else { throw RepositoryError.noSuchPath(path: path.string, place: place) }
    guard let kind = FileVersion.Kind(mode: entry.mode) else {
      throw RepositoryError.notAFile(path: path.string, place: place)
    }
    return FileVersion(path: path, kind: kind, id: entry.id, origin: .object)
  }

  func blob(
    _ id: String, path: RepositoryPath, limit: Int, _ plumbing: Plumbing
  ) throws(RepositoryError) -> FileContents {
    switch plumbing.blob(id, limit: limit) {
    case .blob(let bytes): return FileContents(bytes)
    case .tooLarge(let size): return .tooLarge(size)
    case .missing:
      throw RepositoryError.missingObject(id: id, path: path.string, isPartialClone: isPartialClone)
    }
  }

  func asAdded(_ bytes: [UInt8], path: RepositoryPath, _ plumbing: Plumbing) throws(RepositoryError) -> [UInt8] {
    // Nothing to convert is the usual case, and asking for attributes costs a process.
    let mayConvert = bytes.contains(UInt8(ascii: "\r")) || bytes.contains(UInt8(ascii: "$"))
    guard mayConvert else { return bytes }
    let ends = LineEnds(
      plumbing.attributes(LineEnds.attributes, of: path), autocrlf: try config(string: "core.autocrlf"))
    return ends.asAdded(bytes) {
      guard let entry = plumbing.entryInIndex(of: path),
        case .blob(let kept) = plumbing.blob(entry.id, limit: Self.defaultContentLimit)
      else { return nil }
      return kept
    }
  }

  // MARK: Changes

  func changes(from old: Revision, to new: Revision, _ plumbing: Plumbing) throws(RepositoryError) -> [FileChange] {
    guard let raw = try rawChanges(from: old, to: new, plumbing) else {
      throw RepositoryError.git(operation: "compare the two revisions", reason: "git itself could not")
    }
    // An unfinished merge is listed once as such, and once more for what differs.
    let unmerged = plumbing.unmergedPaths()
    var seen: Set<RepositoryPath> = []
    var changes: [FileChange] = []
    for item in raw {
      var item = item
      if unmerged.contains(item.newPath), old.isNotStored || new.isNotStored {
        guard seen.insert(item.newPath).inserted else { continue }
        item.status = "U"
      }
      if let change = change(item, from: old, to: new, plumbing) { changes.append(change) }
    }
    return changes
  }

  private func rawChanges(
    from old: Revision, to new: Revision, _ plumbing: Plumbing
  ) throws(RepositoryError) -> [Plumbing.RawChange]? {
    switch (old, new) {
    case (.index, .workingTree): return plumbing.changesOfWorkingTree(isReversed: false)
    case (.workingTree, .index): return plumbing.changesOfWorkingTree(isReversed: true)
    case (.index, _), (.workingTree, _):
      return plumbing.changes(tree: try tree(of: new, plumbing), against: try side(old, plumbing), isReversed: true)
    default:
      return plumbing.changes(tree: try tree(of: old, plumbing), against: try side(new, plumbing), isReversed: false)
    }
  }

  private func tree(of revision: Revision, _ plumbing: Plumbing) throws(RepositoryError) -> String {
    guard case .commit(let word) = revision, word != plumbing.emptyTreeID else { return plumbing.emptyTreeID }
    if word == "HEAD" || word == "@", plumbing.isHeadUnborn { return plumbing.emptyTreeID }
    return try treeID(of: word, plumbing)
  }

  private func side(_ revision: Revision, _ plumbing: Plumbing) throws(RepositoryError) -> Plumbing.Side {
    switch revision {
    case .index: .index
    case .workingTree: .workingTree
    case .commit, .empty: .tree(try tree(of: revision, plumbing))
    }
  }

  private func change(
    _ raw: Plumbing.RawChange, from old: Revision, to new: Revision, _ plumbing: Plumbing
  ) -> FileChange? {
    var (left, right) = (
      version(raw.old, raw.oldPath, in: old, plumbing), version(raw.new, raw.newPath, in: new, plumbing)
    )
    let status: FileChange.Status
    switch raw.status {
    case "A", "C": (status, left) = (.added, nil)
    case "D": (status, right) = (.deleted, nil)
    case "R": status = .renamed
    case "T": status = .typeChanged
    case "U":
      status = .conflicted
      left = left ?? (try? version(of: raw.oldPath, in: old))
      right = right ?? (try? version(of: raw.newPath, in: new))
    default: status = .modified
    }
    return FileChange(status: status, old: left, new: right, similarity: raw.score).real
  }

  private func version(
    _ entry: Plumbing.Entry, _ path: RepositoryPath, in revision: Revision, _ plumbing: Plumbing
  ) -> FileVersion? {
    guard let kind = FileVersion.Kind(mode: entry.mode) else { return nil }
    guard revision == .workingTree else { return FileVersion(path: path, kind: kind, id: entry.id, origin: .object) }
    // Git leaves the names of the working tree's own contents open.
    let id =
      kind == .submodule
      ? plumbing.commit(ofSubmodule: path)
      : try? workingTreeFile(path, limit: Self.defaultContentLimit).version.id
    return FileVersion(path: path, kind: kind, id: id ?? "", origin: .workingTree)
  }

  func prefetch(
    from old: Revision, to new: Revision, paths: [RepositoryPath], _ plumbing: Plumbing
  ) throws(RepositoryError) {
    let isReversed = old == .index || old == .workingTree
    let (tree, side) = isReversed ? (new, old) : (old, new)
    guard tree != .index, tree != .workingTree else { return }
    plumbing.prefetch(
      tree: try self.tree(of: tree, plumbing), against: try self.side(side, plumbing), paths: paths)
  }
}

extension Revision {
  /// What may hold an unfinished merge.
  fileprivate var isNotStored: Bool { self == .index || self == .workingTree }
}
