import CGit2

extension Repository {
  /// The files that differ between two revisions, in the byte order of their paths.
  ///
  /// As with `git diff`, files that Git does not track are left out. Attributes and settings that a commit can bring
  /// along (`-diff`, a submodule's `ignore`) hide nothing. A renamed file is listed when either path is asked for.
  package func changes(
    from old: Revision, to new: Revision, paths: Pathspec = .all
  ) throws(RepositoryError) -> [FileChange] {
    if old == .workingTree || new == .workingTree, isBare {
      throw RepositoryError.noWorkingTree(path: gitDirectory)
    }
    if old == new, old == .index || old == .workingTree { return [] }
    if let plumbing { return try changes(from: old, to: new, plumbing).matching(paths) }
    do throws(RepositoryError) {
      let found = try changesByLibrary(from: old, to: new).matching(paths)
      guard isPartialClone, try fetchMissing(of: found, from: old, to: new) else { return found }
      // Once more: with the contents there, renames are found too.
      return try changesByLibrary(from: old, to: new).matching(paths)
    } catch {
      guard let plumbing = goOn(after: error) else { throw error }
      return try changes(from: old, to: new, plumbing).matching(paths)
    }
  }

  private func changesByLibrary(from old: Revision, to new: Revision) throws(RepositoryError) -> [FileChange] {
    let trees = (old: try side(old, against: new), new: try side(new, against: old))
    let diff: Handle
    do throws(GitFailure) {
      diff = try Handle(git_diff_free) { made in
        self.diff(&made, from: old, trees.old, to: new, trees.new)
      }
    } catch {
      throw explain(error, "compare the two revisions")
    }
    findRenames(in: diff)
    let sparse = try skippedPaths(for: old, new)
    var changes: [FileChange] = []
    try diff.with { (diff) throws(RepositoryError) in
      for index in 0..<git_diff_num_deltas(diff) {
        guard let delta = git_diff_get_delta(diff, index)?.pointee,
          let change = try change(
            delta, oldIsFile: old == .workingTree, newIsFile: new == .workingTree, sparse: sparse)
        else { continue }
        changes.append(change)
      }
    }
    return changes
  }

  /// Has git fetch at once what a partial clone lacks of these files; false where nothing was missing or nothing came.
  private func fetchMissing(
    of changes: [FileChange], from old: Revision, to new: Revision
  ) throws(RepositoryError) -> Bool {
    let missing = missingBlobs(of: changes)
    guard missing > 0, !gitCannotFetch, let git = Plumbing(at: workingTree ?? gitDirectory, environment: environment)
    else { return false }
    notice(Notices.fetching(missing))
    let paths = changes.flatMap { [$0.old?.path, $0.new?.path].compactMap { $0 } }
    try prefetch(from: old, to: new, paths: paths, git)
    gitCannotFetch = missingBlobs(of: changes) > 0
    return !gitCannotFetch
  }

  /// How many contents are not on this machine.
  private func missingBlobs(of changes: [FileChange]) -> Int {
    guard let database = try? Handle(git_odb_free, { git_repository_odb(&$0, pointer) }) else { return 0 }
    let versions = changes.flatMap { [$0.old, $0.new].compactMap { $0 } }
    return versions.count { version in
      guard version.origin == .object, version.kind != .submodule, var oid = git_oid(hex: version.id) else {
        return false
      }
      return database.with { git_odb_exists($0, &oid) } == 0
    }
  }

  /// The tree of a side; nil for the empty tree, and for an unborn `HEAD` that index or working tree is held against.
  private func side(_ revision: Revision, against other: Revision) throws(RepositoryError) -> Handle? {
    guard case .commit(let word) = revision, word != Revision.emptyTreeID else { return nil }
    if word == "HEAD" || word == "@", isHeadUnborn, other == .index || other == .workingTree { return nil }
    return try tree(of: word)
  }

  private func diff(
    _ diff: inout OpaquePointer?, from old: Revision, _ oldTree: Handle?, to new: Revision, _ newTree: Handle?
  ) -> Int32 {
    var options = cgit2_diff_options()
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE.rawValue | GIT_DIFF_INCLUDE_UNREADABLE.rawValue
    // Said outright, so that a `.gitmodules` under review cannot hide a submodule.
    options.ignore_submodules = GIT_SUBMODULE_IGNORE_DIRTY
    let isReversed = old.rank > new.rank
    if isReversed { options.flags |= GIT_DIFF_REVERSE.rawValue }
    return Self.lend(isReversed ? newTree : oldTree) { tree in
      switch isReversed ? (new, old) : (old, new) {
      case (.index, _): return git_diff_index_to_workdir(&diff, pointer, nil, &options)
      case (_, .index): return git_diff_tree_to_index(&diff, pointer, tree, nil, &options)
      case (_, .workingTree): return git_diff_tree_to_workdir_with_index(&diff, pointer, tree, &options)
      default:
        guard let paths = TreeWalk.differences(oldTree, newTree, in: pointer), !paths.isEmpty else {
          return Self.lend(newTree) { git_diff_tree_to_tree(&diff, pointer, tree, $0, &options) }
        }
        options.flags |= GIT_DIFF_DISABLE_PATHSPEC_MATCH.rawValue
        return withPathList(paths) { list in
          options.pathspec = list
          return Self.lend(newTree) { git_diff_tree_to_tree(&diff, pointer, tree, $0, &options) }
        }
      }
    }
  }

