import Foundation
import Testing

/// The steps of `action.yml`, run as GitHub's runner runs them, and the promises of the two-job form.
@Suite("Steps of CI")
struct CITests {
  let scratch: Scratch
  let program: Program
  let environment: [String: String]

  init() throws {
    scratch = try Scratch()
    program = try Program()
    let tools = URL(fileURLWithPath: program.path).deletingLastPathComponent().path
    environment = [
      "PATH": tools + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? ""),
      "GITHUB_OUTPUT": scratch.path + "/.git/output", "GITHUB_STEP_SUMMARY": scratch.path + "/.git/summary",
      "XDG_CACHE_HOME": scratch.path + "/.git/cache", "LOGICDIFF_NO_CACHE": "false", "LOGICDIFF_BUDGET": "0.1",
      "REPORT": scratch.path + "/.git/report.json",
    ]
    try scratch.git("init", "--quiet")
    try scratch.write("code.py", "def f(x):\n    return x + 1\n")
    try scratch.commit()
    try scratch.write("code.py", "def f(x):\n    return x + 2\n")
    try scratch.commit()
  }

  private func step(_ name: String, _ more: [String: String] = [:]) throws -> Program.Result {
    try Program(path: checkout.path + "/CI/github-step").run(
      name, in: scratch.path, environment: environment.merging(more) { $1 })
  }

  private func file(_ name: String) throws -> String {
    try String(contentsOfFile: scratch.path + "/.git/" + name, encoding: .utf8)
  }

  @Test("Comparing annotates, fills the summary and the outputs, and fails only when it is told to")
  func compare() throws {
    let result = try step("compare", ["BASE": "HEAD~1", "HEAD": "HEAD"])
    #expect(result.status == 0, "\(result.out)\(result.err)")
    #expect(result.out.hasPrefix("::warning file=code.py,line=2,"))
    #expect(try file("output").contains("conclusion=failure\n") && file("output").contains("report="))
    #expect(try file("summary").contains("| changed | 1 |"))
    #expect(try file("report.json").contains("\"verdict\" : \"changed\""))
    let failing = try step("compare", ["BASE": "HEAD~1", "HEAD": "HEAD", "FAIL": "true"])
    #expect(failing.status == 1 && failing.out.contains("::error title=logicdiff::"))
  }

  @Test("A commit that is not there, and words that look like options, are told and not run")
  func hostile() throws {
    for base in ["0000000000000000000000000000000000000000", "--output=/tmp/x", "$(touch \(scratch.path)/owned)", ""] {
      let result = try step("compare", ["BASE": base, "HEAD": "HEAD"])
      #expect(result.status == 1 && result.out.hasPrefix("::error title=logicdiff::Expected"), "\(base)")
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/owned"))
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/link.json", withDestinationPath: "/etc/hostname")
    let link = try step("comment", ["REPORT": scratch.path + "/link.json", "GITHUB_TOKEN": "t"])
    #expect(link.status == 1 && link.out.contains("Expected a report"))
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: checkout.path + "/" + path, encoding: .utf8)
  }

  @Test("No value is pasted into a script, the analysing job has no token, the commenting one no code")
  func promises() throws {
    let action = try text("action.yml")
    for line in action.split(separator: "\n") where line.contains("run:") { #expect(!line.contains("${{")) }
    let analyse = try text("CI/github-analyse.yml")
    #expect(analyse.contains("permissions:\n  contents: read\n") && analyse.contains("persist-credentials: false"))
    #expect(!analyse.contains("token") && !analyse.contains("write") && !analyse.contains("pull_request_target"))
    let comment = try text("CI/github-comment.yml")
    #expect(!comment.contains("checkout@") && comment.contains("workflow_run"))
    let gitlab = try text("CI/gitlab.yml")
    let jobs = gitlab.components(separatedBy: "\nlogicdiff-comment:")
    #expect(jobs.count == 2 && jobs[1].contains("GIT_STRATEGY: none"))
    #expect(jobs[1].contains("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID"))
  }
}
