"""Makes a failing function as small as it gets while it still fails."""
import ast
import copy


def cleaned(function):
    """Without its decorators, annotations of the result and documentation."""
    new = copy.deepcopy(function)
    new.decorator_list, new.returns = [], None
    for node in ast.walk(new):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and \
                isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
            node.body = body[1:] or [ast.Pass()]
    return new


def _blocks(root, path=()):
    for name, value in ast.iter_fields(root):
        if isinstance(value, list) and value and isinstance(value[0], (ast.stmt, ast.ExceptHandler)):
            if isinstance(value[0], ast.stmt):
                yield path + (name,), value
            for index, item in enumerate(value):
                yield from _blocks(item, path + (name, index))


def _expressions(root, path=()):
    for name, value in ast.iter_fields(root):
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST):
                    if isinstance(item, ast.expr):
                        yield path + (name, index), item
                    yield from _expressions(item, path + (name, index))
        elif isinstance(value, ast.AST):
            if isinstance(value, ast.expr):
                yield path + (name,), value
            yield from _expressions(value, path + (name,))


def _at(root, path):
    for step in path:
        root = root[step] if isinstance(step, int) else getattr(root, step, None)
        if root is None:
            raise LookupError
    return root


def _put(root, path, value):
    parent = _at(root, path[:-1])
    if isinstance(path[-1], int):
        parent[path[-1]] = value
    else:
        setattr(parent, path[-1], value)


def edits(function):
    """Edits that make a function smaller; each is a function of a tree, and fits a tree that is alike at its place."""
    found = []
    for path, block in _blocks(function):
        for index, statement in enumerate(block):
            def drop(tree, path=path, index=index, text=ast.dump(statement)):
                here = _at(tree, path)
                places = [at for at in (index, index + 1, index - 1) if 0 <= at < len(here)]
                match = [at for at in places if ast.dump(here[at]) == text]
                if not match:
                    raise LookupError
                del here[match[0]]
                if not here:
                    if path[-1] in ("orelse", "finalbody"):
                        return
                    here.append(ast.Pass())
            size = len(ast.dump(statement))
            if not isinstance(statement, ast.Pass):
                found.append((size, drop))
            inner = getattr(statement, "body", None)
            if isinstance(inner, list) and not isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
                def unwrap(tree, path=path, index=index, kind=type(statement)):
                    here = _at(tree, path)
                    if index >= len(here) or not isinstance(here[index], kind):
                        raise LookupError
                    here[index:index + 1] = here[index].body
                found.append((size - sum(len(ast.dump(item)) for item in inner), unwrap))
    arguments = function.args
    for name in ("args", "kwonlyargs", "posonlyargs"):
        for index in range(len(getattr(arguments, name))):
            def drop_parameter(tree, name=name, index=index):
                own = tree.args
                parameter = getattr(own, name).pop(index)
                if any(isinstance(node, ast.Name) and node.id == parameter.arg for node in ast.walk(tree)):
                    raise LookupError
                if name == "kwonlyargs":
                    own.kw_defaults.pop(index)
                elif own.defaults:
                    own.defaults.pop(0)
            found.append((30, drop_parameter))
    for path, node in _expressions(function):
        if path[0] == "decorator_list" or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            continue
        smaller = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        if not isinstance(node, (ast.Name, ast.Constant)):
            smaller.append(ast.Constant(0))
        for child in smaller[:4]:
            def shrink(tree, path=path, text=ast.dump(node), child=child):
                if ast.dump(_at(tree, path)) != text:
                    raise LookupError
                _put(tree, path, copy.deepcopy(child))
            found.append((len(ast.dump(node)) - len(ast.dump(child)), shrink))
    found.sort(key=lambda item: -item[0])
    return [edit for _, edit in found]


def applied(edit, *trees):
    """The trees after an edit, each as Python reads it back; None where it does not fit them."""
    result = []
    for tree in trees:
        new = copy.deepcopy(tree)
        try:
            edit(new)
            new = ast.parse(ast.unparse(ast.fix_missing_locations(new))).body[0]
            compile(ast.Module([new], []), "shrunk", "exec", dont_inherit=True)
        except (LookupError, IndexError, AttributeError, ValueError, SyntaxError, TypeError, RecursionError):
            return None
        if ast.dump(new) == ast.dump(tree):
            return None
        result.append(new)
    return result


def shrink(trees, fails, width=24, rounds=60):
    """`fails` takes a list of tuples of trees and says of each whether it still fails."""
    trees = tuple(trees)
    start = [tuple(map(cleaned, trees))]
    if fails(start)[0]:
        trees = start[0]
    for _ in range(rounds):
        candidates = [made for edit in edits(trees[0]) if (made := applied(edit, *trees)) is not None]
        candidates = [tuple(made) for made in candidates]
        for at in range(0, len(candidates), width):
            part = candidates[at:at + width]
            verdicts = fails(part)
            if any(verdicts):
                trees = part[verdicts.index(True)]
                break
        else:
            return trees
    return trees
