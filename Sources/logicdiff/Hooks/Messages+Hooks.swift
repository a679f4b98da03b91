extension Messages {
  static let notProved = "Neither proved nor refuted:"

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
