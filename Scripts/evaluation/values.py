"""Values of the played world: drawn from a seed, and described with their identities."""
import re
import types

ADDRESS = re.compile("at 0x[0-9a-f]+")
odd, odd_kinds = None, {}  # set by subclasses.py
Opaque = Elements = path_of = make = None  # set by world.py

ARGUMENTS = {"int": 4, "bool": 1, "float": 1, "str": 2, "none": 1, "list": 3, "tuple": 1, "dict": 2, "set": 1,
             "opaque": 6, "iterator": 1, "bytes": 1, "odd": 1}


def draw(rng, weights, opaque, depth=0, constants=()):
    kind = rng.choices(list(weights), list(weights.values()))[0]
    if kind == "opaque":
        return opaque()
    if kind == "int":
        pool = [0, 0, 1, 1, 2, 3, -1, -2, 5, 10, 100]
        pool += [c + d for c in constants if isinstance(c, int) and not isinstance(c, bool) and abs(c) < 10**6
                 for d in (-1, 0, 0, 1)]
        return rng.choice(pool)
    if kind == "size":
        return rng.choice((0, 1, 1, 2, 2, 3))
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "float":
        return rng.choice((0.0, -0.0, 1.5, 2.0, -1.0, 0.1, 1e16, float("nan"), float("inf"), float("-inf")))
    if kind == "str":
        return rng.choice(["", "a", "b", "ab", "a b", "A", "0", "12", "x.y", " a", "é"] +
                          [c for c in constants if isinstance(c, str) and len(c) < 30] * 2)
    if kind == "bytes":
        return rng.choice((b"", b"a", b"ab"))
    if kind == "none":
        return None
    if kind == "odd":
        return odd(draw(rng, {"int": 1, "str": 1, "list": 1, "dict": 1}, opaque, depth, constants))
    inner = {"int": 3, "str": 1, "opaque": 2, "none": 1, "bool": 1}
    if depth < 2:
        inner.update({"list": 1, "tuple": 1})
    narrow = {rng.choice(list(inner)): 1}
    used = narrow if rng.random() < 0.6 else inner

    def item():
        return draw(rng, used, opaque_item, depth + 1, constants)

    count = 0

    def opaque_item():
        nonlocal count
        count += 1
        first = opaque()
        return make(path_of(first) + "[%d.%d]" % (depth, count)) if rng.random() < 0.7 else first
    items = [item() for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4)))]
    if items and rng.random() < 0.3:
        items.append(rng.choice(items))
    if kind == "list":
        return items
    if kind == "tuple":
        return tuple(items)
    if kind == "iterator":
        return iter(items)
    simple = [rng.choice((0, 1, 2, "a", "b", None, 1.0, True, (1, 2))) for _ in items]
    if kind == "set":
        return set(simple)
    strings = [c for c in constants if isinstance(c, str) and len(c) < 30]
    return dict(zip([rng.choice(strings) if strings and rng.random() < 0.5 else key for key in simple], items))


def plain(value, base, number, depth):
    """The contents of a subclass's instance, past its own methods."""
    if base is int:
        return repr(int.__int__(value))
    if base is str:
        return repr(str.__str__(value))
    if base is list:
        return "[%s]" % ", ".join(describe(item, number, depth + 1) for item in list.__iter__(value))
    return "{%s}" % ", ".join(
        describe(key, number, depth + 1) + ": " + describe(item, number, depth + 1) for key, item in dict.items(value))


def member(value, number, depth):
    """A member of a class that the code made: of functions, how they are called."""
    if isinstance(value, (staticmethod, classmethod)):
        return type(value).__name__ + " " + member(value.__func__, number, depth)
    if isinstance(value, types.FunctionType):
        code = value.__code__
        return "function of %d, %d, %d" % (code.co_argcount, code.co_kwonlyargcount, code.co_flags & 0x2C)
    return describe(value, number, depth + 1)


def describe(value, number, depth=0):
    """Contents and identity. Mutable values carry a number; atoms carry their type."""
    if isinstance(value, Opaque):
        return path_of(value)
    if type(value) in (str, bytes):
        return ADDRESS.sub("at somewhere", repr(value))
    if value is None or type(value) in (bool, int, bytes, float, complex):
        return repr(value)
    if value is Ellipsis or value is NotImplemented:
        return repr(value)
    if isinstance(value, type):
        if value.__module__ != "played" or depth > 3:
            return "<class %s>" % value.__name__
        return "<class %s of %s: %s>" % (value.__name__, [base.__name__ for base in value.__bases__], ", ".join(
            name + " " + member(item, number, depth) for name, item in sorted(vars(value).items())
            if name not in ("__dict__", "__weakref__", "__doc__", "__module__", "__qualname__")))
    if depth > 6:
        return "..."
    kind = type(value)
    if kind in odd_kinds:
        return "%s #%d %s" % (kind.__name__, number(value), plain(value, odd_kinds[kind], number, depth))
    if kind is tuple:
        return "(%s)" % ", ".join(describe(item, number, depth + 1) for item in value)
    if kind in (frozenset,):
        return "frozenset{%s}" % ", ".join(sorted(describe(item, number, depth + 1) for item in value))
    if kind is range:
        return repr(value)
    if kind is slice:
        return "slice(%s)" % ", ".join(describe(item, number, depth + 1) for item in (value.start, value.stop, value.step))
    if kind in (list, set, dict, bytearray):
        name = "#%d" % number(value)
        if kind is list:
            return name + "[%s]" % ", ".join(describe(item, number, depth + 1) for item in value)
        if kind is set:
            return name + "{%s}" % ", ".join(sorted(describe(item, number, depth + 1) for item in value))
        if kind is dict:
            return name + "{%s}" % ", ".join(
                describe(key, number, depth + 1) + ": " + describe(item, number, depth + 1) for key, item in value.items())
        return name + repr(value)
    if isinstance(value, BaseException):
        return "<%s>" % kind.__name__
    if isinstance(value, types.BuiltinFunctionType) and isinstance(value.__self__, types.ModuleType):
        return "<builtin %s>" % value.__name__
    if isinstance(value, types.ModuleType):
        return "<module %s>" % value.__name__
    if isinstance(value, (types.FunctionType, types.MethodType)):
        return "<function #%d>" % number(value)
    if isinstance(value, Elements):
        return "<" + value.name + ">"
    if kind in (type({}.keys()), type({}.values()), type({}.items())):
        return "<view [%s]>" % ", ".join(describe(item, number, depth + 1) for item in value)
    if isinstance(value, types.BuiltinFunctionType):
        return "<bound %s of %s>" % (value.__name__, describe(value.__self__, number, depth + 1))
    if kind.__module__ == "played" and isinstance(getattr(value, "__dict__", None), dict):
        return "<%s #%d %s>" % (kind.__name__, number(value), ", ".join(
            name + " " + describe(item, number, depth + 1) for name, item in sorted(vars(value).items())))
    return "<%s #%d>" % ("iterator" if hasattr(kind, "__next__") else kind.__name__, number(value))
