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
    say("git", Self.git())
    if let repository = try? Repository.here() {
      say("repository", repository.gitDirectory + (repository.isReadThroughGit ? Messages.readThroughGit : ""))
    }
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
    say("kernels", "\(engine.instructions) for floats, \(engine.integers) for blocks, \(engine.threads) threads")
    say("checkpoint", Specialist.description())
    say("cache", CacheCommand.words())
    if !isWell { Terminal.exit(2) }
  }

  /// The program git, and what of ours it is set up with around here.
  private static func git() -> String {
    guard let version = try? Git.text(["--version"]) else { return "not found; drivers and hooks need it" }
    var parts = [version.split(separator: " ").dropFirst(2).first.map(String.init) ?? version]
    let keys = (try? Git.run(["config", "--get-regexp", "--name-only", #"^(diff|difftool)\.logicdiff"#]).lines) ?? []
    parts.append(keys.isEmpty ? "no drivers: type `logicdiff install`" : "set up: \(keys.joined(separator: ", "))")
    if let suffix = Language.all.first?.extensions.first,
      let line = try? Git.run(["check-attr", "diff", "--", "x.\(suffix)"]), line.status == 0
    {
      parts.append("*.\(suffix) has the driver \(line.text.split(separator: " ").last ?? "unspecified")")
    }
    let hooks = HookFile.Name.allCases.filter { name in
      guard let folder = try? Git.run(["rev-parse", "--git-path", "hooks"]), folder.status == 0 else { return false }
      let state = try? HookFile(name: name, folder: folder.text, program: "logicdiff").state()
      return state == .current || state == .outdated
    }
    if !hooks.isEmpty { parts.append("hooks: \(hooks.map(\.rawValue).joined(separator: ", "))") }
    return parts.joined(separator: "; ")
  }
}
