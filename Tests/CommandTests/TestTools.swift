import Foundation

/// Programs that `Scripts/test-tools` installs, or that stand in `PATH`.
enum Tool {
  static func path(_ name: String) -> String? {
    folders.map { $0 + "/" + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static let folders: [String] = {
    let environment = ProcessInfo.processInfo.environment
    let all = [environment["LOGICDIFF_TEST_TOOLS"] ?? ""] + (environment["PATH"] ?? "").components(separatedBy: ":")
    return all.filter { !$0.isEmpty }
  }()

  static let preCommit = path("pre-commit")
  static let lefthook = path("lefthook")
  static let checkJSONSchema = path("check-jsonschema")
  static let actionlint = path("actionlint")
  static let zizmor = path("zizmor")

  /// The schema of SARIF 2.1.0 as OASIS published it.
  static let sarifSchema: String? = {
    guard let folder = ProcessInfo.processInfo.environment["LOGICDIFF_TEST_TOOLS"] else { return nil }
    let library = URL(fileURLWithPath: folder).deletingLastPathComponent().appendingPathComponent("lib").path
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
    return versions.map { "\(library)/\($0)/site-packages/sarif-schema.json" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }()

  static let missing = "it is not installed; Scripts/test-tools does it"
}
