"""An opaque world: unknown objects whose every answer comes from a seed and from what was asked before.

Without assumptions all questions (attributes, calls, truth, comparison, length, hash, iteration) are events: each is
traced, and each answer depends on the whole trace before it. Two programs that ask the same in the same order get the
same answers, and a program that asks otherwise is caught by its trace. An assumption of logicdiff's closed list makes
its questions silent: they are not traced, and their answer depends on the operands and on the effects so far.

It shares nothing with logicdiff's own interpreter.
"""
import builtins
import hashlib
import random
import types

from . import values


UNTOLD = "the world's own message"  # of a failed plain read: which of two fails first is not told apart


class Stopped(BaseException):
    """The case ran out of fuel, or asked what the world cannot play; it says nothing."""


class Unplayable(Stopped):
    pass


def digest(*parts):
    text = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


class World:
    """One run of one version. `profile` is drawn from the seed alone, so both versions get the same."""

    def __init__(self, seed, assumptions, exceptions=(), arities=(), fuel=600):
        self.seed = seed
        self.plain = "plain-attributes" in assumptions
        self.quiet = "quiet-protocols" in assumptions
        self.stable = "stable-names" in assumptions
        self.exceptions = list(exceptions)  # names of exception classes that the code mentions
        self.fuel = fuel
        self.trace = []
        self.chain = seed
        self.chains = [seed]   # the chain after each effect
        self.stores = {}       # (path, name) -> value, forgotten at unknown calls
        self.cache = {}
        self.numbers = {}      # identity of mutable values, in order of appearance
        self.kept = []
        self.classes = {}
        self.globals = {}
        self.methods = {}      # (path, name) -> method of the receiver's own class
        self.rebindable = ()
        rng = random.Random(digest(seed, "profile"))
        self.raising = rng.choice((0, 0, 0, 0.02, 0.05, 0.2))
        self.meddling = rng.choice((0, 0, 0.3))
        self.truth = rng.choice((0.5, 0.5, 0.8, 0.95, 0.2))
        # Lengths that the code unpacks to are likely, so that it gets somewhere.
        self.lengths = list(arities) * 4 + [0, 1, 2, 2, 3] if rng.random() < 0.7 else [0, 1, 2, 3]
        self.remember = rng.choice((0.0, 0.7, 1.0))
        self.weights = rng.choice((
            {"opaque": 10, "int": 1, "none": 1},
            {"opaque": 4, "int": 4, "str": 2, "none": 1, "bool": 1, "list": 2, "tuple": 1, "dict": 1},
            {"int": 6, "bool": 2, "float": 1, "opaque": 1},
            {"list": 5, "opaque": 3, "dict": 2, "tuple": 2, "int": 1, "str": 1},
            {"str": 6, "opaque": 2, "int": 1, "none": 1}, {"odd": 4, "opaque": 3, "int": 1},
            {"opaque": 1}, {"opaque": 1}, {"opaque": 1}, {"opaque": 30, "int": 1, "none": 1},
        ))
        self.is_deep = set(self.weights) == {"opaque"}

    # Events

    def spend(self):
        self.fuel -= 1
        if self.fuel < 0:
            raise Stopped("fuel")

    def effect(self, text):
        self.spend()
        self.trace.append(text)
        self.chain = digest(self.chain, text)
        self.chains.append(self.chain)
        return self.chain

    def tell(self, value, depth=0):
        return values.describe(value, self.number, depth)

    def number(self, value):
        key = id(value)
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers)
            self.kept.append(value)
        return self.numbers[key]

    def may_raise(self, key, limit=None):
        if self.raising and digest(key, "raises") % 1000 < self.raising * 1000:
            raise self.exception(key, limit)

    def exception(self, key, limit=None):
        if limit:
            return limit(UNTOLD)
        names = self.exceptions or ["KeyError"]
        pool = names * 2 + ["ValueError", "KeyError", "TypeError", "AttributeError", "StopIteration", "RuntimeError"]
        name = pool[digest(key, "which") % len(pool)]
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            return kind("from the world %d" % (key % 1000))
        return BaseException.__new__(self.exception_class(name))

    def exception_class(self, path):
        if path not in self.classes:
            self.classes[path] = ExceptionMaker(path, (Exception,), {"__module__": "world"})
        return self.classes[path]

    def value(self, key, name, weights=None):
        """A fresh answer."""
        rng = random.Random(digest(key, "value"))
        if weights == {"truth": 1}:
            return rng.random() < self.truth
        return values.draw(rng, weights or self.weights, lambda: self.opaque(name))

    def size(self, name):
        return self.lengths[digest(self.seed, name, "length") % len(self.lengths)]

    def opaque(self, name):
        found = self.cache.get(("object", name))
        if found is None:
            found = self.cache[("object", name)] = make(name)
        return found

    # Questions

    def read(self, path, name):
        """An attribute. Paths that the code raises or catches are exception classes."""
        full = path + "." + name
        if (path, name) in self.methods:
            return self.methods[path, name]
        if full in self.exceptions:
            if not self.plain:
                self.effect("read " + full)
            return self.exception_class(full)
        if self.plain:
            self.spend()
            if (path, name) in self.stores:
                return self.stores[path, name]
            epoch = self.epoch(full)
            key = digest(self.seed, "read", full, epoch)
            self.may_raise(key, AttributeError)
            if ("read", key) not in self.cache:
                self.cache["read", key] = self.value(key, full if not epoch else "%s@%x" % (full, epoch % 0xFFFF))
            return self.cache["read", key]
        key = self.effect("read " + full)
        self.may_raise(key)
        known = self.stores.get((path, name))
        if known is None:
            known = self.cache.get(("last", path, name))
        if known is not None and digest(key, "again") % 100 < self.remember * 100:
            return known
        made = self.cache["last", path, name] = self.value(key, "o%d" % len(self.trace))
        return made

    def epoch(self, subject):
        """The last effect that changed the subject: a function of the effects so far, not of when it was asked."""
        for chain in reversed(self.chains):
            if chain == self.seed:
                return 0
            if digest(chain, subject, "changes") % 6 == 0:
                return chain
        return 0

    def write(self, path, name, value):
        key = self.effect("store %s.%s = %s" % (path, name, self.tell(value)))
        self.may_raise(key)
        self.stores[path, name] = value

    def delete(self, path, name):
        key = self.effect("delete %s.%s" % (path, name))
        self.stores.pop((path, name), None)
        self.may_raise(key)

    def ask(self, operation, *operands, weights=None, name=None):
        """An operation that is always an effect."""
        text = "%s(%s)" % (operation, ", ".join(self.tell(item) for item in operands))
        key = self.effect(text)
        self.may_raise(key)
        return self.value(key, name or "o%d" % len(self.trace), weights)

    def protocol(self, operation, *operands, weights):
        """`==`, `len`, truth, `hash`: silent under quiet-protocols."""
        if not self.quiet:
            return self.ask(operation, *operands, weights=weights)
        self.spend()
        text = "%s(%s)" % (operation, ", ".join(self.tell(item) for item in operands))
        key = digest(self.seed, text, self.epoch(text))
        self.may_raise(key)
        return self.value(key, "p%x" % (key % 0xFFFFF), weights)

    def call(self, path, args, kwargs):
        text = "call %s(%s)" % (path, ", ".join(
            [self.tell(item) for item in args] + ["%s=%s" % (name, self.tell(item)) for name, item in kwargs.items()]))
        key = self.effect(text)
        self.stores.clear()
        if self.meddling:
            self.meddle(key, list(args) + list(kwargs.values()))
        self.may_raise(key)
        return self.value(key, "o%d" % len(self.trace))

    def meddle(self, key, arguments):
        """What foreign code may do with what it is given, and to module names."""
        rng = random.Random(digest(key, "meddle"))
        if not self.stable and self.rebindable and rng.random() < self.meddling:
            name = rng.choice(self.rebindable)
            self.globals[name] = self.value(rng.getrandbits(40), "rebound%d" % len(self.trace))
        for item in arguments:
            if rng.random() > self.meddling:
                continue
            if isinstance(item, list):
                rng.choice((item.clear, item.reverse, lambda: item.append(self.opaque("added%d" % len(self.trace)))))()
            elif isinstance(item, dict):
                item[rng.choice(("k", 0))] = rng.randrange(3)
            elif isinstance(item, set):
                item.add(rng.randrange(3))
            elif isinstance(item, (types.FunctionType, types.MethodType)):
                count = getattr(item, "__code__", item.__func__.__code__ if hasattr(item, "__func__") else None)
                result = item(*[self.value(rng.getrandbits(40), "passed%d.%d" % (len(self.trace), i))
                                for i in range(min(count.co_argcount, 3))])
                self.effect("callback gave " + self.tell(result))
            elif hasattr(item, "__next__") and not isinstance(item, Opaque):
                self.effect("callee took " + self.tell(next(item, "nothing")))


