"""Temporaries, assignments, blocks and helpers."""
import ast

from .context import (Comprehensions, Load, Scopes, Suspends, assign, call, contains, is_pure, load,
                      names_of, own_jumps, store, stored_in, terminates)


def rename_local(context):
    for name in sorted(context.locals):
        if name in context.parameters or not context.is_plain_local(name):
            continue

        def rename(name=name):
            new = context.fresh(name + "_value", "value", "item", "current", "result")
            for node in ast.walk(context.function):
                if isinstance(node, ast.Name) and node.id == name:
                    node.id = new
        yield rename


def _first_evaluated(statement):
    """Setters and nodes down the chain of what a statement evaluates first."""
    if isinstance(statement, (ast.Return, ast.Expr, ast.Assign)) and statement.value is not None:
        owner, field = statement, "value"
    elif isinstance(statement, ast.If):
        owner, field = statement, "test"
    elif isinstance(statement, ast.For):
        owner, field = statement, "iter"
    else:
        return
    while True:
        node = getattr(owner, field) if isinstance(field, str) else owner[field]
        yield (owner, field), node
        if isinstance(node, ast.Call):
            owner, field = node, "func"
        elif isinstance(node, ast.BinOp) or isinstance(node, ast.Compare):
            owner, field = node, "left"
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            owner, field = node, "value"
        elif isinstance(node, ast.UnaryOp):
            owner, field = node, "operand"
        elif isinstance(node, ast.BoolOp):
            owner, field = node.values, 0
        elif isinstance(node, ast.IfExp):
            owner, field = node, "test"
        elif isinstance(node, (ast.Tuple, ast.List)) and node.elts and not isinstance(node.elts[0], ast.Starred):
            owner, field = node.elts, 0
        else:
            return


def _set(place, new):
    owner, field = place
    if isinstance(field, str):
        setattr(owner, field, new)
    else:
        owner[field] = new


def extract_local(context):
    """S(e)  ->  t = e; S(t), e being what S evaluates first"""
    for block, index, statement, _ in context.statements():
        for place, node in _first_evaluated(statement):
            if isinstance(node, (ast.Call, ast.Attribute, ast.BinOp, ast.Subscript, ast.Compare, ast.BoolOp)) and \
                    not contains(node, Suspends + (ast.NamedExpr,)) and "super" not in names_of(node):
                def extract(block=block, index=index, place=place, node=node):
                    name = context.fresh("value", "temporary", "part")
                    _set(place, load(name))
                    block.insert(index, assign(name, node))
                yield extract


def inline_local(context):
    """t = e; S(t)  ->  S(e), where S evaluates t first and nothing else reads it"""
    for block, index, statement, _ in context.statements():
        if not (isinstance(statement, ast.Assign) and len(statement.targets) == 1 and index + 1 < len(block) and
                isinstance(statement.targets[0], ast.Name)):
            continue
        name = statement.targets[0].id
        if not context.is_plain_local(name) or context.uses(name) != 2 or name in context.parameters:
            continue
        for place, node in _first_evaluated(block[index + 1]):
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                def inline(block=block, index=index, place=place, statement=statement):
                    _set(place, statement.value)
                    del block[index]
                yield inline


def extract_constant(context):
    for block, index, statement, _ in context.statements():
        if not isinstance(statement, (ast.Return, ast.Expr, ast.Assign, ast.If, ast.For)):
            continue
        head = statement.test if isinstance(statement, ast.If) else \
            statement.iter if isinstance(statement, ast.For) else statement.value
        if head is None:
            continue
        for parent in ast.walk(head):
            for field, value in ast.iter_fields(parent):
                if isinstance(parent, (ast.JoinedStr, ast.FormattedValue)) or isinstance(value, list):
                    continue
                if isinstance(value, ast.Constant) and isinstance(value.value, (int, str)) and \
                        not any(isinstance(child, Scopes + Comprehensions) for child in ast.walk(head)):
                    def extract(block=block, index=index, parent=parent, field=field, value=value):
                        name = context.fresh("constant", "limit", "key")
                        setattr(parent, field, load(name))
                        block.insert(index, assign(name, value))
                    yield extract


def reorder_assignments(context):
    """a = e; b = f  ->  b = f; a = e, both without effect and unable to fail"""
    for owner, field, block, guarded in context.parent_blocks():
        for index in range(len(block) - 1):
            first, second = block[index], block[index + 1]
            if not all(isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name)
                       for item in (first, second)):
                continue
            names = [first.targets[0].id, second.targets[0].id]
            assigned = {name for name in context.parameters if context.is_plain_local(name)}
            if names[0] != names[1] and all(map(context.is_plain_local, names)) and \
                    is_pure(first.value, assigned) and is_pure(second.value, assigned) and \
                    names[0] not in names_of(second.value) and names[1] not in names_of(first.value):
                def swap(block=block, index=index):
                    block[index], block[index + 1] = block[index + 1], block[index]
                yield swap


