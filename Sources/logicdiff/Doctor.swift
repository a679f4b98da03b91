import ArgumentParser
import Decoder
import Repository
import Summaries
import Syntax

/// What this installation consists of, and what is missing.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Say what this installation has and what it lacks.")

  func run() throws {
    var isWell = true
    func say(_ topic: String, _ text: String) {
      Terminal.out(topic + String(repeating: " ", count: max(1, 14 - topic.count)) + text + "\n")
    }
    say("logicdiff", Version.current)
    say("program", Libraries.programPath ?? "unknown")
    say("libgit2", Repository.libraryVersion)
    for language in Language.all {
      do throws(SyntaxError) {
        say(language.name, try language.grammarFile())
      } catch {
        isWell = false
        say(language.name, "missing: \(error)")
      }
    }
    say("looked in", Libraries.folders().joined(separator: ", "))
    let engine = EngineReport.current()
    if engine.openBLASFound {
      say("OpenBLAS", "\(engine.openBLASConfig); kernel \(engine.openBLASCore); \(engine.path)")
    } else {
      say("OpenBLAS", "not found (\(engine.error)); our own kernels run instead")
    }
    say("kernels", engine.instructions)
    say("checkpoint", Specialist.description())
    say("cache", CacheCommand.words())
    if !isWell { Terminal.exit(2) }
  }
}
