import ArgumentParser
import Comparison
import Repository

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A sweep over a history: one JSON line a commit.
struct Log: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare each commit of a range with its parent; one line of JSON each.",
    usage: "logicdiff log [<options>] A..B [-- <path> ...]",
    discussion: """
      Oldest commits first, merges left out. A line has the commit, its parent and subject, and the report of \
      --format json. With --output a run that was stopped goes on where it was.
      """)

  @Argument(help: ArgumentHelp("Which commits, as `git log` reads it.", valueName: "range"))
  var range: [String] = ["HEAD"]

  @Option(name: .customLong(CommandLineWords.pathOption), help: .hidden)
  var paths: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only every n-th commit, from the i-th on; lines of all shards together are the whole.",
      valueName: "i/n"))
  var shard: String?

  @OptionGroup var options: ReportOptions

  func run() throws {
    let directory = FileManager.default.currentDirectoryPath
    do {
      let repository = try Repository.here()
      let settings = try Settings(options, repository: repository)
      let pathspec = try Pathspec(paths, in: repository, directory: directory)
      let sink = try LineSink(settings.output)
      let commits = try Self.commits(range, paths: paths, shard: try part()).filter { !sink.has($0.id) }
      try sweep(commits, repository, pathspec, settings, sink)
    } catch let error as RepositoryError {
      throw Failure(error.description)
    }
  }

  private func part() throws -> (index: Int, count: Int) {
    guard let shard else { return (0, 1) }
    let parts = shard.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], (1...1_000).contains(count),
      (1...count).contains(index)
    else { throw Failure(Messages.badShard(shard)) }
    return (index - 1, count)
  }

  private static func commits(
    _ range: [String], paths: [String], shard: (index: Int, count: Int)
  ) throws -> [PushedCommits.Commit] {
    guard !range.contains(where: { $0.hasPrefix("-") }) else { throw Failure(Messages.notARange(range)) }
    let all = try PushedCommits.commits(["--no-merges"] + range + ["--"] + paths)
    return all.enumerated().filter { $0.offset % shard.count == shard.index }.map(\.element)
  }

  /// Contents are read one commit after another, since a repository belongs to one thread; then as many commits as there
  /// are jobs are compared at once. Lines keep the order of the commits.
  private func sweep(
    _ commits: [PushedCommits.Commit], _ repository: Repository, _ paths: Pathspec, _ settings: Settings,
    _ sink: LineSink
  ) throws {
    let comparing = Comparing(settings: settings)
    let (options, cache) = (try comparing.options(jobs: 1), comparing.cache)
    let progress = Progress()
    var start = 0
    while start < commits.count {
      let batch = commits[start..<min(start + settings.jobs * 4, commits.count)]
      let work = batch.map { HistoryEntry($0, in: repository, paths: paths, cache: cache) }
      let lines = Workers.map(work, jobs: settings.jobs) { entry in
        Result { try entry.line(options, cache: cache) }
      }
      for line in lines { try sink.write(line.get()) }
      // A run that is stopped keeps what it found.
      cache?.store.flush()
      start += batch.count
      progress.update(done: start, of: commits.count, what: "commits")
    }
    progress.finish()
  }
}

/// One commit to compare.
private struct HistoryEntry: Sendable {
  var commit: PushedCommits.Commit
  var files: [FilePair] = []
  /// What an earlier run found.
  var known: ComparisonReport?
  /// Where the cache is to keep what is found; nil where nothing is.
  var contents: [UInt8]?
  /// Why its files could not be read.
  var error: String?

  private var oldName: String { commit.parents.first ?? "nothing" }

  /// Reads the files, unless the cache knows the report.
  init(_ commit: PushedCommits.Commit, in repository: Repository, paths: Pathspec, cache: ReportCache?) {
    self.commit = commit
    let sides = RevisionPair(
      old: RevisionSide(commit.parents.first.map { .commit($0) } ?? .empty, name: commit.parents.first ?? "nothing"),
      new: RevisionSide(.commit(commit.id), name: commit.id))
    let trees = cache?.key(sides, paths: paths, in: repository)
    if let cache, let trees, let contents = cache.contents(of: trees), let report = cache.report(contents) {
      known = report
      return
    }
    do throws(RepositoryError) {
      files = try repository.changes(from: sides.old.revision, to: sides.new.revision, paths: paths).map {
        FilePair($0, in: repository)
      }
    } catch {
      self.error = error.description
      return
    }
    contents = cache?.key(old: oldName, new: commit.id, files: files)
    if let trees, let contents { cache?.noteContents(contents, of: trees) }
  }

  private struct Line: Encodable {
    var commit: String
    var parent: String?
    var subject: String
    var error: String?
    var report: ComparisonReport?

    enum CodingKeys: CodingKey { case commit, parent, subject, error, report }

    /// Every key is always there.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(commit, forKey: .commit)
      try container.encode(parent, forKey: .parent)
      try container.encode(subject, forKey: .subject)
      try container.encode(error, forKey: .error)
      try container.encode(report, forKey: .report)
    }
  }

  func line(_ options: ComparisonOptions, cache: ReportCache?) throws -> String {
    var line = Line(commit: commit.id, parent: commit.parents.first, subject: commit.subject, error: error)
    if error == nil {
      line.report =
        known ?? contents.flatMap { cache?.report($0) }
        ?? ComparisonRun(old: oldName, new: commit.id, files: files, options: options).run()
      if known == nil, let contents, let report = line.report { cache?.keep(report, for: contents) }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
  }
}
