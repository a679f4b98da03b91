"""Plays pairs of functions in seeded worlds, in a process of its own with limits.

Reads one job a line on standard input, writes one answer a line. A job: {"old", "new": source of the function, "name",
"context": definitions of the module that stand as they are, "constants", "assumptions", "exceptions", "module_names",
"methods": of the own class, "seed", "inputs"}.
"""
import __future__
import ast
import builtins
import collections
import json
import os
import random
import resource
import signal
import sys
import types

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from evaluation import subclasses, values, witness  # noqa: E402, F401
from evaluation.jobs import bound_names  # noqa: E402
from evaluation.world import UNTOLD, Opaque, Stopped, Unplayable, World, digest  # noqa: E402

PURE = """ArithmeticError AssertionError AttributeError BaseException BufferError EOFError Exception FloatingPointError
GeneratorExit ImportError IndexError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError
NotImplementedError OSError IOError EnvironmentError OverflowError RecursionError ReferenceError RuntimeError
StopAsyncIteration StopIteration SyntaxError SystemError SystemExit TabError TypeError UnboundLocalError
UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError ValueError ZeroDivisionError
BlockingIOError BrokenPipeError ChildProcessError ConnectionError FileExistsError FileNotFoundError InterruptedError
IsADirectoryError NotADirectoryError PermissionError ProcessLookupError TimeoutError Warning DeprecationWarning
UserWarning RuntimeWarning FutureWarning ImportWarning ResourceWarning SyntaxWarning UnicodeWarning BytesWarning
PendingDeprecationWarning EncodingWarning ExceptionGroup BaseExceptionGroup
abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod enumerate filter float format
frozenset getattr hasattr hash hex int isinstance issubclass iter len list map max min next object oct ord pow property
range repr reversed round set setattr delattr slice sorted staticmethod str sum tuple type zip memoryview
None True False Ellipsis NotImplemented __debug__ __build_class__ aiter anext""".split()
# What depends on where an object lies in memory is no difference.
SELF_LOOKING = {"locals", "vars", "eval", "exec", "globals", "dir", "id", "breakpoint", "compile", "super", "hash",
                "__hash__"}
# Context managers of the library that are taken for what they say.
WRITTEN_OUT = {"closing", "nullcontext", "contextlib"}


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def alarm(*_):
    World.timed_out = True
    raise Stopped("time")


def names_in(code):
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found |= names_in(constant)
    return found


