"""Shrinks what a run found: false silences, and rewrites that end without a proof."""
import ast

from . import rewrites, shrink, sources
from .jobs import job
from .program import verdict
from .silence import SILENT


def judged(program, items):
    """Verdicts on pairs of texts, each in a file of its own; the function is the last one in it."""
    files = {"s%03d.py" % index: item for index, item in enumerate(items)}
    units = program.compare(files)
    result = []
    for index, (_, new) in enumerate(items):
        name = "s%03d.py" % index
        node = ast.parse(new).body[-1]
        # A file without a difference is not in the report.
        result.append(verdict(units.get(name, []), node.lineno, node.end_lineno))
    return result


def silence(program, player, old, new, inputs=120):
    """The smallest pair, on its own in a file, that is called same and that python3 tells apart; None if it needs more."""
    def run(trees, found):
        function = sources.Function(trees[0].name, trees[0])
        module = ast.Module([trees[0]], [])
        return player.play(job(module, function, trees[0], trees[1], found["assumptions"], 1, inputs))

    def fails(candidates):
        found = judged(program, [(ast.unparse(a) + "\n", ast.unparse(b) + "\n") for a, b in candidates])
        return [verdict_["verdict"] in SILENT and verdict_["verdict"] != "missing" and "differs" in run(trees, verdict_)
                for trees, verdict_ in zip(candidates, found)]
    trees = (shrink.cleaned(old), shrink.cleaned(new))
    if not fails([trees])[0]:
        return None
    trees = shrink.shrink(trees, fails)
    found = judged(program, [tuple(ast.unparse(tree) + "\n" for tree in trees)])[0]
    return trees, found, run(trees, found)


def noise(program, old, kind, column, outcome, seed=1):
    """The smallest function that ends in the same column after one rewrite of a kind; None if the kind alone does not."""
    import random
    wanted = next(item for item in rewrites.KINDS if item.__name__ == kind)

    def places(tree):
        """Each place where the rewrite fits, as (text before, text after)."""
        result = []
        for index in range(12):
            made = ast.parse(ast.unparse(tree)).body[0]
            context = rewrites.Context(made, set(), random.Random(seed))
            context.is_nested = False
            found = list(wanted(context))
            if index >= len(found):
                break
            found[index]()
            text = "\n".join(ast.unparse(ast.fix_missing_locations(item)) for item in context.helpers + [made])
            if text != ast.unparse(tree):
                result.append((ast.unparse(tree) + "\n", text + "\n"))
        return result
    best = {}

    def fails(candidates):
        batch = [(index, pair) for index, (tree,) in enumerate(candidates) for pair in places(tree)]
        if not batch:
            return [False] * len(candidates)
        found = judged(program, [pair for _, pair in batch])
        result = [False] * len(candidates)
        for (index, pair), item in zip(batch, found):
            if outcome(item) == column and not result[index]:
                result[index] = True
                best[ast.dump(candidates[index][0])] = (pair, item)
        return result
    tree = shrink.cleaned(old)
    if not fails([(tree,)])[0]:
        return None
    tree, = shrink.shrink((tree,), fails)
    return best.get(ast.dump(tree))
