"""Rewritings of a function that keep its meaning, and mutations that do not.

Each rewriting takes a `Site` and says whether it changed something. They work on the idiomatic style of `programs.py`
and undo it: what they write is what the specialist learns to read.
"""

import ast
import copy

NEGATED = {
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}


def name(text):
    return ast.Name(text, ast.Load())


def store(text):
    return ast.Name(text, ast.Store())


def assign(target, value):
    return ast.Assign([store(target)], value, lineno=0)


def statements(source):
    return ast.parse(source).body


def negation(test):
    """`not test`, in the shortest form that means the same."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in NEGATED:
        return ast.Compare(test.left, [NEGATED[type(test.ops[0])]()], test.comparators)
    return ast.UnaryOp(ast.Not(), test)


def leaves(block):
    return bool(block) and isinstance(block[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))


def is_atom(node):
    return isinstance(node, (ast.Name, ast.Constant))


class Site:
    """A function being rewritten."""

    def __init__(self, function, rng):
        self.function, self.rng = function, rng
        self.used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        self.used |= {argument.arg for argument in function.args.args}

    def fresh(self, *options):
        name = next((option for option in options if option not in self.used), None)
        number = 1
        while name is None or name in self.used:
            name, number = f"{options[0]}_{number}", number + 1
        self.used.add(name)
        return name

    def blocks(self):
        """Every statement list, in random order."""
        found, owners = [], [self.function]
        while owners:
            owner = owners.pop()
            for field in ("body", "orelse", "finalbody"):
                block = getattr(owner, field, None)
                if block:
                    found.append((owner, block))
                    owners += [statement for statement in block if hasattr(statement, "body")]
        self.rng.shuffle(found)
        return found

    def places(self, kind):
        """Statements of a kind as (owner, block, index), in random order."""
        found = [(owner, block, index) for owner, block in self.blocks() for index, statement in enumerate(block)
                 if isinstance(statement, kind)]
        self.rng.shuffle(found)
        return found

    def lists(self):
        """Names that surely hold a list: made here, or said to."""
        known = {argument.arg for argument in self.function.args.args
                 if isinstance(argument.annotation, ast.Subscript) or
                 isinstance(argument.annotation, ast.Name) and argument.annotation.id == "list"}
        counts = {}
        for node in ast.walk(self.function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                counts[node.id] = counts.get(node.id, 0) + 1
        known = {item for item in known if item not in counts}
        for node in ast.walk(self.function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and \
                    counts.get(node.targets[0].id) == 1 and isinstance(node.value, (ast.ListComp, ast.List)):
                known.add(node.targets[0].id)
        return known


# MARK: collecting expressions as loops

COLLECTING = (ast.ListComp, ast.SetComp, ast.DictComp)


def fold_name(node):
    """`sum`, `any`, ... where the node is such a call of a generator."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("sum", "any", "all", "next"):
        if node.args and isinstance(node.args[0], ast.GeneratorExp):
            return node.func.id
    return None


def loop_of(generator, body):
    """The clauses of a comprehension as loops around `body`."""
    for clause in reversed(generator.generators):
        for test in reversed(clause.ifs):
            body = [ast.If(test, body, [])]
        body = [ast.For(clause.target, clause.iter, body, [], lineno=0)]
    return body[0]


def collected(site, node, target):
    """Statements that leave the value of a collecting expression in `target`."""
    if isinstance(node, ast.ListComp):
        body = [ast.Expr(ast.Call(ast.Attribute(name(target), "append", ast.Load()), [node.elt], []))]
        return [assign(target, ast.List([], ast.Load())), loop_of(node, body)]
    if isinstance(node, ast.SetComp):
        body = [ast.Expr(ast.Call(ast.Attribute(name(target), "add", ast.Load()), [node.elt], []))]
        return [assign(target, ast.Call(name("set"), [], [])), loop_of(node, body)]
    if isinstance(node, ast.DictComp):
        body = [ast.Assign([ast.Subscript(name(target), node.key, ast.Store())], node.value, lineno=0)]
        return [assign(target, ast.Dict([], [])), loop_of(node, body)]
    fold = fold_name(node)
    if fold is None:
        return None
    generator = node.args[0]
    if fold == "sum" and len(node.args) == 1:
        body = [ast.AugAssign(store(target), ast.Add(), generator.elt)]
        return [assign(target, ast.Constant(0)), loop_of(generator, body)]
    if len(generator.generators) > 1:
        return None
    if fold in ("any", "all"):
        test = generator.elt if fold == "any" else negation(generator.elt)
        body = [ast.If(test, [assign(target, ast.Constant(fold == "any")), ast.Break()], [])]
        return [assign(target, ast.Constant(fold != "any")), loop_of(generator, body)]
    if fold == "next" and len(node.args) == 2:
        return [assign(target, node.args[1]), loop_of(generator, [assign(target, generator.elt), ast.Break()])]
    return None


