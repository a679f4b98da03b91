import Checking
import Logic
import Testing

@Suite("Witnesses can be read")
struct WitnessTests {
  @Test("A boundary bug shrinks to the boundary")
  func boundary() throws {
    let found = try #require(
      try check(
        "def f(xs: list[int], k: int):\n  return [x for x in xs if x > k]\n",
        "def f(xs: list[int], k: int):\n  return [x for x in xs if x >= k]\n"
      ).counterexample)
    #expect(found.condition == "xs = [0], k = 0")
    #expect(found.old == "returns []")
    #expect(found.new == "returns [0]")
  }

  @Test("A rare constant is the whole witness")
  func rareConstant() throws {
    let found = try #require(
      try check(
        "def f(n: int):\n  if n == 86400000:\n    return -1\n  return n\n", "def f(n: int):\n  return n\n"
      ).counterexample)
    #expect(found.condition == "n = 86400000")
    #expect(found.old == "returns -1")
    #expect(found.new == "returns 86400000")
  }

  @Test("Answers of the unknown are told only where they matter")
  func environment() throws {
    let found = try #require(
      try check(
        """
        class A:
          def f(self, node):
            log(node.name, self.depth)
            if self.limit == 37:
              return 1
            return 2
        """,
        """
        class A:
          def f(self, node):
            log(node.name, self.depth)
            return 2
        """
      ).counterexample)
    #expect(found.environment == ["self.limit = 37"])
    #expect(found.arguments.isEmpty)
    #expect(found.old == "returns 1")
    #expect(found.new == "returns 2")
  }

  @Test("An explicit exception is told with its arguments")
  func raises() throws {
    let found = try #require(
      try check(
        "def f(a: int):\n  if a < 0:\n    raise ValueError('x')\n  return a\n",
        "def f(a: int):\n  if a < 0:\n    raise ValueError('y')\n  return a\n"
      ).counterexample)
    #expect(found.condition == "a = -1")
    #expect(found.old == "raises ValueError('x')")
    #expect(found.new == "raises ValueError('y')")
  }

  @Test("What a caller's list became is told")
  func mutation() throws {
    let found = try #require(
      try check(
        "def f(xs: list[int]):\n  xs.append(1)\n", "def f(xs: list[int]):\n  xs.append(2)\n"
      ).counterexample)
    #expect(found.condition == "xs = []")
    #expect(found.old == "returns None, leaving xs = [1]")
    #expect(found.new == "returns None, leaving xs = [2]")
  }

  @Test("The same seed gives the same witness, another seed a valid one", arguments: [1, 2, 77] as [UInt64])
  func determinism(seed: UInt64) throws {
    let old = "class A:\n  def f(self, a, b):\n    if self.x > 3 and a in b:\n      return self.g(a)\n    return b\n"
    let new = "class A:\n  def f(self, a, b):\n    if self.x >= 3 and a in b:\n      return self.g(a)\n    return b\n"
    let options = CheckOptions(seed: seed, steps: 1_500_000)
    let first = try #require(try check(old, new, options: options).counterexample)
    let second = try #require(try check(old, new, options: options).counterexample)
    #expect(first.condition == second.condition)
    #expect(first.old == second.old)
    #expect(first.oldTrace == second.oldTrace)
    #expect(first.newObservation == second.newObservation)
  }
}
