import ArgumentParser
import Cache

/// What is kept of earlier runs.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Say what is kept of earlier runs, or remove it.",
    subcommands: [Info.self, Clear.self], defaultSubcommand: Info.self)

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say where the cache is and how much it holds.")

    func run() throws { Terminal.out(CacheCommand.words() + "\n") }
  }

  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove everything that is kept.")

    func run() throws {
      guard let store = CacheCommand.store() else {
        Terminal.out(CacheCommand.words() + "\n")
        return
      }
      guard store.clear() else { throw Failure(Messages.cacheNotCleared(store.path)) }
      Terminal.out(CacheCommand.words() + "\n")
    }
  }

  private static var limit: Int {
    let settings = try? Settings(ReportOptions.parseOrExit([]), repository: nil)
    return (settings ?? Settings()).cacheMegabytes << 20
  }

  /// Nil where nothing was kept yet: asking makes nothing.
  private static func store() -> Store? {
    guard let folder = Store.folder(), FileTree.exists(Store.path(in: folder)) else { return nil }
    return Store(folder: folder, limit: limit)
  }

  static func words() -> String {
    guard let folder = Store.folder() else { return Messages.noCache }
    let info = store()?.info()
    return Messages.cacheInfo(
      path: Store.path(in: folder), entries: info?.entries ?? 0, bytes: info?.bytes ?? 0, limit: limit)
  }
}
