import Logic
import Lowering
import Syntax
import Testing

@Suite("Units: functions, class bodies, module code")
struct UnitTests {
  @Test("Module code keeps what a definition evaluates in place, and leaves its body to the unit")
  func module() throws {
    let source = """
      import a.b
      @deco(1)
      def g(x, y=a, *, z=2) -> int:
        return unknown
      @first
      @second
      class C(Base, key=a): pass
      h = lambda x=3: x
      k = (1, lambda: 2)
      """
    let imported = Expression.global(.imported("a"))
    func module(_ name: String) -> Expression { .global(.module(name)) }
    func define(_ name: String, _ value: Expression) -> Statement { statement(.assign([.global(name)], value)) }
    let lowered = try lower(source, "<module>")
    #expect(lowered.procedure.kind == .module)
    #expect(
      lowered.procedure.body == [
        define("a", .importModule("a.b", leaf: false)),
        define(
          "g",
          call(
            call(module("deco"), int(1)),
            .definition(
              .init(
                kind: .function, name: "g", arguments: [Argument(imported), Argument(int(2), kind: .keyword("z"))])))),
        define(
          "C",
          call(
            module("first"),
            call(
              module("second"),
              .definition(
                .init(
                  kind: .classType, name: "C",
                  arguments: [Argument(module("Base")), Argument(imported, kind: .keyword("key"))]))))),
        define("h", .definition(.init(kind: .function, name: "h@lambda", arguments: [Argument(int(3))]))),
        define(
          "k",
          .tuple([.single(int(1)), .single(.closure(Procedure(name: "<lambda>", body: [giveBack(int(2))])))])),
      ])
    #expect(!lowered.references.contains(.module("unknown")))
  }

  @Test("A class body reads its own names first; annotations are stored")
  func classBody() throws {
    let source = """
      class C(Base):
        '''text'''
        size: int = 3
        def get(self, n=size): return n
        class D: pass
      """
    let annotations = Target.item(.namespace("__annotations__"), text("size"))
    #expect(
      try lower(source, "C").procedure
        == Procedure(
          name: "C", kind: .classBody,
          body: [
            statement(.assign([.namespace("size")], int(3))),
            statement(.assign([annotations], builtin("int"))),
            statement(
              .assign(
                [.namespace("get")],
                .definition(.init(kind: .function, name: "C.get", arguments: [Argument(.namespace("size"))])))),
            statement(
              .assign([.namespace("D")], .definition(.init(kind: .classType, name: "C.D", arguments: [])))),
          ]))
    let postponed = try lower("from __future__ import annotations\nclass C:\n  x: a . b", "C")
    #expect(
      postponed.procedure.body
        == [statement(.assign([.item(.namespace("__annotations__"), text("x"))], text("a.b")))])
  }

  @Test("A nested function is a closure in its decorators, bound to a local")
  func closures() throws {
    let lowered = try lower("def f(a):\n  @a\n  def g(x=a): return x\n  return g")
    let closure = Procedure(
      name: "g", parameters: [Parameter("x", defaultValue: a)], body: [giveBack(.local("x"))])
    #expect(lowered.procedure.body == [assign("g", call(a, .closure(closure))), giveBack(.local("g"))])
  }

  @Test("A docstring counts only where the file reads it")
  func documentation() throws {
    #expect(try lower("'text'\nx = 1", "<module>").procedure.body.count == 1)
    let read = try lower("'text'\nprint(__doc__)", "<module>")
    #expect(read.procedure.body.first == statement(.assign([.global("__doc__")], text("text"))))
    #expect(read.looksAtItself)
  }

  @Test("The interface is what a caller sees, imported names by their origin")
  func interface() throws {
    let source = """
      import functools as ft
      from typing import List
      class C(ft.partial, metaclass = M):
        @ft.lru_cache( maxsize=None )  # cached
        @classmethod
        async def f(cls, a, /, b: List[int] = [1,2], *c: int, d=ft, **e) -> "C":
          yield 1
        @staticmethod
        def g(): pass
      """
    let interface = try lower(source, "C.f").interface
    #expect(interface.decorators == ["functools.lru_cache(maxsize=None)", "classmethod"])
    #expect(interface.isAsync && interface.isGenerator && interface.isClassMethod && !interface.isStaticMethod)
    #expect(interface.parameters.map(\.name) == ["cls", "a", "b", "c", "d", "e"])
    #expect(
      interface.parameters.map(\.kind)
        == [.positionalOnly, .positionalOnly, .positional, .variadic, .keywordOnly, .variadicKeyword])
    #expect(interface.parameters[2].defaultText == "[1, 2]")
    #expect(interface.parameters[2].annotation == "typing.List[int]")
    #expect(interface.parameters[4].defaultText == "functools")
    #expect(interface.returnAnnotation == "\"C\"")
    #expect(try lower(source, "C.g").interface.isStaticMethod)
    #expect(try lower(source, "C").interface.bases == ["functools.partial", "metaclass=M"])
    let shadowed = try lower("def property(f): pass\nclass C:\n  @property\n  def f(self): pass", "C.f")
    #expect(shadowed.interface.decorators == ["<module>.property"])
    #expect(shadowed.references.contains(.module("property")))
  }

  @Test(
    "Annotations become hints where their names lead to builtins or typing",
    arguments: [
      ("int", TypeHint.int), ("str | None", .union([.string, .none])), ("list[int]", .list(.int)),
      ("List[float]", .list(.float)), ("t.Optional[bool]", .union([.bool, .none])), ("dict", .dictionary(.any, .any)),
      ("t.Dict[str, set[bytes]]", .dictionary(.string, .set(.bytes))), ("tuple[int, str]", .tuple([.int, .string])),
      ("tuple[int, ...]", .variadicTuple(.int)), ("t.Iterable[int]", .iterable(.int)),
      ("Callable[[int], str]", .callable),
      ("'int'", .int), ("Mine", .named("Mine")), ("t.Any", .any), ("frozenset[int]", .frozenSet(.int)),
      ("t.Union[int, None, int]", .union([.int, .none])), ("np.ndarray", .named("numpy.ndarray")),
    ])
  func hints(annotation: String, expected: TypeHint) throws {
    let head = "import typing as t, numpy as np\nfrom typing import List\nfrom collections.abc import Callable\n"
    #expect(try lower(head + "def f(x: \(annotation)): pass").procedure.parameters[0].hint == expected)
  }

  @Test("A name that the file binds is no type of the language")
  func shadowedHints() throws {
    #expect(try lower("class int: pass\ndef f(x: int): pass").procedure.parameters[0].hint == .named("<module>.int"))
    #expect(
      try lower("def f(x: int = None, *y: str): pass").procedure.parameters.map(\.hint)
        == [.union([.int, .none]), .variadicTuple(.string)])
  }
}

