import ArgumentParser

@main
enum Main {
  static func main() {
    Interruption.install()
    do {
      var command = try Logicdiff.parseAsRoot(CommandLineWords.prepared(CommandLine.arguments.dropFirst()))
      try command.run()
    } catch let failure as Failure {
      Terminal.fail(failure.description)
    } catch let exit as ExitCode {
      Terminal.exit(exit.rawValue)
    } catch {
      let text = Logicdiff.fullMessage(for: error)
      // Help and version that were asked for are answers; anything else is a command that could not be read.
      guard Logicdiff.exitCode(for: error) == .success else { Terminal.fail(text, prefix: false) }
      if !text.isEmpty { Terminal.out(text + "\n") }
      Terminal.exit(0)
    }
  }
}

struct Logicdiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logicdiff",
    abstract: "Tells whether changed code still does the same, and if not, on which input it differs.",
    discussion: """
      Without words it compares HEAD with the working tree. Exit status: 0 done, whatever was found; 1 only with
      --exit-code, when something needs a look; 2 it could not be done.
      """,
    version: Version.current,
    subcommands: [Compare.self, Files.self, Summarize.self, Doctor.self],
    defaultSubcommand: Compare.self)
}

enum Version {
  static let current = "0.1.0"
}

/// Something that a user has to mend; the text is a sentence with the next command.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// ArgumentParser takes no second list of words after a first one, so the paths after `--` are handed over as values
/// of an option that no one types.
enum CommandLineWords {
  static let pathOption = "only-path"

  static func prepared(_ words: some Sequence<String>) -> [String] {
    let words = Array(words)
    let others = ["files", "summarize", "doctor", "help"]
    guard let end = words.firstIndex(of: "--"), !others.contains(words.first ?? "") else { return words }
    return words[..<end] + words[(end + 1)...].map { "--\(pathOption)=\($0)" }
  }
}
