import Foundation
import Testing

/// The built program, run as a user runs it.
struct Program {
  struct Result {
    var status: Int32
    var out: String
    var err: String
    /// Ended by a signal: a crash.
    var crashed: Bool
  }

  var path: String

  /// The program of the build that these tests belong to: it lies beside their bundle.
  init() throws {
    var folder = URL(fileURLWithPath: try Self.testImage()).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("logicdiff").path
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue {
        path = candidate
        return
      }
      folder = folder.deletingLastPathComponent()
    }
    throw Missing()
  }

  init(path: String) { self.path = path }

  struct Missing: Error, CustomStringConvertible {
    var description: String { "no logicdiff beside the tests; type `swift build` first" }
  }

  /// The bundle is the process itself on Linux and an argument of the process that loads it elsewhere.
  private static func testImage() throws -> String {
    guard let image = CommandLine.arguments.first(where: { $0.contains("PackageTests.xctest") }) else {
      throw Missing()
    }
    return image
  }

  /// Runs with an environment of its own: no settings of the person who runs the tests get in.
  @discardableResult
  func run(
    _ arguments: String..., in folder: String = "/", environment: [String: String] = [:]
  ) throws -> Result {
    try run(arguments, in: folder, environment: environment)
  }

  @discardableResult
  func run(
    _ arguments: [String], in folder: String = "/", environment: [String: String] = [:]
  ) throws -> Result {
    try Self.execute(path, arguments, in: folder, environment: environment)
  }

  /// Any program, with the plain environment and what `environment` adds.
  static func execute(
    _ path: String, _ arguments: [String], in folder: String, environment: [String: String] = [:], input: String? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = Self.plain.merging(environment) { $1 }
    let (out, err, given) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = err
    process.standardInput = input == nil ? FileHandle.nullDevice : given
    try process.run()
    if let input {
      given.fileHandleForWriting.write(Data(input.utf8))
      try given.fileHandleForWriting.close()
    }
    let errors = Collected()
    let reader = Thread { errors.data = err.fileHandleForReading.readDataToEndOfFile() }
    reader.start()
    let text = out.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    while !reader.isFinished { usleep(1_000) }
    return Result(
      status: process.terminationStatus, out: String(decoding: text, as: UTF8.self),
      err: String(decoding: errors.data, as: UTF8.self), crashed: process.terminationReason == .uncaughtSignal)
  }

  static let plain: [String: String] = [
    "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent",
    "LOGICDIFF_NO_CACHE": "true",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
  ]

  private final class Collected: @unchecked Sendable {
    var data = Data()
  }
}

/// A folder that is removed at the end of a test.
final class Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("logicdiff-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  func git(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.environment = Program.plain
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "git \(arguments.joined(separator: " "))")
  }

  func commit(_ message: String = "change") throws {
    try git("add", "--all")
    try git("commit", "--quiet", "--message", message)
  }
}

/// The top of the checkout that these tests were compiled in.
let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
