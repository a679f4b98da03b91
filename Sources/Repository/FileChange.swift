/// One file that differs between two revisions: a value, readable on any thread.
package struct FileChange: Hashable, Sendable {
  package enum Status: String, Sendable, CaseIterable {
    case added, deleted, modified, renamed
    /// A regular file became a symbolic link or a submodule, or the other way round.
    case typeChanged
    /// Same content, only the executable bit differs.
    case modeOnly
    /// The index holds several versions of it from a merge that is not finished.
    case conflicted
  }

  package let status: Status
  /// Nil when the file was added.
  package let old: FileVersion?
  /// Nil when the file was deleted.
  package let new: FileVersion?
  /// How alike the two contents of a renamed file are, in percent. Not Git's figure: libgit2 counts differently.
  package let similarity: Int?

  /// The path to call it by: the new one, or the old one of a deleted file.
  package var path: RepositoryPath { new?.path ?? old?.path ?? RepositoryPath(bytes: []) }
  package var oldPath: String? { old?.path.string }
  package var newPath: String? { new?.path.string }
}

/// A file as one revision has it. Its contents are read on demand with `Repository.contents(of:)`.
package struct FileVersion: Hashable, Sendable {
  package enum Kind: String, Sendable {
    case regular, executable, symbolicLink, submodule
  }

  package enum Origin: Hashable, Sendable {
    case object
    case workingTree
  }

  package let path: RepositoryPath
  package let kind: Kind
  /// The blob's name (or a submodule's commit) in 40 hexadecimal digits; for a file of the working tree, the name
  /// that it would get if it were added. Empty when it could not be told.
  package let id: String
  package let origin: Origin
}

/// What a file version holds.
package enum FileContents: Hashable, Sendable {
  /// Without a NUL among its first 8,000 bytes, the test that Git applies. A symbolic link's is its target.
  case text([UInt8])
  case binary([UInt8])
  /// Not loaded because it is longer than the limit, with its length in bytes.
  case tooLarge(Int)
  case submodule(commit: String)

  init(_ bytes: [UInt8]) {
    self = bytes.prefix(8_000).contains(0) ? .binary(bytes) : .text(bytes)
  }
}
