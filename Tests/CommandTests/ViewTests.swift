import Foundation
import Testing

private func program(_ name: String) -> String? {
  ["/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { $0 + name }.first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
}

@Suite("Summaries in programs that show two files")
struct ViewTests {
  let repository: GitRepository

  init() throws {
    repository = try GitRepository()
    try repository.write("sub/code.py", Sample.old)
    try repository.write("gone.py", "def f():\n    return 1\n")
    try repository.commit("first")
    try repository.write("sub/code.py", Sample.changed)
  }

  @Test("The program gets two files that cannot be written, named like the source, and they go with it")
  func files() throws {
    let result = try repository.logicdiff(
      "view", "ls -l", "HEAD:sub/code.py", "sub/code.py", environment: ["TMPDIR": repository.scratch.path])
    #expect(result.status == 0, "\(result.err)")
    let lines = result.out.split(separator: "\n")
    #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("-r--r--r--") && $0.hasSuffix("/code.py") })
    #expect(lines.allSatisfy { $0.contains(repository.scratch.path + "/logicdiff-") })
    let left = try FileManager.default.contentsOfDirectory(atPath: repository.scratch.path)
    #expect(!left.contains { $0.hasPrefix("logicdiff-") })
  }

  @Test("With --forms a rewrite that is proved reads the same, and a change does not")
  func forms() throws {
    func differ(_ text: String) throws -> String {
      try repository.write("sub/code.py", text)
      return try repository.logicdiff("view", "--forms", "diff", "HEAD:sub/code.py", "sub/code.py").out
    }
    #expect(try differ(Sample.rewritten) == "")
    let changed = try differ(Sample.changed).split(separator: "\n").filter { "<>".contains($0.prefix(1)) }
    #expect(changed.count == 2 && changed.allSatisfy { $0.dropFirst(2).hasPrefix("# form ") })
  }

  @Test("As a difftool, for files that are only on one side too")
  func difftool() throws {
    try repository.expect(["config", "difftool.summaries.cmd", #"logicdiff view cat "$LOCAL" "$REMOTE""#])
    try repository.expect(["rm", "--quiet", "gone.py"])
    let result = try repository.git(["difftool", "-y", "-t", "summaries", "HEAD"])
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.components(separatedBy: "# form of limit").count == 3 && result.out.contains("# form of f"))
  }

  @Test("A program that is not there, one that fails, and a file that is not there are told")
  func failures() throws {
    for (words, told) in [
      (["no-such-viewer", "sub/code.py", "sub/code.py"], "Install it"),
      (["exit 3;", "sub/code.py", "sub/code.py"], "status 3"), (["cat", "HEAD:none.py", "sub/code.py"], "none.py"),
    ] {
      let result = try Program.execute(
        repository.program.path, ["view"] + words, in: repository.path, environment: repository.environment)
      #expect(result.status == 2 && result.err.contains(told), "\(result.err)")
    }
  }

  @Test(
    "vim shows them as a diff of two windows",
    .enabled(if: program("vim") != nil, "no vim; on Debian: apt-get install vim"))
  func vim() throws {
    let place = repository.scratch.path + "/seen"
    let look = """
      vim -u NONE -N -es -d -c "call writefile([winnr('$'), &diff, getline(1)], '\(place)')" -c "qa!"
      """
    let result = try repository.logicdiff("view", look, "HEAD:sub/code.py", "sub/code.py")
    #expect(result.status == 0, "\(result.err)")
    let seen = try String(contentsOfFile: place, encoding: .utf8).split(separator: "\n")
    #expect(seen.prefix(2) == ["2", "1"] && seen.last == "# form of limit(values, top)", "\(seen)")
  }
}
