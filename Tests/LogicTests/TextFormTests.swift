import BigInt
import Logic
import Testing

/// Statement and expression shorthands that keep the expectations readable.
private func builtin(_ name: String, _ arguments: Expression...) -> Expression {
  .call(.global(.builtin(name)), arguments.map { Argument($0) })
}
private func int(_ value: Int) -> Expression { .constant(.int(BigInt(value))) }
private func text(_ value: String) -> Expression { .constant(.string(CodePoints(value))) }
private func local(_ name: String) -> Expression { .local(name) }
private func function(_ parameters: [String] = [], _ body: [Statement.Kind]) -> Procedure {
  Procedure(name: "f", parameters: parameters.map { Parameter($0) }, body: body.map { Statement($0) })
}
private func generator(_ element: Expression, over iterable: String, where test: Expression? = nil) -> Expression {
  .comprehension(
    Comprehension(
      kind: .generator, element: element,
      clauses: [.each(.local("x"), local(iterable), isAsync: false)] + (test.map { [.filter($0)] } ?? [])))
}

@Suite("The text of a procedure is what a reviewer reads")
struct TextFormTests {
  /// Prints as the lines given after the head, and reads back.
  private func expect(
    _ procedure: Procedure, _ lines: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let printed = ProcedurePrinter.print(procedure)
    let body = printed.split(separator: "\n").dropFirst().map { $0.dropFirst(2) }.joined(separator: "\n")
    #expect(body == lines, sourceLocation: sourceLocation)
    let (parsed, _) = try ProcedureParser.parse(printed)
    #expect(parsed == procedure, sourceLocation: sourceLocation)
  }

  @Test("a loop with a guard")
  func loop() throws {
    let procedure = Procedure(
      name: "Finder.total",
      parameters: [Parameter("items", hint: .list(.int)), Parameter("limit", defaultValue: int(0))],
      body: [
        Statement(.assign([.local("total")], int(0))),
        Statement(
          .forLoop(
            .unpack([.local("i"), .local("x")], starred: nil), builtin("enumerate", local("items")),
            body: [
              Statement(
                .branch(
                  .compare(.less, local("x"), local("limit")), then: [Statement(.continueLoop)],
                  otherwise: [
                    Statement(
                      .branch(local("i"), then: [Statement(.breakLoop)], otherwise: [Statement(.returnValue(nil))]))
                  ])),
              Statement(.augment(.local("total"), .add, local("x"))),
            ], otherwise: [], isAsync: false)),
        Statement(.returnValue(local("total"))),
      ])
    let expected = """
      function Finder.total(items: list[int], limit = 0)
        total = 0
        for i, x in enumerate(items) do
          if x < limit then
            continue
          elif i then
            break
          else
            return nothing
          end
          total += x
        end
        return total

      """
    #expect(ProcedurePrinter.print(procedure) == expected)
    #expect(try ProcedureParser.parse(expected).0 == procedure)
  }

  @Test("the high register is sugar for calls of builtins")
  func sugar() throws {
    let test = Expression.compare(.greater, local("x"), int(0))
    let square = Expression.binary(.multiply, local("x"), local("x"))
    try expect(
      function(["a"], [.returnValue(builtin("sum", generator(square, over: "a", where: test)))]),
      "return sum of x * x for x in a where x > 0")
    try expect(
      function(["a"], [.returnValue(builtin("sum", generator(int(1), over: "a", where: test)))]),
      "return count of x in a where x > 0")
    try expect(
      function(["a"], [.returnValue(builtin("next", generator(local("x"), over: "a", where: test), int(0)))]),
      "return first of x for x in a where x > 0 else 0")
    try expect(
      function(["a"], [.returnValue(.not(builtin("any", generator(test, over: "a"))))]),
      "return not (any of x > 0 for x in a)")
    try expect(
      function(["a"], [.returnValue(.binary(.subtract, builtin("len", local("a")), builtin("max", local("a"))))]),
      "return length of a - maximum of a")
  }

  @Test("a plain call stays a call where the sugar does not fit")
  func noSugar() throws {
    try expect(function(["a"], [.returnValue(builtin("sum", local("a")))]), "return sum(a)")
    try expect(
      function(["a"], [.returnValue(builtin("max", local("a"), int(1)))]), "return max(a, 1)")
    try expect(
      function(["a"], [.returnValue(.call(.local("sum"), [Argument(local("a"))]))]), "return local sum(a)")
  }

