"""Conditions and branches."""
import ast

from .context import assign, call, clone, contains, load, negate, terminates


def guard_inversion(context):
    """if c: A else: B  ->  if not c: B else: A"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.If) and statement.orelse:
            def invert(statement=statement):
                statement.test = negate(statement.test)
                statement.body, statement.orelse = statement.orelse, statement.body
            yield invert


def else_dropped(context):
    """if c: ... return else: B  ->  if c: ... return; B"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.If) and statement.orelse and terminates(statement.body):
            def drop(block=block, index=index, statement=statement):
                block[index + 1:index + 1] = statement.orelse
                statement.orelse = []
            yield drop


def else_added(context):
    """if c: ... return; B  ->  if c: ... return else: B"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.If) and not statement.orelse and terminates(statement.body) and \
                index + 1 < len(block):
            def add(block=block, index=index, statement=statement):
                statement.orelse = block[index + 1:]
                del block[index + 1:]
            yield add


def guard_clause(context):
    """if c: A at the end of a function or of a loop's body  ->  if not c: return (or continue); A"""
    for owner, name, block, _ in context.parent_blocks():
        last = block[-1]
        jump = None
        if owner is context.function:
            jump = ast.Return
        elif isinstance(owner, (ast.For, ast.While)) and name == "body":
            jump = ast.Continue
        if jump and isinstance(last, ast.If) and not last.orelse and not terminates(last.body):
            def clause(block=block, last=last, jump=jump):
                stop = ast.Return(None) if jump is ast.Return else ast.Continue()
                block[-1:] = [ast.If(negate(last.test), [stop], [])] + last.body
            yield clause


def nested_to_and(context):
    """if a: if b: S  ->  if a and b: S"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.If) and not statement.orelse and len(statement.body) == 1 and \
                isinstance(statement.body[0], ast.If) and not statement.body[0].orelse:
            def merge(statement=statement):
                inner = statement.body[0]
                statement.test = ast.BoolOp(ast.And(), [statement.test, inner.test])
                statement.body = inner.body
            yield merge


def and_to_nested(context):
    """if a and b: S  ->  if a: if b: S"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.If) and not statement.orelse and isinstance(statement.test, ast.BoolOp) and \
                isinstance(statement.test.op, ast.And):
            def split(statement=statement):
                values = statement.test.values
                rest = values[1] if len(values) == 2 else ast.BoolOp(ast.And(), values[1:])
                statement.test = values[0]
                statement.body = [ast.If(rest, statement.body, [])]
            yield split


def merged_guards(context):
    """if a: S; if b: S  ->  if a or b: S, where S leaves"""
    for block, index, statement, _ in context.statements():
        if index + 1 < len(block) and isinstance(statement, ast.If) and isinstance(block[index + 1], ast.If) and \
                not statement.orelse and not block[index + 1].orelse and terminates(statement.body) and \
                [ast.dump(item) for item in statement.body] == [ast.dump(item) for item in block[index + 1].body]:
            def merge(block=block, index=index, statement=statement):
                statement.test = ast.BoolOp(ast.Or(), [statement.test, block[index + 1].test])
                del block[index + 1]
            yield merge


def split_guards(context):
    """if a or b: S  ->  if a: S; if b: S, where S leaves"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.If) and not statement.orelse and terminates(statement.body) and \
                isinstance(statement.test, ast.BoolOp) and isinstance(statement.test.op, ast.Or) and \
                len(statement.body) <= 2:
            def split(block=block, index=index, statement=statement):
                block[index:index + 1] = [ast.If(test, clone(statement.body), []) for test in statement.test.values]
            yield split


def de_morgan(context):
    """not (a and b)  ->  not a or not b, both ways"""
    for put, node in context.slots(ast.UnaryOp):
        if isinstance(node.op, ast.Not) and isinstance(node.operand, ast.BoolOp):
            inner = node.operand
            other = ast.Or() if isinstance(inner.op, ast.And) else ast.And()
            new = ast.BoolOp(other, [ast.UnaryOp(ast.Not(), value) for value in inner.values])
            yield lambda put=put, new=new: put(new)
    for put, node in context.slots(ast.BoolOp):
        if all(isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not) for value in node.values):
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            inner = ast.BoolOp(other, [value.operand for value in node.values])
            yield lambda put=put, inner=inner: put(ast.UnaryOp(ast.Not(), inner))
    for block, index, statement, _ in context.statements():
        if isinstance(statement, (ast.If, ast.While)) and isinstance(statement.test, ast.BoolOp):
            def push(statement=statement):
                node = statement.test
                other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                values = [value.operand if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)
                          else ast.UnaryOp(ast.Not(), value) for value in node.values]
                statement.test = ast.UnaryOp(ast.Not(), ast.BoolOp(other, values))
            yield push


def comparison_direction(context):
    """x < 5  ->  5 > x: against an int or a text both ask x first or last alike; a float knows ints, a bool is no base of an int"""
    mirror = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq}
    for put, node in context.slots(ast.Compare):
        if len(node.ops) == 1 and type(node.ops[0]) in mirror:
            left, right = node.left, node.comparators[0]
            if any(isinstance(side, ast.Constant) and type(side.value) in (int, str, bytes) for side in (left, right)):
                new = ast.Compare(right, [mirror[type(node.ops[0])]()], [left])
                yield lambda put=put, new=new: put(new)


def chained_comparison(context):
    """a < b < c  ->  a < b and b < c, b a plain local or a constant"""
    for put, node in context.slots(ast.Compare):
        if len(node.ops) == 2 and (isinstance(node.comparators[0], ast.Constant) or
                                   isinstance(node.comparators[0], ast.Name) and
                                   context.is_plain_local(node.comparators[0].id)):
            middle = node.comparators[0]
            new = ast.BoolOp(ast.And(), [ast.Compare(node.left, [node.ops[0]], [middle]),
                                         ast.Compare(clone(middle), [node.ops[1]], [node.comparators[1]])])
            yield lambda put=put, new=new: put(new)


def not_in(context):
    """a not in b  ->  not a in b; a is not b -> not a is b"""
    for put, node in context.slots(ast.Compare):
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.NotIn, ast.IsNot)):
            op = ast.In() if isinstance(node.ops[0], ast.NotIn) else ast.Is()
            new = ast.UnaryOp(ast.Not(), ast.Compare(node.left, [op], node.comparators))
            yield lambda put=put, new=new: put(new)


def expression_to_branch(context):
    """x = a if c else b  ->  if c: x = a else: x = b; the same for return"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, (ast.Assign, ast.Return)) and isinstance(statement.value, ast.IfExp):
            def split(block=block, index=index, statement=statement):
                choice = statement.value
                parts = []
                for value in (choice.body, choice.orelse):
                    part = clone(statement)
                    part.value = value
                    parts.append(part)
                if isinstance(statement, ast.Return):
                    block[index:index + 1] = [ast.If(choice.test, [parts[0]], []), parts[1]]
                else:
                    block[index] = ast.If(choice.test, [parts[0]], [parts[1]])
            yield split


