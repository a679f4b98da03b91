import Comparison
import Testing

/// Functions whose file fixes what they read: constants, their own name, helpers that yield, the function around them.
@Suite("What the file around a function fixes")
struct SurroundingsTests {
  private func unit(_ name: String, _ old: String, _ new: String) throws -> UnitResult {
    try #require(compare(old, new, steps: 20_000_000).first { $0.name == name })
  }

  private func isTested(_ unit: UnitResult) -> Bool { unit.verdict == .unproven && unit.evidence == .tested }

  private static let days = """
    def days(month):
        if month in (4, 6, 9, 11):
            return 30
        if month == 2:
            return 28
        if 1 <= month <= 12:
            return 31
        raise ValueError(month)
    """
  private static let daysByTable = """
    _DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    def days(month):
        if month < 1 or month > 12:
            raise ValueError(month)
        return _DAYS[month - 1]
    """

  @Test("A table that the module makes once is known to the one version that reads it")
  func table() throws {
    let typed = { (text: String) in text.replacingOccurrences(of: "days(month)", with: "days(month: int) -> int") }
    let same = try unit("days", typed(Self.days), typed(Self.daysByTable))
    #expect(isTested(same), "\(same.verdict) \(String(describing: same.counterexample))")
    let wrong = typed(Self.daysByTable).replacingOccurrences(of: "month - 1]", with: "month % 12]")
    let bug = try unit("days", typed(Self.days), wrong)
    #expect(bug.verdict == .changed)
    #expect(bug.counterexample?.environment.isEmpty == true)
  }

  @Test("A table of functions is a name that was added, and is looked into")
  func dispatch() throws {
    let old = """
      def compute(op: str, a: int, b: int) -> int:
          if op == "+":
              return a + b
          if op == "max":
              return a if a > b else b
          raise ValueError(op)
      """
    let new = """
      TABLE = {"+": lambda a, b: a + b, "max": max}

      def compute(op: str, a: int, b: int) -> int:
          run = TABLE.get(op)
          if run is None:
              raise ValueError(op)
          return run(a, b)
      """
    let units = compare(old, new, steps: 20_000_000)
    let module = try #require(units.first { $0.kind == "module" })
    #expect(module.verdict == .interface && module.interface.map(\.text) == ["name TABLE added"])
    #expect(units.first { $0.name == "compute" }?.verdict != .changed)
    let bug = try unit("compute", old, new.replacingOccurrences(of: "a + b,", with: "a - b,"))
    #expect(bug.verdict == .changed)
  }

  @Test("A table of bounds without end and of functions above it is a name that was added; of functions below it fails")
  func tables() throws {
    let old = "def f(x: int) -> int:\n    return x\n"
    let table = "STEPS = ((10, 1), (float(\"inf\"), 2))\n\n\n"
    let maker = "def g(a):\n    return a\n\n\n"
    let named = "BY_NAME = {\"g\": g}\n\n\n"
    for (new, names) in [(table + old, ["name STEPS added"]), (maker + named + old, ["name BY_NAME added"])] {
      let module = try #require(compare(old, new).first { $0.kind == "module" })
      #expect(module.verdict == .interface && module.interface.map(\.text) == names)
    }
    let early = compare(old, named + maker + old).first { $0.kind == "module" }
    #expect(early?.verdict == .changed)
    // Python reads no such number, and the module does not load.
    let broken = compare(old, table.replacingOccurrences(of: "inf", with: "0x10") + old).first { $0.kind == "module" }
    #expect(broken?.verdict != .interface)
  }

  @Test("A change that only unsettled runs come to is not tested")
  func leftOpen() throws {
    // `hasattr` of None and a dunder name is not settled, and a run that takes the changed entry goes on to it.
    let old = """
      import types
      import shapes


      class Label:
          def text(self):
              known = [
                  (shapes.Square, "square", ["shapes"]),
                  (type(None), "nothing", []),
              ]
              for kind, name, modules in known:
                  if kind is self.kind:
                      return name, set(modules)
              if hasattr(self.kind, "__module__"):
                  home = self.kind.__module__
                  return "%s.%s" % (home, self.kind.__name__), {home}

      """
    let new = old.replacingOccurrences(
      of: "(type(None), \"nothing\", [])", with: "(types.NoneType, \"none\", [\"types\"])")
    let result = try unit("Label.text", old, new)
    #expect(!isTested(result) && result.verdict != .same)
  }

  @Test("A list of the module that is handed out is not a new one for each call")
  func shared() throws {
    let old = "def f():\n    return [1, 2]\n"
    let result = try unit("f", old, "_X = [1, 2]\n\ndef f():\n    return _X\n")
    #expect(result.verdict == .changed)
    #expect(result.counterexample?.trace.new.contains { $0.contains("_X") } == true)
    #expect(try unit("f", old, "_X = [1, 2]\n\ndef f():\n    return list(_X)\n").verdict != .changed)
  }