def comprehension_to_loop(site):
    for _, block, index in site.places((ast.Return, ast.Assign)):
        statement = block[index]
        value = statement.value
        if isinstance(statement, ast.Assign):
            if not isinstance(statement.targets[0], ast.Name):
                continue
            target = statement.targets[0].id
            if any(isinstance(node, ast.Name) and node.id == target for node in ast.walk(value)):
                continue
            made = collected(site, value, target)
            if made:
                block[index:index + 1] = made
                return True
            continue
        if value is None:
            continue
        fold = fold_name(value)
        if fold in ("any", "all", "next") and site.rng.random() < 0.65 and len(value.args[0].generators) == 1:
            generator = value.args[0]
            if fold == "next":
                if len(value.args) != 2:
                    continue
                body, last = [ast.Return(generator.elt)], ast.Return(value.args[1])
            else:
                test = generator.elt if fold == "any" else negation(generator.elt)
                body = [ast.If(test, [ast.Return(ast.Constant(fold == "any"))], [])]
                last = ast.Return(ast.Constant(fold != "any"))
            block[index:index + 1] = [loop_of(generator, body), last]
            return True
        # the first thing that the statement evaluates, perhaps inside calls of names
        outer, node = None, value
        while isinstance(node, ast.Call) and fold_name(node) is None and len(node.args) == 1 and not node.keywords and \
                (isinstance(node.func, ast.Name) or isinstance(node.func, ast.Attribute) and
                 isinstance(node.func.value, ast.Constant)):
            outer, node = node, node.args[0]
        if outer is not None and isinstance(node, ast.GeneratorExp) and isinstance(outer.func, ast.Attribute):
            node = ast.ListComp(node.elt, node.generators)
        if outer is not None and fold_name(node) in ("any", "all", "next"):
            continue
        target = site.fresh(*site.rng.sample(["result", "out", "acc", "collected", "values_out"], 5))
        made = collected(site, node, target)
        if made is None:
            continue
        if outer is not None:
            outer.args[0] = name(target)
        block[index:index + 1] = made + [ast.Return(value if outer is not None else name(target))]
        return True
    return False


# MARK: loops

def for_to_while(site):
    known = site.lists()
    for _, block, index in site.places(ast.For):
        loop = block[index]
        if loop.orelse or any(isinstance(node, ast.Continue) for node in ast.walk(loop)):
            continue
        i = site.fresh("i", "index", "pos", "at")
        length = None
        first = []
        if isinstance(loop.iter, ast.Name) and loop.iter.id in known and isinstance(loop.target, ast.Name):
            text = ast.unparse(loop)
            if f"{loop.iter.id}." in text:
                continue
            length = ast.parse(f"len({loop.iter.id})", mode="eval").body
            first = [assign(loop.target.id, ast.Subscript(name(loop.iter.id), name(i), ast.Load()))]
        elif isinstance(loop.iter, ast.Call) and isinstance(loop.iter.func, ast.Name) and \
                loop.iter.func.id == "range" and len(loop.iter.args) == 1 and isinstance(loop.target, ast.Name):
            bound = loop.iter.args[0]
            # the bound is read anew in each round
            simple = isinstance(bound, ast.Constant) or isinstance(bound, ast.Call) and \
                isinstance(bound.func, ast.Name) and bound.func.id == "len" and \
                isinstance(bound.args[0], ast.Name) and bound.args[0].id in known
            if not simple:
                continue
            length, i = bound, loop.target.id
        if length is None:
            continue
        step = ast.AugAssign(store(i), ast.Add(), ast.Constant(1))
        test = ast.Compare(name(i), [ast.Lt()], [length])
        if site.rng.random() < 0.25:
            body = [ast.If(ast.Compare(name(i), [ast.GtE()], [length]), [ast.Break()], [])] + first + loop.body + [step]
            made = ast.While(ast.Constant(True), body, [])
        else:
            made = ast.While(test, first + loop.body + [step], [])
        block[index:index + 1] = [assign(i, ast.Constant(0)), made]
        return True
    return False


