import Comparison
import Logic
import Testing

@Suite("Names, imports and constants written another way")
struct NameTests {
  @Test("A constant that gets a name is told where callers see it, and changes no function")
  func namedConstant() throws {
    let old = "def f(g):\n    for i in range(5):\n        g(i)\n"
    let new = "LIMIT = 5\ndef f(g):\n    for i in range(LIMIT):\n        g(i)\n"
    let units = compare(old, new)
    let function = try #require(units.first { $0.name == "f" })
    #expect(function.verdict == .same && function.assumptions == [.stableNames])
    let module = try #require(units.first { $0.name != "f" })
    #expect(module.verdict == .interface)
    #expect(module.interface.map(\.text) == ["name LIMIT added"])
  }

  @Test("Another value under the name is no such thing")
  func otherConstant() throws {
    let old = "def f(g):\n    for i in range(5):\n        g(i)\n"
    let new = "LIMIT = 6\ndef f(g):\n    for i in range(LIMIT):\n        g(i)\n"
    let function = try #require(compare(old, new).first { $0.name == "f" })
    #expect(function.verdict != .same)
  }

  @Test("A constant whose value changes is a change of the module")
  func changedConstant() {
    let units = compare("LIMIT = 5\n", "LIMIT = 6\n")
    #expect(units.contains { $0.verdict == .changed || $0.verdict == .unproven })
  }

  @Test("A name of a module is the same by either form of import")
  func imports() throws {
    let old = "import os.path\ndef f(p):\n    return os.path.join(p, 'x')\n"
    let new = "from os.path import join\ndef f(p):\n    return join(p, 'x')\n"
    let units = compare(old, new)
    let function = try #require(units.first { $0.name == "f" })
    #expect(function.verdict == .same && function.assumptions == [.stableNames])
    #expect(units.allSatisfy { $0.verdict == .same || $0.verdict == .interface })
  }

  @Test("Another module under the same name is a change")
  func otherModule() throws {
    let old = "from math import sqrt\ndef f(x):\n    return sqrt(x)\n"
    let new = "from cmath import sqrt\ndef f(x):\n    return sqrt(x)\n"
    let function = try #require(compare(old, new).first { $0.name == "f" })
    #expect(function.verdict != .same)
  }

  @Test(
    "An import inside a function stays where it is for what it does",
    arguments: [
      ("import json\ndef f():\n    import other\n", "import json\ndef f():\n    pass\n"),
      ("from . import a\ndef f():\n    from . import b\n", "from . import a\ndef f():\n    pass\n"),
      (
        "import json\ndef f():\n    import json.tool\n    return json.tool.main\n",
        "import json\ndef f():\n    return json.tool.main\n"
      ),
      (
        "def f():\n    import json.tool\n    return json.dumps\n", "def f():\n    import json\n    return json.dumps\n"
      ),
    ])
  func loadingImport(old: String, new: String) throws {
    let function = try #require(compare(old, new, steps: 0).first { $0.name == "f" })
    #expect(function.verdict != .same)
  }

  @Test("`super(C, self)` of a class whose name is bound again is not `super()`")
  func reboundClass() throws {
    let old = "class B: pass\nclass C(B):\n    def m(self):\n        return super(C, self).m()\n"
    let new = old.replacing("super(C, self)", with: "super()")
    let plain = try #require(compare(old, new, steps: 0).first { $0.name == "C.m" })
    #expect(plain.verdict == .same)
    let again = try #require(compare(old + "C = wrap(C)\n", new + "C = wrap(C)\n", steps: 0).first { $0.name == "C.m" })
    #expect(again.verdict != .same)
  }

  @Test("A function that moves to another file takes its module's names along only where they lead to the same")
  func movedNames() throws {
    func moved(_ constant: String) throws -> UnitResult {
      let function = "def scale(x, y):\n    z = x + y\n    return z * FACTOR\n"
      let report = compare(
        [
          "a.py": ("FACTOR = 1\n" + function, "FACTOR = 1\n"),
          "b.py": ("FACTOR = \(constant)\n", "FACTOR = \(constant)\n" + function),
        ], steps: 0)
      return try #require(report.files.flatMap(\.units).first { $0.name == "scale" && $0.verdict != .removed })
    }
    #expect(try moved("1").body == .same)
    #expect(try moved("2").body != .same)
  }

  @Test("An import may move from a function to its module, but two do not change places")
  func movedImport() throws {
    let inside = "def f(x):\n    import json\n    return json.dumps(x)\n"
    let outside = "import json\ndef f(x):\n    return json.dumps(x)\n"
    let function = try #require(compare(inside, outside).first { $0.name == "f" })
    #expect(function.verdict == .same)
    let first = "def f(x):\n    import a\n    import b\n    return a.g(b.h(x))\n"
    let second = "def f(x):\n    import b\n    import a\n    return a.g(b.h(x))\n"
    let swapped = try #require(compare(first, second).first { $0.name == "f" })
    #expect(swapped.verdict != .same)
  }

  @Test("super(C, self) is super() in a method of C, and of no other class")
  func explicitSuper() throws {
    let explicit = "class C(B):\n    def f(self, x):\n        return super(C, self).f(x)\n"
    let plain = "class C(B):\n    def f(self, x):\n        return super().f(x)\n"
    let method = try #require(compare(explicit, plain).first { $0.name == "C.f" })
    #expect(method.verdict == .same && method.assumptions == [.stableNames])
    let other = "class C(B):\n    def f(self, x):\n        return super(B, self).f(x)\n"
    let changed = try #require(compare(other, plain).first { $0.name == "C.f" })
    #expect(changed.verdict != .same)
    let decorated = "@wrap\nclass C(B):\n    def f(self, x):\n        return super(C, self).f(x)\n"
    let wrapped = try #require(
      compare(decorated, decorated.replacing("super(C, self)", with: "super()")).first { $0.name == "C.f" })
    #expect(wrapped.verdict != .same)
  }

  @Test("What differs only on values that do not fit is told as that")
  func oddValues() throws {
    let old = """
      def f(n):
          t = 0
          for i in range(1, n + 1):
              t += i
          return t
      """
    let new = """
      def f(n):
          if n < 1:
              return 0
          return n * (n + 1) // 2
      """
    let unit = try #require(compare(old, new, steps: 20_000_000).first)
    #expect(unit.verdict == .unproven)
    let bug = new.replacing("n + 1", with: "n - 1")
    #expect(try #require(compare(old, bug).first).verdict == .changed)
  }

  @Test("A module that is called globals says nothing of the names in this one")
  func globals() {
    let rest = "from .globals import x\nfrom app.globals import y\n"
    #expect(compare("import os\n" + rest, rest).map(\.verdict) == [.interface])
  }
}