  @Test("A list of the module that is changed through another name keeps the change")
  func changedInPlace() throws {
    let old = "def f(x):\n    xs = [1, 2]\n    xs.append(x)\n    return len(xs)\n"
    let new = "_X = [1, 2]\n\ndef f(x):\n    xs = _X\n    xs.append(x)\n    return len(xs)\n"
    let result = try unit("f", old, new)
    #expect(result.verdict == .changed)
    #expect(result.counterexample?.trace.new.contains { $0.hasPrefix("_X = ") } == true)
  }

  @Test("A function that calls itself runs itself")
  func recursion() throws {
    let old = """
      def is_bst(tree, low=None, high=None):
          if tree is None:
              return True
          left, value, right = tree
          if low is not None and value <= low:
              return False
          if high is not None and value >= high:
              return False
          if not is_bst(left, low, value):
              return False
          if not is_bst(right, value, high):
              return False
          return True
      """
    let new = """
      def is_bst(tree, low=None, high=None):
          if tree is None:
              return True
          left, value, right = tree
          return ((low is None or low < value) and (high is None or value < high)
                  and is_bst(left, low, value) and is_bst(right, value, high))
      """
    let result = try unit("is_bst", old, new)
    let example = result.counterexample
    #expect(example?.environment.contains { $0.contains("is_bst(") } != true, "\(String(describing: example))")
    let factorial = "def f(n: int) -> int:\n    if n <= 1:\n        return 1\n    return n * f(n - 1)\n"
    let loop = """
      def f(n: int) -> int:
          result = 1
          for i in range(2, n + 1):
              result *= i
          return result
      """
    #expect(try unit("f", factorial, loop).verdict != .changed)
    #expect(try unit("f", factorial, loop.replacingOccurrences(of: "n + 1", with: "n")).verdict == .changed)
  }

  @Test("A method that calls itself on the same object runs itself")
  func methodRecursion() throws {
    let old = """
      class Tree:
          def count(self, n: int) -> int:
              if n <= 0:
                  return 0
              rest = self.count(n - 1)
              if rest > 3:
                  return rest + 1
              return rest + 2
      """
    let new = """
      class Tree:
          def count(self, n: int) -> int:
              if n > 0:
                  rest = self.count(n - 1)
                  return rest + (1 if rest >= 4 else 2)
              return 0
      """
    #expect(try unit("Tree.count", old, new).verdict != .changed)
    #expect(try unit("Tree.count", old, new.replacingOccurrences(of: ">= 4", with: "> 4")).verdict == .changed)
  }

  @Test("A cached function that calls itself runs itself")
  func cachedRecursion() throws {
    let old = """
      from functools import lru_cache

      @lru_cache(maxsize=None)
      def ways(n: int) -> int:
          if n < 2:
              return 1
          return ways(n - 1) + ways(n - 2)
      """
    let new = """
      from functools import lru_cache

      @lru_cache(maxsize=None)
      def ways(n: int) -> int:
          a, b = 1, 1
          for _ in range(n - 1):
              a, b = b, a + b
          return b
      """
    #expect(try unit("ways", old, new).verdict != .changed)
    #expect(try unit("ways", old, new.replacingOccurrences(of: "n - 1)", with: "n)")).verdict == .changed)
  }

  @Test("A helper that yields, and that only one version calls, is run")
  func generatorHelper() throws {
    let old = """
      def evens(n: int):
          out = []
          for i in range(n):
              if i % 2 == 0:
                  out.append(i)
          return out
      """
    let new = """
      def _walk(n):
          for i in range(n):
              if i % 2 == 0:
                  yield i

      def evens(n: int):
          return list(_walk(n))
      """
    let evens = try unit("evens", old, new)
    #expect(isTested(evens) || evens.verdict == .same)
    #expect(try unit("evens", old, new.replacingOccurrences(of: "== 0", with: "!= 0")).verdict == .changed)
  }

  private static let collects = """
    def sums(numbers: list[int], target: int) -> list[int]:
        found = []

        def search(start, left):
            for i in range(start, len(numbers)):
                if numbers[i] == left:
                    found.append(i)
                search(i + 1, left - numbers[i])

        search(0, target)
        return found
    """
  private static let returns = """
    def sums(numbers: list[int], target: int) -> list[int]:
        def search(start, left):
            found = []
            for i in range(start, len(numbers)):
                if numbers[i] == left:
                    found.append(i)
                found += search(i + 1, left - numbers[i])
            return found

        return search(0, target)
    """

