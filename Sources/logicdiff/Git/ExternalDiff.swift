import ArgumentParser
import Comparison
import Report
import Repository
import Syntax

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Git's external diff driver: one file of a `git diff`.
///
/// Git 2.39 gives up the whole diff when a driver fails or is ended by a signal, so this one always ends well once it
/// has printed, and says what went wrong where the diff would stand.
struct ExternalDiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ext-diff", abstract: "Show one file of a `git diff`; git calls it so.",
    usage: "logicdiff ext-diff [<options>] PATH OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE [NEW-PATH NOTE]",
    discussion: """
      Set up by `logicdiff install`, or by hand: git config diff.logicdiff.command "logicdiff ext-diff", and a line
      "*.py diff=logicdiff" in .gitattributes. What follows the options are the seven or nine words of git's protocol.
      """)

  @Flag(help: "Exit with 1 when something needs a look, as diff.<driver>.trustExitCode of git 2.47 expects.")
  var trustExitCode = false

  @OptionGroup var options: ReportOptions

  func run() throws {
    guard let call = ExternalDiffCall.parse(CommandLineWords.raw.dropFirst().map { $0 }).call else {
      throw Failure(Messages.notGitsWords)
    }
    ClosedReader.isNoError()
    if ClosedReader.isGone { return }
    let repository = try? Repository.here()
    var settings: Settings
    do {
      settings = try Settings(options, repository: repository)
    } catch {
      // A setting that cannot be read must not stop `git diff`.
      Terminal.err("logicdiff: \(error)\n")
      settings = Settings()
    }
    settings.format = .text
    let environment = ProcessInfo.processInfo.environment
    if let counter = environment["GIT_DIFF_PATH_COUNTER"].flatMap({ Int($0) }), counter > 1 { Terminal.out("\n") }
    let isTrusted =
      trustExitCode
      || ["true", "yes", "on", "1"].contains(environment["GIT_EXTERNAL_DIFF_TRUST_EXIT_CODE"]?.lowercased() ?? "")
    var needsALook = true
    switch call.content {
    case .unmerged: Terminal.out("* Unmerged path \(call.path)\n")
    case .sides(let old, let new):
      do {
        needsALook = try show(call, old, new, settings)
      } catch {
        Terminal.out("\(call.path)\n  not shown: \(error)\n")
      }
    }
    if isTrusted, needsALook { Terminal.exit(1) }
  }

  private func show(
    _ call: ExternalDiffCall, _ old: ExternalDiffCall.Side, _ new: ExternalDiffCall.Side, _ settings: Settings
  ) throws -> Bool {
    let left: [UInt8]?
    let right: [UInt8]?
    switch (try Self.contents(of: old), try Self.contents(of: new)) {
    case (.tooLarge(let size), _), (_, .tooLarge(let size)):
      Terminal.out("\(call.path)\n  not analysed: \(Messages.tooLarge(size))\n")
      return true
    case (let before, let after): (left, right) = (before.whole, after.whole)
    }
    let newPath = call.newPath ?? call.path
    let name = newPath.string
    let isKnown = old.isRegular && new.isRegular && Language.of(path: name, firstBytes: right ?? left ?? []) != nil
    guard isKnown else {
      Terminal.out(
        UnifiedDiff(call: call, old: (old, left), new: (new, right), style: Style(isOn: settings.usesColor)).text)
      return left != right || old.mode != new.mode
    }
    let status: FileResult.Status =
      left == nil
      ? .added : right == nil ? .deleted : call.newPath != nil ? .renamed : left == right ? .modeChanged : .modified
    let pair = FilePair(
      path: name, oldPath: left == nil ? nil : call.path.string, status: status,
      old: left.map(FileTree.side), new: right.map(FileTree.side))
    let comparing = Comparing(settings: settings)
    let (report, _) = try comparing.report(old: old.id, new: new.id, files: [pair])
    Terminal.out(try comparing.text(of: report, isPart: true))
    return report.needsALook(requiring: settings.require.evidence)
  }

  private static func contents(of side: ExternalDiffCall.Side) throws -> FileTree.Contents {
    side.isAbsent ? .nothing : try FileTree.contents(side.file)
  }
}
