"""Noise: rewrites that keep the meaning, and what logicdiff says of them."""
import ast
import collections
import random

from . import rewrites, sources
from .jobs import Player, bound_names, job
from .program import ProgramError, verdict
from .silence import find, seed_of


class Pair:
    def __init__(self, module, function, kinds, node, helpers):
        self.module, self.function, self.kinds, self.node, self.helpers = module, function, kinds, node, helpers


def rewritten(module, seed, round_):
    """Rewrites for the functions of a module; one to six for each."""
    rng = random.Random(seed_of(seed, "noise", round_, module.path))
    bound = set(bound_names(module.tree))
    for function in module.functions:
        made = rewrites.rewrite(function.node, bound, rng, rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 6)))
        if made is not None:
            kinds, node, helpers = made
            node.decorator_list = function.node.decorator_list
            bound |= {helper.name for helper in helpers}
            yield Pair(module, function, kinds, node, helpers)


def texts(module, pairs):
    """The module before and after; helpers stand at its start, behind imports from the future."""
    tree = sources.with_replaced(module, {id(pair.function.node): [pair.node] for pair in pairs})
    start = 0
    for index, statement in enumerate(tree.body):
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if is_text or isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            start = index + 1
        else:
            break
    helpers = [helper for pair in pairs for helper in pair.helpers]
    tree.body[start:start] = helpers
    return module.text, ast.unparse(tree) + "\n"


def compare(program, batch):
    files, order = {}, collections.OrderedDict()
    for pair in batch:
        order.setdefault(id(pair.module), []).append(pair)
    for index, own in enumerate(order.values()):
        files["m%03d.py" % index] = texts(own[0].module, own) + (own,)
    units = program.compare({name: item[:2] for name, item in files.items()})
    for name, (_, text, own) in files.items():
        tree = ast.parse(text)
        for pair in own:
            node = find(tree, pair.function)
            if node is not None:
                start = min([node.lineno] + [item.lineno for item in node.decorator_list])
                yield pair, verdict(units.get(name, []), start, node.end_lineno)


def outcome(found):
    """The column of the table."""
    if found["verdict"] in ("same", "missing", "cost"):
        return "assumed" if found["evidence"] == "assumed" else "proved"
    if found["verdict"] == "unproven":
        return "tested" if found["evidence"] == "tested" else "unproven"
    return found["verdict"]


COLUMNS = ["proved", "assumed", "tested", "unproven", "changed", "interface", "not-analysed"]


class Survey:
    """Counts by verdict, by number of rewrites and by kind."""

    def __init__(self, program, report, player=None, inputs=60):
        self.program, self.report, self.inputs = program, report, inputs
        self.player = player or Player()
        self.rows = collections.defaultdict(collections.Counter)
        self.reasons = collections.Counter()
        self.crashed = 0
        self.wrong_rewrites = 0

    def batch(self, batch, seed):
        try:
            judged = list(compare(self.program, batch))
        except ProgramError as error:
            if len(batch) == 1:
                self.crashed += 1
                self.report("crash", batch[0], {"reason": str(error)}, None)
                return
            half = len(batch) // 2
            self.batch(batch[:half], seed)
            self.batch(batch[half:], seed)
            return
        for pair, found in judged:
            answer = None
            if found["verdict"] == "changed":
                # Is the rewrite wrong, or the verdict?
                work = job(pair.module.tree, pair.function, pair.function.node, pair.node, [], seed_of(seed) % 10**9,
                           self.inputs * 5)
                work["context"] = [ast.unparse(helper) for helper in pair.helpers]
                answer = self.player.play(work)
                if "differs" in answer:
                    self.wrong_rewrites += 1
                    self.report("wrong rewrite", pair, found, answer)
                    continue
            column = outcome(found)
            self.rows["all"][column] += 1
            self.rows["%d at once" % len(pair.kinds)][column] += 1
            if not pair.helpers:
                self.rows["all without a helper"][column] += 1
            for kind in set(pair.kinds):
                self.rows[kind][column] += 1
            if found["verdict"] == "not-analysed":
                self.reasons[found["reason"]] += 1
            self.report(column, pair, found, answer)

    def table(self):
        lines = ["%-28s %7s" % ("", "pairs") + "".join("%13s" % column for column in COLUMNS)]
        for name in sorted(self.rows, key=lambda name: (not name.startswith("all"), not name[0].isdigit(), name)):
            row = self.rows[name]
            total = sum(row.values())
            lines.append("%-28s %7d" % (name, total) + "".join(
                "%12.1f%%" % (100 * row[column] / total) for column in COLUMNS))
        lines += ["not analysed: %5d  %s" % (count, reason) for reason, count in self.reasons.most_common(20)]
        if self.wrong_rewrites or self.crashed:
            lines.append("left out: %d rewrites that python3 tells apart, %d crashes" % (
                self.wrong_rewrites, self.crashed))
        return "\n".join(lines)
