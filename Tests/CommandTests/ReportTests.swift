import Foundation
import Testing

@Suite("The program's report")
struct ProgramReportTests {
  let scratch: Scratch
  let program: Program

  init() throws {
    scratch = try Scratch()
    program = try Program()
  }

  private static let before = """
    def limit(values, top):
        kept = []
        for value in values:
            if value < top:
                kept.append(value)
        return kept


    def twice(x):
        return x + x


    def gone():
        return 1

    """
  private static let after = """
    def limit(values, top):
        kept = []
        for value in values:
            if value <= top:
                kept.append(value)
        return kept


    def twice(y):
        # a comment
        return y + y


    def come():
        print("here")

    """

  private func history() throws {
    try scratch.git("init", "--quiet")
    try scratch.write("code.py", Self.before)
    try scratch.commit()
    try scratch.write("code.py", Self.after)
    try scratch.commit()
  }

  @Test("A changed comparison is shown with its lines and an input; the rest is counted")
  func text() throws {
    try history()
    let result = try program.run("HEAD~1", "HEAD", "--decoder", "none", in: scratch.path)
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.hasPrefix("code.py\n  changed    limit "))
    #expect(result.out.contains("    - 4          if value < top:\n    + 4          if value <= top:\n"))
    #expect(result.out.contains("    differs when  "))
    #expect(result.out.contains("      old  ") && result.out.contains("      new  "))
    #expect(result.out.contains("interface  twice"))
    #expect(!result.out.contains("\u{1B}"))
    #expect(result.out.hasSuffix("4 changed functions: 1 changed, 1 interface, 1 added, 1 removed\n"))
  }

  @Test("The JSON has every key of the contract, and nothing else")
  func json() throws {
    try history()
    let result = try program.run("HEAD~1", "HEAD", "--format", "json", "--decoder", "none", in: scratch.path)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any])
    #expect(Set(report.keys) == ["schema", "tool", "old", "new", "files", "groups", "counts", "hidden"])
    #expect(report["schema"] as? Int == 1)
    let file = try #require((report["files"] as? [[String: Any]])?.first)
    #expect(Set(file.keys) == ["path", "oldPath", "language", "status", "reason", "functions", "diff"])
    let units = try #require(file["functions"] as? [[String: Any]])
    for unit in units {
      #expect(
        Set(unit.keys) == [
          "name", "oldName", "kind", "verdict", "evidence", "assumptions", "interface", "body", "proof", "strength",
          "counterexample", "cost", "summary", "names", "reason", "location", "calls", "helper", "source",
        ])
    }
    let changed = try #require(units.first { $0["verdict"] as? String == "changed" })
    let example = try #require(changed["counterexample"] as? [String: Any])
    #expect(Set(example.keys) == ["arguments", "environment", "old", "new", "trace"])
    let counts = try #require(report["counts"] as? [String: Int])
    #expect(Set(counts.keys).count == 8)
    #expect(counts["changed"] == 1 && counts["interface"] == 1)
  }

  @Test("The same bytes with one thread and with many, and on every run")
  func deterministic() throws {
    try history()
    let first = try program.run("HEAD~1", "--format", "json", "--jobs", "1", in: scratch.path).out
    #expect(try program.run("HEAD~1", "--format", "json", "--jobs", "7", in: scratch.path).out == first)
    #expect(!first.isEmpty)
  }

  @Test("Paths after -- narrow the comparison")
  func paths() throws {
    try history()
    #expect(try program.run("HEAD~1", "HEAD", "--", "other", in: scratch.path).out == "No file differs.\n")
    #expect(try program.run("HEAD~1", "HEAD", "--", "code.py", in: scratch.path).out.hasPrefix("code.py\n"))
  }

  @Test("Exit status 1 is asked for, and follows the policy")
  func exitStatus() throws {
    try history()
    #expect(try program.run("HEAD~1", "HEAD", in: scratch.path).status == 0)
    #expect(try program.run("HEAD~1", "HEAD", "--exit-code", in: scratch.path).status == 1)
    #expect(try program.run("HEAD", "HEAD", "--exit-code", in: scratch.path).status == 0)
    let old = try scratch.write("a.py", "def f(x):\n    y = x + 1\n    return y\n")
    let new = try scratch.write("b.py", "def f(x):\n    return x + 1\n")
    #expect(try program.run("files", old, new, "--exit-code", "--require", "proved").status == 0)
  }

  @Test("Flags come before variables, variables before git config, and a bad value is named with its place")
  func settings() throws {
    try history()
    try scratch.git("config", "logicdiff.format", "json")
    #expect(try program.run("HEAD", in: scratch.path).out.hasPrefix("{"))
    #expect(try program.run("HEAD", in: scratch.path, environment: ["LOGICDIFF_FORMAT": "text"]).out.hasPrefix("No "))
    let flag = try program.run(
      "HEAD", "--format", "json", in: scratch.path, environment: ["LOGICDIFF_FORMAT": "text"])
    #expect(flag.out.hasPrefix("{"))
    try scratch.git("config", "logicdiff.format", "papyrus")
    let bad = try program.run("HEAD", in: scratch.path)
    #expect(bad.status == 2)
    #expect(bad.err.contains("git config logicdiff.format") && bad.err.contains("papyrus"))
  }

  @Test("Colour is off in a pipe, on when forced, and off again by NO_COLOR and --color never")
  func color() throws {
    try history()
    func isColored(_ environment: [String: String], _ flag: String) throws -> Bool {
      try program.run("HEAD~1", "HEAD", "--color", flag, "--budget", "0.05", in: scratch.path, environment: environment)
        .out.contains("\u{1B}[")
    }
    #expect(try !isColored([:], "auto"))
    #expect(try isColored([:], "always"))
    #expect(try isColored(["CLICOLOR_FORCE": "1"], "auto"))
    #expect(try !isColored(["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], "auto"))
    #expect(try !isColored(["CLICOLOR_FORCE": "1"], "never"))
  }

  @Test("--output writes the whole report and leaves nothing else behind")
  func output() throws {
    try history()
    let place = scratch.path + "/out/report.json"
    try scratch.write("out/keep", "")
    let result = try program.run("HEAD~1", "HEAD", "--format", "json", "--output", place, in: scratch.path)
    #expect(result.status == 0 && result.out.isEmpty)
    #expect(try String(contentsOfFile: place, encoding: .utf8).hasSuffix("}\n"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/out").sorted() == ["keep", "report.json"])
    let bad = try program.run("HEAD~1", "HEAD", "--output", scratch.path + "/none/report", in: scratch.path)
    #expect(bad.status == 2 && bad.err.contains("--output"))
  }

  @Test("Ctrl-C ends it at once with 130 and leaves no file behind")
  func interrupted() throws {
    var (old, new) = ("", "")
    for number in 0..<3_000 {
      old += "def f\(number)(a, b):\n    for x in a.items:\n        b.add(x, \(number))\n    return b\n\n\n"
      new += "def f\(number)(a, b):\n    for x in a.items:\n        b.put(x, \(number))\n    return b.x\n\n\n"
    }
    let place = scratch.path + "/report.json"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program.path)
    process.arguments = [
      "files", try scratch.write("old.py", old), try scratch.write("new.py", new), "--budget", "60", "--output", place,
    ]
    process.environment = Program.plain
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    usleep(500_000)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == ["new.py", "old.py"])
  }

  @Test("Two folders are compared file by file")
  func folders() throws {
    try scratch.write("old/a.py", "def f(x):\n    return x\n")
    try scratch.write("old/same.py", "y = 1\n")
    try scratch.write("new/a.py", "def f(x):\n    return not x\n")
    try scratch.write("new/same.py", "y = 1\n")
    try scratch.write("new/sub/b.py", "def g():\n    return 2\n")
    let result = try program.run("files", scratch.path + "/old", scratch.path + "/new")
    #expect(result.out.contains("a.py\n  changed "))
    #expect(result.out.contains("sub/b.py  new file\n"))
    #expect(!result.out.contains("same.py"))
  }

  @Test("Renamed files and moved functions are compared with what they were")
  func moved() throws {
    try scratch.git("init", "--quiet")
    try scratch.write("a.py", Self.before)
    try scratch.write("b.py", "import os\n")
    try scratch.commit()
    let moved = "\n\ndef twice(x):\n    return x + x\n"
    try scratch.write("a.py", Self.before.replacingOccurrences(of: String(moved.dropFirst(2)), with: ""))
    try scratch.write("b.py", "import os\n" + moved)
    try scratch.commit()
    let result = try program.run("HEAD~1", "HEAD", in: scratch.path)
    #expect(result.out.contains("interface  twice  moved from a.py"))
    #expect(!result.out.contains("added") && !result.out.contains("removed"))
  }

  @Test("A file of a revision is summarized, one function or all")
  func summarize() throws {
    try history()
    let all = try program.run("summarize", "HEAD~1:code.py", "--decoder", "none", in: scratch.path)
    #expect(all.status == 0, "\(all.err)")
    #expect(all.out.contains("limit") && all.out.contains("gone"))
    let one = try program.run("summarize", "code.py", "--function", "twice", "--decoder", "none", in: scratch.path)
    #expect(one.out.contains("twice") && !one.out.contains("limit"))
    let none = try program.run("summarize", "code.py", "--function", "thrice", in: scratch.path)
    #expect(none.status == 2 && none.err.contains("It defines limit, twice, come"))
  }

  @Test("The doctor names its parts")
  func doctor() throws {
    let result = try program.run("doctor")
    #expect(result.status == 0)
    for topic in ["logicdiff", "libgit2", "Python", "OpenBLAS", "checkpoint", "cache"] {
      #expect(result.out.contains("\n\(topic)") || result.out.hasPrefix(topic))
    }
  }

  @Test("Help and version are answers, on standard output")
  func help() throws {
    let help = try program.run("--help")
    #expect(help.status == 0 && help.out.contains("USAGE") && help.err.isEmpty)
    #expect(try program.run("--version").out == "0.1.0\n")
  }
}
