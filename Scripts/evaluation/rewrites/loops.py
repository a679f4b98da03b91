"""Loop forms and comprehensions."""
import ast

from .context import (Comprehensions, Load, Scopes, Suspends, assign, call, contains, load, names_of, negate,
                      own_jumps, store, stored_in)


def _is_range_of_known_size(context, node):
    """range(len(x)) or range(3): the bound is surely an int."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range" and
            len(node.args) == 1 and not node.keywords and context.is_builtin("range")):
        return False
    bound = node.args[0]
    if isinstance(bound, ast.Constant):
        return type(bound.value) is int
    return isinstance(bound, ast.Call) and isinstance(bound.func, ast.Name) and bound.func.id == "len" and \
        len(bound.args) == 1 and not isinstance(bound.args[0], ast.Starred) and context.is_builtin("len")


def _only_inside(context, name, statement):
    inside = sum(1 for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id == name)
    return context.uses(name) == inside


def range_to_while(context):
    """for i in range(len(x)): S  ->  i = 0; n = len(x); while i < n: S; i += 1"""
    for block, index, statement, guarded in context.statements():
        if not (isinstance(statement, ast.For) and isinstance(statement.target, ast.Name) and not statement.orelse and
                _is_range_of_known_size(context, statement.iter)):
            continue
        name = statement.target.id
        if not context.is_plain_local(name) or name in stored_in(statement.body) or \
                own_jumps(statement.body, ast.Continue) or not _only_inside(context, name, statement) or \
                context.stores.get(name) != 1 or name in context.parameters:
            continue

        def change(block=block, index=index, statement=statement, name=name):
            count = context.fresh("count", "size", "stop")
            test = ast.Compare(load(name), [ast.Lt()], [load(count)])
            step = ast.AugAssign(store(name), ast.Add(), ast.Constant(1))
            block[index:index + 1] = [
                assign(count, statement.iter.args[0]), assign(name, ast.Constant(0)),
                ast.While(test, statement.body + [step], [])]
        yield change


def while_to_forever(context):
    """while c: S  ->  while True: if not c: break; S"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.While) and not statement.orelse and \
                not (isinstance(statement.test, ast.Constant)):
            def change(statement=statement):
                statement.body.insert(0, ast.If(negate(statement.test), [ast.Break()], []))
                statement.test = ast.Constant(True)
            yield change


def forever_to_while(context):
    """while True: if c: break; S  ->  while not c: S"""
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.While) and not statement.orelse and isinstance(statement.test, ast.Constant) and \
                statement.test.value and isinstance(statement.body[0], ast.If) and not statement.body[0].orelse and \
                len(statement.body[0].body) == 1 and isinstance(statement.body[0].body[0], ast.Break) and \
                len(statement.body) > 1:
            def change(statement=statement):
                statement.test = negate(statement.body[0].test)
                del statement.body[0]
            yield change


def enumerate_added(context):
    """for x in xs: S  ->  for i, x in enumerate(xs): S"""
    if not context.is_builtin("enumerate"):
        return
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.For) and isinstance(statement.target, ast.Name) and \
                not (isinstance(statement.iter, ast.Call) and isinstance(statement.iter.func, ast.Name) and
                     statement.iter.func.id == "enumerate"):
            def change(statement=statement):
                name = context.fresh("index", "position", "i")
                statement.target = ast.Tuple([store(name), statement.target], ast.Store())
                statement.iter = call("enumerate", statement.iter)
            yield change


def enumerate_to_counter(context):
    """for i, x in enumerate(xs): S  ->  i = -1; for x in xs: i += 1; S"""
    if not context.is_builtin("enumerate"):
        return
    for block, index, statement, guarded in context.statements():
        if not (isinstance(statement, ast.For) and isinstance(statement.iter, ast.Call) and not statement.orelse and
                isinstance(statement.iter.func, ast.Name) and statement.iter.func.id == "enumerate" and
                len(statement.iter.args) == 1 and not statement.iter.keywords and
                not isinstance(statement.iter.args[0], ast.Starred) and
                isinstance(statement.target, ast.Tuple) and len(statement.target.elts) == 2 and
                all(isinstance(item, ast.Name) for item in statement.target.elts)):
            continue
        name, item = (part.id for part in statement.target.elts)
        if name == item or not context.is_plain_local(name) or not _only_inside(context, name, statement) or \
                name in stored_in(statement.body) or name in context.parameters or \
                name in names_of(statement.iter):
            continue

        def change(block=block, index=index, statement=statement, name=name):
            statement.target = statement.target.elts[1]
            statement.iter = statement.iter.args[0]
            statement.body.insert(0, ast.AugAssign(store(name), ast.Add(), ast.Constant(1)))
            block.insert(index, assign(name, ast.Constant(-1)))
        yield change


