"""Refactorings as a person would write them, each with bugs that could slip in: what is said of them.

A file holds sections: a line `=== name`, the old code, `---`, the new code, then lines `!!! text => other`, each of which
makes a bug of the new code by replacing the last occurrence of a text.
"""
import ast
import collections

ORDER = ["not-analysed", "changed", "unproven", "interface", "cost", "same"]


class Pair:
    def __init__(self, name, old, new, kind):
        self.name, self.old, self.new, self.kind = name, old, new, kind


def load(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    pairs = []
    for section in ("\n" + text).split("\n=== ")[1:]:
        name, _, body = section.partition("\n")
        lines = body.rstrip("\n").split("\n")
        bugs = [line[4:] for line in lines if line.startswith("!!! ")]
        old, _, new = "\n".join(line for line in lines if not line.startswith("!!! ")).partition("\n---\n")
        pairs.append(Pair(name.strip(), old + "\n", new + "\n", "refactoring"))
        for number, bug in enumerate(bugs):
            here, _, there = bug.partition(" =>")
            place = new.rfind(here)
            if place < 0:
                raise SystemExit("evaluate: error: %s: no %r in the new code of %s" % (path, here, name))
            wrong = new[:place] + there.removeprefix(" ") + new[place + len(here):]
            pairs.append(Pair("%s__%d" % (name.strip(), number), old + "\n", wrong + "\n", "bug"))
    return pairs


class Bare(ast.NodeTransformer):
    """Takes the annotations away."""

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_FunctionDef(self, node):
        node.returns = None
        return self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_AnnAssign(self, node):
        if node.value is None:
            return node
        return ast.copy_location(ast.Assign([node.target], node.value), node)


def bare(text):
    return ast.unparse(ast.fix_missing_locations(Bare().visit(ast.parse(text)))) + "\n"


def told(units):
    """The worst verdict among the units of a file, with what it rests on."""
    judged = [unit for unit in units if unit["verdict"] not in ("added", "removed")]
    if not judged:
        return "missing"

    def rank(unit):
        verdict = unit["verdict"]
        if verdict == "interface":
            verdict = "same" if unit.get("body") in ("same", "cost", None) else "changed"
        return ORDER.index(verdict)

    worst = min(judged, key=lambda unit: (rank(unit), unit["evidence"] == "tested"))
    if worst["verdict"] == "unproven" and worst["evidence"] == "tested":
        return "tested"
    if rank(worst) >= ORDER.index("interface"):
        return "assumed" if any(unit["evidence"] == "assumed" for unit in judged) else "proved"
    return worst["verdict"]


def evaluate(program, pairs, strips):
    """A table of verdicts for each kind of pair, and the names that are not as they should be."""
    texts = {}
    for pair in pairs:
        sides = (pair.old, pair.new)
        texts[pair.name + ".py"] = tuple(bare(side) for side in sides) if strips else sides
    found = program.compare(texts)
    table = {"refactoring": collections.Counter(), "bug": collections.Counter()}
    off = []
    for pair in pairs:
        verdict = told(found.get(pair.name + ".py", []))
        table[pair.kind][verdict] += 1
        isRight = verdict in ("proved", "assumed", "tested") if pair.kind == "refactoring" else verdict == "changed"
        if not isRight:
            off.append((pair.kind, verdict, pair.name))
    return table, sorted(off)
