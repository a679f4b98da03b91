import Foundation
import Repository
import Testing

@Suite("Repositories that libgit2 cannot read are read through git")
struct PlumbingTests {
  private static func history(_ options: String...) throws -> Scratch {
    let scratch = try Scratch.folder()
    try scratch.git(["init", "--quiet", "--initial-branch=main"] + options)
    try scratch.write("a.py", "a = 1\n")
    try scratch.write("sub/b.py", String(repeating: "b = 1\n", count: 20))
    try scratch.write(RepositoryPath(bytes: Array("odd \n".utf8) + [0xFF]), Array("x\n".utf8))
    try scratch.link("link", to: "a.py")
    try scratch.commit("first")
    return scratch
  }

  /// Every form of a comparison, as lines.
  private func everything(_ scratch: Scratch) throws -> [[String]] {
    let repository = try scratch.open()
    let sides: [Revision] = [.empty, .commit("HEAD~1"), .commit("HEAD"), .index, .workingTree]
    return try sides.flatMap { old in try sides.map { new in try repository.listed(from: old, to: new) } }
  }

  private func edit(_ scratch: Scratch) throws {
    try scratch.git("mv", "sub/b.py", "sub/c.py")
    try scratch.write("sub/c.py", String(repeating: "b = 1\n", count: 19))
    try scratch.write("new.py", "n = 1\n")
    try scratch.makeExecutable("a.py")
    try scratch.commit("second")
    try scratch.write("a.py", "a = 2\n")
    try scratch.git("add", "a.py")
    try scratch.write("a.py", "a = 1\n")
    try scratch.remove("new.py")
    try scratch.remove("link")
    try scratch.write("link", "no link any more\n")
    try scratch.write("untracked.py", "u = 1\n")
    // Touched, and otherwise as it was.
    try scratch.write("sub/c.py", String(repeating: "b = 1\n", count: 19))
  }

  @Test("Objects named by SHA-256: the same changes as in a repository of the usual kind, in every direction")
  func sha256() throws {
    let (usual, other) = (try Self.history(), try Self.history("--object-format=sha256"))
    try edit(usual)
    try edit(other)
    let expected = try everything(usual)
    let found = try everything(other)
    #expect(found == expected)
    #expect(expected.contains { $0.contains("renamed sub/b.py -> sub/c.py") })
    let repository = try other.open("sub")
    #expect(repository.workingTree == other.root + "/" && !repository.isBare && !repository.isShallow)
    let change = try #require(try repository.changes(from: .index, to: .workingTree).first)
    #expect(try repository.text(change.old) == "a = 2\n" && repository.text(change.new) == "a = 1\n")
    #expect(change.old?.id.count == 64 && change.new?.id.count == 64)
  }

