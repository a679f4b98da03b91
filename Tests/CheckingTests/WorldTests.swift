import Checking
import Logic
import Testing

@Suite("Worlds that a program can meet")
struct WorldTests {
  static let contradictions: [Pair] = [
    Pair(
      name: "an order and its reverse", old: "def f(a, b):\n  return a.x < b.x\n",
      new: "def f(a, b):\n  return b.x > a.x\n"),
    Pair(
      name: "a length and a truth",
      old: "def f(a):\n  if not a.items:\n    return 1\n  return 2 if len(a.items) == 0 else 3\n",
      new: "def f(a):\n  if not a.items:\n    return 1\n  len(a.items)\n  return 3\n"),
    Pair(
      name: "one object and two literals",
      old: "def f(a):\n  k = a.get()\n  if k == 'one':\n    return g(k == 'two')\n  return None\n",
      new: "def f(a):\n  k = a.get()\n  if k == 'one':\n    k == 'two'\n    return g(False)\n  return None\n"),
    Pair(
      name: "a number above a greater one",
      old: "def f(a):\n  k = a.get()\n  if k > 5:\n    return g(k > 3)\n  return None\n",
      new: "def f(a):\n  k = a.get()\n  if k > 5:\n    k > 3\n    return g(True)\n  return None\n"),
  ]

  @Test("no two answers contradict each other", arguments: contradictions)
  func consistent(pair: Pair) throws {
    let result = try check(pair.old, pair.new)
    if let found = result.counterexample {
      Issue.record("\(found.condition): old \(found.old), new \(found.new)")
    }
  }

  @Test("Nothing but a proof is held against contrary worlds")
  func contrary() throws {
    var options = quick
    options.hasContraryWorlds = true
    let result = try check(
      "def f(a, b):\n  return a.x == b.x\n", "def f(a, b):\n  return b.x == a.x\n", options: options)
    #expect(result.counterexample != nil)
  }

  @Test("An unordered pair tells a negated comparison apart")
  func unordered() throws {
    let result = try check("def f(a, b):\n  return not a.x < b.x\n", "def f(a, b):\n  return a.x >= b.x\n")
    #expect(result.counterexample != nil)
  }

  @Test("A module that code is ready to miss is missing in some worlds")
  func missingModule() throws {
    let found = try #require(
      try check(
        "def f():\n  try:\n    import fast\n  except ImportError:\n    return None\n  return fast.load()\n",
        "def f():\n  try:\n    import fast\n  except ImportError:\n    return 0\n  return fast.load()\n"
      ).counterexample)
    #expect(found.environment == ["import fast raises ModuleNotFoundError"])
    #expect(found.old == "returns None")
    #expect(found.new == "returns 0")
  }

  @Test(
    "A generator is sent values, raised in and closed",
    arguments: [
      Pair(
        name: "sent", old: "def f(a):\n  x = yield a\n  return x\n", new: "def f(a):\n  yield a\n  return None\n"),
      Pair(
        name: "raised in",
        old: "def f(a):\n  a.enter()\n  try:\n    yield a\n  finally:\n    a.leave()\n",
        new: "def f(a):\n  a.enter()\n  yield a\n  a.leave()\n"),
      Pair(
        name: "closed",
        old: "def f(a):\n  try:\n    yield 1\n  except GeneratorExit:\n    a.close()\n    raise\n",
        new: "def f(a):\n  yield 1\n"),
    ])
  func driven(pair: Pair) throws {
    let found = try #require(try check(pair.old, pair.new).counterexample)
    #expect(!found.condition.isEmpty)
    #expect(found.isReproduced(by: try procedure(pair.old), as: .old))
    #expect(found.isReproduced(by: try procedure(pair.new), as: .new))
  }

  @Test("As many items as code unpacks can come")
  func manyItems() throws {
    let source = "def f(x):\n  a, b, c, d, e, f, g, h, i = x.parts()\n  return (a, i, %)\n"
    let found = try #require(
      try check(source.replacing("%", with: "b"), source.replacing("%", with: "c")).counterexample)
    #expect(found.old.hasPrefix("returns"))
  }

  @Test("A handler of Exception lets an interrupt pass")
  func interrupt() throws {
    let source = "def f(x):\n  try:\n    return x.run()\n  except %:\n    return None\n"
    let result = try check(source.replacing("%", with: "Exception"), source.replacing("%", with: "BaseException"))
    #expect(result.counterexample != nil)
  }

  @Test("A builtin is not told to be the builtin")
  func builtin() throws {
    let source = "from lib import *\n\n\ndef f(xs):\n  if len(xs) > 2:\n    return g(xs)\n  return %\n"
    func version(_ value: String) -> String { source.replacing("%", with: value) }
    let found = try #require(try check(version("0"), version("1"), "f").counterexample)
    #expect(found.environment.allSatisfy { !$0.contains("builtin") })
  }

  @Test(
    "Calls that only compute, locks and suppressed exceptions are what they say",
    arguments: [
      (
        "from datetime import timedelta\n\ndef f(a, b, log):\n    day = timedelta(days=1)\n    log(a)\n    return a + day if b else a\n",
        "from datetime import timedelta\n\ndef f(a, b, log):\n    log(a)\n    return a + timedelta(days=1) if b else a\n",
        false
      ),
      (
        "import hashlib\n\ndef f(a, log):\n    log(a)\n    return hashlib.sha256(a).hexdigest()\n",
        "import hashlib\n\ndef f(a, log):\n    log(a)\n    return hashlib.sha1(a).hexdigest()\n", true
      ),
      (
        "def f(lock, log):\n    lock.acquire()\n    try:\n        log(1)\n    finally:\n        lock.release()\n",
        "def f(lock, log):\n    with lock:\n        log(1)\n", false
      ),
      (
        "def f(lock, log):\n    lock.acquire()\n    try:\n        log(1)\n    finally:\n        lock.release()\n    log(2)\n",
        "def f(lock, log):\n    with lock:\n        log(1)\n        log(2)\n", true
      ),
      (
        "def f(g, log):\n    try:\n        g()\n    except KeyError:\n        pass\n    log(1)\n",
        "from contextlib import suppress\n\ndef f(g, log):\n    with suppress(KeyError):\n        g()\n    log(1)\n",
        false
      ),
      (
        "def f(g, log):\n    try:\n        g()\n    except KeyError:\n        pass\n    log(1)\n",
        "from contextlib import suppress\n\ndef f(g, log):\n    with suppress(ValueError):\n        g()\n    log(1)\n",
        true
      ),
      // The world still has what it answers with.
      (
        "def f(a):\n    xs = a.items\n    xs.append(1)\n", "def f(a):\n    xs = list(a.items)\n    xs.append(1)\n", true
      ),
    ])
  func library(_ old: String, _ new: String, _ differs: Bool) throws {
    #expect(try (check(old, new, "f").counterexample != nil) == differs)
  }

  @Test("Guards in front of a change are opened one after the other")
  func guards() throws {
    let source = """
      class A:
        def f(self, request):
          kind = self.kind(request)
          if kind != 'special':
            return None
          limit = request.limit
          if limit < 1000:
            return self.small(request)
          if request.method not in ('PATCH', 'MERGE'):
            return self.other(request)
          for item in request.items:
            if item.code == 417:
              return self.reply(item, %)
          return None
      """
    func version(_ value: String) -> String { source.replacing("%", with: value) }
    let found = try #require(try check(version("1"), version("2"), "A.f").counterexample)
    #expect(found.environment.contains { $0.contains("'special'") })
    #expect(found.environment.contains { $0.contains("417") })
  }
}
