import Checking
import Logic
import Testing

@Suite("Values that code holds against each other")
struct CorrespondenceTests {
  @Test("A run notes what it asked of what it was given")
  func noted() throws {
    let program = Interpreter.compile(
      Program(try procedure("def f(table, name):\n  return name in table and table[name].startswith('on')\n")))
    var limits = Limits()
    let table = Input.dictionary([.init(.string("a"), .string("off"))])
    func meetings(_ name: String) -> [Meeting] {
      Interpreter.run(program, arguments: [table, .string(name)], limits: limits).meetings
    }
    #expect(meetings("a").isEmpty)
    limits.notesMeetings = true
    #expect(meetings("b").contains(.asked(table, for: .string("b"))))
    #expect(meetings("a").contains(.searched(CodePoints("off"), for: [CodePoints("on")], at: .start)))
  }

  @Test("What stands three lookups away is found")
  func chain() throws {
    let old = """
      def f(codes, wanted):
        seen = []
        while wanted in codes and len(seen) < 4:
          seen.append(wanted)
          wanted = codes[wanted]
        return wanted if len(seen) == 4 else None

      """
    let new = old.replacing("return wanted if", with: "return seen[0] if")
    let found = try #require(try check(old, new).counterexample)
    #expect(found.isReproduced(by: try procedure(old), as: .old))
    #expect(found.isReproduced(by: try procedure(new), as: .new))
  }

  @Test("What a second pass over an iterator gives is meant")
  func secondPass() throws {
    let old = "def f(xs):\n  low = min(xs)\n  return low, list(xs)\n"
    let new = "def f(xs):\n  every = list(xs)\n  return min(every), every\n"
    #expect(try check(old, new).counterexample != nil)
  }

  @Test("No object is unlike itself, or equal to two texts")
  func likeness() throws {
    let old = "def f(votes):\n  for vote in votes:\n    if vote == votes[0]:\n      return vote\n  return None\n"
    let new = "def f(votes):\n  for vote in votes:\n    return vote\n  return None\n"
    #expect(try check(old, new).counterexample == nil)
  }
}
