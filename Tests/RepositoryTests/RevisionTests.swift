import Foundation
import Repository
import Testing

@Suite("The command line's revision words")
struct RevisionTests {
  /// main: one, two; side: one, other.
  private func forked() throws -> (Scratch, [String: String]) {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    let one = try scratch.commit("one")
    try scratch.git("checkout", "--quiet", "-b", "side")
    try scratch.write("b.py", "b = 1\n")
    let other = try scratch.commit("other")
    try scratch.git("checkout", "--quiet", "main")
    try scratch.write("a.py", "a = 2\n")
    let two = try scratch.commit("two")
    try scratch.git("tag", "--annotate", "v2", "--message", "two")
    return (scratch, ["one": one, "two": two, "other": other])
  }

  @Test("None, one, two, A..B and A...B read as git diff reads them")
  func words() throws {
    let (scratch, ids) = try forked()
    let repository = try scratch.open()
    func sides(_ words: [String], staged: Bool = false) throws -> [Revision] {
      let pair = try repository.revisions(words: words, staged: staged)
      return [pair.old.revision, pair.new.revision]
    }
    func commit(_ name: String) throws -> Revision { .commit(try #require(ids[name])) }
    let (one, two, other) = (try commit("one"), try commit("two"), try commit("other"))
    #expect(try sides([]) == [two, .workingTree])
    #expect(try sides(["HEAD~1"]) == [one, .workingTree])
    #expect(try sides(["@^"]) == [one, .workingTree])
    #expect(try sides([], staged: true) == [two, .index])
    #expect(try sides(["side"], staged: true) == [other, .index])
    #expect(try sides(["side", "v2"]) == [other, two])
    #expect(try sides(["side..main"]) == [other, two])
    #expect(try sides(["side..."]) == [one, two])
    #expect(try sides(["..side"]) == [two, other])
    #expect(try sides(["main...side"]) == [one, other])
    #expect(try sides([Revision.emptyTreeID, "HEAD"]) == [.empty, two])
    let pair = try repository.revisions(words: ["main...side"])
    #expect(pair.old.name == "\(ids["one"]!.prefix(10)) (merge base of main and side)" && pair.new.name == "side")
    #expect(try repository.revisions(words: ["HEAD~1"]).new.name == "the working tree")
  }

  @Test("Too many words are refused, with what is allowed")
  func tooMany() throws {
    let (scratch, _) = try forked()
    let repository = try scratch.open()
    for (words, staged) in [
      (["main", "side", "v2"], false), (["main..side", "v2"], false), (["main", "side"], true), (["main..side"], true),
    ] {
      #expect(throws: RepositoryError.tooManyRevisions(words: words, staged: staged)) {
        try repository.revisions(words: words, staged: staged)
      }
    }
  }

  @Test("An unborn HEAD compares as empty with index and working tree")
  func unborn() throws {
    let scratch = try Scratch.repository()
    let repository = try scratch.open()
    let pair = try repository.revisions(words: [])
    #expect(try repository.listed(from: pair.old.revision, to: pair.new.revision) == [])
    try scratch.write("a.py", "a = 1\n")
    try scratch.write("untracked.py", "u = 1\n")
    try scratch.git("add", "a.py")
    #expect(pair.old.revision == .empty && repository.isHeadUnborn)
    #expect(try repository.listed(from: .empty, to: .workingTree) == ["added a.py"])
    #expect(try repository.listed(from: .commit("HEAD"), to: .index) == ["added a.py"])
    #expect(try repository.revisions(words: [], staged: true).old.revision == .empty)
    for word in ["HEAD", "HEAD~1", "@"] {
      #expect(throws: RepositoryError.unbornHead(word: word)) { try repository.revisions(words: [word, "main"]) }
    }
  }

  @Test("What lies before the first commit does not exist, and the message shows the empty tree")
  func beforeFirst() throws {
    let scratch = try Scratch.repository()
    try scratch.commit()
    let repository = try scratch.open()
    for word in ["HEAD~1", "HEAD^", "main~7"] {
      let base = String(word.prefix(4))
      let error = #expect(throws: RepositoryError.beforeFirstCommit(word: word, base: base)) {
        try repository.revisions(words: [word, "HEAD"])
      }
      #expect(error?.description.contains("logicdiff \(Revision.emptyTreeID) \(base)") == true)
    }
  }

