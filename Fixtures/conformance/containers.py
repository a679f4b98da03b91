def list_methods(a: list[int], n: int):
    b = a.copy()
    b.append(n)
    b.extend([1, 2])
    b.insert(1, 9)
    b.insert(-1, 8)
    b.insert(100, 7)
    b.reverse()
    return b, b.count(1), b.index(9), a is b, a == b


def list_pop(a: list[int], n: int):
    return a.pop(), a.pop(0), a.pop(n)


def list_remove(a: list[int], n: int):
    a.remove(n)
    return a


def list_index(a: list[int], n: int):
    return a.index(n), a.index(n, 1)


def list_sort(a: list[int]):
    b = sorted(a)
    a.sort(key=lambda x: (x % 3, -x), reverse=True)
    return b, a, sorted(a, reverse=True)


def sort_stable(a: list[list[int]]):
    return sorted(a, key=len), sorted(a, key=len, reverse=True), sorted(a)


def sort_errors(a: list):
    return sorted(a)


def slices(a: list[int], i: int, j: int, k: int):
    return a[i:j], a[::k], a[i:], a[:j], a[-3:-1]


def slice_store(a: list[int], i: int, j: int):
    a[i:j] = [7, 7, 7]
    del a[1:2]
    a[::2] = [0] * len(a[::2])
    return a


def slice_errors(a: list[int], k: int):
    a[::k] = [1, 2]
    return a


def slice_delete(a: list[int], k: int):
    del a[::k]
    return a


def indexing(a: list[int], i: int):
    a[i] = 5
    return a[i]


def negative_index(a: list[int]):
    return a[-1], a[-2]


def multiply(a: list[int], n: int):
    b = [a] * (n % 3)
    for x in b:
        x.append(1)
    return b, a * 2


def tuples(a: tuple[int, ...], n: int):
    return a + (n,), a[::-1], a.count(n), n in a, len(a), a * 2, a < (n,), hash(a) == hash(tuple(list(a)))


def dictionary(d: dict[str, int], k: str):
    d[k] = 1
    d.setdefault("z", 5)
    e = dict(d, extra=2)
    return d.get(k), d.get("none"), list(d), list(d.values()), list(d.items()), len(d), k in d, e, d == e


def dict_missing(d: dict[str, int], k: str):
    return d[k]


def dict_pop(d: dict[str, int], k: str):
    return d.pop(k, None), d.popitem(), d.pop("zz")


def dict_pop_unhashable(d: dict[str, int]):
    return d.pop([], None)


def dict_update(d: dict[str, int], e: dict[str, int]):
    d.update(e)
    d.update([("q", 1)], r=2)
    return d | e, d, dict(zip("ab", [1, 2])), dict.fromkeys("aba", 0)


def dict_delete(d: dict[str, int]):
    for k in list(d):
        if d[k] % 2:
            del d[k]
    return d


def dict_keys(d: dict[int, int], s: set[int]):
    return d.keys() & s, d.keys() | s, d.keys() - s, d.keys() == s, 1 in d.values(), (1, 1) in d.items()


def dict_equal_keys(a: int):
    d = {1: "a", True: "b", 1.0: "c", a: "d"}
    return d, len(d)


def dict_order(a: list[int]):
    d = {}
    for x in a:
        if x in d:
            del d[x]
        d[x] = len(d)
    return d, list(reversed(d)), min(d, default=None)


def dict_unhashable(a):
    return {a: 1}


def invert(d: dict[str, int]):
    return {v: k for k, v in d.items()}


def sets(s: set[int], t: set[int], n: int):
    return s | t, s & t, s - t, s ^ t, s <= t, s < t, s == t, n in s, len(s), s.isdisjoint(t), s >= t


def set_methods(s: set[int], a: list[int], n: int):
    s.add(n)
    s.discard(3)
    s.update(a)
    return s.union(a), s.intersection(a), s.difference(a), s.symmetric_difference(a), s.issubset(a), frozenset(s)


def set_remove(s: set[int], n: int):
    s.remove(n)
    return s


def set_order(a: list[int]):
    s = set()
    for x in a:
        s.add(x % 50)
    return list(s), [x for x in s | {3, 1}], list(frozenset(a) & s)