class Unfolded(ast.NodeTransformer):
    """`"..." % (a, b)` as it was before Python 3.11, which formats a before it evaluates b."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Tuple):
            wrapped = ast.Subscript(ast.Dict([ast.Constant(0)], [node.left]), ast.Constant(0), ast.Load())
            node.left = ast.fix_missing_locations(ast.copy_location(wrapped, node.left))
        return node


class Version:
    """One side of a job, compiled."""

    def __init__(self, job, source):
        self.job = job
        self.tree = Unfolded().visit(ast.parse(source))
        function = self.tree.body[0]
        function.decorator_list = []
        self.is_method = job["methods"] is not None
        # In some modules annotations are not evaluated.
        flags = __future__.annotations.compiler_flag if job.get("postpones") else 0
        self.code = compile(self.tree, "code", "exec", flags=flags, dont_inherit=True)
        self.context = compile("\n".join(job["context"]), "context", "exec", dont_inherit=True) if job["context"] else None
        self.methods = job["methods"] or {}
        self.names = names_in(self.code)
        if self.context:
            self.names |= names_in(self.context)
        for text in self.methods.values():
            self.names |= names_in(compile(text, "context", "exec", dont_inherit=True))
        arguments = function.args
        self.parameters = arguments.posonlyargs + arguments.args
        self.keywords = arguments.kwonlyargs
        self.defaults = len(arguments.defaults)
        self.keyword_defaults = [item is not None for item in arguments.kw_defaults]
        self.arities = job["arities"]
        self.vararg, self.kwarg = arguments.vararg, arguments.kwarg

    def prepare(self, world):
        """The function in fresh globals of this world."""
        space = {"__builtins__": {name: getattr(builtins, name) for name in PURE if hasattr(builtins, name)},
                 "__name__": "played"}
        own = set(self.job["module_names"])

        def import_(name, globals=None, locals=None, fromlist=(), level=0):
            path = "." * level + name
            return world.opaque(path if fromlist else path.split(".")[0])
        space["__builtins__"]["__import__"] = import_
        for name in sorted(self.names):
            if name in own or name not in space["__builtins__"]:
                if name in world.exceptions:
                    space[name] = world.exception_class(name)
                elif name not in space:
                    space[name] = world.opaque(name)
        for name, known in self.job.get("containers", {}).items():
            space[name] = getattr(collections, known)
        for name, value in self.job["constants"].items():
            space[name] = ast.literal_eval(value)
        world.globals = space
        world.rebindable = sorted(set(self.names) & own)
        if self.context:
            exec(self.context, space)
        name = self.job["name"]
        outer = space.get(name, world.opaque(name))
        exec(self.code, space)
        function = space[name]
        if not self.job["calls_itself"]:
            space[name] = outer
        return function


def annotated(annotation):
    """Weights for an annotation that logicdiff may take at its word."""
    text = ast.unparse(annotation) if annotation is not None else ""
    simple = {"int": {"int": 5, "bool": 1}, "str": {"str": 1}, "bool": {"bool": 1}, "float": {"float": 3, "int": 1},
              "list": {"list": 1}, "dict": {"dict": 1}, "tuple": {"tuple": 1}, "set": {"set": 1}, "bytes": {"bytes": 1}}
    return simple.get(text)


def typed(annotation, rng, fresh, constants):
    """A value of an annotated type, where the type is one of Python's own."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return fresh()
    weights = annotated(annotation)
    if weights is not None and ast.unparse(annotation) not in ("list", "dict", "tuple", "set"):
        return values.draw(rng, weights, fresh, 0, constants)
    if isinstance(annotation, ast.Constant) and annotation.value is None:
        return None
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return typed(rng.choice((annotation.left, annotation.right)), rng, fresh, constants)
    if isinstance(annotation, ast.Subscript):
        head = ast.unparse(annotation.value).split(".")[-1].lower()
        inner = annotation.slice
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]

        def some(part):
            return [typed(part, rng, fresh, constants) for _ in range(rng.choice((0, 1, 2, 3)))]
        if head in ("list", "sequence", "iterable", "collection"):
            return some(parts[0])
        if head in ("dict", "mapping") and len(parts) == 2:
            try:
                return dict(zip(some(parts[0]), some(parts[1])))
            except TypeError:
                return {}
        if head == "set":
            try:
                return set(some(parts[0]))
            except TypeError:
                return set()
        if head == "tuple":
            if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is Ellipsis:
                return tuple(some(parts[0]))
            return tuple(typed(part, rng, fresh, constants) for part in parts)
        if head == "optional":
            return None if rng.random() < 0.3 else typed(parts[0], rng, fresh, constants)
        if head == "union":
            return typed(rng.choice(parts), rng, fresh, constants)
        return fresh()
    if weights is not None:
        return values.draw(rng, weights, fresh, 0, constants)
    return fresh()


def constants_of(version):
    return [node.value for node in ast.walk(version.tree) if isinstance(node, ast.Constant)][:60]


