import Cache
import Foundation
import Testing

@Suite("The store")
struct StoreTests {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("logicdiff-\(UUID().uuidString)").path
  }

  private func key(_ number: Int) -> [UInt8] { Array("key \(number)".utf8) }
  private func value(_ number: Int, size: Int = 100) -> [UInt8] { [UInt8](repeating: UInt8(number & 255), count: size) }

  @Test("What one run keeps the next one finds")
  func keeps() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      let store = try #require(Store(folder: folder))
      store.keep([1, 2, 3], for: key(1))
      store.keep([], for: key(2))
    }
    let store = try #require(Store(folder: folder))
    #expect(store.value(key(1)) == [1, 2, 3] && store.value(key(2)) == [] && store.value(key(3)) == nil)
    store.keep([4], for: key(1))
    store.flush()
    #expect(store.value(key(1)) == [4] && store.info().entries == 2)
    #expect(store.clear() && store.info().entries == 0 && store.value(key(1)) == nil)
  }

  @Test("It stays below its limit, and what was not used for longest goes first")
  func bound() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let limit = 1 << 20
    let store = try #require(Store(folder: folder, limit: limit))
    for number in 0..<40 {
      store.keep(value(number, size: 50_000), for: key(number))
      store.flush()
    }
    #expect(store.info().bytes <= limit && store.info().entries >= 10)
    #expect(store.value(key(39)) == value(39, size: 50_000))
    store.keep(value(1, size: limit), for: key(100))
    store.flush()
    #expect(store.value(key(100)) == nil)
  }

  /// Every kind of damage: a miss, or a value as it was kept.
  @Test("A damaged file is a miss, never a wrong value and never an end")
  func damage() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func fill() throws {
      let store = try #require(Store(folder: folder))
      for number in 0..<50 { store.keep(value(number, size: 3_000), for: key(number)) }
      store.flush()
    }
    try fill()
    let file = folder + "/cache.sqlite"
    let whole = try Data(contentsOf: URL(fileURLWithPath: file))
    var state: UInt64 = 7
    for round in 0..<60 {
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + suffix) }
      var bytes = round % 10 == 0 ? whole.prefix(whole.count / 2) : whole
      for _ in 0..<(round % 3 == 0 ? 1 : 200) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let place = Int(state >> 33) % (round % 2 == 0 ? bytes.count : min(bytes.count, 4_096))
        bytes[place] = UInt8(truncatingIfNeeded: state >> 20)
      }
      try bytes.write(to: URL(fileURLWithPath: file))
      guard let store = Store(folder: folder) else { continue }
      for number in 0..<50 {
        if let found = store.value(key(number)) { #expect(found == value(number, size: 3_000)) }
      }
      store.keep([9], for: key(1_000))
      store.flush()
      _ = store.info()
    }
    try Data("no database at all, but long enough to be looked at as one by anybody".utf8).write(
      to: URL(fileURLWithPath: file))
    try fill()
    #expect(Store(folder: folder)?.value(key(7)) == value(7, size: 3_000))
  }

  @Test("A folder that cannot be made or written is no store, or one that answers nothing")
  func unwritable() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = folder + "/file"
    try Data().write(to: URL(fileURLWithPath: file))
    #expect(Store(folder: file) == nil)
    #expect(Store(folder: file + "/below") == nil)
    #expect(Store(folder: "/proc/none/such") == nil)
    // A folder in the place of the file.
    try FileManager.default.createDirectory(atPath: folder + "/d/cache.sqlite", withIntermediateDirectories: true)
    #expect(Store(folder: folder + "/d") == nil)
  }

  @Test("The folder follows XDG, and a relative path is none")
  func place() {
    #expect(Store.folder(environment: ["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/logicdiff")
    #expect(Store.folder(environment: ["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/logicdiff")
    #expect(Store.folder(environment: ["HOME": ""]) == nil)
  }

  @Test("Many at once lose at most what they kept, never the file")
  func crowd() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let folder = folder
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for round in 0..<10 {
            guard let store = Store(folder: folder) else { continue }
            store.keep([UInt8](repeating: UInt8(worker), count: 1_000), for: Array("\(worker) \(round)".utf8))
            store.flush()
            for other in 0..<8 {
              if let found = store.value(Array("\(other) \(round)".utf8)) {
                #expect(found == [UInt8](repeating: UInt8(other), count: 1_000))
              }
            }
          }
        }
      }
    }
    let store = try #require(Store(folder: folder))
    #expect(store.info().entries > 0)
    store.keep([5], for: [1])
    store.flush()
    #expect(store.value([1]) == [5])
  }
}