def enumerate_to_counter(site):
    for _, block, index in site.places(ast.For):
        loop = block[index]
        if not (isinstance(loop.iter, ast.Call) and isinstance(loop.iter.func, ast.Name) and
                loop.iter.func.id == "enumerate" and isinstance(loop.target, ast.Tuple)):
            continue
        if any(isinstance(node, ast.Continue) for node in ast.walk(loop)):
            continue
        i, x = loop.target.elts
        step = ast.AugAssign(store(i.id), ast.Add(), ast.Constant(1))
        block[index:index + 1] = [
            assign(i.id, ast.Constant(0)), ast.For(x, loop.iter.args[0], loop.body + [step], [], lineno=0)]
        return True
    return False


def while_to_endless(site):
    for _, block, index in site.places(ast.While):
        loop = block[index]
        if loop.orelse or isinstance(loop.test, ast.Constant):
            continue
        loop.body.insert(0, ast.If(negation(loop.test), [ast.Break()], []))
        loop.test = ast.Constant(True)
        return True
    return False


def filter_to_continue(site):
    """`for: if c: a` as `for: if not c: continue; a`."""
    for owner, block, index in site.places(ast.If):
        if not isinstance(owner, ast.For) or index != len(block) - 1 or block[index].orelse:
            continue
        statement = block[index]
        if leaves(statement.body):
            continue
        block[index:] = [ast.If(negation(statement.test), [ast.Continue()], [])] + statement.body
        return True
    return False


def continue_to_branch(site):
    """`for: if c: continue; a` as `for: if not c: a`."""
    for owner, block, index in site.places(ast.If):
        statement = block[index]
        if statement.orelse or len(statement.body) != 1 or not isinstance(statement.body[0], ast.Continue):
            continue
        rest = block[index + 1:]
        if not isinstance(owner, ast.For) or not rest:
            continue
        block[index:] = [ast.If(negation(statement.test), rest, [])] if site.rng.random() < 0.7 else \
            [ast.If(statement.test, [ast.Pass()], rest)]
        return True
    return False


# MARK: branches

def guard_to_else(site):
    """`if c: return a` and the rest as two arms."""
    for _, block, index in site.places(ast.If):
        statement = block[index]
        rest = block[index + 1:]
        if statement.orelse or not leaves(statement.body) or not rest or isinstance(statement.body[-1], ast.Continue):
            continue
        if site.rng.random() < 0.55:
            block[index:] = [ast.If(statement.test, statement.body, rest)]
        else:
            block[index:] = [ast.If(negation(statement.test), rest, statement.body)]
        return True
    return False


def guard_inverted(site):
    """`if c: return a; rest` as `if not c: rest; return a`, where the rest leaves."""
    for owner, block, index in site.places(ast.If):
        statement = block[index]
        rest = block[index + 1:]
        if statement.orelse or not leaves(statement.body) or not leaves(rest) or len(rest) > 6:
            continue
        block[index:] = [ast.If(negation(statement.test), rest, [])] + statement.body
        return True
    return False


def swap_arms(site):
    for _, block, index in site.places(ast.If):
        statement = block[index]
        if not statement.orelse or len(statement.orelse) == 1 and isinstance(statement.orelse[0], ast.If):
            continue
        statement.test, statement.body, statement.orelse = negation(statement.test), statement.orelse, statement.body
        return True
    return False


