def values(a):
    match a:
        case 1 | 2:
            return "small"
        case "a" | "ab":
            return "text"
        case None:
            return "none"
        case True:
            return "true"
        case -1:
            return "minus"
        case 1.5:
            return "float"
        case _:
            return "other"


def sequences(a):
    match a:
        case []:
            return "empty"
        case [x]:
            return "one", x
        case [x, y] if x == y:
            return "same", x
        case (0, *rest):
            return "zero", rest
        case [first, *_, last]:
            return first, last
        case _:
            return "no"


def mappings(d):
    match d:
        case {"a": 1}:
            return "one"
        case {"a": x, "b": y}:
            return x, y
        case {"a": x, **rest}:
            return x, rest
        case {}:
            return "mapping"
        case _:
            return "no"


def classes(a):
    match a:
        case bool():
            return "bool"
        case int(x):
            return "int", x
        case str() as s:
            return "str", s
        case list([x, *_]):
            return "list", x
        case float() | None:
            return "float or none"
        case dict():
            return "dict"
        case _:
            return "no"


def user_classes(n: int):
    class Point:
        __match_args__ = ("x", "y")

        def __init__(self, x, y):
            self.x = x
            self.y = y

    out = []
    for p in (Point(0, n), Point(n, n), Point(1, 2), n):
        match p:
            case Point(0, y):
                out.append(("zero", y))
            case Point(x=x, y=y) if x == y:
                out.append(("diagonal", x))
            case Point(a, b):
                out.append((a, b))
            case other:
                out.append(other)
    return out


def captures(a: list[int]):
    match a:
        case [1 | 2 as x, y, *z] | [y, 3 as x, *z]:
            return x, y, z
        case [[x], *_]:
            return x
    return "none"


def loops(a: list[int]):
    out = []
    for x in a:
        match x % 4:
            case 0:
                continue
            case 1:
                out.append("one")
            case 2 if x > 4:
                break
            case k:
                out.append(k)
    return out
