"""First-order mutants of a function: one small edit of the source, most of which change what it does.

Besides the usual operators there are *careless rewrites*: edits that a hurried person takes for equal (`x is None` for
`not x`, a list for a generator, a temporary inlined past a call). They live in the neighbourhood of the prover's rules.
"""
import ast
import copy
import pickle

from . import careless, shapes
from .places import Load, Slots, call, is_docstring, replacing
from .sources import FunctionNode


COMPARISONS = {
    ast.Lt: [ast.LtE, ast.Gt, ast.GtE], ast.LtE: [ast.Lt, ast.GtE], ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.LtE],
    ast.Eq: [ast.NotEq, ast.Is, ast.LtE], ast.NotEq: [ast.Eq, ast.IsNot], ast.Is: [ast.IsNot, ast.Eq],
    ast.IsNot: [ast.Is, ast.NotEq], ast.In: [ast.NotIn], ast.NotIn: [ast.In],
}
ARITHMETIC = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div, ast.Add], ast.Div: [ast.Mult, ast.FloorDiv],
    ast.FloorDiv: [ast.Div, ast.Mod], ast.Mod: [ast.FloorDiv], ast.Pow: [ast.Mult], ast.LShift: [ast.RShift],
    ast.RShift: [ast.LShift], ast.BitAnd: [ast.BitOr], ast.BitOr: [ast.BitAnd, ast.BitXor], ast.BitXor: [ast.BitOr],
}


def comparison(slots):
    for *_, node in slots.loads(ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in COMPARISONS.get(type(operator), []):
                yield lambda node=node, index=index, other=other: node.ops.__setitem__(index, other())


def arithmetic(slots):
    for *_, node in slots.loads(ast.BinOp):
        for other in ARITHMETIC.get(type(node.op), []):
            yield lambda node=node, other=other: setattr(node, "op", other())
    for *_, block in slots.blocks:
        for statement in block:
            if isinstance(statement, ast.AugAssign):
                for other in ARITHMETIC.get(type(statement.op), []):
                    yield lambda node=statement, other=other: setattr(node, "op", other())


def constant(slots):
    for parent, name, index, node in slots.loads(ast.Constant):
        value = node.value
        if isinstance(parent, ast.Expr):
            continue
        if isinstance(value, bool):
            others = [not value]
        elif isinstance(value, int):
            others = [value + 1, value - 1, -value] if value else [1, -1]
        elif isinstance(value, float):
            others = [value + 1.0, -value]
        elif value is None:
            others = [False, 0]
        elif isinstance(value, str):
            others = [value + "_"] if value else ["_"]
        elif isinstance(value, bytes):
            others = [value + b"_"]
        else:
            others = []
        for other in others:
            yield lambda node=node, other=other: setattr(node, "value", other)


def arguments_swapped(slots):
    for *_, node in slots.loads(ast.Call):
        for index in range(len(node.args) - 1):
            if not any(isinstance(item, ast.Starred) for item in node.args[index:index + 2]):
                def swap(args=node.args, index=index):
                    args[index], args[index + 1] = args[index + 1], args[index]
                yield swap


def argument_dropped(slots):
    for *_, node in slots.loads(ast.Call):
        for index in range(len(node.args)):
            yield lambda args=node.args, index=index: args.pop(index)
        for index in range(len(node.keywords)):
            yield lambda keywords=node.keywords, index=index: keywords.pop(index)


def statement_dropped(slots):
    for parent, name, block in slots.blocks:
        for index, statement in enumerate(block):
            if is_docstring(parent, statement) or isinstance(statement, ast.Pass):
                continue
            yield lambda block=block, index=index: block.__setitem__(index, ast.Pass())


def statements_swapped(slots):
    for parent, name, block in slots.blocks:
        for index in range(len(block) - 1):
            if is_docstring(parent, block[index]):
                continue

            def swap(block=block, index=index):
                block[index], block[index + 1] = block[index + 1], block[index]
            yield swap


def statement_moved(slots):
    """A statement into, or out of, the block beside it."""
    for parent, name, block in slots.blocks:
        for index, statement in enumerate(block):
            for inner in ("body", "orelse", "finalbody"):
                part = getattr(statement, inner, None)
                if isinstance(part, list) and part and not isinstance(statement, FunctionNode + (ast.ClassDef,)):
                    def out(block=block, index=index, part=part):
                        moved = part.pop()
                        part or part.append(ast.Pass())
                        block.insert(index + 1, moved)
                    yield out

                    def hoist(block=block, index=index, part=part):
                        moved = part.pop(0)
                        part or part.append(ast.Pass())
                        block.insert(index, moved)
                    yield hoist
                    if index + 1 < len(block):
                        yield lambda block=block, index=index, part=part: part.append(block.pop(index + 1))
                    if index > 0 and not is_docstring(parent, block[index - 1]):
                        yield lambda block=block, index=index, part=part: part.insert(0, block.pop(index - 1))


def statement_doubled(slots):
    for parent, name, block in slots.blocks:
        for index, statement in enumerate(block):
            if isinstance(statement, (ast.Expr, ast.Assign, ast.AugAssign)) and not is_docstring(parent, statement):
                yield lambda block=block, index=index: block.insert(index, copy.deepcopy(block[index]))


def and_or(slots):
    for slot in slots.loads(ast.BoolOp):
        node = slot[3]
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield lambda node=node, other=other: setattr(node, "op", other())
        yield lambda node=node: node.values.reverse()
        if len(node.values) > 1:
            yield replacing(slot, node.values[0])
        yield replacing(slot, call("bool", node))


def negated(slots):
    for slot in slots.expressions:
        parent, name, _, node = slot
        if name == "test" or isinstance(parent, ast.comprehension) and name == "ifs":
            yield replacing(slot, ast.UnaryOp(ast.Not(), node))
            yield replacing(slot, ast.Constant(True))


def not_dropped(slots):
    for slot in slots.loads(ast.UnaryOp):
        yield replacing(slot, slot[3].operand)


def names_swapped(slots):
    names = sorted({node.id for *_, node in slots.expressions if isinstance(node, ast.Name)})
    arguments = slots.function.args
    names += [arg.arg for arg in arguments.posonlyargs + arguments.args + arguments.kwonlyargs if arg.arg not in names]
    for *_, node in slots.loads(ast.Name):
        for other in names:
            if other != node.id:
                yield lambda node=node, other=other: setattr(node, "id", other)


def target_swapped(slots):
    stored = sorted({n.id for *_, n in slots.expressions if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)})
    for *_, node in slots.expressions:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            for other in stored:
                if other != node.id:
                    yield lambda node=node, other=other: setattr(node, "id", other)


