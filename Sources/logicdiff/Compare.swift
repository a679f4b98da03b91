import ArgumentParser
import Comparison
import Repository

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The default command: two revisions of a repository.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two revisions, the index or the working tree (the default command).",
    usage: "logicdiff [<options>] [<rev> [<rev>] | A..B | A...B | --staged] [-- <path> ...]")

  @Argument(help: ArgumentHelp("Up to two revisions, or a range.", valueName: "rev"))
  var revisions: [String] = []

  /// What stands after `--`; see `CommandLineWords`.
  @Option(name: .customLong(CommandLineWords.pathOption), help: .hidden)
  var paths: [String] = []

  @Flag(name: [.long, .customLong("cached")], help: "Compare with the index instead of the working tree.")
  var staged = false

  @OptionGroup var options: ReportOptions

  func run() throws {
    let directory = FileManager.default.currentDirectoryPath
    do {
      let repository = try Repository.here()
      let settings = try Settings(options, repository: repository)
      let words = split(revisions, in: repository)
      let sides = try repository.revisions(words: words.revisions, staged: staged)
      let paths = try Pathspec(words.paths + self.paths, in: repository, directory: directory)
      try Comparing(settings: settings, repository: repository).run(
        old: sides.old.name, new: sides.new.name, trees: { $0.key(sides, paths: paths, in: repository) },
        files: {
          try repository.changes(from: sides.old.revision, to: sides.new.revision, paths: paths).map {
            FilePair($0, in: repository)
          }
        })
    } catch let error as RepositoryError {
      throw Failure(error.description)
    }
  }
}

extension Compare {
  /// As git does it, paths may follow revisions without `--` where no word could be both.
  private func split(_ words: [String], in repository: Repository) -> (revisions: [String], paths: [String]) {
    func isRevision(_ word: String) -> Bool { (try? repository.revisions(words: [word], staged: true)) != nil }
    func isRange(_ word: String) -> Bool { (try? repository.revisions(words: [word])) != nil }
    let end = words.firstIndex { FileTree.isThere($0) && !isRevision($0) && !isRange($0) } ?? words.count
    guard words[end...].allSatisfy(FileTree.isThere) else { return (words, []) }
    return (Array(words[..<end]), Array(words[end...]))
  }
}

extension FilePair {
  /// Reads both sides of a change. What cannot be read makes the file `not-analysed`; the rest goes on.
  init(_ change: FileChange, in repository: Repository) {
    var isUnsettled = false
    func side(_ version: FileVersion?) -> FileSide? {
      guard let version else { return nil }
      do throws(RepositoryError) {
        switch try repository.contents(of: version) {
        case .text(let bytes):
          return version.kind == .symbolicLink ? .unreadable(reason: Messages.symbolicLink(bytes)) : .text(bytes)
        case .binary: return .unreadable(reason: Messages.binary)
        case .tooLarge(let length): return .unreadable(reason: Messages.tooLarge(length))
        case .submodule(let commit): return .unreadable(reason: Messages.submodule(commit))
        }
      } catch {
        isUnsettled = true
        return .unreadable(reason: error.description)
      }
    }
    self.init(
      path: change.path.string, oldPath: change.oldPath, status: change.reportStatus,
      old: side(change.old), new: side(change.new))
    self.isUnsettled = isUnsettled
    if change.status == .conflicted { new = .unreadable(reason: Messages.conflicted) }
  }
}

extension FileChange {
  fileprivate var reportStatus: FileResult.Status {
    switch status {
    case .added: .added
    case .deleted: .deleted
    case .modified, .conflicted: .modified
    case .renamed: .renamed
    case .typeChanged: .typeChanged
    case .modeOnly: .modeChanged
    }
  }
}
