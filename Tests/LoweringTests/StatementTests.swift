import Logic
import Testing

@Suite("Statements of Python")
struct StatementTests {
  @Test(
    "Assignments",
    arguments: [
      ("x = y = a", [statement(.assign([.local("x"), .local("y")], a))]),
      ("x, *y = a", [statement(.assign([.unpack([.local("x"), .local("y")], starred: 1)], a))]),
      ("(x) = a", [assign("x", a)]),
      (
        "(x,) = [y] = a",
        [
          statement(.assign([.unpack([.local("x")], starred: nil), .unpack([.local("y")], starred: nil)], a))
        ]
      ),
      ("x, *a.b, *_c = a", []),
      (
        "a.b, *c[0] = *a, b",
        [
          statement(
            .assign(
              [.unpack([.attribute(a, "b"), .item(c, int(0))], starred: 1)], .tuple([.spread(a), .single(b)])))
        ]
      ),
      ("a.b += c", [statement(.augment(.attribute(a, "b"), .add, c))]),
      ("a[b] //= c", [statement(.augment(.item(a, b), .floorDivide, c))]),
      ("x: int = a", [assign("x", a)]),
      ("x: int", []),
      ("a.b[c]: int", [run(.attribute(a, "b")), run(c)]),
      ("type(a).b = c", [statement(.assign([.attribute(call(builtin("type"), a), "b")], c))]),
      (
        "del a, (b, c[0])",
        [
          statement(.delete(.local("a"))), statement(.delete(.local("b"))), statement(.delete(.item(c, int(0)))),
        ]
      ),
    ])
  func assignments(source: String, expected: [Statement]) throws {
    if source.contains("*_c") {
      #expect(try refusal("def f(a):\n  " + source) != nil)
    } else {
      #expect(try body(source) == expected)
    }
  }

  @Test("A bare annotation makes a name local")
  func annotationBinds() throws {
    let lowered = try lower("x = 1\ndef f():\n  x: int\n  return x")
    #expect(lowered.procedure.body == [giveBack(.local("x"))])
  }

  @Test("What does nothing leaves nothing")
  func trivia() throws {
    let source = """
      '''text'''
      # comment
      pass; ...
      "another"
      return (  # why
        a)
      """
    #expect(try body(source) == [giveBack(a)])
  }