def ternary_to_if(site):
    for _, block, index in site.places((ast.Return, ast.Assign)):
        statement = block[index]
        choice = statement.value
        if not isinstance(choice, ast.IfExp):
            continue
        if isinstance(statement, ast.Return):
            then, other = ast.Return(choice.body), ast.Return(choice.orelse)
            block[index:index + 1] = [ast.If(choice.test, [then], [other])] if site.rng.random() < 0.5 else \
                [ast.If(choice.test, [then], []), other]
        else:
            then = ast.Assign(statement.targets, choice.body, lineno=0)
            other = ast.Assign(copy.deepcopy(statement.targets), choice.orelse, lineno=0)
            block[index] = ast.If(choice.test, [then], [other])
        return True
    return False


def and_to_nested(site):
    for _, block, index in site.places(ast.If):
        statement = block[index]
        if statement.orelse or not isinstance(statement.test, ast.BoolOp) or not isinstance(statement.test.op, ast.And):
            continue
        first, rest = statement.test.values[0], statement.test.values[1:]
        inner = rest[0] if len(rest) == 1 else ast.BoolOp(ast.And(), rest)
        block[index] = ast.If(first, [ast.If(inner, statement.body, [])], [])
        return True
    return False


def or_to_two(site):
    """`if a or b: leave` as two guards."""
    for _, block, index in site.places(ast.If):
        statement = block[index]
        if statement.orelse or not isinstance(statement.test, ast.BoolOp) or not isinstance(statement.test.op, ast.Or):
            continue
        if not leaves(statement.body) or len(statement.body) > 1:
            continue
        block[index:index + 1] = [ast.If(value, copy.deepcopy(statement.body), []) for value in statement.test.values]
        return True
    return False


def tests(site):
    """Places where only the truth of an expression counts, as (owner, setter)."""
    found = []
    for node in ast.walk(site.function):
        if isinstance(node, (ast.If, ast.IfExp, ast.While)):
            found.append((node, "test", None))
        if isinstance(node, ast.comprehension):
            found += [(node, "ifs", index) for index in range(len(node.ifs))]
    site.rng.shuffle(found)
    return found


def value_at(owner, field, index):
    value = getattr(owner, field)
    return value if index is None else value[index]


def put(owner, field, index, value):
    if index is None:
        setattr(owner, field, value)
    else:
        getattr(owner, field)[index] = value


def de_morgan(site):
    for owner, field, index in tests(site):
        test = value_at(owner, field, index)
        if isinstance(test, ast.BoolOp):
            other = ast.Or() if isinstance(test.op, ast.And) else ast.And()
            put(owner, field, index, ast.UnaryOp(ast.Not(), ast.BoolOp(other, [negation(v) for v in test.values])))
            return True
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in NEGATED:
            other = ast.Compare(test.left, [NEGATED[type(test.ops[0])]()], test.comparators)
            put(owner, field, index, ast.UnaryOp(ast.Not(), other))
            return True
    return False


def split_chain(site):
    for owner, field, index in tests(site):
        test = value_at(owner, field, index)
        for node in ast.walk(test):
            if isinstance(node, ast.Compare) and len(node.ops) == 2:
                middle = node.comparators[0]
                if not is_atom(middle):
                    continue
                first = ast.Compare(node.left, [node.ops[0]], [middle])
                second = ast.Compare(copy.deepcopy(middle), [node.ops[1]], [node.comparators[1]])
                both = ast.BoolOp(ast.And(), [first, second])
                if node is test:
                    put(owner, field, index, both)
                elif isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) and node in test.values:
                    at = test.values.index(node)
                    test.values[at:at + 1] = [first, second]
                else:
                    continue
                return True
    return False


# MARK: temporaries

def first_evaluated(node, path=()):
    """Steps to a compound expression that is evaluated before everything else in `node`."""
    for field in ("value", "func", "left", "elts", "args", "operand", "test", "values"):
        if not hasattr(node, field):
            continue
        child = getattr(node, field)
        if isinstance(child, list):
            for at, item in enumerate(child):
                if isinstance(item, ast.AST) and not is_atom(item):
                    return path + ((field, at),)
                if at >= 0 and not is_atom(item):
                    return None
            continue
        if isinstance(child, ast.AST) and not is_atom(child):
            return path + ((field, None),)
        if field == "func" and isinstance(child, ast.Name):
            continue
    return None