  @Test("A nested function is judged by what the function around it does")
  func nested() throws {
    let units = compare(Self.collects, Self.returns, steps: 20_000_000)
    #expect(units.count == 2)
    for unit in units { #expect(isTested(unit), "\(unit.name) \(String(describing: unit.counterexample))") }
    let wrong = Self.returns.replacingOccurrences(of: "search(i + 1", with: "search(i + 2")
    for unit in compare(Self.collects, wrong, steps: 20_000_000) { #expect(unit.verdict == .changed) }
  }

  @Test("Nested functions of different functions are no move")
  func nestedElsewhere() throws {
    let one = "def outer(x):\n    def go(i):\n        return i + x if i > x else x * 2\n    return go(x)\n"
    let other = "def other(y):\n    def go(i):\n        return i + y if i > y else y * 2\n    return [go(y)]\n"
    let report = compare([
      "a.py": (one, "def outer(x):\n    return x\n"), "b.py": ("def other(y):\n    return y\n", other),
    ])
    #expect(!report.files.flatMap(\.units).contains { $0.name.contains("<locals>") })
  }

  @Test("What a function of the file never gives is no answer of it")
  func sharedHelpers() throws {
    let helper = """
      def bounds(text: str) -> tuple:
          low, _, high = text.partition("-")
          return low, high


      """
    let old =
      helper + """
        def span(text: str) -> str:
            pair = bounds(text)
            if pair[0] == "":
                return "up to " + pair[1]
            return pair[0] + " to " + pair[1]
        """
    let new =
      helper + """
        def span(text: str) -> str:
            low, high = bounds(text)
            return f"{low} to {high}" if low else "up to " + high
        """
    #expect(isTested(try unit("span", old, new)))
    let bug = try unit("span", old, new.replacingOccurrences(of: "if low else", with: "if high else"))
    #expect(bug.verdict == .changed)
  }

  @Test("A context manager that goes on after its body may be left by a return")
  func returningManager() throws {
    let old = """
      class Transfers:
          def move(self, amount):
              tx = self.db.begin()
              try:
                  entry = self.ledger.append(tx, amount)
              except Exception:
                  tx.rollback()
                  raise
              tx.commit()
              return entry
      """
    let new = """
      from contextlib import contextmanager

      class Transfers:
          @contextmanager
          def _transaction(self):
              tx = self.db.begin()
              try:
                  yield tx
              except Exception:
                  tx.rollback()
                  raise
              tx.commit()

          def move(self, amount):
              with self._transaction() as tx:
                  return self.ledger.append(tx, amount)
      """
    #expect(isTested(try unit("Transfers.move", old, new)))
    let late = new.replacingOccurrences(of: "        tx.commit()\n", with: "        tx.rollback()\n")
    #expect(try unit("Transfers.move", old, late).verdict == .changed)
  }

  @Test("A sentinel, a table of tables and a getter that the module makes are known")
  func made() throws {
    let old = """
      def changes(before, after):
          result = {}
          for key in before:
              if key not in after or after[key] != before[key]:
                  result[key] = before[key]
          return result
      """
    let new = """
      _MISSING = object()

      def changes(before, after):
          return {key: value for key, value in before.items() if after.get(key, _MISSING) != value}
      """
    func annotated(_ text: String) -> String {
      text.replacingOccurrences(of: "(before, after)", with: "(before: dict[str, int], after: dict[str, int])")
    }
    #expect(isTested(try unit("changes", annotated(old), annotated(new))))
    let table = "ZONES = {\"DE\": 1, **dict.fromkeys([\"AT\", \"CH\"], 2)}\n"
    let module = compare("def f(x):\n    return x\n", table + "def f(x):\n    return x\n", steps: 20_000_000)
    #expect(module.allSatisfy { $0.verdict == .interface })
  }

  @Test("Annotations of a nested function are told where the function around does the same")
  func nestedAnnotations() throws {
    let old = """
      def make(registry):
          @registry.register
          def show(x: int):
              return str(x)
          return show
      """
    let new = old.replacingOccurrences(of: "x: int", with: "x: str")
    let found = try unit("make.<locals>.show", old, new)
    #expect(found.verdict == .interface)
    #expect(found.interface.map(\.text) == ["annotation of x int -> str"])
  }

  @Test("Names by which others call a nested function keep it from being tested")
  func handedNames() throws {
    func made(_ parameters: String, _ body: String) -> String {
      "def make(run, n):\n    return run(lambda \(parameters): \(body))\n"
    }
    let old = made("x, weight", "weight * n + x")
    #expect(isTested(try unit("make", old, made("y, weight", "weight * n + y"))))
    let renamed = try unit("make", old, made("x, wt", "wt * n + x"))
    #expect(renamed.verdict == .unproven && renamed.evidence != .tested)
    let registered = """
      def make(app, n):
          @app.route
          def show(x):
              return x + n
          return app
      """
    let other = registered.replacingOccurrences(of: "def show(x)", with: "def shown(x)")
    #expect(!isTested(try unit("make.<locals>.shown", registered, other)))
  }

  @Test("What a nested function leaves in variables around it is seen when it fails")
  func outerVariables() throws {
    let old = """
      def once(fn):
          done = False
          result = None
          def wrapper():
              nonlocal done, result
              if not done:
                  result = fn()
                  done = True
              return result
          return wrapper
      """
    let new = old.replacingOccurrences(
      of: "            result = fn()\n            done = True\n",
      with: "            done = True\n            result = fn()\n")
    #expect(new != old)
    #expect(try unit("once.<locals>.wrapper", old, new).verdict == .changed)
  }
}