  @Test("Loops, with their else")
  func loops() throws {
    #expect(
      try body("for x, in a, b:\n  break\nelse:\n  continue_ = 1")
        == [
          statement(
            .forLoop(
              .unpack([.local("x")], starred: nil), .tuple([.single(a), .single(b)]), body: [statement(.breakLoop)],
              otherwise: [assign("continue_", int(1))], isAsync: false))
        ])
    #expect(
      try body("while a: continue\nelse: return")
        == [
          statement(.whileLoop(a, body: [statement(.continueLoop)], otherwise: [giveBack(nil)]))
        ])
    #expect(
      try body("async for x in a: pass", isAsync: true)
        == [statement(.forLoop(.local("x"), a, body: [], otherwise: [], isAsync: true))])
  }

  @Test("elif nests")
  func branches() throws {
    #expect(
      try body("if a: return a\nelif b:\n  return b\nelse:\n  return c")
        == [
          statement(
            .branch(
              a, then: [giveBack(a)],
              otherwise: [statement(.branch(b, then: [giveBack(b)], otherwise: [giveBack(c)]))]))
        ])
  }

  @Test("Exceptions")
  func exceptions() throws {
    let source = """
      try:
        raise a from b
      except (ValueError, KeyError) as e:
        raise
      except:
        pass
      else:
        a
      finally:
        b
      """
    #expect(
      try body(source)
        == [
          statement(
            .tryBlock(
              [statement(.raise(a, cause: b))],
              handlers: [
                Handler(
                  type: .tuple([.single(builtin("ValueError")), .single(builtin("KeyError"))]), name: .local("e"),
                  body: [statement(.raise(nil, cause: nil))]),
                Handler(type: nil, name: nil, body: []),
              ], otherwise: [run(a)], finally: [run(b)]))
        ])
    guard case .tryBlock(_, let handlers, _, _)? = try body("try: a\nexcept* OSError as e: b").first?.kind else {
      Issue.record("no try")
      return
    }
    #expect(handlers == [Handler(type: builtin("OSError"), name: .local("e"), body: [run(b)], isGroup: true)])
    #expect(try body("assert a, b") == [statement(.assert(a, message: b))])
  }

  @Test(
    "Context managers nest, however they are parenthesized",
    arguments: ["with a as x, b:\n  c", "with (a as x, b):\n  c", "with (a as x, b,): c"])
  func with(source: String) throws {
    let inner = statement(.with(b, nil, body: [run(c)], isAsync: false))
    #expect(try body(source) == [statement(.with(a, .local("x"), body: [inner], isAsync: false))])
  }

  @Test("Parentheses around one context manager and a comma make no tuple")
  func parenthesizedWith() throws {
    #expect(try body("with (a,): c") == [statement(.with(a, nil, body: [run(c)], isAsync: false))])
  }

  @Test("`as` covers the whole expression before it")
  func aliases() throws {
    #expect(
      try body("with a if b else c as x: pass")
        == [statement(.with(.conditional(test: b, then: a, otherwise: c), .local("x"), body: [], isAsync: false))])
    #expect(
      try body("async with (a as (x, y)): pass", isAsync: true)
        == [statement(.with(a, .unpack([.local("x"), .local("y")], starred: nil), body: [], isAsync: true))])
  }

  @Test("Imports inside a function bind locals")
  func imports() throws {
    #expect(
      try body("import os.path, a.b as d\nfrom ..x import y as z, w")
        == [
          assign("os", .importModule("os.path", leaf: false)), assign("d", .importModule("a.b", leaf: true)),
          assign("z", .importName(module: "..x", name: "y")), assign("w", .importName(module: "..x", name: "w")),
        ])
  }

  @Test("Generators and coroutines are told by what they contain, closures not counted")
  func kinds() throws {
    #expect(try lower("def f():\n  x = yield\n  yield from x").procedure.kind == .generator)
    #expect(try lower("async def f():\n  pass").procedure.kind == .coroutine)
    #expect(try lower("async def f():\n  yield 1").procedure.kind == .asyncGenerator)
    #expect(try lower("def f():\n  lambda: (yield)\n  def g(): yield").procedure.kind == .function)
  }

  @Test("Patterns")
  func patterns() throws {
    let source = """
      match a, b:
        case -1 | "x" "y" | None | a.b: pass
        case [1, [x, *_]] if x: pass
        case {"k": -1, b.c: _, **rest}: pass
        case str(x, b.c, k=2) as y: pass
        case (x): pass
        case (x,): pass
        case 1, *r: pass
        case 1 - 2j: pass
        case _: return
      """
    guard case .match(let subject, let cases)? = try body(source).first?.kind else {
      Issue.record("no match")
      return
    }
    #expect(subject == .tuple([.single(a), .single(b)]))
    let minus = Pattern.value(.unary(.negate, int(1)))
    #expect(
      cases.map(\.pattern) == [
        .either([minus, .value(text("xy")), .value(none), .value(.attribute(a, "b"))]),
        .sequence([.value(int(1)), .sequence([.capture(.local("x")), .star(nil)])]),
        .mapping(
          [.init(key: text("k"), pattern: minus), .init(key: .attribute(b, "c"), pattern: .wildcard)],
          rest: .local("rest")),
        .alias(
          .classType(
            builtin("str"), [.capture(.local("x")), .value(.attribute(b, "c"))],
            keywords: [.init(name: "k", pattern: .value(int(2)))]), .local("y")),
        .capture(.local("x")),
        .sequence([.capture(.local("x"))]),
        .sequence([.value(int(1)), .star(.local("r"))]),
        .value(.binary(.subtract, int(1), .constant(.imaginary(FloatBits(2))))),
        .wildcard,
      ])
    #expect(cases[1].guardTest == .local("x"))
  }

  @Test("Statements know their lines")
  func lines() throws {
    let lowered = try lower("\n\ndef f(a):\n  if a:\n    return 1\n  elif 2:\n    try:\n      a\n    except a: pass\n")
    let outer = try #require(lowered.procedure.body.first)
    guard case .branch(_, let then, let otherwise) = outer.kind, case .branch(_, let inner, _)? = otherwise.first?.kind,
      case .tryBlock(_, let handlers, _, _)? = inner.first?.kind
    else {
      Issue.record("unexpected shape")
      return
    }
    #expect([outer.line, then[0].line, otherwise[0].line, inner[0].line, handlers[0].line] == [4, 5, 6, 7, 9])
  }
}
