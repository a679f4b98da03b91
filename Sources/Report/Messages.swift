/// The sentences of this module that a user reads.
enum Messages {
  static let nothingDiffers = "No file differs."
  static let noUnitChanged = "No function, class or module code differs."
  static let onlyTrivia = "changed in comments, docstrings or layout only"
}
