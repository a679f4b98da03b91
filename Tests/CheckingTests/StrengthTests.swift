import Checking
import Logic
import Testing

@Suite("Silence is measured")
struct StrengthTests {
  @Test("A well explored pair is adequate")
  func adequate() throws {
    let strength = try #require(
      try check(
        "def f(a: int, b: int):\n  if a > b:\n    return 1\n  return 2\n",
        "def f(a: int, b: int):\n  return 2 if not a > b else 1\n"
      ).strength)
    #expect(strength.branchesTaken == strength.branches)
    #expect(strength.inputs >= 1_000)
    #expect(strength.mutantsKilled * 100 >= strength.mutants * 95, "\(strength.survivors)")
    #expect(strength.isAdequate)
  }

  @Test("A branch that no input opens is named")
  func untaken() throws {
    let source = "def f(a: str):\n  if len(a) > 100000000:\n    return 1\n  return 2\n"
    let strength = try #require(try check(source, source).strength)
    #expect(!strength.isAdequate)
    #expect(strength.untaken.contains { $0.hasPrefix("new line 2") && $0.hasSuffix("never true") })
  }

  @Test("The budget holds")
  func budget() throws {
    let source = "def f(n):\n  t = 0\n  for i in range(n):\n    for j in range(i):\n      t += j\n  return t\n"
    var options = CheckOptions(seed: 3, steps: 60_000)
    options.stepsPerRun = 2_000
    let strength = try #require(try check(source, source, options: options).strength)
    #expect(strength.steps < 90_000)
  }

  @Test("A difference against an annotation is no counterexample")
  func annotations() throws {
    let strength = try #require(
      try check("def f(a: int, b: int):\n  return a + b\n", "def f(a: int, b: int):\n  return b + a\n").strength)
    #expect(strength.onlyWithout.first?.assumptions == [.annotations])
  }

  @Test("An annotation of one version only excuses nothing")
  func oneAnnotation() throws {
    let result = try check("def f(a, b):\n  return a + b\n", "def f(a: int, b: int):\n  return b + a\n")
    #expect(result.counterexample != nil)
  }

  @Test("Mutants stay on the changed lines")
  func mutantsOnLines() throws {
    let function = try procedure("def f(a, b):\n  c = a + b\n  if c > 3:\n    return c - 1\n  return b\n")
    let mutants = function.mutants(on: [4])
    #expect(!mutants.isEmpty)
    #expect(mutants.allSatisfy { $0.line == 4 })
    #expect(mutants.contains { $0.text == "line 4: - became +" })
    #expect(mutants.contains { $0.text == "line 4: returned value removed" })
    #expect(Set(mutants.map(\.procedure)).count == mutants.count)
    #expect(!mutants.contains { $0.procedure == function })
  }

  @Test("A summary that reads alike but differs is refuted")
  func summary() throws {
    let code = try procedure("def f(a: list[int]):\n  return sorted(a)[0] if a else None\n")
    let right = try procedure("def f(a: list[int]):\n  if not a:\n    return None\n  return min(a)\n")
    let wrong = try procedure("def f(a: list[int]):\n  if not a:\n    return None\n  return max(a)\n")
    #expect(Checker.agree(code: code, summary: right).isAgreement)
    #expect(Checker.agree(code: code, summary: wrong).disagreement != nil)
  }
}

@Suite("Cost")
struct CostTests {
  @Test(
    "is claimed where loops and counts agree",
    arguments: [
      ("def f(xs):\n  t = 0\n  for x in xs:\n    t += x\n  return t\n", "O(n)"),
      (
        "def f(xs):\n  c = 0\n  for x in xs:\n    for y in xs:\n      if x == y:\n        c += 1\n  return c\n",
        "O(n^2)"
      ),
      ("def f(xs, ys):\n  return [(x, y) for x in xs for y in ys]\n", "O(n*m)"),
      ("def f(a, b):\n  return a + b\n", "O(1)"),
    ])
  func claimed(source: String, cost: String) throws {
    #expect(Cost.estimate(try procedure(source))?.text == cost)
  }

  @Test("is not claimed for a loop without a bound")
  func unclaimed() throws {
    #expect(Cost.estimate(try procedure("def f(n):\n  while n != 1:\n    n = g(n)\n  return n\n")) == nil)
  }

  @Test("A run that a guard turns back has not come to the change behind it")
  func guarded() throws {
    func source(_ name: String) -> String {
      """
      def f(g, dim):
          if dim != 2:
              raise ValueError(dim)
          xs = g.\(name)(dim)
          return g.scale(xs) + g.centre
      """
    }
    var lines = ChangedLines()
    (lines.old, lines.new) = ([4], [4])
    let result = Checker.check(
      old: try procedure(source("row_stack")), new: try procedure(source("vstack")), changedLines: lines, options: quick
    )
    let found = try #require(result.counterexample, "\(result)")
    #expect(found.new.contains("vstack"))
    let same = Checker.check(
      old: try procedure(source("vstack")), new: try procedure(source("vstack")), changedLines: lines, options: quick)
    let strength = try #require(same.strength)
    #expect(strength.inputs * 2 < strength.runs, "\(strength.inputs) of \(strength.runs)")
  }

  @Test("A comparison whose sides an earlier test keeps apart needs no input where they are equal")
  func keptApart() throws {
    let strength = try #require(
      try check(
        """
        def f(a: int, b: int):
            if a == b:
                return 0
            if a < b:
                return 1
            return 2
        """,
        """
        def f(a: int, b: int):
            if a == b:
                return 0
            return 1 if a < b else 2
        """
      ).strength)
    #expect(!strength.survivors.contains { $0.contains("< became <=") }, "\(strength.survivors)")
    #expect(strength.isAdequate)
  }

  @Test("A comparison that turns where inputs seldom come is brought there, or told not to have been")
  func turning() throws {
    let strength = try #require(
      try check(
        "def f(a: int, b: int):\n    return 'x' if a < b % 9 * 1000 + 2345 + b % 7 * 77 + 160 else 'y'\n",
        "def f(a: int, b: int):\n    if b % 9 * 1000 + 2345 + b % 7 * 77 + 160 > a:\n        return 'x'\n    return 'y'\n"
      ).strength)
    #expect(!strength.survivors.contains { $0.contains("> became >=") }, "\(strength.survivors)")
  }

  @Test("Sides as far apart as numbers go are compared")
  func farApart() throws {
    let source = "def f(a: int):\n    return 1 if a < 9223372036854775808 else 2\n"
    #expect(try check(source, source).strength != nil)
  }

  @Test("A conversion between numbers that no input needs is not tested by leaving it out")
  func conversion() throws {
    let strength = try #require(
      try check(
        "def f(xs):\n    total = 0.5\n    for x in xs:\n        total += x.weight\n    return total\n",
        "def f(xs):\n    total = 0.5\n    for x in xs:\n        total += x.weight\n    return float(total)\n"
      ).strength)
    #expect(!strength.isAdequate)
  }
}
