import Foundation
import Testing

@Suite("git diff with the external driver")
struct ExternalDiffTests {
  let repository: GitRepository

  init() throws {
    repository = try GitRepository()
    try repository.expect(["config", "diff.logicdiff.command", "logicdiff ext-diff --decoder none"])
    try repository.write(".git/info/attributes", "* diff=logicdiff\n")
    try repository.write("code.py", Sample.old)
    try repository.commit("first")
  }

  @Test("A change is shown with an input on which it differs, a proved rewrite is one counted line")
  func changed() throws {
    try repository.write("code.py", Sample.changed)
    let diff = try repository.expect(["diff"])
    #expect(diff.hasPrefix("code.py\n  changed    limit"))
    #expect(diff.contains("    differs when  "))
    #expect(diff.hasSuffix("  1 function hidden, proved the same\n"))
    #expect(!diff.contains("twice"))
    try repository.write("code.py", Sample.rewritten)
    #expect(try repository.expect(["diff"]) == "code.py\n  1 function hidden, proved the same\n")
    try repository.write("code.py", "# a comment\n" + Sample.old)
    #expect(
      try repository.expect(["diff"]) == "code.py\n  changed in comments, docstrings or layout only\n")
  }

  @Test("A broken setting is told and does not stop git")
  func brokenSetting() throws {
    try repository.write("code.py", Sample.rewritten)
    try repository.expect(["config", "logicdiff.budget", "lots"])
    let result = try repository.git(["diff"])
    #expect(result.status == 0)
    #expect(result.out == "code.py\n  1 function hidden, proved the same\n")
    #expect(result.err.contains("logicdiff.budget"))
  }

  @Test("Files of other languages and binary files keep their text diff, which git can apply")
  func otherFiles() throws {
    try repository.write("notes.txt", "one\n\ttwo\nthree")
    try repository.write("data.bin", [0, 1, 2])
    try repository.commit()
    try repository.write("notes.txt", "one\n\ttwo!\nthree\n")
    try repository.write("data.bin", [0, 1, 3])
    let diff = try repository.expect(["diff"])
    #expect(diff.contains("Binary files a/data.bin and b/data.bin differ\n"))
    #expect(diff.contains("-\ttwo\n") && diff.contains("+\ttwo!\n"))
    #expect(diff.contains("\\ No newline at end of file\n"))
    let text = try repository.expect(["diff", "--", "notes.txt"])
    try repository.scratch.write("patch", text)
    try repository.expect(["checkout", "--", "notes.txt"])
    try repository.expect(["apply", repository.scratch.path + "/patch"])
    #expect(try String(contentsOfFile: repository.path + "/notes.txt", encoding: .utf8) == "one\n\ttwo!\nthree\n")
  }

  @Test("New and deleted files, renamed ones and changed modes")
  func wholeFiles() throws {
    try repository.write("new.py", "def f():\n    return 1\n")
    try repository.expect(["add", "--all"])
    let added = try repository.expect(["diff", "--cached"])
    #expect(added.hasPrefix("new.py  new file\n") && added.contains("  added      f "))
    try repository.commit()
    try repository.expect(["rm", "--quiet", "new.py"])
    let removed = try repository.expect(["diff", "--cached"])
    #expect(removed.hasPrefix("new.py  deleted\n") && removed.contains("  removed    f "))
    try repository.expect(["reset", "--quiet", "--hard"])
    try repository.expect(["mv", "code.py", "moved.py"])
    try repository.write("moved.py", Sample.rewritten)
    let renamed = try repository.expect(["diff", "-M", "HEAD"])
    #expect(renamed == "moved.py  (was code.py)\n  1 function hidden, proved the same\n")
    try repository.expect(["reset", "--quiet", "--hard"])
    try repository.expect(["update-index", "--chmod=+x", "code.py"])
    #expect(try repository.expect(["diff", "--cached"]) == "code.py  mode changed\n")
  }

  @Test("A renamed file of another language says what it was")
  func renamedText() throws {
    let lines = (1...20).map { "line \($0)\n" }.joined()
    try repository.write("a.txt", lines)
    try repository.commit()
    try repository.expect(["mv", "a.txt", "b.txt"])
    try repository.write("b.txt", lines + "more\n")
    let diff = try repository.expect(["diff", "-M", "HEAD"])
    #expect(diff.hasPrefix("diff --git a/a.txt b/b.txt\nsimilarity index "))
    #expect(diff.contains("rename from a.txt\nrename to b.txt\n") && diff.contains("\n+more\n"))
  }

  @Test("A path that a merge left open is named")
  func unmerged() throws {
    try repository.expect(["checkout", "--quiet", "-b", "side"])
    try repository.write("code.py", "x = 1\n")
    try repository.commit()
    try repository.expect(["checkout", "--quiet", "main"])
    try repository.write("code.py", "x = 2\n")
    try repository.commit()
    #expect(try repository.git(["merge", "side"]).status != 0)
    let result = try repository.git(["diff", "HEAD", "--cached"])
    #expect(result.status == 0)
    #expect(result.out.contains("* Unmerged path code.py\n"))
  }

  @Test("Links and submodules are shown as git shows them")
  func specialFiles() throws {
    try FileManager.default.createSymbolicLink(atPath: repository.path + "/link.py", withDestinationPath: "code.py")
    try repository.expect(["add", "--all"])
    let diff = try repository.expect(["diff", "--cached"])
    #expect(diff.contains("new file mode 120000") && diff.contains("+code.py"))
    let commit = try repository.expect(["rev-parse", "HEAD"]).trimmingCharacters(in: .newlines)
    try repository.expect(["update-index", "--add", "--cacheinfo", "160000,\(commit),sub"])
    #expect(try repository.expect(["diff", "--cached", "--", "sub"]).contains("+Subproject commit \(commit)"))
  }

  @Test("Files follow each other after a blank line, from a folder below too")
  func several() throws {
    try repository.write("sub/a.py", "def f():\n    return 1\n")
    try repository.write("sub/b.py", "def g():\n    return 1\n")
    try repository.commit()
    try repository.write("sub/a.py", "def f():\n    return 2\n")
    try repository.write("sub/b.py", "def g():\n    return 2\n")
    let diff = try repository.git(["diff"], in: repository.path + "/sub")
    #expect(diff.status == 0)
    #expect(diff.out.hasPrefix("sub/a.py\n") && diff.out.contains("\n\nsub/b.py\n"))
  }

  @Test("Odd names: spaces, line breaks, quotes, bytes that are no UTF-8")
  func oddNames() throws {
    let names: [[UInt8]] = [
      Array("sp ace.py".utf8), Array("line\nbreak.py".utf8), Array("qu\"ote.py".utf8), Array("-x.py".utf8),
      [0x66, 0xFF, 0x2E, 0x70, 0x79],
    ]
    for name in names {
      try Self.writeRaw(repository.path, name, "def f():\n    return 1\n")
    }
    try repository.commit()
    for name in names { try Self.writeRaw(repository.path, name, "def f():\n    return 2\n") }
    let result = try repository.git(["diff"])
    #expect(result.status == 0 && result.err.isEmpty, "\(result.err)")
    #expect(result.out.components(separatedBy: "  changed    f").count == names.count + 1)
    #expect(!result.out.contains("line\nbreak"))
  }

  @Test("A reader that goes away early makes no noise")
  func closedReader() throws {
    for number in 0..<30 { try repository.write("f\(number).py", Sample.old) }
    try repository.commit()
    for number in 0..<30 { try repository.write("f\(number).py", Sample.changed) }
    let result = try Program.execute(
      "/bin/sh", ["-c", "git diff | head -n 1"], in: repository.path, environment: repository.environment)
    #expect(result.out == "f0.py\n")
    #expect(result.err.isEmpty, "\(result.err)")
  }

  @Test("Its exit status tells git something only where that is asked for")
  func trustedStatus() throws {
    func call(_ new: String, _ flags: [String], _ environment: [String: String] = [:]) throws -> Int32 {
      let files = (try repository.scratch.write("o.py", Sample.old), try repository.scratch.write("n.py", new))
      return try Program.execute(
        repository.program.path,
        ["ext-diff"] + flags + [
          "code.py", files.0, String(repeating: "1", count: 40), "100644", files.1, String(repeating: "0", count: 40),
          "100644",
        ], in: repository.path, environment: repository.environment.merging(environment) { $1 }
      ).status
    }
    #expect(try call(Sample.changed, []) == 0)
    #expect(try call(Sample.changed, ["--trust-exit-code"]) == 1)
    #expect(try call(Sample.rewritten, ["--trust-exit-code"]) == 0)
    #expect(try call(Sample.changed, [], ["GIT_EXTERNAL_DIFF_TRUST_EXIT_CODE": "true"]) == 1)
  }

  @Test("Words that are not git's are refused with the next command")
  func otherWords() throws {
    let result = try repository.logicdiff("ext-diff")
    #expect(result.status == 2 && result.err.contains("git config diff.logicdiff.command"))
  }

  private static func writeRaw(_ folder: String, _ name: [UInt8], _ text: String) throws {
    let path = Array((folder + "/").utf8) + name + [0]
    let file = path.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress.flatMap { fopen($0, "w") } }
    }
    let opened = try #require(file)
    defer { fclose(opened) }
    #expect(fputs(text, opened) >= 0)
  }
}
