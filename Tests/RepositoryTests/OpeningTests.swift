import Foundation
import Repository
import Testing

@Suite("Opening a repository")
struct OpeningTests {
  @Test("From any folder of a working tree")
  func subfolder() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a/b/c.py", "c = 1\n")
    try scratch.commit()
    let repository = try scratch.open("a/b")
    #expect(!repository.isBare && !repository.isLinkedWorktree && !repository.isShallow)
    #expect(try repository.listed(from: .empty, to: .commit("HEAD")) == ["added a/b/c.py"])
  }

  @Test("A bare repository compares commits and has no working tree")
  func bare() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.commit()
    try scratch.write("a.py", "a = 2\n")
    try scratch.commit()
    try scratch.git("clone", "--quiet", "--bare", ".", "bare.git")
    let repository = try scratch.open("bare.git")
    #expect(repository.isBare)
    #expect(try repository.listed(from: .commit("HEAD~1"), to: .commit("main")) == ["modified a.py"])
    #expect(throws: RepositoryError.noWorkingTree(path: repository.gitDirectory)) {
      try repository.revisions(words: [])
    }
    #expect(throws: RepositoryError.noWorkingTree(path: repository.gitDirectory)) {
      try repository.changes(from: .commit("HEAD"), to: .workingTree)
    }
    #expect(throws: RepositoryError.noWorkingTree(path: repository.gitDirectory)) {
      try repository.blob(revision: .workingTree, path: RepositoryPath("a.py"))
    }
  }

  @Test("A linked worktree has a HEAD, an index and files of its own")
  func worktree() throws {
    let scratch = try Scratch.repository()
    try scratch.write("main/a.py", "a = 1\n")
    try scratch.commit()
    let other = try Scratch.folder()
    try scratch.git("worktree", "add", "--quiet", "-b", "side", "\(other.root)/linked")
    try other.write("linked/main/a.py", "a = 2\n")
    let repository = try other.open("linked/main")
    #expect(repository.isLinkedWorktree)
    #expect(try repository.listed(from: .commit("HEAD"), to: .workingTree) == ["modified main/a.py"])
    #expect(try scratch.open().listed(from: .commit("HEAD"), to: .workingTree) == [])
  }

  @Test("Settings of a worktree of its own do not keep the repository from opening")
  func worktreeConfig() throws {
    let scratch = try Scratch.repository()
    try scratch.commit()
    try scratch.git("config", "extensions.worktreeConfig", "true")
    try scratch.git("config", "--worktree", "logicdiff.decoder", "none")
    #expect(try scratch.open().config(string: "logicdiff.decoder") == "none")
  }

  @Test("GIT_DIR, GIT_WORK_TREE and GIT_INDEX_FILE lead a hook to the right place")
  func environment() throws {
    let scratch = try Scratch.repository()
    try scratch.write("a.py", "a = 1\n")
    try scratch.commit()
    try FileManager.default.copyItem(atPath: "\(scratch.root)/.git/index", toPath: "\(scratch.root)/.git/next")
    try scratch.write("a.py", "a = 2\n")
    try scratch.git("add", "a.py")
    var environment = Scratch.environment
    environment.directory = "\(scratch.root)/.git"
    environment.workTree = scratch.root
    environment.indexFile = "\(scratch.root)/.git/next"
    let repository = try Repository.open(at: "/", environment: environment)
    #expect(try repository.listed(from: .commit("HEAD"), to: .index) == [])
    #expect(try repository.listed(from: .commit("HEAD"), to: .workingTree) == ["modified a.py"])
    #expect(try scratch.open().listed(from: .commit("HEAD"), to: .index) == ["modified a.py"])
  }

  @Test("No repository, with the folder and what to do")
  func none() throws {
    let scratch = try Scratch.folder()
    #expect(throws: RepositoryError.notARepository(path: scratch.root + "/")) { try scratch.open() }
    #expect(throws: RepositoryError.notARepository(path: scratch.root + "/missing")) { try scratch.open("missing") }
    #expect("\(RepositoryError.notARepository(path: "/x"))".contains("logicdiff files OLD NEW"))
  }

  @Test("A repository of another user, with the remedy", .enabled(if: geteuid() == 0))
  func foreignOwner() throws {
    let scratch = try Scratch.repository()
    try scratch.write("folder/a.py", "a = 1\n")
    try scratch.commit()
    func give(_ paths: [String] = ["", "/.git", "/folder"], to user: UInt32) throws {
      for path in paths { try #require(chown(scratch.root + path, user, user) == 0) }
    }
    try give(to: 4242)
    defer { try? give(to: 0) }
    let expected = RepositoryError.foreignOwner(path: scratch.root)
    #expect(throws: expected) { try scratch.open() }
    #expect(throws: expected) { try scratch.open("folder") }
    #expect("\(expected)".contains("git config --global --add safe.directory \(scratch.root)"))
    try scratch.git("config", "--file", "\(scratch.root)/.git/config", "safe.directory", "*")
    #expect(throws: expected) { try scratch.open() }
    try give(["", "/folder"], to: 0)
    #expect(throws: expected) { try scratch.open() }

    let user = try Scratch.folder()
    var environment = Scratch.environment
    environment.globalConfig = user.root + "/config"
    for (values, isTrusted) in [
      ([scratch.root], true), (["*"], true), ([scratch.root + "/"], true), (["/elsewhere"], false), (["*", ""], false),
    ] {
      try user.write("config", "[safe]\n" + values.map { "\tdirectory = \"\($0)\"\n" }.joined())
      let opened = Result { try Repository.open(at: scratch.root, environment: environment) }
      #expect(((try? opened.get()) != nil) == isTrusted, "\(values)")
    }
  }

  @Test("Extensions that git does not know either are told apart from damage")
  func formats() throws {
    let other = try Scratch.repository()
    try other.git("config", "core.repositoryFormatVersion", "1")
    try other.git("config", "extensions.fromTheFuture", "true")
    let error = #expect(throws: RepositoryError.self) { try other.open() }
    #expect(error?.description.contains("fromthefuture") == true)
  }
}

