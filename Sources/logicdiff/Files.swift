import ArgumentParser
import Comparison
import Repository

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Two files, or two directories, without a repository.
struct Files: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two files or two directories.",
    discussion: """
      It is also the tool behind `git difftool`: git config difftool.logicdiff.cmd \
      'logicdiff files --path "$MERGED" "$LOCAL" "$REMOTE"'
      """)

  @Argument(help: "The old file or directory.")
  var old: String

  @Argument(help: "The new file or directory.")
  var new: String

  @Option(
    help: ArgumentHelp("The path by which to call the two files: git's name of a temporary one.", valueName: "path"))
  var path: String?

  @OptionGroup var options: ReportOptions

  func run() throws {
    let repository = try? Repository.here()
    let settings: Settings
    do {
      settings = try Settings(options, repository: repository)
    } catch let error as RepositoryError {
      throw Failure(error.description)
    }
    let (left, right) = (try FileTree.kind(of: old), try FileTree.kind(of: new))
    let files: [FilePair]
    switch (left, right) {
    case (.directory, .directory): files = try FileTree.pairs(old, new)
    case (.directory, .file), (.file, .directory): throw Failure(Messages.notTwoOfAKind(old, new))
    case (.file, .file), (.nothing, .file), (.file, .nothing), (.nothing, .nothing):
      files = try FileTree.pair(old, new, isAbsent: (left == .nothing, right == .nothing))
    case (.nothing, .directory), (.directory, .nothing):
      files = try FileTree.pairs(left == .nothing ? nil : old, right == .nothing ? nil : new)
    }
    try Comparing(settings: settings, repository: repository).run(old: old, new: new) { files.map(named) }
  }

  /// Of two files one is called by its path in the repository, which also says in which language it is.
  private func named(_ pair: FilePair) -> FilePair {
    guard let path, let isFile = try? FileTree.kind(of: new) != .directory && FileTree.kind(of: old) != .directory,
      isFile
    else { return pair }
    var pair = pair
    pair.path = path
    pair.oldPath = pair.oldPath == nil ? nil : path
    return pair
  }
}
