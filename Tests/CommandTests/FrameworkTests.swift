import Foundation
import Testing

@Suite("Programs that manage hooks")
struct FrameworkTests {
  let repository: GitRepository

  init() throws {
    repository = try GitRepository()
    try repository.write("code.py", Sample.old)
    try repository.commit("first")
    try repository.expect(["init", "--quiet", "--bare", "../remote.git"])
    try repository.expect(["remote", "add", "origin", "../remote.git"])
    try repository.expect(["push", "--quiet", "origin", "main"])
  }

  /// The environment in which the hooks find the tool too.
  private func environment(_ tool: String) -> [String: String] {
    let folder = URL(fileURLWithPath: tool).deletingLastPathComponent().path
    return [
      "PATH": (repository.environment["PATH"] ?? "") + ":" + folder,
      "PRE_COMMIT_HOME": repository.scratch.path + "/pre-commit", "LEFTHOOK_OUTPUT": "",
    ]
  }

  private func run(_ tool: String, _ arguments: [String]) throws {
    let result = try Program.execute(
      tool, arguments, in: repository.path, environment: repository.environment.merging(environment(tool)) { $1 })
    try #require(result.status == 0, "\(result.out)\(result.err)")
  }

  /// A refactoring that is none is stopped at its commit, and one that came past at its push; others go through.
  private func exercise(_ tool: String) throws {
    let environment = environment(tool)
    func commit(_ message: String, _ flags: String...) throws -> Program.Result {
      try repository.expect(["add", "--all"])
      return try repository.git(["commit", "--message", message] + flags, environment: environment)
    }
    try repository.write("code.py", Sample.rewritten)
    let fine = try commit("refactor: simplify")
    #expect(fine.status == 0, "\(fine.out)\(fine.err)")
    #expect((fine.out + fine.err).contains("1 changed function: 1 same (1 hidden)"))
    #expect(try repository.git(["push", "origin", "main"], environment: environment).status == 0)
    try repository.write("code.py", Sample.changed)
    let stopped = try commit("refactor: simplify")
    #expect(stopped.status != 0 && (stopped.out + stopped.err).contains("  changed    limit"))
    #expect(try commit("refactor: simplify", "--no-verify").status == 0)
    let push = try repository.git(["push", "origin", "main"], environment: environment)
    #expect(push.status != 0 && (push.out + push.err).contains("(refactor: simplify)"), "\(push.out)\(push.err)")
    // A branch that the other side does not have yet.
    let branch = try repository.git(["push", "origin", "main:new"], environment: environment)
    #expect(branch.status != 0, "\(branch.out)\(branch.err)")
    #expect(try repository.git(["push", "--no-verify", "origin", "main"], environment: environment).status == 0)
    #expect(try repository.git(["push", "origin", "main:new"], environment: environment).status == 0)
  }

  @Test(
    "pre-commit, with the hooks that this repository offers",
    .enabled(if: Tool.preCommit != nil, "pre-commit is not installed; Scripts/test-tools does it"))
  func offered() throws {
    let tool = try #require(Tool.preCommit)
    let hooks = repository.scratch.path + "/hooks"
    try repository.expect(["init", "--quiet", hooks])
    try repository.scratch.write(
      "hooks/.pre-commit-hooks.yaml", Data(contentsOf: checkout.appendingPathComponent(".pre-commit-hooks.yaml")))
    try repository.expect(["add", "--all"], in: hooks)
    try repository.expect(["commit", "--quiet", "--message", "hooks"], in: hooks)
    let version = try repository.expect(["rev-parse", "HEAD"], in: hooks)
    try repository.write(
      ".pre-commit-config.yaml",
      """
      repos:
        - repo: \(hooks)
          rev: \(version.trimmingCharacters(in: .newlines))
          hooks: [{id: logicdiff}, {id: logicdiff-commit-msg}, {id: logicdiff-pre-push}]

      """)
    try repository.commit("chore: hooks")
    try run(tool, ["install", "-t", "pre-commit", "-t", "commit-msg", "-t", "pre-push"])
    try exercise(tool)
  }

  @Test(
    "pre-commit, with the configuration in Hooks",
    .enabled(if: Tool.preCommit != nil, "pre-commit is not installed; Scripts/test-tools does it"))
  func local() throws {
    let tool = try #require(Tool.preCommit)
    try copy("Hooks/pre-commit-config.yaml", to: ".pre-commit-config.yaml")
    try run(tool, ["install", "-t", "pre-commit", "-t", "commit-msg", "-t", "pre-push"])
    try exercise(tool)
  }

  @Test(
    "lefthook, with the configuration in Hooks",
    .enabled(if: Tool.lefthook != nil, "lefthook is not installed; Scripts/test-tools does it"))
  func lefthook() throws {
    let tool = try #require(Tool.lefthook)
    try copy("Hooks/lefthook.yml", to: "lefthook.yml")
    try run(tool, ["install"])
    try exercise(tool)
  }

  @Test("husky: its hooks are run as `sh -e FILE` with git's words")
  func husky() throws {
    for name in ["pre-commit", "commit-msg", "pre-push"] {
      try copy("Hooks/husky/\(name)", to: ".husky/\(name)")
      try repository.write("husky-runner/\(name)", "#!/bin/sh\nexec sh -e .husky/\(name) \"$@\"\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: repository.path + "/husky-runner/\(name)")
    }
    try repository.commit("chore: hooks")
    try repository.expect(["config", "core.hooksPath", "husky-runner"])
    try exercise(repository.program.path)
  }

  private func copy(_ source: String, to name: String) throws {
    try repository.scratch.write("work/" + name, Data(contentsOf: checkout.appendingPathComponent(source)))
    try repository.commit("chore: hooks")
  }
}
