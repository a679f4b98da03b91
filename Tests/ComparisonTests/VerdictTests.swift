import Comparison
import Testing

/// Compares two versions of one file, or of several.
func compare(_ old: String, _ new: String, steps: Int = 2_000_000) -> [UnitResult] {
  compare(["m.py": (old, new)], steps: steps).files.flatMap(\.units)
}

func compare(
  _ files: KeyValuePairs<String, (old: String?, new: String?)>, steps: Int = 2_000_000, jobs: Int = 2
) -> ComparisonReport {
  let pairs = files.map { path, sides in
    FilePair(
      path: path, status: sides.old == nil ? .added : sides.new == nil ? .deleted : .modified,
      old: sides.old.map { .text(Array($0.utf8)) }, new: sides.new.map { .text(Array($0.utf8)) })
  }
  var options = ComparisonOptions(jobs: jobs)
  options.steps = steps
  return ComparisonRun(old: "old", new: "new", files: pairs, options: options).run()
}

@Suite("Verdicts")
struct VerdictTests {
  @Test("A comment, a docstring and layout change nothing that is listed")
  func trivia() {
    let old = "def f(x):\n    return x + 1\n"
    let new = "def f(x):\n    '''Adds one.'''\n    # plus one\n    return (x\n            + 1)\n"
    #expect(compare(old, new).allSatisfy { $0.verdict == .same && $0.evidence == .proved })
  }

  @Test("A renamed local is proved the same")
  func renamed() throws {
    let units = compare("def f(x):\n    y = g(x)\n    return y\n", "def f(x):\n    z = g(x)\n    return z\n")
    let unit = try #require(units.first)
    #expect(units.count == 1)
    #expect(unit.verdict == .same && unit.evidence == .proved && unit.assumptions.isEmpty)
  }

  @Test("Without a budget nothing is run, so no cost is measured and none is claimed")
  func noBudget() throws {
    let old = "def f(items):\n    total = 0\n    for item in items:\n        total += 1\n    return total\n"
    let new = old.replacingOccurrences(of: "total", with: "count")
    let quick = try #require(compare(old, new, steps: 0).first)
    #expect(quick.verdict == .same && quick.cost == nil)
    #expect(try #require(compare(old, new).first).cost?.new == "O(n)")
  }

  @Test("A difference is changed, with an input on which both outcomes are told")
  func changed() throws {
    let units = compare(
      "def f(n):\n    return n // 2 if n > 0 else 0\n", "def f(n):\n    return n // 2 if n >= -1 else 0\n")
    let unit = try #require(units.first)
    #expect(unit.verdict == .changed)
    let example = try #require(unit.counterexample)
    #expect(example.arguments.contains { $0.hasPrefix("n = ") })
    #expect(example.old != example.new)
    #expect(unit.location == Location(old: .init(1, 2), new: .init(1, 2)))
  }

  @Test("Nothing is the same because tests found nothing")
  func neverTestedToSame() {
    // Equal on every input that a search is likely to meet.
    let units = compare(
      "def f(s):\n    return len(s) > 3\n", "def f(s):\n    return len(s) > 3 and s != 'rare word 7f3a'\n",
      steps: 200_000)
    #expect(units.count == 1)
    #expect(units.allSatisfy { $0.verdict != .same })
  }

  @Test("A renamed parameter is interface, by position and with the body the same")
  func parameterName() throws {
    let unit = try #require(compare("def f(a):\n    return a[0]\n", "def f(b):\n    return b[0]\n").first)
    #expect(unit.verdict == .interface && unit.body == .same)
    #expect(unit.interface.map(\.text) == ["parameter a -> b"])
  }

  @Test("An added parameter stands at its default, and is listed")
  func addedParameter() throws {
    let old = "def f(a):\n    return g(a)\n"
    let unit = try #require(compare(old, "def f(a, b=None):\n    return g(a)\n").first)
    #expect(unit.verdict == .interface && unit.body == .same)
    #expect(unit.interface.map(\.text) == ["parameter b (default None) added"])
  }

  @Test(
    "What a caller sees is listed",
    arguments: [
      ("def f(a=1):\n    return a\n", "def f(a=2):\n    return a\n", "default of a 1 -> 2"),
      ("def f(a: int):\n    return a\n", "def f(a: str):\n    return a\n", "annotation of a int -> str"),
      ("def f() -> int:\n    return 1\n", "def f():\n    return 1\n", "return annotation int -> none"),
      ("def f(a):\n    return a\n", "def f(*, a):\n    return a\n", "parameter a by position or name -> by name only"),
      ("@cache\ndef f(a):\n    return a\n", "def f(a):\n    return a\n", "decorator @cache removed"),
    ])
  func interface(old: String, new: String, edit: String) {
    let units = compare(old, new)
    #expect(units.contains { $0.name == "f" && $0.verdict == .interface && $0.interface.map(\.text) == [edit] })
  }

