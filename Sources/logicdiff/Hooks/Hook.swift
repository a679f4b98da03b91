import ArgumentParser
import Comparison
import Report
import Repository

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What git's hooks call.
struct Hook: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run as one of git's hooks; see `logicdiff install --hooks`.",
    subcommands: [PreCommit.self, CommitMessage.self, PrePush.self])

  struct PreCommit: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pre-commit", abstract: "Show what the commit changes. It never stops one.")
    @OptionGroup var options: HookOptions

    func run() throws {
      try HookRun("pre-commit", options) { hook in
        let report = try hook.reportOfIndex(against: "HEAD")
        if report.files.isEmpty { return true }
        Terminal.out(try Comparing(settings: hook.settings).text(of: report))
        return true
      }
    }
  }

  struct CommitMessage: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "commit-msg",
      abstract: "Hold a message that claims unchanged logic against the commit.",
      discussion: """
        A message of the type refactor, style or perf (Conventional Commits), or with the trailer \
        "Logic: unchanged", may change no logic; perf may change the cost. Other messages claim nothing.
        """)
    @OptionGroup var options: HookOptions

    @Flag(help: "Write what was found into a trailer: Logic: unchanged (7 proved, 2 unproven).")
    var record = false

    @Argument(help: ArgumentHelp("The message; git's own where none is named.", valueName: "file"))
    var file: String?

    func run() throws {
      try HookRun("commit-msg", options) { hook in
        let file = try self.file ?? Git.text(["rev-parse", "--git-path", "COMMIT_EDITMSG"])
        let message = String(decoding: try FileTree.wholeFile(file), as: UTF8.self)
        guard let claim = CommitClaim(message: message) else { return true }
        var findings: Guard.Findings?
        // A merge answers for what none of its parents brought.
        for parent in try ["HEAD"] + hook.mergeHeads() {
          let found = hook.guarding(claim).findings(in: try hook.reportOfIndex(against: parent))
          findings = findings.map { $0.shared(with: found) } ?? found
        }
        guard let findings else { return true }
        guard hook.tell(findings, claim, of: "this commit", see: "logicdiff --staged", isPushed: false) else {
          return false
        }
        if try record || hook.recordsTrailer(), !findings.figures.isEmpty {
          _ = try Git.text([
            "interpret-trailers", "--in-place", "--if-exists", "replace", "--trailer",
            "Logic: unchanged (\(findings.figures))", file,
          ])
        }
        return true
      }
    }
  }

  struct PrePush: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pre-push",
      abstract: "Hold the messages of pushed commits against what they change.")
    @OptionGroup var options: HookOptions

    private static let limit = 200

    @Argument(help: "The remote's name.")
    var remote: String?
    @Argument(help: "Its address.")
    var url: String?

    func run() throws {
      try HookRun("pre-push", options) { hook in
        let remote = self.remote ?? Environment.value("PRE_COMMIT_REMOTE_NAME")
        var updates = PushedCommits.updates(in: Terminal.standardInput())
        if updates.isEmpty, let update = PushedCommits.updateOfFramework() { updates = [update] }
        var claims: [(commit: PushedCommits.Commit, claim: CommitClaim)] = []
        var seen: Set<String> = []
        var isFine = true
        for update in updates {
          for commit in try PushedCommits.commits(of: update, remote: remote) where seen.insert(commit.id).inserted {
            if let claim = CommitClaim(message: commit.message) { claims.append((commit, claim)) }
          }
        }
        // The first push of a long history is no time to check all of it.
        if claims.count > Self.limit {
          Terminal.err("logicdiff: \(Messages.tooManyClaims(claims.count, Self.limit))\n")
        }
        for (commit, claim) in claims.suffix(Self.limit) {
          let short = String(commit.id.prefix(10))
          var findings: Guard.Findings?
          do {
            for parent in commit.parents.isEmpty ? [nil] : commit.parents.map({ $0 }) {
              let found = hook.guarding(claim).findings(in: try hook.report(from: parent, to: commit.id))
              findings = findings.map { $0.shared(with: found) } ?? found
            }
          } catch let error as RepositoryError {
            // Below the edge of a shallow clone, for one; the others can still be checked.
            Terminal.err("logicdiff: \(Messages.notChecked(short, error.description))\n")
            if hook.settings.strict { isFine = false }
          }
          guard let findings else { continue }
          let see = commit.parents.first.map { "logicdiff \($0.prefix(10)) \(short)" } ?? "git show \(short)"
          let name = "\(short) (\(commit.subject.printable))"
          if !hook.tell(findings, claim, of: name, see: see, isPushed: true) { isFine = false }
        }
        return isFine
      }
    }
  }
}

struct HookOptions: ParsableArguments {
  @Flag(help: "Stop at what is not proved too, and when the check itself fails.")
  var strict = false

  @OptionGroup var report: ReportOptions
}
