import Foundation
import Testing

/// A repository on which the real git runs, with the built program in its path.
struct GitRepository {
  let scratch: Scratch
  let program: Program
  var path: String { scratch.path + "/work" }

  init(_ arguments: String...) throws {
    scratch = try Scratch()
    program = try Program()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: scratch.path + "/home", withIntermediateDirectories: true)
    try expect(["init", "--quiet", "--initial-branch=main"] + arguments)
  }

  /// Settings of the person who runs the tests stay out; `HOME` is a folder of this test.
  var environment: [String: String] {
    let folder = URL(fileURLWithPath: program.path).deletingLastPathComponent().path
    var environment = Program.plain
    environment["PATH"] = folder + ":" + (environment["PATH"] ?? "")
    environment["HOME"] = scratch.path + "/home"
    environment["GIT_CONFIG_GLOBAL"] = scratch.path + "/home/.gitconfig"
    environment["GIT_TERMINAL_PROMPT"] = "0"
    for who in ["AUTHOR", "COMMITTER"] {
      environment["GIT_\(who)_NAME"] = "t"
      environment["GIT_\(who)_EMAIL"] = "t@example.com"
      environment["GIT_\(who)_DATE"] = "2024-01-01T00:00:00Z"
    }
    return environment
  }

  /// `git` with its exit status, whatever it is.
  func git(
    _ arguments: [String], environment more: [String: String] = [:], in folder: String? = nil, input: String? = nil
  ) throws -> Program.Result {
    try Program.execute(
      "/usr/bin/env", ["git"] + arguments, in: folder ?? path, environment: environment.merging(more) { $1 },
      input: input)
  }

  /// `git` as it has to go well; its standard output.
  @discardableResult
  func expect(
    _ arguments: [String], environment more: [String: String] = [:], in folder: String? = nil
  ) throws -> String {
    let result = try git(arguments, environment: more, in: folder)
    try #require(result.status == 0, "git \(arguments.joined(separator: " ")): \(result.err)\(result.out)")
    return result.out
  }

  /// The program itself, in the repository.
  @discardableResult
  func logicdiff(
    _ arguments: String..., environment more: [String: String] = [:], in folder: String? = nil, input: String? = nil
  ) throws -> Program.Result {
    try Program.execute(
      program.path, arguments, in: folder ?? path, environment: environment.merging(more) { $1 }, input: input)
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try scratch.write("work/" + name, text) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String { try scratch.write("work/" + name, bytes) }

  @discardableResult
  func commit(_ message: String = "change") throws -> String {
    try expect(["add", "--all"])
    try expect(["commit", "--quiet", "--allow-empty", "--message", message])
    return try expect(["rev-parse", "HEAD"]).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Sources that the driver tests share.
enum Sample {
  static let old = """
    def limit(values, top):
        kept = []
        for value in values:
            if value < top:
                kept.append(value)
        return kept


    def twice(x):
        y = x + x
        return y

    """
  /// `twice` written another way.
  static let rewritten = old.replacingOccurrences(of: "    y = x + x\n    return y", with: "    return x + x")
  /// That, and `limit` with another comparison.
  static let changed = rewritten.replacingOccurrences(of: "value < top", with: "value <= top")
}