def _is_own_list(context, name):
    """A local list that only this function can reach: bound once, read by index, length and iteration only."""
    if not context.is_plain_local(name) or name in context.parameters or context.stores.get(name) != 1:
        return False
    made, allowed = False, 0
    for node in ast.walk(context.function):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and \
                node.targets[0].id == name:
            value = node.value
            made = isinstance(value, (ast.List, ast.ListComp)) or isinstance(value, ast.Call) and \
                isinstance(value.func, ast.Name) and value.func.id in ("list", "sorted") and \
                context.is_builtin(value.func.id)
            allowed += 1
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name) and \
                node.value.id == name:
            allowed += 1
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and \
                len(node.args) == 1 and isinstance(node.args[0], ast.Name) and node.args[0].id == name and \
                context.is_builtin("len"):
            allowed += 1
        elif isinstance(node, ast.For) and isinstance(node.iter, ast.Name) and node.iter.id == name:
            allowed += 1
    return made and allowed == context.uses(name)


def elements_to_indices(context):
    """for x in xs: S  ->  for i in range(len(xs)): x = xs[i]; S, xs a list of the function's own"""
    if not (context.is_builtin("range") and context.is_builtin("len")):
        return
    for block, index, statement, _ in context.statements():
        if isinstance(statement, ast.For) and isinstance(statement.iter, ast.Name) and \
                _is_own_list(context, statement.iter.id):
            def change(statement=statement):
                name = context.fresh("index", "position", "i")
                items = statement.iter.id
                statement.body.insert(0, ast.Assign([statement.target], ast.Subscript(load(items), load(name), Load)))
                statement.target = store(name)
                statement.iter = call("range", call("len", load(items)))
            yield change


def indices_to_elements(context):
    """for i in range(len(xs)): S(xs[i])  ->  for x in xs: S(x), xs a list of the function's own"""
    for block, index, statement, _ in context.statements():
        if not (isinstance(statement, ast.For) and isinstance(statement.target, ast.Name) and
                _is_range_of_known_size(context, statement.iter) and isinstance(statement.iter.args[0], ast.Call) and
                isinstance(statement.iter.args[0].args[0], ast.Name)):
            continue
        name, items = statement.target.id, statement.iter.args[0].args[0].id
        if not _is_own_list(context, items) or not context.is_plain_local(name) or \
                not _only_inside(context, name, statement) or name in stored_in(statement.body):
            continue
        reads = [node for node in ast.walk(ast.Module(statement.body, [])) if isinstance(node, ast.Subscript) and
                 isinstance(node.value, ast.Name) and node.value.id == items and isinstance(node.slice, ast.Name) and
                 node.slice.id == name]
        if not reads or sum(1 for node in ast.walk(ast.Module(statement.body, []))
                            if isinstance(node, ast.Name) and node.id == name) != len(reads):
            continue

        def change(statement=statement, reads=reads, items=items):
            element = context.fresh("element", "item", "entry")
            wanted = {id(node) for node in reads}

            class Replace(ast.NodeTransformer):
                def visit_Subscript(self, node):
                    return load(element) if id(node) in wanted else self.generic_visit(node)
            statement.body = [Replace().visit(item) for item in statement.body]
            statement.target = store(element)
            statement.iter = load(items)
        yield change