  @Test("The interface list stays beside a body that changed")
  func changedWithInterface() throws {
    let unit = try #require(compare("def f(a):\n    return 1\n", "def f(b):\n    return 2\n").first)
    #expect(unit.verdict == .changed && unit.interface.map(\.text) == ["parameter a -> b"])
  }

  @Test("Equal text that leads to another definition is looked at")
  func bindings() {
    let body = "\n\ndef f(x):\n    return sqrt(x)\n"
    let units = compare("from math import sqrt" + body, "from cmath import sqrt" + body)
    #expect(units.contains { $0.name == "f" && $0.verdict != .same })
  }

  @Test("A renamed function with the same body is interface, not a removal and an addition")
  func renamedFunction() {
    let body =
      "(values):\n    result = []\n    for value in values:\n        result.append(g(value))\n    return result\n"
    let units = compare("def before" + body, "def after" + body)
    #expect(units.map(\.verdict) == [.interface])
    #expect(units.first?.interface.map(\.text) == ["name before -> after"])
    #expect(units.first?.oldName == "before")
  }

  @Test("A broken function is not analysed, with its line, and the others are")
  func broken() {
    let units = compare(
      "def f(x):\n    return x\n\n\ndef g(x):\n    return 1\n",
      "def f(x):\n    return x x\n\n\ndef g(x):\n    return 2\n")
    #expect(units.contains { $0.verdict == .notAnalysed && ($0.reason ?? "").contains("line 2") })
    #expect(units.contains { $0.name == "g" && $0.verdict == .changed })
  }

  @Test("Code that looks at its own names is not analysed when a local is renamed")
  func looksAtItself() {
    let units = compare(
      "def f(x):\n    y = x\n    return locals()\n", "def f(x):\n    z = x\n    return locals()\n")
    #expect(units.map(\.verdict) == [.notAnalysed])
  }

  @Test("A method that was added is told once, not again as a change of its class and module")
  func addedMethod() {
    let old = "class A:\n    def f(self):\n        return 1\n"
    let units = compare(old, old + "\n    def g(self):\n        return 2\n")
    #expect(units.map(\.name) == ["A.g"])
    #expect(units.map(\.verdict) == [.added])
  }

  @Test("A decorator is told at its function, not again at the module")
  func decorator() {
    let body = "def f(a):\n    return a\n"
    let units = compare("import x\n\n\n@x.old\n" + body, "import x\n\n\n@x.new\n" + body)
    #expect(units.map(\.verdict) == [.interface])
    #expect(units.first?.interface.first?.text == "@x.old -> @x.new")
  }

  @Test("Module code that changed is a unit of its own")
  func moduleCode() {
    let units = compare("LIMIT = 3\n", "LIMIT = 4\n")
    #expect(units.map(\.kind) == ["module"])
    #expect(units.allSatisfy { $0.verdict != .same })
  }
}

@Suite("Many files")
struct ManyFilesTests {
  private let body = "(a):\n    return a.size\n"

  @Test("One decorator changed on many functions is one group")
  func group() throws {
    func text(_ decorator: String, _ suffix: String) -> String {
      "import x\n\n\n@x.\(decorator)(key=1)\ndef f\(suffix)\(body)\n\n@x.\(decorator)\ndef g\(suffix)\(body)"
    }
    let report = compare([
      "a.py": (text("old", "1"), text("new", "1")), "b.py": (text("old", "2"), text("new", "2")),
    ])
    let group = try #require(report.groups.first)
    #expect(report.groups.count == 1)
    #expect(group.edit == "@x.old -> @x.new" && group.count == 4)
    #expect(report.counts == [.interface: 4])
  }

  @Test("A function that moved to another file is paired with itself")
  func moved() throws {
    let function = "def size(a):\n    total = 0\n    for item in a:\n        total += item.size\n    return total\n"
    let report = compare(["a.py": (function + "\n\nx = 1\n", "x = 1\n"), "b.py": ("y = 2\n", "y = 2\n\n\n" + function)])
    let unit = try #require(report.files.flatMap(\.units).first { $0.name == "size" })
    #expect(unit.verdict == .interface && unit.body == .same)
    #expect(unit.interface.map(\.text) == ["moved from a.py"])
  }

  @Test("An added file has its functions added; a deleted one has them removed")
  func addedAndDeleted() {
    let text = "def f(a):\n    return a\n\n\nclass C:\n    def g(self):\n        return 1\n"
    #expect(compare(["a.py": (nil, text)]).counts[.added, default: 0] >= 2)
    #expect(compare(["a.py": (text, nil)]).counts[.removed, default: 0] >= 2)
  }

