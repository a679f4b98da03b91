import Foundation
import Testing

@Suite("Repositories out of the ordinary: the right result or a clear word")
struct OddRepositoryTests {
  private static let files = ["code.py", "sub/other.py"]

  /// Two commits: `code.py` changes in the second.
  private func plain(_ arguments: String...) throws -> GitRepository {
    let repository = try GitRepository()
    if !arguments.isEmpty { try repository.expect(["init", "--quiet"] + arguments) }
    try repository.write("code.py", Sample.old)
    try repository.write("sub/other.py", Sample.old)
    try repository.commit("first")
    try repository.write("code.py", Sample.changed)
    try repository.commit("second")
    return repository
  }

  private func show(
    _ repository: GitRepository, _ arguments: String..., in folder: String, environment: [String: String] = [:]
  ) throws -> Program.Result {
    let result = try Program.execute(
      repository.program.path, arguments + ["--decoder", "none", "--budget", "0.05"], in: folder,
      environment: repository.environment.merging(environment) { $1 })
    #expect(!result.crashed)
    return result
  }

  private func expectChange(_ result: Program.Result) {
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("code.py\n  changed    limit"), "\(result.out)")
  }

  @Test("Bare: two revisions, a file of a revision, a sweep; a word about the missing working tree")
  func bare() throws {
    let repository = try plain()
    try repository.expect(["clone", "--quiet", "--bare", ".", "../bare.git"])
    let folder = repository.scratch.path + "/bare.git"
    expectChange(try show(repository, "HEAD~1", "HEAD", in: folder))
    let without = try show(repository, in: folder)
    #expect(without.status == 2 && without.err.contains("bare repository"))
    let file = try repository.logicdiff("summarize", "HEAD:code.py", "--textconv", in: folder)
    #expect(file.status == 0 && file.out.contains("# form of limit"))
    #expect(try repository.logicdiff("log", "HEAD~1..HEAD", "--decoder", "none", in: folder).out.contains("limit"))
    let diff = try repository.git(
      ["-c", "diff.external=logicdiff ext-diff --decoder none", "diff", "HEAD~1", "HEAD"], in: folder)
    expectChange(diff)
  }

  @Test("A linked worktree has its own HEAD and index")
  func worktree() throws {
    let repository = try plain()
    try repository.expect(["worktree", "add", "--quiet", "../linked", "HEAD~1"])
    let folder = repository.scratch.path + "/linked"
    try repository.scratch.write("linked/code.py", Sample.changed)
    expectChange(try show(repository, in: folder))
    try repository.expect(["add", "code.py"], in: folder)
    expectChange(try show(repository, "--staged", in: folder))
    try repository.logicdiff("install", "--hooks", "pre-commit", in: folder)
    let commit = try repository.git(["commit", "--message", "x"], in: folder)
    #expect(commit.status == 0 && commit.err.contains("  changed    limit"), "\(commit.err)")
  }

  @Test("A submodule is a repository of its own, and in the one around it a file that is not analysed")
  func submodule() throws {
    let inner = try plain()
    let outer = try plain()
    try outer.expect(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path, "module"])
    try outer.commit("module")
    let folder = outer.path + "/module"
    expectChange(try show(outer, "HEAD~1", "HEAD", in: folder))
    try outer.expect(["checkout", "--quiet", "HEAD~1"], in: folder)
    let result = try show(outer, in: outer.path)
    #expect(result.status == 0 && result.out.contains("module") && result.out.contains("submodule at"))
  }

  @Test("A shallow clone says what is cut off")
  func shallow() throws {
    let repository = try plain()
    try repository.expect(["clone", "--quiet", "--depth", "1", "file://" + repository.path, "../shallow"])
    let folder = repository.scratch.path + "/shallow"
    let result = try show(repository, "HEAD~1", "HEAD", in: folder)
    #expect(result.status == 2 && result.err.contains("git fetch --unshallow"))
    try repository.scratch.write("shallow/code.py", Sample.old)
    expectChange(try show(repository, in: folder))
    // The first commit of a shallow clone has parents that are not there.
    try repository.scratch.write("shallow/code.py", Sample.rewritten)
    try repository.logicdiff("install", "--hooks", "commit-msg,pre-push", in: folder)
    #expect(try repository.git(["commit", "--all", "--message", "feat: x"], in: folder).status == 0)
    try repository.expect(["config", "receive.denyCurrentBranch", "ignore"])
    let push = try repository.git(["push", "origin", "HEAD:other"], in: folder)
    #expect(push.status == 0, "\(push.err)")
  }

  @Test("A partial clone: git fetches what is missing, and we say so; without its server we say which object")
  func partial() throws {
    let repository = try plain()
    try repository.expect(["config", "uploadpack.allowFilter", "true"])
    for name in ["first", "second", "third"] {
      try repository.expect([
        "clone", "--quiet", "--filter=blob:none", "--no-checkout", "file://" + repository.path, "../" + name,
      ])
    }
    func folder(_ name: String) -> String { repository.scratch.path + "/" + name }
    let result = try show(repository, "HEAD~1", "HEAD", in: folder("first"))
    expectChange(result)
    #expect(result.err.contains("git fetches 2 file versions"), "\(result.err)")
    #expect(try show(repository, "HEAD~1", "HEAD", in: folder("first")).err.isEmpty)
    let diff = try repository.git(
      ["-c", "diff.external=logicdiff ext-diff --decoder none", "diff", "HEAD~1", "HEAD"], in: folder("second"))
    expectChange(diff)
    try repository.expect(["remote", "set-url", "origin", "file:///nowhere"], in: folder("third"))
    let alone = try show(repository, "HEAD~1", "HEAD", in: folder("third"))
    #expect(alone.status == 0 && alone.out.contains("not on this machine"), "\(alone.out)\(alone.err)")
  }

  @Test("Sparse: what is left out of the working tree is not deleted")
  func sparse() throws {
    let repository = try plain()
    try repository.expect(["sparse-checkout", "set", "--no-cone", "/code.py"])
    try repository.write("code.py", Sample.old)
    let result = try show(repository, in: repository.path)
    expectChange(result)
    #expect(!result.out.contains("other.py"))
    try repository.expect(["sparse-checkout", "set", "--cone", "--sparse-index", "sub"])
    try repository.write("sub/other.py", Sample.changed)
    let index = try show(repository, in: repository.path)
    #expect(index.status == 0 && index.out.contains("sub/other.py\n  changed    limit"), "\(index.out)\(index.err)")
    expectChange(try show(repository, "HEAD~1", "HEAD", in: repository.path))
  }

  @Test("SHA-256: read through git, in every surface")
  func sha256() throws {
    let repository = try GitRepository("--object-format=sha256")
    try repository.write("code.py", Sample.old)
    try repository.commit("first")
    try repository.write("code.py", Sample.changed)
    expectChange(try show(repository, in: repository.path))
    #expect(try repository.logicdiff("doctor").out.contains("read through git"))
    try repository.logicdiff("install", "--hooks", "pre-commit,commit-msg,pre-push")
    expectChange(try repository.git(["diff"]))
    #expect(try repository.git(["difftool", "-d", "-t", "logicdiff"]).out.contains("  changed    limit"))
    let stopped = try repository.git(["commit", "--all", "--message", "refactor: x"])
    #expect(stopped.status != 0 && stopped.err.contains("  changed    limit"), "\(stopped.err)")
    let commit = try repository.git(["commit", "--all", "--message", "feat: x"])
    #expect(commit.status == 0, "\(commit.err)")
    expectChange(try show(repository, "HEAD~1", "HEAD", in: repository.path))
    #expect(try repository.logicdiff("log", "HEAD~1..HEAD", "--decoder", "none").out.contains("limit"))
    #expect(try repository.logicdiff("summarize", "HEAD~1:code.py", "--textconv").out.contains("# form of limit"))
    try repository.expect(["commit", "--amend", "--no-verify", "--message", "refactor: x"])
    try repository.expect(["init", "--quiet", "--bare", "--object-format=sha256", "../remote.git"])
    let push = try repository.git(["push", "../remote.git", "main"])
    #expect(push.status != 0 && push.err.contains("(refactor: x)"), "\(push.err)")
    try repository.logicdiff("install", "--driver", "textconv")
    #expect(try repository.git(["log", "-p", "-1"]).out.contains("# form "))
  }

  @Test("CRLF: line ends alone are no change, in every surface")
  func lineEnds() throws {
    let repository = try GitRepository()
    try repository.write("code.py", Sample.old)
    try repository.write("notes.txt", "one\ntwo\n")
    try repository.commit("first")
    try repository.expect(["config", "core.autocrlf", "true"])
    try repository.expect(["config", "diff.external", "logicdiff ext-diff --decoder none"])
    func crlf(_ text: String) -> String { text.replacingOccurrences(of: "\n", with: "\r\n") }
    try repository.write("code.py", crlf(Sample.changed))
    try repository.write("notes.txt", crlf("one\ntwo!\n"))
    expectChange(try show(repository, in: repository.path))
    let diff = try repository.git(["diff"])
    expectChange(diff)
    #expect(diff.out.contains(" one\n-two\n+two!\n") && !diff.out.contains("\\u{d}"))
    try repository.write("code.py", crlf(Sample.old))
    try repository.write("notes.txt", crlf("one\ntwo\n"))
    #expect(try show(repository, in: repository.path).out == "No file differs.\n")
  }

  @Test("Names with spaces, line breaks and bytes that are no UTF-8, in a comparison and in a hook")
  func names() throws {
    let repository = try GitRepository()
    let script = """
      import os, sys
      for name in [b'sp ace.py', b'line\\nbreak.py', b'\\xff.py', b'tab\\t.py', '\u{202E}x.py'.encode()]:
          with open(name, 'w') as f: f.write('def f():\\n    return ' + sys.argv[1] + '\\n')
      """
    func write(_ value: String) throws {
      let result = try Program.execute(
        "/usr/bin/env", ["python3", "-c", script, value], in: repository.path, environment: repository.environment)
      #expect(result.status == 0, "\(result.err)")
    }
    try write("1")
    try repository.commit("first")
    try repository.logicdiff("install", "--hooks", "commit-msg")
    try write("2")
    let result = try show(repository, in: repository.path)
    #expect(result.status == 0 && result.out.components(separatedBy: "  changed    f").count == 6, "\(result.out)")
    #expect(!result.out.contains("line\nbreak") && !result.out.contains("\u{202E}"))
    let commit = try repository.git(["commit", "--all", "--message", "refactor: x"])
    #expect(commit.status != 0 && commit.err.components(separatedBy: "  changed    f").count == 6, "\(commit.err)")
  }

  @Test("Objects that cannot be written are read")
  func readOnly() throws {
    let repository = try plain()
    try repository.expect(["gc", "--quiet"])
    let made = try Program.execute("/bin/chmod", ["-R", "a-w", ".git/objects"], in: repository.path)
    #expect(made.status == 0)
    defer { _ = try? Program.execute("/bin/chmod", ["-R", "u+w", ".git/objects"], in: repository.path) }
    expectChange(try show(repository, "HEAD~1", "HEAD", in: repository.path))
    try repository.logicdiff("install", "--driver", "textconv")
    #expect(try repository.git(["log", "-p", "-1"]).out.contains("# form "))
  }

  @Test("Alternates and a repository named by GIT_DIR and GIT_WORK_TREE")
  func elsewhere() throws {
    let repository = try plain()
    try repository.expect(["clone", "--quiet", "--shared", ".", "../shared"])
    expectChange(try show(repository, "HEAD~1", "HEAD", in: repository.scratch.path + "/shared"))
    try repository.write("code.py", Sample.old)
    let named = ["GIT_DIR": repository.path + "/.git", "GIT_WORK_TREE": repository.path]
    expectChange(try show(repository, in: "/", environment: named))
  }
}
