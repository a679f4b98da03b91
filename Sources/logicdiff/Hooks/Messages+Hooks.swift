extension Messages {
  static let notProved = "Neither proved nor refuted:"

  static func unread(_ paths: [String]) -> String {
    let some = paths.prefix(5).joined(separator: ", ") + (paths.count > 5 ? ", ..." : "")
    return "\(paths.count == 1 ? "1 file" : "\(paths.count) files") not read by logicdiff: \(some)"
  }

  static func tooManyClaims(_ found: Int, _ limit: Int) -> String {
    "\(found) of these commits say that their logic is unchanged; only the newest \(limit) are checked. "
      + "`logicdiff log` looks at all of them."
  }

  static func notChecked(_ commit: String, _ reason: String) -> String {
    "\(commit) could not be checked: \(reason)"
  }

  static func hookFailed(_ hook: String, _ reason: String, isStrict: Bool) -> String {
    isStrict
      ? "\(hook) could not check anything, and strict mode asks for it: \(reason)"
      : "warning: \(hook) lets this through unchecked: \(reason)"
  }

  static func claimOpen(_ commit: String, _ words: String) -> String {
    "\(commit) says \"\(words)\", and this of it is neither proved nor refuted:"
  }

  static func claimBroken(_ commit: String, _ words: String) -> String {
    "\(commit) says \"\(words)\", and its logic changes:"
  }

  static func howToCommit(_ see: String) -> String {
    "Give the message another type (feat, fix), commit the change on its own, or go past this check with "
      + "`git commit --no-verify`. `\(see)` shows all of it."
  }

  static func howToPush(_ see: String) -> String {
    "Reword the commit with `git rebase -i`, or go past this check with `git push --no-verify`. "
      + "`\(see)` shows all of it."
  }
}
