"""Subclasses of Python's own types whose methods are seen: what a value "of type str" may be as well."""
from . import values
from .world import world

QUIET = {"__eq__", "__ne__", "__len__", "__bool__", "__hash__", "__iter__"}


def _seen(base, name):
    own = getattr(base, name)

    def method(self, *args, **kwargs):
        w = world()
        if w is not None and not (w.quiet and name in QUIET):
            told = ", ".join(w.tell(item) for item in args)
            w.effect("%s.%s(%s)" % (base.__name__, name, told))
        return own(self, *args, **kwargs)
    method.__name__ = name
    return method


def _subclass(name, base, methods):
    return type(name, (base,), {method: _seen(base, method) for method in methods})


Int = _subclass("Int", int, ["__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__lt__", "__le__", "__gt__", "__ge__",
                             "__eq__", "__ne__", "__hash__", "__bool__", "__index__", "__neg__", "__and__", "__str__"])
Text = _subclass("Text", str, ["__add__", "__eq__", "__ne__", "__hash__", "__len__", "__iter__", "__contains__", "__getitem__",
                               "__mod__", "__mul__", "__str__", "__format__", "join", "split", "strip", "startswith",
                               "lower"])
Many = _subclass("Many", list, ["__iter__", "__len__", "__getitem__", "__setitem__", "__contains__", "__add__", "__iadd__",
                                "__eq__", "__reversed__", "append", "extend", "pop", "insert", "remove", "sort", "copy"])
Table = _subclass("Table", dict, ["__getitem__", "__setitem__", "__contains__", "__iter__", "__len__", "__eq__", "get",
                                  "keys", "values", "items", "pop", "setdefault", "update", "copy"])
KINDS = {int: Int, str: Text, list: Many, dict: Table}


def odd(value):
    """The value as a subclass of its type."""
    kind = KINDS.get(type(value))
    return kind(value) if kind else value


values.odd, values.odd_kinds = odd, {kind: base for base, kind in KINDS.items()}