def name_temporary(site):
    for _, block, index in site.places((ast.Return, ast.Assign, ast.Expr, ast.If, ast.For, ast.AugAssign, ast.Assert, ast.Raise)):
        statement = block[index]
        if isinstance(statement, ast.AugAssign) and not isinstance(statement.target, ast.Name):
            continue
        fields = {ast.If: "test", ast.Assert: "test", ast.For: "iter", ast.Raise: "exc"}
        owner, field, at = statement, fields.get(type(statement), "value"), None
        if getattr(owner, field) is None:
            continue
        # the whole value, or what is evaluated first inside it
        for _ in range(site.rng.randint(0, 2)):
            inner = value_at(owner, field, at)
            if isinstance(inner, (ast.BoolOp, ast.IfExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
                                  ast.Lambda, ast.JoinedStr, ast.Compare)) and not isinstance(inner, ast.Compare):
                break
            step = first_evaluated(inner)
            if step is None:
                break
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and step[0][0] == "func":
                # a method is looked up on its object: name the object
                if is_atom(inner.func.value):
                    break
                owner, field, at = inner.func, "value", None
                continue
            owner, (field, at) = inner, step[0]
        value = value_at(owner, field, at)
        if is_atom(value) or isinstance(value, (ast.Slice, ast.Starred, ast.JoinedStr, ast.GeneratorExp)):
            continue
        # the style keeps names of longer values
        if sum(1 for _ in ast.walk(value)) > 8:
            continue
        if isinstance(value, (ast.ListComp, ast.SetComp, ast.DictComp)) and isinstance(statement, ast.Assign) and \
                owner is statement:
            continue
        if isinstance(statement, (ast.Assign, ast.Expr)) and owner is statement:
            continue
        target = site.fresh("tmp", "value_1", "current_1", "it", "got")
        put(owner, field, at, name(target))
        block.insert(index, assign(target, value))
        return True
    return False


def element_temporary(site):
    """Names a part of what a loop appends or adds."""
    for owner, block, index in site.places(ast.Expr):
        call = block[index].value
        if not isinstance(owner, (ast.For, ast.While, ast.If)) or not isinstance(call, ast.Call) or \
                len(call.args) != 1 or is_atom(call.args[0]):
            continue
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("append", "add") or \
                not isinstance(call.func.value, ast.Name):
            continue
        target = site.fresh("value_1", "tmp", "mapped_1", "element")
        block.insert(index, assign(target, call.args[0]))
        call.args[0] = name(target)
        return True
    return False


def dead_temporary(site):
    target = site.fresh("unused", "flag", "last")
    blocks = [block for owner, block in site.blocks() if not isinstance(owner, (ast.Lambda,))]
    block = site.rng.choice(blocks)
    block.insert(0, assign(target, ast.Constant(site.rng.choice([None, 0, False, ""]))))
    return True


def is_fresh(statement):
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
        return False
    value = statement.value
    return isinstance(value, ast.Constant) or isinstance(value, (ast.List, ast.Dict)) and not ast.unparse(value)[1:-1]


def reorder(site):
    for _, block in site.blocks():
        for index in range(len(block) - 1):
            if is_fresh(block[index]) and is_fresh(block[index + 1]) and \
                    block[index].targets[0].id != block[index + 1].targets[0].id:
                block[index], block[index + 1] = block[index + 1], block[index]
                return True
            # a fresh value made before a guard that does not mention it
            if is_fresh(block[index + 1]) and isinstance(block[index], ast.If) and \
                    block[index + 1].targets[0].id not in ast.unparse(block[index]):
                block[index], block[index + 1] = block[index + 1], block[index]
                return True
    return False


def augmented_to_plain(site):
    numbers = {node.targets[0].id for node in ast.walk(site.function)
               if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and
               isinstance(node.value, ast.Constant) and type(node.value.value) is int}
    for _, block, index in site.places(ast.AugAssign):
        statement = block[index]
        if not isinstance(statement.target, ast.Name) or statement.target.id not in numbers:
            continue
        block[index] = assign(
            statement.target.id, ast.BinOp(name(statement.target.id), statement.op, statement.value))
        return True
    return False


