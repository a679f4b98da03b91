"""Careless rewrites: edits that a hurried person takes for equal, in the neighbourhood of the prover's rules."""
import ast
import copy

from .places import Load, Store, call, is_docstring, put, replacing


def comparison_direction(slots):
    """`a < b` as `b > a`: another method is asked, and the operands change places."""
    mirror = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq}
    for slot in slots.loads(ast.Compare):
        node = slot[3]
        if len(node.ops) == 1 and type(node.ops[0]) in mirror:
            yield replacing(slot, ast.Compare(node.comparators[0], [mirror[type(node.ops[0])]()], [node.left]))


def chained_comparison(slots):
    for slot in slots.loads(ast.Compare):
        node = slot[3]
        if len(node.ops) == 2:
            left = ast.Compare(node.left, [node.ops[0]], [node.comparators[0]])
            right = ast.Compare(node.comparators[0], [node.ops[1]], [node.comparators[1]])
            yield replacing(slot, ast.BoolOp(ast.And(), [left, right]))


def operand_order(slots):
    for *_, node in slots.loads(ast.BinOp):
        def swap(node=node):
            node.left, node.right = node.right, node.left
        yield swap


def not_pushed(slots):
    """`not a < b` as `a >= b`, and the other way: equal on total orders only."""
    opposite = {ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
    for slot in slots.loads(ast.UnaryOp):
        node = slot[3]
        if isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Compare) and len(node.operand.ops) == 1:
            inner = node.operand
            if type(inner.ops[0]) in opposite:
                yield replacing(slot, ast.Compare(inner.left, [opposite[type(inner.ops[0])]()], inner.comparators))
    for slot in slots.loads(ast.Compare):
        node = slot[3]
        if len(node.ops) == 1 and type(node.ops[0]) in opposite:
            inner = ast.Compare(node.left, [opposite[type(node.ops[0])]()], node.comparators)
            yield replacing(slot, ast.UnaryOp(ast.Not(), inner))


def loops(slots):
    for parent, name, index, node in slots.expressions:
        if name == "iter":
            slot = (parent, name, index, node)
            for wrapper in ("list", "reversed", "sorted", "iter", "tuple"):
                yield replacing(slot, call(wrapper, node))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1 and \
                    node.func.id in ("list", "sorted", "tuple", "set", "reversed", "iter"):
                yield replacing(slot, node.args[0])
    for *_, block in slots.blocks:
        for index, statement in enumerate(block):
            if isinstance(statement, (ast.For, ast.While)) and statement.orelse:
                def after(block=block, index=index, statement=statement):
                    block[index + 1:index + 1] = statement.orelse
                    statement.orelse = []
                yield after
            elif isinstance(statement, ast.For) and index + 1 < len(block):
                def into(block=block, index=index, statement=statement):
                    statement.orelse = [block.pop(index + 1)]
                yield into


def laziness(slots):
    """A list for a generator, a generator for a list, a set for a list."""
    for slot in slots.loads((ast.ListComp, ast.GeneratorExp, ast.SetComp)):
        node = slot[3]
        for other in (ast.ListComp, ast.GeneratorExp, ast.SetComp):
            if not isinstance(node, other):
                yield replacing(slot, other(node.elt, node.generators))
        if len(node.generators) > 1:
            yield lambda node=node: node.generators.reverse()
    for slot in slots.loads((ast.List, ast.Tuple, ast.Set)):
        node = slot[3]
        if isinstance(node, ast.Set):
            yield replacing(slot, ast.Tuple(node.elts, Load))
        else:
            other = ast.Tuple if isinstance(node, ast.List) else ast.List
            yield replacing(slot, other(node.elts, Load))
            if len(node.elts) > 1:
                yield lambda node=node: node.elts.reverse()


def conversions(slots):
    """Calls that copy or convert, dropped: `list(x)` to `x`, `x.copy()` to `x`, `bool(x)` to `x`."""
    for slot in slots.loads(ast.Call):
        node = slot[3]
        if isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
            if node.func.id in ("list", "tuple", "set", "dict", "str", "int", "float", "bool", "sorted", "iter",
                                "frozenset", "len", "abs", "repr", "sum", "any", "all", "max", "min", "next", "reversed"):
                yield replacing(slot, node.args[0])
            for one, other in (("any", "all"), ("max", "min"), ("list", "tuple"), ("int", "round"), ("str", "repr"),
                               ("sorted", "list"), ("set", "list"), ("dict", "list"), ("any", "bool"), ("sum", "max")):
                if node.func.id in (one, other):
                    new = other if node.func.id == one else one
                    yield lambda node=node, new=new: setattr(node.func, "id", new)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "copy" and not node.args:
            yield replacing(slot, node.func.value)
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("keys", "values", "items") and not node.args:
            yield replacing(slot, node.func.value)
    for slot in slots.loads(ast.Subscript):
        node = slot[3]
        if isinstance(node.slice, ast.Slice):
            yield replacing(slot, node.value)
            for bound in ("lower", "upper", "step"):
                if getattr(node.slice, bound) is not None:
                    yield lambda node=node, bound=bound: setattr(node.slice, bound, None)


