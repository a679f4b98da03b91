import Comparison
import Foundation
import Testing

/// Code that moved into a member of the class, a coroutine or a context manager, and constants that came with it.
@Suite("What only one version uses is run")
struct MemberTests {
  struct Move: CustomTestStringConvertible, Sendable {
    var name: String
    var unit: String
    var old: String
    var new: String
    /// What a slip in the new code turns into what.
    var slip: (String, String)
    var testDescription: String { name }
  }

  static let moves: [Move] = [
    Move(
      name: "a static method", unit: "Sink.rotate",
      old: """
        class Sink:
            def rotate(self, names: list[str]) -> list[str]:
                moved = []
                for name in names:
                    if name.startswith("a"):
                        moved.append(name + ".1")
                return moved
        """,
      new: """
        class Sink:
            @staticmethod
            def _target(name):
                return f"{name}.1"

            def rotate(self, names: list[str]) -> list[str]:
                return [self._target(name) for name in names if name.startswith("a")]
        """, slip: (".1", ".2")),
    Move(
      name: "a property", unit: "Bin.add",
      old: """
        class Bin:
            def __init__(self, size: int):
                self.size = size
                self.items = [0]

            def add(self, count: int) -> bool:
                if count > self.size - len(self.items):
                    return False
                self.items.append(count)
                return True
        """,
      new: """
        class Bin:
            def __init__(self, size: int):
                self.size = size
                self.items = [0]

            @property
            def free(self):
                return self.size - len(self.items)

            def add(self, count: int) -> bool:
                if count > self.free:
                    return False
                self.items.append(count)
                return True
        """, slip: ("self.size - len", "self.size + len")),
    Move(
      name: "a context manager", unit: "run",
      old: """
        def run(pool, work):
            connection = pool.acquire()
            try:
                result = work(connection)
            finally:
                pool.release(connection)
            return result
        """,
      new: """
        from contextlib import contextmanager

        @contextmanager
        def borrowed(pool):
            connection = pool.acquire()
            try:
                yield connection
            finally:
                pool.release(connection)

        def run(pool, work):
            with borrowed(pool) as connection:
                result = work(connection)
            return result
        """, slip: ("release(connection)", "release(pool)")),
    Move(
      name: "a coroutine", unit: "Prober.probe",
      old: """
        class Prober:
            async def probe(self, host):
                answer = await self.ping(host)
                if answer:
                    return "up"
                return "down"
        """,
      new: """
        class Prober:
            async def _state(self, host):
                return "up" if await self.ping(host) else "down"

            async def probe(self, host):
                return await self._state(host)
        """, slip: ("down", "off")),
  ]

  @Test("Code that moved is no change, and a slip in it is one", arguments: moves)
  func moved(move: Move) throws {
    let same = try #require(compare(move.old, move.new, steps: 20_000_000).first { $0.name == move.unit })
    #expect(same.verdict == .same || same.verdict == .unproven, "\(String(describing: same.counterexample))")
    let wrong = move.new.replacingOccurrences(of: move.slip.0, with: move.slip.1)
    let bug = try #require(compare(move.old, wrong, steps: 20_000_000).first { $0.name == move.unit })
    #expect(bug.verdict == .changed)
  }

  @Test("`closing` is what it says, and `suppress` is no handler: it reaches into groups of exceptions")
  func contextlib() throws {
    let old = """
      def load(connect):
          link = connect()
          try:
              data = link.read()
          finally:
              link.close()
          return data
      """
    let new = """
      import contextlib

      def load(connect):
          with contextlib.closing(connect()) as link:
              data = link.read()
          return data
      """
    #expect(compare(old, new).first { $0.name == "load" }?.verdict == .same)
    let wrong = new.replacingOccurrences(of: "closing(connect())", with: "closing(connect)")
    #expect(compare(old, wrong, steps: 20_000_000).first { $0.name == "load" }?.verdict == .changed)
    let handled = "def f(g):\n    try:\n        g()\n    except ValueError:\n        pass\n"
    let suppressed = "from contextlib import suppress\n\ndef f(g):\n    with suppress(ValueError):\n        g()\n"
    #expect(compare(handled, suppressed).first { $0.name == "f" }?.verdict != .same)
  }

  @Test("Constants that a module makes quietly are names that were added")
  func constants() throws {
    let old = "def span(days: int) -> int:\n    return days * 86400\n"
    let new = """
      import re

      HOUR = 60 * 60
      DAY = HOUR * 24
      UNITS: list[tuple[int, str]] = [(HOUR, "h"), (DAY, "d")]
      WORDS = frozenset(["day", "days"])
      SHAPE = re.compile("[0-9]+")
      Table = dict[str, tuple[int, ...]]

      def span(days: int) -> int:
          return days * DAY
      """
    let units = compare(old, new)
    #expect(units.first { $0.name == "span" }?.verdict == .same)
    #expect(units.first { $0.name == "<module>" }?.verdict == .interface)
    let wrong = new.replacingOccurrences(of: "60 * 60", with: "60 * 6")
    #expect(compare(old, wrong, steps: 20_000_000).first { $0.name == "span" }?.verdict == .changed)
    // So may what an annotation calls.
    let called = new.replacingOccurrences(of: "list[tuple[int, str]]", with: "register(int)")
    #expect(compare(old, called).first { $0.name == "<module>" }?.verdict != .interface)
    // A subscript of what is no type may do anything.
    let asked = new.replacingOccurrences(of: "dict[str, tuple[int, ...]]", with: "re[str]")
    #expect(compare(old, asked).first { $0.name == "<module>" }?.verdict != .interface)
    // Making it calls what may do anything.
    let loud = new.replacingOccurrences(of: "frozenset([\"day\", \"days\"])", with: "register(\"day\")")
    #expect(compare(old, loud).first { $0.name == "<module>" }?.verdict != .interface)
  }
}