def world():
    return World.current


def _set(new):
    World.current = new


World.current = None
World.enter = staticmethod(_set)

TRUTHS = {"bool": 12, "opaque": 2, "int": 1, "none": 1}


class ExceptionMaker(type):
    """The class of exception classes of the world: making one is an unknown call."""

    def __call__(cls, *args, **kwargs):
        world().call(cls.__name__, args, kwargs)
        made = BaseException.__new__(cls, *args)
        made.args = tuple(args) + tuple(sorted(kwargs.items(), key=lambda item: item[0]))
        return made


def path_of(value):
    return object.__getattribute__(value, "_world_path")


class OpaqueType(type):
    """The class of unknown objects is unknown as well: calling it and reading it are questions."""

    def __call__(cls, *args, **kwargs):
        return world().call("the class", args, kwargs)

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return world().read("the class", name)


def make(path):
    made = object.__new__(Opaque)
    object.__setattr__(made, "_world_path", path)
    return made


class Opaque(metaclass=OpaqueType):
    __slots__ = ("_world_path",)

    def __getattribute__(self, name):
        if name == "__class__":
            return Opaque
        if name.startswith("__") and name.endswith("__") and name not in ("__name__", "__dict__", "__doc__", "__module__"):
            return object.__getattribute__(self, name)
        return world().read(path_of(self), name)

    def __setattr__(self, name, value):
        world().write(path_of(self), name, value)

    def __delattr__(self, name):
        world().delete(path_of(self), name)

    def __call__(self, *args, **kwargs):
        return world().call(path_of(self), args, kwargs)

    def __bool__(self):
        w = world()
        return w.protocol("truth", self, weights={"truth": 1})

    def __len__(self):
        return world().protocol("len", self, weights={"size": 1})

    def __hash__(self):
        if not world().quiet:
            world().effect("hash(%s)" % path_of(self))
        return digest(path_of(self)) % 5

    def __eq__(self, other):
        return world().protocol("eq", self, other, weights=TRUTHS)

    def __ne__(self, other):
        return world().protocol("ne", self, other, weights=TRUTHS)

    def __lt__(self, other):
        return world().ask("lt", self, other, weights=TRUTHS)

    def __le__(self, other):
        return world().ask("le", self, other, weights=TRUTHS)

    def __gt__(self, other):
        return world().ask("gt", self, other, weights=TRUTHS)

    def __ge__(self, other):
        return world().ask("ge", self, other, weights=TRUTHS)

    def __contains__(self, item):
        return world().ask("contains", self, item, weights={"bool": 1})

    def __getitem__(self, key):
        return world().ask("item", self, key)

    def __setitem__(self, key, value):
        world().ask("store item", self, key, value)

    def __delitem__(self, key):
        world().ask("delete item", self, key)

    def __iter__(self):
        w = world()
        name = "iter(%s)" % path_of(self)
        if not w.quiet:
            w.effect(name)
            name += "#%d" % len(w.trace)
        else:
            w.spend()
            count = w.cache[name] = w.cache.get(name, 0) + 1
            name += "#%d" % count
        return Elements(name, w.size(name))

    def __reversed__(self):
        w = world()
        w.effect("reversed(%s)" % path_of(self))
        return Elements("reversed(%s)#%d" % (path_of(self), len(w.trace)), w.size(path_of(self)))

    def __enter__(self):
        return world().ask("enter", self)

    def __exit__(self, kind, error, trace):
        return world().ask("exit", self, error, weights={"bool": 1, "none": 3})

    def __await__(self):
        got = yield world().ask("await", self)
        return got

    async def __aenter__(self):
        return world().ask("aenter", self)

    async def __aexit__(self, kind, error, trace):
        return world().ask("aexit", self, error, weights={"bool": 1, "none": 3})

    def __aiter__(self):
        world().effect("aiter(%s)" % path_of(self))
        return Elements("aiter(%s)#%d" % (path_of(self), len(world().trace)), world().size(path_of(self)))

    def __instancecheck__(self, item):
        return world().ask("instance of", self, item, weights={"bool": 1})

    def __subclasscheck__(self, item):
        return world().ask("subclass of", self, item, weights={"bool": 1})

    def __mro_entries__(self, bases):
        world().effect("base " + path_of(self))
        return (Base,)

    def __index__(self):
        return world().ask("index", self, weights={"size": 1})

    def __int__(self):
        return world().ask("int", self, weights={"int": 1})

    def __float__(self):
        return world().ask("float", self, weights={"float": 1})

    def __str__(self):
        return world().ask("str", self, weights={"str": 1})

    def __repr__(self):
        return world().ask("repr", self, weights={"str": 1})

    def __format__(self, specification):
        return world().ask("format", self, specification, weights={"str": 1})

    def __neg__(self):
        return world().ask("neg", self)

    def __pos__(self):
        return world().ask("pos", self)

    def __invert__(self):
        return world().ask("invert", self)

    def __abs__(self):
        return world().ask("abs", self)

    def __round__(self, *digits):
        return world().ask("round", self, *digits)

    def keys(self):
        return world().ask("keys", self, weights={"list": 1})


