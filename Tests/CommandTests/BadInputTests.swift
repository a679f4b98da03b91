import Foundation
import Testing

@Suite("Bad input ends in a sentence")
struct BadInputTests {
  let scratch: Scratch
  let program: Program

  init() throws {
    scratch = try Scratch()
    program = try Program()
  }

  private static let fine = "def f(x):\n    return x + 1\n"

  /// Compares two files; it must exit with 0 whatever they hold.
  private func compare(_ old: some Sequence<UInt8>, _ new: some Sequence<UInt8>) throws -> String {
    let left = try scratch.write("old.py", old)
    let right = try scratch.write("new.py", new)
    let result = try program.run("files", left, right, "--budget", "0.05", "--decoder", "none")
    #expect(!result.crashed)
    #expect(result.status == 0, "\(result.err)")
    #expect(result.err.isEmpty)
    return result.out
  }

  @Test("An empty file is a file without functions")
  func emptyFile() throws {
    #expect(try compare([], Self.fine.utf8).contains("added"))
    #expect(try compare(Self.fine.utf8, []).contains("removed"))
    #expect(try compare([], []) == "No file differs.\n")
  }

  @Test("20 MB are not analysed, and said to be too much")
  func hugeFile() throws {
    let line = Array("x = 1\n".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20_000_000)
    while bytes.count < 20_000_000 { bytes.append(contentsOf: line) }
    #expect(try compare(Self.fine.utf8, bytes).contains("not analysed: the file has 20000004 bytes"))
  }

  @Test("Latin-1 bytes are named, with their line")
  func latin1() throws {
    let bytes = Array("def f(x):\n    return '".utf8) + [0xE9] + Array("'\n".utf8)
    #expect(try compare(Self.fine.utf8, bytes).contains("not analysed: line 2: byte 0xE9 is not UTF-8"))
  }

  @Test("A NUL byte makes a file binary, wherever it is")
  func nulBytes() throws {
    #expect(try compare(Self.fine.utf8, Array("x = '\0'\n".utf8)).contains("not analysed: binary file"))
    let late = Array(repeating: UInt8(ascii: "\n"), count: 9_000) + [0]
    #expect(try compare(Self.fine.utf8, late).contains("NUL byte"))
  }

  @Test("10,000 nested parentheses")
  func nesting() throws {
    let deep = "def f(x):\n    return " + String(repeating: "(", count: 10_000) + "x"
    let closed = deep + String(repeating: ")", count: 10_000) + "\n"
    let report = try compare(Self.fine.utf8, closed.utf8)
    #expect(report.contains("  f "))
    #expect(try compare(Self.fine.utf8, (deep + "\n").utf8).contains("not analysed"))
  }

  @Test("A function of 20,000 lines gets a verdict")
  func longFunction() throws {
    func function(_ last: String) -> String {
      var text = "def f(x):\n"
      for number in 0..<20_000 { text += "    x = x + \(number)\n" }
      return text + "    return \(last)\n"
    }
    let report = try compare(function("x").utf8, function("-x").utf8)
    #expect(report.contains("1 changed function:"))
    #expect(report.split(separator: "\n").count < 20, "only the line that changed is shown")
  }

  @Test("A syntax error makes that function not analysed, and no other")
  func syntaxError() throws {
    let broken = "def g(:\n    pass\n\n\ndef f(x):\n    return x + 2\n"
    let report = try compare(("def g():\n    pass\n\n\n" + Self.fine).utf8, broken.utf8)
    #expect(report.contains("not analysed"))
    #expect(report.contains("line 1"))
  }

  @Test("A language without a grammar is shown as its text diff")
  func unknownLanguage() throws {
    let left = try scratch.write("old.txt", "one\ntwo\n")
    let right = try scratch.write("new.txt", "one\nthree\n")
    let result = try program.run("files", left, right)
    #expect(result.status == 0)
    #expect(result.out.contains("not analysed: no grammar reads this language"))
    #expect(result.out.contains("    -two\n    +three\n"))
  }

