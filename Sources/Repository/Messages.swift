enum Notices {
  static func fetching(_ count: Int) -> String {
    "this clone is a partial one; git fetches \(count) \(count == 1 ? "file version" : "file versions") that it left out"
  }
}

/// The sentences a user reads: what was expected, what was found, and the next command to type.
extension RepositoryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notARepository(let path):
      "Expected a Git repository at \(quoted(path)) or in a folder above it, and found none. "
        + "Change into a repository, or compare two files with `logicdiff files OLD NEW`."
    case .foreignOwner(let path):
      "The repository at \(quoted(path)) belongs to another user, so Git and logicdiff do not read it unasked. "
        + "If you trust it, type `git config --global --add safe.directory \(shell(path))`."
    case .noWorkingTree(let path):
      "Expected a working tree to compare with, but \(quoted(path)) is a bare repository. "
        + "Name two revisions, for example `logicdiff HEAD~1 HEAD`."
    case .unsupportedObjectFormat(let path):
      "The repository at \(quoted(path)) names its objects by SHA-256, which takes the program git, and git cannot read it "
        + "either. See what `git -C \(shell(path)) status` says."
    case .unsupportedExtension(let path, let name):
      "The repository at \(quoted(path)) uses the extension \(quoted(name)), which neither libgit2 nor the git here can "
        + "read. See what `git -C \(shell(path)) status` says; a newer git may know it."
    case .unsupportedIndex(let detail):
      "The index is in a form that neither libgit2 nor the git here can read (\(detail)). "
        + "Type `git update-index --no-split-index` for a split index, or "
        + "`git sparse-checkout reapply --no-sparse-index` for a sparse one, and try again; "
        + "two revisions can be compared as they are."

    case .unknownRevision(let word, true):
      "Expected a revision, and \(quoted(word)) is none here, but a file has that name. "
        + "Put `--` before paths: `logicdiff -- \(shell(word))`."
    case .unknownRevision(let word, false):
      "Expected a revision, and no branch, tag or commit here is called \(quoted(word)). "
        + "See what there is with `git log --oneline --all`; if it is on a server, type `git fetch` first."
    case .ambiguousRevision(let word):
      "The short name \(quoted(word)) fits more than one object. "
        + "Give more digits: `git rev-parse --disambiguate=\(shell(word))` lists them."
    case .notATree(let word):
      "Expected a revision, and \(quoted(word)) names something that is neither a commit nor a tree. "
        + "See what it is with `git cat-file -t \(shell(word))`."
    case .unbornHead(let word):
      "\(quoted(word)) has no commit yet: the repository is empty or this branch is new. "
        + "Commit first, or see what is staged with `logicdiff --staged`."
    case .beforeFirstCommit(let word, let base):
      "\(quoted(word)) does not exist: history ends before it. To see all of \(quoted(base)) as added, "
        + "compare with the empty tree: `logicdiff \(Revision.emptyTreeID) \(shell(base))`."
    case .shallowHistory(let word):
      "\(quoted(word)) is not here: this is a shallow clone and its history was cut off. "
        + "Type `git fetch --unshallow` (in CI, check out with the full depth) and try again."
    case .noMergeBase(let old, let new):
      "\(quoted(old)) and \(quoted(new)) have no common ancestor, so `...` has nothing to start from. "
        + "Compare them directly: `logicdiff \(shell(old)) \(shell(new))`."
    case .tooManyRevisions(let words, true):
      "`--staged` takes at most one revision, and \(words.count) were given (\(list(words))). "
        + "Type `logicdiff --staged \(shell(words.first ?? "HEAD"))`."
    case .tooManyRevisions(let words, false):
      "At most two revisions can be compared, or one range, and \(words.count) words were given (\(list(words))). "
        + "Put `--` before paths."

    case .missingObject(let id, let path, true):
      "The object \(id)\(of(path)) is not on this machine: the clone is a partial one. "
        + "Fetch it with `git cat-file -e \(id)` and try again."
    case .missingObject(let id, let path, false):
      "The object \(id)\(of(path)) is missing from the repository. "
        + "See what else is damaged with `git fsck`; `git fetch --refetch` brings objects back from the server."
    case .noSuchPath(let path, let place):
      "Expected a file at \(quoted(path)) in \(place), and there is none. "
        + "Paths after `REV:` start at the top of the repository; `./` starts at the current folder."
    case .notAFile(let path, let place):
      "Expected a file at \(quoted(path)) in \(place), and found something else. Name one file inside it."
    case .outsideRepository(let path, let root):
      "\(quoted(path)) is outside of the repository at \(quoted(root)). Name a path inside it."
    case .badPathspec(let word):
      "The path pattern \(quoted(word)) uses a form that logicdiff does not know. Known are plain paths, `*`, `?`, "
        + "`[...]` and the prefixes `:/`, `:!`, `:(top)`, `:(exclude)`, `:(literal)`, `:(glob)` and `:(icase)`."
    case .unreadable(let path, let reason):
      "The file \(quoted(path)) could not be read: \(reason). See `ls -l \(shell(path))`."
    case .git(let operation, let reason):
      "Git's library could not \(operation): \(reason). `git fsck` and `git status` may tell more."
    }
  }

  private func quoted(_ text: String) -> String { "'\(printable(text))'" }

  private func list(_ words: [String]) -> String { words.map(printable).joined(separator: ", ") }

  private func of(_ path: String?) -> String { path.map { " (of \(quoted($0)))" } ?? "" }

  private func printable(_ text: String) -> String { RepositoryPath(text).description }

  /// The word as it can be pasted into a shell.
  private func shell(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: "-_./~^@:+,%".utf8.contains(byte)
      }
    }
    guard !plain || text.isEmpty || text.hasPrefix("-") else { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