  private static func lend(_ tree: Handle?, to body: (OpaquePointer?) -> Int32) -> Int32 {
    tree.map { $0.with { body($0) } } ?? body(nil)
  }

  /// Pairs deleted with added files. Where contents are missing (a partial clone) they stay deleted and added.
  private func findRenames(in diff: Handle) {
    var options = cgit2_diff_find_options()
    options.flags = GIT_DIFF_FIND_RENAMES.rawValue
    options.rename_limit = 1_000
    diff.with {
      guard git_diff_find_similar($0, &options) < 0 else { return }
      options.flags |= GIT_DIFF_FIND_EXACT_MATCH_ONLY.rawValue
      git_diff_find_similar($0, &options)
    }
  }

  private func change(
    _ delta: git_diff_delta, oldIsFile: Bool, newIsFile: Bool, sparse: Set<RepositoryPath>
  ) throws(RepositoryError) -> FileChange? {
    var old = try version(delta.old_file, isFile: oldIsFile)
    var new = try version(delta.new_file, isFile: newIsFile)
    var status: FileChange.Status
    switch delta.status {
    case GIT_DELTA_ADDED, GIT_DELTA_COPIED, GIT_DELTA_UNTRACKED: (status, old) = (.added, nil)
    case GIT_DELTA_DELETED: (status, new) = (.deleted, nil)
    case GIT_DELTA_RENAMED: status = .renamed
    case GIT_DELTA_TYPECHANGE: status = .typeChanged
    case GIT_DELTA_CONFLICTED: status = .conflicted
    case GIT_DELTA_MODIFIED, GIT_DELTA_UNREADABLE: status = .modified
    default: return nil
    }
    if status == .deleted, let path = old?.path, sparse.contains(path) { return nil }
    if status == .added, let path = new?.path, sparse.contains(path) { return nil }
    return FileChange(status: status, old: old, new: new, similarity: Int(delta.similarity)).real
  }

  private func version(_ file: git_diff_file, isFile: Bool) throws(RepositoryError) -> FileVersion? {
    guard let name = file.path, let kind = FileVersion.Kind(mode: UInt32(file.mode)) else { return nil }
    let path = RepositoryPath(cString: name)
    if isFile, kind != .submodule {
      do {
        let read = try workingTreeFile(path, limit: Self.defaultContentLimit).version
        return FileVersion(path: path, kind: kind, id: read.id, origin: .workingTree)
      } catch {
        // Gone or unreadable since: whoever reads the contents is told why.
        return FileVersion(path: path, kind: kind, id: "", origin: .workingTree)
      }
    }
    return FileVersion(path: path, kind: kind, id: file.id.hex, origin: isFile ? .workingTree : .object)
  }

  /// Paths that a sparse checkout leaves out of the working tree: absent there, but not deleted.
  private func skippedPaths(for old: Revision, _ new: Revision) throws(RepositoryError) -> Set<RepositoryPath> {
    guard old == .workingTree || new == .workingTree else { return [] }
    let index = try index()
    return index.with { index in
      var skipped: Set<RepositoryPath> = []
      for position in 0..<git_index_entrycount(index) {
        guard let entry = git_index_get_byindex(index, position)?.pointee,
          UInt32(entry.flags_extended) & GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue != 0, let path = entry.path
        else { continue }
        skipped.insert(RepositoryPath(cString: path))
      }
      return skipped
    }
  }
}

extension FileChange {
  /// Itself, or nil where nothing differs: what was only touched is listed too, and what was staged and then taken back
  /// in the working tree.
  var real: FileChange? {
    guard old != nil || new != nil else { return nil }
    var status = status
    if status == .modified, let old, let new, !old.id.isEmpty, old.id == new.id {
      guard old.kind != new.kind else { return nil }
      status = .modeOnly
    }
    return FileChange(status: status, old: old, new: new, similarity: status == .renamed ? similarity : nil)
  }
}

extension [FileChange] {
  /// Those that are asked for, in the byte order of their paths.
  fileprivate func matching(_ paths: Pathspec) -> [FileChange] {
    filter { paths.matches($0.path) || ($0.old.map { paths.matches($0.path) } ?? false) }
      .sorted { $0.path < $1.path }
  }
}

extension Revision {
  /// libgit2 compares in this order only; the other way round is the same comparison reversed.
  fileprivate var rank: Int {
    switch self {
    case .commit, .empty: 0
    case .index: 1
    case .workingTree: 2
    }
  }
}
