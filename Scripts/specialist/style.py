"""The one style that unrewritten programs are in, where a program could be written in several.

What a rewriting undoes must have one answer only, or it could not be learned. So: no `else` after a branch that leaves;
tests joined with `and` where one only guards the other; the positive test first where there are two arms; a conditional
expression where both arms store or return something short; a value returned as soon as it is known; `continue` in a
loop only before several statements.
"""

import ast

from rewrites import leaves, negation

SHORT = 14
# of a value that needs no name where it is used once, at once
TINY = 8


def size(node):
    return sum(1 for _ in ast.walk(node))


def same(left, right):
    return ast.dump(left) == ast.dump(right)


def is_negative(test):
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return True
    return isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], (ast.IsNot, ast.NotIn))


def is_branch(statement):
    return isinstance(statement, ast.If)


def joined(left, right):
    """`left and right`, flat."""
    values = []
    for test in (left, right):
        values += test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    return ast.BoolOp(ast.And(), values)


def stores(block):
    """The target and value of a block that only stores."""
    if len(block) == 1 and isinstance(block[0], ast.Assign) and len(block[0].targets) == 1:
        return block[0].targets[0], block[0].value
    return None


def choice_of(statement):
    """A conditional store for two arms that store to one place."""
    if not is_branch(statement):
        return None
    then, other = stores(statement.body), stores(statement.orelse)
    if then and other and same(then[0], other[0]) and size(then[1]) + size(other[1]) <= 2 * SHORT:
        return ast.Assign([then[0]], ast.IfExp(statement.test, then[1], other[1]), lineno=0)
    return None


def returned(block):
    if len(block) == 1 and isinstance(block[0], ast.Return) and block[0].value is not None:
        return block[0].value
    return None


def first_use(node, wanted):
    """Where the variable `wanted` is read before `node` evaluates anything that is no variable or constant, as (owner,
    field, index); None where something else comes first, False where it is not read and nothing is evaluated."""
    if isinstance(node, (ast.Constant, ast.Name)):
        return False
    if isinstance(node, (ast.Return, ast.Expr, ast.Assign, ast.Attribute, ast.Starred)):
        fields = ["value"]
    elif isinstance(node, ast.AugAssign):
        fields = ["value"] if isinstance(node.target, ast.Name) else []
    elif isinstance(node, (ast.If, ast.Assert, ast.IfExp)):
        fields = ["test"]
    elif isinstance(node, ast.For):
        fields = ["iter"]
    elif isinstance(node, ast.Raise):
        fields = ["exc"]
    elif isinstance(node, ast.Call):
        fields = ["func", "args", "keywords"]
    elif isinstance(node, ast.keyword):
        fields = ["value"]
    elif isinstance(node, ast.Subscript):
        fields = ["value", "slice"]
    elif isinstance(node, ast.BinOp):
        fields = ["left", "right"]
    elif isinstance(node, ast.Compare):
        fields = ["left", "comparators"] if len(node.ops) == 1 else ["left"]
    elif isinstance(node, ast.BoolOp):
        fields = ["values"]
    elif isinstance(node, ast.UnaryOp):
        fields = ["operand"]
    elif isinstance(node, (ast.Tuple, ast.List)):
        fields = ["elts"]
    else:
        return None
    for field in fields:
        child = getattr(node, field)
        children = child if isinstance(child, list) else [child]
        if isinstance(node, ast.BoolOp):
            children = children[:1]
        for index, part in enumerate(children):
            if part is None:
                return None
            if isinstance(part, ast.Name) and part.id == wanted:
                return node, field, index if isinstance(child, list) else None
            found = first_use(part, wanted)
            if found is not False:
                return found
    # all that it reads is at hand; it evaluates itself
    return None


def reads(function, wanted):
    return [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == wanted]


def inlined(function, block, index):
    """Puts a short value, used once and at once, where it is used."""
    statement = block[index]
    if index + 1 == len(block) or not isinstance(statement, ast.Assign) or len(statement.targets) > 1:
        return False
    target = statement.targets[0]
    if not isinstance(target, ast.Name) or size(statement.value) > TINY or isinstance(statement.value, ast.Name):
        return False
    if len(reads(function, target.id)) != 2 or any(
            isinstance(node, (ast.Lambda, ast.FunctionDef)) and reads(node, target.id)
            for node in ast.walk(function) if node is not function):
        return False
    place = first_use(block[index + 1], target.id)
    if not place:
        return False
    owner, field, at = place
    if at is None:
        setattr(owner, field, statement.value)
    else:
        getattr(owner, field)[at] = statement.value
    del block[index]
    return True


def clauses_of(loop):
    """A loop that only leads to one statement, as the clauses of a comprehension and that statement."""
    clauses, statement = [], loop
    while True:
        if isinstance(statement, ast.For) and not statement.orelse and len(statement.body) == 1:
            clauses.append(ast.comprehension(statement.target, statement.iter, [], 0))
        elif is_branch(statement) and not statement.orelse and len(statement.body) == 1:
            clauses[-1].ifs.append(statement.test)
        else:
            return clauses, statement
        statement = statement.body[0]


def mentions(parts, wanted):
    return any(isinstance(node, ast.Name) and node.id == wanted for part in parts for node in ast.walk(part))


def call(function, *arguments):
    return ast.Call(ast.Name(function, ast.Load()), list(arguments), [])