def arguments(version, world, seed, assumptions, constants):
    """Drawn anew, alike, for each version. The receiver of a method is opaque."""
    rng = random.Random(digest(seed, "arguments"))
    mixed = rng.random() < 0.6
    single = rng.choice(list(values.ARGUMENTS))
    made, shared = [], []

    def draw(parameter):
        def fresh():
            return world.opaque(parameter.arg)
        if shared and "no-alias" not in assumptions and rng.random() < 0.12:
            # The same object twice, where its annotation, if it counts, is the same.
            text, other = rng.choice(shared)
            if parameter.annotation is None or "annotations" not in assumptions or \
                    text == ast.unparse(parameter.annotation):
                return other
        if "annotations" in assumptions and parameter.annotation is not None:
            return typed(parameter.annotation, rng, fresh, constants)
        if parameter.annotation is not None and rng.random() < 0.5:
            return typed(parameter.annotation, rng, fresh, constants)
        if world.is_deep and rng.random() < 0.8:
            return fresh()
        return values.draw(rng, values.ARGUMENTS if mixed else {single: 1}, fresh, 0, constants)

    required = len(version.parameters) - version.defaults
    count = len(version.parameters) if rng.random() < 0.7 else rng.randint(required, len(version.parameters))
    for index, parameter in enumerate(version.parameters[:count]):
        made.append(world.opaque(parameter.arg) if index == 0 and version.is_method else draw(parameter))
        shared.append((parameter.annotation and ast.unparse(parameter.annotation), made[-1]))
    if version.vararg and count == len(version.parameters):
        made += [draw(version.vararg) for _ in range(rng.choice((0, 1, 2)))]
    named = {}
    for parameter, has_default in zip(version.keywords, version.keyword_defaults):
        if not has_default or rng.random() < 0.7:
            named[parameter.arg] = draw(parameter)
    if version.kwarg and rng.random() < 0.4:
        named["extra"] = draw(version.kwarg)
    if version.is_method and made and "no-override" in assumptions and isinstance(made[0], Opaque):
        install_methods(version, world, made[0])
    return made, named


def install_methods(version, world, receiver):
    """Methods of the enclosing class, undecorated ones, on the receiver."""
    path = object.__getattribute__(receiver, "_world_path")
    for name, text in version.methods.items():
        space = {}
        exec(compile(text, "context", "exec", dont_inherit=True), world.globals, space)
        world.methods[path, name] = types.MethodType(space[name], receiver)


def explicit(error):
    """Whether a `raise` statement of the code made it, or the world did."""
    trace = error.__traceback__
    if trace is None:
        return True
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    if code.co_filename not in ("code", "context"):
        return True
    return code.co_code[trace.tb_lasti] == RAISE


import dis  # noqa: E402

RAISE = dis.opmap["RAISE_VARARGS"]


def told_error(error, world):
    if isinstance(error, (RecursionError, MemoryError)):
        raise Stopped("recursion")
    text = type(error).__name__
    if explicit(error) and error.args != (UNTOLD,):
        text += "(%s)" % ", ".join(world.tell(item) for item in error.args)
    if error.__cause__ is not None:
        text += " from " + (told_error(error.__cause__, world) if error.__cause__ is not error else "itself")
    return text


def observe(value, world, rng, rounds=0):
    """What a caller can find out about a result: generators drained, closures called."""
    if isinstance(value, types.GeneratorType) and rounds < 3:
        told = []
        for _ in range(12):
            try:
                item = value.send(world.opaque("sent%d" % len(told)) if told and rng.random() < 0.2 else None)
            except StopIteration as stop:
                return "yields [%s] then %s" % (", ".join(told), world.tell(stop.value))
            told.append(observe(item, world, rng, rounds + 1))
            if rng.random() < 0.05:
                told.append("throw " + observe_call(lambda: value.throw(KeyError("thrown")), world, rng, rounds + 1))
        value.close()
        return "yields [%s] more" % ", ".join(told)
    if isinstance(value, types.CoroutineType) and rounds < 3:
        told = []
        for _ in range(30):
            try:
                told.append(world.tell(value.send(world.opaque("sent%d" % len(told)) if told else None)))
            except StopIteration as stop:
                return "awaits [%s] then %s" % (", ".join(told), observe(stop.value, world, rng, rounds + 1))
        value.close()
        return "awaits [%s] more" % ", ".join(told)
    if isinstance(value, (map, filter, zip, enumerate)) and rounds < 3:
        told = []
        for _ in range(12):
            try:
                told.append(world.tell(next(value)))
            except StopIteration:
                return "iterates [%s]" % ", ".join(told)
        return "iterates [%s] more" % ", ".join(told)
    if isinstance(value, types.FunctionType) and rounds < 3:
        code = value.__code__
        told = []
        for turn in range(2):
            given = [world.value(rng.getrandbits(40), "given%d.%d" % (turn, index)) for index in range(code.co_argcount)]
            told.append(observe_call(lambda: value(*given), world, rng, rounds + 1))
        return "%s called %s" % (world.tell(value), "; ".join(told))
    if isinstance(value, (list, tuple)) and rounds < 3 and \
            any(isinstance(item, (types.FunctionType, types.GeneratorType)) for item in value):
        return world.tell(value) + " of " + ", ".join(observe(item, world, rng, rounds + 1) for item in value[:5])
    return world.tell(value)