@Suite("What is not understood is refused with its line")
struct RefusalTests {
  @Test(
    "Forms whose meaning is unclear",
    arguments: [
      ("def f(a):\n  print >>a, 1", 2), ("def f(a):\n  pass\n  exec 'x'", 3), ("def f(a):\n  return a <> 1", 2),
      ("def f(a):\n  type X = int", 2), ("def f[T](a): pass", 1), ("def f(a):\n  class C[T]: pass", 2),
      ("def f(a):\n  try: a\n  except A, B: a", 3), ("def f(a):\n  a = (1 +", 2), ("def f(a):\n  f(a = *a)", 2),
    ])
  func refused(source: String, line: Int) throws {
    let error = try #require(try refusal(source))
    #expect(error.line == line, "\(error)")
    #expect(!error.reason.isEmpty)
  }

  @Test("An encoding that the text was not read in")
  func encoding() throws {
    #expect(try refusal("# -*- coding: latin-1 -*-\ndef f(): return 'é'")?.line == 1)
    #expect(try refusal("# -*- coding: utf-8 -*-\ndef f(): return 'é'") == nil)
    #expect(try refusal("# -*- coding: latin-1 -*-\ndef f(): return 'e'") == nil)
  }

  @Test(
    "Deep nesting, in every direction that a program can nest",
    arguments: [
      String(repeating: "(", count: 3000) + "a" + String(repeating: ")", count: 3000),
      String(repeating: "-", count: 3000) + "a",
      String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000),
      "a" + String(repeating: ".a", count: 3000), "a" + String(repeating: "()", count: 3000),
      "a" + String(repeating: "[0]", count: 3000), "a" + String(repeating: " + a", count: 3000),
      "a" + String(repeating: " ** a", count: 3000), String(repeating: "not ", count: 3000) + "a",
      String(repeating: "lambda: ", count: 1000) + "a", String(repeating: "a if a else ", count: 3000) + "a",
    ])
  func deepExpressions(source: String) throws {
    _ = try #require(try refusal("def f(a):\n  return " + source))
  }

  @Test("Long is not deep")
  func long() throws {
    let lines = (0..<3000).map { "  x\($0) = a + \($0)" }.joined(separator: "\n")
    #expect(try lower("def f(a):\n" + lines).procedure.body.count == 3000)
    #expect(try refusal("def f(a):\n  return a" + String(repeating: " or a", count: 3000)) == nil)
    #expect(try refusal("def f(a):\n  return [" + String(repeating: "a, ", count: 3000) + "]") == nil)
  }

  @Test("Deep statements")
  func deepStatements() throws {
    let depth = 90
    let nested = (0..<depth).map { String(repeating: " ", count: $0 + 1) + "if a:" }.joined(separator: "\n")
    #expect(try refusal("def f(a):\n\(nested)\n" + String(repeating: " ", count: depth + 1) + "a") == nil)
    let elifs = String(repeating: "  elif a: pass\n", count: 500)
    #expect(try refusal("def f(a):\n  if a: pass\n" + elifs)?.reason.contains("deeper") == true)
  }

  @Test("Broken text and random cuts of a program never crash")
  func cuts() throws {
    let source = """
      import a as b, c.d
      @deco
      class C(B, k=1):
        x: int = [y for y in z if (w := y)]
        async def f(self, *a, b=f"{x!r:>{y}}", **c):
          async with a as (b, *c), d: return await b ** 2
          match a:
            case {"k": [1, *_], **r} | C(x, y=-1) as z if z: del a[1:2, ::3], b.c
          try: raise A from B
          except* C as e: yield
          finally: nonlocal q
          x, *y[0] = lambda *a, b=1: (yield from a), {**b, **c}
      """
    let bytes = Array(source.utf8)
    for cut in stride(from: 0, to: bytes.count, by: 3) {
      for end in [bytes.count, min(bytes.count, cut + 90)] {
        let tree = try SyntaxTree(parsing: bytes[cut..<end], language: .python)
        let units = Units.extract(tree)
        let context = ModuleContext(tree: tree, units: units)
        #expect(context.tree === tree)
        for unit in units { _ = try? PythonLowering.lower(unit: unit, in: context) }
      }
    }
  }
}
