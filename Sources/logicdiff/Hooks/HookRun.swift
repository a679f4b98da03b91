import Comparison
import Report
import Repository

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One run of a hook: what it works on, how it speaks, and how it ends.
struct HookRun {
  let repository: Repository
  let settings: Settings

  /// Calls `body`, which says whether git may go on. A failure of our own lets it go on with a warning, unless strict
  /// mode is on: a tool that stands in the way of work for its own mistakes is soon taken out.
  @discardableResult
  init(_ name: String, _ options: HookOptions, _ body: (HookRun) throws -> Bool) throws {
    // For a failure before the settings are known.
    var isStrict = options.strict || Environment.flag("LOGICDIFF_STRICT") ?? false
    do {
      do {
        repository = try Repository.here()
        if !isStrict, let text = try repository.config(string: "logicdiff.strict") {
          isStrict = Environment.flag(of: text) ?? false
        }
        // Quick and without a model, unless the user asks for more.
        var defaults = Settings()
        defaults.decoder = "none"
        defaults.budget = 0.25
        var settings = try Settings(options.report, repository: repository, defaults: defaults)
        settings.strict = isStrict
        settings.format = .text
        self.settings = settings
        if try body(self) { return }
      } catch let error as RepositoryError {
        throw Failure(error.description)
      }
    } catch {
      Terminal.err("logicdiff: \(Messages.hookFailed(name, "\(error)", isStrict: isStrict))\n")
      Terminal.exit(isStrict ? 1 : 0)
    }
    Terminal.exit(1)
  }

  // MARK: Comparisons

  /// A commit, or nothing where the branch has none yet, against the index that is being committed.
  func reportOfIndex(against parent: String) throws -> ComparisonReport {
    let isUnborn = parent == "HEAD" && repository.isHeadUnborn
    return try report(from: isUnborn ? .empty : .commit(parent), parent, to: .index, "the index")
  }

  /// Two commits; nil stands for nothing, before the first one.
  func report(from parent: String?, to commit: String) throws -> ComparisonReport {
    try report(from: parent.map { .commit($0) } ?? .empty, parent ?? "nothing", to: .commit(commit), commit)
  }

  private func report(
    from old: Revision, _ oldName: String, to new: Revision, _ newName: String
  ) throws -> ComparisonReport {
    let files = try repository.changes(from: old, to: new).map { FilePair($0, in: repository) }
    return try Comparing(settings: settings).report(old: oldName, new: newName, files: files).0
  }

  /// The other parents of a merge that is being committed.
  func mergeHeads() throws -> [String] {
    let file = try Git.text(["rev-parse", "--git-path", "MERGE_HEAD"])
    guard FileTree.exists(file) else { return [] }
    return String(decoding: try FileTree.wholeFile(file), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  func recordsTrailer() throws -> Bool {
    try repository.config(string: "logicdiff.recordTrailer").flatMap(Environment.flag(of:)) ?? false
  }

  // MARK: Words

  func guarding(_ claim: CommitClaim) -> Guard {
    Guard(claim: claim, isStrict: settings.strict, required: settings.require.evidence)
  }

  /// Says what was found; false where git has to stop.
  func tell(
    _ findings: Guard.Findings, _ claim: CommitClaim, of commit: String, see: String, isPushed: Bool
  ) -> Bool {
    if !findings.breaks {
      if !findings.open.isEmpty {
        Terminal.err("logicdiff: \(Messages.claimOpen(commit, claim.words))\n\(list(findings.open))")
      }
      return true
    }
    let style = TextReport.Options(style: Style(isOn: settings.usesColor && Terminal.errorIsTerminal))
    var options = style
    options.isPart = true
    options.showHidden = true
    var text = "logicdiff: \(Messages.claimBroken(commit, claim.words))\n\n"
    text += TextReport.render(findings.broken, options: options)
    if !findings.open.isEmpty { text += "\n\(Messages.notProved)\n\(list(findings.open))" }
    text += "\n\(isPushed ? Messages.howToPush(see) : Messages.howToCommit(see))\n"
    Terminal.err(text)
    return false
  }

  private func list(_ lines: [String]) -> String {
    let shown = lines.prefix(20).map { "  \($0)\n" }.joined()
    return lines.count > 20 ? shown + "  and \(lines.count - 20) more\n" : shown
  }
}
