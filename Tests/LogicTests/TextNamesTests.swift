import Logic
import Testing

@Suite("Locals can be renamed without a change of meaning")
struct TextNamesTests {
  private func parse(_ text: String) throws -> Procedure { try ProcedureParser.parse(text).0 }

  private func canonical(_ text: String) throws -> String {
    ProcedurePrinter.print(try parse(text), canonicalNames: true)
  }

  @Test("parameters by position, then by first occurrence")
  func order() throws {
    let one = "function f(items, limit) best = 0 for item in items do best = item + limit end return best"
    let two = "function f(values, bound) top = 0 for v in values do top = v + bound end return top"
    #expect(
      try canonical(one) == "function f(a, b)\n  c = 0\n  for d in a do\n    c = d + b\n  end\n  return c\n")
    #expect(try parse(one).canonicallyNamed() == parse(two).canonicallyNamed())
    let swapped = "function f(bound, values) top = 0 for v in values do top = v + bound end return top"
    #expect(try parse(one).canonicallyNamed() != parse(swapped).canonicallyNamed())
  }

  @Test("a captured variable follows its owner, and only it")
  func captured() throws {
    let text = """
      function f(count)
        g = function* g(*rest)
          x = ^count + ^free
          h = lambda (): ^x + ^count
          yield h
        end
        return g
      """
    #expect(
      try canonical(text) == """
        function f(a)
          b = function* g(*c)
            d = ^a + ^free
            e = lambda (): ^d + ^a
            yield e
          end
          return b

        """)
  }

  @Test("names that a caller could use stay, and no variable takes them")
  func keptNames() throws {
    let keyword = "function f(x) g = function g(a, *, key) return a end return g(a=x)"
    #expect(
      try canonical(keyword)
        == "function f(b)\n  c = function g(a, *, key)\n    return a\n  end\n  return c(a=b)\n")
    let free = "function f(x) g = function g() return ^a end return (x, g)"
    #expect(try canonical(free).hasPrefix("function f(b)\n  c = function g()\n    return ^a"))
  }

  @Test("a body that looks at its names keeps them")
  func introspection() throws {
    let text = "function f(items)\n  return (locals(), items)\n"
    #expect(try canonical(text) == text)
  }

  @Test("display names that would merge two variables are left out")
  func renaming() throws {
    let procedure = try parse("function f(a, b) c = a + b return lambda (): ^c + d")
    let swapped = ProcedurePrinter.print(procedure, renaming: ["a": "b", "b": "a", "c": "total"])
    #expect(swapped == "function f(b, a)\n  total = b + a\n  return lambda (): ^total + d\n")
    let merging = ProcedurePrinter.print(procedure, renaming: ["a": "b", "c": "a"])
    #expect(merging == ProcedurePrinter.print(procedure))
  }

  @Test("generated procedures keep their shape, and naming twice changes nothing", arguments: 0..<4)
  func idempotent(batch: UInt64) throws {
    for seed in (batch * 50)..<(batch * 50 + 50) {
      var generator = ProcedureGenerator(seed: seed)
      let procedure = generator.procedure(depth: 3)
      let named = procedure.canonicallyNamed()
      try #require(named.canonicallyNamed() == named, "seed \(seed)")
      try #require(try parse(ProcedurePrinter.print(named)) == named, "seed \(seed)")
    }
  }
}
