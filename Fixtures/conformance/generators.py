import functools
import itertools
from collections import Counter, OrderedDict, defaultdict, deque
from functools import reduce


def simple(n: int):
    for i in range(n % 5):
        yield i
    return "done"


def sending(a: list[int]):
    def gen():
        total = 0
        while True:
            got = yield total
            if got is None:
                return total
            total += got

    g = gen()
    out = [next(g)]
    for x in a:
        out.append(g.send(x))
    try:
        g.send(None)
    except StopIteration as e:
        out.append(e.value)
    return out


def delegating(a: list[int]):
    def inner(x):
        got = yield x
        yield got
        return x * 2

    total = 0
    for x in a:
        total += yield from inner(x)
    yield from [total, "end"]
    yield from "ab"
    return total


def nested_delegation(n: int):
    def walk(k):
        if k > 0:
            yield k
            yield from walk(k - 1)
            yield -k

    yield from walk(n % 6)


def generator_errors(a: list[int]):
    for x in a:
        yield 10 // x


def generator_finally(a: list[int]):
    log = []

    def gen():
        try:
            for x in a:
                yield x
        except GeneratorExit:
            log.append("exit")
            raise
        finally:
            log.append("finally")

    g = gen()
    first = next(g, None)
    g.close()
    return first, log, list(g)


def throwing(a: list[int]):
    def gen():
        while True:
            try:
                yield 1
            except ValueError as e:
                yield e.args

    g = gen()
    next(g)
    return g.throw(ValueError("x")), next(g)


def stop_in_generator(n: int):
    def gen():
        yield 1
        raise StopIteration(n)

    return list(gen())


def expressions(a: list[int], n: int):
    g = (x * n for x in a if x > 0)
    n = n + 1
    return list(g), sum(x for x in a), any(x > 2 for x in a), max((x for x in a), default=None)


def lazy(a: list[int]):
    log = []

    def note(x):
        log.append(x)
        return x

    g = (note(x) for x in a)
    log.append("made")
    for x in g:
        if x > 2:
            break
    return log


def late_binding(a: list[int]):
    k = 1
    g = (x + k for x in a)
    k = 10
    a.append(100)
    return list(g)


def eager_first(n: int):
    g = (x for x in [1, 2][n])
    return "made"


def nested_expressions(a: list[int]):
    return [list(y for y in range(x % 4) if y != x) for x in a], list((x, y) for x in a for y in a if x < y)


def walrus_in_comprehension(a: list[int]):
    total = 0
    sums = [total := total + x for x in a]
    return sums, total, any((last := x) > 3 for x in a), "last" in locals() if False else None


def chained_generators(n: int):
    def evens(source):
        for x in source:
            if x % 2 == 0:
                yield x

    def squares(source):
        for x in source:
            yield x * x

    return list(squares(evens(range(n % 10))))


def generator_state(n: int):
    def count():
        i = 0
        while True:
            yield i
            i += 1

    g = count()
    return [next(g) for _ in range(n % 5)], next(g), list(zip(g, "ab")), next(g)


def tools(a: list[int], n: int):
    n = n % 4
    return (list(itertools.chain(a, [1], "x")), list(itertools.islice(a, n)), list(itertools.islice(a, 1, None, 2)),
            list(itertools.accumulate(a)), list(itertools.takewhile(lambda x: x > 0, a)),
            list(itertools.dropwhile(lambda x: x > 0, a)), list(itertools.zip_longest(a, "ab", fillvalue=0)),
            list(itertools.product(a[:2], "ab")), list(itertools.combinations(a[:4], 2)),
            list(itertools.permutations(a[:3])), list(itertools.repeat(n, 2)), list(zip(itertools.count(5), a)),
            list(itertools.chain.from_iterable([a, a])), list(itertools.starmap(max, zip(a, a))),
            list(itertools.filterfalse(None, a)), list(itertools.islice(itertools.cycle([1, 2]), n)))


def reducing(a: list[int]):
    return reduce(lambda x, y: x * 2 + y, a, 0), functools.reduce(max, a)


def counting(s: str):
    c = Counter(s)
    c["q"] += 2
    return c.most_common(2), c["zz"], sum(c.values()), dict(c), len(c), sorted(c.elements())


def defaulting(a: list[int]):
    d = defaultdict(list)
    for x in a:
        d[x % 3].append(x)
    e = defaultdict(int)
    for x in a:
        e[x] += 1
    return dict(d), dict(e), d.get(7), 7 in d


def queues(a: list[int], n: int):
    q = deque(a, maxlen=4)
    q.append(n)
    q.appendleft(-n)
    q.rotate(1)
    out = [q.popleft(), q.pop()] if len(q) > 1 else []
    q.extend([1, 2])
    return out, list(q), len(q), q[0], n in q


def breadth_first(d: dict[int, list[int]]):
    seen = {0}
    order = []
    queue = deque([0])
    while queue:
        node = queue.popleft()
        order.append(node)
        for other in d.get(node, []):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return order


def partials(n: int):
    f = functools.partial(lambda a, b, c=0: (a, b, c), n)
    return f(1), f(2, c=3), functools.partial(f, 5)(c=6)
