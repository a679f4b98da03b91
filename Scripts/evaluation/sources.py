"""Python source on disk, and the functions in it that can be told apart by name."""
import ast
import copy
import os
from dataclasses import dataclass, field

FunctionNode = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass
class Function:
    """A function or method of a module, outside of other functions, with a name that no other unit there has."""
    name: str
    node: ast.AST
    class_node: ast.ClassDef | None = None


@dataclass
class Module:
    """`tree` was read from `text`, so its places are those of the text."""
    path: str
    text: str
    tree: ast.Module
    functions: list[Function] = field(default_factory=list)


def python_files(roots):
    """Paths of Python files below the roots, sorted; tests and vendored copies are as good as any other code."""
    found = []
    for root in roots:
        if os.path.isfile(root):
            found.append(root)
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in ("__pycache__", ".git", "site-packages"))
            found += [os.path.join(folder, name) for name in sorted(names) if name.endswith(".py")]
    return found


def load(path, largest=400_000):
    """The module at a path, as `ast.unparse` writes it; None where Python cannot read it back alike."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if len(text) > largest:
            return None
        tree = ast.parse(text)
        shorten_docstrings(tree)
        text = ast.unparse(tree) + "\n"
        normal = ast.parse(text)
        if ast.dump(normal) != ast.dump(tree):
            return None
    except (SyntaxError, ValueError, RecursionError, UnicodeDecodeError, OSError):
        return None
    return Module(path, text, normal, functions(normal))


def shorten_docstrings(tree):
    """Nobody observes them, and they are half of some modules."""
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode + (ast.ClassDef,)) and ast.get_docstring(node, clean=False):
            node.body[0].value.value = "..."


def functions(tree):
    found = []

    def visit(node, prefix, class_node):
        for child in getattr(node, "body", []):
            if isinstance(child, FunctionNode):
                found.append(Function(prefix + child.name, child, class_node))
            elif isinstance(child, ast.ClassDef):
                visit(child, prefix + child.name + ".", child)
            elif isinstance(child, (ast.If, ast.Try, ast.With)):
                blocks = [child.body, getattr(child, "orelse", []), getattr(child, "finalbody", [])]
                for block in blocks + [handler.body for handler in getattr(child, "handlers", [])]:
                    visit(_Block(block), prefix, class_node)

    visit(tree, "", None)
    names = [function.name for function in found]
    return [function for function in found if names.count(function.name) == 1]


class _Block:
    def __init__(self, body):
        self.body = body


def mentioned_names(node):
    """Every identifier that a piece of code could reach another function by."""
    names = set()
    for child in ast.walk(node):
        if isinstance(child, ast.Name):
            names.add(child.id)
        elif isinstance(child, ast.Attribute):
            names.add(child.attr)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            names.add(child.value)
    return names


def independent(chosen):
    """A subset in which no function mentions another, so that each can be judged on its own."""
    kept, names, mentioned = [], set(), set()
    for function in chosen:
        own = function.node.name
        uses = mentioned_names(function.node)
        if own in mentioned or own in names or uses & names:
            continue
        kept.append(function)
        names.add(own)
        mentioned |= uses
    return kept


def with_replaced(module, replacements):
    """The module's tree with functions replaced: `replacements` maps nodes (by identity) to lists of statements."""
    def rebuilt(node):
        if id(node) in replacements:
            return replacements[id(node)]
        if isinstance(node, (ast.Module, ast.ClassDef, ast.If, ast.Try, ast.With, ast.ExceptHandler)):
            node = copy.copy(node)
            for name in ("body", "orelse", "finalbody", "handlers"):
                if isinstance(getattr(node, name, None), list):
                    setattr(node, name, [new for child in getattr(node, name) for new in rebuilt(child)])
        return [node]

    return rebuilt(module.tree)[0]


def first_line(node):
    return min([node.lineno] + [item.lineno for item in node.decorator_list])


def spliced(module, replacements):
    """The module's text with functions replaced, and the first and last line of each there, in the given order.

    `replacements` holds pairs of a function's node and the node in its place; what is not replaced stays as it is.
    """
    lines, places, shift = module.text.split("\n"), [None] * len(replacements), 0
    for index in sorted(range(len(replacements)), key=lambda index: replacements[index][0].lineno):
        old, new = replacements[index]
        depth, wrapped = old.col_offset // 4, new
        for _ in range(depth):
            wrapped = ast.If(ast.Constant(1), [wrapped], [])
        made = ast.unparse(wrapped).strip("\n").split("\n")
        while depth and made[0].strip() in ("if 1:", ""):
            made.pop(0)
        start, end = first_line(old) - 1 + shift, old.end_lineno + shift
        lines[start:end] = made
        places[index] = (start + 1, start + len(made))
        shift += len(made) - (end - start)
    return "\n".join(lines), places