def methods(slots):
    pairs = [("append", "extend"), ("append", "insert"), ("add", "discard"), ("add", "update"), ("get", "pop"),
             ("get", "setdefault"), ("remove", "discard"), ("strip", "rstrip"), ("startswith", "endswith"),
             ("items", "keys"), ("keys", "values"), ("update", "setdefault"), ("lower", "upper"), ("find", "index"),
             ("find", "rfind"), ("split", "rsplit"), ("acquire", "release"), ("read", "readline"), ("pop", "popleft")]
    for *_, node in slots.loads(ast.Call):
        if isinstance(node.func, ast.Attribute):
            for one, other in pairs:
                if node.func.attr in (one, other):
                    new = other if node.func.attr == one else one
                    yield lambda node=node, new=new: setattr(node.func, "attr", new)


def careless_values(slots):
    """Edits that are nearly equal."""
    for slot in slots.loads(ast.Compare):
        node = slot[3]
        if len(node.ops) != 1:
            continue
        other = node.comparators[0]
        if isinstance(other, ast.Constant) and other.value is None and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            is_none = isinstance(node.ops[0], ast.Is)
            yield replacing(slot, ast.UnaryOp(ast.Not(), node.left) if is_none else node.left)
        if isinstance(other, (ast.Tuple, ast.List, ast.Set)) and isinstance(node.ops[0], ast.In) and other.elts:
            tests = [ast.Compare(node.left, [ast.Eq()], [item]) for item in other.elts]
            yield replacing(slot, ast.BoolOp(ast.Or(), tests) if len(tests) > 1 else tests[0])
        if isinstance(other, (ast.Tuple, ast.List)) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            yield replacing((node, "comparators", 0, other), ast.Set(other.elts or [ast.Constant(0)]))
        if isinstance(node.ops[0], ast.Gt) and isinstance(other, ast.Constant) and other.value == 0:
            yield replacing(slot, node.left)
    for slot in slots.loads(ast.IfExp):
        node = slot[3]
        yield replacing(slot, ast.BoolOp(ast.Or(), [node.body, node.orelse]))
        yield replacing(slot, ast.BoolOp(ast.Or(), [ast.BoolOp(ast.And(), [node.test, node.body]), node.orelse]))
    for slot in slots.loads(ast.Subscript):
        node = slot[3]
        if isinstance(node.slice, ast.UnaryOp) and isinstance(node.slice.operand, ast.Constant):
            size = ast.BinOp(call("len", node.value), ast.Sub(), node.slice.operand)
            yield lambda node=node, size=size: setattr(node, "slice", size)
        if not isinstance(node.slice, ast.Slice):
            yield replacing(slot, ast.Call(ast.Attribute(node.value, "get", Load), [node.slice], []))
    for slot in slots.loads(ast.Call):
        node = slot[3]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and len(node.args) == 1:
            yield replacing(slot, ast.Subscript(node.func.value, node.args[0], Load))
        if isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1:
            yield replacing(slot, call("len", call("list", node.args[0])))
    for slot in slots.loads(ast.BinOp):
        node = slot[3]
        if isinstance(node.op, ast.Div):
            yield replacing(slot, ast.BinOp(node.left, ast.Mult(), ast.BinOp(ast.Constant(1), ast.Div(), node.right)))
        if isinstance(node.op, (ast.Add, ast.Mult)) and isinstance(node.right, ast.BinOp) and \
                type(node.right.op) is type(node.op):
            inner = node.right
            yield replacing(slot, ast.BinOp(ast.BinOp(node.left, node.op, inner.left), node.op, inner.right))
        if isinstance(node.op, (ast.Add, ast.Mult)) and isinstance(node.left, ast.BinOp) and \
                type(node.left.op) is type(node.op):
            inner = node.left
            yield replacing(slot, ast.BinOp(inner.left, node.op, ast.BinOp(inner.right, node.op, node.right)))