  @Test("A caller is told which of its callees changed")
  func callees() throws {
    let old = "def g(x):\n    return x + 1\n\n\ndef f(x):\n    return [g(x)]\n"
    let new = "def g(x):\n    return x + 2\n\n\ndef f(x):\n    return (g(x),)\n"
    let unit = try #require(compare(["m.py": (old, new)]).files.first?.units.first { $0.name == "f" })
    #expect(unit.view.changedCallees == ["g"])
  }

  @Test("A function that reads a changed constant has changed with it, its own text or not")
  func constants() throws {
    let old = "LIMIT = 10\nOTHER = 1\n\n\ndef f(x: int):\n    return x < LIMIT\n\n\ndef g(x):\n    return OTHER\n"
    let units = compare(old, old.replacing("LIMIT = 10", with: "LIMIT = 11"))
    let unit = try #require(units.first { $0.name == "f" })
    #expect(unit.verdict == .changed)
    #expect(unit.counterexample?.arguments == ["x = 10"])
    #expect(unit.view.changedConstants == ["LIMIT"])
    #expect(!units.contains { $0.name == "g" })
  }

  @Test("A constant changed in another file of the diff is followed there")
  func importedConstants() throws {
    let use = "from pack.settings import LIMIT\n\n\ndef f(x: int):\n    y = x\n    return y < LIMIT\n"
    let files: KeyValuePairs<String, (old: String?, new: String?)> = [
      "pack/settings.py": ("LIMIT = 10\n", "LIMIT = 11\n"), "pack/use.py": (use, use.replacing("y", with: "z")),
    ]
    let unit = try #require(compare(files).files.flatMap(\.units).first { $0.name == "f" })
    #expect(unit.verdict == .changed)
    #expect(unit.view.changedConstants == ["LIMIT"])
  }

  @Test("A condition that rests on a variable before it has a value comes to an end")
  func conditionWithoutValue() {
    let new = """
      def f(self, label, within, only, **kw):
          shown = shown and (not within)
          if only_once or shown:
              name = label.name
          elif only_once:
              return self.preparer.format_label(label, name)
          else:
              return label.element.visit(self, within=False, **kw)
      """
    let found = compare("def f(self, label, within, only, **kw):\n    pass\n", new)
    #expect(found.contains { $0.name == "f" && $0.verdict != .same })
  }

  @Test("The report does not depend on the number of jobs")
  func jobs() throws {
    let files: KeyValuePairs<String, (old: String?, new: String?)> = [
      "a.py": ("def f(x):\n    return x < 1\n", "def f(x):\n    return x <= 1\n"),
      "b.py": ("def g(x):\n    return h(x)\n", "def g(y):\n    return h(y)\n"), "c.py": (nil, "def c():\n    pass\n"),
    ]
    let one = compare(files, jobs: 1).files.flatMap(\.units)
    let many = compare(files, jobs: 5).files.flatMap(\.units)
    #expect(one.map(\.name) == many.map(\.name))
    #expect(one.map(\.counterexample) == many.map(\.counterexample))
    #expect(one.map(\.verdict) == many.map(\.verdict))
  }
}

@Suite("Renamed and moved classes")
struct RenamedClassTests {
  private static let methods = """
        unit = "m"
        width = 0
        height = 0

        def area(self):
            return self.width * self.height

        def scale(self, factor):
            self.width = self.width * factor
            self.height = self.height * factor

    """
  private static let extra = "    def clear(self):\n        self.width = 0\n"

  @Test("A method that a renamed class gains is told")
  func renamed() {
    let units = compare("class A:\n" + Self.methods, "class B:\n" + Self.methods + "\n" + Self.extra)
    #expect(units.contains { $0.name == "B.clear" && $0.verdict == .added })
    #expect(units.contains { $0.name == "B" && $0.verdict == .interface })
  }

  @Test("A method that a moved class gains or loses is told")
  func moved() {
    let old = "class A:\n" + Self.methods
    let gained = compare(["a.py": (old, ""), "b.py": ("x = 1\n", "x = 1\n\n\n" + old + "\n" + Self.extra)])
    #expect(gained.files.flatMap(\.units).contains { $0.name == "A.clear" && $0.verdict == .added })
    let lost = compare(["a.py": (old + "\n" + Self.extra, ""), "b.py": ("x = 1\n", "x = 1\n\n\n" + old)])
    #expect(lost.files.flatMap(\.units).contains { $0.name == "A.clear" && $0.verdict == .removed })
  }
}
