import Foundation
import Repository
import Testing

@Suite("Contents of a file in a revision")
struct ContentsTests {
  @Test("Binary is what has a NUL near its start")
  func binary() throws {
    let scratch = try Scratch.repository()
    try scratch.write(RepositoryPath("early"), [0x61, 0, 0x62])
    let late = [UInt8](repeating: 0x61, count: 8_000) + [0]
    try scratch.write(RepositoryPath("late"), late)
    try scratch.write("empty", "")
    try scratch.commit()
    let repository = try scratch.open()
    for revision in [Revision.commit("HEAD"), .index, .workingTree] {
      #expect(try repository.blob(revision: revision, path: RepositoryPath("early")) == .binary([0x61, 0, 0x62]))
      #expect(try repository.blob(revision: revision, path: RepositoryPath("late")) == .text(late))
      #expect(try repository.blob(revision: revision, path: RepositoryPath("empty")) == .text([]))
    }
  }

  @Test("A file over the limit is measured, not loaded")
  func tooLarge() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", String(repeating: "x", count: 1_001))
    try scratch.commit()
    let repository = try scratch.open()
    for revision in [Revision.commit("HEAD"), .index, .workingTree] {
      let path = RepositoryPath("a.py")
      #expect(try repository.blob(revision: revision, path: path, limit: 1_000) == .tooLarge(1_001))
      let version = try repository.version(of: path, in: revision)
      #expect(try repository.contents(of: version, limit: 1_001) != .tooLarge(1_001))
    }
  }

  @Test("REV:PATH, :PATH and paths that start at the current folder")
  func places() throws {
    let scratch = try Scratch.repository()
    try scratch.write("folder/a.py", "a = 1\n")
    try scratch.commit()
    try scratch.write("folder/a.py", "a = 2\n")
    try scratch.git("add", ".")
    try scratch.write("folder/a.py", "a = 3\n")
    let repository = try scratch.open()
    func text(_ word: String) throws -> String? {
      guard let place = try repository.place(word, directory: scratch.root + "/folder") else { return nil }
      return try repository.text(try repository.version(of: place.path, in: place.revision))
    }
    #expect(try text("HEAD:folder/a.py") == "a = 1\n")
    #expect(try text("HEAD:./a.py") == "a = 1\n")
    #expect(try text(":folder/a.py") == "a = 2\n")
    #expect(try text("main@{0}:./../folder/a.py") == "a = 1\n")
    #expect(try text("folder/a.py") == nil)
    #expect(
      try repository.blob(revision: .workingTree, path: RepositoryPath("folder/a.py")) == .text(Array("a = 3\n".utf8)))
  }

  @Test("What is not there, or is a folder, is told with its place")
  func absent() throws {
    let scratch = try Scratch.repository()
    try scratch.write("folder/a.py", "a = 1\n")
    try scratch.commit()
    let repository = try scratch.open()
    for (revision, place) in [
      (Revision.commit("main"), "main"), (.index, "the index"), (.workingTree, "the working tree"),
      (.empty, "the empty tree"),
    ] {
      #expect(throws: RepositoryError.noSuchPath(path: "b.py", place: place)) {
        try repository.blob(revision: revision, path: RepositoryPath("b.py"))
      }
    }
    for (revision, place) in [(Revision.commit("main"), "main"), (.workingTree, "the working tree")] {
      #expect(throws: RepositoryError.notAFile(path: "folder", place: place)) {
        try repository.blob(revision: revision, path: RepositoryPath("folder"))
      }
    }
  }

  @Test(
    "The working tree is never left, by a link or by a path", arguments: ["out/secret", "../secret", ".git/config"])
  func confined(_ path: String) throws {
    let scratch = try Scratch.folder()
    try scratch.write("secret", "secret\n")
    try scratch.git("init", "--quiet", "--initial-branch=main", "inside")
    try scratch.link("inside/out", to: "..")
    let repository = try scratch.open("inside")
    #expect(throws: RepositoryError.noSuchPath(path: path, place: "the working tree")) {
      try repository.blob(revision: .workingTree, path: RepositoryPath(path))
    }
  }

  @Test("A pipe in the working tree does not block", .timeLimit(.minutes(1)))
  func pipe() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.commit()
    try scratch.remove("a.py")
    try #require(mkfifo(scratch.root + "/a.py", 0o644) == 0)
    let repository = try scratch.open()
    #expect(throws: RepositoryError.notAFile(path: "a.py", place: "the working tree")) {
      try repository.blob(revision: .workingTree, path: RepositoryPath("a.py"))
    }
    #expect(try repository.listed(from: .commit("HEAD"), to: .workingTree) == ["deleted a.py"])
  }
}

@Suite("Paths after --")
struct PathspecTests {
  private func scratch() throws -> Scratch {
    let scratch = try Scratch.repository()
    for path in ["a.py", "src/a.py", "src/b.txt", "src/deep/c.py", "srcs/d.py", "odd[1].py"] {
      try scratch.write(path, "x\n")
    }
    try scratch.commit()
    return scratch
  }

  @Test(
    "Files, folders, wildcards and magic words select what git diff selects",
    arguments: [
      (["a.py"], ""), (["src"], ""), (["src/"], ""), (["*.py"], ""), (["src/*.py"], ""), (["s?c/[a-b].*"], ""),
      (["a.py"], "src"), (["."], "src"), ([".."], "src/deep"), (["../b.txt"], "src/deep"), (["*.py"], "src"),
      ([":/a.py"], "src"), ([":(top)*.txt"], "src/deep"), ([":!src"], ""), (["src", ":!*.txt"], ""),
      ([":(exclude)*.py"], "src"), ([":(glob)src/*.py"], ""), ([":(glob)**/*.py"], ""), ([":(glob)src/**"], ""),
      ([":(icase)SRC/A.PY"], ""), ([":(literal)odd[1].py"], ""), (["odd[1].py"], ""), (["[!a-z]*"], ""),
      (["nosuch"], ""),
      ([":(glob)src/**/c.py"], ""), ([], "src"),
    ])
  func selects(_ words: [String], _ folder: String) throws {
    let scratch = try scratch()
    let repository = try scratch.open()
    let paths = try Pathspec(words, in: repository, directory: "\(scratch.root)/\(folder)")
    let ours = try repository.changes(from: .empty, to: .commit("HEAD"), paths: paths).map(\.path.string)
    let theirs = try scratch.git(
      ["-C", folder.isEmpty ? "." : folder, "diff", "--name-only", "--no-relative", Revision.emptyTreeID, "HEAD", "--"]
        + words)
    #expect(ours == theirs.split(separator: "\n").map(String.init))
  }

  @Test("A path outside of the repository is refused, with its top")
  func outside() throws {
    let scratch = try scratch()
    let repository = try scratch.open()
    for word in ["..", "/etc/passwd", "src/../../x"] {
      let error = #expect(throws: RepositoryError.self) {
        try Pathspec([word], in: repository, directory: scratch.root)
      }
      #expect(error?.description.contains("outside of the repository") == true)
    }
    #expect(throws: RepositoryError.badPathspec(word: ":(attr:x)a")) {
      try Pathspec([":(attr:x)a"], in: repository, directory: scratch.root)
    }
  }

  @Test("Many stars do not make matching slow", .timeLimit(.minutes(1)))
  func stars() throws {
    let scratch = try Scratch.repository()
    try scratch.commit()
    let pattern = String(repeating: "*a", count: 200) + "b"
    let paths = try Pathspec([pattern], in: scratch.open(), directory: scratch.root)
    #expect(!paths.matches(RepositoryPath(String(repeating: "a", count: 2_000))))
  }
}
