import Checking
import Foundation
import Testing

@Suite("Code that takes texts apart by patterns")
struct PatternTests {
  private let numbers = """
    import re

    def f(text: str) -> list[int]:
        return [int(part) for part in re.findall(r"-?\\d+", text)]
    """
  private let numbersOneByOne = """
    import re

    def f(text: str) -> list[int]:
        found = []
        for match in re.compile(r"-?[0-9]+", re.ASCII).finditer(text):
            found.append(int(match.group()))
        return found
    """

  @Test("Two ways of asking for the same matches agree")
  func agreeing() throws {
    let old = numbers.replacingOccurrences(of: "\\d", with: "[0-9]")
    let strength = try #require(try check(old, numbersOneByOne).strength)
    #expect(strength.isAdequate, "\(strength.survivors)")
  }

  @Test(
    "A slip in a pattern shows with a text that it matches otherwise",
    arguments: [("-?", ""), ("]+", "]"), (".finditer(text)", ".finditer(text, 1)"), ("group()", "group()[:2]")])
  func slips(what: String, other: String) throws {
    let new = numbersOneByOne.replacingOccurrences(of: what, with: other)
    #expect(new != numbersOneByOne)
    #expect(try check(numbers, new).counterexample != nil)
  }

  @Test("Texts of a form that only a pattern tells are found")
  func forms() throws {
    let old = """
      import re

      def f(text: str) -> str:
          match = re.fullmatch(r"(\\d{4})-(\\d\\d)-(\\d\\d)(?:T\\d+)?", text)
          if not match:
              return ""
          year, month, day = match.groups()
          return day + "." + month + "." + year
      """
    let new = old.replacingOccurrences(of: "day + \".\" + month", with: "month + \".\" + day")
    #expect(try check(old, new).counterexample != nil)
  }

  @Test("A pattern that takes exponential time stops at the budget")
  func hostile() throws {
    let old = "import re\n\ndef f(n: int):\n    return re.match(r'(a+)+$', 'a' * 64 + 'b') is None\n"
    let new = old.replacingOccurrences(of: "is None", with: "== None")
    guard case .notRunnable(let reason) = try check(old, new) else {
      Issue.record("it came to an end")
      return
    }
    #expect(reason.contains("step limit"))
  }

  @Test("NaN on which the old version fails is no witness, though a number is annotated")
  func strangeNumbers() throws {
    let old = "def f(size: float) -> str:\n    if size == int(size):\n        return 'whole'\n    return 'part'\n"
    let new = "def f(size: float) -> str:\n    return 'part' if size % 1 else 'whole'\n"
    #expect(try check(old, new).counterexample == nil)
  }
}