  @Test("Unknown words, with a hint when a file has that name")
  func unknown() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.commit()
    let repository = try scratch.open()
    for word in ["nosuch", String(repeating: "ab", count: 20), "", "no such", "main:no", "-x", "HEAD@{nonsense}", "^"] {
      #expect(throws: RepositoryError.self) { try repository.revisions(words: [word, "main"]) }
    }
    #expect(throws: RepositoryError.unknownRevision(word: "nosuch", isFile: false)) {
      try repository.revisions(words: ["nosuch"])
    }
    for path in ["../a.py", "..", "./a.py"] {
      #expect(throws: RepositoryError.unknownRevision(word: path, isFile: true)) {
        try repository.revisions(words: [path])
      }
    }
    let path = scratch.root + "/a.py"
    #expect(throws: RepositoryError.unknownRevision(word: path, isFile: true)) {
      try repository.revisions(words: [path])
    }
    #expect(throws: RepositoryError.notATree(word: "main:a.py")) { try repository.revisions(words: ["main:a.py"]) }
  }

  @Test("A short name that fits two objects")
  func ambiguous() throws {
    let scratch = try Scratch.repository()
    try scratch.commit()
    for number in 0..<700 { try scratch.write("n/\(number)", "\(number)\n") }
    let paths = (0..<700).map { "n/\($0)\n" }.joined()
    let ids = try scratch.git("hash-object", "-w", "--stdin-paths", input: paths).split(separator: "\n")
    let shared = Dictionary(grouping: ids, by: { $0.prefix(4) }).first { $0.value.count > 1 }
    let prefix = String(try #require(shared?.key))
    #expect(throws: RepositoryError.ambiguousRevision(word: prefix)) {
      try scratch.open().revisions(words: [prefix, "HEAD"])
    }
  }

  @Test("History that a shallow clone cut off")
  func shallow() throws {
    let scratch = try Scratch.repository()
    var first = ""
    for number in 0..<3 {
      try scratch.write("a.py", "a = \(number)\n")
      let id = try scratch.commit()
      if number == 0 { first = id }
    }
    let clone = try Scratch.folder()
    try clone.git("clone", "--quiet", "--depth", "1", "file://\(scratch.root)", "c")
    let repository = try clone.open("c")
    #expect(repository.isShallow)
    for word in ["HEAD~1", "HEAD~2", first] {
      let error = #expect(throws: RepositoryError.shallowHistory(word: word)) {
        try repository.revisions(words: [word, "HEAD"])
      }
      #expect(error?.description.contains("git fetch --unshallow") == true)
    }
    #expect(try repository.listed(from: .empty, to: .commit("HEAD")) == ["added a.py"])
  }

  @Test("Histories without a common commit have no merge base")
  func unrelated() throws {
    let scratch = try Scratch.repository()
    try scratch.commit("one")
    try scratch.git("checkout", "--quiet", "--orphan", "other")
    try scratch.commit("two")
    #expect(throws: RepositoryError.noMergeBase(old: "main", new: "other")) {
      try scratch.open().revisions(words: ["main...other"])
    }
    #expect(try scratch.open().revisions(words: ["main..other"]).new.name == "other")
  }
}

@Suite("Missing objects")
struct MissingObjectTests {
  private func remove(_ id: String, from scratch: Scratch) throws {
    try scratch.remove(".git/objects/\(id.prefix(2))/\(id.dropFirst(2))")
  }

  @Test("A missing blob is told when it is read; the list of changes still comes")
  func blob() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.write("gone.py", "gone = 1\n")
    try scratch.commit()
    let id = try scratch.git("rev-parse", "HEAD:a.py")
    try scratch.write("a.py", "a = 2\n")
    try scratch.git("mv", "gone.py", "moved.py")
    try scratch.commit()
    try remove(id, from: scratch)
    let repository = try scratch.open()
    let changes = try repository.changes(from: .commit("HEAD~1"), to: .commit("HEAD"))
    #expect(changes.map(\.path.string) == ["a.py", "moved.py"])
    let old = try #require(changes.first?.old)
    let error = #expect(throws: RepositoryError.missingObject(id: id, path: "a.py", isPartialClone: false)) {
      try repository.contents(of: old)
    }
    #expect(error?.description.contains("git fsck") == true)
  }

  @Test("A missing tree or commit ends the comparison, naming it")
  func treeAndCommit() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    let first = try scratch.commit()
    let tree = try scratch.git("rev-parse", "HEAD^{tree}")
    try scratch.write("a.py", "a = 2\n")
    try scratch.commit()
    try remove(tree, from: scratch)
    #expect(throws: RepositoryError.missingObject(id: tree, path: nil, isPartialClone: false)) {
      try scratch.open().changes(from: .commit("HEAD~1"), to: .commit("HEAD"))
    }
    try remove(first, from: scratch)
    #expect(throws: RepositoryError.missingObject(id: first, path: nil, isPartialClone: false)) {
      try scratch.open().revisions(words: ["HEAD~1", "HEAD"])
    }
  }

  @Test("Damage is told and never ends the program", arguments: ["blob", "tree", "index", "config", "HEAD"])
  func damage(_ what: String) throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.commit()
    var file = ".git/\(what)"
    if what == "blob" || what == "tree" {
      let id = try scratch.git("rev-parse", what == "blob" ? "HEAD:a.py" : "HEAD^{tree}")
      file = ".git/objects/\(id.prefix(2))/\(id.dropFirst(2))"
      try scratch.remove(file)
    }
    try scratch.write(file, "\u{1}[not what it should be\n")
    let error = #expect(throws: RepositoryError.self) {
      let repository = try scratch.open()
      let pair = try repository.revisions(words: [], staged: true)
      for change in try repository.changes(from: .empty, to: pair.old.revision) {
        if let new = change.new { _ = try repository.contents(of: new) }
      }
      _ = try repository.changes(from: pair.old.revision, to: pair.new.revision)
    }
    #expect(error?.description.contains("`") == true)
  }

  @Test("A partial clone whose server is gone lists changes and says how to fetch a content")
  func partialClone() throws {
    let scratch = try Scratch.repository()
    try scratch.git("config", "uploadpack.allowFilter", "true")
    try scratch.write("a.py", "a = 1\n")
    try scratch.commit()
    try scratch.write("a.py", "a = 2\n")
    try scratch.commit()
    let clone = try Scratch.folder()
    try clone.git("clone", "--quiet", "--filter=blob:none", "file://\(scratch.root)", "c")
    try clone.git("-C", "c", "remote", "set-url", "origin", "file:///nowhere")
    let repository = try clone.open("c")
    let change = try #require(try repository.changes(from: .commit("HEAD~1"), to: .commit("HEAD")).first)
    #expect(try repository.text(change.new) == "a = 2\n")
    let old = try #require(change.old)
    let error = #expect(throws: RepositoryError.missingObject(id: old.id, path: "a.py", isPartialClone: true)) {
      try repository.contents(of: old)
    }
    #expect(error?.description.contains("git cat-file -e \(old.id)") == true)
  }
}
