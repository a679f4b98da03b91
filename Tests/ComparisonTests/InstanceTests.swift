import Comparison
import Testing

@Suite("Attributes hold what their class stores")
struct InstanceTests {
  private let account = """
    class Account:
        def __init__(self, balance: int = 0):
            self.balance = balance
            self.history = []

        def withdraw(self, amount: int) -> bool:
            if amount <= self.balance:
                self.balance = self.balance - amount
                self.history.append(("withdraw", amount))
                return True
            self.history.append(("refused", amount))
            return False

    """

  private func turned(_ test: String) -> String {
    account.replacingOccurrences(
      of: """
                if amount <= self.balance:
                    self.balance = self.balance - amount
                    self.history.append(("withdraw", amount))
                    return True
                self.history.append(("refused", amount))
                return False
        """,
      with: """
                if \(test):
                    self.history.append(("refused", amount))
                    return False
                self.balance -= amount
                self.history.append(("withdraw", amount))
                return True
        """)
  }

  @Test("A comparison turned round is no change where the attribute is a number")
  func totalOrder() throws {
    let new = turned("amount > self.balance")
    try #require(new != account)
    let unit = try #require(compare(account, new, steps: 20_000_000).first { $0.name == "Account.withdraw" })
    #expect(unit.verdict != .changed, "\(String(describing: unit.counterexample))")
  }

  @Test("A real change is shown with what the attribute holds")
  func changed() throws {
    let unit = try #require(
      compare(account, turned("amount >= self.balance")).first { $0.name == "Account.withdraw" })
    #expect(unit.verdict == .changed)
    let example = try #require(unit.counterexample)
    #expect(example.arguments.contains { $0.hasPrefix("self.balance = ") })
  }

  @Test("A lost store is seen in the end")
  func lostStore() throws {
    let new = account.replacingOccurrences(of: "            self.balance = self.balance - amount\n", with: "")
    try #require(new != account)
    let unit = try #require(compare(account, new).first { $0.name == "Account.withdraw" })
    #expect(unit.verdict == .changed)
    #expect(unit.counterexample?.old.contains("leaving self.balance = ") == true)
  }

  private let source = """
    class Source:
        def __init__(self, session):
            self.session = session
            self.token = None
            self.stamp = None

        def refresh(self):
            payload = self.session.fetch()
            self.stamp = payload["stamp"]
            if "token" in payload:
                self.token = payload["token"]

    """

  @Test("Nothing stored is told from None stored")
  func noneStored() throws {
    let new = source.replacingOccurrences(
      of: """
                if "token" in payload:
                    self.token = payload["token"]
        """,
      with: """
                self.token = payload.get("token")
        """)
    try #require(new != source)
    let unit = try #require(compare(source, new, steps: 20_000_000).first { $0.name == "Source.refresh" })
    #expect(unit.verdict == .changed)
  }

  @Test("Two plain stores in the other order are no change")
  func storesInOtherOrder() throws {
    let old = """
      class Meter:
          def __init__(self):
              self.low = None
              self.high = None

          def start(self, value):
              self.low = value
              self.high = value
              return value

      """
    let new = old.replacingOccurrences(
      of: "        self.low = value\n        self.high = value\n",
      with: "        self.high = value\n        self.low = value\n")
    try #require(new != old)
    let unit = try #require(compare(old, new, steps: 20_000_000).first { $0.name == "Meter.start" })
    #expect(unit.verdict != .changed, "\(String(describing: unit.counterexample))")
  }

  @Test("A store moved past a call is a change")
  func storePastCall() throws {
    let old = """
      class Meter:
          def __init__(self, listener):
              self.listener = listener
              self.value = None

          def start(self, value):
              self.value = value
              self.listener.started(self)

      """
    let new = old.replacingOccurrences(
      of: "        self.value = value\n        self.listener.started(self)\n",
      with: "        self.listener.started(self)\n        self.value = value\n")
    try #require(new != old)
    let unit = try #require(compare(old, new).first { $0.name == "Meter.start" })
    #expect(unit.verdict == .changed)
  }

  @Test("A table is no change from a chain of comparisons")
  func tableForChain() throws {
    let old = """
      def status(checks):
          worst = 0
          for check in checks:
              state = check.run()
              if state == "critical":
                  level = 2
              elif state == "degraded":
                  level = 1
              else:
                  level = 0
              if level > worst:
                  worst = level
          return worst

      """
    let new = """
      LEVELS = {"critical": 2, "degraded": 1}


      def status(checks):
          worst = 0
          for check in checks:
              worst = max(worst, LEVELS.get(check.run(), 0))
          return worst

      """
    let unit = try #require(compare(old, new, steps: 20_000_000).first { $0.name == "status" })
    #expect(unit.verdict != .changed, "\(String(describing: unit.counterexample))")
    let wrong = new.replacingOccurrences(of: "\"degraded\": 1", with: "\"degraded\": 2")
    let other = try #require(compare(old, wrong).first { $0.name == "status" })
    #expect(other.verdict == .changed)
  }

  @Test("A constant that a comprehension or an unpacking makes is a name added")
  func constants() throws {
    let old = "def area(x, y):\n    return x * y\n"
    let new = "RED, GREEN = range(2)\nOFFSETS = [(x, y) for x in (0, 1) for y in (0, 1) if x or y]\n\n\n" + old
    let units = compare(old, new)
    let module = try #require(units.first { $0.name == "<module>" })
    #expect(module.verdict == .interface)
    let telling = compare(old, "OFFSETS = [x for x in source()]\n\n\n" + old)
    #expect(telling.first { $0.name == "<module>" }?.verdict == .changed)
  }
}
