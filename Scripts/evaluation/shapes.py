"""Mutants around sharing, keys, jumps and ranges: shapes that the prover has rules for and real code seldom mutates into."""
import ast
import copy

from .places import Load, Store, call, replacing

FRESH = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def is_fresh(node):
    return isinstance(node, FRESH) or isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and \
        node.func.id in ("list", "dict", "set") and not node.args


def shared_containers(slots):
    """Two containers made alike become one, and one that is made in each round is made once."""
    for *_, block in slots.blocks:
        fresh = [(index, statement) for index, statement in enumerate(block)
                 if isinstance(statement, ast.Assign) and is_fresh(statement.value)]
        for (_, first), (_, second) in zip(fresh, fresh[1:]):
            if isinstance(first.targets[0], ast.Name) and type(first.value) is type(second.value):
                name = ast.Name(first.targets[0].id, Load)
                yield lambda second=second, name=name: setattr(second, "value", name)
        for index, statement in enumerate(block):
            for part in ("body", "orelse"):
                inner = getattr(statement, part, None)
                if not isinstance(statement, (ast.For, ast.While)) or not isinstance(inner, list) or len(inner) < 2:
                    continue
                for at, made in enumerate(inner):
                    if isinstance(made, ast.Assign) and is_fresh(made.value):
                        yield lambda block=block, index=index, inner=inner, at=at: block.insert(index, inner.pop(at))
    for slot in slots.loads((ast.ListComp, ast.GeneratorExp)):
        node = slot[3]
        if is_fresh(node.elt) and len(node.generators) == 1 and not node.generators[0].ifs:
            count = call("len", node.generators[0].iter)
            yield replacing(slot, ast.BinOp(ast.List([node.elt], Load), ast.Mult(), count))
    for slot in slots.loads((ast.Tuple, ast.List)):
        node = slot[3]
        if len(node.elts) > 1 and all(is_fresh(item) for item in node.elts):
            yield replacing(slot, ast.BinOp(type(node)([node.elts[0]], Load), ast.Mult(), ast.Constant(len(node.elts))))


def aliases(slots):
    """A copy that is no copy, and a value returned that is also kept."""
    for *_, block in slots.blocks:
        for index, statement in enumerate(block):
            value = getattr(statement, "value", None)
            if isinstance(statement, ast.Assign) and isinstance(value, ast.Call) and len(value.args) == 1 and \
                    isinstance(value.func, ast.Name) and value.func.id in ("list", "dict", "set", "sorted"):
                yield lambda statement=statement, value=value: setattr(statement, "value", value.args[0])
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Attribute) and \
                    isinstance(value, ast.Name):
                yield lambda statement=statement, value=value: setattr(statement, "value", call("list", value))
            if isinstance(statement, ast.Return) and isinstance(value, ast.Name):
                yield lambda statement=statement, value=value: setattr(
                    statement, "value", ast.Call(ast.Attribute(value, "copy", Load), [], []))


def dictionary_keys(slots):
    """A key twice, two entries in another order, a value under its neighbour's key."""
    for *_, node in slots.loads(ast.Dict):
        for index in range(len(node.keys) - 1):
            if node.keys[index] is None or node.keys[index + 1] is None:
                continue
            yield lambda node=node, index=index: node.keys.__setitem__(index + 1, copy.deepcopy(node.keys[index]))

            def swap(node=node, index=index):
                for part in (node.keys, node.values):
                    part[index], part[index + 1] = part[index + 1], part[index]
            yield swap
            yield lambda node=node, index=index: node.values.__setitem__(index, copy.deepcopy(node.values[index + 1]))
    for *_, block in slots.blocks:
        stores = [(at, s) for at, s in enumerate(block) if isinstance(s, ast.Assign) and
                  isinstance(s.targets[0], ast.Subscript)]
        for (_, first), (_, second) in zip(stores, stores[1:]):
            yield lambda first=first, second=second: setattr(
                second.targets[0], "slice", copy.deepcopy(first.targets[0].slice))


def jumps_in_handlers(slots):
    """`break`, `continue` or `return` put into a handler or a `finally`, and taken out."""
    loops = []

    def find(node, is_in_loop):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
                continue
            inside = is_in_loop or isinstance(child, (ast.For, ast.While))
            if isinstance(child, ast.Try):
                loops.append((child, inside))
            find(child, inside)

    find(slots.function, False)
    for statement, is_in_loop in loops:
        jumps = [ast.Return(None)] + ([ast.Break(), ast.Continue()] if is_in_loop else [])
        for handler in statement.handlers:
            last = handler.body[-1]
            for jump in jumps:
                if isinstance(last, (ast.Break, ast.Continue, ast.Return, ast.Raise)):
                    yield lambda handler=handler, jump=jump: handler.body.__setitem__(-1, jump)
                else:
                    yield lambda handler=handler, jump=jump: handler.body.append(jump)
            if isinstance(last, (ast.Break, ast.Continue, ast.Return)) and len(handler.body) > 1:
                yield lambda handler=handler: handler.body.pop()
        for block in (statement.finalbody, statement.orelse):
            if block:
                # a jump out of `finally` swallows what was raised
                yield lambda block=block, jump=jumps[-1]: block.append(jump)
        if statement.body and isinstance(statement.body[-1], (ast.Break, ast.Continue, ast.Return)) and \
                not statement.orelse and statement.handlers and len(statement.body) > 1:
            def outside(statement=statement):
                statement.orelse = [statement.body.pop()]
            yield outside


