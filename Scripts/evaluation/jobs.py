"""What the player needs to know of a function's surroundings, and the process that plays."""
import ast
import builtins
import functools
import json
import os
import select
import subprocess
import sys

from .sources import FunctionNode

HERE = os.path.dirname(os.path.abspath(__file__))


def dotted(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return before and before + "." + node.attr
    return None


def exception_paths(*functions):
    """Dotted names that the code catches or raises; the world makes them exception classes."""
    found = set()
    for function in functions:
        for node in ast.walk(function):
            if isinstance(node, ast.ExceptHandler) and node.type is not None:
                types = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                found |= {dotted(item) for item in types}
            elif isinstance(node, ast.Raise) and node.exc is not None:
                thrown = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                name = dotted(thrown)
                if name and name.split(".")[-1][:1].isupper():
                    found.add(name)
    return sorted(name for name in found if name and not hasattr(builtins, name))


def arities(*functions):
    """How many items the code unpacks at once."""
    return sorted({len(node.elts) for function in functions for node in ast.walk(function)
                   if isinstance(node, (ast.Tuple, ast.List)) and isinstance(node.ctx, ast.Store)})


@functools.lru_cache(maxsize=32)
def bound_names(tree):
    """Names that the module's own scope binds, or that a function declares global."""
    found = {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}

    def visit(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, FunctionNode + (ast.ClassDef,)):
                found.add(child.name)
            elif isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Load):
                found.add(child.id)
            elif isinstance(child, ast.alias):
                found.add((child.asname or child.name).split(".")[0])
            elif isinstance(child, ast.ExceptHandler) and child.name:
                found.add(child.name)
                visit(child)
            elif not isinstance(child, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
                visit(child)

    visit(tree)
    return found


@functools.lru_cache(maxsize=32)
def constants(tree):
    """Module names that are bound once, to a literal."""
    found, counts = {}, {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            counts[node.id] = counts.get(node.id, 0) + 1
        elif isinstance(node, ast.Global):
            for name in node.names:
                counts[name] = 2
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and \
                isinstance(statement.targets[0], ast.Name) and counts[statement.targets[0].id] == 1:
            try:
                ast.literal_eval(statement.value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
            found[statement.targets[0].id] = ast.unparse(statement.value)
    return found


@functools.lru_cache(maxsize=128)
def definitions(node):
    """Functions without decorators that stand in a module or class, by name."""
    return {child.name: ast.unparse(child) for child in node.body
            if isinstance(child, FunctionNode) and not child.decorator_list}


def undecorated(node, but=()):
    return {name: text for name, text in definitions(node).items() if name not in but}


@functools.lru_cache(maxsize=32)
def containers(tree):
    """Names that the module imports from `collections`, which are what they are: alias to name."""
    return {alias.asname or alias.name: alias.name for statement in tree.body
            if isinstance(statement, ast.ImportFrom) and statement.module == "collections" and not statement.level
            for alias in statement.names if alias.name in ("defaultdict", "Counter", "OrderedDict", "deque")}


def job(tree, function, old, new, assumptions, seed, inputs):
    """A job for the player: the module's tree, the function there, its two versions."""
    name = function.node.name
    methods = None
    if function.class_node is not None:
        is_static = any(dotted(item) == "staticmethod" for item in function.node.decorator_list)
        methods = {} if not is_static else None
        if methods is not None and "no-override" in assumptions:
            methods = undecorated(function.class_node, but=(name,))
    stable = "stable-names" in assumptions
    helpers = undecorated(tree, but=() if function.class_node else (name,)) if stable else {}
    if stable:
        wanted, queue = {}, [ast.unparse(old) + "\n" + ast.unparse(new)] + list((methods or {}).values())
        while queue:
            used = {node.id for node in ast.walk(ast.parse(queue.pop())) if isinstance(node, ast.Name)}
            for helper in used & set(helpers) - set(wanted):
                wanted[helper] = helpers[helper]
                queue.append(helpers[helper])
        helpers = wanted
    stored = {item for side in (old, new) for node in ast.walk(side) if isinstance(node, ast.Global) for item in node.names}
    bound = bound_names(tree)
    return {
        "name": name, "old": ast.unparse(old), "new": ast.unparse(new), "assumptions": sorted(assumptions),
        "context": list(helpers.values()), "constants": constants(tree) if stable else {}, "methods": methods,
        "containers": containers(tree) if stable else {},
        "calls_itself": stable and function.class_node is None, "exceptions": exception_paths(old, new),
        "arities": arities(old, new),
        "module_names": sorted(bound), "stored_globals": sorted(stored), "seed": seed, "inputs": inputs,
        "postpones": any(isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
                         and any(alias.name == "annotations" for alias in statement.names) for statement in tree.body),
    }


class Player:
    """A python3 with limits that plays jobs; started anew where it hangs or dies."""

    def __init__(self, timeout=60):
        self.timeout = timeout
        self.process = None

    def play(self, job):
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-S", "-s", "-B", os.path.join(HERE, "player.py")], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PYTHONHASHSEED": "0"}, cwd="/", text=True)
        try:
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.flush()
            ready, _, _ = select.select([self.process.stdout], [], [], self.timeout)
            line = self.process.stdout.readline() if ready else None
        except (BrokenPipeError, OSError):
            line = ""
        if not line:
            self.close()
            return {"skipped": "hung" if line is None else "the player died"}
        return json.loads(line)

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                try:
                    pipe.close()
                except OSError:  # what could not be written any more
                    pass
            self.process = None