  @Test("names show where they lead")
  func names() throws {
    let read: [Expression] = [
      local("a"), .captured("b"), .namespace("c"), .global(.builtin("len")), .global(.module("helper")),
      .global(.imported("os.path.join")), .global(.unresolved("y")), local("unbound"), .global(.builtin("a")),
    ]
    try expect(
      function(["a", "end"], [.returnValue(.tuple((read + [local("end")]).map { .single($0) }))]),
      "return (a, ^b, $c, len, ::helper, @os.path.join, ?y, local unbound, !a, `end`)")
    try expect(
      function([], [.assign([.captured("n"), .global("m")], int(1)), .expression(local("x"))]),
      "^n = ::m = 1\ndo local x")
  }

  @Test("constants are exact")
  func constants() throws {
    let floats: [Double] = [0.1, -0.0, .infinity, 1e22]
    try expect(
      function([], [.returnValue(.tuple(floats.map { .single(.constant(.float(FloatBits($0)))) }))]),
      "return (0.1, -0.0, 1e999, 1e+22)")
    try expect(
      function([], [.returnValue(.constant(.string(CodePoints([0x61, 0x22, 0x0A, 0, 0xD800, 0xE9, 0x202E]))))]),
      "return \"a\\\"\\n\\x00\\ud800é\\u202e\"")
    try expect(
      function([], [.returnValue(.tuple([.single(int(-5)), .single(.unary(.negate, int(5)))]))]), "return (-5, -(5))")
    let huge = BigInt(7).power(9_000)
    #expect(
      try ProcedureParser.parse(ProcedurePrinter.print(function([], [.returnValue(.constant(.int(huge)))]))).0
        == function([], [.returnValue(.constant(.int(huge)))]))
    let signalling = FloatBits(Double(bitPattern: 0xFFF0_0000_0000_0001))
    try expect(function([], [.returnValue(.constant(.float(signalling)))]), "return 0nfff0000000000001")
  }

  @Test("parentheses stand only where they matter")
  func parentheses() throws {
    let a = local("a")
    func sum(_ left: Expression, _ right: Expression) -> Expression { .binary(.add, left, right) }
    try expect(function(["a"], [.returnValue(sum(sum(a, a), a))]), "return a + a + a")
    try expect(function(["a"], [.returnValue(sum(a, sum(a, a)))]), "return a + (a + a)")
    try expect(
      function(["a"], [.returnValue(.binary(.power, .unary(.negate, a), .unary(.negate, a)))]), "return (-a) ** -a")
    try expect(
      function(["a"], [.returnValue(.or([.and([a, .or([a, a])]), .not(.compare(.contains, a, a))]))]),
      "return a and (a or a) or not a in a")
    try expect(
      function(["a"], [.returnValue(.chain([a, a, .compare(.equal, a, a)], [.less, .notIdentical]))]),
      "return a < a is not (a == a)")
    try expect(
      function(["a"], [.returnValue(.item(a, .tuple([.single(.slice(nil, a, nil)), .single(.slice(a, nil, a))])))]),
      "return a[:a, a: :a]")
  }

  @Test("statements that could continue the one before start with `do`")
  func bareStatements() throws {
    try expect(
      function(
        ["a"],
        [
          .expression(text("note")), .expression(.attribute(local("a"), "end")),
          .expression(.call(.attribute(local("a"), "add"), [Argument(int(1), kind: .keyword("if"))])),
          .assign([.unpack([.unpack([.local("b")], starred: nil), .local("c")], starred: 1)], local("a")),
          .expression(.call(.attribute(text(""), "join"), [Argument(local("a"))])),
        ]),
      "do \"note\"\na.end\na.add(`if`=1)\ndo (b,), *c = a\ndo \"\".join(a)")
  }

  @Test("format strings, closures and lambdas")
  func nesting() throws {
    let name: Expression = .format([
      .literal(CodePoints("{a}: ")),
      .value(
        local("a"), conversion: "r",
        specification: [.literal(CodePoints(":>")), .value(int(3), conversion: nil, specification: nil)]),
    ])
    try expect(function(["a"], [.returnValue(name)]), #"return f"\{a\}: {a!r:\x3a>{3}}""#)
    let inner = Procedure(
      name: "step", kind: .generator, parameters: [Parameter("n", kind: .keywordOnly, defaultValue: local("a"))],
      body: [Statement(.expression(.yield(nil))), Statement(.assign([.captured("a")], local("n")))])
    let key = Procedure(name: "<lambda>", parameters: [Parameter("x")], body: [Statement(.returnValue(local("x")))])
    try expect(
      function(
        ["a"], [.assign([.local("g")], .closure(inner)), .returnValue(builtin("map", .closure(key), local("a")))]),
      "g = function* step(*, n = a)\n  yield nothing\n  ^a = n\nend\nreturn map(lambda (x): x, a)")
  }

  @Test("annotations stand beside the procedure")
  func annotations() throws {
    let source = """
      function f(a: list, b)
        cost O(n^2 log (m + 1)) where n = length of a, m = b
        raises ValueError when length of a == 0
        do cost = 1
        return maximum of a

      """
    let (procedure, annotations) = try ProcedureParser.parse(source)
    #expect(procedure.body.count == 2)
    #expect(annotations.cost?.bound == "n ^ 2 log ( m + 1 )")
    #expect(annotations.cost?.sizes.map(\.name) == ["n", "m"])
    #expect(annotations.raises.map(\.exception) == [.global(.builtin("ValueError"))])
    #expect(ProcedurePrinter.print(procedure, annotations: annotations) == source)
    let (bare, none) = try ProcedureParser.parse(ProcedurePrinter.print(procedure))
    #expect(bare == procedure)
    #expect(none.isEmpty)
  }

  @Test("a real text says what stands where it stops")
  func errors() {
    func message(_ text: String) -> String {
      do {
        _ = try ProcedureParser.parse(text)
        return "parsed"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message("function f(a)\n  return a +\n")
        == "summary text, line 3, column 1: expected an expression, found the end of the text")
    #expect(message("function f(a)\n  if a do\n") == "summary text, line 2, column 8: expected `then`, found `do`")
    #expect(message("function f(a) f(a) = 3").contains("expected a target before this, found `=`"))
    #expect(message("function f() x = \"abc").contains("expected a closing quote, found the end of the text"))
    #expect(message("hello").contains("expected `function`"))
    #expect(message("function f() return 5x").contains("expected white space after a number, found `x`"))
  }

  @Test(
    "hostile text is refused, never a crash",
    arguments: [
      String(repeating: "(", count: 5_000), String(repeating: "-", count: 5_000) + "1",
      String(repeating: "not ", count: 5_000) + "1", "1" + String(repeating: " ** 1", count: 10_000),
      "1" + String(repeating: " + 1", count: 10_000), "a" + String(repeating: ".a", count: 10_000),
      String(repeating: "[", count: 10_000), String(repeating: "{1: ", count: 10_000),
      String(repeating: "f\"{", count: 10_000), String(repeating: "lambda (): ", count: 10_000),
      String(repeating: "if 1 then 1 else ", count: 10_000), String(repeating: "await ", count: 10_000),
      String(repeating: "function f() return ", count: 10_000), String(repeating: "9", count: 10_000),
      String(repeating: "yield ", count: 10_000), String(repeating: "a[", count: 10_000), "\u{0}", "\"\\ud8\"",
    ])
  func hostileExpressions(_ expression: String) {
    #expect(throws: ProcedureSyntaxError.self) { try ProcedureParser.parse("function f()\n  return " + expression) }
  }

  @Test("hostile statements and bytes are refused, never a crash")
  func hostileStatements() {
    for statement in ["if 1 then ", "while 1 do ", "try ", "with a do ", "class a = b() do ", "switch a case ("] {
      let source = "function f() " + String(repeating: statement, count: 5_000)
      #expect(throws: ProcedureSyntaxError.self) { try ProcedureParser.parse(source) }
    }
    let chain = "function f() if 1 then " + String(repeating: "elif 1 then ", count: 5_000) + "end"
    #expect(throws: ProcedureSyntaxError.self) { try ProcedureParser.parse(chain) }
    #expect(throws: ProcedureSyntaxError.self) { try ProcedureParser.parse([0x66, 0xFF, 0xC0, 0x80]) }
    #expect(throws: ProcedureSyntaxError.self) { try ProcedureParser.parse([UInt8]()) }
  }

  @Test("long blocks are no deep ones")
  func longBlock() throws {
    let source = "function f(a)\n" + String(repeating: "  a.b.c(a + a)[1].d(a)\n", count: 5_000)
    #expect(try ProcedureParser.parse(source).0.body.count == 5_000)
  }

  @Test("code nested as deeply as lowering lets through reads back")
  func deep() throws {
    var value = local("a")
    for _ in 0..<200 { value = .list([.single(value)]) }
    let procedure = function(["a"], [.returnValue(value)])
    #expect(try ProcedureParser.parse(ProcedurePrinter.print(procedure)).0 == procedure)
  }
}
