/// Why a decoder's words are not the summary: each ends a sentence that starts "the procedure's own text is shown".
enum Messages {
  static let abstained = "the decoder abstained"
  static let copied = "the decoder repeated the code"
  static let noEnd = "the proposal grew longer than the code, or led to no end"
  static let notFunction = "only functions are summarized by a decoder"
  static let unknownNames = "the proposal names what the code does not"
  static let otherHead = "the proposal has other parameters than the code"
  static let doesNotRun = "the proposal could not be run against the code"

  static func tooLong(tokens: Int, limit: Int) -> String {
    "the code takes \(tokens) tokens, and this decoder reads at most \(limit); summarize a part of it"
  }

  static func unreadable(_ error: String) -> String { "the proposal does not read as a procedure: \(error)" }

  static func differs(arguments: [String]) -> String {
    "the proposal does something else than the code"
      + (arguments.isEmpty ? "" : " where it is called with \(arguments.joined(separator: ", "))")
  }

  static func tooFew(inputs: Int) -> String {
    "the proposal agreed with the code on \(inputs) inputs only, too few to trust it"
  }

  static func noCheckpoint(searched: [String]) -> String {
    "the specialist's checkpoint was expected in \(searched.joined(separator: " or ")) and found in neither; "
      + "install again, or name its folder in LOGICDIFF_SPECIALIST"
  }
}
