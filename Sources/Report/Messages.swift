/// The sentences of this module that a user reads.
enum Messages {
  static let nothingDiffers = "No file differs."
  static let noUnitChanged = "No function, class or module code differs."
  static let onlyTrivia = "changed in comments, docstrings or layout only"

  /// What each kind of finding means, in one sentence.
  enum Rules {
    static let changed = "There is an input on which the two versions differ."
    static let cost = "The results are the same, the asymptotic cost differs."
    static let interface = "The body is the same, what callers see differs."
    static let unproven = "The two versions are neither proved the same nor told apart."
    static let noDifferenceFound = "A thorough search found no difference; nothing is proved."
    static let notAnalysed = "Something in it is outside what logicdiff understands."
    static let same = "Proved the same, outright or under assumptions that are named."
    static let added = "It has no partner in the old revision."
    static let removed = "It has no partner in the new revision."
  }

  /// The review comment once there is nothing left to say.
  static let nothingLeft = "Nothing to report any more: no function, class or module code differs."

  static func leftOut(_ units: Int) -> String {
    "\(counted(units, "more function")) did not fit into this comment. The whole report has all of them."
  }

  static func linesLeftOut(_ lines: Int) -> String { "...  \(counted(lines, "more line")) did not fit" }
}