@Suite("Settings")
struct SettingsTests {
  @Test("Come from Git's configuration, never from a file that is committed")
  func sources() throws {
    let scratch = try Scratch.repository()
    try scratch.write(".gitconfig", "[logicdiff]\n\tdecoder = http://evil.example\n")
    try scratch.write(".logicdiff", "decoder = http://evil.example\n")
    try scratch.commit()
    #expect(try scratch.open().config(string: "logicdiff.decoder") == nil)
    try scratch.git("config", "logicdiff.decoder", "none")
    #expect(try scratch.open().config(string: "logicdiff.Decoder") == "none")
  }

  @Test("The user's file, then the repository's, then git -c, the last one wins")
  func order() throws {
    let scratch = try Scratch.repository()
    try scratch.write("user", "[logicdiff]\n\tbudget = 1\n\tjobs = 8\n")
    var environment = Scratch.environment
    environment.globalConfig = scratch.root + "/user"
    #expect(try Repository.userConfig(string: "logicdiff.budget", environment: environment) == "1")
    try scratch.git("config", "logicdiff.budget", "2")
    let repository = try Repository.open(at: scratch.root, environment: environment)
    #expect(try repository.config(string: "logicdiff.budget") == "2")
    #expect(try repository.config(string: "logicdiff.jobs") == "8")
    let variables = [
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_CONFIG_PARAMETERS": "'logicdiff.Budget'='3' 'logicdiff.note'='it'\\''s = so' 'logicdiff.flag'",
      "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "logicdiff.jobs", "GIT_CONFIG_VALUE_0": "4",
    ]
    let over = try Repository.open(at: scratch.root, environment: GitEnvironment { variables[$0] })
    #expect(try over.config(string: "logicdiff.budget") == "3")
    #expect(try over.config(string: "logicdiff.note") == "it's = so")
    #expect(try over.config(string: "logicdiff.flag") == "true")
    #expect(try over.config(string: "logicdiff.jobs") == "4")
  }
}
