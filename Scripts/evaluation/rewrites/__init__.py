"""Rewrites of a function that keep its meaning for all inputs, made on Python's own syntax tree.

Each kind is a generator of places: calling one edits the function. Nothing here knows of logicdiff's normal form.
"""
import ast
import pickle

from . import conditions, loops, statements
from .context import SELF_LOOKING, Context, names_of

KINDS = conditions.KINDS + loops.KINDS + statements.KINDS


def rewrite(function, bound, random, count, is_nested=False):
    """(kinds, new function, helpers) after up to `count` rewrites, or None where none applies."""
    if names_of(function) & (SELF_LOOKING - {"super", "__class__"}):
        return None
    new = pickle.loads(pickle.dumps(function))
    context = Context(new, bound, random)
    context.is_nested = is_nested
    kinds = []
    while len(kinds) < count:
        context.refresh()
        for kind in random.sample(KINDS, len(KINDS)):
            places = list(kind(context))
            if places:
                places[random.randrange(len(places))]()
                ast.fix_missing_locations(new)
                kinds.append(kind.__name__)
                break
        else:
            break
    if not kinds:
        return None
    try:
        made = ast.parse(ast.unparse(new)).body[0]
        helpers = [ast.parse(ast.unparse(ast.fix_missing_locations(item))).body[0] for item in context.helpers]
        compile(ast.Module([made] + helpers, []), "rewrite", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return None
    if ast.unparse(made) == ast.unparse(function):
        return None
    return kinds, made, helpers
