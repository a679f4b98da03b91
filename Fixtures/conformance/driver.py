"""Runs the functions of a module on the cases of a file and prints one line for each outcome."""
import collections
import importlib.util
import sys
import types

nan = float("nan")
inf = float("inf")


def text(value, seen):
    if value is None or isinstance(value, (bool, int, str, bytes)):
        return repr(value)
    if isinstance(value, float):
        return repr(value)
    if value is Ellipsis:
        return "..."
    if value is NotImplemented:
        return "NotImplemented"
    if isinstance(value, tuple):
        return "(" + ", ".join(text(item, seen) for item in value) + ")"
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(text(item, seen) for item in value)) + "}"
    if isinstance(value, range):
        return "range(%s, %s, %s)" % (value.start, value.stop, value.step)
    if isinstance(value, slice):
        return "slice(%s)" % ", ".join(text(x, seen) for x in (value.start, value.stop, value.step))
    if isinstance(value, types.FunctionType) or isinstance(value, types.MethodType):
        return "<function>"
    if isinstance(value, type):
        return "<function>" if value.__module__ not in ("builtins", "collections") else value.__name__
    if isinstance(value, (types.BuiltinFunctionType,)):
        return value.__name__
    if id(value) in seen:
        return "<again>"
    if hasattr(value, "__next__"):
        return "<iterator>"
    seen.add(id(value))
    if isinstance(value, list):
        return "[" + ", ".join(text(item, seen) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(text(k, seen) + ": " + text(v, seen) for k, v in value.items()) + "}"
    if isinstance(value, set):
        return "{" + ", ".join(sorted(text(item, seen) for item in value)) + "}"
    if isinstance(value, collections.deque):
        return "deque[" + ", ".join(text(item, seen) for item in value) + "]"
    if isinstance(value, BaseException):
        return "<" + type(value).__name__ + ">"
    fields = sorted(vars(value).items())
    return "<%s %s>" % (type(value).__name__, ", ".join(text(k, seen) + "=" + text(v, seen) for k, v in fields))


def raised(error):
    result = type(error).__name__ + "(" + ", ".join(text(item, set()) for item in error.args) + ")"
    if error.__cause__ is not None:
        result += " from " + raised(error.__cause__)
    elif error.__suppress_context__:
        result += " from None"
    return result


def outcome(function, arguments):
    try:
        value = function(*arguments)
    except BaseException as error:
        return "raises " + raised(error)
    if not hasattr(value, "__next__"):
        return "returns " + text(value, set())
    items = []
    while True:
        try:
            item = next(value)
        except StopIteration as stop:
            return "yields [" + ", ".join(items) + "] then " + text(stop.value, set())
        except BaseException as error:
            return "yields [" + ", ".join(items) + "] raises " + raised(error)
        items.append(text(item, set()))
        if len(items) >= 1000:
            return "yields [" + ", ".join(items) + "] more"


def main():
    specification = importlib.util.spec_from_file_location("fixture", sys.argv[1])
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")
    with open(sys.argv[2], encoding="utf-8") as lines:
        for line in lines.read().split("\n"):
            name, source = line.split("\t")
            arguments = eval(source, {"nan": nan, "inf": inf})
            result = outcome(getattr(module, name), arguments)
            print("\t".join([result] + [text(item, set()) for item in arguments]))


main()
