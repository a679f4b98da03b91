import Syntax
import Testing

@Suite("Units find their partners")
struct PairingTests {
  private func pairs(_ old: String, _ new: String) throws -> [String] {
    describe(Pairing.pair(old: try units(old), new: try units(new)))
  }

  private static let walk = """
    def walk(graph, start):
      seen = set()
      stack = [start]
      while stack:
        node = stack.pop()
        if node not in seen:
          seen.add(node)
          stack.extend(graph[node])
      return seen

    """

  @Test("By name, whatever the order")
  func names() throws {
    #expect(
      try pairs("def f(): return 1\ndef g(): return 2\n", "def g(): return 2\ndef f(): return 3\n")
        == ["g equal", "f edited"])
  }

  @Test("The three definitions of a property stay apart")
  func property() throws {
    let old = """
      class A:
        @property
        def x(self): return self._x
        @x.setter
        def x(self, v): self._x = v
      """
    let new = """
      class A:
        @property
        def x(self): return self._x
        @x.setter
        def x(self, v): self._x = int(v)
        @x.deleter
        def x(self): del self._x
      """
    #expect(try pairs(old, new) == ["A edited", "A.x equal", "A.x edited", "+A.x"])
  }

  @Test("A method made a property is the same method")
  func changedRole() throws {
    let (old, new) = ("class A:\n  def x(self): return 1\n", "class A:\n  @property\n  def x(self): return 1\n")
    #expect(try pairs(old, new) == ["A edited", "A.x edited"])
  }

  @Test("A function made a lambda is the same function")
  func changedKind() throws {
    #expect(try pairs("def f(x): return x\n", "f = lambda x: x\n") == ["f edited"])
  }

  @Test("Of repeated definitions the equal ones are partners, not those at the same place")
  func duplicates() throws {
    let old = "def _(a): return a + 1\ndef _(a): return a * 2\n"
    let new = "def _(a): return -a\ndef _(a): return a + 1\ndef _(a): return a * 2\n"
    #expect(try pairs(old, new) == ["+_", "_ equal", "_ equal"])
  }

  @Test("A renamed function is found by its tokens, edited or not")
  func renamed() throws {
    let new = Self.walk.replacing("walk", with: "reachable")
    #expect(try pairs(Self.walk, new) == ["walk -> reachable"])
    #expect(try pairs(Self.walk, new.replacing("[start]", with: "[start, start]")) == ["walk -> reachable"])
  }

  @Test("Small functions that happen to be alike are not partners")
  func smallOnes() throws {
    #expect(try pairs("def a(self): return self.x\n", "def b(self): return self.x\n") == ["+b", "-a"])
  }

  @Test("An unrelated function is added, the old one removed")
  func unrelated() throws {
    let other =
      "def render(self, template, **context):\n  return self.engine.get(template).render(context, strict=True)\n"
    #expect(try pairs(Self.walk, other) == ["+render", "-walk"])
  }

  @Test("What a renamed class holds is renamed with it")
  func renamedClass() throws {
    let old =
      "class Old(Base):\n  limit = 3\n  kind = 'a'\n  def x(self): return 1\n  def y(self, a):\n    def z(): return a\n    return z\n"
    #expect(
      try pairs(old, old.replacing("Old", with: "New")) == [
        "Old -> New", "Old.x -> New.x", "Old.y -> New.y", "Old.y.<locals>.z -> New.y.<locals>.z",
      ])
  }

  @Test("A function made a method of the same file is found")
  func intoClass() throws {
    let method = "class Walker:\n" + Self.walk.split(separator: "\n").map { "  \($0)\n" }.joined()
    #expect(try pairs(Self.walk, method) == ["+Walker", "walk -> Walker.walk"])
  }

  @Test("A function that moved to another file is found, and is no longer removed there")
  func moved() throws {
    let files = [
      FilePairs(
        oldPath: "a.py", newPath: "a.py",
        pairs: Pairing.pair(old: try units(Self.walk + "def f(): pass\n"), new: try units("def f(): pass\n"))),
      FilePairs(
        oldPath: nil, newPath: "b.py", pairs: Pairing.pair(old: [], new: try units(Self.walk, path: "b.py"))),
    ]
    let result = Pairing.pairMoved(across: files)
    #expect(describe(result[0].pairs) == ["f equal"])
    #expect(describe(result[1].pairs) == ["a.py walk -> walk"])
  }

  @Test("A package of thousands of functions that moved is paired in near-linear time")
  func manyMoved() throws {
    let functions = (0..<2000).map { "def f\($0)(a, b):\n  c = a.get\($0)(b) + helper(a, \($0))\n  return [c, b, a]\n" }
    let old = Pairing.pair(old: try units(functions.joined()), new: [])
    let edited = functions.map { $0.replacing("return [c", with: "return [c, c") }.joined()
    let new = Pairing.pair(old: [], new: try units(edited))
    let clock = ContinuousClock()
    var result: [FilePairs] = []
    let time = clock.measure {
      result = Pairing.pairMoved(across: [
        FilePairs(oldPath: "old.py", newPath: nil, pairs: old), FilePairs(oldPath: nil, newPath: "new.py", pairs: new),
      ])
    }
    #expect(describe(result[1].pairs).prefix(2) == ["old.py f0 -> f0", "old.py f1 -> f1"])
    #expect(describe(result[0].pairs).isEmpty)
    #expect(time < .seconds(60))
  }
}