def tuple_to_sequence(context):
    """a, b = e, f  ->  a = e; b = f, f not reading a"""
    for block, index, statement, guarded in context.statements():
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and not guarded and \
                isinstance(statement.targets[0], ast.Tuple) and isinstance(statement.value, ast.Tuple) and \
                len(statement.targets[0].elts) == len(statement.value.elts) and \
                all(isinstance(item, ast.Name) and context.is_plain_local(item.id) for item in statement.targets[0].elts):
            names = [item.id for item in statement.targets[0].elts]
            values = statement.value.elts
            if len(set(names)) == len(names) and not contains(values, (ast.Starred,) + Suspends) and all(
                    not set(names[:position]) & names_of(value) for position, value in enumerate(values)):
                new = [assign(name, value) for name, value in zip(names, values)]
                yield lambda block=block, index=index, new=new: block.__setitem__(slice(index, index + 1), new)


def sequence_to_tuple(context):
    """a = e; b = f  ->  a, b = e, f, f not reading a"""
    for block, index, statement, guarded in context.statements():
        if guarded or index + 1 == len(block):
            continue
        second = block[index + 1]
        if all(isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name) and
               context.is_plain_local(item.targets[0].id) for item in (statement, second)):
            one, two = statement.targets[0].id, second.targets[0].id
            if one != two and one not in names_of(second.value) and \
                    not contains([statement.value, second.value], Suspends):
                new = ast.Assign([ast.Tuple([store(one), store(two)], ast.Store())],
                                 ast.Tuple([statement.value, second.value], Load))
                yield lambda block=block, index=index, new=new: block.__setitem__(slice(index, index + 2), [new])


def empty_display(context):
    """[] -> list(), {} -> dict()"""
    for put, node in context.slots((ast.List, ast.Dict)):
        name = "list" if isinstance(node, ast.List) else "dict"
        if not (node.elts if isinstance(node, ast.List) else node.keys) and context.is_builtin(name):
            yield lambda put=put, name=name: put(call(name))


def _is_integer(context, name):
    """Every value that the function gives the name is an int by construction."""
    if name in context.parameters or not context.is_plain_local(name):
        return False
    stores = 0
    for node in ast.walk(context.function):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and \
                node.targets[0].id == name:
            value = node.value
            if isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Sub)) and \
                    isinstance(value.left, ast.Name) and value.left.id == name:
                value = value.right
            if not (isinstance(value, ast.Constant) and type(value.value) is int):
                return False
            stores += 1
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            if not (isinstance(node.op, (ast.Add, ast.Sub)) and isinstance(node.value, ast.Constant) and
                    type(node.value.value) is int):
                return False
            stores += 1
    return stores == context.stores.get(name)


def augmented(context):
    """n += 1  ->  n = n + 1, n an int by construction; both ways"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name) and \
                _is_integer(context, statement.target.id):
            name = statement.target.id
            new = assign(name, ast.BinOp(load(name), statement.op, statement.value))
            yield lambda block=block, index=index, new=new: block.__setitem__(index, new)
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp) and \
                isinstance(statement.targets[0], ast.Name) and isinstance(statement.value.left, ast.Name) and \
                statement.value.left.id == statement.targets[0].id and _is_integer(context, statement.targets[0].id):
            new = ast.AugAssign(statement.targets[0], statement.value.op, statement.value.right)
            yield lambda block=block, index=index, new=new: block.__setitem__(index, new)


def format_string(context):
    """"a {} b".format(x)  ->  f"a {x} b" and back, of plain locals"""
    def is_plain(node):
        return isinstance(node, ast.Name) and node.id in context.parameters and context.is_plain_local(node.id)
    for put, node in context.slots(ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format" and not node.keywords and \
                isinstance(node.func.value, ast.Constant) and isinstance(node.func.value.value, str) and \
                all(map(is_plain, node.args)):
            text = node.func.value.value
            parts = text.split("{}")
            if len(parts) == len(node.args) + 1 and "{" not in "".join(parts) and "}" not in "".join(parts) and \
                    len(text) > 2 and node.args:
                values = []
                for part, argument in zip(parts, list(node.args) + [None]):
                    if part:
                        values.append(ast.Constant(part))
                    if argument is not None:
                        values.append(ast.FormattedValue(argument, -1, None))
                yield lambda put=put, values=values: put(ast.JoinedStr(values))
    for put, node in context.slots(ast.JoinedStr):
        formatted = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        if formatted and len(node.values) > 1 and all(
                is_plain(part.value) and part.conversion == -1 and part.format_spec is None for part in formatted):
            text = "".join(part.value.replace("{", "{{").replace("}", "}}") if isinstance(part, ast.Constant) else "{}"
                           for part in node.values)
            new = ast.Call(ast.Attribute(ast.Constant(text), "format", Load), [part.value for part in formatted], [])
            yield lambda put=put, new=new: put(new)


def with_nested(context):
    """with a, b: S  ->  with a: with b: S, and back"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.With) and len(statement.items) > 1:
            def split(statement=statement):
                statement.body = [ast.With(statement.items[1:], statement.body)]
                statement.items = statement.items[:1]
            yield split
        elif isinstance(statement, ast.With) and len(statement.body) == 1 and isinstance(statement.body[0], ast.With):
            def join(statement=statement):
                inner = statement.body[0]
                statement.items += inner.items
                statement.body = inner.body
            yield join


