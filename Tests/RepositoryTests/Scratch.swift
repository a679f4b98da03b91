import Foundation
import Repository

/// A real repository in a temporary folder, made with `git` and removed with the last reference.
final class Scratch {
  let root: String

  /// Configuration outside of the test must not matter, neither to `git` nor to the module.
  static let environment: GitEnvironment = GitEnvironment { name in
    ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"][name]
  }

  private init(root: String) { self.root = root }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  static func folder() throws -> Scratch {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("logicdiff-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return Scratch(root: path)
  }

  /// A repository without a commit, on the branch `main`.
  static func repository(_ options: String...) throws -> Scratch {
    let scratch = try folder()
    try scratch.git(["init", "--quiet", "--initial-branch=main"] + options)
    return scratch
  }

  func open(_ folder: String = "") throws -> Repository {
    try Repository.open(at: folder.hasPrefix("/") ? folder : "\(root)/\(folder)", environment: Self.environment)
  }

  @discardableResult
  func git(_ arguments: String..., input: String? = nil) throws -> String {
    try git(arguments, input: input)
  }

  @discardableResult
  func git(_ arguments: [String], input: String? = nil) throws -> String {
    struct Failed: Error { let arguments: [String], output: String }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", root] + arguments
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": root, "LC_ALL": "C",
      "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_AUTHOR_DATE": "2024-01-01T00:00:00Z",
      "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com",
      "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z", "GIT_ALLOW_PROTOCOL": "file",
    ]
    let (output, inputPipe) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = output
    process.standardInput = inputPipe
    try process.run()
    if let input { inputPipe.fileHandleForWriting.write(Data(input.utf8)) }
    try inputPipe.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(arguments: arguments, output: text) }
    return text.trimmingCharacters(in: .newlines)
  }

  func write(_ path: String, _ text: String) throws {
    try write(RepositoryPath(path), Array(text.utf8))
  }

  /// Foundation takes names in UTF-8 only, so the file is made with the system's own call.
  func write(_ path: RepositoryPath, _ bytes: [UInt8]) throws {
    struct Failed: Error { let code: Int32 }
    let name = Array(root.utf8) + [UInt8(ascii: "/")] + path.bytes
    if let slash = name.lastIndex(of: UInt8(ascii: "/")) {
      try FileManager.default.createDirectory(
        atPath: String(decoding: name[..<slash], as: UTF8.self), withIntermediateDirectories: true)
    }
    let file = (name + [0]).withUnsafeBytes { raw in
      fopen(raw.assumingMemoryBound(to: CChar.self).baseAddress!, "w")
    }
    guard let file else { throw Failed(code: errno) }
    defer { fclose(file) }
    guard bytes.withUnsafeBytes({ fwrite($0.baseAddress, 1, $0.count, file) }) == bytes.count else {
      throw Failed(code: errno)
    }
  }

  func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(root)/\(path)", withDestinationPath: target)
  }

  func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: "\(root)/\(path)")
  }

  func makeExecutable(_ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(root)/\(path)")
  }

  /// Adds everything and commits; returns the commit's name.
  @discardableResult
  func commit(_ message: String = "change") throws -> String {
    try git("add", "--all")
    try git("commit", "--quiet", "--allow-empty", "--message", message)
    return try git("rev-parse", "HEAD")
  }
}

extension Repository {
  /// The changes as lines that a test can compare: `status old -> new`.
  func listed(from old: Revision, to new: Revision, paths: Pathspec = .all) throws -> [String] {
    try changes(from: old, to: new, paths: paths).map { change in
      let (old, new) = (change.old?.path.description, change.new?.path.description)
      let names = old == new ? [new] : [old, new]
      return "\(change.status.rawValue) " + names.compactMap { $0 }.joined(separator: " -> ")
    }
  }

  func text(_ version: FileVersion?) throws -> String? {
    guard let version, case .text(let bytes) = try contents(of: version) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
