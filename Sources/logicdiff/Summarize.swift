import ArgumentParser
import Comparison
import Repository
import Summaries

import struct Logic.Procedure

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The summaries of one file, of the working tree or of a revision.
struct Summarize: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Write the summary of each function of a file.")

  @Argument(help: ArgumentHelp("A file, or REV:PATH for one of a revision.", valueName: "file"))
  var place: String

  @Option(help: ArgumentHelp("Only this function, by its qualified name or its last part.", valueName: "name"))
  var function: String?

  @OptionGroup var decoding: DecoderOptions

  @Option(help: ArgumentHelp("Write the summaries to this file instead of standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Name variables a, b, ...")
  var canonicalNames = false

  @Flag(
    help: """
      The whole file for git's textconv: functions as summaries with the digest of their normal form, the rest as it \
      stands. The decoder is none unless one is named.
      """)
  var textconv = false

  @Flag(help: "With --textconv: no summaries, only forms, so that what is proved to mean the same reads the same.")
  var forms = false

  @Option(
    help: ArgumentHelp(
      "For cachetextconv: the version that the cache is of. Git keys its cache by the command, so it stands there.",
      valueName: "version"))
  var cacheKey: String?

  func run() throws {
    if textconv { return try convert() }
    let directory = FileManager.default.currentDirectoryPath
    let repository = try? Repository.here()
    var options = ReportOptions.parseOrExit([])
    options.decoding = decoding
    options.output = output
    options.canonicalNames = canonicalNames
    let settings: Settings
    let source: (path: String, side: FileSide)
    do {
      settings = try Settings(options, repository: repository)
      source = try read(repository, directory: directory)
    } catch let error as RepositoryError {
      throw Failure(error.description)
    }
    var writer = try SummaryWriters.writer(settings)
    if settings.showPrompt { writer = PromptWriter(decoder: writer) }
    let outline = Outline(source.side, path: source.path, function: function, jobs: settings.jobs, writer: writer)
    let text: String
    switch outline {
    case .notAnalysed(let reason):
      throw Failure(Messages.notAnalysed(source.path, reason: reason))
    case .unknownLanguage: throw Failure(Messages.unknownLanguage(source.path))
    case .units(let units):
      let wanted = units.filter { unit in function.map(unit.isCalled) ?? true }
      if let function, wanted.isEmpty {
        let known = units.filter { $0.kind != "module" }.map(\.name)
        throw Failure(Messages.noSuchFunction(function, in: source.path, known: known))
      }
      text = wanted.map { $0.text(path: source.path) }.joined(separator: "\n")
      // the embedded decoder abstains more often than not, which is no news
      for unit in wanted where writer.isBudgeted {
        guard case .success(let written) = unit.summary, let reason = written.reason, unit.kind != "module" else {
          continue
        }
        Terminal.err("logicdiff: \(Messages.ownText(unit.name, reason))\n")
      }
    }
    if let output = settings.output { try OutputFile.write(text, to: output) } else { Terminal.out(text) }
  }

  private func convert() throws {
    ClosedReader.isNoError()
    if let cacheKey, cacheKey != Version.current {
      Terminal.err("logicdiff: \(Messages.otherCacheKey(cacheKey))\n")
    }
    let source = try TextConversion.source(place)
    let text = TextConversion(decoding, forms: forms).bytes(of: source.bytes, path: source.path)
    if let output { try OutputFile.write(text, to: output) } else { Terminal.out(text) }
  }

  private func read(_ repository: Repository?, directory: String) throws -> (path: String, side: FileSide) {
    if FileTree.exists(place) {
      guard try FileTree.kind(of: place) == .file else {
        throw Failure(Messages.cannotRead(place, reason: "it is a directory"))
      }
      return (place, try FileTree.side(place))
    }
    guard let repository, let found = try repository.place(place, directory: directory) else {
      throw Failure(Messages.cannotRead(place, reason: "no such file"))
    }
    let path = found.path.description
    switch try repository.blob(revision: found.revision, path: found.path) {
    case .text(let bytes): return (path, .text(bytes))
    case .binary: return (path, .unreadable(reason: Messages.binary))
    case .tooLarge(let length): return (path, .unreadable(reason: Messages.tooLarge(length)))
    case .submodule(let commit): return (path, .unreadable(reason: Messages.submodule(commit)))
    }
  }
}

extension Outline.Entry {
  fileprivate func text(path: String) -> String {
    switch summary {
    case .success(let written): written.text
    case .failure(let reason): "# \(name), line \(line): not analysed: \(reason.text)\n"
    }
  }
}

/// Shows what a decoder would be asked in the place of its summaries.
private struct PromptWriter: SummaryWriter {
  let decoder: any SummaryWriter
  var name: String { decoder.name }

  func summary(of procedure: Procedure) -> WrittenSummary? {
    let question = decoder.question(about: procedure)
    let text = question.map { Messages.prompt(of: procedure.name, $0) + $0.text + "\n" }
    return WrittenSummary(text: text ?? Messages.notAsked(procedure.name), decoder: "none")
  }
}