def append_to_extend(site):
    for _, block, index in site.places(ast.Expr):
        call = block[index].value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "append" and \
                isinstance(call.func.value, ast.Name) and len(call.args) == 1:
            target = call.func.value.id
            made = any(isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and
                       node.targets[0].id == target and isinstance(node.value, ast.List)
                       for node in ast.walk(site.function))
            if made:
                block[index] = ast.AugAssign(store(target), ast.Add(), ast.List([call.args[0]], ast.Load()))
                return True
    return False


def counting_to_branch(site):
    """`d[k] = d.get(k, 0) + 1` as a test of membership."""
    for _, block, index in site.places(ast.Assign):
        text = ast.unparse(block[index])
        target = block[index].targets[0]
        if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name) or ".get(" not in text:
            continue
        table, key = target.value.id, ast.unparse(target.slice)
        if text != f"{table}[{key}] = {table}.get({key}, 0) + 1":
            continue
        if site.rng.random() < 0.5:
            made = f"if {key} in {table}:\n    {table}[{key}] += 1\nelse:\n    {table}[{key}] = 1"
        else:
            made = f"if {key} not in {table}:\n    {table}[{key}] = 0\n{table}[{key}] += 1"
        if not isinstance(target.slice, ast.Name):
            fresh = site.fresh("key", "k_1")
            made = f"{fresh} = {key}\n" + made.replace(f"[{key}]", f"[{fresh}]").replace(f"if {key} ", f"if {fresh} ")
        block[index:index + 1] = statements(made)
        return True
    return False


def grouping_to_branch(site):
    for _, block, index in site.places(ast.Expr):
        call = block[index].value
        text = ast.unparse(call)
        if ".setdefault(" not in text or not isinstance(call, ast.Call):
            continue
        inner = call.func.value
        table, key, item = inner.func.value.id, ast.unparse(inner.args[0]), ast.unparse(call.args[0])
        fresh = key
        made = ""
        if not isinstance(inner.args[0], ast.Name):
            fresh = site.fresh("key", "k_1")
            made = f"{fresh} = {key}\n"
        made += f"if {fresh} not in {table}:\n    {table}[{fresh}] = []\n{table}[{fresh}].append({item})"
        block[index:index + 1] = statements(made)
        return True
    return False


def return_temporary(site):
    for _, block, index in site.places(ast.Return):
        value = block[index].value
        if value is None or is_atom(value):
            continue
        target = site.fresh("result", "answer", "value_1")
        block[index:index + 1] = [assign(target, value), ast.Return(name(target))]
        return True
    return False


COLLECTED = (ast.ListComp, ast.SetComp, ast.DictComp)


def is_collecting(node):
    return isinstance(node, COLLECTED) or fold_name(node) is not None


def name_collected(site):
    """Names a collecting expression that a statement evaluates before anything else, so that it can become a loop."""
    for _, block, index in site.places((ast.Return, ast.Assign, ast.Expr, ast.If, ast.For)):
        statement = block[index]
        field = "test" if isinstance(statement, ast.If) else "iter" if isinstance(statement, ast.For) else "value"
        owner, at = statement, None
        for _ in range(4):
            inner = value_at(owner, field, at)
            if inner is None or is_collecting(inner):
                break
            step = first_evaluated(inner)
            if step is None or isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and \
                    step[0][0] == "func" and is_atom(inner.func.value):
                break
            owner, (field, at) = inner, step[0]
        value = value_at(owner, field, at)
        if value is None or not is_collecting(value) or owner is statement and isinstance(statement, ast.Assign) and \
                isinstance(statement.targets[0], ast.Name):
            continue
        if owner is statement and isinstance(statement, ast.Expr):
            continue
        target = site.fresh(*site.rng.sample(["result", "out", "acc", "collected", "flag"], 5))
        put(owner, field, at, name(target))
        block.insert(index, assign(target, value))
        return True
    return False