def attribute(slots):
    names = sorted({node.attr for *_, node in slots.expressions if isinstance(node, ast.Attribute)})
    for *_, node in slots.expressions:
        if isinstance(node, ast.Attribute):
            for other in [other for other in names if other != node.attr] + [node.attr + "_"]:
                yield lambda node=node, other=other: setattr(node, "attr", other)


def branches_swapped(slots):
    for *_, node in slots.loads(ast.IfExp):
        def swap(node=node):
            node.body, node.orelse = node.orelse, node.body
        yield swap
    for *_, block in slots.blocks:
        for statement in block:
            if isinstance(statement, ast.If) and statement.orelse:
                def swap(node=statement):
                    node.body, node.orelse = node.orelse, node.body
                yield swap


def jumps(slots):
    for *_, block in slots.blocks:
        for index, statement in enumerate(block):
            if isinstance(statement, ast.Break):
                yield lambda block=block, index=index: block.__setitem__(index, ast.Continue())
                yield lambda block=block, index=index: block.__setitem__(index, ast.Return(None))
            elif isinstance(statement, ast.Continue):
                yield lambda block=block, index=index: block.__setitem__(index, ast.Break())
            elif isinstance(statement, ast.Return):
                if statement.value is not None:
                    yield lambda statement=statement: setattr(statement, "value", None)
                    yield lambda block=block, index=index: block.__setitem__(index, ast.Expr(statement.value))
            elif isinstance(statement, ast.Raise):
                if statement.cause is not None:
                    yield lambda statement=statement: setattr(statement, "cause", None)
                    yield lambda statement=statement: setattr(statement, "cause", ast.Constant(None))
                elif statement.exc is not None:
                    yield lambda statement=statement: setattr(statement, "cause", ast.Constant(None))
                    yield lambda block=block, index=index: block.__setitem__(index, ast.Return(statement.exc))


