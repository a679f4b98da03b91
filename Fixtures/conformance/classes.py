def points(a: list[int]):
    class Point:
        count = 0

        def __init__(self, x, y=0):
            self.x = x
            self.y = y
            Point.count += 1

        def __eq__(self, other):
            return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

        def __hash__(self):
            return hash((self.x, self.y))

        def __repr__(self):
            return f"Point({self.x}, {self.y})"

        def __add__(self, other):
            return Point(self.x + other.x, self.y + other.y)

        def __lt__(self, other):
            return self.x < other.x

        def __bool__(self):
            return self.x != 0

        def __len__(self):
            return 3

        def __getitem__(self, i):
            return (self.x, self.y)[i]

        def __contains__(self, v):
            return v == self.x

        def __call__(self, k):
            return self.x * k

        @property
        def norm(self):
            return abs(self.x) + abs(self.y)

        @staticmethod
        def origin():
            return Point(0)

        @classmethod
        def make(cls, v):
            return cls(v, v)

    ps = [Point(x) for x in a]
    total = sum(ps, Point.origin())
    return (repr(total), ps == [Point(x) for x in a], min(ps).x if ps else None, [bool(p) for p in ps], Point.make(3).norm,
            total[0], 3 in total, total(2), len(total), len({Point(1), Point(1, 0)}), list(Point(1, 2)), Point.count)


def inheritance(n: int):
    class Base:
        kind = "base"

        def __init__(self, v):
            self.v = v

        def name(self):
            return self.kind + str(self.v)

        def both(self):
            return "base"

    class Left(Base):
        kind = "left"

        def both(self):
            return "left " + super().both()

    class Right(Base):
        def both(self):
            return "right " + super().both()

    class Bottom(Left, Right):
        def __init__(self, v):
            super().__init__(v + 1)

        def both(self):
            return "bottom " + super().both()

    b = Bottom(n)
    return b.name(), b.both(), isinstance(b, Right), issubclass(Bottom, Base), isinstance(Base(1), Left), b.v, type(b).__name__


def iteration_protocol(n: int):
    class Countdown:
        def __init__(self, k):
            self.k = k

        def __iter__(self):
            return self

        def __next__(self):
            if self.k <= 0:
                raise StopIteration
            self.k -= 1
            return self.k

    class Yielding:
        def __iter__(self):
            yield 1
            yield 2

    return list(Countdown(n % 5)), [*Yielding()], max(Countdown(3)), dict(zip(Countdown(2), "ab"))


def attributes(n: int):
    class Box:
        shared = []

        def __getattr__(self, name):
            if name.startswith("x"):
                return name
            raise AttributeError(name)

    b = Box()
    b.shared.append(n)
    b.own = 1
    out = [b.shared, Box().shared, b.xyz, hasattr(b, "nope"), getattr(b, "nope", 2), b.own]
    del b.own
    setattr(b, "own", n)
    return out, b.own


def missing_attribute(n: int):
    class Box:
        pass

    return Box().nothing


def setters(n: int):
    class Box:
        def __init__(self):
            self._v = 0

        @property
        def v(self):
            return self._v

        @v.setter
        def v(self, value):
            self._v = value * 2

    b = Box()
    b.v = n
    b.v += 1
    return b.v


def not_implemented(n: int):
    class Number:
        def __init__(self, v):
            self.v = v

        def __add__(self, other):
            if isinstance(other, int):
                return self.v + other
            return NotImplemented

        def __radd__(self, other):
            return other + self.v * 10

        def __eq__(self, other):
            return NotImplemented

        def __iadd__(self, other):
            self.v += other
            return self

    x = Number(n)
    y = x
    y += 5
    return x + 1, 1 + x, x == x, x == 1, x is y, x.v


def not_implemented_error(n: int):
    class A:
        def __add__(self, other):
            return NotImplemented

    return A() + n


def class_scope(n: int):
    x = "outer"

    class C:
        x = n
        y = [x for _ in range(2)]

        def f(self):
            return x

        z = x + 1

    return C.x, C.z, C().f(), C.y


def class_values(n: int):
    class C:
        pass

    class D(C):
        pass

    c = C()
    c.a = n
    return c


def too_many(n: int):
    class C:
        def f(self, a):
            return a

    return C().f(1, 2)


def decorators(n: int):
    log = []

    def trace(f):
        def wrapper(*args, **kwargs):
            log.append(args)
            return f(*args, **kwargs)

        return wrapper

    def scale(k):
        def decorate(f):
            return lambda *a: f(*a) * k

        return decorate

    @trace
    @scale(3)
    def g(x, y=1):
        return x + y

    return g(n), g(n, 2), log


def returned_closure(n: int):
    def f(a):
        return a

    return f
