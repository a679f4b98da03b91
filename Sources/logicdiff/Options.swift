import ArgumentParser
import Comparison

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown, html, sarif, rdjson, rdjsonl, gitlab, github
}
enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }
enum Requirement: String, ExpressibleByArgument, CaseIterable {
  case proved, assumed, tested

  var evidence: Evidence {
    switch self {
    case .proved: .proved
    case .assumed: .assumed
    case .tested: .tested
    }
  }
}

/// The flags of a comparison. Each is optional: what is not given is looked up in the environment, then in Git's
/// configuration, then has its default (`Settings`).
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What to write: text, json, markdown, html, sarif, rdjson, rdjsonl, gitlab or github.", valueName: "format"))
  var format: OutputFormat?

  @Option(help: ArgumentHelp("Write the report to this file instead of standard output.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Who writes summaries: embedded, none, or a checkpoint's folder.", valueName: "decoder"))
  var decoder: String?

  @Option(
    help: ArgumentHelp("The evidence that --exit-code asks for: proved, assumed or tested.", valueName: "evidence"))
  var require: Requirement?

  @Option(help: ArgumentHelp("Work for each unit, in seconds of 10 million steps.", valueName: "seconds"))
  var budget: Double?

  @Flag(help: "Print what each verdict rests on.")
  var explain = false

  @Flag(help: "List what is hidden by default.")
  var showHidden = false

  @Flag(help: "Exit with 1 when something is changed, interface, added, removed, or below --require.")
  var exitCode = false

  @Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
  var color: ColorChoice?

  @Option(help: ArgumentHelp("Threads.", valueName: "n"))
  var jobs: Int?

  @Flag(help: "Show summary diffs instead of source diffs.")
  var summaries = false

  @Flag(help: "Print how long each stage took, on standard error.")
  var timings = false

  @Flag(help: "Name variables a, b, ... in summaries.")
  var canonicalNames = false

  @Flag(help: "Show old and new source beside each other.")
  var sideBySide = false

  @Flag(help: "Neither use nor keep answers of earlier runs.")
  var noCache = false
}
