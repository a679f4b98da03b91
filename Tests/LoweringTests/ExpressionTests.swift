import BigInt
import Logic
import Testing

@Suite("Expressions of Python")
struct ExpressionTests {
  @Test(
    "Operators group as the language says, whatever the grammar says",
    arguments: [
      ("a ^ b & c", Expression.binary(.bitXor, a, .binary(.bitAnd, b, c))),
      ("a & b ^ c", .binary(.bitXor, .binary(.bitAnd, a, b), c)),
      (
        "a | b ^ c & a << 1",
        .binary(.bitOr, a, .binary(.bitXor, b, .binary(.bitAnd, c, .binary(.shiftLeft, a, int(1)))))
      ),
      ("(a ^ b) & c", .binary(.bitAnd, .binary(.bitXor, a, b), c)),
      ("a - b - c", .binary(.subtract, .binary(.subtract, a, b), c)),
      ("a ** b ** c", .binary(.power, a, .binary(.power, b, c))),
      ("-a ** -b", .unary(.negate, .binary(.power, a, .unary(.negate, b)))),
      (
        "a + b * c @ a // b % c",
        .binary(
          .add, a, .binary(.modulo, .binary(.floorDivide, .binary(.matrixMultiply, .binary(.multiply, b, c), a), b), c))
      ),
      ("not a in b", .not(.compare(.contains, a, b))),
      ("a or b and not c", .or([a, .and([b, .not(c)])])),
      ("a or b or c", .or([a, b, c])),
      ("(a or b) or c", .or([.or([a, b]), c])),
      ("a < b <= c is not a", .chain([a, b, c, a], [.less, .lessOrEqual, .notIdentical])),
      (
        "a if b else c if a else b",
        .conditional(test: b, then: a, otherwise: .conditional(test: a, then: c, otherwise: b))
      ),
    ])
  func operators(source: String, expected: Expression) throws {
    #expect(try value(source) == expected)
  }

  @Test("await binds tighter than a power")
  func awaiting() throws {
    #expect(try value("await a ** b", isAsync: true) == .binary(.power, .await(a), b))
    #expect(try value("-await a ** b", isAsync: true) == .unary(.negate, .binary(.power, .await(a), b)))
    #expect(try value("await a.b(c)", isAsync: true) == .await(call(.attribute(a, "b"), c)))
  }

