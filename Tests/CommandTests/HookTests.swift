import Foundation
import Testing

/// A repository with our hooks in it, one commit, and a remote to push to.
private struct Hooked {
  let repository: GitRepository

  init(_ hooks: String) throws {
    repository = try GitRepository()
    try repository.write("code.py", Sample.old)
    try repository.commit("first")
    let result = try repository.logicdiff("install", "--driver", "none", "--hooks", hooks)
    #expect(result.status == 0, "\(result.err)")
  }

  /// Commits everything with this message; nil where a hook stopped it.
  func commit(_ message: String, _ flags: String..., environment: [String: String] = [:]) throws -> Program.Result {
    try repository.expect(["add", "--all"])
    return try repository.git(["commit", "--message", message] + flags, environment: environment)
  }

  func code(_ text: String) throws { try repository.write("code.py", text) }
}

@Suite("The pre-commit hook")
struct PreCommitHookTests {
  @Test("Shows what is committed, and never stops it")
  func shows() throws {
    let hooked = try Hooked("pre-commit")
    try hooked.code(Sample.changed)
    let result = try hooked.commit("feat: more")
    #expect(result.status == 0)
    #expect(result.err.contains("code.py\n  changed    limit") && result.err.contains("1 same (1 hidden)"))
  }

  @Test("Sees the index that is being committed: -a, single paths, and not what is left in the working tree")
  func index() throws {
    let hooked = try Hooked("pre-commit")
    try hooked.repository.write("other.py", "def f():\n    return 1\n")
    try hooked.repository.commit("second")
    try hooked.code(Sample.changed)
    try hooked.repository.write("other.py", "def f():\n    return 2\n")
    let single = try hooked.repository.git(["commit", "--message", "x", "--", "other.py"])
    #expect(single.err.contains("other.py\n") && !single.err.contains("code.py"))
    let all = try hooked.repository.git(["commit", "--all", "--message", "x"])
    #expect(all.err.contains("code.py\n") && !all.err.contains("other.py"))
    let nothing = try hooked.repository.git(["commit", "--allow-empty", "--message", "x"])
    #expect(nothing.status == 0 && nothing.err.isEmpty)
  }

  @Test("Works for the first commit of a repository")
  func first() throws {
    let repository = try GitRepository()
    try repository.logicdiff("install", "--hooks", "pre-commit,commit-msg")
    try repository.write("code.py", Sample.old)
    try repository.expect(["add", "--all"])
    let result = try repository.git(["commit", "--message", "first"])
    #expect(result.status == 0 && result.err.contains("code.py  new file"), "\(result.err)")
  }
}

@Suite("The refactor guard")
struct CommitMessageHookTests {
  private func commit(_ text: String, _ message: String, _ flags: String...) throws -> Program.Result {
    let hooked = try Hooked("commit-msg")
    try hooked.code(text)
    try hooked.repository.expect(["add", "--all"])
    return try hooked.repository.git(["commit", "--message", message] + flags)
  }

  @Test(
    "Stops a changed function under a message that claims no change, with an input and a way on",
    arguments: [
      "refactor: simplify", "style(core)!: tidy", "Refactor: x", "perf: faster", "fixup! refactor: x",
      "fix: x\n\nLogic: unchanged", "x\n\nText.\n\nSigned-off-by: a\nlogic: Unchanged (3 proved)",
    ])
  func stops(_ message: String) throws {
    let result = try commit(Sample.changed, message)
    #expect(result.status != 0)
    #expect(result.err.contains("  changed    limit") && result.err.contains("    differs when  "))
    #expect(result.err.contains("--no-verify") && result.err.contains("logicdiff --staged"))
    #expect(!result.err.contains("twice"))
  }

  @Test(
    "Lets through what claims nothing",
    arguments: [
      "feat: more", "refactoring: x", "refactor x", "x\n\nLogic: unchanged\n\nand more text", "Logic: unchanged",
      "x\n\nLogic: changed",
    ])
  func claimsNothing(_ message: String) throws {
    let result = try commit(Sample.changed, message)
    #expect(result.status == 0, "\(result.err)")
  }

  @Test("Lets a proved rewrite through without a word; --no-verify goes past it")
  func rewrites() throws {
    let result = try commit(Sample.rewritten, "refactor: simplify")
    #expect(result.status == 0 && result.err.isEmpty, "\(result.err)")
    #expect(try commit(Sample.changed, "refactor: simplify", "--no-verify").status == 0)
  }

