"""Random small functions in one idiomatic style: what the specialist should find behind a rewriting.

The style is always the same, so that it can be learned: comprehensions and folds where a loop only collects, guards
that leave early, positive tests, no temporary that is used once, no `else` after `return`.
"""

import ast
import random

ATTRIBUTES = "price weight size kind owner parent left right total limit state rate level name label nodes".split()
METHODS = "close reset check fetch load save measure describe visit refresh commit lookup".split()
FUNCTIONS = "compute resolve score convert parse_line build transform is_valid accept distance notify".split()
TEXTS = "empty input,no value,unknown,error,done,not found,bad,left,right,total,name,key".split(",")
NAMES = "items values rows data nodes edges lines words parts entries records points seq queue graph".split()
SCALARS = "n k limit start stop bound factor step width offset".split()
OBJECTS = "obj item user node config source target other account shape".split()


class Program:
    """Writes one function."""

    def __init__(self, rng):
        self.rng = rng
        self.used = set()
        self.lines = []
        # a small alphabet for each program, so that a name is met more than once
        self.attributes = rng.sample(ATTRIBUTES, 3)
        self.methods = rng.sample(METHODS, 2)
        self.functions = rng.sample(FUNCTIONS, 2)
        self.is_method = rng.random() < 0.25
        self.lists, self.ints, self.objects, self.texts = [], [], [], []
        self.parameters = []

    # MARK: names

    def fresh(self, pool):
        free = [name for name in pool if name not in self.used] or [
            f"{name}{digit}" for name in pool for digit in range(2, 9) if f"{name}{digit}" not in self.used]
        name = self.rng.choice(free)
        self.used.add(name)
        return name

    def pick(self, *options):
        return self.rng.choice(options)

    def chance(self, probability):
        return self.rng.random() < probability

    def small(self):
        return self.rng.choice([0, 0, 1, 1, 2, 2, 3, 5, 7, 10, 100, -1])

    # MARK: expressions

    def element(self, kind):
        """A value of an element or object, by the kind of thing that it is."""
        return {"int": self.number, "obj": self.of_object, "text": self.of_text}[kind]

    def number(self, x):
        other = self.rng.choice(self.ints) if self.ints and self.chance(0.5) else str(max(1, self.small()))
        return self.pick(
            x, f"{x} * {other}", f"{x} + {other}", f"{x} - {other}", f"{x} * {x}", f"{x} % {max(2, self.small())}",
            f"abs({x})", f"{self.rng.choice(self.functions)}({x})", f"{x} // {max(2, self.small())}", f"-{x}",
            f"({x} + {other}) * {max(2, self.small())}", f"{x} ** 2", f"min({x}, {other})", f"max({x}, {other})")

    def of_object(self, x):
        attribute = self.rng.choice(self.attributes)
        function = self.rng.choice(self.functions)
        return self.pick(
            f"{x}.{attribute}", f"{x}.{attribute}", f"{x}.{self.rng.choice(self.methods)}()", f"{function}({x})",
            f"{x}.{attribute} * {x}.{self.rng.choice(self.attributes)}", f"{function}({x}.{attribute})",
            f"{x}.{attribute}.{self.rng.choice(self.attributes)}", f"{x}[{self.small()}]",
            f"({x}.{attribute}, {x})", f"{x}.{attribute} + {self.small()}",
            f"{function}({x}, {self.rng.choice(self.ints) if self.ints else self.small()})")

    def of_text(self, x):
        return self.pick(
            f"{x}.strip()", f"{x}.lower()", f"{x}.split(',')", f"len({x})", f"{x} + '-'", f"{x}.upper()",
            f"{x}[0]", f"{x}[1:]", f"int({x})", f"{x}.strip().lower()", f"f'<{{{x}}}>'", f"{x}.replace(' ', '_')")

    def test(self, x, kind):
        other = self.rng.choice(self.ints) if self.ints and self.chance(0.4) else str(self.small())
        attribute = self.rng.choice(self.attributes)
        function = self.rng.choice(self.functions)
        if kind == "int":
            simple = self.pick(
                f"{x} > {other}", f"{x} < {other}", f"{x} >= {other}", f"{x} <= {other}", f"{x} == {other}",
                f"{x} % {max(2, self.small())} == 0", f"{x} != {other}", f"0 <= {x} < {other}", f"{function}({x})",
                f"{x} % 2 == 1", f"1 < {x} <= {other}")
        elif kind == "obj":
            simple = self.pick(
                f"{x}.{attribute}", f"{x}.{attribute} > {other}", f"{x}.{attribute} is None", f"{function}({x})",
                f"{x}.{self.rng.choice(self.methods)}()", f"not {x}.{attribute}", f"{x}.{attribute} is not None",
                f"{x}.{attribute} == {other}", f"not {function}({x})", f"{other} < {x}.{attribute} < 10",
                f"{x}.{attribute} in {x}.{self.rng.choice(self.attributes)}")
        else:
            simple = self.pick(
                f"{x}", f"not {x}", f"{x}.startswith('#')", f"len({x}) > {other}", f"{x} == '{self.rng.choice(TEXTS)}'",
                f"'=' in {x}", f"{x}.isdigit()", f"{function}({x})", f"{x} != ''")
        if self.chance(0.22):
            second = self.test(x, kind)
            if " and " not in second and " or " not in second:
                simple = self.pick(f"{simple} and {second}", f"{simple} or {second}", f"{simple} and {second}")
        return simple

    def scalar(self):
        """Some value at hand."""
        options = [str(self.small())] + self.ints + [f"len({name})" for name, _ in self.lists[:2]]
        options += [f"{name}.{self.rng.choice(self.attributes)}" for name in self.objects]
        return self.rng.choice(options)

    def constant(self):
        return self.pick("None", "None", "0", "[]", "False", "True", "-1", "1", "''", "{}")

    # MARK: parameters

    def parameter(self, kind):
        if kind == "list":
            name = self.fresh(NAMES)
            element = self.pick("int", "int", "obj", "obj", "text")
            self.lists.append((name, element))
            hint = {"int": "list[int]", "text": "list[str]", "obj": "list"}[element]
        elif kind == "int":
            name = self.fresh(SCALARS)
            self.ints.append(name)
            hint = "int"
        elif kind == "text":
            name = self.fresh(["text", "line", "word", "name", "path"])
            self.texts.append(name)
            hint = "str"
        else:
            name = self.fresh(OBJECTS)
            self.objects.append(name)
            hint = None
        self.parameters.append(f"{name}: {hint}" if hint and self.is_annotated else name)
        return name

    def variable(self, kind):
        return self.fresh({"int": ["x", "value", "v", "num"], "obj": ["item", "node", "entry", "row", "part"],
                           "text": ["line", "word", "token", "field"]}[kind])

    # MARK: statements; each gives lines, indented from nothing

    def guard(self):
        subject = []
        for name, _ in self.lists:
            subject += [f"not {name}", f"len({name}) < {max(1, self.small())}", f"{name} is None"]
        for name in self.ints:
            subject += [self.test(name, "int"), f"{name} < 0", f"{name} == 0", f"{name} is None"]
        for name in self.objects:
            subject += [self.test(name, "obj"), f"{name} is None", f"not {name}"]
        for name in self.texts:
            subject += [self.test(name, "text"), f"not {name}"]
        test = self.rng.choice(subject or ["DEBUG"])
        if self.chance(0.25):
            leave = f"raise {self.pick('ValueError', 'TypeError', 'KeyError')}('{self.rng.choice(TEXTS)}')"
        else:
            leave = f"return {self.pick(self.constant(), self.constant(), self.scalar())}"
        return [f"if {test}:", f"    {leave}"]

    def source_list(self):
        """An iterable and the kind of its elements."""
        if not self.lists or self.chance(0.12):
            if self.objects:
                return f"{self.rng.choice(self.objects)}.{self.rng.choice(self.attributes)}", "obj"
            if self.ints:
                return f"range({self.rng.choice(self.ints)})", "int"
        if not self.lists:
            return f"range({max(2, self.small())})", "int"
        name, kind = self.rng.choice(self.lists)
        roll = self.rng.random()
        if roll < 0.06:
            return f"sorted({name})", kind
        if roll < 0.12:
            return f"{name}[{self.pick('1:', ':-1', '::2', '2:')}]", kind
        if roll < 0.16:
            return f"reversed({name})", kind
        if roll < 0.20 and self.functions:
            return f"{self.rng.choice(self.functions)}({name})", "obj"
        return name, kind

    def clause(self):
        source, kind = self.source_list()
        x = self.variable(kind)
        condition = f" if {self.test(x, kind)}" if self.chance(0.6) else ""
        return x, kind, f"for {x} in {source}{condition}"

    def collecting(self):
        """An expression that goes through an iterable."""
        x, kind, clause = self.clause()
        value = self.element(kind)(x)
        plain = clause.split(" if ")[0]
        test = self.test(x, kind)
        options = [f"[{value} {clause}]"] * 5
        options += [f"sum({value} {clause})"] * (3 if kind != "text" else 0)
        options += [f"any({test} {plain})", f"all({test} {plain})", f"any({test} {plain})", f"all({test} {plain})"]
        options += [f"sum(1 {plain} if {test})"] * 2
        options += [f"{{{x}: {value} {clause}}}", f"{{{value} {clause}}}", f"max({value} {clause})"]
        options += [f"', '.join(str({value}) {clause})", f"next(({value} {plain} if {test}), None)"]
        return self.rng.choice(options)

    def loop(self):
        """A loop with effects, and the value that it leaves."""
        source, kind = self.source_list()
        x = self.variable(kind)
        value, test = self.element(kind)(x), self.test(x, kind)
        function = self.rng.choice(self.functions)
        choice = self.rng.randrange(13)
        if choice == 0:
            counts = self.fresh(["counts", "tally", "seen"])
            key = self.pick(x, value)
            return [f"{counts} = {{}}", f"for {x} in {source}:",
                    f"    {counts}[{key}] = {counts}.get({key}, 0) + 1"], counts
        if choice == 1:
            groups = self.fresh(["groups", "index", "buckets"])
            return [f"{groups} = {{}}", f"for {x} in {source}:",
                    f"    {groups}.setdefault({value}, []).append({x})"], groups
        if choice == 2:
            return [f"for {x} in {source}:", f"    if {test}:", f"        return {self.pick(x, value, 'True')}"], \
                self.constant()
        if choice == 3:
            out = self.fresh(["result", "out", "found"])
            y = self.fresh(["y", "mapped", "got"])
            return [f"{out} = []", f"for {x} in {source}:", f"    {y} = {function}({x})",
                    f"    if {y} is {self.pick('None', 'not None')}:", f"        {self.pick('continue', 'break')}",
                    f"    {out}.append({self.pick(y, f'{y}.{self.attributes[0]}', f'({x}, {y})')})"], out
        if choice == 4:
            return [f"for {x} in {source}:", f"    if {test}:", f"        {function}({x})"], self.constant()
        if choice == 5:
            best = self.fresh(["best", "winner", "top"])
            attribute = self.rng.choice(self.attributes)
            inner = f"{x}.{attribute} {self.pick('>', '<')} {best}.{attribute}" if kind == "obj" else \
                f"{x} {self.pick('>', '<')} {best}"
            return [f"{best} = None", f"for {x} in {source}:", f"    if {best} is None or {inner}:",
                    f"        {best} = {x}"], best
        if choice == 6:
            total = self.fresh(["total", "acc", "score"])
            step = self.pick(f"{total} += {self.number(x) if kind == 'int' else f'len({x})'}", f"{total} += 1")
            return [f"{total} = {self.pick(0, 0, 1)}", f"for {x} in {source}:", f"    if {test}:", f"        {step}",
                    "    else:", f"        {total} {self.pick('-=', '*=')} {self.pick(1, 2)}"], total
        if choice == 7:
            i = self.fresh(["i", "index", "pos"])
            return [f"for {i}, {x} in enumerate({source}):", f"    if {test}:", f"        return {i}"], \
                self.pick("-1", "None")
        if choice == 8 and self.ints:
            n = self.rng.choice(self.ints)
            total = self.fresh(["total", "acc", "result"])
            return [f"{total} = {self.pick(0, 1)}", f"while {n} > 0:", f"    {total} {self.pick('+=', '*=')} {n}",
                    f"    {n} {self.pick('-= 1', '//= 2', '-= 2')}"], total
        if choice == 9 and self.objects:
            obj = self.rng.choice(self.objects)
            return [f"for {x} in {source}:", f"    {obj}.{self.rng.choice(self.methods)}({value})"], obj
        if choice == 10 and self.is_method:
            attribute = self.rng.choice(self.attributes)
            return [f"for {x} in {source}:", f"    self.{attribute} += {value}"], f"self.{attribute}"
        if choice == 11 and len(self.lists) > 1:
            (first, kind1), (second, _) = self.rng.sample(self.lists, 2)
            a, b = self.fresh(["a", "p", "u"]), self.fresh(["b", "q", "w"])
            return [f"for {a}, {b} in zip({first}, {second}):", f"    if {a} {self.pick('!=', '<', '==')} {b}:",
                    f"        return {self.pick('False', a, 'True')}"], self.pick("True", "False", "None")
        i = self.fresh(["i", "j"])
        name = self.lists[0][0] if self.lists else "DATA"
        return [], f"[{name}[{i}] {self.pick('+', '*', '-')} {self.pick(i, '2')} for {i} in range(len({name}))]"

    def effect(self):
        """A statement with an effect of its own."""
        owner = "self" if self.is_method and self.chance(0.7) else (self.rng.choice(self.objects) if self.objects else None)
        if owner is None:
            return [f"{self.rng.choice(self.functions)}({self.scalar()})"]
        return [self.pick(
            f"{owner}.{self.rng.choice(self.methods)}()", f"{owner}.{self.rng.choice(self.methods)}({self.scalar()})",
            f"{owner}.{self.rng.choice(self.attributes)} = {self.scalar()}",
            f"{owner}.{self.rng.choice(self.attributes)} += 1",
            f"{owner}.{self.rng.choice(self.attributes)}.append({self.scalar()})")]

    def local(self):
        """A variable that is used more than once later."""
        roll = self.rng.random()
        if roll < 0.4:
            name = self.fresh(["found", "picked", "kept", "chosen", "mapped"])
            x, kind, clause = self.clause()
            value = self.element(kind)(x)
            self.lists.append((name, "obj" if kind == "obj" else "int"))
            return [f"{name} = [{value} {clause}]"], name
        if roll < 0.7:
            name = self.fresh(["count", "amount", "base", "extra"])
            value = self.scalar()
            self.ints.append(name)
            return [f"{name} = {self.number(value)}"], name
        name = self.fresh(["current", "handle", "info", "owner_of"])
        value = self.of_object(self.rng.choice(self.objects)) if self.objects else f"{self.functions[0]}({self.scalar()})"
        self.objects.append(name)
        return [f"{name} = {value}"], name

    def result(self):
        """The last statements."""
        roll = self.rng.random()
        if roll < 0.40:
            value = self.collecting()
            if self.chance(0.12):
                value = self.pick(f"sorted({value})" if value[0] == "[" else value, f"len({value})" if value[0] in "[{" else
                                  value, f"{self.functions[0]}({value})")
            return [f"return {value}"]
        if roll < 0.70:
            lines, value = self.loop()
            return lines + [f"return {value}"]
        if roll < 0.80:
            a, b = self.pick(self.scalar(), self.constant()), self.scalar()
            subject = self.rng.choice(self.ints + self.objects + ["n0"])
            if subject == "n0":
                subject = "self" if self.is_method else "DEBUG"
            test = self.test(subject, "int" if subject in self.ints else "obj")
            return [f"return {a} if {test} else {b}"]
        if roll < 0.88:
            lines = []
            subject = self.rng.choice(self.ints or [self.scalar()])
            for _ in range(self.rng.randint(2, 3)):
                lines += [f"if {self.test(subject, 'int')}:", f"    return {self.pick(self.scalar(), self.constant())}"]
            return lines + [f"return {self.scalar()}"]
        if roll < 0.94:
            return self.effect() + ([] if self.chance(0.5) else [f"return {self.scalar()}"])
        x = self.scalar()
        return [f"return f'{self.rng.choice(TEXTS)} {{{x}}}: {{{self.scalar()}}}'"]

    def write(self):
        self.is_annotated = self.chance(0.45)
        if self.is_method:
            self.used.add("self")
            self.parameters.append("self")
            self.objects.append("self")
        kinds = ["list"] if self.chance(0.8) else ["obj"]
        for _ in range(self.rng.choice([0, 0, 1, 1, 1, 2])):
            kinds.append(self.pick("list", "int", "int", "obj", "text"))
        self.rng.shuffle(kinds)
        for kind in kinds:
            self.parameter(kind)
        lines = []
        for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            lines += self.guard()
        if self.chance(0.25):
            made, name = self.local()
            lines += made
            if self.chance(0.4):
                lines += self.guard()
        if self.chance(0.18):
            lines += self.effect()
        if self.chance(0.2):
            subject = self.rng.choice(self.objects) if self.objects else None
            if subject:
                lines += [f"if {self.test(subject, 'obj')}:"] + [f"    {line}" for line in self.effect()]
                if self.chance(0.3):
                    lines += ["else:"] + [f"    {line}" for line in self.effect()]
        lines += self.result()
        body = "".join(f"    {line}\n" for line in lines)
        return f"def function({', '.join(self.parameters)}):\n{body}"


def program(rng):
    """The source of a random function."""
    return ast.unparse(ast.parse(Program(rng).write()))
