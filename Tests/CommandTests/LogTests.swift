import Foundation
import Testing

@Suite("logicdiff log")
struct LogTests {
  let repository: GitRepository
  private let ids: [String]

  init() throws {
    repository = try GitRepository()
    var ids: [String] = []
    for number in 1...5 {
      try repository.write("code.py", "def f(x):\n    return x + \(number)\n")
      ids.append(try repository.commit("number \(number)"))
    }
    self.ids = ids
  }

  private func log(_ arguments: String...) throws -> String {
    let result = try Program.execute(
      repository.program.path, ["log", "--decoder", "none", "--budget", "0.05"] + arguments, in: repository.path,
      environment: repository.environment)
    #expect(result.status == 0, "\(result.err)")
    return result.out
  }

  private func commits(_ text: String) throws -> [String] {
    try text.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(object?["commit"] as? String)
    }
  }

  @Test("One line a commit, oldest first, with the report that the two revisions get by themselves")
  func lines() throws {
    let text = try log("HEAD~3..HEAD")
    #expect(try commits(text) == Array(ids.suffix(3)))
    let first = try #require(text.split(separator: "\n").first)
    let line = try #require(try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
    #expect(Set(line.keys) == ["commit", "parent", "subject", "error", "report"])
    #expect(line["subject"] as? String == "number 3" && line["parent"] as? String == ids[1])
    let alone = try repository.logicdiff(
      ids[1], ids[2], "--format", "json", "--decoder", "none", "--budget", "0.05"
    ).out
    let expected = try #require(try JSONSerialization.jsonObject(with: Data(alone.utf8)) as? NSDictionary)
    #expect(expected.isEqual(line["report"] as? [String: Any]))
    #expect(try commits(log()) == ids)
  }

  @Test("The same bytes with any number of jobs; shards together are the whole")
  func deterministic() throws {
    let text = try log("--jobs", "1")
    #expect(try log("--jobs", "5") == text)
    let parts = try (1...3).map { try log("--shard", "\($0)/3") }
    #expect(parts.joined().split(separator: "\n").sorted() == text.split(separator: "\n").sorted())
  }

  @Test("A second sweep takes what the first found from the cache, and prints the same bytes")
  func cached() throws {
    let cache = ["XDG_CACHE_HOME": repository.scratch.path + "/cache", "LOGICDIFF_NO_CACHE": "false"]
    func log(_ more: String...) throws -> String {
      try Program.execute(
        repository.program.path, ["log", "--decoder", "none", "--budget", "0.05"] + more, in: repository.path,
        environment: repository.environment.merging(cache) { $1 }
      ).out
    }
    let fresh = try self.log()
    #expect(try log() == fresh)
    // Contents that cannot be read any more do not matter where the answer is known.
    let blob = try repository.expect(["rev-parse", "HEAD~2:code.py"]).trimmingCharacters(in: .newlines)
    try FileManager.default.removeItem(
      atPath: repository.path + "/.git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
    #expect(try log() == fresh)
    #expect(try log("--jobs", "3") == fresh)
    #expect(try log("--no-cache") != fresh)
    // A comparison of two revisions by their full names is the same question.
    let alone = try Program.execute(
      repository.program.path,
      [ids[1], ids[2], "--decoder", "none", "--budget", "0.05", "--format", "json"], in: repository.path,
      environment: repository.environment.merging(cache) { $1 })
    #expect(alone.status == 0 && alone.out.contains("\"changed\" : 1"), "\(alone.out)")
  }

  @Test("A stopped run goes on where it was, half a line included")
  func resumed() throws {
    let whole = try log()
    let place = repository.scratch.path + "/log.jsonl"
    try repository.scratch.write("log.jsonl", String(whole.prefix(whole.count * 2 / 3)))
    #expect(try log("--output", place).isEmpty)
    #expect(try String(contentsOfFile: place, encoding: .utf8) == whole)
    #expect(try log("--output", place).isEmpty)
    #expect(try String(contentsOfFile: place, encoding: .utf8) == whole)
    try repository.scratch.write("other", "something else\n")
    let other = try repository.logicdiff("log", "--output", repository.scratch.path + "/other")
    #expect(other.status == 2 && other.err.contains("stays as it is"))
  }

  @Test("Paths narrow it, merges are left out, wrong words are told")
  func words() throws {
    try repository.write("other.py", "x = 1\n")
    let other = try repository.commit("other")
    #expect(try commits(log("HEAD", "--", "other.py")) == [other])
    try repository.expect(["checkout", "--quiet", "-b", "side", "HEAD~1"])
    try repository.write("third.py", "y = 1\n")
    let third = try repository.commit("third")
    try repository.expect(["merge", "--quiet", "--no-ff", "-m", "merge", "main"])
    #expect(try Set(commits(log("HEAD~2..HEAD"))) == [third, other])
    for words in [["nowhere"], ["--shard", "3/2"], ["--shard", "x"]] {
      let result = try Program.execute(
        repository.program.path, ["log"] + words, in: repository.path, environment: repository.environment)
      #expect(result.status == 2 && !result.err.isEmpty && !result.crashed)
    }
  }
}
