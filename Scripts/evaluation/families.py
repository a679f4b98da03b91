"""Families of idioms: ways to write nearly the same, some equal, most not quite.

Two members of a family with the same holes filled make a pair. What logicdiff calls same of them is played in python3;
these pairs stand where the prover's rules do, unlike mutants of ordinary code. Holes: {E} an expression of x, {C} a
condition on x, {XS} something to go through, {A} and {B} expressions, {S} and {T} statements, {K} a constant.
"""
import ast
import os
import random as randoms

from .silence import Mutant, seed_of
from .sources import Function, Module

HOLES = {
    "E": ["x", "f(x)", "x.a", "x + 1", "g(x, a)", "x[0]", "(x, a)", "[x]", "str(x)", "a", "1", "-x", "x * x", "o.m(x)",
          "x or a", "{x: a}"],
    "C": ["x", "x > a", "x == a", "f(x)", "x.ok", "x is None", "x in ys", "not x", "x > 0 and f(x)", "x % 2 == 0",
          "isinstance(x, int)", "x != 0", "a", "x.ok or a", "x == 0"],
    "XS": ["xs", "f(a)", "d", "o.items", "range(n)", "list(xs)", "xs[1:]", "sorted(xs)", "d.items()", "reversed(xs)",
           "[a, b, c]", "(a, b)", "s", "o", "range(3)", "[]", "[1, 2, 3]"],
    "A": ["a", "f(a)", "o.x", "xs[0]", "1", "None", "a + b", "len(xs)", "d[k]", "[a]", "not a", "s", "''", "o.m()", "n"],
    "B": ["b", "g(b)", "o.y", "xs[-1]", "2", "0", "b - 1", "d.get(k)", "[]", "a == b", "(a, b)", "o.x", "False"],
    "S": ["f(a)", "o.x = a", "xs.append(a)", "d[k] = a", "g()", "o.m()", "pass", "b = a", "del d[k]", "n = n + 1"],
    "T": ["g(b)", "o.y = b", "xs.pop()", "d[b] = 1", "h(a)", "o.x = b", "xs = []", "a = b", "d.clear()"],
    "K": ["0", "1", "2", "-1", "'a'", "None", "True", "1.0", "''"],
    "KK": ["1", "2", "'b'", "None", "False", "0.0", "3"],
}


def load():
    """Members by the name of their family, from idioms.txt beside this file."""
    found = {}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "idioms.txt"), encoding="utf-8") as file:
        for part in file.read().split("\n## ")[1:]:
            name, _, text = part.partition("\n")
            found[name] = text.strip("\n").split("\n===\n")
    return found


FAMILIES = load()

CONTEXTS = [
    "{BODY}", "{BODY}", "{BODY}", "{BODY}",
    "try:\n    {BODY}\nexcept ValueError:\n    return -1",
    "try:\n    {BODY}\nfinally:\n    g(a)",
    "if c:\n    {BODY}\nreturn None",
    "for y in ys:\n    {BODY}\nreturn 5",
    "with c:\n    {BODY}",
    "r = 1\n{BODY}",
    "try:\n    {BODY}\nexcept KeyError as e:\n    return e.args",
]

PARAMETERS = ["a", "b", "c", "n", "s", "xs", "ys", "d", "k", "o", "f", "g"]
ANNOTATIONS = [
    {}, {}, {},
    {"a": "int", "b": "int", "c": "int", "n": "int", "s": "str", "xs": "list[int]", "ys": "list[int]"},
    {"a": "int", "b": "int", "n": "int", "xs": "list", "d": "dict", "s": "str"},
    {"a": "float", "b": "float", "c": "float", "n": "int", "xs": "list[float]", "d": "dict[str, int]", "k": "str"},
    {"a": "str", "b": "str", "s": "str", "n": "int", "xs": "list[str]", "ys": "list[str]"},
    {"a": "bool", "b": "int", "n": "int", "xs": "tuple[int, ...]", "ys": "set[int]"},
]
PREAMBLE = "import os\nimport math\nfrom lib import thing\nLIMIT = 10\ndef h(x):\n    return x + 1\n"


def indented(text, depth=1):
    return "\n".join("    " * depth + line for line in text.split("\n"))


def function(name, text, context, annotations):
    """The text of a function around a member of a family."""
    lines = context.split("\n")
    body = "\n".join(indented(text, (len(line) - len(line.lstrip())) // 4) if line.strip() == "{BODY}" else line
                     for line in lines)
    parameters = ", ".join(item + (": " + annotations[item] if item in annotations else "") for item in PARAMETERS)
    return "def %s(%s):\n%s" % (name, parameters, indented(body))


def module(seed, number, count=40):
    """A module of functions and for each a relative: a pair of (module, mutants)."""
    rng = randoms.Random(seed_of(seed, "families", number))
    olds, news, kinds = [], [], []
    while len(olds) < count:
        family = rng.choice(list(FAMILIES))
        one, other = rng.sample(FAMILIES[family], 2)
        holes = {name: rng.choice(choices) for name, choices in HOLES.items()}
        name = "f%d" % len(olds)
        context, annotations = rng.choice(CONTEXTS), rng.choice(ANNOTATIONS)
        try:
            texts = [function(name, member.format(F=name, **holes), context, annotations) for member in (one, other)]
            trees = [ast.parse(text).body[0] for text in texts]
            for tree in trees:
                compile(ast.Module([tree], []), "family", "exec", dont_inherit=True)
        except SyntaxError:
            continue
        if ast.dump(trees[0]) != ast.dump(trees[1]):
            olds.append(trees[0])
            news.append(trees[1])
            kinds.append(family)
    tree = ast.parse(PREAMBLE)
    tree.body += olds
    text = ast.unparse(tree) + "\n"
    tree = ast.parse(text)
    made = Module("families %d" % number, text, tree)
    nodes = tree.body[-len(olds):]
    made.functions = [Function(node.name, node) for node in nodes]
    return [Mutant(made, item, kind, new) for item, kind, new in zip(made.functions, kinds, news)]
