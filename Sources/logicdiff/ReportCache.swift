import Cache
import Comparison
import Report
import Repository
import Summaries
import Syntax

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whole reports that earlier runs made, and what they printed.
///
/// Three tables in one: a pair of trees leads to the key of their contents, contents to the report, and a report with
/// the ways to show it to the bytes that were printed. Every key holds the hash of what the answer rests on: contents,
/// paths, names of the sides, settings, and the program with all that it loads.
struct ReportCache: Sendable {
  let store: Store
  private let settings: Settings
  private let identity: [UInt8]

  /// Nil without a store, or where what answers cannot be told from its name.
  init?(_ settings: Settings) {
    guard settings.cache, settings.adapters.isEmpty, let identity = Self.identity(settings),
      let folder = Store.folder(),
      let store = Store(folder: folder, limit: settings.cacheMegabytes << 20)
    else { return nil }
    (self.store, self.settings, self.identity) = (store, settings, identity)
  }

  /// The same for single pairs.
  var decisions: DecisionCache { DecisionCache(store: store, identity: identity) }

  // MARK: Keys

  private func hash(_ purpose: String) -> SHA256 {
    var hash = SHA256()
    hash.update(text: "logicdiff cache 1 " + purpose)
    hash.update(part: identity)
    return hash
  }

  /// The comparison of two trees; nil where a side is the index or the working tree.
  func key(
    _ sides: RevisionPair, paths: Pathspec, in repository: Repository
  ) -> [UInt8]? {
    guard let old = try? repository.treeID(of: sides.old.revision),
      let new = try? repository.treeID(of: sides.new.revision)
    else { return nil }
    var hash = hash("trees")
    for text in [old, new, sides.old.name, sides.new.name] { hash.update(text: text) }
    paths.update(&hash)
    return hash.digest()
  }

  /// The comparison of files by what they hold; nil where one could not be read.
  func key(old: String, new: String, files: [FilePair]) -> [UInt8]? {
    guard !files.contains(where: \.isUnsettled) else { return nil }
    var hash = hash("contents")
    hash.update(text: old)
    hash.update(text: new)
    for file in files {
      hash.update(text: file.path)
      hash.update(text: file.oldPath ?? "\u{0}")
      hash.update(text: file.status.rawValue)
      for side in [file.old, file.new] {
        switch side {
        case nil: hash.update(number: 0)
        case .text(let bytes)?:
          hash.update(number: 1)
          hash.update(part: bytes)
        case .unreadable(let reason)?:
          hash.update(number: 2)
          hash.update(text: reason)
        }
      }
    }
    return hash.digest()
  }

  private func printedKey(_ contents: [UInt8]) -> [UInt8] {
    var hash = hash("printed")
    hash.update(part: contents)
    hash.update(text: settings.format.rawValue)
    for flag in [settings.usesColor, settings.showHidden, settings.explain, settings.summaries, settings.sideBySide] {
      hash.update(number: flag ? 1 : 0)
    }
    hash.update(number: settings.sideBySide ? Terminal.width : 0)
    hash.update(text: settings.require.rawValue)
    return hash.digest()
  }

  // MARK: Answers

  /// What stands between a pair of trees and their contents.
  func contents(of trees: [UInt8]) -> [UInt8]? {
    guard let key = store.value(trees), key.count == 32 else { return nil }
    return key
  }

  func noteContents(_ contents: [UInt8], of trees: [UInt8]) { store.keep(contents, for: trees) }

  func report(_ contents: [UInt8]) -> ComparisonReport? {
    guard let bytes = store.value(contents) else { return nil }
    return try? JSONReport.parse(bytes)
  }

  func keep(_ report: ComparisonReport, for contents: [UInt8]) {
    guard report.isSettled, let text = try? JSONReport.compact(report) else { return }
    store.keep(Array(text.utf8), for: contents)
  }

  /// What was printed, and whether `--exit-code` says 1.
  func printed(_ contents: [UInt8]) -> (text: String, needsALook: Bool)? {
    // These formats also write files of the runner.
    guard settings.format != .github, let bytes = store.value(printedKey(contents)), let first = bytes.first else {
      return nil
    }
    return (String(decoding: bytes.dropFirst(), as: UTF8.self), first == 1)
  }

  func keepPrinted(_ text: String, needsALook: Bool, for contents: [UInt8]) {
    guard settings.format != .github else { return }
    store.keep([needsALook ? 1 : 0] + Array(text.utf8), for: printedKey(contents))
  }

  // MARK: What answers

  /// The program, what it loads, and the settings that a report depends on. Files are told apart by size, inode and
  /// time of change: reading them would take longer than the whole run should.
  private static func identity(_ settings: Settings) -> [UInt8]? {
    var hash = SHA256()
    hash.update(text: Version.current)
    guard let program = Libraries.programPath, add(program, to: &hash) else { return nil }
    for folder in Libraries.folders() {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? [] {
        _ = add(folder + "/" + name, to: &hash)
      }
      hash.update(text: "")
    }
    hash.update(text: settings.decoder)
    guard settings.adapters.isEmpty else { return nil }
    switch settings.decoder {
    case "none": break
    case "embedded":
      guard add(folder: Specialist.directory(), to: &hash) else { return nil }
    default:
      // Large checkpoints answer by kernel family, and servers as they like.
      return nil
    }
    hash.update(number: Int(bitPattern: UInt(settings.budget.bitPattern)))
    for flag in [settings.summaries, settings.canonicalNames] { hash.update(number: flag ? 1 : 0) }
    return hash.digest()
  }

  /// False where a folder that should be there cannot be read; a missing specialist is an answer of its own.
  private static func add(folder: String?, to hash: inout SHA256) -> Bool {
    guard let folder else {
      hash.update(text: "missing")
      return true
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return false }
    for name in names.sorted() where !add(folder + "/" + name, to: &hash) { return false }
    return true
  }

  private static func add(_ path: String, to hash: inout SHA256) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    hash.update(text: path)
    #if canImport(Glibc)
      let changed = status.st_mtim
    #else
      let changed = status.st_mtimespec
    #endif
    for number in [
      Int(status.st_size), Int(changed.tv_sec), Int(changed.tv_nsec), Int(truncatingIfNeeded: status.st_ino),
    ] {
      hash.update(number: number)
    }
    return true
  }
}
