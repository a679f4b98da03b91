import ArgumentParser
import Repository

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Opens the summaries of two versions in a program that shows two files beside each other.
///
/// Such programs know no filters, so they get files of their own: below a temporary folder that goes when they end.
struct View: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Open two versions as summaries in a viewer of two files: meld, vimdiff, code --wait --diff.",
    usage: "logicdiff view [--forms] <program> <old> <new>",
    discussion: """
      The program is started by a shell, with the two files as its last words, as git starts its own tools. It has to \
      stay until it is done with them: `code --wait --diff`, not `code --diff`.
      """)

  @Argument(help: "The program and its first words.")
  var program: String

  @Argument(help: "A file, REV:PATH, or /dev/null.")
  var old: String

  @Argument(help: "The same of the other version.")
  var new: String

  @Flag(help: "No summaries, only forms, so that what is proved to mean the same reads the same.")
  var forms = false

  func run() throws {
    let conversion = TextConversion(forms: forms)
    let sides = [("old", try source(old)), ("new", try source(new))]
    var template = Array((TemporaryFolder.path + "/logicdiff-XXXXXX").utf8CString)
    guard let made = mkdtemp(&template) else {
      throw Failure(Messages.cannotWrite(TemporaryFolder.path, reason: String(cString: strerror(errno))))
    }
    let folder = String(cString: made)
    // The viewer is who Ctrl-C and a closed terminal are meant for; the folder has to go after it.
    signal(SIGINT, SIG_IGN)
    signal(SIGHUP, SIG_IGN)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var files: [String] = []
    for (name, source) in sides {
      let text = conversion.bytes(of: source.bytes, path: source.path)
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
      let file = "\(folder)/\(name)/\(Self.fileName(source.path))"
      try OutputFile.write(text, to: file)
      // What is written there is lost, so nobody should.
      chmod(file, 0o444)
      files.append(file)
    }
    let words = ["sh", "-c", program + " \"$@\"", program] + files
    let process = ChildProcess.start(words, streams: [.inherited, .inherited, .inherited])
    let status = process.map { ChildProcess.wait(for: $0) } ?? 127
    guard status == 0 else { throw Failure(Messages.viewerFailed(program, status: status)) }
  }

  /// `/dev/null` stands for a version that does not exist.
  private func source(_ place: String) throws -> (path: String, bytes: [UInt8]) {
    place == "/dev/null" ? (place, []) : try TextConversion.source(place)
  }

  private static func fileName(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? "nothing"
    return name.utf8.count <= 200 ? name : String(name.suffix(60))
  }
}

/// Where temporary files go.
private enum TemporaryFolder {
  static var path: String { Environment.text("TMPDIR") ?? "/tmp" }
}
