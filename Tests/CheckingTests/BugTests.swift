import Checking
import Foundation
import Testing

/// A readable pair: what was, what became of it.
struct Pair: CustomTestStringConvertible, Sendable {
  var name: String
  var old: String
  var new: String
  var testDescription: String { name }
}

@Suite("Bugs get a differing input")
struct BugTests {
  static let closed: [Pair] = [
    Pair(
      name: "a tree of which two branches are looked at",
      old: """
        def cost(node):
          if not node:
            return 0
          most = 0
          for child in node['children']:
            most = max(most, cost(child))
          return node['cost'] + most
        """,
      new: """
        def cost(node):
          if not node:
            return 0
          below = [cost(child) for child in node['children']]
          return node['cost'] + (max(below[:2]) if below else 0)
        """),
    Pair(
      name: "an entry more in a table",
      old: "def f(name):\n  return {'gzip': 'gz', 'bzip2': 'bz'}.get(name, name)\n",
      new: "def f(name):\n  return {'gzip': 'gz', 'bzip2': 'bz', 'brotli': 'br'}.get(name, name)\n"),
    Pair(
      name: "a property that stores by another function",
      old: "def f(kind):\n  return property(kind.read, kind.write)\n",
      new: "def f(kind):\n  return property(kind.read, kind.store)\n"),
    Pair(
      name: "a call more of what the other version does not know",
      old: "def f(graph, node):\n  for other in graph.adjacency[node] + []:\n    del graph.adjacency[other][node]\n",
      new: """
        def f(graph, node):
          for other in graph.adjacency[node] + []:
            del graph.adjacency[other][node]
          forget(graph)
        """),
    Pair(
      name: "boundary",
      old: "def f(xs, k):\n  return [x for x in xs if x > k]\n",
      new: "def f(xs, k):\n  return [x for x in xs if x >= k]\n"),
    Pair(
      name: "off by one in a range",
      old: "def f(n):\n  t = 0\n  for i in range(n):\n    t += i\n  return t\n",
      new: "def f(n):\n  t = 0\n  for i in range(1, n - 1):\n    t += i\n  return t\n"),
    Pair(
      name: "a rare constant",
      old: "def f(n):\n  if n == 86400000:\n    return -1\n  return n + 1\n",
      new: "def f(n):\n  return n + 1\n"),
    Pair(
      name: "or for is None",
      old: "def f(x, d):\n  return d if x is None else x\n",
      new: "def f(x, d):\n  return x or d\n"),
    Pair(
      name: "list appended in place",
      old: "def f(xs, b):\n  xs = xs + b\n  return xs\n",
      new: "def f(xs, b):\n  xs += b\n  return xs\n"),
    Pair(
      name: "removal while iterating",
      old: "def f(xs):\n  for x in list(xs):\n    if x < 0:\n      xs.remove(x)\n  return xs\n",
      new: "def f(xs):\n  for x in xs:\n    if x < 0:\n      xs.remove(x)\n  return xs\n"),
    Pair(
      name: "shared rows",
      old: "def f(n, m):\n  g = [[0] * m for _ in range(n)]\n  if n and m:\n    g[0][0] = 1\n  return g\n",
      new: "def f(n, m):\n  g = [[0] * m] * n\n  if n and m:\n    g[0][0] = 1\n  return g\n"),
    Pair(
      name: "not less is not greater or equal", old: "def f(x, y):\n  return not (x < y)\n",
      new: "def f(x, y):\n  return x >= y\n"),
    Pair(
      name: "truncation for floor", old: "def f(x, y):\n  return int(x / y)\n", new: "def f(x, y):\n  return x // y\n"),
    Pair(
      name: "swallowed too much",
      old: "def f(s):\n  try:\n    return int(s)\n  except ValueError:\n    return None\n",
      new: "def f(s):\n  try:\n    return int(s)\n  except Exception:\n    return None\n"),
    Pair(
      name: "strip for removeprefix", old: "def f(s):\n  return s.strip('ab')\n",
      new: "def f(s):\n  return s.removeprefix('ab')\n"),
    Pair(
      name: "a list became a generator", old: "def f(xs):\n  return [x + 1 for x in xs]\n",
      new: "def f(xs):\n  return (x + 1 for x in xs)\n"),
    Pair(
      name: "late binding",
      old: "def f(n):\n  return [lambda i=i: i for i in range(n)]\n",
      new: "def f(n):\n  return [lambda: i for i in range(n)]\n"),
    Pair(
      name: "reversed stable sort",
      old: "def f(xs, k):\n  return sorted(xs, key=lambda x: x[0], reverse=True)\n",
      new: "def f(xs, k):\n  return sorted(xs, key=lambda x: x[0])[::-1]\n"),
    Pair(
      name: "parameters swapped", old: "def f(x, y):\n  return x - y\n", new: "def f(y, x):\n  return x - y\n"),
    Pair(
      name: "identity for equality", old: "def f(a, b):\n  return a == b\n", new: "def f(a, b):\n  return a is b\n"),
    Pair(
      name: "bool lost", old: "def f(a, b):\n  return bool(a and b)\n", new: "def f(a, b):\n  return a and b\n"),
  ]

