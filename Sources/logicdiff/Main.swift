import ArgumentParser

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@main
enum Main {
  static func main() {
    Interruption.install()
    do {
      var command = try Logicdiff.parseAsRoot(CommandLineWords.prepared())
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
    subcommands: [
      Compare.self,
      Files.self,
      Summarize.self,
      View.self,
      Log.self,
      ExternalDiff.self,
      Hook.self,
      Comment.self,
      CacheCommand.self,
      Install.self,
      Uninstall.self,
      Model.self,
      Doctor.self,
      Complete.self,
    ],
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

  /// The words as they came: paths need not be UTF-8.
  static let raw: [[UInt8]] = (1..<max(1, Int(CommandLine.argc))).compactMap { index in
    CommandLine.unsafeArgv[index].map { word in
      UnsafeBufferPointer(start: word, count: strlen(word)).map { UInt8(bitPattern: $0) }
    }
  }

  static func prepared() -> [String] {
    let words = raw.map { String(decoding: $0, as: UTF8.self) }
    // Those of a command line that is still being typed are only looked at.
    if words.first == "complete" { return words }
    // Git's words may look like anything: `ExternalDiff` reads them itself.
    if words.first == "ext-diff" { return ["ext-diff"] + ExternalDiffCall.parse(Array(raw.dropFirst())).options }
    let others = [
      "files", "summarize", "view", "hook", "comment", "cache", "install", "uninstall", "model", "doctor", "help",
    ]
    guard let end = words.firstIndex(of: "--"), !others.contains(words.first ?? "") else { return words }
    return words[..<end] + words[(end + 1)...].map { "--\(pathOption)=\($0)" }
  }
}
