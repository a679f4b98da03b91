import Foundation
import Testing

@Suite("Pager and colour, by git's conventions")
struct PagerTests {
  let repository: GitRepository
  /// `script` of util-linux runs a command on a terminal of its own.
  static let script = ["/usr/bin/script"].first { FileManager.default.isExecutableFile(atPath: $0) }

  init() throws {
    repository = try GitRepository()
    try repository.write("code.py", Sample.old)
    try repository.commit("first")
    try repository.write("code.py", Sample.rewritten)
  }

  /// What `command` writes on a terminal.
  private func onTerminal(_ command: String, _ environment: [String: String] = [:]) throws -> String {
    var all = repository.environment.merging(["TERM": "xterm", "PAGER": "sed s/^/paged:/"]) { $1 }
    all.merge(environment) { $1 }
    let result = try Program.execute(
      try #require(Self.script), ["-qec", command, "/dev/null"], in: repository.path, environment: all)
    #expect(result.status == 0, "\(result.out)")
    return result.out
  }

  @Test("GIT_PAGER, pager.logicdiff, core.pager, PAGER, in this order", .enabled(if: script != nil, "no script"))
  func choice() throws {
    #expect(try onTerminal("logicdiff").contains("paged:"))
    try repository.expect(["config", "core.pager", "sed s/^/core:/"])
    #expect(try onTerminal("logicdiff").contains("core:"))
    try repository.expect(["config", "pager.logicdiff", "sed s/^/own:/"])
    #expect(try onTerminal("logicdiff").contains("own:"))
    #expect(try onTerminal("logicdiff", ["GIT_PAGER": "sed s/^/variable:/"]).contains("variable:"))
    #expect(try !onTerminal("logicdiff", ["GIT_PAGER": "cat"]).contains("own:"))
    #expect(try !onTerminal("logicdiff", ["GIT_PAGER": ""]).contains("own:"))
    try repository.expect(["config", "pager.logicdiff", "false"])
    #expect(try !onTerminal("logicdiff").contains("own:"))
  }

  @Test("git's own pager and --no-pager are respected", .enabled(if: script != nil, "no script"))
  func underGit() throws {
    let folder = URL(fileURLWithPath: repository.program.path).deletingLastPathComponent().path
    let link = repository.scratch.path + "/git-logicdiff"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder + "/logicdiff")
    let path = ["PATH": repository.scratch.path + ":" + (repository.environment["PATH"] ?? "")]
    let paged = try onTerminal("git logicdiff", path)
    #expect(paged.components(separatedBy: "paged:").count > 1 && !paged.contains("paged:paged:"))
    #expect(try !onTerminal("git --no-pager logicdiff", path).contains("paged:"))
    try repository.expect(["config", "pager.logicdiff", "true"])
    let once = try onTerminal("git logicdiff --show-hidden", path)
    #expect(once.contains("paged:") && !once.contains("paged:paged:") && once.contains("\u{1B}["))
  }

  @Test(
    "Colour on a terminal, not on a dumb one, not where color.ui or NO_COLOR say no",
    .enabled(if: script != nil, "no script"))
  func color() throws {
    func isColored(_ environment: [String: String] = [:]) throws -> Bool {
      try onTerminal("logicdiff --show-hidden", ["GIT_PAGER": "cat"].merging(environment) { $1 }).contains("\u{1B}[")
    }
    #expect(try isColored())
    #expect(try !isColored(["TERM": "dumb"]))
    #expect(try !isColored(["NO_COLOR": "1"]))
    try repository.expect(["config", "color.ui", "false"])
    #expect(try !isColored())
    try repository.expect(["config", "color.ui", "always"])
    #expect(try repository.logicdiff("--show-hidden").out.contains("\u{1B}["))
    #expect(try !repository.logicdiff("--show-hidden", "--color", "never").out.contains("\u{1B}["))
  }

  @Test("The driver colours what goes into git's pager", .enabled(if: script != nil, "no script"))
  func driver() throws {
    try repository.logicdiff("install")
    #expect(try onTerminal("git diff").contains("\u{1B}["))
    #expect(try onTerminal("git -c color.pager=false diff").contains("paged:"))
    #expect(try !onTerminal("git -c color.pager=false diff").contains("\u{1B}["))
  }

  @Test("A pager that is left early is no failure", .enabled(if: script != nil, "no script"))
  func leftEarly() throws {
    let text = try onTerminal("logicdiff; echo status $?", ["PAGER": "head -n 1"])
    #expect(text.contains("status 0"))
  }
}
