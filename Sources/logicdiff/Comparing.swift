import Comparison
import Report
import Summaries

/// Runs a comparison and delivers its report, for every command that makes one.
struct Comparing {
  var settings: Settings

  func run(old: String, new: String, files: [FilePair]) throws {
    var options = ComparisonOptions(
      budget: settings.budget, jobs: settings.jobs, toolVersion: Version.current)
    options.summaries = settings.summaries
    options.canonicalNames = settings.canonicalNames
    options.summaryWriter = try SummaryWriters.writer(settings.decoder, canonicalNames: settings.canonicalNames)
    let progress = Progress()
    options.progress = { progress.update(done: $0, of: $1) }
    let start = ContinuousClock.now
    let comparison = ComparisonRun(old: old, new: new, files: files, options: options)
    let report = comparison.run()
    progress.finish()

    let text: String
    switch settings.format {
    case .json: text = try JSONReport.render(report)
    case .text:
      var style = TextReport.Options(style: Style(isOn: settings.usesColor))
      style.showHidden = settings.showHidden
      style.explain = settings.explain
      style.summaries = settings.summaries
      text = TextReport.render(report, options: style)
    }
    if let path = settings.output { try OutputFile.write(text, to: path) } else { Terminal.out(text) }
    if settings.timings { Terminal.err(Self.timings(comparison.timings, since: start)) }
    if settings.exitCode, report.needsALook(requiring: settings.require.evidence) { Terminal.exit(1) }
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