def observe_call(thunk, world, rng, rounds=0):
    try:
        return "returns " + observe(thunk(), world, rng, rounds)
    except Stopped:
        raise
    except BaseException as error:
        return "raises " + told_error(error, world)


def run(version, seed, job, constants):
    world = World(seed, job["assumptions"], job["exceptions"], version.arities)
    world.methods = {}
    World.enter(world)
    try:
        function = version.prepare(world)
        prelude = len(world.trace)
        args, named = arguments(version, world, seed, job["assumptions"], constants)
    except Exception:
        raise Stopped("defaults raise") from None
    before = world.tell((args, named))
    rng = random.Random(digest(seed, "observe"))
    outcomes = []
    for _ in range(2 if digest(seed, "twice") % 8 == 0 else 1):
        outcomes.append(observe_call(lambda: function(*args, **named), world, rng))
    after = world.tell((args, named))
    if world.fuel < 0 or World.timed_out:
        raise Stopped("fuel" if world.fuel < 0 else "time")  # the code may have swallowed it
    stored = {name: world.tell(world.globals[name]) for name in job["stored_globals"] if name in world.globals}
    return {"given": before, "outcome": " then ".join(outcomes), "after": after, "trace": world.trace[prelude:],
            "globals": stored}


def play_witness(job):
    """Both sides of a printed witness."""
    answers = []
    for source, said in ((job["old"], job["said"][0]), (job["new"], job["said"][1])):
        World.timed_out = False
        signal.setitimer(signal.ITIMER_REAL, 2.0)
        try:
            answers.append(witness.replay(Version(job, source), job["arguments"], said))
        except (witness.Unclear, Stopped, SyntaxError) as error:
            return {"skipped": "witness: " + str(error)}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    wrong = [side for side, answer in zip(("old", "new"), answers) if answer != "agrees"]
    return {"wrong": wrong, "python3": answers} if wrong else {"agreed": 1}


class Module:
    """A whole module, executed in a world; what its names stand for afterwards is its result."""

    def __init__(self, source):
        self.code = compile(Unfolded().visit(ast.parse(source)), "code", "exec", dont_inherit=True)

    def run(self, seed, job):
        world = World(seed, job["assumptions"], job["exceptions"], job["arities"], fuel=6000)
        World.enter(world)
        space = {"__builtins__": {name: getattr(builtins, name) for name in PURE if hasattr(builtins, name)},
                 "__name__": "played", "__file__": "played.py", "__doc__": None}

        def import_(name, globals=None, locals=None, fromlist=(), level=0):
            path = "." * level + name
            world.effect("import %s %s" % (path, fromlist))
            return world.opaque(path if fromlist else path.split(".")[0])
        space["__builtins__"]["__import__"] = import_
        for name in sorted(names_in(self.code)):
            if name not in space["__builtins__"] and name not in space:
                # Names that the module binds itself are not there before it does.
                if name not in job["bound"]:
                    space[name] = world.exception_class(name) if name in world.exceptions else world.opaque(name)
        world.globals = space
        given = set(space)
        outcome = observe_call(lambda: exec(self.code, space), world, random.Random(seed))
        if world.fuel < 0 or World.timed_out:
            raise Stopped("fuel" if world.fuel < 0 else "time")
        told = {name: definition(value, world) for name, value in sorted(space.items())
                if name not in given and name != "__doc__" and name != "__annotations__"}
        return {"given": "", "outcome": outcome, "after": told, "trace": world.trace, "globals": {}}


