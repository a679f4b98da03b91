import Syntax
import Testing

@Suite("Units of a Python file")
struct UnitsTests {
  private static let finder = """
    '''Finds circuits.'''
    import functools

    key = lambda edge: edge[0]


    @functools.total_ordering
    class Finder(Base, metaclass=Meta):
        limit: int = 3
        weight = lambda self, edge: 1

        @property
        def graph(self):
            return self._graph

        @graph.setter
        def graph(self, value):
            self._graph = value

        @graph.deleter
        def graph(self):
            del self._graph

        async def circuit(self, node):
            def visit(other):
                again = lambda: visit(node)
                return again
            class Local:
                def m(self): pass
            return visit(node)

    if True:
        def pick(a): return a
    else:
        def pick(a): return -a

    total = sum(map(lambda x: x + 1, [1]))
    """

  @Test("Each has its qualified name, kind, role, ordinal, parent and lines")
  func all() throws {
    let found = try units(Self.finder)
    let lines = found.map { unit in
      let parent = unit.parent.map { found[$0].qualifiedName } ?? "-"
      return "\(unit.qualifiedName) \(unit.kind) \(unit.role) \(unit.ordinal) in \(parent) "
        + "\(unit.lines.lowerBound)-\(unit.lines.upperBound)"
    }
    #expect(
      lines
        == [
          "<module> module plain 0 in - 1-36",
          "key lambda plain 0 in <module> 4-4",
          "Finder classBody plain 0 in <module> 7-29",
          "Finder.weight lambda plain 0 in Finder 10-10",
          "Finder.graph method getter 0 in Finder 12-14",
          "Finder.graph method setter 0 in Finder 16-18",
          "Finder.graph method deleter 0 in Finder 20-22",
          "Finder.circuit method plain 0 in Finder 24-30",
          "Finder.circuit.<locals>.visit function plain 0 in Finder.circuit 25-27",
          "Finder.circuit.<locals>.visit.<locals>.again lambda plain 0 in Finder.circuit.<locals>.visit 26-26",
          "Finder.circuit.<locals>.Local classBody plain 0 in Finder.circuit 28-29",
          "Finder.circuit.<locals>.Local.m method plain 0 in Finder.circuit.<locals>.Local 29-29",
          "pick function plain 0 in <module> 33-33",
          "pick function plain 1 in <module> 35-35",
        ].map { $0.replacing("7-29", with: "7-30").replacing("1-36", with: "1-37") })
    #expect(found.allSatisfy { $0.problem == nil })
    #expect(found[2].decorators.map(\.text) == ["@functools.total_ordering"])
    #expect(found[7].node.kind == "function_definition")
  }

  @Test(
    "Decorators tell the role",
    arguments: [
      ("@typing.overload", Unit.Role.overload), ("@overload", .overload), ("@render.register(int)", .registration),
      ("@property", .getter), ("@value.getter", .getter), ("@setter", .plain), ("@cached\n@property", .getter),
    ])
  func roles(decorators: String, role: Unit.Role) throws {
    #expect(try unit("f", in: "\(decorators)\ndef f(): pass\n")?.role == role)
  }

  @Test("A syntax error belongs to the innermost unit around it")
  func errors() throws {
    let found = try units(
      "class A:\n  def m(self):\n    x = = 3\n    return 1\n  def n(self): return 2\n\ndef f():\n  return 1\n")
    let broken = found.filter { $0.problem != nil }
    #expect(broken.map(\.qualifiedName) == ["A.m"])
    #expect(broken.first?.problem?.line == 3)
  }

  @Test(
    "A statement without its body is an error of the unit around it", arguments: ["if a:", "for x in a:", "def g():"])
  func emptyBlock(head: String) throws {
    let found = try units("def f(a):\n  \(head)\n  return a\n\ndef h(): pass\n")
    #expect(found.filter { $0.problem != nil }.map(\.problem?.line) == [2])
    #expect(found.last?.problem == nil)
  }

  @Test("A unit inside broken text is broken too")
  func brokenAround() throws {
    for unit in try units("x = (\n\ndef f():\n  return 1\n") { #expect(unit.problem != nil) }
  }
}

