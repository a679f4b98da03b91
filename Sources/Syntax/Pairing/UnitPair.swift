/// A unit of the old revision beside its partner in the new one; one of them may be absent.
package struct UnitPair: Sendable {
  package enum State: Sendable, Hashable {
    /// The qualified names are equal.
    case matched
    /// The partner in the same file had another qualified name.
    case renamed(from: String)
    /// The partner was in another file.
    case moved(fromPath: String, name: String)
    case added
    case removed
  }

  package let old: Unit?
  package let new: Unit?
  package let state: State

  /// Whether both have the same tokens of their own: then nothing was edited in either. Their names may still be bound
  /// to something else.
  package var hasSameOwnTokens: Bool {
    guard let old, let new else { return false }
    return old.hasSameOwnTokens(as: new)
  }
}

/// The pairs of one file, for looking across files.
package struct FilePairs: Sendable {
  package let oldPath: String?
  package let newPath: String?
  package var pairs: [UnitPair]

  package init(oldPath: String?, newPath: String?, pairs: [UnitPair]) {
    self.oldPath = oldPath
    self.newPath = newPath
    self.pairs = pairs
  }
}