def handlers(slots):
    for *_, block in slots.blocks:
        for index, statement in enumerate(block):
            if not isinstance(statement, ast.Try):
                continue
            for position, handler in enumerate(statement.handlers):
                if handler.type is not None and not handler.name and position == len(statement.handlers) - 1:
                    yield lambda handler=handler: setattr(handler, "type", None)
                for other in ("Exception", "KeyError", "ValueError"):
                    yield lambda handler=handler, other=other: setattr(handler, "type", ast.Name(other, Load))
                yield lambda handler=handler: setattr(handler, "body", [ast.Raise(None, None)])
            if len(statement.handlers) > 1 and all(handler.type for handler in statement.handlers):
                yield lambda statement=statement: statement.handlers.reverse()
            if statement.handlers and statement.orelse:
                def widen(statement=statement):
                    statement.body += statement.orelse
                    statement.orelse = []
                yield widen
            if statement.handlers and not statement.orelse and len(statement.body) > 1:
                def narrow(statement=statement):
                    statement.orelse = statement.body[1:]
                    statement.body = statement.body[:1]
                yield narrow
            if statement.finalbody:
                def after(block=block, index=index, statement=statement):
                    block[index + 1:index + 1] = statement.finalbody
                    statement.finalbody = []
                    if not statement.handlers:
                        block[index:index + 1] = statement.body
                yield after
            yield lambda block=block, index=index, statement=statement: block.__setitem__(
                slice(index, index + 1), statement.body)


def with_dropped(slots):
    for *_, block in slots.blocks:
        for index, statement in enumerate(block):
            if isinstance(statement, ast.With):
                def drop(block=block, index=index, statement=statement):
                    new = []
                    for item in statement.items:
                        if item.optional_vars is None:
                            new.append(ast.Expr(item.context_expr))
                        else:
                            new.append(ast.Assign([item.optional_vars], item.context_expr))
                    block[index:index + 1] = new + statement.body
                yield drop
                if len(statement.items) > 1:
                    yield lambda statement=statement: statement.items.reverse()


def default_changed(slots):
    arguments = slots.function.args
    for defaults in (arguments.defaults, arguments.kw_defaults):
        for index in range(len(defaults) - 1):
            def swap(defaults=defaults, index=index):
                defaults[index], defaults[index + 1] = defaults[index + 1], defaults[index]
            yield swap


OPERATORS = [
    comparison, arithmetic, constant, arguments_swapped, argument_dropped, statement_dropped, statements_swapped,
    statement_moved, statement_doubled, and_or, negated, not_dropped, names_swapped, target_swapped, attribute,
    branches_swapped, jumps, handlers, with_dropped, default_changed,
] + careless.OPERATORS + shapes.OPERATORS


GROUPS = {"all": OPERATORS, "careless": careless.OPERATORS, "shapes": shapes.OPERATORS}


def mutate(function, random, group="all"):
    """(kind, mutant) of a function's node, or None. The kind is drawn first, then the place."""
    before, kept = ast.unparse(function), pickle.dumps(function)
    operators = list(GROUPS[group])
    random.shuffle(operators)
    mutant = slots = None
    for operator in operators:
        if slots is None:
            mutant = pickle.loads(kept)
            slots = Slots(mutant)
        places = list(operator(slots))
        if not places:
            continue
        slots = None
        try:
            places[random.randrange(len(places))]()
            text = ast.unparse(ast.fix_missing_locations(mutant))
            compile(text, "mutant", "exec")
        except (SyntaxError, ValueError, AttributeError, TypeError, IndexError, RecursionError):
            continue
        if text != before:
            return operator.__name__, ast.parse(text).body[0]
    return None