def careless_statements(slots):
    for parent, name, block in slots.blocks:
        for index, statement in enumerate(block):
            if isinstance(statement, ast.AugAssign):
                def spell_out(block=block, index=index, statement=statement):
                    place = copy.deepcopy(statement.target)
                    place.ctx = Load
                    block[index] = ast.Assign([statement.target], ast.BinOp(place, statement.op, statement.value))
                yield spell_out
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp) and \
                    len(statement.targets) == 1 and isinstance(statement.targets[0], (ast.Name, ast.Attribute)) and \
                    ast.unparse(statement.targets[0]) == ast.unparse(statement.value.left):
                new = ast.AugAssign(statement.targets[0], statement.value.op, statement.value.right)
                yield lambda block=block, index=index, new=new: block.__setitem__(index, new)
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple) and \
                    isinstance(statement.targets[0], ast.Tuple) and len(statement.targets) == 1 and \
                    len(statement.targets[0].elts) == len(statement.value.elts):
                pairs = list(zip(statement.targets[0].elts, statement.value.elts))
                new = [ast.Assign([place], value) for place, value in pairs]
                yield lambda block=block, index=index, new=new: block.__setitem__(slice(index, index + 1), new)
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and \
                    isinstance(statement.targets[0], ast.Name) and index + 1 < len(block):
                yield lambda block=block, index=index: _inline(block, index)
            if isinstance(statement, ast.If) and not statement.orelse and index + 1 < len(block):
                def into_else(block=block, index=index, statement=statement):
                    statement.orelse = block[index + 1:]
                    del block[index + 1:]
                yield into_else
            if isinstance(statement, ast.If) and statement.orelse:
                def out_of_else(block=block, index=index, statement=statement):
                    block[index + 1:index + 1] = statement.orelse
                    statement.orelse = []
                yield out_of_else
            if isinstance(statement, ast.While):
                yield lambda block=block, index=index, s=statement: block.__setitem__(
                    index, ast.If(s.test, [b for b in s.body], []))
            if isinstance(statement, ast.If) and len(statement.body) == 1 and isinstance(statement.body[0], ast.If) and \
                    not statement.body[0].orelse:
                def merge(statement=statement):
                    inner = statement.body[0]
                    statement.test = ast.BoolOp(ast.And(), [statement.test, inner.test])
                    statement.body = inner.body
                yield merge
    for slot in slots.loads((ast.Call, ast.Attribute, ast.Subscript)):
        yield lambda slot=slot: _extract(slots, slot)


def _inline(block, index):
    """`t = e; ...t...` without `t`, with no thought of what happens between."""
    name, value = block[index].targets[0].id, block[index].value

    class Inline(ast.NodeTransformer):
        def visit_Name(self, node):
            return copy.deepcopy(value) if node.id == name and isinstance(node.ctx, ast.Load) else node

    rest = [Inline().visit(statement) for statement in block[index + 1:]]
    block[index:] = rest


def _extract(slots, slot):
    """An expression to a temporary at the start of the block that holds it, with no thought of order."""
    for parent, name, block in sorted(slots.blocks, key=lambda item: -getattr(item[2][0], "lineno", 0)):
        for index, statement in enumerate(block):
            if any(child is slot[3] for child in ast.walk(statement)):
                put(slot, ast.Name("extracted_", Load))
                start = max(0, index - 1) if index and not is_docstring(parent, block[index - 1]) else index
                block.insert(start, ast.Assign([ast.Name("extracted_", Store)], slot[3]))
                return


def closures(slots):
    """`lambda i=i: i` against `lambda: i`."""
    for *_, node in slots.expressions:
        if isinstance(node, ast.Lambda) and node.args.defaults:
            yield lambda node=node: (node.args.args.pop(), node.args.defaults.pop())


def generators(slots):
    for slot in slots.expressions:
        node = slot[3]
        if isinstance(node, ast.Yield):
            yield replacing(slot, ast.YieldFrom(node.value or ast.Constant(None)))
            yield replacing(slot, node.value or ast.Constant(None))
        elif isinstance(node, ast.YieldFrom):
            yield replacing(slot, ast.Yield(node.value))
        elif isinstance(node, ast.Await):
            yield replacing(slot, node.value)


OPERATORS = [
    comparison_direction, chained_comparison, operand_order, not_pushed, loops, laziness, conversions, methods,
    careless_values, careless_statements, closures, generators,
]
