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

  private func offered(_ words: String..., in folder: String? = nil) throws -> [String] {
    let result = try Program.execute(
      program.path, ["complete", "--"] + words, in: folder ?? checkout.path, environment: [:])
    #expect(result.status == 0 && result.err.isEmpty, "\(words)")
    return result.out.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
  }

  @Test("A word may go on as a command, a flag of the command at hand, one of a flag's values, or a revision")
  func words() throws {
    let help = try program.run("help", "compare").out
    let flags = Set(help.matches(of: /\n  (--[a-z][a-z-]+)/).map { String($0.output.1) })
    let all = Set(try offered("--"))
    #expect(flags.count > 15 && flags.isSubset(of: all))
    #expect(try offered("HEAD", "--si") == ["--side-by-side"])
    #expect(try offered("su") == ["summarize"])
    #expect(try offered("hook", "pre-") == ["pre-commit", "pre-push"])
    #expect(try offered("summarize", "--text") == ["--textconv"])
    #expect(try offered("--text").isEmpty)
    #expect(try offered("--format", "md").isEmpty)
    #expect(try offered("--format", "rd") == ["rdjson", "rdjsonl"])
    // A file's name is the shell's to complete.
    #expect(try offered("--output", "").isEmpty)
    #expect(try offered("HEAD", "--", "").isEmpty)
    let repository = try GitRepository()
    try repository.commit()
    try repository.expect(["tag", "v1"])
    #expect(try offered("v", in: repository.path) == ["view", "v1"])
    #expect(try offered("log", "v1..m", in: repository.path) == ["v1..main"])
  }

  private static let shells = ["bash", "zsh", "fish"].filter { name in
    ["/bin/", "/usr/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + name) }
  }

  @Test("Shells take our scripts, and offer the flags of `logicdiff` and of `git logicdiff`", arguments: shells)
  func completions(shell: String) throws {
    let scratch = try Scratch()
    let folder = checkout.path + "/Documentation/completions"
    // Each shell is asked in its own way what it would offer.
    let (file, script) =
      switch shell {
      case "bash":
        (
          "logicdiff.bash",
          """
          . '\(folder)/logicdiff.bash'
          COMP_WORDS=(logicdiff --si) COMP_CWORD=1; _logicdiff; echo "${COMPREPLY[@]}"
          words=(git logicdiff HEAD --si) cword=3; _git_logicdiff; echo "${COMPREPLY[@]}"
          """
        )
      case "fish":
        (
          "logicdiff.fish",
          "source '\(folder)/logicdiff.fish'; complete -C 'logicdiff --si'; complete -C 'git logicdiff HEAD --si'"
        )
      default:
        (
          "_logicdiff",
          """
          _describe() { print -l -- ${(P)3} }
          _files() { print files }
          words=(logicdiff --si) CURRENT=2; . '\(folder)/_logicdiff'
          words=(logicdiff HEAD --si) CURRENT=3; . '\(folder)/_logicdiff'
          """
        )
      }
    let environment = [
      "PATH": URL(fileURLWithPath: program.path).deletingLastPathComponent().path + ":/usr/bin:/bin",
      "HOME": scratch.path,
    ]
    let result = try Program.execute("/usr/bin/env", [shell, "-c", script], in: scratch.path, environment: environment)
    #expect(result.out.components(separatedBy: "--side-by-side").count == 3, "\(file): \(result.out)\(result.err)")
  }
}
