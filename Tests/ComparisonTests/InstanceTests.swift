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
}
