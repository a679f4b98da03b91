import Foundation
import Logic
import Lowering
import Syntax
import Testing

@Suite("Code that Python does not compile is not analysed")
struct CompilerRuleTests {
  static let refused: [String] = [
    "def f(x):\n    if x:\n        return 1\n        break\n",
    "def f(xs):\n    for x in xs:\n        pass\n    else:\n        continue\n",
    "def f(xs):\n    for x in xs:\n        def g():\n            break\n    return g\n",
    "def f(x):\n    await x\n",
    "def f(x):\n    async with x:\n        pass\n",
    "async def f(x):\n    yield 1\n    return x\n",
    "async def f(x):\n    yield from x\n",
    "def f(x):\n    return [(yield i) for i in x]\n",
    "def f(x):\n    print(y)\n    global y\n    y = x\n",
    "def f(x):\n    global x\n",
    "def f(x):\n    nonlocal y\n    y = x\n",
    "def f(x):\n    global y\n    y: int = x\n",
    "def f(x):\n    a, b: int = x\n",
    "def f(x):\n    __debug__ = x\n",
    "def f(g):\n    return g(a=2, 1)\n",
    "def f(g):\n    return g(a=2, a=3)\n",
    "def f(g, k):\n    return g(**k, *g)\n",
    "def f(x, x):\n    return x\n",
    "def f(x=1, y):\n    return y\n",
    "def f(x, *):\n    return x\n",
    "def f(*x, *y):\n    return x\n",
    "def f(x):\n    return (lambda a, a: a)(x)\n",
    "def f(x):\n    y := x\n    return y\n",
    "def f(x):\n    return [(i := 0) for i in x]\n",
    "def f(x):\n    return [i for i in (j := x)]\n",
    "def f(x):\n    match x:\n        case _:\n            return 1\n        case 2:\n            return 2\n",
    "def f(x):\n    match x:\n        case y:\n            return y\n        case 2:\n            return 2\n",
    "def f(x):\n    try:\n        x()\n    except:\n        pass\n    except ValueError:\n        pass\n",
    "def f(x):\n    from math import *\n",
    "def f(x):\n    def g():\n        y = 1\n        nonlocal x\n        x = y\n        return x\n    z: int = g()\n    global z\n",
  ]
  static let taken: [String] = [
    "def f(xs):\n    for x in xs:\n        if x:\n            break\n        else:\n            continue\n    else:\n        return 1\n",
    "def f(xs):\n    while True:\n        try:\n            continue\n        finally:\n            break\n",
    "async def f(x):\n    async with x as y:\n        async for z in y:\n            await z\n    return [i async for i in x]\n",
    "async def f(x):\n    yield 1\n    return\n",
    "def f(x):\n    def g():\n        nonlocal x\n        x = 1\n    g()\n    return x\n",
    "def f(x):\n    z.y = y = 1\n    def g():\n        global y\n        y = 2\n    g(y=3)\n    return y\n",
    "def f(x):\n    x.y: int = 1\n    x[0]: int = 2\n    w: int\n",
    "def f(g, a, k):\n    return g(1, *a, b=2, *a, **k, c=3)\n",
    "def f(a, b=1, *c, d, e=2, **g):\n    return a\n",
    "def f(a, /, b, *, c):\n    return a\n",
    "def f(x):\n    if (y := x) and (z := y):\n        return [w := z, w ** 2]\n    return x[y := 0]\n",
    "def f(xs):\n    while chunk := xs.read():\n        print(chunk, end=(y := ''))\n    return {i: last for i in xs if (last := i)}\n",
    "def f(x):\n    match x:\n        case 1 | 2:\n            return 1\n        case y if y > 3:\n            return y\n        case a.b:\n            return 2\n        case _:\n            return 3\n",
    "def f(x):\n    try:\n        x()\n    except ValueError:\n        pass\n    except:\n        raise\n",
    "def f(x):\n    return lambda a, *b, c=1: (a, b, c)\n",
    "def f(x):\n    return [i for i in (yield x)]\n",
    "def f(x):\n    match x:\n        case None:\n            return 1\n        case True | -1:\n            return 2\n        case 'a':\n            return 3\n        case [y, *_]:\n            return y\n        case y:\n            return y\n",
    "def f(x):\n    class A:\n        y: int = x\n        def g(self):\n            return __class__\n    return A\n",
  ]

  @Test("What the compiler refuses is refused", arguments: refused)
  func refuses(source: String) throws {
    #expect(try refusal(source)?.reason.hasPrefix("Python does not compile this: ") == true)
  }

  @Test("What it takes is taken", arguments: taken)
  func takes(source: String) throws { #expect(try refusal(source) == nil) }

  @Test("The real compiler says the same")
  func agrees() throws {
    let sources = try JSONEncoder().encode([Self.refused, Self.taken])
    let script = """
      import json, sys, warnings
      warnings.simplefilter("ignore")
      for group in json.load(sys.stdin):
          for source in group:
              try:
                  compile(source, "m", "exec")
                  print(1)
              except SyntaxError:
                  print(0)
      """
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", "-c", script]
    let (input, output) = (Pipe(), Pipe())
    (python.standardInput, python.standardOutput) = (input, output)
    try python.run()
    input.fileHandleForWriting.write(sources)
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    python.waitUntilExit()
    let expected = Self.refused.map { _ in "0" } + Self.taken.map { _ in "1" }
    #expect(text.split(separator: "\n").map(String.init) == expected)
  }

  @Test("Tabs and spaces that say one thing with one width of tabs only refuse the file")
  func tabs() throws {
    func refusal(_ source: String) throws -> Int? {
      PythonLowering.refusal(of: try SyntaxTree(parsing: Array(source.utf8), language: .python))?.line
    }
    #expect(try refusal("def f(x):\n    if x:\n        y = 1\n\treturn y\n    return 2\n") == 4)
    #expect(try refusal("def f(x):\n\tif x:\n\t\treturn 1\n\treturn 2\n") == nil)
    #expect(try refusal("def f(x):\n\tif x:\n\t    return 1\n\treturn (1,\n  2)\n") == nil)
    #expect(try refusal("def f(x):\n    '\\xg0'\n") == 2)
    #expect(try refusal("def f(x):\n    r'\\xg0'\n") == nil)
  }

  @Test("Characters have names")
  func names() throws {
    #expect(try value(#"'\N{LATIN SMALL LETTER SHARP S}\N{em dash}!'"#) == .constant(.string(CodePoints("ß—!"))))
    #expect(try refusal("def f():\n    return '\\N{NO SUCH LETTER}'\n") != nil)
  }
}