def comprehension_to_call(site):
    """`[...]` as `list(...)` and the like, `sum(1 ...)` as a length."""
    found = []
    for owner in ast.walk(site.function):
        for field, child in ast.iter_fields(owner):
            if isinstance(child, COLLECTED) or fold_name(child) == "sum":
                found.append((owner, field, child))
    site.rng.shuffle(found)
    for owner, field, node in found:
        if isinstance(node, (ast.ListComp, ast.SetComp)):
            kind = "list" if isinstance(node, ast.ListComp) else "set"
            made = ast.Call(name(kind), [ast.GeneratorExp(node.elt, node.generators)], [])
        elif isinstance(node, ast.DictComp):
            pair = ast.Tuple([node.key, node.value], ast.Load())
            made = ast.Call(name("dict"), [ast.GeneratorExp(pair, node.generators)], [])
        else:
            counted = node.args[0]
            if not isinstance(counted.elt, ast.Constant) or counted.elt.value != 1 or len(node.args) > 1:
                continue
            target = counted.generators[-1].target
            elt = target if isinstance(target, ast.Name) else ast.Constant(1)
            elt = name(elt.id) if isinstance(elt, ast.Name) else elt
            made = ast.Call(name("len"), [ast.ListComp(elt, counted.generators)], [])
        setattr(owner, field, made)
        return True
    return False


def unpack_later(site):
    """`for a, b in x` as `for c in x: a, b = c`."""
    for _, block, index in site.places(ast.For):
        loop = block[index]
        if not isinstance(loop.target, ast.Tuple):
            continue
        whole = site.fresh("pair", "entry_1", "item_1")
        loop.body.insert(0, ast.Assign([loop.target], name(whole), lineno=0))
        loop.target = store(whole)
        return True
    return False


