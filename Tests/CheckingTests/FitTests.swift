import Checking
import Foundation
import Testing

@Suite("Values that no user of the code passes")
struct FitTests {
  /// What a check says of a difference: found, found on values that do not fit alone, or none.
  private enum Finding { case changed, odd, none }

  private func finding(_ old: String, _ new: String) throws -> Finding {
    switch try check(old, new) {
    case .difference: .changed
    case .none(let strength): strength.onlyWithout.isEmpty ? .none : .odd
    case .notRunnable: .none
    }
  }

  @Test(
    "A number of another type, a text for numbers, an iterator of one pass are told without a verdict",
    arguments: [
      // 0.0 and 0 are equal.
      (
        "def f(xs):\n    best = 0\n    for x in xs:\n        if x > best:\n            best = x\n    return best\n",
        "def f(xs):\n    best = 0\n    for x in xs:\n        best = max(x, best)\n    return best\n"
      ),
      // A text where numbers are subtracted.
      (
        """
        def f(xs):
            best = 0
            for i in range(len(xs)):
                if xs[i] - xs[0] > best:
                    best = xs[i] - xs[0]
            return best
        """,
        """
        def f(xs):
            best = 0
            for x in xs:
                if x != xs[0] and x - xs[0] > best:
                    best = x - xs[0]
            return best
        """
      ),
      // A collection is asked for members again and again.
      (
        "def f(xs, known):\n    return [x for i, x in enumerate(xs) if i == 0 or x not in known]\n",
        "def f(xs, known):\n    return [x for i, x in enumerate(xs) if not (x in known and i > 0)]\n"
      ),
    ])
  func doesNotFit(_ old: String, _ new: String) throws {
    #expect(try finding(old, new) != .changed)
  }

  @Test(
    "Less than nothing of what a name counts, and rows of other lengths than the first, are told without a verdict",
    arguments: [
      (
        """
        def f(counts):
            best = 0
            for count in counts:
                if count > best:
                    best = count
            return best
        """,
        "def f(counts):\n    return max(counts, default=0)\n"
      ),
      (
        """
        def f(rows: list[list[int]]):
            total = 0
            for r in range(len(rows)):
                for c in range(len(rows[0])):
                    total += rows[r][c]
            return total
        """,
        "def f(rows: list[list[int]]):\n    return sum(cell for row in rows for cell in row)\n"
      ),
    ])
  func isNoMeasure(_ old: String, _ new: String) throws {
    #expect(try finding(old, new) != .changed)
  }

