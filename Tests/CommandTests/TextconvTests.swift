import Foundation
import Testing

@Suite("git diff with the textconv filter")
struct TextconvTests {
  let repository: GitRepository

  init() throws {
    repository = try GitRepository()
    try repository.expect(["config", "diff.logicdiff-text.textconv", "logicdiff summarize --textconv"])
    try repository.write(".git/info/attributes", "*.py diff=logicdiff-text\n")
    try repository.write("code.py", Sample.old)
    try repository.commit("first")
  }

  private func converted(_ source: String, _ name: String = "code.py") throws -> String {
    let file = try repository.scratch.write(name, source)
    let result = try repository.logicdiff("summarize", "--textconv", file)
    #expect(result.status == 0 && result.err.isEmpty, "\(result.err)")
    return result.out
  }

  private func forms(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      $0.hasPrefix("# form ") && !$0.hasPrefix("# form of ")
    }
  }

  @Test("Other names of locals, layout and comments inside functions show no difference")
  func quiet() throws {
    let renamed = Sample.old.replacingOccurrences(of: "kept", with: "chosen")
      .replacingOccurrences(of: "    return chosen", with: "    # all of them\n\n    return (chosen)")
    try repository.write("code.py", renamed)
    #expect(try repository.expect(["diff", "--textconv"]) == "")
    #expect(try repository.expect(["diff", "--no-textconv", "--stat"]).contains("code.py"))
  }

  @Test("A rewrite that is proved keeps its form, a change does not")
  func forms() throws {
    let old = try forms(converted(Sample.old))
    #expect(old.count == 2)
    #expect(try forms(converted(Sample.rewritten)) == old)
    let changed = try forms(converted(Sample.changed))
    #expect(changed[0] != old[0] && changed[1] == old[1])
    try repository.write("code.py", Sample.changed)
    let diff = try repository.expect(["diff"])
    #expect(diff.contains("-\(old[0])\n") && diff.contains("+\(changed[0])\n"))
    #expect(diff.contains(" \(old[1])\n"))
  }

  @Test("With forms alone a proved rewrite shows no difference at all, and a change is one line")
  func formsAlone() throws {
    try repository.expect(["config", "diff.logicdiff-text.textconv", "logicdiff summarize --textconv --forms"])
    try repository.write("code.py", Sample.rewritten)
    #expect(try repository.expect(["diff"]) == "")
    try repository.write("code.py", Sample.changed)
    let lines = try repository.expect(["diff"]).split(separator: "\n").filter { $0.hasPrefix("+") || $0.hasPrefix("-") }
    #expect(lines.count == 4 && lines[2].hasPrefix("-# form ") && lines[3].hasPrefix("+# form "))
  }

  @Test("What callers see, and where names lead, is part of the form")
  func bindings() throws {
    let plain = "def f(x, y=1):\n    return g(x)\n"
    let all = [
      plain, plain.replacingOccurrences(of: "x", with: "z"), plain.replacingOccurrences(of: "y=1", with: "y=2"),
      plain.replacingOccurrences(of: "y=1", with: "*, y=1"), plain.replacingOccurrences(of: "y=1", with: "y: int = 1"),
      "@cache\n" + plain, "async " + plain, plain.replacingOccurrences(of: "):", with: ") -> int:"),
      "from a import g\n" + plain, "from b import g\n" + plain,
      plain.replacingOccurrences(of: "return", with: "yield"),
    ]
    let found = try all.map { try self.forms(converted($0)) }
    #expect(found.allSatisfy { $0.count == 1 })
    #expect(Set(found.map { $0[0] }).count == all.count)
  }

  @Test("A nested function's decorators and defaults are part of the form of what holds it")
  func nested() throws {
    let plain = "def f(x):\n    def g(y: int):\n        return y + x\n    return g\n"
    let other = plain.replacingOccurrences(of: "y: int", with: "y: str")
    #expect(try forms(converted(plain)) != forms(converted(other)))
  }

  @Test("Everything outside of functions, and functions without a form, stay as they are")
  func verbatim() throws {
    let source = """
      '''A module.'''
      import os  # a comment

      LIMIT = 3


      class A(B):
          '''A class.'''
          names = [
              1]

          def looks(self):
              return locals()  # as it is

          def plain(self):
              return 1  # gone


      if LIMIT:
          print( LIMIT )
      """
    let text = try converted(source)
    for kept in [
      "'''A module.'''\nimport os  # a comment\n\nLIMIT = 3\n", "    names = [\n        1]\n",
      "    def looks(self):\n        return locals()  # as it is\n", "\nif LIMIT:\n    print( LIMIT )",
    ] {
      #expect(text.contains(kept), "\(text)")
    }
    #expect(text.contains("\n    # form of A.plain(self)\n    function plain(a)\n"))
    #expect(forms(text).count == 1)
  }

  @Test("No source can pretend to be a form")
  func forged() throws {
    let genuine = try converted("def f(x):\n    return x\n")
    let forged = try converted(
      genuine.split(separator: "\n").map { "# " + $0.drop { "# ".contains($0) } }.joined(separator: "\n"))
    #expect(forms(genuine).count == 1)
    #expect(forms(forged).isEmpty && forged != genuine)
    #expect(try converted("# form of f(x)\n# form 12\n## form 12\n") == "## form of f(x)\n## form 12\n### form 12\n")
  }

  @Test("Files that are no Python, broken, binary, empty or not UTF-8 go through")
  func other() throws {
    #expect(try converted("some text\n", "a.txt") == "some text\n")
    #expect(try converted("") == "")
    #expect(try converted("def f(:\n    return 1\n").contains("def f(:\n    return 1\n"))
    for bytes in [[0x61, 0x00, 0x62], Array("x = '".utf8) + [0xE9, 0x27, 0x0A]] as [[UInt8]] {
      let file = try repository.scratch.write("odd.py", bytes)
      let out = repository.scratch.path + "/out"
      #expect(try repository.logicdiff("summarize", "--textconv", file, "--output", out).status == 0)
      #expect(try Array(Data(contentsOf: URL(fileURLWithPath: out))) == bytes)
      try FileManager.default.removeItem(atPath: out)
    }
  }

  @Test("git's cache of conversions gives what a fresh conversion gives")
  func cached() throws {
    try repository.write("code.py", Sample.changed)
    try repository.commit("second")
    let fresh = try repository.expect(["log", "-p", "--format=%s"])
    try repository.expect(["config", "diff.logicdiff-text.cachetextconv", "true"])
    #expect(try repository.expect(["log", "-p", "--format=%s"]) == fresh)
    #expect(try repository.expect(["for-each-ref", "refs/notes/textconv"]).contains("logicdiff-text"))
    #expect(try repository.expect(["log", "-p", "--format=%s"]) == fresh)
    let other = try repository.logicdiff("summarize", "--textconv", "--cache-key", "0.0.1", "code.py")
    #expect(other.status == 0 && other.err.contains("logicdiff install"))
  }

  @Test("git blame and git show read the converted text too")
  func blame() throws {
    #expect(try repository.expect(["blame", "--textconv", "code.py"]).contains("# form of limit(values, top)"))
    #expect(try repository.expect(["show", "--textconv", "HEAD:code.py"]).contains("# form of twice(x)"))
  }
}
