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

  /// The top of the working tree with a trailing slash; nil for a bare repository.
  package let workingTree: String?
  /// The repository's own folder, `.git/` or what stands for it.
  package let gitDirectory: String
  package var isBare: Bool { workingTree == nil }
  package var isLinkedWorktree: Bool { git_repository_is_worktree(pointer) == 1 }
  package var isShallow: Bool { git_repository_is_shallow(pointer) == 1 }
  /// True while the current branch has no commit.
  package var isHeadUnborn: Bool { git_repository_head_unborn(pointer) == 1 }

  /// Opens the repository that `path` lies in: any folder of a working tree, a bare repository, a linked worktree.
  ///
  /// `GIT_DIR` and its like in `environment` come first, as with Git itself.
  package static func open(
    at path: String, environment: GitEnvironment = .current
  ) throws(RepositoryError) -> Repository {
    _ = Library.started
    let start = environment.directory ?? path
    let flags = environment.directory == nil ? 0 : GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
    var opened: OpaquePointer?
    let code = git_repository_open_ext(&opened, start, flags, environment.ceilingDirectories)
    guard code >= 0, let opened else { throw Repository.explain(GitFailure.last(code), opening: start) }
    let repository: Repository
    do throws(GitFailure) {
      repository = try Repository(owning: opened, path: path, environment: environment)
    } catch {
      throw RepositoryError.git(operation: "open the repository at \(start)", reason: error.message)
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

  private init(owning pointer: OpaquePointer, path: String, environment: GitEnvironment) throws(GitFailure) {
    do throws(GitFailure) {
      try Repository.apply(environment, to: pointer, startedAt: path)
    } catch {
      git_repository_free(pointer)
      throw error
    }
    self.pointer = pointer
    self.environment = environment
    self.workingTree = git_repository_workdir(pointer).map { String(cString: $0) }
    self.gitDirectory = git_repository_path(pointer).map { String(cString: $0) } ?? path
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
  private var isPartialClone: Bool {
    guard let config = try? Handle(git_config_free, { git_repository_config(&$0, pointer) }) else { return false }
    let code = config.with {
      git_config_foreach_match(
        $0, "^(extensions\\.partialclone|remote\\..*\\.promisor)$", { _, _ in 1 }, nil)
    }
    return code == 1
  }
}
