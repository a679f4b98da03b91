import Repository

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Repository {
  /// The repository that this process was started in.
  static func here() throws(RepositoryError) -> Repository {
    try open(at: FileManager.default.currentDirectoryPath) { Terminal.err("logicdiff: \($0)\n") }
  }
}