def comprehension_to_loop(context):
    """y = [e for x in xs if c]  ->  y = []; for x in xs: if c: y.append(e)"""
    for block, index, statement, _ in context.statements():
        if not isinstance(statement, (ast.Assign, ast.Return)) or \
                not isinstance(statement.value, (ast.ListComp, ast.SetComp, ast.DictComp)):
            continue
        node = statement.value
        targets = {name for generator in node.generators for name in names_of(generator.target)}
        inner = [child for child in ast.walk(node) if child is not node and
                 isinstance(child, Scopes + Comprehensions + Suspends + (ast.NamedExpr,))]
        if inner or any(generator.is_async for generator in node.generators) or \
                any(not isinstance(part, (ast.Name, ast.Tuple)) for generator in node.generators
                    for part in ast.walk(generator.target) if isinstance(part, ast.expr)):
            continue
        if targets & names_of(node.generators[0].iter):
            continue
        if isinstance(node, ast.SetComp) and not context.is_builtin("set"):
            continue

        def change(block=block, index=index, statement=statement, node=node, targets=targets):
            result = context.fresh("result", "collected", "gathered")
            for name in sorted(targets):
                new = context.fresh(name, name + "_item")
                for child in ast.walk(node):
                    if isinstance(child, ast.Name) and child.id == name:
                        child.id = new
            if isinstance(node, ast.DictComp):
                key, value = context.fresh("key", "name"), context.fresh("entry", "content")
                body = [assign(key, node.key), assign(value, node.value),
                        ast.Assign([ast.Subscript(load(result), load(key), ast.Store())], load(value))]
                start = ast.Dict([], [])
            else:
                method = "append" if isinstance(node, ast.ListComp) else "add"
                body = [ast.Expr(ast.Call(ast.Attribute(load(result), method, Load), [node.elt], []))]
                start = ast.List([], Load) if method == "append" else call("set")
            for generator in reversed(node.generators):
                for test in reversed(generator.ifs):
                    body = [ast.If(test, body, [])]
                body = [ast.For(generator.target, generator.iter, body, [])]
            statement.value = load(result)
            block[index:index + 1] = [assign(result, start)] + body + [statement]
        yield change


def loop_to_comprehension(context):
    """y = []; for x in xs: if c: y.append(e)  ->  y = [e for x in xs if c]"""
    for block, index, statement, guarded in context.statements():
        if guarded or index + 1 == len(block) or not isinstance(block[index + 1], ast.For):
            continue
        loop = block[index + 1]
        if not (isinstance(statement, ast.Assign) and len(statement.targets) == 1 and
                isinstance(statement.targets[0], ast.Name) and isinstance(statement.value, ast.List) and
                not statement.value.elts and not loop.orelse and len(loop.body) == 1):
            continue
        result, tests, last = statement.targets[0].id, [], loop.body[0]
        while isinstance(last, ast.If) and not last.orelse and len(last.body) == 1:
            tests.append(last.test)
            last = last.body[0]
        if not (isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and
                isinstance(last.value.func, ast.Attribute) and last.value.func.attr == "append" and
                isinstance(last.value.func.value, ast.Name) and last.value.func.value.id == result and
                len(last.value.args) == 1 and not last.value.keywords):
            continue
        element = last.value.args[0]
        parts = [element, loop.iter] + tests
        targets = names_of(loop.target)
        if isinstance(element, ast.Starred) or result in names_of(parts) | targets or \
                not context.is_plain_local(result) or \
                contains(parts + [loop.target], Suspends + Scopes + (ast.NamedExpr,)) or \
                contains(loop.target, (ast.Attribute, ast.Subscript)) or names_of(parts) & {"super", "__class__"} or \
                targets & names_of(loop.iter):
            continue
        if not all(context.is_plain_local(name) and _only_inside(context, name, loop) for name in targets) or \
                contains(parts, Comprehensions):
            continue
        new = ast.Assign(statement.targets, ast.ListComp(element, [ast.comprehension(loop.target, loop.iter, tests, 0)]))
        yield lambda block=block, index=index, new=new: block.__setitem__(slice(index, index + 2), [new])


KINDS = [range_to_while, while_to_forever, forever_to_while, enumerate_added, enumerate_to_counter, elements_to_indices,
         indices_to_elements, comprehension_to_loop, loop_to_comprehension]