@Suite("Tokens of a unit")
struct TokenTextTests {
  private func areEqual(_ a: String, _ b: String, unit name: String = "f") throws -> Bool {
    let old = try #require(try unit(name, in: a))
    let new = try #require(try unit(name, in: b))
    return old.hasSameOwnTokens(as: new)
  }

  @Test("Comments, docstrings, blank lines, indentation width and line continuations are no tokens")
  func trivia() throws {
    let plain = "def f(a, b):\n  if a:\n    return (a +\n      b)\n  return b\n"
    let dressed =
      "def f( a , b ):  # c\n    '''Adds.'''\n    # d\n    if a:\n\n            return (a \\\n + b) # e\n    return b\n"
    #expect(try areEqual(plain, dressed))
  }

  @Test(
    "What means something else has other tokens",
    arguments: [
      ("if a:\n    b()\n    c()", "if a:\n    b()\n  c()"),
      ("return 'a b'", "return 'a  b'"),
      ("return f'{a = }'", "return f'{a=}'"),
      ("return '''\n x'''", "return '''\n  x'''"),
      ("return 'a' 'b'", "return 'a'; 'b'"),
      ("x = a\n  (b)", "x = a(b)"),
      ("return r'\\n'", "return '\\n'"),
      ("return a - b", "return a-- b"),
      ("f'{a}'\n  return 1", "return 1"),
      ("a\n  'text'", "a"),
    ])
  func meaning(pair: (String, String)) throws {
    #expect(try !areEqual("def f(a, b):\n  \(pair.0)\n", "def f(a, b):\n  \(pair.1)\n"))
  }

  @Test(
    "Decorators, defaults, annotations and async are in the header",
    arguments: [
      "@d\ndef f(a): return a\n", "def f(a=1): return a\n", "def f(a: int): return a\n", "async def f(a): return a\n",
    ])
  func header(other: String) throws {
    let old = try #require(try unit("f", in: "def f(a): return a\n"))
    let new = try #require(try unit("f", in: other))
    #expect(old.body == new.body)
    #expect(old.header != new.header)
  }

  @Test("An edit in a nested unit is not an edit of the unit around it; taking it away is")
  func nested() throws {
    let old = "def f(a):\n  def g(): return 1\n  return g() + a\n"
    let edited = "def f(a):\n  @d\n  def g(x=1): return 2\n  return g() + a\n"
    #expect(try areEqual(old, edited))
    #expect(try !areEqual(old, edited, unit: "f.<locals>.g"))
    #expect(try unit("f", in: old)?.allTokens() != unit("f", in: edited)?.allTokens())
    #expect(try !areEqual(old, "def f(a):\n  return g() + a\n"))
    #expect(try !areEqual(old, "def f(a):\n  return g() + a\n  def g(): return 1\n"))
  }

  @Test("A file that reads docstrings has them as meaning")
  func documentation() throws {
    let (old, new) = ("def f():\n  'a'\n  return 1\n", "def f():\n  'b'\n  return 1\n")
    #expect(try areEqual(old, new))
    #expect(try !areEqual(old + "print(f.__doc__)\n", new + "print(f.__doc__)\n"))
  }

  @Test("A unit's own name is not among its tokens, a call of itself is")
  func ownName() throws {
    let old = try #require(try unit("f", in: "def f(a): return a\n"))
    #expect(old.hasSameOwnTokens(as: try #require(try unit("g", in: "def g(a): return a\n"))))
    let recursive = try #require(try unit("f", in: "def f(a): return f(a)\n"))
    #expect(!recursive.hasSameOwnTokens(as: try #require(try unit("g", in: "def g(a): return g(a)\n"))))
  }
}