def is_truth(node):
    """Whether an expression gives True or False whatever its operands are."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return True
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return isinstance(node.ops[0], (ast.Is, ast.IsNot, ast.In, ast.NotIn))
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("isinstance", "any", "all")


def truth_to_branch(site):
    for _, block, index in site.places((ast.Return, ast.Assign)):
        statement = block[index]
        if statement.value is None or not is_truth(statement.value):
            continue
        made = []
        for truth in (True, False):
            if isinstance(statement, ast.Return):
                made.append(ast.Return(ast.Constant(truth)))
            else:
                made.append(ast.Assign(copy.deepcopy(statement.targets), ast.Constant(truth), lineno=0))
        test = statement.value
        if site.rng.random() < 0.3:
            test, made = negation(test), made[::-1]
        if isinstance(statement, ast.Return) and site.rng.random() < 0.6:
            block[index:index + 1] = [ast.If(test, [made[0]], []), made[1]]
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name) and \
                site.rng.random() < 0.5 and statement.targets[0].id not in ast.unparse(test):
            block[index:index + 1] = [made[1], ast.If(test, [made[0]], [])]
        else:
            block[index] = ast.If(test, [made[0]], [made[1]])
        return True
    return False


def default_first(site):
    """`x = a if c else b` as `x = b`, then `if c: x = a`, where `b` is an atom."""
    for _, block, index in site.places(ast.Assign):
        statement = block[index]
        choice, target = statement.value, statement.targets[0]
        if not isinstance(choice, ast.IfExp) or not isinstance(target, ast.Name) or not is_atom(choice.orelse):
            continue
        if target.id in [node.id for node in ast.walk(choice) if isinstance(node, ast.Name)]:
            continue
        then = ast.Assign([copy.deepcopy(target)], choice.body, lineno=0)
        block[index:index + 1] = [ast.Assign([target], choice.orelse, lineno=0), ast.If(choice.test, [then], [])]
        return True
    return False


def needless_arm(site):
    """An `else` that does nothing."""
    for owner, block, index in site.places(ast.If):
        statement = block[index]
        if statement.orelse or leaves(statement.body):
            continue
        if isinstance(owner, ast.For) and index == len(block) - 1:
            statement.orelse = [ast.Continue()]
        else:
            statement.orelse = [ast.Pass()]
        return True
    return False


def return_nothing(site):
    if leaves(site.function.body) or len(site.function.body) < 2:
        return False
    site.function.body.append(ast.Return(None))
    return True


def range_to_index(site):
    """`for x in xs` as `for i in range(len(xs))`, where `xs` is surely a list."""
    known = site.lists()
    for _, block, index in site.places(ast.For):
        loop = block[index]
        if not isinstance(loop.iter, ast.Name) or loop.iter.id not in known or not isinstance(loop.target, ast.Name):
            continue
        if f"{loop.iter.id}." in ast.unparse(loop):
            continue
        i, items = site.fresh("i", "index", "pos"), loop.iter.id
        loop.body.insert(0, assign(loop.target.id, ast.Subscript(name(items), name(i), ast.Load())))
        loop.target, loop.iter = store(i), ast.parse(f"range(len({items}))", mode="eval").body
        return True
    return False


REWRITES = [
    (comprehension_to_loop, 14), (name_collected, 5), (comprehension_to_call, 1), (unpack_later, 1.5),
    (truth_to_branch, 3), (default_first, 3), (needless_arm, 0.8), (return_nothing, 0.5), (range_to_index, 2),
    (for_to_while, 3), (enumerate_to_counter, 3), (while_to_endless, 1),
    (filter_to_continue, 3), (continue_to_branch, 3), (guard_to_else, 4), (guard_inverted, 3), (swap_arms, 2),
    (ternary_to_if, 4), (and_to_nested, 2), (or_to_two, 2), (de_morgan, 3), (split_chain, 3), (name_temporary, 4),
    (element_temporary, 2), (dead_temporary, 0.3), (reorder, 2), (augmented_to_plain, 2), (append_to_extend, 0.7),
    (counting_to_branch, 3), (grouping_to_branch, 3), (return_temporary, 2),
]


def rewritten(source, rng, count, names_result=False):
    """The source after up to `count` rewritings, and their names. `names_result` starts with a name for what is returned
    last, as a stretch of a longer function has one."""
    site = Site(ast.parse(source).body[-1], rng)
    done = []
    last = site.function.body[-1]
    if names_result and count and isinstance(last, ast.Return) and last.value is not None and not is_atom(last.value) \
            and not isinstance(last.value, ast.Tuple):
        target = site.fresh("made", "given", "result")
        site.function.body[-1:] = [assign(target, last.value), ast.Return(name(target))]
        done.append("return_temporary")
        source = ast.unparse(site.function)
        site.function = ast.parse(source).body[-1]
    kinds, weights = zip(*REWRITES)
    for _ in range(count * 6):
        if len(done) >= count + names_result:
            break
        rewrite = rng.choices(kinds, weights)[0]
        if rewrite(site):
            done.append(rewrite.__name__)
            # a tree of its own again: rewritings may share parts
            source = ast.unparse(site.function)
            site.function = ast.parse(source).body[-1]
    return source, done


# MARK: mutations

COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
               ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mod, ast.Mod: ast.FloorDiv}


def mutated(source, rng):
    """The source with one small bug, or None where there is no place for one."""
    function = ast.parse(source).body[-1]
    sites = []
    for node in ast.walk(function):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
            sites.append(lambda node=node: node.ops.__setitem__(0, COMPARISONS[type(node.ops[0])]()))
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in OPERATORS:
            sites.append(lambda node=node: setattr(node, "op", OPERATORS[type(node.op)]()))
        if isinstance(node, ast.BoolOp):
            sites.append(lambda node=node: setattr(
                node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And()))
        if isinstance(node, ast.Constant) and type(node.value) is int:
            sites.append(lambda node=node: setattr(node, "value", max(0, node.value + rng.choice([-1, 1]))))
        if isinstance(node, ast.Constant) and type(node.value) is bool:
            sites.append(lambda node=node: setattr(node, "value", not node.value))
        if isinstance(node, (ast.Call, ast.Tuple)):
            items = node.args if isinstance(node, ast.Call) else node.elts
            if len(items) == 2:
                sites.append(lambda items=items: items.reverse())
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("any", "all"):
            sites.append(lambda node=node: setattr(node.func, "id", "all" if node.func.id == "any" else "any"))
    if not sites:
        return None
    rng.choice(sites)()
    return ast.unparse(function)
