import Foundation
import Testing

@Suite("The cache of reports")
struct ReportCacheTests {
  let scratch: Scratch
  let program: Program

  init() throws {
    scratch = try Scratch()
    program = try Program()
    try scratch.git("init", "--quiet")
    try scratch.write(
      "code.py", "from math import floor\n\n\ndef f(x):\n    return floor(x) + 1\n\n\ndef g(y):\n    return y\n")
    try scratch.commit()
    try scratch.write(
      "code.py", "from math import floor\n\n\ndef f(x):\n    return floor(x) + 2\n\n\ndef g(z):\n    return z\n")
    try scratch.commit()
  }

  private var cached: [String: String] {
    ["XDG_CACHE_HOME": scratch.path + "/.git/cache", "LOGICDIFF_NO_CACHE": "false", "LOGICDIFF_DECODER": "none"]
  }
  private func entries() throws -> String { try program.run("cache", environment: cached).out }
  /// What `--timings` tells of the work that was done: nothing where the answer was known.
  private func works(_ result: Program.Result) -> Bool { result.err.contains("analyse") }

  @Test(
    "A second run prints the same bytes without doing the work again, in every format",
    arguments: [
      "text", "json", "markdown", "html", "sarif", "rdjson", "rdjsonl", "gitlab", "github",
    ])
  func same(format: String) throws {
    func run(_ more: String..., environment: [String: String]) throws -> Program.Result {
      let result = try program.run(
        ["HEAD~1", "HEAD", "--format", format, "--timings", "--budget", "0.01"] + more, in: scratch.path,
        environment: environment)
      #expect(result.status == 0, "\(result.err)")
      return result
    }
    let first = try run(environment: cached)
    let second = try run(environment: cached)
    let without = try run("--no-cache", environment: cached)
    #expect(works(first) && !works(second) && works(without))
    #expect(second.out == first.out && without.out == first.out && !first.out.isEmpty)
  }

  @Test("One report serves every way to show it")
  func shared() throws {
    let ways = [["--format", "json"], ["--explain"], ["--show-hidden"], ["--color", "always"], ["--format", "html"]]
    _ = try program.run(["HEAD~1", "HEAD", "--budget", "0.01"], in: scratch.path, environment: cached)
    for way in ways {
      let words = ["HEAD~1", "HEAD", "--budget", "0.01", "--timings"] + way
      let found = try program.run(words, in: scratch.path, environment: cached)
      #expect(!works(found), "\(way)")
      #expect(try program.run(words + ["--no-cache"], in: scratch.path, environment: cached).out == found.out)
    }
  }