  @Test("Added, removed and renamed functions and other defaults stop it; a helper that was taken out does not")
  func interfaces() throws {
    let helper = """
      def limit(values, top):
          kept = []
          for value in values:
              if value < top:
                  kept.append(value)
          return kept


      def double(x):
          return x + x


      def twice(x):
          y = double(x)
          return y

      """
    let extracted = try commit(helper, "refactor: take out a helper")
    #expect(extracted.status == 0, "\(extracted.err)")
    let added = try commit(Sample.old + "\n\ndef more():\n    return 1\n", "refactor: x")
    #expect(added.status != 0 && added.err.contains("  added      more"))
    let removed = try commit(
      String(Sample.old.prefix(upTo: Sample.old.range(of: "\n\ndef twice")!.lowerBound)), "style: x")
    #expect(removed.status != 0 && removed.err.contains("  removed    twice"))
    let header = try commit(Sample.old.replacingOccurrences(of: "top)", with: "top=3)"), "refactor: x")
    #expect(header.status != 0 && header.err.contains("interface  limit"))
  }

  @Test("An empty file has no logic")
  func emptyFile() throws {
    let hooked = try Hooked("commit-msg")
    try hooked.repository.write("package/__init__.py", "")
    let result = try hooked.commit("refactor: make it a package")
    #expect(result.status == 0, "\(result.err)")
  }

  @Test("Renamed parameters of a private function are its own affair, those of a public one are not")
  func parameters() throws {
    let hooked = try Hooked("commit-msg")
    try hooked.code("def _f(a):\n    return a\n\n\ndef g(a):\n    return a\n")
    try hooked.repository.commit("feat: functions")
    try hooked.code("def _f(b):\n    return b\n\n\ndef g(a):\n    return a\n")
    #expect(try hooked.commit("refactor: names").status == 0)
    try hooked.code("def _f(b):\n    return b\n\n\ndef g(b):\n    return b\n")
    let result = try hooked.commit("refactor: names")
    #expect(result.status != 0 && result.err.contains("interface  g") && !result.err.contains("_f"))
  }

  @Test("What is not analysed is a warning, and stops in strict mode")
  func open() throws {
    let hooked = try Hooked("commit-msg")
    try hooked.repository.write("notes.txt", "some text\n")
    let warned = try hooked.commit("refactor: x")
    #expect(warned.status == 0 && warned.err.contains("1 file not read by logicdiff: notes.txt"))
    try hooked.repository.write("notes.txt", "other text\n")
    try hooked.repository.expect(["config", "logicdiff.strict", "true"])
    #expect(try hooked.commit("refactor: x").status != 0)
  }

  @Test("Another cost stops a refactoring and not a perf commit")
  func cost() throws {
    let hooked = try Hooked("commit-msg")
    let fast = "def f(n: int):\n    s = 0\n    for i in range(n):\n        s = s + i\n    return s\n"
    try hooked.code(fast)
    try hooked.repository.commit("feat: f")
    try hooked.code(
      fast.replacingOccurrences(
        of: "range(n):\n", with: "range(n):\n        for j in range(n):\n            pass\n"))
    let refactor = try hooked.commit("refactor: f")
    #expect(refactor.status != 0 && refactor.err.contains("  cost       f  O(n) -> O(n^2)"))
    #expect(try hooked.commit("perf: f").status == 0)
  }

  @Test("What was found goes into a trailer where that is asked for")
  func trailer() throws {
    let hooked = try Hooked("commit-msg")
    try hooked.repository.expect(["config", "logicdiff.recordTrailer", "true"])
    try hooked.code(Sample.rewritten)
    let result = try hooked.commit("refactor: simplify\n\nBody.")
    #expect(result.status == 0, "\(result.err)")
    let message = try hooked.repository.expect(["log", "-1", "--format=%B"])
    #expect(message.contains("Body.\n\nLogic: unchanged (1 proved)\n"))
  }

  @Test("The message that an editor leaves, with comments and the diff below the scissors")
  func verbose() throws {
    let hooked = try Hooked("commit-msg")
    try hooked.repository.expect(["config", "logicdiff.recordTrailer", "true"])
    try hooked.code(Sample.rewritten)
    let editor = try hooked.repository.scratch.write(
      "editor", "#!/bin/sh\n{ echo 'refactor: simplify'; cat \"$1\"; } > \"$1.new\" && mv \"$1.new\" \"$1\"\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: editor)
    let result = try hooked.repository.git(["commit", "--all", "--verbose"], environment: ["GIT_EDITOR": editor])
    #expect(result.status == 0, "\(result.err)")
    #expect(
      try hooked.repository.expect(["log", "-1", "--format=%B"])
        == "refactor: simplify\n\nLogic: unchanged (1 proved)\n\n")
  }

  @Test("A failure of the tool lets the commit through with a warning, and stops it in strict mode")
  func failure() throws {
    let hooked = try Hooked("commit-msg")
    try hooked.code(Sample.changed)
    try hooked.repository.expect(["config", "logicdiff.budget", "lots"])
    let result = try hooked.commit("refactor: x")
    #expect(result.status == 0 && result.err.contains("unchecked") && result.err.contains("logicdiff.budget"))
    try hooked.code(Sample.old)
    let strict = try hooked.commit("refactor: x", environment: ["LOGICDIFF_STRICT": "1"])
    #expect(strict.status != 0)
    // No program at all.
    let path = ["PATH": Program.plain["PATH"] ?? ""]
    let missing = try hooked.commit("refactor: x", environment: path)
    #expect(missing.status == 0 && missing.err.contains("nothing was checked"))
  }