def definition(value, world, depth=0):
    """What callers see of a value that a module defines."""
    if isinstance(value, (staticmethod, classmethod)):
        return "%s %s" % (type(value).__name__, definition(value.__func__, world, depth))
    if isinstance(value, property):
        return "property %s" % [definition(part, world, depth) for part in (value.fget, value.fset, value.fdel)]
    if isinstance(value, types.FunctionType):
        code = value.__code__
        return "function %s%s %s %s %s" % (
            value.__qualname__, code.co_varnames[:code.co_argcount + code.co_kwonlyargcount],
            world.tell(value.__defaults__), world.tell(value.__kwdefaults__), code.co_flags & 0xEC)
    if isinstance(value, type) and value.__module__ == "played" and depth < 3:
        return "class %s %s %s" % (value.__qualname__, [base.__name__ for base in value.__bases__], {
            name: definition(item, world, depth + 1) for name, item in sorted(vars(value).items())
            if name not in ("__doc__", "__dict__", "__weakref__", "__module__", "__annotations__")})
    return world.tell(value)


def play(job):
    if "module" in job:
        return play_module(job)
    if "said" in job:
        return play_witness(job)
    try:
        old, new = Version(job, job["old"]), Version(job, job["new"])
        constants = constants_of(old) + constants_of(new)
    except (SyntaxError, ValueError, RecursionError) as error:
        return {"skipped": "does not compile: %s" % error}
    if (old.names | new.names) & SELF_LOOKING - set(job["module_names"]):
        return {"skipped": "looks at itself or its class"}
    if (old.names | new.names) & WRITTEN_OUT:
        return {"skipped": "a context manager that is known, and no stub here"}
    agreed, stopped = 0, {}
    for index in range(job["inputs"]):
        seed = job["seed"] * 1_000_003 + index
        try:
            World.timed_out = False
            signal.setitimer(signal.ITIMER_REAL, 0.5)
            first = run(old, seed, job, constants)
            second = run(new, seed, job, constants)
            # What shows an address comes out otherwise every time, the same code included.
            if first != second and [run(side, seed, job, constants) for side in (old, new) * 2] != [first, second] * 2:
                raise Stopped("unstable")
            signal.setitimer(signal.ITIMER_REAL, 0)
        except Unplayable as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            return {"skipped": str(error)}
        except Stopped as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            stopped[str(error)] = stopped.get(str(error), 0) + 1
            if stopped.get("time", 0) > 5:
                break
            continue
        except Exception as error:  # too deep or too large, or the world raised while its values were described
            signal.setitimer(signal.ITIMER_REAL, 0)
            stopped[type(error).__name__] = stopped.get(type(error).__name__, 0) + 1
            continue
        if first != second:
            return {"differs": index, "old": first, "new": second, "agreed": agreed}
        agreed += 1
    return {"agreed": agreed, "stopped": stopped}


def play_module(job):
    old, new = Module(job["old"]), Module(job["new"])
    agreed, stopped = 0, {}
    job["bound"] = sorted(bound_names(ast.parse(job["old"])) & bound_names(ast.parse(job["new"])))
    for index in range(job["inputs"]):
        seed = job["seed"] * 1_000_003 + index
        World.timed_out = False
        signal.setitimer(signal.ITIMER_REAL, 1.0)
        try:
            first, second = old.run(seed, job), new.run(seed, job)
        except Unplayable as error:
            return {"skipped": str(error)}
        except (Stopped, RecursionError, MemoryError) as error:
            stopped[type(error).__name__] = stopped.get(type(error).__name__, 0) + 1
            continue
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if first != second:
            return {"differs": index, "old": first, "new": second, "agreed": agreed}
        agreed += 1
    return {"agreed": agreed, "stopped": stopped}


def main():
    limits()
    sys.setrecursionlimit(600)
    signal.signal(signal.SIGALRM, alarm)
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        job = json.loads(line)
        try:
            answer = play(job)
        except Exception as error:  # of our own making: said, never silent
            answer = {"error": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