  @Test("A name given in an expression covers the whole conditional")
  func walrus() throws {
    #expect(
      try value("(x := a if b else c)")
        == .named(.local("x"), .conditional(test: b, then: a, otherwise: c)))
    #expect(
      try value("((x := a) if b else c)")
        == .conditional(test: b, then: .named(.local("x"), a), otherwise: c))
  }

  @Test("A star covers the call after it")
  func stars() throws {
    #expect(try value("*a(b), c") == .tuple([.spread(call(a, b)), .single(c)]))
    #expect(try value("[*a.b[c], b]") == .list([.spread(.item(.attribute(a, "b"), c)), .single(b)]))
    #expect(
      try value("a(*b(c), x=1, *c, **a)")
        == .call(
          a,
          [
            Argument(call(b, c), kind: .spread), Argument(c, kind: .spread), Argument(int(1), kind: .keyword("x")),
            Argument(a, kind: .spreadKeywords),
          ]))
    #expect(try refusal("def f(a):\n  return (*a)") != nil)
  }

  @Test(
    "Items and slices",
    arguments: [
      ("a[1]", Expression.item(a, int(1))),
      ("a[1,]", .item(a, .tuple([.single(int(1))]))),
      ("a[:]", .item(a, .slice(nil, nil, nil))),
      ("a[b::c]", .item(a, .slice(b, nil, c))),
      ("a[:b, ...]", .item(a, .tuple([.single(.slice(nil, b, nil)), .single(.constant(.ellipsis))]))),
      ("a[*b]", .item(a, .tuple([.spread(b)]))),
      ("()", .tuple([])), ("(a)", a), ("(a,)", .tuple([.single(a)])),
      ("{**a, b: c}", .dictionary([.spread(a), .pair(b, c)])),
    ])
  func items(source: String, expected: Expression) throws {
    #expect(try value(source) == expected)
  }

  @Test(
    "Numbers",
    arguments: [
      ("0x_Ff", Constant.int(255)), ("0b1_0", .int(2)), ("0o17", .int(15)), ("1_000", .int(1000)), ("00", .int(0)),
      ("123456789012345678901234567890", .int(BigInt("123456789012345678901234567890"))),
      ("1e5", .float(FloatBits(100_000))), (".5", .float(FloatBits(0.5))), ("1.", .float(FloatBits(1))),
      ("1_0.0_1e-1_0", .float(FloatBits(10.01e-10))), ("1e400", .float(FloatBits(.infinity))),
      ("1j", .imaginary(FloatBits(1))), ("1.5e3J", .imaginary(FloatBits(1500))),
    ])
  func numbers(source: String, expected: Constant) throws {
    #expect(try value(source) == .constant(expected))
  }

  @Test("A number that is none is refused", arguments: ["0777", "10L", String(repeating: "9", count: 5000)])
  func noNumbers(source: String) throws {
    #expect(try refusal("def f():\n  return \(source)") != nil)
  }

  @Test(
    "String literals hold exactly their characters",
    arguments: [
      (#"'\x41\101\u0041\U00000041\n\q'"#, "AAAA\n\\q"), (#"r'\n' "\\" 'x'"#, #"\n\x"#), (#"r'\\'"#, #"\\"#),
      (#"r'\''"#, #"\'"#), ("'''a\nb'''", "a\n  b"), ("'a\\\nb'", "a  b"), (#"u'é' "\0""#, "é\0"), ("''", ""),
      (#"f'{{}}' '{{'"#, "{}{{"),
    ])
  func strings(source: String, expected: String) throws {
    #expect(try value(source) == text(expected))
  }

  @Test("Lone surrogates and bytes are kept")
  func surrogates() throws {
    #expect(try value(#"'\ud800'"#) == .constant(.string(CodePoints([0xD800]))))
    #expect(try value(#"b'\xff\777\u0041'"#) == .constant(.bytes([255, 255, 92, 117, 48, 48, 52, 49])))
  }

  @Test(
    "A literal that cannot be read is refused with its line",
    arguments: [#"'\N{DASH}'"#, #"'\x4'"#, #"'\U00110000'"#, "b'é'", "b'a' 'b'", "t'{a}'", #"f'\N{DASH}'"#])
  func badStrings(source: String) throws {
    #expect(try refusal("def f(a):\n  return \(source)")?.line == 2)
  }

  @Test("Formatted literals")
  func formatted() throws {
    #expect(
      try value(#"f'x{a!r:>{b}.2}' 'y{' rf'\n{{{c}'"#)
        == .format([
          .literal(CodePoints("x")),
          .value(
            a, conversion: "r",
            specification: [
              .literal(CodePoints(">")), .value(b, conversion: nil, specification: nil), .literal(CodePoints(".2")),
            ]),
          .literal(CodePoints("y{\\n{")), .value(c, conversion: nil, specification: nil),
        ]))
    let lowered = try lower("def f(a):\n  return f'{ a = }'")
    #expect(lowered.looksAtItself)
    #expect(
      lowered.procedure.body == [
        giveBack(.format([.literal(CodePoints(" a = ")), .value(a, conversion: "r", specification: nil)]))
      ])
  }

  @Test("A comprehension's variable takes no other variable's name")
  func comprehensionNames() throws {
    func squares(_ name: String, over iterable: Expression) -> Expression {
      .comprehension(
        Comprehension(kind: .list, element: .local(name), clauses: [.each(.local(name), iterable, isAsync: false)]))
    }
    #expect(
      try value("[x for x in a], [x for x in b], [a for a in a]")
        == .tuple([
          .single(squares("x", over: a)), .single(squares("x_2", over: b)), .single(squares("a_2", over: a)),
        ]))
  }

  @Test("A comprehension whose variable a lambda keeps is a function of its own")
  func comprehensionCells() throws {
    guard case .call(.closure(let made), let arguments)? = try value("[lambda: (x, b) for x in a if x]") else {
      Issue.record("no call of a closure")
      return
    }
    #expect(arguments == [Argument(a)])
    let lambda = Expression.closure(
      Procedure(
        name: "<lambda>", body: [giveBack(.tuple([.single(.captured("x")), .single(.captured("b"))]))]))
    #expect(
      made.body == [
        assign("result", .list([])),
        statement(
          .forLoop(
            .local("x"), .local("iterator"),
            body: [
              statement(
                .branch(
                  .local("x"), then: [run(call(.attribute(.local("result"), "append"), lambda))], otherwise: []))
            ], otherwise: [], isAsync: false)),
        giveBack(.local("result")),
      ])
    // What the call drains at once keeps nothing.
    guard case .comprehension? = try value("[max((x * y for y in b), default=0) for x in a]") else {
      Issue.record("a drained generator needs no cells")
      return
    }
    guard case .call(.closure, _)? = try value("[(x * y for y in b) for x in a]") else {
      Issue.record("a generator that is kept needs cells")
      return
    }
  }

  @Test("Comprehensions of every kind, asynchronous ones too")
  func comprehensions() throws {
    #expect(
      try value("{x: y async for x, y in a if x if await y}", isAsync: true)
        == .comprehension(
          Comprehension(
            kind: .dictionary, key: .local("x"), element: .local("y"),
            clauses: [
              .each(.unpack([.local("x"), .local("y")], starred: nil), a, isAsync: true), .filter(.local("x")),
              .filter(.await(.local("y"))),
            ])))
    #expect(
      try value("a(x for y in b for x in y)")
        == call(
          a,
          .comprehension(
            Comprehension(
              kind: .generator, element: .local("x"),
              clauses: [
                .each(.local("y"), b, isAsync: false), .each(.local("x"), .local("y"), isAsync: false),
              ]))))
  }

  @Test("Lambdas are closures, with defaults of the scope around them")
  func lambdas() throws {
    #expect(
      try value("lambda x, /, *y, z=a, **w: x + b")
        == .closure(
          Procedure(
            name: "<lambda>",
            parameters: [
              Parameter("x", kind: .positionalOnly), Parameter("y", kind: .variadic),
              Parameter("z", kind: .keywordOnly, defaultValue: a), Parameter("w", kind: .variadicKeyword),
            ], body: [giveBack(.binary(.add, .local("x"), .captured("b")))])))
  }
}
