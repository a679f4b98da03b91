"""Random programs with the shapes of real code: attribute reads of unknown objects, unknown calls, keyword arguments,
subscripts, formats, nested loops, `try`, `with`, `raise`.

Two sorts are written. A *region* is a stretch of a longer function: its parameters are the variables that it reads, and
it returns those that are read after it. A *function* is whole. Both are in the one idiomatic style of `programs.py`.
"""

import ast
import builtins

FUNCTIONS = [f"call_{word}" for word in "build load check make find parse visit merge score apply emit norm".split()]
IMPORTED = ["helpers.scan", "helpers.pack", "helpers.tools.pick", "wire.send", "wire.Frame", "Shape", "Problem", "wire.at_graph",
            "helpers.do_step", "helpers.at_nodes.do_open", "wire.call_make", "helpers.Frame", "lattice", "lattice"]
ATTRIBUTES = [f"at_{word}" for word in
              "name kind size nodes edges parent state items level weight cache label owner graph path rows".split()]
METHODS = [f"do_{word}" for word in "open close step reset fetch lookup push drop visit flush neighbors degree".split()]
KEYWORDS = [f"with_{word}" for word in "data strict default depth mode keys index limit".split()]
TEXTS = [f"text {number}" for number in range(12)]
LOCALS = ("alpha beta gamma delta eps zeta eta theta iota kappa lam mu nu xi omi pi rho sigma tau ups phi chi psi omega "
          "north east south west amber azure coral ivory olive").split()
ERRORS = ["ValueError", "TypeError", "KeyError", "RuntimeError", "Problem", "helpers.Failure"]
HEADER = "import helpers\nimport wire\nfrom kinds import Shape, Problem, lattice\n"


def read_names(node):
    """Names that code reads or stores, in the order in which it stands."""
    found = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
    return [part.id for part in sorted(found, key=lambda part: (part.lineno, part.col_offset))]


