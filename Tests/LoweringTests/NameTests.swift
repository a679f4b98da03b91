import Logic
import Lowering
import Testing

@Suite("Where names lead")
struct NameTests {
  /// What `return name` in `def f()` at the end of the file reads.
  private func read(_ file: String, _ name: String, package: [String]? = nil) throws -> Reference {
    try context(file, package: package).resolve(name)
  }

  @Test(
    "A builtin is one only when nothing in the file can bind it",
    arguments: [
      ("", Reference.builtin("len")),
      ("len = 3", .module("len")),
      ("def len(x): pass", .module("len")),
      ("class len: pass", .module("len")),
      ("if 0:\n  for len in x: pass", .module("len")),
      ("def g():\n  global len\n  len = 3", .module("len")),
      ("class C:\n  global len\n  def len(self): pass", .module("len")),
      ("import len", .imported("len")),
      ("from x import y as len", .imported("x.y")),
      ("from x import *", .unresolved("len")),
      ("globals()['le' + 'n'] = 3", .unresolved("len")),
      ("print(globals()['len'])", .builtin("len")),
      ("def g(len): len = 3", .builtin("len")),
      ("class C:\n  def len(self): pass", .builtin("len")),
      ("[len for len in x]", .builtin("len")),
      ("[len := y for y in x]", .module("len")),
    ])
  func builtins(file: String, expected: Reference) throws {
    #expect(try read(file, "len") == expected)
  }

  @Test(
    "Imports lead to their origin",
    arguments: [
      ("import os.path", "os", Reference.imported("os")),
      ("import os.path as p", "p", .imported("os.path")),
      ("from os.path import join as j", "j", .imported("os.path.join")),
      ("from . import x", "x", .imported(".x")),
      ("from ..a.b import x", "x", .imported("..a.b.x")),
      ("from math import sqrt\nfrom cmath import sqrt", "sqrt", .module("sqrt")),
      ("try:\n  import json\nexcept ImportError:\n  json = None", "json", .module("json")),
      ("try:\n  import a as x\nexcept ImportError:\n  import b as x", "x", .module("x")),
      ("if t:\n  import a\nelse:\n  import a", "a", .module("a")),
      ("try:\n  import a\nexcept ImportError:\n  pass", "a", .module("a")),
      ("import a\nif t:\n  import a", "a", .imported("a")),
      ("import a\ndef g():\n  global a\n  a = 1", "a", .module("a")),
      ("import a\nfrom x import *", "a", .module("a")),
      ("from x import *\nimport a", "a", .imported("a")),
      ("from x import *\na = 1", "a", .module("a")),
      ("", "nowhere", .module("nowhere")),
      ("from x import *", "__name__", .module("__name__")),
    ])
  func imports(file: String, name: String, expected: Reference) throws {
    #expect(try read(file, name) == expected)
  }

  @Test("A relative import is made absolute when the package is known")
  func relative() throws {
    #expect(try read("from . import x", "x", package: ["a", "b"]) == .imported("a.b.x"))
    #expect(try read("from ..c import x", "x", package: ["a", "b"]) == .imported("a.c.x"))
    #expect(try read("from ...c import x", "x", package: ["a", "b"]) == .imported("...c.x"))
    let lowered = try lower("def f():\n  from .c import x", package: ["a"])
    #expect(lowered.procedure.body == [assign("x", .importName(module: "a.c", name: "x"))])
  }

  @Test("A function's own names hide the rest from its first line on")
  func locals() throws {
    let lowered = try lower("x = 1\ndef f(a):\n  a(x)\n  if a:\n    x = 2")
    #expect(lowered.procedure.body.first == run(call(a, .local("x"))))
    for binding in [
      "import x", "from y import x", "for x in a: pass", "with a as x: pass", "def x(): pass", "class x: pass",
      "(x := 1)", "[x := y for y in a]", "del x", "x += 1", "match a:\n    case x: pass",
      "match a:\n    case {'k': [*x]}: pass", "try: pass\n  except a as x: pass", "a, (b, *x) = a",
    ] {
      let lowered = try lower("x = 1\ndef f(a):\n  a(x)\n  " + binding)
      #expect(lowered.procedure.body.first == run(call(a, .local("x"))), "\(binding)")
    }
  }

