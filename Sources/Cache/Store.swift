import Foundation
import GRDB
import Synchronization

/// What earlier runs found out, under the hash of everything that it rests on: a table of blobs in SQLite.
///
/// The cache may only make things faster. Many processes may use it at once; a store that is damaged, read-only, full,
/// locked or from another version answers nothing and takes nothing, and no error of it ever reaches the user. Each
/// value carries a checksum of its own, so a page that was damaged on disk is a miss.
package final class Store: Sendable {
  /// The least recently used go once values take more than this.
  package static let defaultLimit = 256 << 20
  private static let schema = 1
  /// A value is noted as used again at most this often, so that reading rarely writes.
  private static let freshness = 3_600

  private struct Pending {
    var entries: [(key: Data, value: Data)] = []
    var size = 0
  }

  private let queue: DatabaseQueue
  private let limit: Int
  private let pending = Mutex(Pending())
  package let path: String

  /// Nil where there is no store to be had.
  package init?(folder: String, limit: Int = Store.defaultLimit) {
    path = Self.path(in: folder)
    self.limit = limit
    guard let opened = Self.open(path, in: folder) else { return nil }
    queue = opened
  }

  deinit { flush() }

  /// `${XDG_CACHE_HOME:-~/.cache}/logicdiff`; nil without a home. A relative path is invalid and not looked at.
  package static func folder(environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
    if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return folder + "/logicdiff" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.cache/logicdiff"
  }

  package static func path(in folder: String) -> String { folder + "/cache.sqlite" }

  /// The value under a key, or nil.
  package func value(_ key: [UInt8]) -> [UInt8]? {
    let key = Data(key)
    let row = try? queue.read { db in
      try Row.fetchOne(db, sql: "SELECT value, sum, used FROM entries WHERE key = ?", arguments: [key])
    }
    guard let row, let value = Self.blob(row[0]), let sum = Self.number(row[1]), let used = Self.number(row[2]),
      sum == Self.checksum(key, value)
    else { return nil }
    let now = Self.now
    if now - used > Self.freshness {
      try? queue.write { db in
        try db.execute(sql: "UPDATE entries SET used = ? WHERE key = ?", arguments: [now, key])
      }
    }
    return Array(value)
  }

  /// Keeps a value; written with others, or when the store is flushed or let go.
  package func keep(_ value: [UInt8], for key: [UInt8]) {
    guard value.count <= limit / 4 else { return }
    let isFull = pending.withLock { pending in
      pending.entries.append((Data(key), Data(value)))
      pending.size += value.count
      return pending.entries.count >= 256 || pending.size > 8 << 20
    }
    if isFull { flush() }
  }

  package func flush() {
    let entries = pending.withLock { pending in
      defer { pending = Pending() }
      return pending.entries
    }
    guard !entries.isEmpty else { return }
    let now = Self.now
    let limit = Int64(limit)
    try? queue.write { db in
      for (key, value) in entries {
        try db.execute(
          sql: "INSERT OR REPLACE INTO entries (key, value, sum, size, used) VALUES (?, ?, ?, ?, ?)",
          arguments: [key, value, Self.checksum(key, value), value.count + 100, now])
      }
      let sum = try DatabaseValue.fetchOne(db, sql: "SELECT sum(size) FROM entries")
      let total = sum.flatMap(Self.number) ?? 0
      if total > limit { try Self.evict(db, from: total, to: limit / 5 * 4) }
    }
  }

  package struct Info: Sendable {
    package var path: String
    package var entries: Int
    package var bytes: Int
    package var limit: Int
  }

  package func info() -> Info {
    let row = try? queue.read { db in try Row.fetchOne(db, sql: "SELECT count(*), sum(size) FROM entries") }
    let numbers = row.map { (Self.number($0[0]) ?? 0, Self.number($0[1]) ?? 0) } ?? (0, 0)
    return Info(path: path, entries: Int(numbers.0), bytes: Int(numbers.1), limit: limit)
  }

  /// Removes every value; false where that could not be done.
  package func clear() -> Bool {
    pending.withLock { $0 = Pending() }
    let isCleared: Void? = try? queue.write { db in try db.execute(sql: "DELETE FROM entries") }
    guard isCleared != nil else { return false }
    try? queue.writeWithoutTransaction { db in try db.execute(sql: "VACUUM") }
    return true
  }

  // MARK: The file

  private static var now: Int64 { Int64(Date().timeIntervalSince1970) }

  private static func open(_ path: String, in folder: String) -> DatabaseQueue? {
    let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: attributes)
    do {
      return try connect(path)
    } catch let error as DatabaseError
      where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode.primaryResultCode)
    {
      // Damaged beyond use: what it held can be found out again.
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
      return try? connect(path)
    } catch {
      return nil
    }
  }

  private static func connect(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    // Whoever else writes is done soon; a run never waits long for its cache.
    configuration.busyMode = .timeout(0.25)
    configuration.journalMode = .wal
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    func version(_ db: Database) throws -> Int64? {
      try DatabaseValue.fetchOne(db, sql: "PRAGMA user_version").flatMap(number)
    }
    if try queue.read(version) != Int64(schema) {
      try queue.write { db in
        // Someone else may have made it in between.
        guard try version(db) != Int64(schema) else { return }
        try db.execute(
          sql: """
            DROP TABLE IF EXISTS entries;
            CREATE TABLE entries (
              key BLOB PRIMARY KEY, value BLOB NOT NULL, sum INTEGER NOT NULL, size INTEGER NOT NULL,
              used INTEGER NOT NULL);
            CREATE INDEX entries_by_use ON entries (used, size);
            PRAGMA user_version = \(schema);
            """)
      }
    }
    return queue
  }

  /// Deletes the values that were not used for longest until `goal` bytes are left.
  private static func evict(_ db: Database, from total: Int64, to goal: Int64) throws {
    var total = total
    var doomed: [Data] = []
    let rows = try Row.fetchCursor(db, sql: "SELECT key, size FROM entries ORDER BY used, size")
    while total > goal, let row = try rows.next() {
      if let key = blob(row[0]) { doomed.append(key) }
      total -= max(1, number(row[1]) ?? 1)
    }
    for key in doomed { try db.execute(sql: "DELETE FROM entries WHERE key = ?", arguments: [key]) }
  }

  // A damaged page may hold a value of any type; a typed subscript would end the process.

  private static func blob(_ value: DatabaseValue) -> Data? {
    if case .blob(let data) = value.storage { data } else { nil }
  }

  private static func number(_ value: DatabaseValue) -> Int64? {
    if case .int64(let number) = value.storage { number } else { nil }
  }

  /// FNV-1a over key and value: tells damage, not malice; whoever can write this file can do as much as the user.
  private static func checksum(_ key: Data, _ value: Data) -> Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in [key, value] {
      part.withUnsafeBytes { bytes in
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      }
      hash = (hash ^ UInt64(part.count)) &* 0x100_0000_01b3
    }
    return Int64(bitPattern: hash)
  }
}
