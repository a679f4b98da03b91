import Comparison
import Foundation
import Testing

/// Classes that keep what they know in another way, and code that makes instances of classes of its file.
@Suite("Objects are looked at from outside")
struct ObjectTests {
  private struct ClassPair: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var old: String
    var new: String

    static let all: [ClassPair] = {
      let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/pairs/python/differing-objects.files")
      let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
      return text.components(separatedBy: "\n=== ").dropFirst().map { part in
        let lines = part.components(separatedBy: "\n")
        let sides = lines.dropFirst().joined(separator: "\n").components(separatedBy: "\n---\n")
        return ClassPair(testDescription: lines[0], old: sides[0] + "\n", new: (sides.last ?? "") + "\n")
      }
    }()
  }

  @Test("Objects that their users can tell apart are not called tested", arguments: ClassPair.all)
  private func neverSettled(pair: ClassPair) {
    let found = judge(pair.old, pair.new)
    #expect(found.values.contains { $0.verdict == .changed })
    #expect(!found.values.contains { $0.reason?.hasPrefix("as objects of") ?? false })
  }

  @Test("Those pairs are there")
  func present() { #expect(ClassPair.all.count >= 10) }

  /// The results of both versions' units by name.
  private func judge(_ old: String, _ new: String) -> [String: UnitResult] {
    let pair = FilePair(path: "m.py", status: .modified, old: .text(Array(old.utf8)), new: .text(Array(new.utf8)))
    let report = ComparisonRun(old: "old", new: "new", files: [pair], options: ComparisonOptions(jobs: 1)).run()
    return Dictionary(report.files.flatMap(\.units).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private let waitingRoom = """
    class WaitingRoom:
        def __init__(self):
            self._people = []

        def enter(self, urgency, name):
            self._people.append((urgency, name))
            self._people.sort()

        def call(self):
            if not self._people:
                return None
            return self._people.pop(0)[1]

        def __len__(self):
            return len(self._people)
    """
  private let heap = """
    import heapq

    class WaitingRoom:
        def __init__(self):
            self._heap = []

        def enter(self, urgency, name):
            heapq.heappush(self._heap, (urgency, name))

        def call(self):
            if self._heap:
                return heapq.heappop(self._heap)[1]
            return None

        def __len__(self):
            return len(self._heap)
    """

  @Test("A heap in the place of a sorted list is no change that its users see")
  func representation() {
    let found = judge(waitingRoom, heap)
    for name in ["WaitingRoom.__init__", "WaitingRoom.enter", "WaitingRoom.call"] {
      #expect(found[name]?.verdict == .unproven, "\(name)")
      #expect(found[name]?.evidence == .tested, "\(name)")
      #expect(found[name]?.reason?.hasPrefix("as objects of WaitingRoom show it") == true, "\(name)")
    }
  }

  @Test(
    "A slip in the new way to keep things is a change",
    arguments: [
      ("heappop(self._heap)[1]", "heappop(self._heap)[0]"), ("(urgency, name))", "(-urgency, name))"),
      ("return heapq.heappop(self._heap)[1]", "return self._heap.pop()[1]"),
    ])
  func slip(from: String, to: String) {
    let found = judge(waitingRoom, heap.replacingOccurrences(of: from, with: to))
    #expect(found["WaitingRoom.__init__"]?.evidence != .tested)
    #expect(found.values.contains { $0.verdict == .changed })
  }

  @Test(
    "What others see of the way things are kept is told as a change",
    arguments: [
      // A public attribute.
      ("_people", "people", "_heap", "heap", ""),
      // Other code of the file reads it.
      ("", "", "", "", "\n\ndef first(room):\n    return room._people[0]\n"),
      // A class of the file is derived from it.
      ("", "", "", "", "\n\nclass Quiet(WaitingRoom):\n    pass\n"),
    ])
  func seen(old: String, publicOld: String, new: String, publicNew: String, more: String) {
    func renamed(_ text: String, _ from: String, _ to: String) -> String {
      from.isEmpty ? text : text.replacingOccurrences(of: from, with: to)
    }
    let found = judge(
      renamed(waitingRoom, old, publicOld) + more, renamed(heap, new, publicNew) + more)
    #expect(found["WaitingRoom.__init__"]?.verdict == .changed)
  }

  @Test("A difference that no state of the object explains stands")
  func callers() {
    let old = """
      class Door:
          def __init__(self, bell):
              self.bell = bell
              self._rung = 0

          def ring(self, times):
              for _ in range(times):
                  self.bell.strike()
              self._rung += times

          def rung(self):
              return self._rung
      """
    let new = old.replacingOccurrences(of: "range(times)", with: "range(max(times, 1))")
    #expect(judge(old, new)["Door.ring"]?.verdict == .changed)
  }

  private let invoice = """
    def invoice(rows):
        total = 0
        count = 0
        for price, amount in rows:
            if amount < 0:
                raise ValueError("amount")
            total += price * amount
            count += 1
        return total, count
    """

  @Test("Instances of a data class that the change brings are what they are made of")
  func dataClass() {
    let new = """
      from dataclasses import dataclass, field

      @dataclass(frozen=True)
      class Row:
          price: int
          amount: int = 1

          @property
          def total(self):
              return self.price * self.amount

      @dataclass
      class Sheet:
          rows: list = field(default_factory=list)

          def add(self, row):
              if row.amount < 0:
                  raise ValueError("amount")
              self.rows.append(row)

      def invoice(rows):
          sheet = Sheet()
          for price, amount in rows:
              sheet.add(Row(price, amount))
          return sum(row.total for row in sheet.rows), len(sheet.rows)
      """
    let found = judge(invoice, new)
    #expect(found["invoice"]?.verdict == .unproven)
    #expect(found["invoice"]?.evidence == .tested)
    let slip = judge(invoice, new.replacingOccurrences(of: "Row(price, amount)", with: "Row(price)"))
    #expect(slip["invoice"]?.verdict == .changed)
  }

  @Test("An exception of the file is caught as what it derives from, and raised by unknown code too")
  func exceptions() {
    let old = """
      class Refused(ValueError):
          pass

      def deliver(parcels, courier):
          done = []
          for parcel in parcels:
              try:
                  courier.take(parcel)
              except Refused:
                  courier.back(parcel)
              else:
                  done.append(parcel)
          return done
      """
    let silent = old.replacingOccurrences(of: "courier.back(parcel)", with: "pass")
    #expect(judge(old, silent)["deliver"]?.verdict == .changed)
    let wider = old.replacingOccurrences(of: "except Refused", with: "except ValueError")
    #expect(judge(old, wider)["deliver"]?.verdict == .changed)
  }

  @Test("A named tuple is a tuple, whichever way it is defined")
  func namedTuples() {
    let old = """
      def widest(spans):
          best = None
          for start, end in spans:
              if best is None or end - start > best[1] - best[0]:
                  best = (start, end)
          return best
      """
    let derived = """
      from typing import NamedTuple

      class Span(NamedTuple):
          start: int
          end: int = 0

          @property
          def width(self):
              return self.end - self.start

      def widest(spans):
          best = None
          for start, end in spans:
              span = Span(start, end=end)
              if best is None or span.width > best.width:
                  best = span
          return best
      """
    let made = """
      from collections import namedtuple

      Span = namedtuple("Span", "start end")

      def widest(spans):
          best = None
          for start, end in spans:
              span = Span(start, end=end)
              if best is None or span.end - span.start > best.end - best.start:
                  best = span
          return best
      """
    let twice = judge(old, made.replacingOccurrences(of: "\"start end\"", with: "\"start end start\""))
    #expect(twice["<module>"]?.verdict != .interface)
    for new in [derived, made] {
      let found = judge(old, new)
      #expect(found["widest"]?.verdict == .unproven)
      #expect(found["widest"]?.evidence == .tested)
      #expect(found["<module>"]?.verdict == .interface)
      let slip = judge(old, new.replacingOccurrences(of: "Span(start, end=end)", with: "Span(end, end=start)"))
      #expect(slip["widest"]?.verdict == .changed)
    }
  }

  @Test("Rows that become a named tuple have as many items as that has fields")
  func rows() {
    let old = """
      from collections import namedtuple

      Row = namedtuple("Row", "name size kind owner")

      def names(cursor):
          found = []
          for line in cursor.fetchall():
              row = Row(*line)
              if row.kind == "table":
                  found.append(row.name)
          return found
      """
    let new = old.replacingOccurrences(of: "row.name)", with: "row.name + row.owner)")
    #expect(judge(old, new)["names"]?.verdict == .changed)
  }

  @Test("A table of what a plain class makes is a constant of the module")
  func tables() {
    let old = """
      def fee(kind, weight):
          if kind == "letter":
              return 80 + 2 * weight
          if kind == "parcel":
              return 450 + 7 * weight
          raise ValueError(kind)
      """
    let new = """
      from dataclasses import dataclass

      @dataclass
      class Rate:
          base: int
          each: int

      RATES = {"letter": Rate(80, 2), "parcel": Rate(450, each=7)}

      def fee(kind, weight):
          if kind not in RATES:
              raise ValueError(kind)
          rate = RATES[kind]
          return rate.base + rate.each * weight
      """
    let found = judge(old, new)
    #expect(found["fee"]?.verdict == .unproven)
    #expect(found["fee"]?.evidence == .tested)
    #expect(found["<module>"]?.verdict == .interface)
    // One that cannot be made keeps the module from loading.
    let short = judge(old, new.replacingOccurrences(of: "Rate(80, 2)", with: "Rate(80)"))
    #expect(short["<module>"]?.verdict != .interface)
    let slip = judge(old, new.replacingOccurrences(of: "each=7", with: "each=8"))
    #expect(slip["fee"]?.verdict == .changed)
  }

  @Test("What a log is told is seen, and changes nothing that the code works with")
  func logs() {
    let old = """
      class Feed:
          def __init__(self, log, store):
              self.log = log
              self.store = store

          def take(self, entries: list[int]) -> int:
              kept = 0
              for entry in entries:
                  if entry < 0:
                      self.log.warning("left out %s", entry)
                  else:
                      self.store.put(entry)
                      kept += 1
              return kept
      """
    let new = """
      class Feed:
          def __init__(self, log, store):
              self.log = log
              self.store = store

          def take(self, entries: list[int]) -> int:
              return len([entry for entry in entries if self._keep(entry)])

          def _keep(self, entry):
              if entry < 0:
                  self.log.warning("left out %s", entry)
                  return False
              self.store.put(entry)
              return True
      """
    #expect(judge(old, new)["Feed.take"]?.verdict != .changed)
    let silent = new.replacingOccurrences(of: #"self.log.warning("left out %s", entry)"#, with: "pass")
    #expect(judge(old, silent)["Feed.take"]?.verdict == .changed)
  }

  @Test("What the old version asks for and the new one forgot is a change, however late it shows")
  func forgotten() {
    let old = """
      class Gate:
          def __init__(self):
              self._guests = {}

          def invite(self, name, once):
              self._guests[name] = once

          def enter(self, name, door):
              if name not in self._guests:
                  return False
              done = door.open(name)
              if self._guests[name] and done:
                  del self._guests[name]
              return True
      """
    let new = """
      class Gate:
          def __init__(self):
              self._always = set()
              self._once = set()

          def invite(self, name, once):
              self._always.discard(name)
              self._once.discard(name)
              (self._once if once else self._always).add(name)

          def enter(self, name, door):
              if name not in self._always and name not in self._once:
                  return False
              door.open(name)
              self._once.discard(name)
              return True
      """
    #expect(judge(old, new)["Gate.enter"]?.evidence != .tested)
  }
}
