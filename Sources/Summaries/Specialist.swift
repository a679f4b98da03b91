import Decoder

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where the checkpoint that comes with the program is.
///
/// Looked up here and not through SwiftPM's `Bundle.module`, which ends the process when its bundle was moved.
package enum Specialist {
  /// The name of its folder, and of the decoder in reports.
  package static let label = "specialist"

  /// The folders that may hold it, first to last: beside the installed program, then the one that
  /// `LOGICDIFF_SPECIALIST` names, else the checkout that the program was built in. Never the working directory: it
  /// belongs to the code under review.
  package static func candidates(
    program: String? = programPath, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String] {
    var folders: [String] = []
    var above = (program ?? "").split(separator: "/").dropLast().map(String.init)
    if !above.isEmpty { folders.append("/" + (above.dropLast() + ["share/logicdiff", label]).joined(separator: "/")) }
    if let named = environment["LOGICDIFF_SPECIALIST"], !named.isEmpty {
      folders.append(named)
      return folders
    }
    while !above.isEmpty {
      let root = "/" + above.joined(separator: "/")
      if FileManager.default.fileExists(atPath: root + "/Package.swift") {
        folders.append("\(root)/Sources/Summaries/Resources/\(label)")
      }
      above.removeLast()
    }
    return folders
  }

  /// The first of `candidates` that holds a checkpoint.
  package static func directory(in candidates: [String] = candidates()) -> String? {
    candidates.first { FileManager.default.fileExists(atPath: $0 + "/config.json") }
  }

  /// Opens it; the error says where it was looked for.
  package static func open(candidates: [String] = candidates()) -> Result<CheckpointDecoder, Missing> {
    guard let directory = directory(in: candidates) else {
      return .failure(Missing(reason: Messages.noCheckpoint(searched: candidates)))
    }
    do throws(DecoderError) {
      return .success(try CheckpointDecoder(directory: directory, label: label))
    } catch {
      return .failure(Missing(reason: error.description))
    }
  }

  /// What it is and where, or what is wrong with it; the weights stay on disk.
  package static func description(candidates: [String] = candidates()) -> String {
    guard let directory = directory(in: candidates) else {
      return "none: " + Messages.noCheckpoint(searched: candidates)
    }
    do throws(DecoderError) {
      let config = try Checkpoint(directory: directory).config
      return "\(config.parameters) parameters in \(config.layers) layers, \(directory)"
    } catch {
      return error.description
    }
  }

  package struct Missing: Error, Hashable, Sendable {
    package var reason: String
  }

  /// The absolute path of the running program, symbolic links resolved.
  package static var programPath: String? {
    #if os(Linux)
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    #else
      CommandLine.arguments.first.map { URL(filePath: $0).resolvingSymlinksInPath().path }
    #endif
  }
}
