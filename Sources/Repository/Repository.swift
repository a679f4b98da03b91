import CGit2

/// A Git repository, opened for reading.
///
/// Confined to one thread or actor: libgit2 keeps caches in it without locks, and its error text is per thread.
/// What it returns (`FileChange`, `FileVersion`, `FileContents`) are values that may go anywhere, so read the
/// contents here one after another and work on them in parallel. It never writes, and runs no program that a
/// repository names (filters, hooks, file system monitors).
package final class Repository {
  /// Owned: freed by `deinit`. Every handle made from it is dropped before the function that made it returns.
  let pointer: OpaquePointer
  let environment: GitEnvironment
  /// Reads in libgit2's place from where it first could not. Where libgit2 could not even open the repository, `pointer`
  /// is an empty one in memory that only carries the configuration.
  var plumbing: Plumbing?
  /// An object that a partial clone left out could not be had: no more are asked for.
  var gitCannotFetch = false
  /// Told before git fetches what a partial clone left out.
  let notice: @Sendable (String) -> Void

  /// The top of the working tree with a trailing slash; nil for a bare repository.
  package let workingTree: String?
  /// The repository's own folder, `.git/` or what stands for it.
  package let gitDirectory: String
  package var isBare: Bool { workingTree == nil }
  /// Whether git reads here in libgit2's place.
  package var isReadThroughGit: Bool { plumbing != nil }
  package var isLinkedWorktree: Bool {
    plumbing.map { $0.gitDirectory != $0.commonDirectory } ?? (git_repository_is_worktree(pointer) == 1)
  }
  package var isShallow: Bool { plumbing?.isShallow ?? (git_repository_is_shallow(pointer) == 1) }
  /// True while the current branch has no commit.
  package var isHeadUnborn: Bool { plumbing?.isHeadUnborn ?? (git_repository_head_unborn(pointer) == 1) }

  /// Opens the repository that `path` lies in: any folder of a working tree, a bare repository, a linked worktree.
  ///
  /// `GIT_DIR` and its like in `environment` come first, as with Git itself.
  package static func open(
    at path: String, environment: GitEnvironment = .current, notice: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(RepositoryError) -> Repository {
    _ = Library.started
    let start = environment.directory ?? path
    let flags = environment.directory == nil ? 0 : GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
    var opened: OpaquePointer?
    let code = git_repository_open_ext(&opened, start, flags, environment.ceilingDirectories)
    let repository: Repository
    do throws(GitFailure) {
      if code >= 0, let opened {
        repository = try Repository(owning: opened, path: path, environment: environment, notice: notice)
      } else {
        let failure = GitFailure.last(code)
        guard explain(failure, opening: start).mayBeReadByGit,
          let plumbing = Plumbing(at: path, environment: environment)
        else { throw failure }
        repository = try Repository(plumbing, environment: environment, notice: notice)
      }
    } catch {
      throw explain(error, opening: start)
    }
    if environment.directory == nil { try repository.checkOwner() }
    return repository
  }

  /// A repository that was named outright (`GIT_DIR`) is trusted, as Git does.
  private func checkOwner() throws(RepositoryError) {
    let root = workingTree ?? gitDirectory
    if Ownership.isOurs([root, gitDirectory] + (workingTree.map { [$0 + ".git"] } ?? [])) { return }
    let path = FileSystem.resolved(root)
    do throws(GitFailure) {
      if try Ownership.isTrusted(path, environment: environment) { return }
    } catch {
      throw RepositoryError.git(operation: "read the setting safe.directory", reason: error.message)
    }
    throw RepositoryError.foreignOwner(path: path)
  }

  private init(
    owning pointer: OpaquePointer, path: String, environment: GitEnvironment,
    notice: @escaping @Sendable (String) -> Void
  ) throws(GitFailure) {
    do throws(GitFailure) {
      try Repository.apply(environment, to: pointer, startedAt: path)
    } catch {
      git_repository_free(pointer)
      throw error
    }
    self.pointer = pointer
    self.environment = environment
    self.notice = notice
    self.workingTree = git_repository_workdir(pointer).map { String(cString: $0) }
    self.gitDirectory = git_repository_path(pointer).map { String(cString: $0) } ?? path
  }

  private init(
    _ plumbing: Plumbing, environment: GitEnvironment, notice: @escaping @Sendable (String) -> Void
  ) throws(GitFailure) {
    let database = try Handle(git_odb_free) { git_odb_new(&$0) }
    var made: OpaquePointer?
    try attempt { database.with { git_repository_wrap_odb(&made, $0) } }
    guard let pointer = made else { throw GitFailure(code: -1, message: "no repository was made") }
    self.pointer = pointer
    self.environment = environment
    self.notice = notice
    self.plumbing = plumbing
    workingTree = plumbing.workingTree
    gitDirectory = plumbing.gitDirectory
    let config = try Repository.configuration(
      of: nil, in: (plumbing.commonDirectory, plumbing.gitDirectory), environment: environment)
    try attempt { config.with { git_repository_set_config(pointer, $0) } }
  }

  deinit { git_repository_free(pointer) }

  private static func apply(
    _ environment: GitEnvironment, to repository: OpaquePointer, startedAt path: String
  ) throws(GitFailure) {
    let config = try configuration(of: repository, environment: environment)
    try attempt { config.with { git_repository_set_config(repository, $0) } }
    if let workTree = environment.workTree {
      try attempt { git_repository_set_workdir(repository, workTree, 0) }
    }
    if let file = environment.indexFile {
      let index = try Handle(git_index_free) { git_index_open(&$0, file) }
      try attempt { index.with { git_repository_set_index(repository, $0) } }
    }
  }

  // MARK: Failures

  private static func explain(_ failure: GitFailure, opening path: String) -> RepositoryError {
    if failure.message.contains("unsupported extension name") {
      let name = failure.message.split(separator: " ").last.map(String.init) ?? "?"
      return name.contains("objectformat")
        ? .unsupportedObjectFormat(path: path) : .unsupportedExtension(path: path, name: name)
    }
    if failure.message.contains("unsupported repository version") {
      return .unsupportedExtension(path: path, name: "core.repositoryFormatVersion")
    }
    if failure.isNotFound { return .notARepository(path: path) }
    return .git(operation: "open the repository at \(path)", reason: failure.message)
  }

  /// What a failure of libgit2 means while it was doing `operation` (a verb phrase), reading `path`.
  func explain(_ failure: GitFailure, _ operation: String, path: RepositoryPath? = nil) -> RepositoryError {
    if let id = failure.missingObject {
      return .missingObject(id: id, path: path?.string, isPartialClone: isPartialClone)
    }
    if failure.message.contains("unsupported mandatory extension") {
      return .unsupportedIndex(detail: failure.message)
    }
    return .git(operation: operation, reason: failure.message)
  }

  /// Whether a server has promised to hold the objects that are missing here (partial-clone.txt).
  var isPartialClone: Bool {
    guard let config = try? Handle(git_config_free, { git_repository_config(&$0, pointer) }) else { return false }
    let code = config.with {
      git_config_foreach_match(
        $0, "^(extensions\\.partialclone|remote\\..*\\.promisor)$", { _, _ in 1 }, nil)
    }
    return code == 1
  }
}
