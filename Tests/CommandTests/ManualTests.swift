import Foundation
import Testing

@Suite("The manual page and the completions")
struct ManualTests {
  let program: Program

  init() throws { program = try Program() }

  private func manual() throws -> String {
    try String(contentsOf: checkout.appendingPathComponent("Documentation/git-logicdiff.1"), encoding: .utf8)
      .replacingOccurrences(of: "\\-", with: "-")
  }

  @Test("The page has every command and every flag of a comparison that --help has")
  func complete() throws {
    let page = try manual()
    let help = try program.run("help", "compare").out
    let flags = Set(help.matches(of: /--[a-z][a-z-]+/).map { String($0.output) }).subtracting(["--help", "--version"])
    #expect(flags.count > 10)
    for flag in flags { #expect(page.contains(flag), "\(flag) is missing") }
    let commands = try program.run("--help").out.components(separatedBy: "SUBCOMMANDS:\n").last ?? ""
    let names = commands.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .map { String($0.dropFirst(2).prefix { $0 != " " }) }
    #expect(names.contains("summarize"))
    for command in names where !["compare", "See"].contains(command) {
      #expect(page.contains("logicdiff \(command)"), "\(command) is missing")
    }
  }

  @Test(
    "The page is well-formed, and git help finds it",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/man"), "no man"))
  func readable() throws {
    let scratch = try Scratch()
    let source = checkout.appendingPathComponent("Documentation/git-logicdiff.1")
    try scratch.write("man/man1/git-logicdiff.1", Data(contentsOf: source))
    var environment = ["MANPATH": scratch.path + "/man", "PAGER": "cat", "MANPAGER": "cat", "MANWIDTH": "80"]
    let checked = try Program.execute(
      "/usr/bin/man", ["--warnings", "-l", source.path], in: scratch.path, environment: environment)
    #expect(checked.status == 0 && checked.err.isEmpty, "\(checked.err)")
    // Git takes the word for a command of its own only where it finds the program.
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/git-logicdiff", withDestinationPath: program.path)
    environment["PATH"] = scratch.path + ":" + (Program.plain["PATH"] ?? "")
    let help = try Program.execute(
      "/usr/bin/env", ["git", "help", "logicdiff"], in: scratch.path, environment: environment)
    #expect(help.out.contains("tell whether changed code still does the same"), "\(help.err)")
  }

  @Test("Completions for three shells; bash can read its own")
  func completions() throws {
    for shell in ["bash", "zsh", "fish"] {
      let result = try program.run("--generate-completion-script", shell)
      #expect(result.status == 0 && result.out.contains("summarize"))
      guard shell == "bash" else { continue }
      let scratch = try Scratch()
      let file = try scratch.write("completion", result.out)
      let read = try Program.execute("/bin/bash", ["-n", file], in: scratch.path)
      #expect(read.status == 0 && read.err.isEmpty)
    }
  }
}