def set_in_place(s: set[int], t: set[int]):
    u = s
    u |= t
    u -= {1, 2}
    u &= set(range(5)) | t
    u ^= {0, 9}
    return u is s, s


def frozen(s: frozenset[int], t: set[int]):
    return s | t, s == t, {s: 1}[frozenset(s)], hash(s) == hash(frozenset(t)) or s != t, frozenset(s) is s


def unhashable(a: list):
    return set(a)


def membership(a: list, x):
    return x in a, a.count(x), x not in tuple(a)


def nan_identity(x: float):
    a = [x]
    return x in a, a.count(x), a.index(x), a == [x], (x,) == (x,), x == x


def nan_dictionary(x: float, y: float):
    d = {x: 1, y: 2}
    return d[x], len(d), x in d


def aliasing(a: list[int]):
    b = [a, a]
    b[0].append(1)
    c = b[:]
    c.append(a)
    return b, c, b[0] is b[1]


def nested(a: list[list[int]]):
    flat = [x for row in a for x in row]
    columns = list(zip(*a))
    return flat, columns, [row[:] for row in a], sum(a, [])


def ranges(a: int, b: int, c: int):
    a, b = a % 50, b % 50
    r = range(a, b, c)
    return list(r), len(r), r[::-1], 3 in r, r == range(a, b, c), bool(r)


def range_methods(n: int, k: int):
    r = range(n % 20)
    return r[k], r.index(k), r.count(k)


def zips(a: list[int], s: str):
    return list(zip(a, s)), list(enumerate(s)), list(map(lambda x, y: (x, y), a, s)), list(filter(None, a))


def iterators(a: list[int]):
    it = iter(a)
    first = next(it, None)
    rest = list(it)
    return first, rest, next(it, "end"), list(it)


def iterator_arguments(it: "Iterator[int]"):
    return next(it), list(it), list(it)


def next_error(a: list[int]):
    return next(iter(a))


def sentinel(a: list[int]):
    it = iter(a)
    return list(iter(lambda: next(it, 0), 0))


def reversing(a: list[int], s: str):
    return list(reversed(a)), "".join(reversed(s)), list(reversed(range(len(a)))), list(reversed(tuple(a)))


def all_any(a: list):
    return all(a), any(a), all([]), any([])


def conversions(a):
    return list(a), tuple(a)


def to_set(a):
    return set(a)


def to_dict(a):
    return dict(a)


def lengths(a):
    return len(a)


def iterate(a):
    return [x for x in a]


def subscript(a, b):
    return a[b]


def store(a, b):
    a[b] = 1
    return a


def contains(a, b):
    return b in a


def unpack_two(a):
    x, y = a
    return x, y


def unpack_star(a):
    x, *y, z = a
    return x, y, z


def self_reference(n: int):
    a = [n]
    a.append(a)
    return a, len(a[1]), repr(a)


def compare_lists(a: list[int], b: list[int]):
    return a < b, a <= b, a == b, a > b, a != b, sorted([a, b]), max(a, b)


def isinstance_checks(a):
    return (isinstance(a, int), isinstance(a, (str, bytes)), isinstance(a, bool), isinstance(a, (list, tuple)),
            isinstance(a, dict), type(a) is int, type(a) == str, isinstance(a, object), callable(a), hasattr(a, "append"))


def getattr_checks(a):
    return getattr(a, "nothing", 3), getattr(a, "upper", None) is None


def method_values(a: list[int]):
    push = a.append
    push(3)
    upper = str.upper
    return a, upper("a"), list(map(str, a)), sorted(a, key=str), list(map(int.bit_length, [x for x in a if x > 0]))


def dict_of_pairs_stores_as_it_goes(xs):
    log = []

    def note(x):
        log.append(x)
        return x

    try:
        return dict((x, note(x)) for x in xs), log
    except TypeError:
        return log


def set_of_items_hashes_as_it_goes(xs):
    log = []

    def note(x):
        log.append(x)
        return x

    try:
        return len(set(note(x) for x in xs)), log
    except TypeError:
        return log


def set_update_as_it_goes(xs):
    log = []

    def note(x):
        log.append(x)
        return x

    found = {1, 2}
    for change in (found.update, found.difference_update):
        try:
            change(note(x) for x in xs)
        except TypeError:
            log.append("no")
    return len(found), log
