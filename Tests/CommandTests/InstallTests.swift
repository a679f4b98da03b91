import Foundation
import Testing

@Suite("logicdiff install and uninstall")
struct InstallTests {
  let repository: GitRepository

  init() throws {
    repository = try GitRepository()
    try repository.write("code.py", Sample.old)
    try repository.commit("first")
    try repository.write("code.py", Sample.changed)
  }

  private func read(_ name: String) -> String? {
    try? String(contentsOfFile: repository.path + "/" + name, encoding: .utf8)
  }

  @Test("After it `git diff`, `git difftool` and `git log` use us, and uninstall leaves every file as it was")
  func roundTrip() throws {
    try repository.expect(["config", "diff.other.command", "true"])
    try repository.write(".git/info/attributes", "*.png binary")
    let before = (read(".git/config"), read(".git/info/attributes"))
    let result = try repository.logicdiff("install", "--hooks", "pre-commit,commit-msg,pre-push")
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("+ diff.logicdiff.command = logicdiff ext-diff\n"))
    #expect(result.out.contains("+ *.py diff=logicdiff\n") && result.out.contains("/pre-push\n"))
    #expect(try repository.expect(["diff"]).contains("  changed    limit"))
    let tool = try repository.git(["difftool", "-d", "-t", "logicdiff"])
    #expect(tool.status == 0 && tool.out.contains("  changed    limit"))
    #expect(FileManager.default.isExecutableFile(atPath: repository.path + "/.git/hooks/pre-commit"))
    let removed = try repository.logicdiff("uninstall")
    #expect(removed.status == 0 && removed.out.contains("- diff.logicdiff.command = logicdiff ext-diff\n"))
    #expect(read(".git/config") == before.0)
    #expect(read(".git/info/attributes") == before.1)
    #expect(read(".git/hooks/pre-commit") == nil && read(".git/hooks/pre-push") == nil)
    #expect(try repository.logicdiff("uninstall").out.contains("Nothing of it was there."))
  }

  @Test("The doctor says what git is set up with")
  func doctor() throws {
    #expect(try repository.logicdiff("doctor").out.contains("no drivers: type `logicdiff install`"))
    try repository.logicdiff("install", "--hooks", "pre-commit")
    let text = try repository.logicdiff("doctor").out
    #expect(text.contains("diff.logicdiff.command") && text.contains("*.py has the driver logicdiff"))
    #expect(text.contains("hooks: pre-commit"))
  }

  @Test("The second time nothing changes; --dry-run changes nothing at all")
  func idempotent() throws {
    let before = read(".git/config")
    let dry = try repository.logicdiff("install", "--dry-run", "--hooks", "pre-commit")
    #expect(dry.status == 0 && dry.out.contains("+ *.py diff=logicdiff\n"))
    #expect(read(".git/config") == before && read(".git/info/attributes")?.contains("logicdiff") != true)
    try repository.logicdiff("install", "--hooks", "pre-commit")
    let first = (read(".git/config"), read(".git/info/attributes"), read(".git/hooks/pre-commit"))
    let again = try repository.logicdiff("install", "--hooks", "pre-commit")
    #expect(again.out.contains("All of it is there already.") && !again.out.contains("  + "))
    #expect((read(".git/config"), read(".git/info/attributes"), read(".git/hooks/pre-commit")) == first)
  }

  @Test("The driver can be the text filter, or none")
  func drivers() throws {
    try repository.logicdiff("install", "--driver", "textconv")
    #expect(try repository.expect(["diff"]).contains("# form "))
    try repository.logicdiff("install", "--driver", "none")
    #expect(try repository.expect(["diff"]).contains("-        if value < top:"))
    #expect(read(".git/info/attributes")?.contains("logicdiff") != true)
  }

  @Test("A hook of someone else is never overwritten: it is refused, or run first where that is asked for")
  func foreignHook() throws {
    let own = "#!/bin/sh\necho mine >&2\n"
    try repository.write(".git/hooks/pre-commit", own)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: repository.path + "/.git/hooks/pre-commit")
    let refused = try repository.logicdiff("install", "--hooks", "pre-commit")
    #expect(refused.status == 2 && refused.err.contains("--chain") && refused.err.contains("stays as it is"))
    #expect(read(".git/hooks/pre-commit") == own)
    #expect(read(".git/config")?.contains("logicdiff") == false)
    #expect(try repository.logicdiff("install", "--chain", "--hooks", "pre-commit").status == 0)
    let commit = try repository.git(["commit", "--all", "--message", "x"])
    #expect(commit.status == 0 && commit.err.contains("mine\n"), "\(commit.err)")
    #expect(commit.err.contains("limit") || commit.out.contains("limit"))
    try repository.logicdiff("uninstall")
    #expect(read(".git/hooks/pre-commit") == own)
  }

  @Test("core.hooksPath says where hooks are")
  func hooksPath() throws {
    try repository.expect(["config", "core.hooksPath", "my-hooks"])
    let result = try repository.logicdiff("install", "--hooks", "commit-msg")
    #expect(result.status == 0, "\(result.err)")
    #expect(read("my-hooks/commit-msg")?.contains("logicdiff hook commit-msg") == true)
    #expect(read(".git/hooks/commit-msg") == nil)
  }

  @Test("For every repository of the user")
  func global() throws {
    let home = repository.scratch.path + "/home"
    let result = try repository.logicdiff("install", "--global", in: "/")
    #expect(result.status == 0, "\(result.err)")
    #expect(FileManager.default.fileExists(atPath: home + "/.config/git/attributes"))
    #expect(try repository.expect(["diff"]).contains("  changed    limit"))
    let hooks = try repository.logicdiff("install", "--global", "--hooks", "pre-commit")
    #expect(hooks.status == 2 && hooks.err.contains("core.hooksPath"))
    #expect(try repository.logicdiff("uninstall", "--global", in: "/").status == 0)
    #expect(!FileManager.default.fileExists(atPath: home + "/.config/git/attributes"))
    #expect(try repository.expect(["diff"]).contains("-        if value < top:"))
  }

  @Test("A linked worktree and a folder below use the repository's files; outside of one it says what to type")
  func places() throws {
    try repository.expect(["worktree", "add", "--quiet", "../linked"])
    let result = try repository.logicdiff("install", "--hooks", "pre-commit", in: repository.scratch.path + "/linked")
    #expect(result.status == 0, "\(result.err)")
    #expect(read(".git/hooks/pre-commit") != nil && read(".git/info/attributes") != nil)
    let outside = try repository.logicdiff("install", in: repository.scratch.path)
    #expect(outside.status == 2 && outside.err.contains("--global"))
  }

  @Test("A line that someone else wrote keeps the last word, and that is said")
  func otherAttribute() throws {
    try repository.write(".git/info/attributes", "*.py diff=python\n")
    let result = try repository.logicdiff("install")
    #expect(result.status == 0 && result.err.contains("says \"python\""))
    #expect(read(".git/info/attributes")?.hasSuffix("\n*.py diff=python\n") == true)
  }
}