  @Test("Terminal escapes and text direction overrides in the source are written out")
  func escapes() throws {
    let bytes = Array("def f(x):\n    return '\u{1B}[2J' + \"\u{202E}x\" + x\n".utf8)
    let report = try compare(Self.fine.utf8, bytes)
    #expect(!report.unicodeScalars.contains("\u{1B}") && !report.unicodeScalars.contains("\u{202E}"))
    #expect(report.contains("\\u{1b}[2J") || !report.contains("return '"))
  }

  @Test("A grammar library that is missing is named, with the command that brings it")
  func missingGrammar() throws {
    let left = try scratch.write("old.py", Self.fine)
    let right = try scratch.write("new.py", Self.fine + "\n\nprint(f(1))\n")
    let alone = try scratch.write("bin/logicdiff", Data(contentsOf: URL(fileURLWithPath: program.path)))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: alone)
    let result = try Program(path: alone).run("files", left, right)
    #expect(!result.crashed)
    #expect(result.status == 0)
    #expect(result.out.contains("not analysed: expected libtree-sitter"))
    #expect(result.out.contains("Scripts/setup"))
  }

  @Test("A revision that does not exist")
  func unknownRevision() throws {
    try scratch.git("init", "--quiet")
    try scratch.write("a.py", Self.fine)
    try scratch.commit()
    let result = try program.run("HEAD", "nowhere", in: scratch.path)
    #expect(result.status == 2)
    #expect(result.out.isEmpty)
    #expect(result.err.contains("no branch, tag or commit here is called 'nowhere'"))
    #expect(result.err.contains("`git "))
  }

  @Test("Outside of any repository")
  func noRepository() throws {
    let result = try program.run("HEAD~1", "HEAD", in: scratch.path)
    #expect(result.status == 2)
    #expect(result.err.contains("`logicdiff files OLD NEW`"))
  }

  @Test("A file that is not there, and a file against a folder")
  func missingFile() throws {
    let file = try scratch.write("a.py", Self.fine)
    let result = try program.run("files", file, scratch.path + "/none.py")
    #expect(result.status == 2)
    #expect(result.err.contains("none.py"))
    #expect(try program.run("files", file, scratch.path).status == 2)
  }

  @Test("A flag that does not exist, and values that make no sense")
  func badFlags() throws {
    for words in [["--frobnicate"], ["--budget", "-1"], ["--budget", "nan"], ["--jobs", "-3"], ["--format", "pdf"]] {
      let result = try program.run(
        "files", "/dev/null", "/dev/null", words[0], words.count > 1 ? words[1] : "--explain")
      #expect(result.status == 2, "\(words)")
      #expect(!result.err.isEmpty)
      #expect(result.out.isEmpty)
    }
  }

  @Test(
    "A checkpoint that is cut off, or whose tokenizer does not fit, is refused by name",
    arguments: ["truncated", "tokenizer", "absent"])
  func badCheckpoint(damage: String) throws {
    let fixtures = checkout.appendingPathComponent("Fixtures/decoder")
    let copy = URL(fileURLWithPath: scratch.path).appendingPathComponent("checkpoint")
    try FileManager.default.copyItem(at: fixtures.appendingPathComponent("tied"), to: copy)
    let weights = copy.appendingPathComponent("model.safetensors")
    switch damage {
    case "truncated": try Data(contentsOf: weights).dropLast(1_000).write(to: weights)
    case "tokenizer":
      let other = try Data(contentsOf: fixtures.appendingPathComponent("tokenizers/gpt2.json"))
      try other.write(to: copy.appendingPathComponent("tokenizer.json"))
    default: try FileManager.default.removeItem(at: copy)
    }
    let left = try scratch.write("old.py", Self.fine)
    let right = try scratch.write("new.py", "def f(x):\n    return x + 2\n")
    let result = try program.run("files", left, right, "--decoder", copy.path)
    #expect(!result.crashed)
    #expect(result.status == 2)
    #expect(result.err.contains(copy.path), "\(result.err)")
    #expect(result.out.isEmpty)
  }
}
