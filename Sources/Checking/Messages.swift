/// What a user reads when a pair could not be checked.
enum Messages {
  static let cancelled = "the check was stopped before it was done; run it again to get a result"

  static func notRunnable(reason: String?) -> String {
    "no run of both versions came to an end" + (reason.map { " (\($0))" } ?? "")
      + "; read the text diff, or raise --budget"
  }
}