def ranges(slots):
    """Ranges that fall, that start or stop one beside, and counters of `enumerate` that start elsewhere."""
    for slot in slots.loads(ast.Call):
        node = slot[3]
        if not isinstance(node.func, ast.Name) or node.keywords:
            continue
        if node.func.id == "range" and 1 <= len(node.args) <= 2:
            start, stop = ([ast.Constant(0)] + node.args)[-2:]
            minus = [ast.BinOp(copy.deepcopy(part), ast.Sub(), ast.Constant(1)) for part in (stop, start)]
            yield replacing(slot, ast.Call(node.func, minus + [ast.UnaryOp(ast.USub(), ast.Constant(1))], []))
            yield replacing(slot, call("reversed", node))
            yield replacing(slot, ast.Call(node.func, [start, ast.BinOp(stop, ast.Add(), ast.Constant(1))], []))
            yield replacing(slot, ast.Call(node.func, [ast.BinOp(start, ast.Add(), ast.Constant(1)), stop], []))
            yield replacing(slot, ast.Call(node.func, [start, stop, ast.Constant(2)], []))
        if node.func.id == "enumerate":
            yield replacing(slot, ast.Call(node.func, node.args[:1] + [ast.Constant(1)], []))
            yield replacing(slot, call("enumerate", call("reversed", node.args[0])) if node.args else node)
        if node.func.id == "zip" and len(node.args) > 1:
            yield lambda node=node: node.args.reverse()


def late_or_early(slots):
    """A value computed before a loop, or after it, that was computed in it; a test asked again after a call."""
    for *_, block in slots.blocks:
        for index, statement in enumerate(block):
            if isinstance(statement, (ast.For, ast.While)) and len(statement.body) > 1:
                for at, inner in enumerate(statement.body):
                    if isinstance(inner, (ast.Assign, ast.AugAssign)):
                        yield lambda block=block, index=index, s=statement, at=at: block.insert(index, s.body.pop(at))
                        yield lambda block=block, index=index, s=statement, at=at: block.insert(
                            index + 1, s.body.pop(at))
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name) and \
                    isinstance(statement.value, (ast.Attribute, ast.Call, ast.Subscript, ast.Compare)):
                following = block[index + 1] if index + 1 < len(block) else None
                if isinstance(following, (ast.For, ast.While, ast.If)):
                    yield lambda following=following, statement=statement: following.body.append(
                        copy.deepcopy(statement))


def unbound_names(slots):
    """A variable deleted, or bound on one path only."""
    for *_, block in slots.blocks:
        for index, statement in enumerate(block):
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name) and index + 1 < len(block):
                name = statement.targets[0].id
                yield lambda block=block, index=index, name=name: block.insert(
                    index + 1, ast.Delete([ast.Name(name, ast.Del())]))
                if isinstance(block[index + 1], ast.If):
                    yield lambda block=block, index=index: block[index + 1].body.insert(0, block.pop(index))


def handler_names(slots):
    """The name of a handler kept past it, and an exception raised anew or wrapped."""
    for *_, block in slots.blocks:
        for index, statement in enumerate(block):
            if not isinstance(statement, ast.Try):
                continue
            for handler in statement.handlers:
                if not handler.name:
                    continue
                yield lambda block=block, index=index, handler=handler: block.insert(
                    index + 1, ast.Expr(ast.Name(handler.name, Load)))
                for at, inner in enumerate(handler.body):
                    if isinstance(inner, ast.Raise) and inner.exc is not None:
                        yield lambda inner=inner, handler=handler: setattr(inner, "cause", ast.Name(handler.name, Load))
                        yield lambda handler=handler, at=at: handler.body.__setitem__(at, ast.Raise(None, None))
                    if isinstance(inner, ast.Raise) and inner.exc is None:
                        yield lambda inner=inner, handler=handler: setattr(inner, "exc", ast.Name(handler.name, Load))


def stores_swapped(slots):
    """Targets of one assignment in another order, and a value stored before another is read."""
    for *_, block in slots.blocks:
        for statement in block:
            if isinstance(statement, ast.Assign) and len(statement.targets) > 1:
                yield lambda statement=statement: statement.targets.reverse()
            target = statement.targets[0] if isinstance(statement, ast.Assign) else None
            if isinstance(target, ast.Tuple) and len(target.elts) > 1:
                yield lambda target=target: target.elts.reverse()
                names = [ast.Name(f"part_{at}_", Store) for at in range(len(target.elts))]
                if all(not isinstance(item, ast.Starred) for item in target.elts) and isinstance(statement.value, ast.Tuple) \
                        and len(statement.value.elts) == len(names):
                    def apart(block=block, statement=statement, target=target):
                        at = block.index(statement)
                        block[at:at + 1] = [
                            ast.Assign([item], value) for item, value in zip(target.elts, statement.value.elts)]
                    yield apart


OPERATORS = [
    shared_containers, aliases, dictionary_keys, jumps_in_handlers, ranges, late_or_early, unbound_names, handler_names,
    stores_swapped,
]
