import ArgumentParser
import Comparison
import Decoder

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

/// How weights of a large checkpoint are kept in memory.
enum Weights: String, ExpressibleByArgument, CaseIterable {
  case auto, float
  case q8 = "q8_0"
  case q4 = "q4_0"

  /// Nil for what suits the checkpoint's size.
  var format: WeightFormat? { WeightFormat(rawValue: rawValue) }
}

/// Who writes summaries, and how.
struct DecoderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Who writes summaries: embedded, none, a checkpoint's folder, a GGUF file, hf:ORG/NAME, or http://HOST:PORT.",
      valueName: "decoder"))
  var decoder: String?

  @Option(
    help: ArgumentHelp(
      "A PEFT adapter's folder, for the checkpoint of --decoder: FOLDER, python=FOLDER for functions of that language, "
        + "or NAME=FOLDER for --use-adapter. May be given several times.",
      valueName: "folder"))
  var adapter: [String] = []

  @Option(help: ArgumentHelp("The adapter to use, by its name in --adapter.", valueName: "name"))
  var useAdapter: String?

  @Option(help: ArgumentHelp("Weights in memory: auto, float, q8_0 or q4_0.", valueName: "format"))
  var weights: Weights?

  @Option(
    help: ArgumentHelp(
      "Tokens that a checkpoint or server is asked for in all (default 100000).", valueName: "tokens"))
  var decoderBudget: Int?

  @Flag(help: "Print what the decoder would be asked, with the tokens that it takes, and ask nothing.")
  var showPrompt = false
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

  @OptionGroup var decoding: DecoderOptions

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
