"""Places in a function's body where an expression or a block stands."""
import ast

Load, Store = ast.Load(), ast.Store()


class Slots:
    """Every place of a function's body where an expression or a block stands, in source order."""

    def __init__(self, function):
        self.function = function
        self.expressions = []  # (parent, field, index or None, node)
        self.blocks = []       # (parent, field, list)
        self._walk(function)

    def _walk(self, root):
        stack = [root]
        while stack:
            node = stack.pop()
            for name, value in ast.iter_fields(node):
                if node is root and name in ("decorator_list", "returns", "name"):
                    continue
                if name in ("annotation", "type_comment"):
                    continue
                if isinstance(value, list):
                    if value and isinstance(value[0], ast.stmt):
                        self.blocks.append((node, name, value))
                    for index, item in enumerate(value):
                        if isinstance(item, ast.expr):
                            self.expressions.append((node, name, index, item))
                        if isinstance(item, ast.AST):
                            stack.append(item)
                elif isinstance(value, ast.AST):
                    if isinstance(value, ast.expr):
                        self.expressions.append((node, name, None, value))
                    stack.append(value)

    def loads(self, kind):
        for parent, name, index, node in self.expressions:
            if isinstance(node, kind) and isinstance(getattr(node, "ctx", Load), ast.Load):
                if not isinstance(parent, (ast.JoinedStr, ast.FormattedValue)) or isinstance(node, ast.Name):
                    yield (parent, name, index, node)


def put(slot, node):
    parent, name, index, _ = slot
    if index is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[index] = node


def replacing(slot, node):
    return lambda: put(slot, node)


def is_docstring(parent, statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and \
        isinstance(statement.value.value, str)


def call(name, *arguments):
    return ast.Call(ast.Name(name, Load), list(arguments), [])
