extension Messages {
  static let noGit = "Expected the program git in PATH, and found none. Install git, or mend PATH."
  static let noHome = "Expected HOME to name your folder, and it names none. Type `export HOME=...`."
  static func installed(try command: String) -> String {
    "Done. Try `\(command)`; `logicdiff uninstall` takes it away again."
  }
  static let alreadyInstalled = "All of it is there already."
  static let uninstalled = "Done. Nothing of it is left."
  static let notInstalled = "Nothing of it was there."
  static let dryRun = "Nothing was done: --dry-run."

  static func gitFailed(_ arguments: [String], _ reason: String) -> String {
    let word = reason.split(separator: "\n").first.map(String.init) ?? "no reason given"
    return "Expected `git \(arguments.joined(separator: " "))` to work, and it did not: \(word)."
  }

  static func notInRepository(_ reason: String) -> String {
    "Expected a repository around here, and found none. Go to one, or type `logicdiff install --global`."
  }

  static func cannotChange(_ path: String, reason: String) -> String {
    "Expected to change \"\(path)\", and could not: \(reason). See what is there with `ls -l`."
  }

  static func unknownHook(_ word: String) -> String {
    "Expected --hooks to name pre-commit, commit-msg or pre-push, and found \"\(word)\". "
      + "Type for example `logicdiff install --hooks pre-commit,commit-msg`."
  }

  static func noGlobalHooks(_ name: String) -> String {
    "Git has no hooks for every repository unless core.hooksPath names a folder of them. "
      + "Type `git config --global core.hooksPath ~/.githooks`, or `logicdiff install --hooks \(name)` in a repository."
  }

  static func hookIsThere(_ hook: HookFile) -> String {
    "Expected no hook at \"\(hook.path)\", and found one that is not ours; it stays as it is. "
      + "Add the line `\(hook.program) hook \(hook.name.rawValue) \"$@\" || exit $?` to it, "
      + "or type `logicdiff install --chain --hooks \(hook.name.rawValue)` to have ours run after it."
  }

  static func earlierHookIsThere(_ hook: HookFile) -> String {
    "Expected no file at \"\(hook.earlier)\", where the hook that is there now would be kept, and found one. "
      + "Look at it, and move it away."
  }

  static func otherAttribute(_ line: String, value: String) -> String {
    "\"\(line)\" is written, but another attributes file has the last word and says \"\(value)\". "
      + "See `git check-attr -a FILE`."
  }
}