  @Test(
    "Spans upside down, the last digits of floats, a cause that is told now, a tuple behind `%` are no witness",
    arguments: [
      // 2 to 1.
      (
        "def f(spans):\n    return sum(end - start for start, end in spans if end > 3)\n",
        "def f(spans):\n    return sum(len(range(start, end)) for start, end in spans if end > 3)\n"
      ),
      (
        "def f(a, b, c):\n    return [a * 1.5 + b + c]\n", "def f(a, b, c):\n    return [b + c + a * 1.5]\n"
      ),
      (
        "def f(d, k):\n    try:\n        return d.x[k]\n    except KeyError:\n        raise ValueError(k)\n",
        "def f(d, k):\n    try:\n        return d.x[k]\n    except KeyError as e:\n        raise ValueError(k) from e\n"
      ),
      (
        "def f(name):\n    raise LookupError(\"no such user: %s\" % name)\n",
        "def f(name):\n    raise LookupError(f\"no such user: {name}\")\n"
      ),
    ])
  func notMeant(old: String, new: String) throws { #expect(try finding(old, new) != .changed) }

  @Test(
    "Code that tells such values apart, or fails on them only now, is changed",
    arguments: [
      (
        "def f(start, end):\n    if end < start:\n        return 0\n    return end - start\n",
        "def f(start, end):\n    return end - start\n"
      ),
      (
        "def f(d, k):\n    try:\n        return d.x[k]\n    except KeyError as e:\n        raise ValueError(k) from e\n",
        "def f(d, k):\n    try:\n        return d.x[k]\n    except KeyError:\n        raise ValueError(k)\n"
      ),
      // A division by nothing that the old version does not come to.
      (
        "def f(done: int, total: int) -> str:\n    if done == 0:\n        return '0%'\n    return f'{done * 100 // total}%'\n",
        "def f(done: int, total: int) -> str:\n    return f'{done * 100 // total}%'\n"
      ),
      // A superscript two is a digit and no decimal.
      (
        "def f(words: list[str]) -> list[str]:\n    return [w for w in words if w.isdigit()]\n",
        "def f(words: list[str]) -> list[str]:\n    return [w for w in words if w.isdecimal()]\n"
      ),
      // A function that is returned gets keywords.
      (
        "def f(fn):\n    def call(*args, **kw):\n        return fn(*args, **kw)\n    return call\n",
        "def f(fn):\n    def call(*args, **kw):\n        return fn(*args)\n    return call\n"
      ),
      (
        "def f(reg, fn):\n    def call(*args, **kw):\n        return fn(*args, **kw)\n    reg.add(call)\n",
        "def f(reg, fn):\n    def call(*args, **kw):\n        return fn(*args)\n    reg.add(call)\n"
      ),
    ])
  func toldApart(old: String, new: String) throws { #expect(try finding(old, new) == .changed) }

  @Test("A guard against what a name does not count is seen to be dropped")
  func guardOfCount() throws {
    #expect(
      try finding(
        "def f(counts):\n    return sum(c for c in counts if c >= 0)\n",
        "def f(counts):\n    return sum(c for c in counts)\n") == .changed)
  }

  @Test(
    "What is empty is not missing, and a float is a number",
    arguments: [
      (
        "def f(users):\n    return [u['name'] for u in users if u['email'] is not None]\n",
        "def f(users):\n    return [u['name'] for u in users if u['email']]\n"
      ),
      (
        "def f(rows, tax):\n    return [r['net'] * (7 if tax.get(r['k']) is None else tax[r['k']]) for r in rows]\n",
        "def f(rows, tax):\n    return [r['net'] * (tax.get(r['k']) or 7) for r in rows]\n"
      ),
      ("def f(prices):\n    return sum(prices) / 2\n", "def f(prices):\n    return sum(prices) // 2\n"),
      ("def f(x, low):\n    return low if x is None else x\n", "def f(x, low):\n    return x or low\n"),
    ])
  func fits(_ old: String, _ new: String) throws {
    #expect(try finding(old, new) == .changed)
  }

  @Test(
    "Records without a field, rows of different lengths and lists out of order are no input of either version",
    arguments: [
      (
        "def f(rows):\n    return [row['a'] for row in rows if row['b']]\n",
        "def f(rows):\n    pairs = [(row['a'], row['b']) for row in rows]\n    return [a for a, b in pairs if b]\n"
      ),
      (
        """
        import bisect

        def f(bounds: list[int], x: int) -> int:
            slot = 0
            while slot < len(bounds) and bounds[slot] <= x:
                slot += 1
            return slot
        """,
        "import bisect\n\ndef f(bounds: list[int], x: int) -> int:\n    return bisect.bisect_right(bounds, x)\n"
      ),
    ])
  func malformed(old: String, new: String) throws {
    #expect(try finding(old, new) != .changed)
  }

  @Test(
    "What code never asks for is told without a verdict, and counts where it asks",
    arguments: [
      // None where an attribute is read; asked for, it may be meant.
      (
        "def f(self, a):\n    n = self.node.name\n    if a:\n        return n\n",
        "def f(self, a):\n    if a:\n        n = self.node.name\n        return n\n", false
      ),
      (
        "def f(self, a):\n    return self.node.name + a\n",
        "def f(self, a):\n    if self.node is None:\n        return a\n    return self.node.name + a\n", true
      ),
      // A size below zero; compared with zero, it may be meant.
      (
        "def f(xs, limit):\n    out = []\n    for x in xs:\n        if len(out) == limit:\n            break\n        out.append(x)\n    return out\n",
        "def f(xs, limit):\n    return list(xs[:limit])\n", false
      ),
      (
        "def f(xs, limit):\n    return xs[:limit] if limit > 0 else []\n", "def f(xs, limit):\n    return xs[:limit]\n",
        true
      ),
      // A record without a field that nobody asks for; read with something in its place, it may be missing.
      (
        "def f(row):\n    a = row['a']\n    b = row['b']\n    return b if a else 0\n",
        "def f(row):\n    return row['b'] if row['a'] else 0\n", false
      ),
      ("def f(row):\n    return row['a']\n", "def f(row):\n    return row.get('a', 0)\n", true),
      // Lists of different lengths; where the old version fails always, it is broken.
      (
        "def f(a, b):\n    return [a[i] * b[i] for i in range(len(a))]\n",
        "def f(a, b):\n    return [x * y for x, y in zip(a, b)]\n", false
      ),
      (
        "def f(a):\n    return [a[i] for i in range(len(a))]\n",
        "def f(a):\n    return [a[i] for i in range(len(a) - 1)]\n",
        true
      ),
      ("def f(a):\n    return a[0]\n", "def f(a):\n    return next(iter(a), None)\n", true),
      // What a traceback shows.
      (
        "def f(d, k):\n    try:\n        return d[k]\n    except KeyError:\n        raise ValueError(k)\n",
        "def f(d, k):\n    try:\n        return d[k]\n    except KeyError:\n        raise ValueError(k) from None\n",
        false
      ),
    ])
  func asked(_ old: String, _ new: String, _ counts: Bool) throws {
    #expect(try (finding(old, new) == .changed) == counts)
  }

  @Test("What goes through a set counts where its order does not")
  func setOrder() throws {
    let old = "def f(a: list[str], b: list[str]) -> list[str]:\n    return sorted(set(a) - set(b))\n"
    let new = old.replacingOccurrences(of: "set(b))", with: "set(b), reverse=True)")
    #expect(try finding(old, new) == .changed)
    let any = old.replacingOccurrences(of: "sorted(", with: "list(")
    let turned = any.replacingOccurrences(of: "list(set", with: "list(x for x in set")
    #expect(try finding(any, turned) != .changed)
  }
}

@Suite("Places where comparisons turn")
struct BoundaryTests {
  @Test("Two numbers that a comparison takes apart are brought together")
  func met() throws {
    let old = """
      def f(times: list[int], gap: int):
          return sum(1 for a, b in zip(times, times[1:]) if b - a > gap + 731)
      """
    #expect(try check(old, old.replacingOccurrences(of: "> gap", with: ">= gap")).counterexample != nil)
  }