def gathered(fresh, loop):
    """The expression that a fresh variable holds after a loop that only fills it; None where it is no such loop."""
    if not isinstance(fresh, ast.Assign) or not isinstance(fresh.targets[0], ast.Name) or not isinstance(loop, ast.For):
        return None
    variable, value = fresh.targets[0].id, ast.unparse(fresh.value)
    clauses, last = clauses_of(loop)
    parts, made = [], None
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and isinstance(last.value.func, ast.Attribute) and \
            ast.unparse(last.value.func.value) == variable and len(last.value.args) == 1 and not last.value.keywords:
        parts = last.value.args
        if value == "[]" and last.value.func.attr == "append":
            made = ast.ListComp(parts[0], clauses)
        if value == "set()" and last.value.func.attr == "add":
            made = ast.SetComp(parts[0], clauses)
    elif isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Subscript) and value == "{}" and \
            ast.unparse(last.targets[0].value) == variable and not isinstance(last.targets[0].slice, ast.Slice):
        parts = [last.targets[0].slice, last.value]
        made = ast.DictComp(parts[0], parts[1], clauses)
    elif isinstance(last, ast.AugAssign) and isinstance(last.op, ast.Add) and value == "0" and \
            ast.unparse(last.target) == variable:
        parts = [last.value]
        made = call("sum", ast.GeneratorExp(last.value, clauses))
    if any(isinstance(part, ast.Starred) for part in parts):
        return None
    return None if made is None or mentions(parts + [made], variable) else made


def searched(loop, last):
    """The expression for a loop that returns the first of what it looks for, and what is returned where it finds none."""
    if not isinstance(loop, ast.For) or not isinstance(last, ast.Return) or \
            not isinstance(last.value, (ast.Name, ast.Constant)):
        return None
    clauses, found = clauses_of(loop)
    if not isinstance(found, ast.Return) or found.value is None or len(clauses) > 1 or not clauses[0].ifs:
        return None
    truths = [node.value if isinstance(node, ast.Constant) else None for node in (found.value, last.value)]
    tests = clauses[0].ifs
    if truths in ([True, False], [False, True]) and len(tests) == 1:
        clauses[0].ifs = []
        test = tests[0] if truths[0] else negation(tests[0])
        return call("any" if truths[0] else "all", ast.GeneratorExp(test, clauses))
    if mentions([last.value], ast.unparse(clauses[0].target)):
        return None
    return call("next", ast.GeneratorExp(found.value, clauses), last.value)


def in_style(block, owner):
    """One step nearer to the style at the first place in `block` that allows it; whether there was one."""
    for index, statement in enumerate(block):
        rest = block[index + 1:]
        made = gathered(statement, rest[0]) if rest else None
        if made is not None:
            block[index:index + 2] = [ast.Assign(statement.targets, made, lineno=0)]
            return True
        made = searched(statement, rest[0]) if rest else None
        if made is not None:
            block[index:index + 2] = [ast.Return(made)]
            return True
        if is_branch(statement):
            if statement.orelse and leaves(statement.body):
                block[index + 1:index + 1] = statement.orelse
                statement.orelse = []
                return True
            if statement.orelse and leaves(statement.orelse) and is_negative(statement.test):
                statement.test, arm, other = negation(statement.test), statement.orelse, statement.body
                statement.body, statement.orelse = arm, other
                return True
            if statement.orelse and is_negative(statement.test) and not (
                    len(statement.orelse) == 1 and is_branch(statement.orelse[0])):
                statement.test = negation(statement.test)
                statement.body, statement.orelse = statement.orelse, statement.body
                return True
            inner = statement.body[0]
            if not statement.orelse and len(statement.body) == 1 and is_branch(inner) and not inner.orelse:
                statement.test, statement.body = joined(statement.test, inner.test), inner.body
                return True
            made = choice_of(statement)
            if made:
                block[index] = made
                return True
            then, other = returned(statement.body), returned(rest)
            is_first = index == 0 or not is_branch(block[index - 1])
            if then is not None and other is not None and is_first and not isinstance(other, ast.IfExp) and \
                    size(then) + size(other) <= SHORT:
                block[index:] = [ast.Return(ast.IfExp(statement.test, then, other))]
                return True
            if isinstance(owner, (ast.For, ast.While)) and not statement.orelse:
                only = len(statement.body) == 1 and isinstance(statement.body[0], ast.Continue)
                if only and not rest:
                    block[index:] = [] if index else [ast.Expr(statement.test)]
                    return True
                if only and len(rest) == 1:
                    block[index:] = [ast.If(negation(statement.test), rest, [])]
                    return True
                if not rest and len(statement.body) > 2 and not leaves(statement.body) and index == 0:
                    block[index:] = [ast.If(negation(statement.test), [ast.Continue()], [])] + statement.body
                    return True
        if leaves([statement]) and rest:
            block[index + 1:] = []
            return True
        if isinstance(statement, ast.Assign) and rest and isinstance(rest[0], ast.Return) and \
                isinstance(statement.targets[0], ast.Name) and isinstance(rest[0].value, ast.Name) and \
                rest[0].value.id == statement.targets[0].id and len(statement.targets) == 1:
            block[index:] = [ast.Return(statement.value)]
            return True
        if isinstance(statement, ast.Return) and statement.value is None and statement is block[-1] and \
                isinstance(owner, ast.FunctionDef) and index:
            del block[index]
            return True
    return False


def blocks(function):
    owners = [function]
    while owners:
        owner = owners.pop()
        for field in ("body", "orelse", "finalbody"):
            block = getattr(owner, field, None)
            if isinstance(block, list) and block:
                yield block, owner
                owners += [statement for statement in block if hasattr(statement, "body")]
        owners += getattr(owner, "handlers", [])


def styled(source):
    """The program in the style."""
    function = ast.parse(source).body[-1]
    for _ in range(60):
        if not any(in_style(block, owner) or any(inlined(function, block, index) for index in range(len(block)))
                   for block, owner in list(blocks(function))):
            break
    return ast.unparse(function)
