import Comparison
import Report
import Repository
import Summaries

/// Runs a comparison and delivers its report, for every command that makes one.
struct Comparing {
  var settings: Settings
  /// Whose settings choose the pager.
  var repository: Repository?

  let cache: ReportCache?

  init(settings: Settings, repository: Repository? = nil) {
    self.settings = settings
    self.repository = repository
    cache = ReportCache(settings)
  }

  /// `trees` names the comparison before any file is read, where two trees are compared.
  func run(
    old: String, new: String, trees: ((ReportCache) -> [UInt8]?)? = nil, files: () throws -> [FilePair]
  ) throws {
    let start = ContinuousClock.now
    if settings.showPrompt { return try showPrompts(old: old, new: new, files: files()) }
    let treeKey = cache.flatMap { trees?($0) }
    if let cache, let treeKey, let contents = cache.contents(of: treeKey) {
      if let printed = cache.printed(contents) {
        return try deliver(printed.text, needsALook: printed.needsALook, timings: Timings(), since: start)
      }
      if let report = cache.report(contents) { return try show(report, contents, timings: Timings(), since: start) }
    }
    let files = try files()
    let contents = cache?.key(old: old, new: new, files: files)
    if let cache, let contents {
      if let treeKey { cache.noteContents(contents, of: treeKey) }
      if let printed = cache.printed(contents) {
        return try deliver(printed.text, needsALook: printed.needsALook, timings: Timings(), since: start)
      }
    }
    let (report, timings) = try report(old: old, new: new, files: files, contents: contents)
    try show(report, contents, timings: timings, since: start)
  }

  /// `contents` is the cache's key for the report, where there is one.
  private func show(
    _ report: ComparisonReport, _ contents: [UInt8]?, timings: Timings, since start: ContinuousClock.Instant
  ) throws {
    let text = try text(of: report)
    let needsALook = report.needsALook(requiring: settings.require.evidence)
    if settings.format == .github {
      try WorkflowFiles.write(report, conclusion: report.conclusion(requiring: settings.require.evidence))
    }
    if let cache, let contents, report.isSettled { cache.keepPrinted(text, needsALook: needsALook, for: contents) }
    try deliver(text, needsALook: needsALook, timings: timings, since: start)
  }

  private func deliver(
    _ text: String, needsALook: Bool, timings: Timings, since start: ContinuousClock.Instant
  ) throws {
    // Kept before it is shown: a reader may close the pager, and us with it.
    cache?.store.flush()
    if let path = settings.output {
      try OutputFile.write(text, to: path)
    } else {
      Pager.show(text, repository: repository)
    }
    if settings.timings { Terminal.err(Self.timings(timings, since: start)) }
    if settings.exitCode, needsALook { Terminal.exit(1) }
  }

  func report(old: String, new: String, files: [FilePair]) throws -> (ComparisonReport, Timings) {
    let contents = cache?.key(old: old, new: new, files: files)
    let found = try report(old: old, new: new, files: files, contents: contents)
    cache?.store.flush()
    return found
  }

  /// `contents` is the cache's key for all of this, where there is one.
  private func report(
    old: String, new: String, files: [FilePair], contents: [UInt8]?
  ) throws -> (ComparisonReport, Timings) {
    // A checkpoint that cannot be read is told whether or not there is anything to do for it.
    var options = try options(jobs: settings.jobs)
    if let cache, let contents, let report = cache.report(contents) { return (report, Timings()) }
    let progress = Progress()
    options.progress = { progress.update(done: $0, of: $1) }
    let comparison = ComparisonRun(old: old, new: new, files: files, options: options)
    let report = comparison.run()
    progress.finish()
    if let cache, let contents { cache.keep(report, for: contents) }
    return (report, comparison.timings)
  }

  /// What the decoder would be asked, in the order in which it would be.
  private func showPrompts(old: String, new: String, files: [FilePair]) throws {
    var options = try options(jobs: settings.jobs)
    options.asksEveryDecoder = true
    var tokens = 0
    var text = ""
    for asked in ComparisonRun(old: old, new: new, files: files, options: options).questions() {
      tokens += asked.question.mostTokens
      text += Messages.prompt(of: "\(asked.unit), \(asked.side)", asked.question) + asked.question.text + "\n"
    }
    Terminal.out(text.isEmpty ? Messages.nothingAsked + "\n" : text)
    Terminal.err("logicdiff: \(Messages.allPrompts(tokens: tokens, budget: settings.decoderBudget))\n")
  }

  func options(jobs: Int) throws -> ComparisonOptions {
    var options = ComparisonOptions(budget: settings.budget, jobs: jobs, toolVersion: Version.current)
    options.summaries = settings.summaries
    options.canonicalNames = settings.canonicalNames
    options.summaryWriter = try SummaryWriters.writer(settings)
    options.decoderTokens = settings.decoderBudget
    options.decisions = cache?.decisions
    options.announce = { SummaryWriters.announce($0) }
    options.conclude = { SummaryWriters.conclude($0) }
    return options
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
      style.columns = settings.sideBySide ? Terminal.width : nil
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