def branch_to_expression(context):
    """if c: x = a else: x = b  ->  x = a if c else b; if c: return a; return b"""
    for block, index, statement, _ in context.statements():
        if not isinstance(statement, ast.If) or len(statement.body) != 1:
            continue
        first = statement.body[0]
        if len(statement.orelse) == 1:
            second, span = statement.orelse[0], 1
        elif not statement.orelse and index + 1 < len(block):
            second, span = block[index + 1], 2
        else:
            continue
        if type(first) is not type(second) or contains([first, second], ast.NamedExpr):
            continue
        if isinstance(first, ast.Return) and first.value is not None and second.value is not None:
            new = ast.Return(ast.IfExp(statement.test, first.value, second.value))
        elif isinstance(first, ast.Assign) and span == 1 and len(first.targets) == 1 and \
                isinstance(first.targets[0], ast.Name) and \
                ast.dump(first.targets[0]) == ast.dump(getattr(second, "targets", [None])[0] or second) and \
                len(second.targets) == 1:
            new = ast.Assign(first.targets, ast.IfExp(statement.test, first.value, second.value))
        else:
            continue
        yield lambda block=block, index=index, span=span, new=new: block.__setitem__(slice(index, index + span), [new])


def returned_truth(context):
    """if c: return True; return False  ->  return bool(c)"""
    if not context.is_builtin("bool"):
        return

    def truth(statement, value):
        return isinstance(statement, ast.Return) and isinstance(statement.value, ast.Constant) and \
            statement.value.value is value
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.If) and len(statement.body) == 1:
            second = statement.orelse[0] if len(statement.orelse) == 1 else \
                block[index + 1] if not statement.orelse and index + 1 < len(block) else None
            span = 1 if statement.orelse else 2
            if truth(statement.body[0], True) and truth(second, False):
                new = call("bool", statement.test)
            elif truth(statement.body[0], False) and truth(second, True):
                new = ast.UnaryOp(ast.Not(), statement.test)
            else:
                continue
            yield lambda block=block, index=index, span=span, new=new: block.__setitem__(
                slice(index, index + span), [ast.Return(new)])
        elif isinstance(statement, ast.Return) and isinstance(statement.value, ast.Compare) and \
                isinstance(statement.value.ops[0], (ast.Is, ast.IsNot, ast.In, ast.NotIn)) and len(statement.value.ops) == 1:
            yield lambda block=block, index=index, statement=statement: block.__setitem__(slice(index, index + 1), [
                ast.If(statement.value, [ast.Return(ast.Constant(True))], []), ast.Return(ast.Constant(False))])


def extremum(context):
    """if x < m: m = x  ->  m = min(m, x)"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.If) and not statement.orelse and len(statement.body) == 1 and \
                isinstance(statement.body[0], ast.Assign) and isinstance(statement.test, ast.Compare) and \
                len(statement.test.ops) == 1 and isinstance(statement.test.ops[0], (ast.Lt, ast.Gt)):
            target, value = statement.body[0].targets[0], statement.body[0].value
            test = statement.test
            name = "min" if isinstance(test.ops[0], ast.Lt) else "max"
            if len(statement.body[0].targets) == 1 and isinstance(target, ast.Name) and isinstance(value, ast.Name) and \
                    isinstance(test.left, ast.Name) and isinstance(test.comparators[0], ast.Name) and \
                    test.left.id == value.id and test.comparators[0].id == target.id and \
                    context.is_plain_local(target.id) and context.is_plain_local(value.id) and context.is_builtin(name):
                new = assign(target.id, call(name, load(target.id), load(value.id)))
                yield lambda block=block, index=index, new=new: block.__setitem__(index, new)


KINDS = [guard_inversion, else_dropped, else_added, guard_clause, nested_to_and, and_to_nested, merged_guards,
         split_guards, de_morgan, comparison_direction, chained_comparison, not_in, expression_to_branch,
         branch_to_expression, returned_truth, extremum]
