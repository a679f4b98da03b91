import CGit2

/// Why a repository could not give what was asked. `Messages.swift` says each in a sentence with its remedy.
package enum RepositoryError: Error, Hashable, Sendable {
  case notARepository(path: String)
  case foreignOwner(path: String)
  case noWorkingTree(path: String)
  case unsupportedObjectFormat(path: String)
  case unsupportedExtension(path: String, name: String)
  case unsupportedIndex(detail: String)

  case unknownRevision(word: String, isFile: Bool)
  case ambiguousRevision(word: String)
  case notATree(word: String)
  case unbornHead(word: String)
  case beforeFirstCommit(word: String, base: String)
  case shallowHistory(word: String)
  case noMergeBase(old: String, new: String)
  case tooManyRevisions(words: [String], staged: Bool)

  case missingObject(id: String, path: String?, isPartialClone: Bool)
  case noSuchPath(path: String, place: String)
  case notAFile(path: String, place: String)
  case outsideRepository(path: String, root: String)
  case badPathspec(word: String)
  case unreadable(path: String, reason: String)
  case git(operation: String, reason: String)

  /// Whether the program `git` may know what libgit2 does not.
  var mayBeReadByGit: Bool {
    switch self {
    case .unsupportedObjectFormat, .unsupportedExtension, .unsupportedIndex: true
    case .missingObject(_, _, let isPartialClone): isPartialClone
    default: false
    }
  }
}
