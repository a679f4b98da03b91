import Comparison
import Foundation
import Testing

/// Files that are run: text at standard input, text at standard output.
@Suite("Programs are looked at from outside")
struct ProgramTests {
  /// The results of both versions' units by name.
  private func judge(_ old: String, _ new: String) -> [String: UnitResult] {
    let pair = FilePair(path: "m.py", status: .modified, old: .text(Array(old.utf8)), new: .text(Array(new.utf8)))
    let report = ComparisonRun(old: "old", new: "new", files: [pair], options: ComparisonOptions(jobs: 1)).run()
    return Dictionary(report.files.flatMap(\.units).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private let byLine = """
    count = int(input())
    best = None
    for _ in range(count):
        name, points = input().split()
        if best is None or int(points) > best[1]:
            best = (name, int(points))
    print(best[0])
    """
  private let atOnce = """
    import sys

    def main():
        lines = sys.stdin.read().splitlines()
        rows = [line.split() for line in lines[1:int(lines[0]) + 1]]
        winner = max(rows, key=lambda row: int(row[1]))
        sys.stdout.write(winner[0] + "\\n")

    if __name__ == "__main__":
        main()
    """

  @Test("Reading all at once in the place of line by line is no change that is seen")
  func reading() {
    let found = judge(byLine, atOnce)
    #expect(found["<module>"]?.verdict == .unproven)
    #expect(found["<module>"]?.evidence == .tested)
    #expect(found["<module>"]?.reason?.hasPrefix("as a program shows it") ?? false)
  }

  @Test(
    "A slip shows with a text at standard input",
    arguments: [
      ("max(rows", "min(rows"), ("int(row[1]))", "row[1])"), ("lines[1:int(lines[0]) + 1]", "lines[1:int(lines[0])]"),
      ("winner[0] + \"\\n\"", "winner[0]"), ("winner[0] + \"\\n\"", "winner[1] + \"\\n\""),
    ])
  func slips(what: String, other: String) {
    let new = atOnce.replacingOccurrences(of: what, with: other)
    #expect(new != atOnce)
    let found = judge(byLine, new)
    #expect(found["<module>"]?.verdict == .changed)
    #expect(found["<module>"]?.counterexample?.arguments.first?.hasPrefix("standard input = ") ?? false)
  }

  @Test("A status that is given at the end is seen, one that says nothing is none")
  func status() {
    let old = "if int(input()) > 3:\n    print('many')\n"
    let quiet = "import sys\nnumber = int(input())\nif number > 3:\n    print('many')\nsys.exit(0)\n"
    #expect(judge(old, quiet)["<module>"]?.evidence == .tested)
    #expect(judge(old, quiet.replacingOccurrences(of: "exit(0)", with: "exit(1)"))["<module>"]?.verdict == .changed)
  }

  @Test("What is written to standard error is not written to standard output")
  func errors() {
    let old = "import sys\nfor line in sys.stdin:\n    print(line.strip()[::-1])\n"
    let new = "import sys\nfor line in sys.stdin.readlines():\n    print(line.strip()[::-1], file=sys.stderr)\n"
    #expect(judge(old, new)["<module>"]?.verdict == .changed)
    let same = new.replacingOccurrences(of: "stderr", with: "stdout")
    #expect(judge(old, same)["<module>"]?.evidence == .tested)
  }

  @Test("What a program does beside reading and writing is not settled by what it writes")
  func otherEffects() {
    let old = "import os\nname = input()\nprint(name)\nos.system('clear')\n"
    let new = "import os\nname = input()\nos.system('clear')\nprint(name)\n"
    #expect(judge(old, new)["<module>"]?.verdict == .changed)
  }

  @Test("A variable of a comprehension is not the module's of that name")
  func comprehensions() {
    let old = "i = int(input())\nxs = [i * 2 for i in range(3)]\nprint(i, xs)\n"
    let wrong = old.replacingOccurrences(of: "print(i, xs)", with: "print(2, xs)")
    #expect(judge(old, wrong)["<module>"]?.verdict == .changed)
    let right = old.replacingOccurrences(of: "print(i, xs)", with: "print(i, [0, 2, 4])")
    #expect(judge(old, right)["<module>"]?.verdict == .unproven)
  }

  @Test("A nested function's `global` is not a variable around it")
  func globals() {
    let old = """
      def outer():
          x = int(input())
          def inner():
              global x
              x = 5
          inner()
          print(x)

      outer()
      """
    let found = judge(old, old.replacingOccurrences(of: "print(x)", with: "print(5)"))
    #expect(found["outer"]?.verdict == .changed)
  }

  @Test("A number below one that tells versions apart keeps a program from being tested")
  func numbersBelowOne() {
    let old = "x = int(input())\nprint(abs(x) * 2 + 1)\n"
    let found = judge(old, "x = int(input())\nprint(x * 2 + 1)\n")
    #expect(found["<module>"]?.evidence != .tested)
  }

  @Test("What importers see of a module is not settled by running it")
  func importers() {
    let old = "LIMIT = 5\n\ndef main():\n    print(int(input()) + 1)\n\nif __name__ == '__main__':\n    main()\n"
    let new = old.replacingOccurrences(of: "5", with: "6").replacingOccurrences(
      of: "int(input()) + 1", with: "1 + int(input())")
    #expect(judge(old, new)["<module>"]?.verdict == .changed)
  }

  @Test("A text as status goes to standard error")
  func textStatus() {
    let old = "import sys\nif input() == '':\n    sys.exit('bad')\nprint(1)\n"
    let new = "import sys\nif not input():\n    print('bad', file=sys.stderr)\n    sys.exit(1)\nprint(1)\n"
    #expect(judge(old, new)["<module>"]?.verdict != .changed)
  }

  @Test("Code that is imported for its functions is no program")
  func library() {
    let old = "def ask():\n    return input() == 'y'\n\nLIMIT = 3\n"
    let new = "def ask():\n    return input() == 'y'\n\nBOUND = 3\n"
    let found = judge(old, new)
    #expect(found["<module>"]?.verdict != .unproven)
  }
}
