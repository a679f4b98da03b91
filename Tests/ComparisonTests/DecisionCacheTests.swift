import Cache
import Comparison
import Foundation
import Testing

@Suite("Decisions of earlier runs")
struct DecisionCacheTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("logicdiff-\(UUID().uuidString)")
    .path
  private static let old = "def f(x, y):\n    return g(x) + y\n"
  private static let new = "def f(x, y):\n    return g(y) + x\n"

  private func run(
    _ store: Store, _ new: String = Self.new, from old: String = Self.old, runaway: Duration = .seconds(120)
  ) -> ComparisonReport {
    var options = ComparisonOptions()
    options.steps = 200_000
    options.runaway = runaway
    options.decisions = DecisionCache(store: store, identity: [1])
    let file = FilePair(
      path: "m.py", status: .modified, old: .text(Array(old.utf8)), new: .text(Array(new.utf8)))
    return ComparisonRun(old: "old", new: "new", files: [file], options: options).run()
  }

  @Test("What the wall clock stopped is not kept, and the report says so; anything else is")
  func stopped() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try #require(Store(folder: folder))
    let stopped = run(store, runaway: .zero)
    store.flush()
    #expect(!stopped.isSettled && store.info().entries == 0)
    let whole = run(store)
    store.flush()
    #expect(whole.isSettled && store.info().entries == 1)
    #expect(whole.files[0].units[0].verdict == .changed)
  }

  /// Told apart from the work by a clock that allows none.
  @Test("A kept decision is taken for the same pair, and for no other")
  func taken() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try #require(Store(folder: folder))
    let first = run(store)
    store.flush()
    // From here on the clock allows no work at all: only what is kept can be told.
    let second = run(store, runaway: .zero)
    #expect(second.isSettled)
    #expect(second.files[0].units[0].counterexample == first.files[0].units[0].counterexample)
    #expect(second.files[0].units[0].summary == first.files[0].units[0].summary)
    #expect(!run(store, Self.new.replacingOccurrences(of: "+ x", with: "+ x + 0"), runaway: .zero).isSettled)
    #expect(!run(store, "\n" + Self.new, runaway: .zero).isSettled)
  }

  @Test("What a class says of its attributes is part of what a decision rests on")
  func attributes() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try #require(Store(folder: folder))
    func sides(_ type: String) -> (old: String, new: String) {
      let head = "class C:\n    n: \(type)\n\n    def f(self, x: int):\n        return "
      return (head + "g(self.n, x)\n", head + "g(x, self.n)\n")
    }
    func witness(_ type: String) throws -> Counterexample? {
      defer { store.flush() }
      return try #require(run(store, sides(type).new, from: sides(type).old).files[0].units.last).counterexample
    }
    let first = try #require(try witness("int"))
    #expect(try witness("str") != first)
    #expect(try witness("int") == first)
  }
}
