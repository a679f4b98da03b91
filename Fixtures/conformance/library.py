"""The standard library as far as it is modelled."""
import bisect
import copy
import functools
import heapq
import itertools
import math
import operator
import string
from bisect import bisect_left, insort
from functools import cache, cmp_to_key, lru_cache, reduce
from heapq import heapify, heappop, heappush
from itertools import combinations_with_replacement, compress, groupby, tee


def positions(xs: list[int], x: int):
    xs.sort()
    return bisect_left(xs, x), bisect.bisect_right(xs, x), bisect.bisect(xs, x)


def positions_between(xs: list[int], x: int, lo: int, hi: int | None):
    return bisect.bisect_left(xs, x, lo), bisect.bisect_right(xs, x, 0, hi), bisect.bisect(a=xs, x=x, lo=1)


def positions_of_any(xs: list, x):
    return bisect.bisect_left(xs, x), bisect.bisect_right(xs, x)


def inserted(xs: list[int], ys: list[int]):
    out = []
    for x in xs:
        insort(out, x)
    for y in ys:
        bisect.insort_left(out, (y % 3))
    return out


def heap_of(xs: list[int]):
    heap = []
    shapes = []
    for x in xs:
        heappush(heap, x)
        shapes.append(list(heap))
    out = []
    while heap:
        out.append(heappop(heap))
        shapes.append(heap[:])
    return out, shapes


def heap_made(xs: list[int], x: int):
    heapify(xs)
    a = heapq.heappushpop(xs, x)
    b = heapq.heapreplace(xs, x + 1)
    return a, b, xs


def heap_of_any(xs: list, x):
    heapify(xs)
    heappush(xs, x)
    return heappop(xs)


def heap_of_tuples(xs: list[tuple[int, str]]):
    heapify(xs)
    out = []
    while len(out) < 3:
        out.append(heappop(xs))
    return out, xs


def not_a_heap(x):
    heappush(x, 1)
    return x


def best(n: int, xs: list[int], words: list[str]):
    return (heapq.nlargest(n, xs), heapq.nsmallest(n, xs), heapq.nlargest(n, words, key=len),
            heapq.nsmallest(n, words, key=lambda w: w[-1:]))


def merged(xs: list[int], ys: list[int], zs: list[str]):
    one = list(heapq.merge(sorted(xs), sorted(ys)))
    two = list(heapq.merge(sorted(xs, reverse=True), sorted(ys, reverse=True), reverse=True))
    return one, two, list(heapq.merge(zs, zs, key=len))


def as_functions(a: int, b: int):
    out = [operator.add(a, b), operator.sub(a, b), operator.mul(a, b), operator.and_(a, b), operator.or_(a, b),
           operator.xor(a, b), operator.lt(a, b), operator.le(a, b), operator.gt(a, b), operator.ge(a, b),
           operator.eq(a, b), operator.ne(a, b), operator.neg(a), operator.pos(a), operator.inv(a),
           operator.not_(a), operator.truth(b), operator.is_(a, None), operator.is_not(b, None)]
    out.append(operator.floordiv(a, b))
    return out, operator.mod(a, b), operator.truediv(a, b)


def operators_of_any(a, b):
    return operator.add(a, b)


def items(xs: list[int], d: dict[str, int], k: int, s: str):
    operator.setitem(d, s, k)
    found = operator.contains(d, s), operator.getitem(d, s), operator.contains(xs, k)
    joined = operator.concat(xs, [k])
    operator.delitem(xs, k)
    return found, joined, xs, d, operator.iadd(xs, [1])


def callers(s: str, words: list[str]):
    upper = operator.methodcaller("upper")
    split = operator.methodcaller("split", "a", maxsplit=1)
    first = operator.itemgetter(0)
    return upper(s), split(s), [first(w) for w in words], list(map(operator.itemgetter(0, -1), words))