  @Test("A boundary on which nothing hangs keeps nobody from being tested")
  func excused() throws {
    let old = "def f(n: int):\n  if n > 0:\n    return n\n  return 0\n"
    let new = "def f(n: int):\n  return max(n, 0)\n"
    let strength = try #require(try check(old, new).strength)
    #expect(strength.isAdequate, "\(strength.survivors) \(strength.unmet)")
  }

  @Test(
    "Slips of every kind are tried",
    arguments: [
      ("def f(q):\n  return q.popleft()\n", "popleft became pop"),
      ("def f(q):\n  return q.pop(0)\n", "pop(0) became pop()"),
      ("def f(s):\n  return s.startswith('a')\n", "startswith became in"),
      ("def f(s):\n  return s.strip() == 'a'\n", "strip dropped"),
      ("def f(s):\n  return sorted(s)\n", "order reversed"),
      ("def f(s):\n  return 1 if s is None else 2\n", "is None became truth"),
      ("def f(a, b):\n  for x in a:\n    for y in b:\n      print(x, y)\n", "loops swapped"),
    ])
  func slips(_ source: String, _ text: String) throws {
    let mutants = try procedure(source).mutants()
    #expect(mutants.contains { $0.text.hasSuffix(": \(text)") }, "\(mutants.map(\.text))")
  }
}
