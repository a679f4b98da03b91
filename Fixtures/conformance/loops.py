def sum_squares(n: int):
    s = 0
    i = 0
    while i < min(n, 50):
        s = s + i * i
        i = i + 1
    return s


def first_negative(a: list[int]):
    for i, x in enumerate(a):
        if x < 0:
            return i
    else:
        return -1


def nested_break(a: list[list[int]]):
    found = None
    for row in a:
        for x in row:
            if x == 3:
                found = row
                break
            if x < 0:
                continue
        else:
            row.append(0)
            continue
        break
    return found


def while_else(n: int):
    out = []
    n = n % 17
    while n > 0:
        n -= 3
        if n == 5:
            break
        out.append(n)
    else:
        out.append("done")
    return out


def live_list(a: list[int]):
    count = 0
    for x in a:
        count += 1
        if count > 20:
            break
        if x > 2:
            a.append(x - 3)
    return count


def dict_changed(d: dict[str, int]):
    for key in d:
        if d[key] > 1:
            d[key + "x"] = 0
    return d


def deleting(a: list[int]):
    for i in range(len(a)):
        if a[i] % 2:
            del a[i]
    return a


def unbound(a: list[int]):
    for x in a:
        y = x
    return y


def chained(a: int, b: int, c: int):
    return a < b <= c, a == b != c, a < b > c in [1, 2, 3]


def short(a, b):
    return [a and b, a or b, not a, a and not b, (a or b) if b else (b and a)]


def walrus(a: list[int]):
    out = []
    while (n := len(a)) > 2:
        out.append(n)
        a.pop()
    return out, n


def comprehension_scopes(a: list[int]):
    x = 99
    b = [x * 2 for x in a if x > 0 for _ in range(2)]
    return b, x, {x: [y for y in range(x % 4)] for x in a}, {x % 3 for x in a}


def closures_share(a: list[int]):
    fs = [lambda: x for x in a]
    gs = []
    for x in a:
        gs.append(lambda y=x: y)
    return [f() for f in fs], [g() for g in gs]


def counter(n: int):
    total = 0

    def add(k):
        nonlocal total
        total += k
        return total

    return [add(i) for i in range(n % 6)], total


def recursion(n: int):
    def fib(k):
        return k if k < 2 else fib(k - 1) + fib(k - 2)

    return fib(n % 12)


def _helper(a, b=2, *rest, c, d=4, **more):
    return a, b, rest, c, d, sorted(more.items())


def calls(a: int, b: list[int]):
    return _helper(a, c=1), _helper(a, *b, c=3), _helper(*b, c=2, e=5, **{"f": a})


def augmented(a: list[int], n: int):
    b = a
    b += [n]
    b *= 2
    c = (1,)
    c += (n,)
    if a:
        a[0] += n
        a[-1] -= 1
    return a, b is a, c


def unpacking(a: list[int]):
    first, *middle, last = a
    (x, y), z = (first, last), middle
    x, y = y, x
    return x, y, z


def starred(a: list[int], d: dict[str, int]):
    return [*a, 0, *a], (*a,), {**d, "k": 1, **d}, {*a}


def swap_indices(a: list[int]):
    i = 0
    i, a[i] = 1, 7
    return i, a


def bubble(a: list[int]):
    n = len(a)
    for i in range(n):
        for j in range(n - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
    return a


def sieve(n: int):
    n = abs(n) % 60
    marks = [True] * (n + 1)
    for i in range(2, n + 1):
        if marks[i]:
            for j in range(i * i, n + 1, i):
                marks[j] = False
    return [i for i in range(2, n + 1) if marks[i]]


def groups(words: list[str]):
    result = {}
    for word in words:
        result.setdefault(len(word), []).append(word)
    return result


def delete_names(a: int):
    b = a
    del b
    try:
        return b
    except UnboundLocalError:
        return "gone"


def assertion(a: int):
    assert a > 2, "small"
    return a