  @Test("Whatever a report depends on makes another entry")
  func keys() throws {
    func works(_ words: String...) throws -> Bool {
      self.works(try program.run(words + ["--timings"], in: scratch.path, environment: cached))
    }
    #expect(try works("HEAD~1", "HEAD", "--budget", "0.01"))
    #expect(try works("HEAD~1", "HEAD", "--budget", "0.02"))
    #expect(try works("HEAD~1", "HEAD", "--budget", "0.01", "--decoder", "embedded"))
    #expect(try works("HEAD~1", "HEAD", "--budget", "0.01", "--canonical-names"))
    #expect(try works("HEAD~1", "HEAD", "--budget", "0.01", "--summaries"))
    #expect(try works("HEAD", "HEAD~1", "--budget", "0.01"))
    #expect(
      try program.run("HEAD~1", "HEAD", "--budget", "0.01", "--", "none", in: scratch.path, environment: cached).out
        == "No file differs.\n")
    #expect(try !works("HEAD~1", "HEAD", "--budget", "0.01"))
  }

  @Test("The working tree and the index are known by what they hold")
  func workingTree() throws {
    func run(_ words: String...) throws -> Program.Result {
      try program.run(["--budget", "0.01", "--timings"] + words, in: scratch.path, environment: cached)
    }
    #expect(try run().out == "No file differs.\n")
    try scratch.write(
      "code.py", "from cmath import floor\n\n\ndef f(x):\n    return floor(x) + 2\n\n\ndef g(z):\n    return z\n")
    let edited = try run()
    #expect(works(edited) && edited.out.contains("f "))
    let again = try run()
    #expect(!works(again) && again.out == edited.out)
    #expect(try run("--staged").out == "No file differs.\n")
    try scratch.git("checkout", "--quiet", "code.py")
    #expect(try run().out == "No file differs.\n")
  }

  @Test("The exit status is the same from the cache, by each policy")
  func exitStatus() throws {
    for policy in ["proved", "tested"] {
      let statuses = try (0..<2).map { _ in
        try program.run(
          "HEAD~1", "HEAD", "--budget", "0.01", "--exit-code", "--require", policy, in: scratch.path,
          environment: cached
        ).status
      }
      #expect(statuses == [1, 1])
    }
    let equal = try (0..<2).map { _ in
      try program.run("HEAD", "HEAD", "--exit-code", in: scratch.path, environment: cached).status
    }
    #expect(equal == [0, 0])
  }

  @Test("Without a place to write, and with a damaged file, the answer is the same")
  func damaged() throws {
    let words = ["HEAD~1", "HEAD", "--budget", "0.01"]
    let good = try program.run(words, in: scratch.path, environment: cached).out
    #expect(
      try program.run(
        words, in: scratch.path, environment: ["XDG_CACHE_HOME": "/proc/none", "LOGICDIFF_NO_CACHE": "false"]
      ).out == good)
    // A disk without room: no file may grow beyond a few kilobytes.
    let full = try Program.execute(
      "/bin/bash", ["-c", "ulimit -f 8; exec \"$0\" \"$@\"", program.path] + words, in: scratch.path,
      environment: [
        "XDG_CACHE_HOME": scratch.path + "/full", "LOGICDIFF_NO_CACHE": "false", "LOGICDIFF_DECODER": "none",
      ])
    #expect(full.out == good && full.status == 0 && full.err.isEmpty)
    let file = scratch.path + "/.git/cache/logicdiff/cache.sqlite"
    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: file))
    let repaired = try program.run(words, in: scratch.path, environment: cached)
    #expect(repaired.out == good && repaired.err.isEmpty)
  }

  /// Pairs are known one by one: an edit elsewhere must not, and a changed import or helper must, be seen.
  @Test("A changed import, helper, line or setting is never answered from before")
  func pairs() throws {
    let base =
      "from math import floor\n\n\ndef h(v):\n    return v + 1\n\n\ndef f(x):\n    y = floor(x)\n    return y\n"
    let edited = base.replacingOccurrences(of: "    y = floor(x)\n    return y", with: "    return floor(x)")
    let helped = edited.replacingOccurrences(of: "return floor(x)", with: "return h(floor(x)) - 1")
    let versions = [
      edited, edited.replacingOccurrences(of: "v + 1", with: "v + 2"),
      edited.replacingOccurrences(of: "from math", with: "from cmath"), "\n\n" + edited, helped,
      helped.replacingOccurrences(of: "v + 1", with: "v + 2"), helped.replacingOccurrences(of: "h(v)", with: "h(w)"),
      edited + "\n\ndef floor(z):\n    return z\n", edited,
    ]
    let old = try scratch.write("sides/old/code.py", base)
    for (number, version) in versions.enumerated() {
      let new = try scratch.write("sides/new/code.py", version)
      let words = ["files", old, new, "--budget", "0.01", "--show-hidden", "--explain", "--decoder", "none"]
      let cached = try program.run(words, in: scratch.path, environment: cached)
      let afresh = try program.run(words + ["--no-cache"], in: scratch.path, environment: self.cached)
      #expect(cached.out == afresh.out && cached.status == 0, "version \(number)")
    }
  }

  @Test("It says what it holds, and can be emptied")
  func clear() throws {
    #expect(try entries().contains(": 0 entries"))
    _ = try program.run("HEAD~1", "HEAD", "--budget", "0.01", in: scratch.path, environment: cached)
    #expect(try !entries().contains(": 0 entries"))
    let cleared = try program.run("cache", "clear", environment: cached)
    #expect(cleared.status == 0 && cleared.out.contains(": 0 entries"))
  }
}
