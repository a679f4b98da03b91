import Foundation
import Testing

/// What we write for other programs, read by programs that know what those expect.
@Suite("Linters and schemas of the formats that we write")
struct LintTests {
  private func run(_ tool: String?, _ arguments: [String]) throws -> Program.Result {
    try Program.execute(try #require(tool), arguments, in: checkout.path)
  }

  private static let workflows = ["CI/github-analyse.yml", "CI/github-comment.yml"]

  @Test(
    "SARIF, of ordinary and of hostile names, keeps to the schema that OASIS published",
    .enabled(if: Tool.checkJSONSchema != nil && Tool.sarifSchema != nil, Comment(rawValue: Tool.missing)))
  func sarif() throws {
    let repository = try GitRepository()
    let name = "sp ace/ü#%\u{202E}.py"
    for path in ["code.py", name] { try repository.write(path, Sample.old) }
    try repository.write("nested.py", "def f(x):\n    return eval('x')\n\n\n@a\ndef g(y):\n    return y\n")
    try repository.write("broken.py", "def f(:\n")
    try repository.commit()
    for path in ["code.py", name] { try repository.write(path, Sample.changed) }
    try repository.write("nested.py", "def f(x):\n    return eval('x') + 1\n\n\n@b\ndef g(y):\n    return y\n")
    try repository.write("broken.py", "def f(x:\n")
    try repository.commit()
    let log = repository.scratch.path + "/log.sarif"
    for words in [["HEAD~1", "HEAD"], ["HEAD", "HEAD"]] {
      let made = try Program.execute(
        repository.program.path, words + ["--format", "sarif", "--output", log, "--decoder", "none"],
        in: repository.path, environment: repository.environment)
      #expect(made.status == 0, "\(made.err)")
      // One pattern of the schema is none in the stricter form of regular expressions.
      let checked = try run(
        Tool.checkJSONSchema, ["--regex-variant", "nonunicode", "--schemafile", try #require(Tool.sarifSchema), log])
      #expect(checked.status == 0, "\(checked.out)\(checked.err)")
    }
  }

  @Test(
    "The workflows, the action and GitLab's template keep to their schemas",
    .enabled(if: Tool.checkJSONSchema != nil, Comment(rawValue: Tool.missing)))
  func schemas() throws {
    for words in [
      ["--builtin-schema", "vendor.github-workflows"] + Self.workflows,
      ["--builtin-schema", "vendor.github-actions", "action.yml"],
      ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", "CI/gitlab.yml"],
    ] {
      let result = try run(Tool.checkJSONSchema, words)
      #expect(result.status == 0, "\(result.out)\(result.err)")
    }
  }

  @Test("actionlint has nothing to say", .enabled(if: Tool.actionlint != nil, Comment(rawValue: Tool.missing)))
  func actionlint() throws {
    let result = try run(Tool.actionlint, Self.workflows)
    #expect(result.status == 0, "\(result.out)\(result.err)")
  }

  @Test(
    "zizmor warns of what a template leaves to its user, and of nothing else",
    .enabled(if: Tool.zizmor != nil, Comment(rawValue: Tool.missing)))
  func zizmor() throws {
    let result = try run(
      Tool.zizmor, ["--offline", "--no-exit-codes", "--format", "json", "action.yml"] + Self.workflows)
    let found = try #require(try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [[String: Any]])
    // Which commit of an action is to be trusted is not ours to say; workflow_run is the form that has a token and no
    // code of a stranger.
    #expect(Set(found.compactMap { $0["ident"] as? String }) == ["unpinned-uses", "dangerous-triggers"])
  }

  @Test(
    "pre-commit takes our hooks and our configuration",
    .enabled(if: Tool.preCommit != nil, Comment(rawValue: Tool.missing)))
  func preCommit() throws {
    #expect(try run(Tool.preCommit, ["validate-manifest", ".pre-commit-hooks.yaml"]).status == 0)
    #expect(try run(Tool.preCommit, ["validate-config", "Hooks/pre-commit-config.yaml"]).status == 0)
  }
}
