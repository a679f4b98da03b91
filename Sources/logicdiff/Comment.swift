import ArgumentParser
import Comparison
import Posting
import Report

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The review comment of a report that `--format json` wrote.
///
/// The report may come from a job that ran code under review: it is read as data from a stranger, and nothing in it
/// can name a host, a token or another discussion.
struct Comment: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a report as a review comment, and post it.",
    discussion: """
      Prints Markdown, or nothing when there is nothing to say. With --post it makes one comment on the pull or merge
      request and brings it up to date on later runs. The token comes from GITHUB_TOKEN or GITLAB_TOKEN.
      """)

  @Argument(help: ArgumentHelp("The report as JSON; - reads standard input.", valueName: "report.json"))
  var report: String

  @Option(help: ArgumentHelp("Post it: github or gitlab.", valueName: "service"))
  var post: ReviewService?

  @Option(help: ArgumentHelp("The number of the pull or merge request, if not the job's own.", valueName: "n"))
  var number: Int?

  @Option(help: ArgumentHelp("Tells the comments of several jobs apart.", valueName: "name"))
  var job = "logicdiff"

  @Flag(help: "With --post github: also make a check run, which fails by the policy of --require.")
  var check = false

  @Option(help: ArgumentHelp("What the check run asks for: proved, assumed or tested.", valueName: "evidence"))
  var require = Requirement.assumed

  @Option(help: ArgumentHelp("Write the comment to this file instead of standard output.", valueName: "file"))
  var output: String?

  private static let sizeLimit = 32 << 20

  func run() throws {
    let report = try read()
    var options = MarkdownReport.Options()
    options.job = job
    let body = MarkdownReport.hasNews(report) ? MarkdownReport.render(report, options: options) : nil
    guard let post else {
      if check { throw Failure(Messages.checkWithoutPost) }
      if let output { try OutputFile.write(body ?? "", to: output) } else if let body { Terminal.out(body) }
      return
    }
    if check, post != .github { throw Failure(Messages.checkWithoutPost) }
    do throws(PostingError) {
      let target = try ReviewTarget(
        post.service, number: number, environment: ProcessInfo.processInfo.environment,
        agent: "logicdiff/\(Version.current)")
      let marker = MarkdownReport.marker(job: job)
      let outcome = try target.post(body, farewell: MarkdownReport.nothingLeft(job: job), marker: marker)
      Terminal.out(Messages.posted(outcome.rawValue, number: target.number))
      if check {
        guard let commit = target.commit else {
          throw PostingError.missing(what: "the commit to check", variables: ["GITHUB_SHA"])
        }
        let conclusion = report.conclusion(requiring: require.evidence)
        try GitHubComments.check(
          client: target.client, repository: target.project, commit: commit, name: job,
          conclusion: conclusion.rawValue, title: Messages.checkTitle(conclusion),
          summary: body ?? Messages.nothingToSay)
      }
    } catch {
      throw Failure(error.description)
    }
  }

  private func read() throws -> ComparisonReport {
    let bytes = try InputFile.read(report, limit: Self.sizeLimit)
    do {
      return try JSONReport.parse(bytes)
    } catch {
      throw Failure(Messages.badReport(report, reason: JSONReport.words(for: error)))
    }
  }
}

enum ReviewService: String, ExpressibleByArgument, CaseIterable {
  case github, gitlab

  var service: ReviewTarget.Service {
    switch self {
    case .github: .github
    case .gitlab: .gitlab
    }
  }
}