class Base:
    """Stands for an unknown base class: there it is seen, but not what it does."""

    def __init_subclass__(cls, **keywords):
        w = world()
        w.effect("class %s with %s" % (cls.__name__, w.tell(keywords)))


class Elements:
    """An iterator of unknown items; each step is an effect."""

    def __init__(self, name, length):
        self.name, self.left = name, length

    def __iter__(self):
        return self

    __aiter__ = __iter__

    def __next__(self):
        return self.step(StopIteration)

    async def __anext__(self):
        return self.step(StopAsyncIteration)

    def step(self, end):
        w = world()
        key = w.effect("next(%s)" % self.name)
        w.may_raise(key)
        if self.left <= 0:
            raise end
        self.left -= 1
        return w.value(key, "o%d" % len(w.trace))


def _operators():
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or", "xor",
                 "matmul", "divmod"):
        def forward(self, other, *rest, name=name):
            return world().ask(name, self, other, *rest)

        def backward(self, other, name=name):
            return world().ask(name, other, self)

        def in_place(self, other, name=name):
            return world().ask("in-place " + name, self, other)
        setattr(Opaque, "__%s__" % name, forward)
        setattr(Opaque, "__r%s__" % name, backward)
        if name != "divmod":
            setattr(Opaque, "__i%s__" % name, in_place)


_operators()
del Opaque.keys
values.Opaque, values.Elements, values.path_of, values.make = Opaque, Elements, path_of, make
