/// What one revision holds under a path.
package enum FileSide: Sendable {
  case text([UInt8])
  /// Cannot be read as text; says why, in words that follow "not analysed:".
  case unreadable(reason: String)

  package var bytes: [UInt8]? {
    if case .text(let bytes) = self { bytes } else { nil }
  }
  package var reason: String? {
    if case .unreadable(let reason) = self { reason } else { nil }
  }
}

/// One changed file: both sides, or one where it was added or deleted.
package struct FilePair: Sendable {
  package var path: String
  package var oldPath: String?
  package var status: FileResult.Status
  package var old: FileSide?
  package var new: FileSide?
  /// A side could not be read this time, and may be the next.
  package var isUnsettled = false

  package init(path: String, oldPath: String? = nil, status: FileResult.Status, old: FileSide?, new: FileSide?) {
    self.path = path
    self.oldPath = oldPath
    self.status = status
    self.old = old
    self.new = new
  }
}
