import Checking
import Testing

/// Rewrites that look harmless and are not.
@Suite("Near misses get a differing input")
struct RedTeamTests {
  static let pairs: [Pair] = [
    Pair(
      name: "mutable default", old: "def f(x, acc=[]):\n  acc = acc + [x]\n  return acc\n",
      new: "def f(x, acc=[]):\n  acc.append(x)\n  return acc\n"),
    Pair(
      name: "pop before store", old: "def f(d, k, v):\n  d.pop(k, None)\n  d[k] = v\n",
      new: "def f(d, k, v):\n  d[k] = v\n"),
    Pair(
      name: "range over a list that grows",
      old: "def f(a):\n  for i in range(len(a)):\n    if a[i] > 0:\n      a.append(a[i] - 1)\n  return a\n",
      new:
        "def f(a):\n  i = 0\n  while i < len(a):\n    if a[i] > 0:\n      a.append(a[i] - 1)\n    i += 1\n  return a\n"),
    Pair(
      name: "unhashable members", old: "def f(x, ys):\n  return x in ys\n",
      new: "def f(x, ys):\n  return x in set(ys)\n"),
    Pair(
      name: "count of NaN", old: "def f(xs, y):\n  return xs.count(y)\n",
      new: "def f(xs, y):\n  n = 0\n  for x in xs:\n    if x == y:\n      n += 1\n  return n\n"),
    Pair(
      name: "membership evaluates all", old: "def f(x):\n  return x in (g(), h())\n",
      new: "def f(x):\n  return x == g() or x == h()\n"),
    Pair(name: "rounding", old: "def f(x):\n  return round(x)\n", new: "def f(x):\n  return int(x + 0.5)\n"),
    Pair(name: "last of a dictionary", old: "def f(a):\n  return a[-1]\n", new: "def f(a):\n  return a[len(a) - 1]\n"),
    Pair(
      name: "order of merged keys", old: "def f(a, b):\n  return list({**a, **b})\n",
      new: "def f(a, b):\n  return list({**b, **a})\n"),
    Pair(
      name: "yield after an effect", old: "def f(x):\n  yield x\n  save(x)\n  yield 1\n",
      new: "def f(x):\n  save(x)\n  yield x\n  yield 1\n"),
    Pair(
      name: "stores through two names", old: "def f(x, y):\n  x.n = 1\n  return y.n\n",
      new: "def f(x, y):\n  r = y.n\n  x.n = 1\n  return r\n"),
    Pair(
      name: "percent d of a bool", old: "def f(b):\n  return '%d' % b\n", new: "def f(b):\n  return f'{b}'\n"),
    Pair(
      name: "loops over one iterator fused",
      old: "def f(xs):\n  a = 0\n  for x in xs:\n    a += 1\n  b = 0\n  for x in xs:\n    b += 1\n  return (a, b)\n",
      new: "def f(xs):\n  a = 0\n  b = 0\n  for x in xs:\n    a += 1\n    b += 1\n  return (a, b)\n"),
    Pair(
      name: "extrema of one generator", old: "def f(xs):\n  g = (x for x in xs)\n  return max(g), next(g, None)\n",
      new: "def f(xs):\n  g = (x for x in xs)\n  return next(g, None), max(g)\n"),
    Pair(
      name: "key read under a handler",
      old: "def f(d, a, b):\n  try:\n    return d[a]\n  except KeyError as e:\n    return e.args\n",
      new: "def f(d, a, b):\n  try:\n    return d[b]\n  except KeyError as e:\n    return e.args\n"),
    Pair(
      name: "a constant in a helper", old: "def f(s):\n  return s.split(',')[0].strip() + 'x'\n",
      new: "def f(s):\n  return s.split(',')[-1].strip() + 'x'\n"),
    Pair(
      name: "reversed float sum", old: "def f(xs):\n  t = 0.0\n  for x in xs:\n    t += x\n  return t\n",
      new: "def f(xs):\n  t = 0.0\n  for x in reversed(xs):\n    t += x\n  return t\n"),
    Pair(
      name: "dropped invalidation",
      old:
        "class A:\n  def f(self, key, value):\n    self.items[key] = value\n    self.cache.clear()\n    return value\n",
      new: "class A:\n  def f(self, key, value):\n    self.items[key] = value\n    return value\n"),
    Pair(
      name: "None handled late",
      old: "def f(user):\n  if user is None or not user.active:\n    return ''\n  return user.name\n",
      new: "def f(user):\n  if not user.active:\n    return ''\n  return user.name\n"),
    Pair(
      name: "wrong attribute compared",
      old: "def f(a, b):\n  return a.start <= b.start and b.end <= a.end\n",
      new: "def f(a, b):\n  return a.start <= b.start and b.end <= a.start\n"),
    Pair(
      name: "early return skips the last item",
      old:
        "def f(xs):\n  best = None\n  for x in xs:\n    if best is None or x > best:\n      best = x\n  return best\n",
      new:
        "def f(xs):\n  best = None\n  for x in xs[:-1]:\n    if best is None or x > best:\n      best = x\n  return best\n"
    ),
    Pair(
      name: "identity for equality of strings", old: "def f(self):\n  return self.mode == 'read'\n",
      new: "def f(self):\n  return self.mode == 'Read'\n"),
    Pair(
      name: "keyword dropped in a call", old: "def f(x):\n  return open_it(x, mode='r', strict=True)\n",
      new: "def f(x):\n  return open_it(x, mode='r')\n"),
    Pair(
      name: "binary search",
      old: """
        def f(a: list[int], x: int):
          lo, hi = 0, len(a)
          while lo < hi:
            mid = (lo + hi) // 2
            if a[mid] < x:
              lo = mid + 1
            else:
              hi = mid
          return lo
        """,
      new: """
        def f(a: list[int], x: int):
          lo, hi = 0, len(a)
          while lo < hi:
            mid = (lo + hi) // 2
            if a[mid] <= x:
              lo = mid + 1
            else:
              hi = mid
          return lo
        """),
  ]

  @Test(arguments: pairs)
  func differ(pair: Pair) throws {
    let result = try check(pair.old, pair.new)
    let found = try #require(result.counterexample, "\(result)")
    #expect(found.old != found.new, "\(found.condition)")
  }
}
