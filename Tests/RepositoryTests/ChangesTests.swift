import Repository
import Testing

@Suite("Changed files between two revisions")
struct ChangesTests {
  @Test("Added, deleted and modified files of two commits, with both contents")
  func commits() throws {
    let scratch = try Scratch.repository()
    try scratch.write("kept.py", "same = 1\n")
    try scratch.write("gone.py", "gone = 1\n")
    try scratch.write("folder/edited.py", "old = 1\n")
    try scratch.commit()
    try scratch.remove("gone.py")
    try scratch.write("folder/edited.py", "new = 2\n")
    try scratch.write("born.py", "def f():\n  pass\n")
    try scratch.commit()
    let repository = try scratch.open("folder")
    let changes = try repository.changes(from: .commit("HEAD~1"), to: .commit("HEAD"))
    #expect(changes.map(\.status) == [.added, .modified, .deleted])
    #expect(changes.map(\.path.string) == ["born.py", "folder/edited.py", "gone.py"])
    #expect(changes[0].oldPath == nil && changes[2].newPath == nil)
    #expect(try repository.text(changes[1].old) == "old = 1\n")
    #expect(try repository.text(changes[1].new) == "new = 2\n")
    #expect(
      try repository.listed(from: .commit("HEAD"), to: .commit("HEAD~1"))
        == ["deleted born.py", "modified folder/edited.py", "added gone.py"])
  }

  @Test("The first commit has everything added against the empty tree")
  func firstCommit() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.commit()
    let repository = try scratch.open()
    #expect(try repository.listed(from: .empty, to: .commit("HEAD")) == ["added a.py"])
    #expect(try repository.listed(from: .commit(Revision.emptyTreeID), to: .commit("HEAD")) == ["added a.py"])
  }

  @Test("Commit, index and working tree are three different sides")
  func sides() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.write("b.py", "b = 1\n")
    try scratch.write("c.py", "c = 1\n")
    try scratch.commit()
    try scratch.write("a.py", "a = 2\n")
    try scratch.git("add", "a.py")
    try scratch.write("b.py", "b = 2\n")
    try scratch.write("untracked.py", "u = 1\n")
    // Staged, then taken back in the working tree.
    try scratch.write("c.py", "c = 2\n")
    try scratch.git("add", "c.py")
    try scratch.write("c.py", "c = 1\n")
    let repository = try scratch.open()
    let head = Revision.commit("HEAD")
    #expect(try repository.listed(from: head, to: .index) == ["modified a.py", "modified c.py"])
    #expect(try repository.listed(from: .index, to: .workingTree) == ["modified b.py", "modified c.py"])
    #expect(try repository.listed(from: head, to: .workingTree) == ["modified a.py", "modified b.py"])
    #expect(try repository.listed(from: .workingTree, to: head) == ["modified a.py", "modified b.py"])
    #expect(try repository.listed(from: .index, to: .index) == [])
    let reversed = try repository.changes(from: .workingTree, to: head)
    #expect(try repository.text(reversed[1].old) == "b = 2\n")
    #expect(try repository.text(reversed[1].new) == "b = 1\n")
    let staged = try repository.changes(from: head, to: .index)
    #expect(try repository.text(staged[1].new) == "c = 2\n")
  }

  @Test("A file that was only touched has not changed")
  func touched() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.commit()
    try scratch.remove("a.py")
    try scratch.write("a.py", "a = 1\n")
    #expect(try scratch.open().listed(from: .commit("HEAD"), to: .workingTree) == [])
  }

  @Test("Files staged or removed and then changed again in the working tree read as git diff HEAD shows them")
  func stagedAndThenChanged() throws {
    let scratch = try Scratch.repository()
    try scratch.write("untracked-again.py", "a = 1\n")
    try scratch.write("removed.py", "b = 1\n")
    try scratch.commit()
    try scratch.git("rm", "--quiet", "--cached", "untracked-again.py")
    try scratch.git("rm", "--quiet", "removed.py")
    try scratch.write("added-then-lost.py", "c = 1\n")
    try scratch.write("added-then-edited.py", "d = 1\n")
    try scratch.git("add", "added-then-lost.py", "added-then-edited.py")
    try scratch.remove("added-then-lost.py")
    try scratch.write("added-then-edited.py", "d = 2\n")
    try scratch.write("promised.py", "e = 1\n")
    try scratch.git("add", "--intent-to-add", "promised.py")
    let repository = try scratch.open()
    let changes = try repository.changes(from: .commit("HEAD"), to: .workingTree)
    let expected = try scratch.git("diff", "--name-status", "HEAD").split(separator: "\n").map { line in
      let names = ["A": "added", "D": "deleted", "M": "modified"]
      let parts = line.split(separator: "\t")
      return "\(names[String(parts[0])] ?? "?") \(parts[1])"
    }
    #expect(changes.map { "\($0.status.rawValue) \($0.path)" } == expected)
    #expect(try repository.text(changes[0].new) == "d = 2\n")
  }

  @Test("A renamed file keeps both paths and contents, committed, staged and in the working tree")
  func renames() throws {
    let scratch = try Scratch.repository()
    let lines = (1...20).map { "line_\($0) = \($0)\n" }.joined()
    try scratch.write("before.py", lines)
    try scratch.commit()
    try scratch.git("mv", "before.py", "after.py")
    try scratch.write("after.py", lines + "one_more = 1\n")
    let repository = try scratch.open()
    let edited = try repository.changes(from: .commit("HEAD"), to: .workingTree)
    #expect(edited.map(\.status) == [.renamed])
    #expect(edited.first?.oldPath == "before.py" && edited.first?.newPath == "after.py")
    #expect(try repository.text(edited.first?.new) == lines + "one_more = 1\n")
    let staged = try repository.changes(from: .commit("HEAD"), to: .index)
    #expect(staged.map(\.status) == [.renamed] && staged.first?.similarity == 100)
    try scratch.commit()
    #expect(
      try repository.listed(from: .commit("HEAD~1"), to: .commit("HEAD")) == ["renamed before.py -> after.py"])
    let only = try Pathspec(["before.py"], in: repository, directory: scratch.root)
    #expect(
      try repository.listed(from: .commit("HEAD~1"), to: .commit("HEAD"), paths: only)
        == ["renamed before.py -> after.py"])
  }

  @Test("A changed executable bit alone is mode-only; with an edit it is modified")
  func modes() throws {
    let scratch = try Scratch.repository()
    try scratch.write("tool.py", "a = 1\n")
    try scratch.write("both.py", "b = 1\n")
    try scratch.commit()
    try scratch.makeExecutable("tool.py")
    try scratch.makeExecutable("both.py")
    try scratch.write("both.py", "b = 2\n")
    let repository = try scratch.open()
    let expected = ["modified both.py", "modeOnly tool.py"]
    #expect(try repository.listed(from: .index, to: .workingTree) == expected)
    #expect(try repository.listed(from: .commit("HEAD"), to: .workingTree) == expected)
    try scratch.commit()
    let changes = try repository.changes(from: .commit("HEAD~1"), to: .commit("HEAD"))
    #expect(changes.map(\.status) == [.modified, .modeOnly])
    #expect(changes[1].old?.kind == .regular && changes[1].new?.kind == .executable)
  }

  @Test("A symbolic link's content is its target, and it is never followed")
  func symbolicLinks() throws {
    let scratch = try Scratch.repository()
    try scratch.write("real.py", "secret = 1\n")
    try scratch.link("link.py", to: "real.py")
    try scratch.write("plain.py", "p = 1\n")
    try scratch.commit()
    try scratch.remove("link.py")
    try scratch.link("link.py", to: "/etc/passwd")
    try scratch.remove("plain.py")
    try scratch.link("plain.py", to: "real.py")
    let repository = try scratch.open()
    let changes = try repository.changes(from: .commit("HEAD"), to: .workingTree)
    #expect(changes.map { "\($0.status.rawValue) \($0.path)" } == ["modified link.py", "typeChanged plain.py"])
    #expect(changes.first?.new?.kind == .symbolicLink)
    #expect(try repository.text(changes.first?.old) == "real.py")
    #expect(try repository.text(changes.first?.new) == "/etc/passwd")
    #expect(try repository.text(changes.last?.old) == "p = 1\n")
    #expect(try repository.text(changes.last?.new) == "real.py")
  }

  @Test("A submodule's content is its commit, and .gitmodules cannot hide that it moved")
  func submodules() throws {
    let library = try Scratch.repository()
    try library.write("lib.py", "a = 1\n")
    let first = try library.commit()
    let scratch = try Scratch.repository()
    try scratch.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.root, "library")
    try scratch.commit()
    try library.write("lib.py", "a = 2\n")
    let second = try library.commit()
    try scratch.git("-C", "library", "fetch", "--quiet", "origin")
    try scratch.git("-C", "library", "checkout", "--quiet", second)
    try scratch.git("config", "--file", ".gitmodules", "submodule.library.ignore", "all")
    let repository = try scratch.open()
    let changes = try repository.changes(from: .commit("HEAD"), to: .workingTree).filter { $0.path.string == "library" }
    #expect(changes.map(\.status) == [.modified])
    let (old, new) = (try #require(changes.first?.old), try #require(changes.first?.new))
    #expect(try repository.contents(of: old) == .submodule(commit: first))
    #expect(try repository.contents(of: new) == .submodule(commit: second))
    try scratch.git("add", ".")
    try scratch.git("commit", "--quiet", "--message", "move")
    #expect(
      try repository.listed(from: .commit("HEAD~1"), to: .commit("HEAD")) == [
        "modified .gitmodules", "modified library",
      ])
  }

  @Test("Names with spaces, line feeds and bytes that are not UTF-8 survive and print safely")
  func strangeNames() throws {
    let scratch = try Scratch.repository()
    let names: [[UInt8]] = [
      Array("a b.py".utf8), Array("line\nfeed.py".utf8), Array("caf\u{e9}.py".utf8), [0x66, 0xFF, 0xFE, 0x2E, 0x70],
      Array("\u{1B}[31mred\u{202E}.py".utf8), Array("quote\"\\.py".utf8),
    ]
    try scratch.commit()
    for name in names { try scratch.write(RepositoryPath(bytes: name), Array("x = 1\n".utf8)) }
    try scratch.commit()
    let repository = try scratch.open()
    let changes = try repository.changes(from: .commit("HEAD~1"), to: .commit("HEAD"))
    #expect(Set(changes.map(\.path.bytes)) == Set(names))
    for change in changes { #expect(try repository.text(change.new) == "x = 1\n") }
    let printed = Set(changes.map(\.path.description))
    #expect(
      printed == [
        "a b.py", "\"line\\nfeed.py\"", "caf\u{e9}.py", "\"f\\377\\376.p\"",
        "\"\\033[31mred\\342\\200\\256.py\"", "\"quote\\\"\\\\.py\"",
      ])
    let odd = RepositoryPath(bytes: names[3])
    #expect(try repository.blob(revision: .commit("HEAD"), path: odd) == .text(Array("x = 1\n".utf8)))
    #expect(try repository.blob(revision: .workingTree, path: odd) == .text(Array("x = 1\n".utf8)))
  }

  @Test("Line endings that Git would normalize are not a change, and those it keeps are")
  func lineEndings() throws {
    let scratch = try Scratch.repository()
    try scratch.write(".gitattributes", "*.txt text\n*.py -text\n")
    try scratch.write("a.txt", "one\ntwo\n")
    try scratch.write("a.py", "one = 1\ntwo = 2\n")
    try scratch.commit()
    try scratch.write("a.txt", "one\r\ntwo\r\n")
    try scratch.write("a.py", "one = 1\r\ntwo = 2\r\n")
    let repository = try scratch.open()
    let changes = try repository.changes(from: .commit("HEAD"), to: .workingTree)
    #expect(changes.map(\.path.string) == ["a.py"])
    #expect(try repository.text(changes.first?.new) == "one = 1\r\ntwo = 2\r\n")
    #expect(
      try repository.blob(revision: .workingTree, path: RepositoryPath("a.txt")) == .text(Array("one\ntwo\n".utf8)))
  }

  @Test("An attribute under review cannot make source code binary")
  func attributesHideNothing() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.commit()
    try scratch.write(".gitattributes", "*.py binary -diff\n")
    try scratch.write("a.py", "a = 2\n")
    try scratch.commit()
    let repository = try scratch.open()
    let changes = try repository.changes(from: .commit("HEAD~1"), to: .commit("HEAD"))
    #expect(try changes.map { try repository.text($0.new) } == ["*.py binary -diff\n", "a = 2\n"])
  }

  @Test("Paths with a merge conflict are listed as such")
  func conflicts() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.write("lost.py", "b = 1\n")
    try scratch.commit()
    try scratch.git("checkout", "--quiet", "-b", "side")
    try scratch.write("a.py", "a = 2\n")
    try scratch.write("lost.py", "b = 2\n")
    try scratch.commit()
    try scratch.git("checkout", "--quiet", "main")
    try scratch.write("a.py", "a = 3\n")
    try scratch.remove("lost.py")
    try scratch.commit()
    #expect(throws: (any Error).self) { try scratch.git("merge", "--quiet", "side") }
    let repository = try scratch.open()
    let changes = try repository.changes(from: .commit("HEAD"), to: .workingTree)
    #expect(changes.map(\.status) == [.conflicted, .conflicted])
    #expect(changes.map(\.path.string) == ["a.py", "lost.py"])
    #expect(try repository.text(changes.first?.new)?.contains("<<<<<<<") == true)
    #expect(try repository.listed(from: .commit("HEAD"), to: .index) == ["conflicted a.py", "conflicted lost.py"])
  }

  @Test("What a sparse checkout leaves out was not deleted")
  func sparseCheckout() throws {
    let scratch = try Scratch.repository()
    try scratch.write("in/a.py", "a = 1\n")
    try scratch.write("out/b.py", "b = 1\n")
    try scratch.commit()
    try scratch.git("sparse-checkout", "set", "--no-sparse-index", "in")
    try scratch.write("in/a.py", "a = 2\n")
    #expect(try scratch.open().listed(from: .commit("HEAD"), to: .workingTree) == ["modified in/a.py"])
    #expect(try scratch.open().listed(from: .index, to: .workingTree) == ["modified in/a.py"])
  }
}