  @Test("Revisions are resolved as git does it, and what does not resolve is told as ever")
  func revisions() throws {
    let scratch = try Self.history("--object-format=sha256")
    try edit(scratch)
    let repository = try scratch.open()
    let (first, second) = (try scratch.git("rev-parse", "HEAD~1"), try scratch.git("rev-parse", "HEAD"))
    for words in [["HEAD~1", "HEAD"], ["HEAD^!"], ["HEAD~1..HEAD"], ["@~1..."], [":/first", "main"]] {
      let sides = try repository.revisions(words: words)
      #expect(sides.old.revision == .commit(first) && sides.new.revision == .commit(second), "\(words)")
    }
    #expect(try repository.treeID(of: .commit("HEAD")) == scratch.git("rev-parse", "HEAD^{tree}"))
    #expect(throws: RepositoryError.beforeFirstCommit(word: "HEAD~2", base: "HEAD")) {
      try repository.revisions(words: ["HEAD~2"])
    }
    #expect(throws: RepositoryError.unknownRevision(word: "nowhere", isFile: false)) {
      try repository.revisions(words: ["nowhere"])
    }
    #expect(throws: RepositoryError.notATree(word: "HEAD:a.py")) { try repository.revisions(words: ["HEAD:a.py"]) }
    #expect(throws: RepositoryError.noSuchPath(path: "c.py", place: "HEAD")) {
      try repository.blob(revision: .commit("HEAD"), path: RepositoryPath("c.py"))
    }
    #expect(throws: RepositoryError.notAFile(path: "sub", place: "HEAD")) {
      try repository.blob(revision: .commit("HEAD"), path: RepositoryPath("sub"))
    }
    #expect(try repository.blob(revision: .index, path: RepositoryPath("a.py")) == .text(Array("a = 2\n".utf8)))
    let odd = RepositoryPath(bytes: Array("odd \n".utf8) + [0xFF])
    #expect(try repository.blob(revision: .commit("HEAD"), path: odd) == .text(Array("x\n".utf8)))
    #expect(try repository.contents(of: repository.version(of: odd, in: .commit("HEAD")), limit: 1) == .tooLarge(2))
    #expect(try repository.contents(of: repository.version(of: odd, in: .index)) == .text(Array("x\n".utf8)))
    let fresh = try Scratch.repository("--object-format=sha256")
    try fresh.write("a.py", "a = 1\n")
    try fresh.git("add", "a.py")
    #expect(try fresh.open().isHeadUnborn)
    #expect(try fresh.open().listed(from: .commit("HEAD"), to: .index) == ["added a.py"])
    #expect(throws: RepositoryError.unbornHead(word: "HEAD")) { try fresh.open().revisions(words: ["HEAD", "HEAD"]) }
  }

  @Test("An unfinished merge is told once for each file")
  func conflict() throws {
    let scratch = try Self.history("--object-format=sha256")
    try scratch.git("checkout", "--quiet", "-b", "side")
    try scratch.write("a.py", "a = 2\n")
    try scratch.commit()
    try scratch.git("checkout", "--quiet", "main")
    try scratch.write("a.py", "a = 3\n")
    try scratch.commit()
    #expect(throws: (any Error).self) { try scratch.git("merge", "side") }
    for new in [Revision.index, .workingTree] {
      #expect(try scratch.open().listed(from: .commit("HEAD"), to: new) == ["conflicted a.py"])
    }
  }

  /// What git itself would store, for every combination of attributes, setting and contents.
  @Test(
    "Line ends and identifiers of the working tree are what git would add",
    arguments: ["", "text", "-text", "text=auto", "eol=lf", "eol=crlf", "text=auto eol=crlf", "crlf", "ident", "-crlf"])
  func lineEnds(_ attributes: String) throws {
    let scratch = try Scratch.folder()
    try scratch.git(["init", "--quiet", "--object-format=sha256"])
    let texts: [(String, String)] = [
      ("lf", "a\nb\n"), ("crlf", "a\r\nb\r\n"), ("mixed", "a\r\nb\nc\rd"), ("lone", "a\rb\r\n"), ("end", "a\r\nb\r"),
      ("nul", "a\0\r\n"), ("control", "\u{1}\u{2}\r\n"), ("id", "$Id$ $Id: x y $ $Id: open\n$\r\n"), ("empty", ""),
      ("eof", "a\r\n\u{1A}"),
    ]
    try scratch.write("kept", "a\r\nb\n")
    try scratch.git("-c", "core.autocrlf=false", "add", "kept")
    let index = try scratch.git("write-tree")
    for (name, text) in texts + [("kept", "a\r\nb\r\nc\n")] { try scratch.write(name, text) }
    try scratch.write(".gitattributes", "* \(attributes)\n")
    for setting in ["false", "true", "input"] {
      // What the index holds already decides too.
      try scratch.git("read-tree", index)
      try scratch.git("config", "core.autocrlf", setting)
      try scratch.git("config", "core.safecrlf", "false")
      let repository = try scratch.open()
      for name in texts.map(\.0) + ["kept"] {
        let found = try repository.version(of: RepositoryPath(name), in: .workingTree).id
        try scratch.git("add", name)
        #expect(try found == scratch.git("rev-parse", ":\(name)"), "\(name), \(setting)")
      }
    }
  }

  @Test("A bare repository and a linked worktree")
  func places() throws {
    let scratch = try Self.history("--object-format=sha256")
    try edit(scratch)
    try scratch.git("clone", "--quiet", "--bare", ".", "bare.git")
    let bare = try scratch.open("bare.git")
    #expect(bare.isBare)
    #expect(try bare.listed(from: .commit("HEAD~1"), to: .commit("HEAD")).count == 3)
    #expect(throws: RepositoryError.noWorkingTree(path: bare.gitDirectory)) { try bare.revisions(words: []) }
    let other = try Scratch.folder()
    try scratch.git("worktree", "add", "--quiet", other.root + "/linked", "HEAD~1")
    try other.write("linked/a.py", "a = 9\n")
    let linked = try other.open("linked/sub")
    #expect(linked.isLinkedWorktree)
    #expect(try linked.listed(from: .commit("HEAD"), to: .workingTree) == ["modified a.py"])
  }

  @Test("Split and sparse indexes")
  func indexes() throws {
    for arguments in [
      ["update-index", "--split-index"], ["sparse-checkout", "set", "--cone", "--sparse-index", "sub"],
    ] {
      let scratch = try Self.history()
      try scratch.write("deep/er/d.py", "d = 1\n")
      try scratch.commit()
      try scratch.git(arguments)
      let repository = try scratch.open()
      #expect(try repository.listed(from: .commit("HEAD"), to: .workingTree) == [])
      try scratch.write("sub/b.py", "b = 2\n")
      #expect(try repository.listed(from: .commit("HEAD"), to: .workingTree) == ["modified sub/b.py"])
      #expect(try repository.listed(from: .commit("HEAD"), to: .index) == [])
      try scratch.git("add", "sub/b.py")
      let again = try scratch.open()
      #expect(try again.blob(revision: .index, path: RepositoryPath("sub/b.py")) == .text(Array("b = 2\n".utf8)))
      #expect(try again.blob(revision: .index, path: RepositoryPath("deep/er/d.py")) == .text(Array("d = 1\n".utf8)))
      #expect(try again.listed(from: .commit("HEAD"), to: .index) == ["modified sub/b.py"])
      #expect(try again.listed(from: .commit("HEAD~1"), to: .commit("HEAD")) == ["added deep/er/d.py"])
    }
  }

  @Test("A partial clone has git fetch what is missing, once, and says so", arguments: ["blob:none", "tree:0"])
  func partial(filter: String) throws {
    let scratch = try Self.history()
    try edit(scratch)
    try scratch.git("config", "uploadpack.allowFilter", "true")
    try scratch.git("clone", "--quiet", "--filter=\(filter)", "--no-checkout", "file://\(scratch.root)", "partial")
    let said = Said()
    let repository = try Repository.open(at: scratch.root + "/partial", environment: Scratch.environment) {
      said.add($0)
    }
    let changes = try repository.changes(from: .commit("HEAD~1"), to: .commit("HEAD"))
    #expect(changes.map(\.status) == [.modeOnly, .added, .renamed])
    #expect(try repository.text(changes[2].old)?.hasPrefix("b = 1\n") == true)
    #expect(said.lines.count <= 1 && said.lines.allSatisfy { $0.contains("git fetches") })
    #expect(filter != "blob:none" || said.lines.count == 1)
  }

  @Test("What a partial clone cannot fetch is told with the object's name")
  func cutOff() throws {
    let scratch = try Self.history()
    try edit(scratch)
    try scratch.git("config", "uploadpack.allowFilter", "true")
    let other = try Scratch.folder()
    try other.git("clone", "--quiet", "--filter=blob:none", "--no-checkout", "file://\(scratch.root)", "partial")
    try FileManager.default.moveItem(atPath: scratch.root + "/.git", toPath: scratch.root + "/gone")
    let repository = try other.open("partial")
    let changes = try repository.changes(from: .commit("HEAD~1"), to: .commit("HEAD"))
    #expect(changes.map(\.path.string).contains("new.py"))
    let new = try #require(changes.first { $0.path.string == "new.py" }?.new)
    let error = #expect(throws: RepositoryError.self) { try repository.contents(of: new) }
    #expect(error == .missingObject(id: new.id, path: "new.py", isPartialClone: true))
  }
}

/// What was told, from whichever thread.
private final class Said: @unchecked Sendable {
  private let lock = NSLock()
  private var told: [String] = []
  var lines: [String] { lock.withLock { told } }
  func add(_ line: String) { lock.withLock { told.append(line) } }
}