  @Test("global and nonlocal")
  func declarations() throws {
    let lowered = try lower("def f():\n  global x\n  x = x + 1")
    #expect(
      lowered.procedure.body == [
        statement(.assign([.global("x")], .binary(.add, .global(.module("x")), int(1))))
      ])
    #expect(lowered.references == [.module("x")])
    let inner = try lower("def f(n):\n  def g():\n    nonlocal n\n    n = n + 1\n  return g", "f.<locals>.g")
    #expect(
      inner.procedure.body == [
        statement(.assign([.captured("n")], .binary(.add, .captured("n"), int(1))))
      ])
  }

  @Test("A nested function captures from the functions around it and never from a class")
  func captured() throws {
    let source = """
      def f(a):
        class C:
          a = 1
          x = a
          def m(self):
            return a, x
        return C
      """
    #expect(
      try lower(source, "f.<locals>.C.m").procedure.body
        == [giveBack(.tuple([.single(.captured("a")), .single(.global(.module("x")))]))])
    #expect(
      try lower(source, "f.<locals>.C").procedure.body.prefix(2)
        == [
          statement(.assign([.namespace("a")], int(1))), statement(.assign([.namespace("x")], .namespace("a"))),
        ])
    // The same class seen from the function keeps the bodies of its methods.
    guard case .defineClass(.local("C"), let definition)? = try lower(source).procedure.body.first?.kind,
      case .assign(_, .closure(let method))? = definition.body.body.last?.kind
    else {
      Issue.record("no class in the function")
      return
    }
    #expect(method.body == [giveBack(.tuple([.single(.captured("a")), .single(.global(.module("x")))]))])
  }

  @Test("Only the first iterable of a comprehension sees the class around it")
  func classComprehension() throws {
    let lowered = try lower("class C:\n  x = 1\n  y = [x for z in x if x]", "C")
    #expect(
      lowered.procedure.body.last
        == statement(
          .assign(
            [.namespace("y")],
            .comprehension(
              Comprehension(
                kind: .list, element: .global(.module("x")),
                clauses: [
                  .each(.local("z"), .namespace("x"), isAsync: false), .filter(.global(.module("x"))),
                ])))))
  }

  @Test("A comprehension's variable never catches what a closure looks up further out")
  func comprehensionAndClosure() throws {
    let lowered = try lower(
      "def g(x):\n  def f(a):\n    y = [x for x in a]\n    return lambda: x", "g.<locals>.f")
    guard case .returnValue(.closure(let lambda))? = lowered.procedure.body.last?.kind,
      case .assign(_, .comprehension(let made))? = lowered.procedure.body.first?.kind
    else {
      Issue.record("unexpected shape")
      return
    }
    #expect(lambda.body == [giveBack(.captured("x"))])
    #expect(made.element != .local("x"))
  }

  @Test("Private names are mangled by the class around them")
  func mangling() throws {
    let source = "class _K:\n  __a = 1\n  def f(self, __b):\n    self.__c = __b, __d, __e__, self.f(__g=1)"
    #expect(
      try lower(source, "_K").procedure.body.first == statement(.assign([.namespace("_K__a")], int(1))))
    let method = try lower(source, "_K.f")
    #expect(method.procedure.parameters.map(\.name) == ["self", "_K__b"])
    #expect(
      method.procedure.body == [
        statement(
          .assign(
            [.attribute(.local("self"), "_K__c")],
            .tuple([
              .single(.local("_K__b")), .single(.global(.module("_K__d"))), .single(.global(.module("__e__"))),
              .single(.call(.attribute(.local("self"), "f"), [Argument(int(1), kind: .keyword("__g"))])),
            ])))
      ])
  }

  @Test("super() names what it reads")
  func superCall() throws {
    let lowered = try lower("class C(B):\n  def f(this):\n    return super().f()", "C.f")
    #expect(
      lowered.procedure.body == [
        giveBack(call(.attribute(call(builtin("super"), .captured("__class__"), .local("this")), "f")))
      ])
    #expect(try refusal("class C:\n  def f(self):\n    return [super().x for y in self]", "C.f") != nil)
    #expect(
      try lower("def super(): pass\nclass C:\n  def f(self): super()", "C.f").procedure.body
        == [run(call(.global(.module("super"))))])
  }

  @Test("Identifiers that NFKC would change are refused, other scripts are not")
  func identifiers() throws {
    #expect(try refusal("def f(α, Δ, 名, é): return α + Δ + 名 + é") == nil)
    for name in ["ﬁ", "𝐱", "ℌ", "e\u{301}", "\u{212A}", "\u{2126}"] {
      #expect(try refusal("def f(x):\n  return \(name)")?.line == 2, "\(name)")
    }
  }

  @Test(
    "Code that looks at itself is told apart",
    arguments: [
      ("locals()", true), ("vars()", true), ("vars(a)", false), ("eval(a)", true), ("a.__doc__", false),
      ("a.__annotations__", true), ("f.__doc__", true), ("(lambda: a).__doc__", true),
      ("(lambda: globals())", true), ("a.b", false), ("a.__name__", false), ("a.__qualname__", false),
      ("(lambda: a).__qualname__", true), ("dir(a)", false), ("a(dir)", true),
    ])
  func looksAtItself(source: String, expected: Bool) throws {
    #expect(try lower("def f(a): return " + source).looksAtItself == expected)
  }

  @Test(
    "Functions of inspect that look at no frame are plain",
    arguments: [("cleandoc(a)", false), ("isclass(a)", false), ("stack()", true), ("getsource(a)", true)])
  func inspect(call: String, expected: Bool) throws {
    let name = call.prefix { $0 != "(" }
    #expect(try lower("import inspect\ndef f(a): return inspect.\(call)", "f").looksAtItself == expected)
    #expect(try lower("from inspect import \(name)\ndef f(a): return \(call)", "f").looksAtItself == expected)
  }

  @Test("A docstring is read as its own only where a definition inside has one")
  func innerDocumentation() throws {
    let source = "def f(a):\n  def g():\n    %return a\n  return g.__doc__\n"
    #expect(try !lower(source.replacing("%", with: "")).looksAtItself)
    #expect(try lower(source.replacing("%", with: "'text'\n    ")).looksAtItself)
  }

  @Test("Constants, functions, methods and managed attributes of a file are known")
  func facts() throws {
    let file = """
      LIMIT = -3
      PAIR = (1, "a")
      TWICE = 1
      TWICE = 2
      def helper(): pass
      @wraps
      def wrapped(): pass
      def twice(): pass
      def twice(): pass
      class Box:
        size = property(lambda self: 1)
        plain = 3
        def get(self): pass
        @property
        def area(self): pass
        @area.setter
        def area(self, value): pass
        @staticmethod
        def make(): pass
      """
    let context = try context(file)
    #expect(context.constant("LIMIT") == .unary(.negate, int(3)))
    #expect(context.constant("PAIR") == .tuple([.single(int(1)), .single(text("a"))]))
    #expect(context.constant("TWICE") == nil)
    #expect(Set(context.functions.keys) == ["helper"])
    #expect(context.methods["Box"].map { Set($0.keys) } == ["get"])
    #expect(context.decorated.isSuperset(of: ["wrapped", "Box.area", "Box.make"]))
    #expect(context.managedAttributes == ["size", "area"])
    #expect(!context.hooksAttributes)
    #expect(try LoweringTests.context("class C:\n  def __getattr__(self, n): pass").hooksAttributes)
  }

}
