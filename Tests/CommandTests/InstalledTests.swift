import Foundation
import Testing

@Suite("The installed program")
struct InstalledTests {
  @Test("It finds its libraries beside itself, with no checkout around")
  func movedAway() throws {
    let scratch = try Scratch()
    let built = try Program().path
    let program = try scratch.write("prefix/bin/logicdiff", Data(contentsOf: URL(fileURLWithPath: built)))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/prefix/bin/git-logicdiff", withDestinationPath: "logicdiff")
    let libraries = checkout.appendingPathComponent(".deps/lib")
    for name in try FileManager.default.contentsOfDirectory(atPath: libraries.path) where name.contains("tree-sitter") {
      try scratch.write(
        "prefix/lib/logicdiff/\(name)", Data(contentsOf: libraries.appendingPathComponent(name)))
    }
    try scratch.git("init", "--quiet")
    try scratch.write("a.py", "def f(x):\n    return x\n")
    try scratch.git("add", "a.py")
    try scratch.git("commit", "--quiet", "--message", "first")
    try scratch.write("a.py", "def f(x):\n    return [x]\n")
    // As Git runs `git logicdiff`: through the link.
    let result = try Program(path: scratch.path + "/prefix/bin/git-logicdiff").run(in: scratch.path)
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("changed    f"))
  }
}