  @Test("in functions of plain values", arguments: closed)
  func closedFunctions(pair: Pair) throws {
    let result = try check(pair.old, pair.new)
    let found = try #require(result.counterexample, "\(result)")
    #expect(found.old != found.new)
    #expect(found.isReproduced(by: try procedure(pair.old), as: .old))
    #expect(found.isReproduced(by: try procedure(pair.new), as: .new))
    #expect(!found.isReproduced(by: try procedure(pair.new), as: .old))
  }

  static let open: [Pair] = [
    Pair(
      name: "negated test in a method",
      old: "class A:\n  def f(self, node):\n    if not self.closed:\n      self.blocked.add(node)\n",
      new: "class A:\n  def f(self, node):\n    if self.closed:\n      self.blocked.add(node)\n"),
    Pair(
      name: "effects in another order",
      old: "def f(a):\n  save(a)\n  notify(a)\n", new: "def f(a):\n  notify(a)\n  save(a)\n"),
    Pair(
      name: "a call hoisted out of a loop",
      old: "def f(xs):\n  for x in xs:\n    use(x, get())\n",
      new: "def f(xs):\n  g = get()\n  for x in xs:\n    use(x, g)\n"),
    Pair(
      name: "release outside finally",
      old: "def f(lock):\n  lock.acquire()\n  try:\n    return work()\n  finally:\n    lock.release()\n",
      new: "def f(lock):\n  lock.acquire()\n  r = work()\n  lock.release()\n  return r\n"),
    Pair(
      name: "handler covers more",
      old:
        "def f(d, k):\n  try:\n    v = d[k]\n  except KeyError:\n    return None\n  return g(v)\n",
      new: "def f(d, k):\n  try:\n    v = d[k]\n    return g(v)\n  except KeyError:\n    return None\n"),
    Pair(
      name: "a version compared with another constant",
      old: "class A:\n  def f(self):\n    return self.connection.version >= (8, 0, 3)\n",
      new: "class A:\n  def f(self):\n    return self.connection.version >= (8, 0, 4)\n"),
    Pair(
      name: "two reads of an iterator",
      old: "def f(it):\n  a = next(it)\n  return (a, a)\n", new: "def f(it):\n  return (next(it), next(it))\n"),
    Pair(
      name: "lazy any", old: "def f(xs, g):\n  return any([g(x) for x in xs])\n",
      new: "def f(xs, g):\n  return any(g(x) for x in xs)\n"),
  ]

  @Test("in functions of the unknown", arguments: open)
  func openFunctions(pair: Pair) throws {
    let result = try check(pair.old, pair.new)
    let found = try #require(result.counterexample, "\(result)")
    #expect(found.old != found.new)
  }

  @Test("Equal rewrites get none", arguments: EqualPairs.all)
  func equal(pair: Pair) throws {
    let result = try check(pair.old, pair.new)
    if let found = result.counterexample {
      Issue.record("\(found.condition): old \(found.old), new \(found.new)")
    }
    #expect(result.strength != nil)
  }
}

@Suite("Inputs of every shape")
struct ShapeTests {
  @Test("A dictionary whose values nothing is known of does for many keys")
  func unknownValues() throws {
    let old = """
      def f(results):
        a = results['a']
        b = results['b']()
        c = results.get('c')
        n = g(a, (b, c))
      """
    let result = try check(old, old.replacingOccurrences(of: "n = g(a, (b, c))", with: "pass"))
    #expect(result.counterexample != nil)
  }
}

enum EqualPairs {
  static let all: [Pair] = [
    Pair(
      name: "comprehension for loop",
      old: "def f(xs):\n  r = []\n  for x in xs:\n    if x > 0:\n      r.append(x * 2)\n  return r\n",
      new: "def f(ys):\n  return [y * 2 for y in ys if y > 0]\n"),
    Pair(
      name: "guard clause",
      old: "def f(a, b):\n  if a:\n    if b:\n      return 1\n    else:\n      return 2\n  else:\n    return 3\n",
      new: "def f(a, b):\n  if not a:\n    return 3\n  return 1 if b else 2\n"),
    Pair(
      name: "De Morgan",
      old: "def f(a, b):\n  if not (a and b):\n    return g(a)\n  return None\n",
      new: "def f(a, b):\n  if not a or not b:\n    return g(a)\n"),
    Pair(
      name: "temporary inlined in a method",
      old: "class A:\n  def f(self, k):\n    n = self.names[k]\n    t = n.upper()\n    return store(t)\n",
      new: "class A:\n  def f(self, k):\n    return store(self.names[k].upper())\n"),
    Pair(
      name: "float sum, whose compensation differs between versions",
      old: "def f(xs: list[float]):\n  t = 0\n  for x in xs:\n    t += x\n  return t\n",
      new: "def f(xs: list[float]):\n  return sum(xs)\n"),
  ]
}