  @Test("A merge answers only for what none of its parents brought")
  func merge() throws {
    let hooked = try Hooked("commit-msg")
    let repository = hooked.repository
    try repository.expect(["checkout", "--quiet", "-b", "side"])
    try hooked.code(Sample.changed)
    #expect(try hooked.commit("fix: limit").status == 0)
    try repository.expect(["checkout", "--quiet", "main"])
    try repository.write("other.py", "def f():\n    return 1\n")
    #expect(try hooked.commit("feat: f").status == 0)
    let result = try repository.git(["merge", "--no-ff", "-m", "refactor: merge", "side"])
    #expect(result.status == 0, "\(result.err)")
  }
}

@Suite("The pre-push hook")
struct PrePushHookTests {
  private func hooked() throws -> (Hooked, GitRepository) {
    let hooked = try Hooked("pre-push")
    let repository = hooked.repository
    try repository.expect(["init", "--quiet", "--bare", "../remote.git"])
    try repository.expect(["remote", "add", "origin", "../remote.git"])
    return (hooked, repository)
  }

  @Test("Checks each commit of a new branch, of an old one, and nothing of a deleted one")
  func updates() throws {
    let (hooked, repository) = try hooked()
    try hooked.code(Sample.rewritten)
    try repository.commit("refactor: fine")
    #expect(try repository.git(["push", "origin", "main"]).status == 0)
    try hooked.code(Sample.changed)
    let bad = try repository.commit("refactor: not so")
    try hooked.code(Sample.changed + "\n\ndef more():\n    return 1\n")
    try repository.commit("feat: more")
    let result = try repository.git(["push", "origin", "main"])
    #expect(result.status != 0)
    #expect(result.err.contains("\(bad.prefix(10)) (refactor: not so)") && result.err.contains("  changed    limit"))
    #expect(!result.err.contains("feat: more"))
    let branch = try repository.git(["push", "origin", "main:refs/heads/new"])
    #expect(branch.status != 0 && branch.err.contains("refactor: not so"))
    #expect(try repository.git(["push", "--no-verify", "origin", "main"]).status == 0)
    // All of it is there now.
    #expect(try repository.git(["push", "origin", "main:refs/heads/new"]).status == 0)
    #expect(try repository.git(["push", "origin", ":refs/heads/new"]).status == 0)
  }

  @Test("A merge is held against all of its parents; tags and the first commit are checked too")
  func merges() throws {
    let (hooked, repository) = try hooked()
    try repository.expect(["checkout", "--quiet", "-b", "side"])
    try hooked.code(Sample.changed)
    try repository.commit("fix: limit")
    try repository.expect(["checkout", "--quiet", "main"])
    try repository.write("other.py", "def f():\n    return 1\n")
    try repository.commit("feat: f")
    try repository.expect(["merge", "--quiet", "--no-ff", "-m", "refactor: merge", "side"])
    #expect(try repository.git(["push", "origin", "main"]).status == 0)
    try hooked.code(Sample.old)
    try repository.expect(["commit", "--quiet", "--all", "--amend", "--message", "refactor: an evil merge"])
    let evil = try repository.git(["push", "--force", "origin", "main:other"])
    #expect(evil.status == 0)
    try hooked.code(Sample.old.replacingOccurrences(of: "x + x", with: "x + 3"))
    try repository.expect(["commit", "--quiet", "--all", "--amend", "--message", "refactor: a merge of its own"])
    try repository.expect(["tag", "-a", "-m", "tag", "v1"])
    let own = try repository.git(["push", "origin", "v1"])
    #expect(own.status != 0 && own.err.contains("  changed    twice"), "\(own.err)")
  }

  @Test("The variables of the pre-commit framework stand in for standard input")
  func framework() throws {
    let (hooked, repository) = try hooked()
    let old = try repository.expect(["rev-parse", "HEAD"]).trimmingCharacters(in: .newlines)
    try hooked.code(Sample.changed)
    let new = try repository.commit("refactor: not so")
    let variables = [
      "PRE_COMMIT": "1", "PRE_COMMIT_FROM_REF": old, "PRE_COMMIT_TO_REF": new, "PRE_COMMIT_REMOTE_NAME": "origin",
    ]
    #expect(try repository.logicdiff("hook", "pre-push", environment: variables).status == 1)
    var same = variables
    same["PRE_COMMIT_FROM_REF"] = new
    #expect(try repository.logicdiff("hook", "pre-push", environment: same).status == 0)
    #expect(try repository.logicdiff("hook", "pre-push").status == 0)
  }
}
