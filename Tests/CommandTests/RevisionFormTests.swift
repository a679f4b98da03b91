import Foundation
import Testing

@Suite("Revisions as git diff reads them")
struct RevisionFormTests {
  let repository: GitRepository
  private static func source(_ number: Int) -> String { "def f():\n    return \(number)\n" }

  /// One file that returns 1, 2, 3, 4 in four commits; 5 is stashed, 6 in the index, 7 in the working tree.
  init() throws {
    repository = try GitRepository()
    for number in 1...4 {
      try repository.write("code.py", Self.source(number))
      try repository.commit("number \(number)")
    }
    try repository.expect(["tag", "light", "HEAD~2"])
    try repository.expect(["tag", "-a", "-m", "tag", "heavy", "HEAD~1"])
    try repository.write("code.py", Self.source(5))
    try repository.expect(["stash", "--quiet"])
    try repository.expect(["branch", "side", "HEAD~3"])
    try repository.write("code.py", Self.source(6))
    try repository.expect(["add", "code.py"])
    try repository.write("code.py", Self.source(7))
  }

  @Test(
    "Each form leads to the two versions that git compares",
    arguments: [
      (["HEAD"], 4, 7), ([], 4, 7), (["--staged"], 4, 6), (["--cached", "HEAD~1"], 3, 6), (["HEAD~3", "HEAD"], 1, 4),
      (["light", "heavy"], 2, 3), (["light..heavy"], 2, 3), (["side..."], 1, 4), (["light..."], 2, 4),
      ([":/number 2", "HEAD"], 2, 4), (["HEAD^{/number 3}"], 3, 7), (["HEAD", "stash"], 4, 5),
      (["stash@{0}^", "stash@{0}"], 4, 5), (["@~1"], 3, 7), (["HEAD^!"], 3, 4), (["heavy^!"], 2, 3),
      (["main@{1}", "main@{0}"], 3, 4), (["side", "code.py"], 1, 7), (["side", "main", "code.py"], 1, 4),
      (["code.py"], 4, 7), (["heavy^{tree}", "HEAD^{tree}"], 3, 4),
    ] as [([String], Int, Int)])
  func forms(_ words: [String], _ old: Int, _ new: Int) throws {
    let result = try Program.execute(
      repository.program.path, words + ["--decoder", "none", "--budget", "0.05"], in: repository.path,
      environment: repository.environment)
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("return \(old)\n") && result.out.contains("return \(new)\n"), "\(result.out)")
    let given = words.map { $0 == "--staged" ? "--cached" : $0 }
    let diff = try repository.expect(["diff"] + (given.isEmpty || given == ["code.py"] ? ["HEAD"] + given : given))
    #expect(diff.contains("-    return \(old)\n+    return \(new)\n"), "\(diff)")
  }

  @Test("A word that is neither a revision nor a file is named")
  func unknown() throws {
    for words in [["nowhere"], ["HEAD", "nowhere"], ["HEAD", "code.py", "nowhere"]] {
      let result = try Program.execute(
        repository.program.path, words, in: repository.path, environment: repository.environment)
      #expect(result.status == 2 && !result.err.isEmpty)
    }
  }
}