def combined(xs: list[int]):
    return reduce(operator.xor, xs, 0), functools.reduce(operator.mul, xs)


def sorted_by_comparison(xs: list[str]):
    def compare(a, b):
        if len(a) != len(b):
            return len(a) - len(b)
        return (a > b) - (a < b)

    return sorted(xs, key=cmp_to_key(compare)), sorted(xs, key=functools.cmp_to_key(lambda a, b: len(b) - len(a)))


def counted_calls(xs: list[int]):
    calls = []

    @lru_cache(maxsize=None)
    def square(x):
        calls.append(x)
        return x * x

    return [square(x % 5) for x in xs] + [square(x=2), square(x=2), square(2)], calls


def small_cache(xs: list[int]):
    calls = []

    @lru_cache(maxsize=2)
    def half(x):
        calls.append(x)
        return x // 2

    @lru_cache
    def twice(x):
        calls.append(-x)
        return 2 * x

    out = [half(x % 4) for x in xs] + [twice(x % 4) for x in xs]
    half.cache_clear()
    return out, [half(x % 3) for x in xs], calls


def cached_keys(a, b):
    calls = []

    @cache
    def show(x, y=1):
        calls.append((x, y))
        return len(calls)

    return show(1), show(1.0), show(True), show(1, 2), show(1.0, 2), show(a), show(b), show(a, b), show(y=3, x=1)


def recursive_cache(n: int):
    @cache
    def ways(k):
        return 1 if k < 2 else ways(k - 1) + ways(k - 2)

    return ways(abs(n) % 60)


def groups(xs: list[int], words: list[str]):
    one = [(k, list(g)) for k, g in groupby(xs)]
    two = [(k, len(list(g))) for k, g in groupby(words, key=len)]
    return one, two, [k for k, _ in groupby(sorted(xs), lambda x: x % 3)]


def groups_later(xs: list[int]):
    kept = list(groupby(x // 2 for x in xs))
    rest = [list(g) for _, g in kept]
    it = groupby(xs, key=lambda x: x > 0)
    out = []
    for k, g in it:
        out.append((k, next(g, None)))
    return rest, out


def groups_of_any(xs: list):
    return [(k, list(g)) for k, g in groupby(xs)]


def drawn(xs: list[int], r: int):
    xs, r = xs[:4], r % 6 - 1
    return list(combinations_with_replacement(xs, r)), list(itertools.combinations(xs, r))


def picked(xs: list[int], ys: list[bool]):
    a, b = tee(xs)
    next(b, None)
    return list(compress(xs, ys)), list(zip(a, b)), [list(i) for i in tee(iter(ys), 3)]


def whole(a: int, b: int):
    return math.lcm(a, b), math.lcm(), math.lcm(a), math.gcd(a, b), math.perm(abs(a) % 9, abs(b) % 9)


def permuted(a: int, b: int):
    return math.perm(a % 30), math.perm(a, b % 6 - 1)


def floats(x: float, y: float):
    return math.degrees(x), math.radians(x), math.isclose(x, y), math.isclose(x, y, abs_tol=1.0), math.fmod(x, y)


def texts(s: str):
    kept = [c for c in s if c in string.ascii_letters]
    return (kept, string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation, string.whitespace,
            string.hexdigits, string.octdigits)


def copies(xs: list[list[int]], d: dict[str, list[int]]):
    a, b = copy.copy(xs), copy.deepcopy(xs)
    for inner in xs:
        inner.append(0)
    c, e = copy.copy(d), copy.deepcopy(d)
    for inner in d.values():
        inner.clear()
    d["z"] = []
    return a, b, c, e, xs, d


def deep_copies(xs: list[int], t: tuple[int, str]):
    shared = [xs, xs, t, (xs, t)]
    shared.append(shared[3])
    made = copy.deepcopy(shared)
    made[0].append(9)
    return made, xs, made[2] is t, made[3] is made[4], made[3] is shared[3], copy.copy(t) is t
