import Comparison
import Report
import Repository
import Summaries

/// Runs a comparison and delivers its report, for every command that makes one.
struct Comparing {
  var settings: Settings
  /// Whose settings choose the pager.
  var repository: Repository?

  func run(old: String, new: String, files: [FilePair]) throws {
    let start = ContinuousClock.now
    let (report, timings) = try report(old: old, new: new, files: files)
    let text = try text(of: report)
    if settings.format == .github {
      try WorkflowFiles.write(report, conclusion: report.conclusion(requiring: settings.require.evidence))
    }
    if let path = settings.output {
      try OutputFile.write(text, to: path)
    } else {
      Pager.show(text, repository: repository)
    }
    if settings.timings { Terminal.err(Self.timings(timings, since: start)) }
    if settings.exitCode, report.needsALook(requiring: settings.require.evidence) { Terminal.exit(1) }
  }

  func report(old: String, new: String, files: [FilePair]) throws -> (ComparisonReport, Timings) {
    var options = ComparisonOptions(
      budget: settings.budget, jobs: settings.jobs, toolVersion: Version.current)
    options.summaries = settings.summaries
    options.canonicalNames = settings.canonicalNames
    options.summaryWriter = try SummaryWriters.writer(settings.decoder, canonicalNames: settings.canonicalNames)
    let progress = Progress()
    options.progress = { progress.update(done: $0, of: $1) }
    let comparison = ComparisonRun(old: old, new: new, files: files, options: options)
    let report = comparison.run()
    progress.finish()
    return (report, comparison.timings)
  }

  /// `isPart`: one file of several that are told one after the other, so nothing is counted over all of them.
  func text(of report: ComparisonReport, isPart: Bool = false) throws -> String {
    switch settings.format {
    case .json: return try JSONReport.render(report)
    case .markdown: return MarkdownReport.render(report)
    case .html: return HTMLReport.render(report)
    case .sarif: return try SARIFReport.render(report)
    case .rdjson: return try ReviewdogReport.json(report)
    case .rdjsonl: return try ReviewdogReport.lines(report)
    case .gitlab: return try GitLabReport.render(report)
    case .github: return GitHubReport.annotations(report)
    case .text:
      var style = TextReport.Options(style: Style(isOn: settings.usesColor))
      style.showHidden = settings.showHidden
      style.explain = settings.explain
      style.summaries = settings.summaries
      style.isPart = isPart
      return TextReport.render(report, options: style)
    }
  }

  private static func timings(_ timings: Timings, since start: ContinuousClock.Instant) -> String {
    func seconds(_ duration: Duration) -> String {
      let thousandths = duration / .milliseconds(1)
      return "\((thousandths / 1000 * 1000).rounded() / 1000) s"
    }
    var text = ""
    for (stage, duration) in timings.stages { text += "\(stage): \(seconds(duration)) over all threads\n" }
    return text + "in all: \(seconds(ContinuousClock.now - start)), peak memory \(Memory.peakMegabytes) MB\n"
  }
}