class Realistic:
    """Writes one program."""

    def __init__(self, rng):
        self.rng = rng
        self.free = [f"{word}{number}" for number in (3, 2) for word in LOCALS] + rng.sample(LOCALS, len(LOCALS))
        imported = rng.choice([0, 2, 3, 4])
        self.functions = rng.sample(FUNCTIONS, 4 - min(imported, 3)) + rng.sample(IMPORTED, imported)
        self.attributes = rng.sample(ATTRIBUTES, 4)
        self.methods = rng.sample(METHODS, 3)
        self.keywords = rng.sample(KEYWORDS, 2)
        self.texts = rng.sample(TEXTS, 4)
        # variables at hand, later ones more often used
        self.scope = [self.fresh() for _ in range(rng.randint(1, 5))]
        self.is_method = rng.random() < 0.35
        if self.is_method:
            self.scope.append("self")
        self.in_loop = False
        self.yields = False

    # MARK: choices

    def fresh(self):
        return self.free.pop()

    def pick(self, *options):
        return self.rng.choice(options)

    def chance(self, probability):
        return self.rng.random() < probability

    def weighted(self, /, **options):
        names = list(options)
        return self.rng.choices(names, [options[name] for name in names])[0]

    def name(self):
        scope = self.scope
        return scope[-1 - min(int(self.rng.expovariate(0.45)), len(scope) - 1)]

    # MARK: expressions

    def number(self):
        """A number as code has them anywhere."""
        return self.pick(str(self.rng.randint(3, 12)), str(self.rng.randint(3, 12)), str(self.rng.randint(13, 3000)),
                         f"{self.rng.random():.{self.rng.randint(1, 3)}f}", "1.0", "0.0", "1e-05", "2.5")

    def literal(self, depth=2):
        """Constants in displays, as tests and tables have them."""
        item = lambda: self.pick(self.number, self.number, lambda: repr(self.rng.choice(self.texts)), lambda: str(self.rng.randint(0, 5)),
                                 lambda: repr(chr(97 + self.rng.randrange(26))))()
        if depth > 1 and self.chance(0.4):
            item = lambda inner=self.pick("({}, {})", "[{}, {}]", "({}, {}, {})"), one=item: inner.format(one(), one(), one())
        items = [item() for _ in range(self.rng.randint(1, 4))]
        kind = self.weighted(list=4, tuple=1, set=1, dict=1)
        if kind == "dict":
            return "{" + ", ".join(f"{self.pick(repr(self.texts[0]), str(n))}: {part}" for n, part in enumerate(items)) + "}"
        if kind == "set":
            return "{" + ", ".join(part.replace("[", "(").replace("]", ")") for part in items) + "}"
        return f"[{', '.join(items)}]" if kind == "list" else f"({', '.join(items)},)"

    def constant(self):
        if self.chance(0.14):
            return self.number()
        return self.pick("0", "0", "1", "1", "2", "-1", "None", "None", "True", "False", "''", "10", "0.5", "100",
                         repr(self.rng.choice(self.texts)), repr(self.rng.choice(self.texts)), repr(self.pick(",", " ", "-")))

    def arguments(self, depth):
        count = self.rng.choices([0, 1, 2, 3], [2, 6, 4, 1])[0]
        parts = [self.value(depth - 1) for _ in range(count)]
        if self.chance(0.14):
            parts.append(f"{self.rng.choice(self.keywords)}={self.value(depth - 1)}")
            if self.chance(0.25) and self.keywords[0] not in parts[-1]:
                parts.append(f"{self.keywords[0]}={self.constant()}")
        if self.chance(0.02):
            parts.insert(0, f"*{self.name()}")
        elif self.chance(0.02):
            parts.append(f"**{self.name()}")
        return ", ".join(parts)

    def index(self, depth):
        return self.weighted(**{
            self.name(): 5, "0": 3, "1": 2, "-1": 2, repr(self.rng.choice(self.texts)): 3, "1:": 1, ":-1": 0.6,
            f"{self.name()}:": 0.4, f"{self.name()}, {self.name()}": 0.6})

    def primary(self, depth):
        """Something that attributes, items and calls may follow."""
        kind = self.weighted(name=6, attribute=4 if depth > 0 else 0, item=1.6 if depth > 0 else 0)
        if kind == "attribute":
            return f"{self.primary(depth - 1)}.{self.rng.choice(self.attributes)}"
        if kind == "item":
            return f"{self.primary(depth - 1)}[{self.index(depth - 1)}]"
        return self.name()

    def call(self, depth):
        kind = self.weighted(function=5, method=5, built_in=3, known=1.6)
        if kind == "function":
            return f"{self.rng.choice(self.functions)}({self.arguments(depth)})"
        if kind == "method":
            return f"{self.primary(depth - 1)}.{self.rng.choice(self.methods)}({self.arguments(depth)})"
        if kind == "built_in":
            x = self.primary(depth - 1)
            return self.pick(
                f"len({x})", f"len({x})", f"str({x})", f"int({x})", f"set({x})", f"list({x})", f"sorted({x})", f"abs({x})",
                f"min({x}, {self.value(0)})", f"max({x}, {self.value(0)})", f"tuple({x})", f"range({x})", f"dict({x})",
                f"getattr({x}, {self.rng.choice(self.texts)!r}, None)", f"isinstance({x}, {self.pick('str', 'int', 'Shape')})",
                f"sorted({x}, key=lambda it: it.{self.attributes[0]})", f"sum({x})", f"float({x})", f"next({x})",
                f"hasattr({x}, {self.rng.choice(self.texts)!r})", f"type({x})", f"iter({x})", f"any({x})", f"all({x})",
                f"repr({x})", f"round({x}, {self.value(0)})", f"bool({x})", f"enumerate({x})", f"zip({x}, {self.primary(0)})",
                f"sorted({x}, key={self.handed()})", f"sorted({x}, reverse=True)", f"max({x}, key={self.handed()})",
                f"min({x}, default={self.constant()})", f"map({self.handed()}, {x})", f"list(map({self.handed()}, {x}))",
                f"filter({self.pick('None', self.handed())}, {x})", f"list(zip({x}, {self.primary(0)}))",
                f"sum(map({self.handed()}, {x}))", f"print({x})", f"frozenset({x})", f"list({x}.keys())",
                f"list(reversed({x}))", f"callable({x})", "super().{}({})".format(self.methods[0], self.name()))
        x = self.primary(depth - 1)
        return self.pick(
            f"{x}.get({self.value(0)})", f"{x}.get({self.value(0)}, {self.constant()})", f"{x}.items()", f"{x}.keys()",
            f"{x}.split({self.pick(repr(','), repr(' '), '')})", f"{x}.strip()", f"{x}.lower()", f"{x}.copy()",
            f"{x}.pop()", f"{x}.startswith({self.rng.choice(self.texts)!r})", f"{x}.format({self.value(0)})", f"{x}.values()",
            f"{self.pick(repr(', '), repr(' '))}.join({x})", f"{x}.replace({self.rng.choice(self.texts)!r}, {self.value(0)})")

    def handed(self):
        """A function that is handed on as a value."""
        argument = self.fresh()
        return self.pick(
            "len", "str", "int", "float", "abs", "tuple", "list", "set", "sum", "repr", self.functions[0], self.functions[1],
            f"{self.primary(0)}.{self.methods[0]}", f"{self.primary(0)}.get", "str.strip", "str.lower",
            f"lambda {argument}: {argument}[{self.pick('0', '1', '-1')}]", f"lambda {argument}: {argument}.{self.attributes[0]}",
            f"lambda {argument}: {self.functions[0]}({argument}, {self.name()})",
            f"lambda {argument}: ({argument}[1], {argument}[0])", f"lambda {argument}: -{argument}")

    def format(self, depth):
        parts = []
        for _ in range(self.rng.randint(1, 3)):
            parts.append(self.pick("", "of text ", "in: ", " - ", ", "))
            parts.append("{" + self.primary(depth - 1).replace("'", '"') + self.pick("", "", "", "!r", ":.2f") + "}")
        text = "".join(parts + [self.pick("", " end", ".")])
        return f"f'{text}'" if '"' not in text else self.name()

    def value(self, depth=2):
        kind = self.weighted(
            name=7, primary=5 if depth > 0 else 0, call=4 if depth > 0 else 0, constant=2.4,
            binary=1.6 if depth > 0 else 0, tuple=0.7 if depth > 0 else 0, test=0.5 if depth > 0 else 0,
            choice=0.25 if depth > 1 else 0, format=0.5 if depth > 0 else 0, display=0.7 if depth > 0 else 0,
            collect=0.25 if depth > 1 else 0, negative=0.15)
        if kind == "name":
            return self.name()
        if kind == "primary":
            return self.primary(depth)
        if kind == "call":
            return self.call(depth)
        if kind == "binary":
            return f"({self.value(depth - 1)} {self.pick('+', '+', '-', '*', '/', '//', '%', '**', '|', '&')} {self.value(depth - 1)})"
        if kind == "tuple":
            return f"({self.value(depth - 1)}, {self.value(depth - 1)})"
        if kind == "test":
            return f"({self.test(depth - 1)})"
        if kind == "choice":
            return f"({self.value(depth - 1)} if {self.test(depth - 1)} else {self.value(depth - 1)})"
        if kind == "format":
            return self.format(depth)
        if kind == "display" and self.chance(0.35):
            return self.literal()
        if kind == "display":
            return self.pick(f"[{self.value(depth - 1)}]", f"[{self.value(depth - 1)}, {self.value(0)}]",
                             f"{{{self.value(0)}: {self.value(depth - 1)}}}",
                             f"{{{self.rng.choice(self.texts)!r}: {self.value(depth - 1)}, {self.texts[0]!r}: {self.value(0)}}}")
        if kind == "collect":
            return self.collect(depth - 1)
        if kind == "negative":
            return f"-{self.name()}"
        return self.constant()

    def test(self, depth=2):
        kind = self.weighted(
            name=3, negated=2.5, none=3, compare=4, contains=3, call=2.5, both=1.8 if depth > 0 else 0,
            chain=0.4, instance=1.6, collect=0.3 if depth > 1 else 0, truth=0.4, identity=0.5, length=0.8)
        if kind == "name":
            return self.primary(depth)
        if kind == "negated":
            return f"not {self.pick(self.primary(depth), self.call(max(1, depth - 1)))}"
        if kind == "none":
            return f"{self.primary(depth)} is {self.pick('', 'not ')}None"
        if kind == "compare":
            return f"{self.value(max(0, depth - 1))} {self.pick('==', '==', '!=', '<', '>', '<=', '>=')} {self.value(max(0, depth - 1))}"
        if kind == "contains":
            return f"{self.value(max(0, depth - 1))} {self.pick('in', 'in', 'not in')} {self.primary(depth)}"
        if kind == "call":
            return self.call(max(1, depth - 1))
        if kind == "both":
            word = self.pick("and", "or")
            parts = [self.test(depth - 1) for _ in range(self.rng.choices([2, 3], [5, 1])[0])]
            if any(f" {other} " in part for part in parts for other in ("and", "or")):
                parts = [f"({part})" if " or " in part or " and " in part else part for part in parts]
            return f" {word} ".join(parts)
        if kind == "chain":
            return f"{self.value(0)} <{self.pick('', '=')} {self.name()} <{self.pick('', '=')} {self.value(0)}"
        if kind == "collect":
            return self.fold(depth - 1, self.pick("any", "all"))
        if kind == "truth":
            return f"{self.primary(1)} {self.pick('is', 'is', 'is not', '==')} {self.pick('False', 'True')}"
        if kind == "identity":
            return f"{self.primary(1)} {self.pick('is', 'is not')} {self.pick(self.name(), self.primary(1))}"
        if kind == "length":
            return f"len({self.primary(1)}) {self.pick('==', '!=', '>', '<', '>=')} {self.pick('0', '1', '2', self.name())}"
        return f"{self.pick('', 'not ')}isinstance({self.primary(1)}, {self.pick('str', 'int', 'Shape', '(list, tuple)', 'dict')})"

    # MARK: collecting

    def iterable(self):
        kind = self.weighted(primary=7, items=2, range=1.6, enumerate=1, zip=0.8, call=2.4, sorted=0.6, slice=0.5, values=0.6)
        x = self.primary(1)
        if kind == "items":
            return f"{x}.items()", 2
        if kind == "range":
            return self.pick(f"range({self.value(1)})", f"range(len({x}))", f"range(1, {self.value(0)})"), 1
        if kind == "enumerate":
            return f"enumerate({x})", 2
        if kind == "zip":
            return f"zip({x}, {self.primary(1)})", 2
        if kind == "call":
            return self.call(1), 2 if self.chance(0.2) else 1
        if kind == "sorted":
            return f"{self.pick('sorted', 'reversed', 'set', 'list')}({x})", 1
        if kind == "slice":
            return f"{x}[{self.pick('1:', ':-1', '::2')}]", 1
        if kind == "values":
            return f"{x}.{self.pick('values', 'keys')}()", 1
        return x, 2 if self.chance(0.15) else 1

    def target(self, width):
        names = [self.fresh() for _ in range(width)]
        if width == 1 and self.chance(0.03):
            names = [self.fresh(), self.fresh(), self.fresh()]
        return names

    def clauses(self):
        """The clauses of a comprehension; their variables come into scope, and are to be put out of it."""
        text, names = "", []
        for _ in range(self.rng.choices([1, 2], [9, 1])[0]):
            source, width = self.iterable()
            bound = self.target(width)
            names += bound
            text += f" for {', '.join(bound)} in {source}"
            self.scope += bound
            if self.chance(0.5):
                text += f" if {self.test(1)}"
                if self.chance(0.08):
                    text += f" if {self.test(1)}"
        return text, names

    def element(self, names):
        """What is collected: mostly about a variable of the clauses."""
        x = self.rng.choice(names)
        return self.weighted(**{
            x: 4, f"{x}.{self.attributes[0]}": 2.5, f"{self.functions[0]}({x})": 2, f"{x}.{self.methods[0]}()": 1.2,
            f"({', '.join(names[:2])})": 1 if len(names) > 1 else 0.01, f"{x}[{self.index(0)}]": 1, self.value(1): 3,
            f"({x}, {self.value(0)})": 0.8, f"str({x})": 0.6, f"{x}.strip()": 0.4, f"{x} * {self.value(0)}": 0.5,
            f"{self.functions[1]}({self.name()}, {x})": 1.2})

    def collect(self, depth=1, kind=None):
        """An expression that goes through an iterable."""
        kind = kind or self.weighted(list=6, dict=2, set=1.5, any=1.6, all=1.3, sum=1.2, count=1.2, first=1.4, join=1,
                                     sorted=0.5, max=0.4, tuple=0.2)
        if kind in ("any", "all", "count", "first"):
            return self.fold(depth, kind)
        before = list(self.scope)
        clauses, names = self.clauses()
        value = self.element(names)
        if kind == "dict":
            key = self.pick(names[0], names[0], self.element(names))
            made = f"{{{key}: {self.pick(value, names[-1], self.value(1))}{clauses}}}"
        elif kind == "set":
            made = f"{{{value}{clauses}}}"
        elif kind in ("sum", "max", "tuple"):
            made = f"{kind}({value}{clauses})"
        elif kind == "join":
            made = f"{self.pick(repr(', '), repr(''), repr(' '))}.join({value}{clauses})"
        elif kind == "sorted":
            made = f"sorted({value}{clauses})"
        else:
            made = f"[{value}{clauses}]"
        self.scope = before
        return made

    def fold(self, depth, kind):
        before = list(self.scope)
        source, width = self.iterable()
        names = self.target(width)
        self.scope += names
        test, clause = self.test(1), f" for {', '.join(names)} in {source}"
        if kind == "count":
            made = f"sum(1{clause} if {test})"
        elif kind == "first":
            made = f"next(({self.pick(names[0], names[0], self.element(names))}{clause} if {test}), {{default}})"
        else:
            made = f"{kind}({test}{clause}{f' if {self.test(1)}' if self.chance(0.12) else ''})"
        self.scope = before
        return made.replace("{default}", self.pick("None", "None", self.constant(), self.name()))

    # MARK: statements; each gives lines, indented from nothing

    def nested(self, head, body):
        return [head] + [f"    {line}" for line in body]

    def effect(self):
        x = self.primary(1)
        kind = self.weighted(call=5, store=2.5, item=2, append=2, augment=1.4, bump=0.6)
        if kind == "call":
            return [self.call(2)]
        if kind == "store":
            return [f"{x}.{self.rng.choice(self.attributes)} = {self.value(2)}"]
        if kind == "item":
            return [f"{x}[{self.pick(self.name(), self.value(1), self.index(1))}] = {self.value(2)}"]
        if kind == "append":
            return [f"{x}.{self.pick('append', 'append', 'add', 'update', 'extend')}({self.value(1)})"]
        if kind == "augment":
            return [f"{x}.{self.rng.choice(self.attributes)} {self.pick('+=', '-=')} {self.value(1)}"]
        return [f"{x}[{self.name()}] += {self.value(0)}"]

    def local(self):
        """A variable made, to be used by what follows."""
        value = self.pick(lambda: self.value(2), lambda: self.call(2), lambda: self.primary(2),
                          lambda: self.collect(1), self.choice)()
        name = self.fresh()
        self.scope.append(name)
        return [f"{name} = {value}"]

    def choice(self):
        return f"{self.value(1)} if {self.test(1)} else {self.value(1)}"

    def leave(self):
        if self.in_loop and self.chance(0.6):
            return [self.pick("continue", "continue", "break")]
        if self.chance(0.4):
            return self.leave_in_error()
        return [f"return {self.pick(self.constant(), self.value(1), self.value(1))}"]

    def guard(self):
        return self.nested(f"if {self.test()}:", ([] if self.chance(0.85) else self.effect()) + self.leave())

    def block(self, depth, count=None):
        before = list(self.scope)
        lines = []
        for _ in range(count or self.rng.choices([1, 2, 3], [5, 3, 1])[0]):
            lines += self.statement(depth)
        self.scope = before
        return lines

    def branch(self, depth):
        lines = self.nested(f"if {self.test()}:", self.block(depth - 1))
        if self.chance(0.08):
            return self.chain(depth)
        if self.chance(0.12):
            lines += self.nested(f"elif {self.test()}:", self.block(depth - 1))
        if self.chance(0.3):
            lines += self.nested("else:", self.block(depth - 1))
        return lines

    def chain(self, depth):
        """One value told from several others, arm by arm."""
        subject, lines, word = self.primary(1), [], "if"
        shape = self.pick("{} == {}", "{} == {}", "{} in {}", "isinstance({}, {})", "{}.startswith({})")
        for _ in range(self.rng.randint(2, 5)):
            other = self.pick("str", "int", "Shape", "dict", "(list, tuple)") if "isinstance" in shape else \
                self.literal(1) if " in " in shape else repr(self.rng.choice(self.texts)) if "starts" in shape else \
                self.pick(lambda: repr(self.rng.choice(self.texts)), lambda: str(self.rng.randint(0, 9)))()
            lines += self.nested(f"{word} {shape.format(subject, other)}:", self.block(depth - 1, 1))
            word = "elif"
        return lines + (self.nested("else:", self.block(depth - 1, 1)) if self.chance(0.6) else [])

    def drained(self, depth):
        """A list of what is left to do, and the loop that takes from it."""
        todo, item, was = self.fresh(), self.fresh(), list(self.scope)
        lines = [f"{todo} = [{self.name()}]"]
        self.scope += [todo, item]
        in_loop, self.in_loop = self.in_loop, True
        body = [f"{item} = {todo}.pop({self.pick('', '', '0')})"] + self.block(depth - 1, 2)
        body += self.pick([f"{todo}.append({self.value(1)})"], [f"{todo}.extend({self.primary(1)})"],
                          self.nested(f"for {(inner := self.fresh())} in {item}.{self.attributes[0]}:",
                                      [f"{todo}.append({inner})"]))
        self.scope, self.in_loop = was, in_loop
        return lines + self.nested(f"while {todo}:", body)

    def bumped(self):
        """A counter or sum over a loop that does more."""
        source, width = self.iterable()
        total, was = self.fresh(), list(self.scope)
        lines = [f"{total} = {self.pick('0', '0', '1', '0.0', repr(''))}"]
        names = self.target(width)
        self.scope += names
        body = self.statement(0) + [f"{total} += {self.pick('1', '1', self.element(names))}"]
        if self.chance(0.4):
            body = self.nested(f"if {self.test(1)}:", body)
        self.scope = was + [total]
        return lines + self.nested(f"for {', '.join(names)} in {source}:", body)

    def loop(self, depth):
        """A loop that is for its effects."""
        source, width = self.iterable()
        before, was = list(self.scope), self.in_loop
        names = self.target(width)
        self.scope += names
        self.in_loop = True
        lines = []
        for _ in range(self.rng.choices([1, 2, 3], [3, 3, 1])[0]):
            lines += self.statement(depth - 1)
        if not any(name in line for name in names for line in lines) or self.chance(0.4):
            lines += self.pick([self.call(2)], [f"{self.name()}.{self.pick('append', 'add')}({self.element(names)})"])
        self.scope, self.in_loop = before, was
        if self.chance(0.06):
            return self.nested(f"while {self.test(1)}:", lines)
        return self.nested(f"for {', '.join(names)} in {source}:", lines)

    def gathered(self):
        """Loops that gather by key: the style has them as loops."""
        source, width = self.iterable()
        table = self.fresh()
        names = self.target(width)
        before = list(self.scope)
        self.scope += names
        key, value = self.element(names), self.element(names)
        body = self.weighted(count=2, group=3, walk=2)
        lines = [f"{table} = {{}}"]
        if body == "count":
            inner = [f"{table}[{key}] = {table}.get({key}, 0) + 1"]
        elif body == "group":
            inner = [f"{table}.setdefault({key}, []).append({value})"]
        else:
            middle = self.fresh()
            self.scope.append(middle)
            inner = [f"{middle} = {self.call(1)}"]
            if self.chance(0.6):
                inner += self.nested(f"if {self.pick(f'{middle} is not None', f'{middle} not in {table}', self.test(1))}:",
                                     [f"{table}[{key}] = {middle}"])
            else:
                inner += [f"{table}[{key}] = {middle}"]
        self.scope = before + [table]
        return lines + self.nested(f"for {', '.join(names)} in {source}:", inner)

    def attempt(self, depth):
        lines = self.nested("try:", self.block(depth - 1))
        error = self.rng.choice(ERRORS)
        bound = self.fresh() if self.chance(0.4) else None
        was = list(self.scope)
        if bound:
            self.scope.append(bound)
        handler = self.pick([f"raise {self.rng.choice(ERRORS)}({self.value(1)}){f' from {bound}' if bound else ''}"],
                            self.block(depth - 1, 1), ["pass"])
        self.scope = was
        if self.chance(0.15):
            error = f"({error}, {self.rng.choice(ERRORS)})"
        lines += self.nested(f"except {error}{f' as {bound}' if bound else ''}:", handler)
        if self.chance(0.08):
            lines += self.nested("else:", self.block(depth - 1, 1))
        return lines + (self.nested("finally:", self.effect()) if self.chance(0.12) else [])

    def statement(self, depth):
        kind = self.weighted(
            effect=5, local=3, guard=2, branch=2.2 if depth > 0 else 0, loop=1.4 if depth > 0 else 0,
            attempt=0.4 if depth > 0 else 0, context=0.25 if depth > 0 else 0, assertion=0.6, bring=0.06,
            give=0.12 if self.yields else 0,
            inner=0.08 if depth > 1 else 0, unpack=0.3, remove=0.12, drained=0.1 if depth > 1 else 0,
            bumped=0.2 if depth > 0 else 0)
        if kind == "context":
            bound = self.fresh()
            context = f"with {self.call(1)} as {bound}:"
            self.scope.append(bound)
            return self.nested(context, self.block(depth - 1))
        if kind == "assertion":
            message = f", {self.pick(repr(self.texts[0]), self.name())}" if self.chance(0.15) else ""
            return [f"assert {self.pick(self.test(1), f'{self.value(2)} == {self.value(1)}', f'{self.value(2)} == {self.literal()}')}{message}"]
        if kind == "bring":
            bound = self.fresh()
            self.scope.append(bound)
            return [f"import {self.pick('helpers', 'numbers', 'helpers.tools')} as {bound}"]
        if kind == "give":
            return [f"yield {self.value(2)}"]
        if kind == "remove":
            return [f"del {self.primary(1)}[{self.index(0)}]"]
        if kind == "drained":
            return self.drained(depth)
        if kind == "bumped":
            return self.bumped()
        if kind == "unpack":
            value, names = self.value(1), [self.fresh(), self.fresh()]
            self.scope += names
            return [f"{', '.join(names)} = {value}"]
        if kind == "inner":
            name, argument, was = self.fresh(), self.fresh(), list(self.scope)
            self.scope.append(argument)
            body = self.value(2)
            self.scope = was + [name]
            return self.nested(f"def {name}({argument}):", [f"return {body}"])
        return {"effect": self.effect, "local": self.local, "guard": self.guard, "branch": lambda: self.branch(depth),
                "loop": lambda: self.loop(depth), "attempt": lambda: self.attempt(depth)}[kind]()

    # MARK: whole programs

    def region(self):
        """The statements of a region, and the variables that are read after it."""
        kind = self.weighted(collect=9, two=1.5, choice=3, gathered=1.5, loop=2.5, leaves=4, temporary=1.5, noisy=2,
                             single=4, branch=1.5, chain=0.6)
        results, lines = [], []
        if kind in ("collect", "two"):
            for _ in range(2 if kind == "two" else 1):
                value, name = self.collect(2), self.fresh()
                lines.append(f"{name} = {value}")
                results.append(name)
                if kind == "two":
                    self.scope.append(name)
            if kind == "collect" and self.chance(0.12):
                lines = self.nested(f"if {self.test(1)}:", lines)
        elif kind == "choice":
            value, name = self.choice(), self.pick(self.fresh(), self.fresh(), self.name())
            lines.append(f"{name} = {value}")
            results.append(name)
        elif kind == "gathered":
            lines = self.gathered()
            results.append(self.scope[-1])
        elif kind == "loop":
            if self.chance(0.25):
                return self.bumped(), [self.scope[-1]]
            if self.chance(0.4):
                lines += [f"{self.fresh()} = {self.pick('0', '[]', '{}', 'None', 'False', 'set()')}"]
                results.append(lines[0].split(" ")[0])
                self.scope += results
            lines += self.loop(2)
            results = [name for name in results if any(name in line for line in lines[1:])]
        elif kind == "leaves":
            return self.ending(), []
        elif kind == "temporary":
            return [f"return {self.value(3)}"], []
        elif kind == "single":
            return self.pick(self.effect, self.effect, self.leave_in_error, lambda: [f"assert {self.test(2)}"],
                             self.pair_of_statements)(), []
        elif kind == "branch":
            lines = self.nested(f"if {self.test()}:", self.block(1, 1))
        elif kind == "chain":
            lines = self.chain(1)
        else:
            for _ in range(self.rng.randint(1, 2)):
                lines += self.statement(1)
            value, name = self.collect(2), self.fresh()
            lines.append(f"{name} = {value}")
            results.append(name)
            self.scope.append(name)
            if self.chance(0.5):
                lines += self.statement(1)
        return lines, results

    def leave_in_error(self):
        return [f"raise {self.rng.choice(ERRORS)}({self.pick(repr(self.rng.choice(self.texts)), self.format(1))})"]

    def pair_of_statements(self):
        return self.local() + self.pick(self.effect, lambda: [f"assert {self.test(2)}"])()

    def ending(self):
        """Statements that leave the function for good."""
        kind = self.weighted(collect=5, choice=2, tests=2, truth=1.5, value=2, search=1.5)
        if kind == "collect":
            return [f"return {self.collect(2)}"]
        if kind == "choice":
            return [f"return {self.choice()}"]
        if kind == "truth":
            truth = self.pick(
                f"{self.value(1)} in {self.primary(1)}", f"{self.primary(2)} is not None", f"not {self.primary(2)}",
                self.fold(1, "any"), self.fold(1, "all"))
            return [f"return {truth}"]
        if kind == "value":
            return [f"return {self.value(3)}"]
        if kind == "search":
            return self.loop(2) + [f"return {self.value(1)}"]
        lines = []
        for _ in range(self.rng.randint(1, 3)):
            lines += self.nested(f"if {self.test()}:", self.block(1, 1) * (self.chance(0.25)) + self.leave())
        return lines + [f"return {self.value(2)}"]

    def write_region(self):
        lines, results = self.region()
        ending = []
        if len(results) == 1 and " = " in lines[-1] and lines[-1].split(" ")[0] == results[0]:
            # no temporary that is used once
            lines[-1] = f"return {lines[-1].split(' = ', 1)[1]}"
        elif results:
            ending = [f"return {results[0] if len(results) == 1 else '(' + ', '.join(results) + ')'}"]
        return self.finished(lines + ending)

    def write_function(self):
        lines = []
        self.yields = self.chance(0.15)
        for _ in range(self.rng.choices([0, 1, 2, 3, 4, 6, 8], [1, 3, 4, 3, 2, 1, 1])[0]):
            lines += self.gathered() if self.chance(0.06) else self.statement(2)
        if self.chance(0.75) or not lines:
            lines += self.ending()
        return self.finished(lines)

    def finished(self, lines):
        """The function around the lines: what they read and do not make first is a parameter."""
        body = "".join(f"    {line}\n" for line in lines)
        tree = ast.parse(f"def function():\n{body}")
        scoped = {part.id for part in ast.walk(tree) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
        inner = {part.arg for part in ast.walk(tree) if isinstance(part, ast.arg)}
        inner |= {part.name for part in ast.walk(tree) if isinstance(part, (ast.FunctionDef, ast.ExceptHandler)) and part.name}
        known = set(FUNCTIONS) | {"helpers", "wire", "Shape", "Problem", "lattice"} | set(dir(builtins))
        parameters = []
        for name in read_names(tree):
            if name not in known and name not in inner and name not in parameters and (name not in scoped or name in self.given):
                parameters.append(name)
        if "self" in parameters and self.chance(0.7):
            parameters.remove("self")
            parameters.insert(0, "self")
        return f"def function({', '.join(parameters)}):\n{body}"

    def write(self, sort):
        self.given = set(self.scope)
        source = self.write_region() if sort == "region" else self.write_function()
        return ast.unparse(ast.parse(source))


def program(rng):
    """The source of a random region or function."""
    for _ in range(50):
        try:
            return Realistic(rng).write("region" if rng.random() < 0.7 else "function")
        except (IndexError, SyntaxError, ValueError):
            continue
    raise SyntaxError("no program")
