/// One side of a comparison.
package enum Revision: Hashable, Sendable {
  /// Any commit-ish or tree-ish that Git understands: a branch, a tag, an identifier, `HEAD~2`.
  case commit(String)
  case index
  case workingTree
  /// No files at all: what the first commit is compared with.
  case empty

  /// Git's name for the tree without entries. It need not be in the object database.
  package static let emptyTreeID = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
  /// The same where objects are named by SHA-256.
  static let emptyTreeIDOfSHA256 = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
}

/// A side of a comparison, pinned: a branch that moves while the comparison runs does not move it.
package struct RevisionSide: Hashable, Sendable {
  package let revision: Revision
  /// What the user called it, for headings: `HEAD~1`, `the index`, `the working tree`.
  package let name: String

  package init(_ revision: Revision, name: String) {
    self.revision = revision
    self.name = name
  }

  static let index = RevisionSide(.index, name: "the index")
  static let workingTree = RevisionSide(.workingTree, name: "the working tree")
}

/// What the words of a command line ask to compare.
package struct RevisionPair: Hashable, Sendable {
  package let old: RevisionSide
  package let new: RevisionSide

  package init(old: RevisionSide, new: RevisionSide) {
    self.old = old
    self.new = new
  }
}
