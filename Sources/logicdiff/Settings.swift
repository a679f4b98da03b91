import ArgumentParser
import Comparison
import Repository

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What holds for this run: flags, then `LOGICDIFF_*`, then `git config logicdiff.*`, then defaults.
struct Settings: Sendable {
  var format = OutputFormat.text
  var output: String?
  var decoder = "embedded"
  var adapters = Adapters()
  var weights = Weights.auto
  /// Tokens of prompts and answers for a checkpoint or server, over all functions.
  var decoderBudget = 100_000
  var showPrompt = false
  var require = Requirement.assumed
  /// Seconds of 10 million steps each.
  var budget = 2.0
  var explain = false
  var showHidden = false
  var exitCode = false
  var color = ColorChoice.auto
  var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)
  var summaries = false
  var timings = false
  var canonicalNames = false
  var sideBySide = false
  /// Answers of earlier runs may be used and kept.
  var cache = true
  var cacheMegabytes = 256
  /// Of hooks: what is not proved stops too, and so does a failure of our own.
  var strict = false
  /// `color.ui`: always, never, auto, or a boolean, of which true means auto.
  private var gitColor: String?
  private var pagerTakesColor = true

  /// The defaults.
  init() {}

  /// `repository` is nil outside of one: then only the user's own configuration is read.
  init(_ options: ReportOptions, repository: Repository?, defaults: Settings = Settings()) throws {
    let source = Source(repository: repository)
    self = defaults
    format = try options.format ?? source.choice("format") ?? format
    output = options.output
    decoder = try options.decoding.decoder ?? source.value("decoder")?.text ?? decoder
    adapters = try Self.adapters(options.decoding, source)
    weights = try options.decoding.weights ?? source.choice("weights") ?? weights
    decoderBudget =
      try options.decoding.decoderBudget ?? source.number("decoder-budget").map { Int($0) } ?? decoderBudget
    showPrompt = options.decoding.showPrompt
    require = try options.require ?? source.choice("require") ?? require
    budget = try options.budget ?? source.number("budget") ?? budget
    explain = try options.explain || source.flag("explain")
    showHidden = try options.showHidden || source.flag("show-hidden")
    exitCode = try options.exitCode || source.flag("exit-code")
    color = try options.color ?? source.choice("color") ?? color
    jobs = try options.jobs ?? source.number("jobs").map { Int($0) } ?? jobs
    summaries = try options.summaries || source.flag("summaries")
    timings = try options.timings || source.flag("timings")
    canonicalNames = try options.canonicalNames || source.flag("canonical-names")
    strict = try source.flag("strict")
    gitColor = try source.git("color.ui")
    pagerTakesColor = try source.git("color.pager").flatMap(Environment.flag(of:)) ?? true
    sideBySide = try options.sideBySide || source.flag("side-by-side")
    cache = try !options.noCache && !source.flag("no-cache")
    cacheMegabytes = try source.number("cache-size").map { Int($0) } ?? cacheMegabytes
    guard cacheMegabytes >= 1, cacheMegabytes <= 1 << 20 else { throw Failure(Messages.badCacheSize) }
    guard budget >= 0, budget <= 86_400 else { throw Failure(Messages.badBudget) }
    guard (0...100_000_000).contains(decoderBudget) else { throw Failure(Messages.badDecoderBudget) }
    guard jobs >= 1, jobs <= 1_024 else { throw Failure(Messages.badJobs) }
  }

  /// An adapter that the settings name goes with the decoder that they name.
  private static func adapters(_ options: DecoderOptions, _ source: Source) throws -> Adapters {
    var words = options.adapter
    if words.isEmpty, options.decoder == nil, let word = try source.value("adapter")?.text { words = [word] }
    let chosen = try options.useAdapter ?? (words.isEmpty ? nil : source.value("use-adapter")?.text)
    return try Adapters(words, chosen: chosen)
  }

  /// The flag, `LOGICDIFF_COLOR` and `logicdiff.color` first; then NO_COLOR (no-color.org), `color.ui`, CLICOLOR_FORCE and
  /// CLICOLOR (bixense.com/clicolors); then whether a person looks on, through git's pager or without one.
  var usesColor: Bool {
    switch color {
    case .always: return true
    case .never: return false
    case .auto:
      if Environment.value("NO_COLOR") != nil { return false }
      switch gitColor?.lowercased() {
      case "always": return true
      case let word? where word != "auto" && Environment.flag(of: word) == false || word == "never": return false
      default: break
      }
      if let force = Environment.value("CLICOLOR_FORCE"), force != "0" { return true }
      if Environment.value("CLICOLOR") == "0" || output != nil { return false }
      // As git has it, a terminal without a name is a dumb one.
      guard let terminal = Environment.value("TERM"), terminal != "dumb" else { return false }
      return Terminal.outputIsTerminal || (Environment.flag("GIT_PAGER_IN_USE") == true && pagerTakesColor)
    }
  }
}

/// Settings from the environment and from Git's configuration.
private struct Source {
  struct Value {
    var text: String
    /// Where it was found, for messages.
    var place: String
  }
  let repository: Repository?

  /// `show-hidden` is `LOGICDIFF_SHOW_HIDDEN` and `logicdiff.showHidden`.
  func value(_ name: String) throws -> Value? {
    let variable = "LOGICDIFF_" + name.uppercased().replacing("-", with: "_")
    if let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty {
      return Value(text: text, place: "the variable \(variable)")
    }
    let words = name.split(separator: "-")
    let key = "logicdiff." + words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    let text = try repository.map { try $0.config(string: key) } ?? Repository.userConfig(string: key)
    return text.map { Value(text: $0, place: "git config \(key)") }
  }

  /// A setting of git itself.
  func git(_ key: String) throws -> String? {
    try repository.map { try $0.config(string: key) } ?? Repository.userConfig(string: key)
  }

  func choice<Choice: CaseIterable & RawRepresentable<String>>(_ name: String) throws -> Choice? {
    guard let value = try value(name) else { return nil }
    guard let choice = Choice(rawValue: value.text) else {
      throw Failure(
        Messages.badSetting(value.place, found: value.text, expected: Choice.allCases.map(\.rawValue)))
    }
    return choice
  }

  func number(_ name: String) throws -> Double? {
    guard let value = try value(name) else { return nil }
    guard let number = Double(value.text), number.isFinite, number.magnitude < 1e9 else {
      throw Failure(Messages.badSetting(value.place, found: value.text, expected: ["a number"]))
    }
    return number
  }

  /// As Git reads booleans.
  func flag(_ name: String) throws -> Bool {
    guard let value = try value(name) else { return false }
    switch value.text.lowercased() {
    case "true", "yes", "on", "1": return true
    case "false", "no", "off", "0": return false
    default: throw Failure(Messages.badSetting(value.place, found: value.text, expected: ["true", "false"]))
    }
  }
}
