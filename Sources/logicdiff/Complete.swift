import ArgumentParser
import Repository

/// What a shell offers for the word at hand; the scripts in `Documentation/completions` call it.
///
/// The words come from the help of each command, so no list has to be kept beside it. ArgumentParser's own scripts know
/// nothing of the flags of a default command, which are the ones that are typed.
struct Complete: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print how the last of these words may go on.", shouldDisplay: false)

  @Argument(parsing: .captureForPassthrough, help: "The words after the program's name.")
  var words: [String] = []

  func run() throws {
    let words = words.first == "--" ? Array(words.dropFirst()) : words
    for candidate in Self.candidates(words) {
      Terminal.out(candidate.word + (candidate.about.isEmpty ? "" : "\t" + candidate.about) + "\n")
    }
  }

  private struct Candidate {
    var word: String
    var about = ""
  }

  private static func candidates(_ words: [String]) -> [Candidate] {
    let last = words.last ?? ""
    let before = words.dropLast()
    // After `--` come paths, which the shell knows best.
    if before.contains("--") { return [] }
    let commands = Logicdiff.configuration.subcommands.filter { $0.configuration.shouldDisplay }
    let command = commands.first { name($0) == before.first } ?? Compare.self
    let options = CommandHelp(Logicdiff.helpMessage(for: command, columns: 10_000)).options
    if let option = options.first(where: { $0.names.contains(before.last ?? "") }), option.takesValue {
      return option.values.map { Candidate(word: $0) }.filter { $0.word.hasPrefix(last) }
    }
    var all: [Candidate] = []
    if last.hasPrefix("-") {
      all = options.flatMap { option in option.names.map { Candidate(word: $0, about: option.about) } }
    } else {
      if before.isEmpty { all = commands.map { Candidate(word: name($0), about: $0.configuration.abstract) } }
      let isNested = !command.configuration.subcommands.isEmpty && before.count == 1
      if isNested {
        all += command.configuration.subcommands.map { Candidate(word: name($0), about: $0.configuration.abstract) }
      }
      if command == Compare.self || command == Log.self { all += references(last) }
    }
    return all.filter { $0.word.hasPrefix(last) }
  }

  /// Branches and tags, at either end of a range.
  private static func references(_ word: String) -> [Candidate] {
    var start = ""
    if let dots = word.range(of: "...") ?? word.range(of: "..") { start = String(word[..<dots.upperBound]) }
    let names = (try? Git.run(["for-each-ref", "--format=%(refname:short)", "--count=1000"]))?.lines ?? []
    return (["HEAD"] + names).map { Candidate(word: start + $0) }
  }

  private static func name(_ command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? command._commandName
  }
}

/// The options of a command, read from its help.
private struct CommandHelp {
  struct Option {
    var names: [String]
    var takesValue: Bool
    var values: [String]
    var about: String
  }
  var options: [Option] = []

  /// `  --format <format>       What to write. (values: text, json)`
  init(_ text: String) {
    for line in text.split(separator: "\n") where line.hasPrefix("  -") {
      let line = line.drop { $0 == " " }
      let end = line.range(of: "  ")?.lowerBound ?? line.endIndex
      let head = line[..<end].split { $0 == " " || $0 == "," }
      let about = String(line[end...].drop { $0 == " " })
      var values: [String] = []
      if let list = about.range(of: "(values: "),
        let close = about[list.upperBound...].firstIndex(where: { ");".contains($0) })
      {
        values = about[list.upperBound..<close].split(separator: ", ").map(String.init)
      }
      options.append(
        Option(
          names: head.filter { $0.hasPrefix("--") }.map(String.init), takesValue: head.last?.hasPrefix("<") == true,
          values: values, about: about))
    }
  }
}
