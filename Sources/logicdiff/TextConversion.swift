import Comparison
import Repository
import Summaries

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A whole file as git's textconv wants it: functions as summaries with the digest of their normal form, the rest as it
/// stands.
struct TextConversion {
  private let writer: any SummaryWriter
  private let forms: Bool

  /// The decoder is none unless one is named; one that cannot be had is none too, since a filter that fails takes the
  /// whole diff with it.
  init(_ decoding: DecoderOptions? = nil, forms: Bool) {
    var settings = Settings()
    settings.decoder = decoding?.decoder ?? "none"
    settings.weights = decoding?.weights ?? .auto
    settings.canonicalNames = true
    writer = (try? Self.writer(settings, decoding)) ?? ProcedureText(canonicalNames: true)
    self.forms = forms
  }

  private static func writer(_ settings: Settings, _ decoding: DecoderOptions?) throws -> any SummaryWriter {
    var settings = settings
    settings.adapters = try Adapters(decoding?.adapter ?? [], chosen: decoding?.useAdapter)
    return try SummaryWriters.writer(settings)
  }

  /// What cannot be read as source goes through as it is.
  func bytes(of bytes: [UInt8], path: String) -> [UInt8] {
    let jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)
    return FormText.bytes(of: bytes, path: path, jobs: jobs, writer: forms ? nil : writer)
  }

  /// A file, or `REV:PATH` for one of a revision.
  static func source(_ place: String) throws -> (path: String, bytes: [UInt8]) {
    if FileTree.exists(place), try FileTree.kind(of: place) == .file { return (place, try FileTree.wholeFile(place)) }
    do {
      let repository = try Repository.here()
      let found = try repository.place(place, directory: FileManager.default.currentDirectoryPath)
      guard let found else { throw Failure(Messages.cannotRead(place, reason: "no such file")) }
      switch try repository.blob(revision: found.revision, path: found.path, limit: .max) {
      case .text(let bytes), .binary(let bytes): return (found.path.string, bytes)
      case .tooLarge, .submodule: throw Failure(Messages.cannotRead(place, reason: "it is no file"))
      }
    } catch let error as RepositoryError {
      throw Failure(error.description)
    }
  }
}
