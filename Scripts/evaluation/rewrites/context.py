"""What is known of a function while it is rewritten: its names, where they are bound, what is plain."""
import ast
import builtins
import copy

Load, Store = ast.Load(), ast.Store()
Scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
Comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Suspends = (ast.Yield, ast.YieldFrom, ast.Await)
SELF_LOOKING = {"locals", "vars", "eval", "exec", "globals", "dir", "super", "__class__"}


def load(name):
    return ast.Name(name, Load)


def store(name):
    return ast.Name(name, Store)


def assign(name, value):
    return ast.Assign([store(name)], value)


def call(function, *arguments):
    return ast.Call(load(function), list(arguments), [])


def negate(test):
    """`not test`, in the way that a person writes it; exact."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand  # as a test only
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        opposite = {ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
        other = opposite.get(type(test.ops[0]))
        if other:
            return ast.Compare(test.left, [other()], test.comparators)
    return ast.UnaryOp(ast.Not(), test)


def contains(node, kinds):
    nodes = node if isinstance(node, list) else [node]
    return any(isinstance(child, kinds) for item in nodes for child in ast.walk(item))


def loads_of(node, name):
    nodes = node if isinstance(node, list) else [node]
    return [child for item in nodes for child in ast.walk(item)
            if isinstance(child, ast.Name) and child.id == name and isinstance(child.ctx, ast.Load)]


def names_of(node):
    nodes = node if isinstance(node, list) else [node]
    return {child.id for item in nodes for child in ast.walk(item) if isinstance(child, ast.Name)}


def stored_in(node):
    nodes = node if isinstance(node, list) else [node]
    found = set()
    for item in nodes:
        for child in ast.walk(item):
            if isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Load):
                found.add(child.id)
            elif isinstance(child, ast.ExceptHandler) and child.name:
                found.add(child.name)
            elif isinstance(child, ast.alias):
                found.add((child.asname or child.name).split(".")[0])
            elif isinstance(child, Scopes) and hasattr(child, "name"):
                found.add(child.name)
            elif isinstance(child, (ast.MatchAs, ast.MatchStar)) and child.name:
                found.add(child.name)
            elif isinstance(child, ast.MatchMapping) and child.rest:
                found.add(child.rest)
    return found


def terminates(block):
    """Control never runs out at the end of the block."""
    last = block[-1] if block else None
    if isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
        return True
    return isinstance(last, ast.If) and terminates(last.body) and terminates(last.orelse)


def own_jumps(block, kind):
    """`break` or `continue` that belong to the loop whose body this is."""
    for statement in block:
        if isinstance(statement, kind):
            return True
        if isinstance(statement, (ast.For, ast.While, ast.AsyncFor)):
            if own_jumps(statement.orelse, kind):
                return True
            continue
        for name in ("body", "orelse", "finalbody"):
            if isinstance(getattr(statement, name, None), list) and not isinstance(statement, Scopes) and \
                    own_jumps(getattr(statement, name), kind):
                return True
        for handler in getattr(statement, "handlers", []) + getattr(statement, "cases", []):
            if own_jumps(handler.body, kind):
                return True
    return False


class Context:
    """A function that is being rewritten. Rewrites edit `function` in place, and may add module functions."""

    def __init__(self, function, bound, random):
        self.function = function
        self.bound = bound          # names that the module binds: no builtin is taken for one of these
        self.random = random
        self.helpers = []           # new module functions
        self.refresh()

    def refresh(self):
        function = self.function
        arguments = function.args
        self.parameters = [item.arg for item in arguments.posonlyargs + arguments.args + arguments.kwonlyargs]
        self.parameters += [item.arg for item in (arguments.vararg, arguments.kwarg) if item]
        declared = {name for child in ast.walk(function) if isinstance(child, (ast.Global, ast.Nonlocal))
                    for name in child.names}
        self.inner = {}             # names that nested scopes (not comprehensions) mention
        self.comprehension_targets = set()
        self.stores = {}
        odd = set()
        for child in ast.walk(function):
            if isinstance(child, Scopes) and child is not function:
                for name in names_of(child) | {item.arg for item in ast.walk(child) if isinstance(item, ast.arg)}:
                    self.inner[name] = True
                if hasattr(child, "name"):
                    odd.add(child.name)
            elif isinstance(child, Comprehensions):
                for generator in child.generators:
                    self.comprehension_targets |= names_of(generator.target)
            elif isinstance(child, ast.NamedExpr):
                odd.add(child.target.id)
            elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                self.stores[child.id] = self.stores.get(child.id, 0) + 1
            elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Del):
                odd.add(child.id)
            elif isinstance(child, ast.ExceptHandler) and child.name:
                odd.add(child.name)
            elif isinstance(child, ast.alias):
                odd.add((child.asname or child.name).split(".")[0])
            elif isinstance(child, (ast.MatchAs, ast.MatchStar)) and child.name:
                odd.add(child.name)
            elif isinstance(child, ast.MatchMapping) and child.rest:
                odd.add(child.rest)
        self.odd = odd | declared | set(self.inner) | self.comprehension_targets
        self.all_names = names_of(function) | set(self.parameters) | self.bound | odd
        self.all_names |= {helper.name for helper in self.helpers}
        self.locals = (set(self.stores) | set(self.parameters)) - declared

    @property
    def is_plain_local(self):
        """Locals whose every binding is an assignment of this very scope, seen by no other scope."""
        return lambda name: name in self.locals and name not in self.odd

    def is_builtin(self, name):
        return hasattr(builtins, name) and name not in self.bound and name not in self.locals and name not in self.odd

    def fresh(self, *choices):
        for name in list(choices) + [choices[0] + "_%d" % index for index in range(2, 50)]:
            if name not in self.all_names and not hasattr(builtins, name):
                self.all_names.add(name)
                return name
        raise LookupError

    def uses(self, name):
        return sum(1 for child in ast.walk(self.function) if isinstance(child, ast.Name) and child.id == name)

    def parent_blocks(self):
        """(owner, field, block, is inside of a try or with) for the blocks of this scope."""
        def visit(owner, guarded):
            for name in ("body", "orelse", "finalbody"):
                block = getattr(owner, name, None)
                if not isinstance(block, list) or not block or not isinstance(block[0], ast.stmt):
                    continue
                inside = guarded or isinstance(owner, (ast.Try, ast.With, ast.AsyncWith))
                yield owner, name, block, inside
                for statement in block:
                    if not isinstance(statement, Scopes):
                        yield from visit(statement, inside)
            for handler in getattr(owner, "handlers", []):
                yield from visit(handler, True)
            for case in getattr(owner, "cases", []):
                yield from visit(case, guarded)
        yield from visit(self.function, False)

    def statements(self):
        """(block, index, statement, is inside of a try or with), docstring left out."""
        for owner, name, block, guarded in self.parent_blocks():
            for index, statement in enumerate(block):
                if owner is self.function and index == 0 and isinstance(statement, ast.Expr) and \
                        isinstance(statement.value, ast.Constant):
                    continue
                yield block, index, statement, guarded

    def always_assigned(self, block, index):
        """Plain locals that surely have a value before a statement of the function's own block."""
        found = {name for name in self.parameters if self.is_plain_local(name)}
        for statement in block[:index]:
            if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)) and getattr(statement, "value", None):
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                found |= {item.id for target in targets for item in ast.walk(target)
                          if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
        return {name for name in found if self.is_plain_local(name)}

    def slots(self, kinds):
        """(setter, node) for expressions of this scope, comprehensions included, lambdas not."""
        def visit(node):
            for name, value in ast.iter_fields(node):
                if node is self.function and name in ("args", "decorator_list", "returns"):
                    continue
                if name in ("annotation", "format_spec"):
                    continue
                items = value if isinstance(value, list) else [value]
                for index, item in enumerate(items):
                    if not isinstance(item, ast.AST) or isinstance(item, Scopes):
                        continue
                    if isinstance(item, kinds) and isinstance(getattr(item, "ctx", Load), ast.Load):
                        if isinstance(value, list):
                            yield (lambda new, value=value, index=index: value.__setitem__(index, new)), item
                        else:
                            yield (lambda new, node=node, name=name: setattr(node, name, new)), item
                    yield from visit(item)
        yield from visit(self.function)


def is_pure(node, assigned):
    """Evaluation has no effect, asks nothing and cannot fail."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id in assigned
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(is_pure(item, assigned) for item in node.elts)
    if isinstance(node, ast.Dict):
        return all(isinstance(key, ast.Constant) for key in node.keys) and \
            all(is_pure(item, assigned) for item in node.values)
    if isinstance(node, ast.Compare):
        return all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops) and len(node.ops) == 1 and \
            is_pure(node.left, assigned) and is_pure(node.comparators[0], assigned)
    return False


def clone(node):
    return copy.deepcopy(node)
