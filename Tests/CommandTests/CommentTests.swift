import Foundation
import Testing

/// `Fixtures/review/server.py`, running while a test holds it.
private final class ReviewServer {
  let address: String
  private let process = Process()
  private let place: String

  init(in scratch: Scratch, state: [String: Any] = [:], faults: [[String: Any]] = []) throws {
    place = scratch.path + "/state-\(UUID().uuidString).json"
    let faultFile = place + ".faults"
    try JSONSerialization.data(withJSONObject: state).write(to: URL(fileURLWithPath: place))
    try JSONSerialization.data(withJSONObject: faults).write(to: URL(fileURLWithPath: faultFile))
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", checkout.path + "/Fixtures/review/server.py", place, faultFile]
    let out = Pipe()
    process.standardOutput = out
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = ""
    while !line.hasSuffix("\n") {
      let data = out.fileHandleForReading.availableData
      try #require(!data.isEmpty, "the server did not start")
      line += String(decoding: data, as: UTF8.self)
    }
    address = "http://127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))"
  }

  // Not SIGTERM: a test runner that blocks it hands that down.
  deinit { kill(process.processIdentifier, SIGKILL) }

  private func state() throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: place))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  var requests: [[String]] { get throws { try state()["requests"] as? [[String]] ?? [] } }
  var checks: [[String: Any]] { get throws { try #require(try state()["checks"] as? [[String: Any]]) } }
  var bodies: [String] {
    get throws { try #require(try state()["comments"] as? [[String: Any]]).compactMap { $0["body"] as? String } }
  }
  func count(_ method: String) throws -> Int { try requests.count { $0[0] == method } }
}

@Suite("Review comments")
struct CommentTests {
  let scratch: Scratch
  let program: Program

  init() throws {
    scratch = try Scratch()
    program = try Program()
  }

  private func report(_ name: String, _ old: String, _ new: String) throws -> String {
    let place = scratch.path + "/\(name).json"
    let result = try program.run(
      "files", try scratch.write("old.py", old), try scratch.write("new.py", new), "--format", "json", "--output",
      place, "--budget", "0.1", "--decoder", "none")
    try #require(result.status == 0, "\(result.err)")
    return place
  }

  private func changed() throws -> String {
    try report("changed", "def f(x):\n    return x + 1\n", "def f(x):\n    return x + 2\n")
  }
  private func equal() throws -> String { try report("equal", "x = 1\n", "x = 1\n") }

  private func github(_ server: ReviewServer, _ more: [String: String] = [:]) -> [String: String] {
    [
      "GITHUB_API_URL": server.address, "GITHUB_TOKEN": "secret-token", "GITHUB_REPOSITORY": "me/it",
      "GITHUB_REF": "refs/pull/5/merge",
    ].merging(more) { $1 }
  }

  private func gitlab(_ server: ReviewServer) -> [String: String] {
    [
      "CI_API_V4_URL": server.address + "/api/v4", "GITLAB_TOKEN": "secret-token", "CI_PROJECT_ID": "group/it",
      "CI_MERGE_REQUEST_IID": "5",
    ]
  }

  private let foreign: [String: Any] = [
    "id": 1, "body": "<!-- logicdiff comment logicdiff -->\nmine now", "user": ["login": "mallory", "type": "User"],
    "author": ["id": 99],
  ]

  @Test("Printed, it is Markdown below its marker; nothing at all where nothing differs")
  func printed() throws {
    let text = try program.run("comment", try changed())
    #expect(text.status == 0 && text.out.hasPrefix("<!-- logicdiff comment logicdiff -->\n### logicdiff"))
    #expect(text.out.contains("+ 2      return x + 2"))
    let silent = try program.run("comment", try equal())
    #expect(silent.status == 0 && silent.out.isEmpty && silent.err.isEmpty)
  }

  @Test("It makes one comment and then brings that one up to date", arguments: ["github", "gitlab"])
  func inPlace(service: String) throws {
    let filler = (0..<7).map { ["id": 100 + $0, "body": "chatter \($0)"] as [String: Any] }
    let server = try ReviewServer(in: scratch, state: ["comments": [foreign] + filler, "pageSize": 3])
    let environment = service == "github" ? github(server) : gitlab(server)
    func post(_ report: String) throws -> Program.Result {
      try program.run("comment", report, "--post", service, environment: environment)
    }
    #expect(try post(equal()).out.hasPrefix("nothing to say"))
    #expect(try server.bodies.count == 8 && server.count("POST") == 0)
    let changed = try changed()
    #expect(try post(changed).out.hasPrefix("made"))
    #expect(try server.bodies.count == 9)
    #expect(try server.bodies.last?.contains("return x + 2") == true)
    #expect(try post(changed).out.contains("the same already"))
    let other = try report("other", "def f(x):\n    return x + 1\n", "def f(x):\n    return x + 3\n")
    #expect(try post(other).out.contains("up to date"))
    #expect(try post(equal()).out.contains("up to date"))
    let bodies = try server.bodies
    #expect(bodies.count == 9 && bodies[8].contains("Nothing to report any more"))
    // Whoever writes our marker first does not get our words.
    #expect(bodies[0].hasSuffix("mine now"))
    #expect(try server.requests.allSatisfy { $0[2].hasSuffix("secret-token") })
    #expect(try post(other).out.contains("up to date"))
  }

  @Test("Jobs of different names have comments of their own")
  func jobs() throws {
    let server = try ReviewServer(in: scratch)
    let changed = try changed()
    for job in ["a", "b", "a"] {
      #expect(
        try program.run("comment", changed, "--post", "github", "--job", job, environment: github(server)).status == 0)
    }
    #expect(try server.bodies.count == 2)
  }

  @Test("A server that stumbles is asked again, and nothing is posted twice")
  func faults() throws {
    let changed = try changed()
    let faults: [[String: Any]] = [
      ["method": "GET", "path": "comments", "status": 502], ["method": "GET", "path": "comments", "drop": true],
      ["method": "POST", "status": 429, "headers": ["Retry-After": "0"]],
      ["method": "POST", "status": 403, "headers": ["X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"]],
      ["method": "POST", "status": 500, "done": true],
    ]
    let server = try ReviewServer(in: scratch, faults: faults)
    let result = try program.run("comment", changed, "--post", "github", environment: github(server))
    #expect(result.status == 0, "\(result.err)")
    #expect(try server.bodies.count == 1)
    let dropping = try ReviewServer(in: scratch, faults: [["method": "POST", "drop": true, "done": true]])
    #expect(try program.run("comment", changed, "--post", "gitlab", environment: gitlab(dropping)).status == 0)
    #expect(try dropping.bodies.count == 1)
  }

  @Test("What cannot be done is said with its remedy, without the token, and ends with 2")
  func refusals() throws {
    let changed = try changed()
    func error(_ faults: [[String: Any]], _ more: [String: String] = [:]) throws -> String {
      let server = try ReviewServer(in: scratch, faults: faults)
      let result = try program.run("comment", changed, "--post", "github", environment: github(server, more))
      #expect(result.status == 2 && !result.err.contains("secret-token"))
      #expect(try server.requests.count <= 3)
      return result.err
    }
    #expect(try error([["method": "GET", "path": "user", "status": 401]]).contains("token is valid"))
    #expect(try error([["method": "POST", "status": 404]]).contains("pull-requests: write"))
    #expect(
      try error([["method": "POST", "status": 302, "headers": ["Location": "http://127.0.0.1:1/x"]]])
        .contains("redirections are not followed"))
    #expect(
      try error([["method": "POST", "status": 429, "headers": ["Retry-After": "86400"]]]).contains("86400 seconds"))
    #expect(try error([], ["GITHUB_TOKEN": ""]).contains("GITHUB_TOKEN"))
    #expect(try error([], ["GITHUB_REF": "refs/heads/main"]).contains("--number"))
    #expect(try error([], ["GITHUB_REPOSITORY": "../../user"]).contains("GITHUB_REPOSITORY"))
    #expect(try error([], ["GITHUB_API_URL": "http://example.com"]).contains("https"))
  }

  @Test("The run of a fork is led to its pull request by its head commit, and gets its check")
  func fork() throws {
    let pull = ["number": 9, "head": ["label": "mallory:topic", "sha": "abc"]] as [String: Any]
    let stale = ["number": 8, "head": ["label": "mallory:topic", "sha": "old"]] as [String: Any]
    let server = try ReviewServer(in: scratch, state: ["pulls": [stale, pull]])
    let event = try scratch.write(
      "event.json",
      """
      {"workflow_run": {"head_sha": "abc", "head_branch": "topic", "pull_requests": [],
      "head_repository": {"owner": {"login": "mallory"}}}}
      """)
    let result = try program.run(
      "comment", try changed(), "--post", "github", "--check",
      environment: github(server, ["GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": event]))
    #expect(result.status == 0, "\(result.err)")
    #expect(try server.requests.contains { $0[0] == "POST" && $0[1] == "/repos/me/it/issues/9/comments" })
    let check = try #require(try server.checks.first)
    #expect(check["conclusion"] as? String == "failure" && check["head_sha"] as? String == "abc")
    #expect(check["status"] as? String == "completed")
  }

  @Test("A report that is none is refused, whatever it is")
  func hostileReports() throws {
    for text in ["", "[", "{\"schema\":9}", String(repeating: "[", count: 200_000), "\u{0}", "null"] {
      let result = try program.run("comment", try scratch.write("bad.json", text))
      #expect(result.status == 2 && !result.crashed && result.err.contains("--format json"), "\(text.prefix(20))")
    }
    let missing = try program.run("comment", scratch.path + "/none.json")
    #expect(missing.status == 2 && missing.err.contains("none.json"))
  }
}