def try_else(context):
    """try: A except: leave else: B  ->  try: A except: leave; B, and back"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.Try) and statement.handlers and not statement.finalbody and \
                all(terminates(handler.body) for handler in statement.handlers):
            if statement.orelse:
                def out(block=block, index=index, statement=statement):
                    block[index + 1:index + 1] = statement.orelse
                    statement.orelse = []
                yield out
            elif index + 1 < len(block):
                def into(block=block, index=index, statement=statement):
                    statement.orelse = block[index + 1:]
                    del block[index + 1:]
                yield into


def _may_move(context, nodes):
    """Code that means the same in another function."""
    return not contains(nodes, Scopes + Suspends + (
        ast.Return, ast.NamedExpr, ast.Global, ast.Nonlocal, ast.Delete, ast.GeneratorExp, ast.Import, ast.ImportFrom,
        ast.AsyncFor, ast.AsyncWith)) and \
        not names_of(nodes) & {"super", "__class__"} and \
        not any(isinstance(node, ast.Attribute) and node.attr.startswith("__") and not node.attr.endswith("__")
                for item in nodes for node in ast.walk(item)) and \
        not any(isinstance(node, ast.Name) and node.id.startswith("__") for item in nodes for node in ast.walk(item))


def _helper(context, name, inputs, body):
    arguments = ast.arguments([], [ast.arg(item) for item in inputs], None, [], [], None, [])
    context.helpers.append(ast.FunctionDef(name, arguments, body, [], None, None))


def extract_expression_helper(context):
    """S(e)  ->  S(helper(a, b)), the helper beside the function"""
    if context.is_nested:
        return
    block = context.function.body
    for index, statement in enumerate(block):
        head = statement.value if isinstance(statement, (ast.Return, ast.Assign)) else \
            statement.test if isinstance(statement, ast.If) else None
        if not isinstance(head, (ast.Call, ast.BinOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.ListComp, ast.DictComp)):
            continue
        bound = {name for node in ast.walk(head) if isinstance(node, Comprehensions)
                 for generator in node.generators for name in names_of(generator.target)}
        own = (names_of(head) - bound) & context.locals
        if (names_of(head) - bound) & context.odd or bound & context.locals or not _may_move(context, [head]):
            continue
        if not own or not own <= context.always_assigned(block, index):
            continue

        def extract(statement=statement, head=head, own=own):
            name = context.fresh("_" + context.function.name.strip("_") + "_part", "_part")
            inputs = sorted(own)
            _helper(context, name, inputs, [ast.Return(head)])
            replaced = call(name, *map(load, inputs))
            if isinstance(statement, ast.If):
                statement.test = replaced
            else:
                statement.value = replaced
        yield extract


def extract_block_helper(context):
    """Statements of the function's own block  ->  a call of a helper that gives back what is used later"""
    if context.is_nested:
        return
    block = context.function.body
    for start in range(len(block)):
        for end in range(start + 2, min(len(block), start + 5)):
            part, rest = block[start:end], block[end:]
            if start == 0 and isinstance(block[0], ast.Expr) and isinstance(block[0].value, ast.Constant):
                continue
            if not _may_move(context, part) or own_jumps(part, (ast.Break, ast.Continue)):
                continue
            names = names_of(part)
            bound = {name for item in part for node in ast.walk(item) if isinstance(node, Comprehensions)
                     for generator in node.generators for name in names_of(generator.target)}
            if (names - bound) & context.odd or bound & context.locals or contains(part, ast.ExceptHandler):
                continue
            stored = stored_in(part) - bound
            definite = {target.id for item in part if isinstance(item, ast.Assign) for target in item.targets
                        if isinstance(target, ast.Name)}
            outputs = sorted(stored & names_of(rest))
            before = context.always_assigned(block, start)
            # A name that is bound in the part and not before it is a local of the helper.
            inputs = sorted(((names - bound) & context.locals) - (stored - before))
            if not set(inputs) <= before or not set(outputs) <= definite | before or not set(outputs) <= context.locals:
                continue
            if any(name not in inputs for name in set(outputs) - definite):
                continue

            def extract(start=start, end=end, inputs=inputs, outputs=outputs, part=part):
                name = context.fresh("_" + context.function.name.strip("_") + "_step", "_step")
                body = list(part)
                used = call(name, *map(load, inputs))
                if not outputs:
                    new = ast.Expr(used)
                elif len(outputs) == 1:
                    body.append(ast.Return(load(outputs[0])))
                    new = assign(outputs[0], used)
                else:
                    body.append(ast.Return(ast.Tuple([load(item) for item in outputs], Load)))
                    new = ast.Assign([ast.Tuple([store(item) for item in outputs], ast.Store())], used)
                _helper(context, name, inputs, body)
                block[start:end] = [new]
            yield extract


KINDS = [rename_local, extract_local, inline_local, extract_constant, reorder_assignments, tuple_to_sequence,
         sequence_to_tuple, empty_display, augmented, format_string, with_nested, try_else, extract_expression_helper,
         extract_block_helper]
