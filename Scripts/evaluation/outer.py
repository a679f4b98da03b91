"""Mutants of what stands outside of functions: module code, class bodies, decorators, defaults, bases.

A mutated module counts as called same where no unit of it has another verdict. It is then executed whole in the opaque
world: imports, decorators, base classes are unknown, and what its names stand for afterwards is compared.
"""
import ast
import copy
import random as randoms

from .jobs import exception_paths
from .program import ProgramError
from .sources import FunctionNode

CALM = ("same", "cost")


def _outer(tree):
    """Blocks and definitions of module and class scope."""
    blocks, definitions = [], []

    def visit(node):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                blocks.append(block)
                for statement in block:
                    if isinstance(statement, FunctionNode):
                        definitions.append(statement)
                    else:
                        if isinstance(statement, ast.ClassDef):
                            definitions.append(statement)
                        visit(statement)
        for handler in getattr(node, "handlers", []):
            visit(handler)

    visit(tree)
    return blocks, definitions


def _expressions(blocks, definitions):
    """Expressions that run when the module does."""
    roots = []
    for definition in definitions:
        roots += definition.decorator_list
        if isinstance(definition, ast.ClassDef):
            roots += definition.bases + [item.value for item in definition.keywords]
        else:
            roots += definition.args.defaults + [item for item in definition.args.kw_defaults if item]
    for block in blocks:
        for statement in block:
            if not isinstance(statement, FunctionNode + (ast.ClassDef,)):
                roots += [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.expr)]
    return [node for root in roots for node in ast.walk(root)]


def _constants(blocks, definitions):
    for node in _expressions(blocks, definitions):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, str)):
            new = not node.value if isinstance(node.value, bool) else \
                node.value + (1 if isinstance(node.value, int) else "_")
            yield "constant", lambda node=node, new=new: setattr(node, "value", new)
        elif isinstance(node, ast.Attribute):
            yield "attribute", lambda node=node: setattr(node, "attr", node.attr + "_")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield "name", lambda node=node: setattr(node, "id", node.id + "_")


def _statements(blocks, definitions):
    for block in blocks:
        for index, statement in enumerate(block):
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) or len(block) < 2:
                continue
            yield "statement dropped", lambda block=block, index=index: block.pop(index)
            if index + 1 < len(block):
                def swap(block=block, index=index):
                    block[index], block[index + 1] = block[index + 1], block[index]
                yield "statements swapped", swap


def _definitions(blocks, definitions):
    for definition in definitions:
        decorators = definition.decorator_list
        for index in range(len(decorators)):
            yield "decorator dropped", lambda decorators=decorators, index=index: decorators.pop(index)
        if len(decorators) > 1:
            yield "decorators swapped", lambda decorators=decorators: decorators.reverse()
        if isinstance(definition, ast.ClassDef):
            bases = definition.bases
            if bases:
                yield "base dropped", lambda bases=bases: bases.pop()
            if len(bases) > 1:
                yield "bases swapped", lambda bases=bases: bases.reverse()
        else:
            defaults = definition.args.defaults
            if defaults:
                yield "default dropped", lambda defaults=defaults: defaults.pop(0)
            if len(defaults) > 1:
                yield "defaults swapped", lambda defaults=defaults: defaults.reverse()
            arguments = definition.args.args
            if len(arguments) > 1:
                yield "parameters swapped", lambda arguments=arguments: arguments.reverse()
                yield "parameter renamed", lambda argument=arguments[-1]: setattr(argument, "arg", argument.arg + "_")
            if isinstance(definition, ast.FunctionDef):
                yield "static", lambda definition=definition: definition.decorator_list.append(
                    ast.Name("staticmethod", ast.Load()))


def _imports(blocks, definitions):
    for block in blocks:
        for statement in block:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                alias = statement.names[0]
                if isinstance(statement, ast.ImportFrom) and alias.name != "*" and statement.module != "__future__":
                    def other(alias=alias):
                        alias.asname = alias.asname or alias.name
                        alias.name += "_"
                    yield "import", other


OPERATORS = [_constants, _statements, _definitions, _imports]


def mutate(tree, random):
    """(kind, mutant) of a module's tree, or None."""
    before = ast.dump(tree)
    for operator in random.sample(OPERATORS, len(OPERATORS)):
        mutant = copy.deepcopy(tree)
        places = list(operator(*_outer(mutant)))
        if not places:
            continue
        kind, edit = places[random.randrange(len(places))]
        edit()
        try:
            mutant = ast.parse(ast.unparse(ast.fix_missing_locations(mutant)))
            compile(mutant, "mutant", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError):
            continue
        if ast.dump(mutant) != before:
            return kind, mutant
    return None


def batch(program, player, items, seed, counts, report, inputs=20):
    """Judges one mutant of each module and executes what is called same."""
    made = []
    for round_, module in items:
        found = mutate(module.tree, randoms.Random("%s %s %s" % (seed, round_, module.path)))
        if found is not None:
            made.append((module,) + found)
    files = {"m%03d.py" % index: (module.text, ast.unparse(tree) + "\n") for index, (module, _, tree) in enumerate(made)}
    try:
        units = program.compare(files)
    except ProgramError as error:
        if len(items) > 1:
            for item in items:
                batch(program, player, [item], seed, counts, report, inputs)
        else:
            counts["crashed"] += 1
            report("crash", items[0][1].path, "", "", "", {"reason": str(error)}, None)
        return
    for (name, (old, new)), (module, kind, tree) in zip(files.items(), made):
        own = units.get(name, [])
        counts["tried"] += 1
        if any(unit["verdict"] not in CALM for unit in own):
            continue
        counts["called same"] += 1
        verdict = {"verdict": "same" if own else "missing", "reason": None, "evidence": "",
                   "assumptions": sorted({item for unit in own for item in unit["assumptions"]}),
                   "rules": sorted({step["rule"] for unit in own for step in unit["proof"]})}
        answer = player.play({
            "module": True, "old": old, "new": new, "name": "", "assumptions": verdict["assumptions"], "context": [],
            "constants": {}, "methods": None, "calls_itself": False, "arities": [2], "module_names": [],
            "exceptions": exception_paths(module.tree, tree), "stored_globals": [], "seed": seed, "inputs": inputs})
        if "skipped" in answer or "error" in answer:
            counts["skipped: " + (answer.get("skipped") or answer["error"])[:60]] += 1
        elif "differs" in answer:
            counts["executed"] += 1
            counts["false silence"] += 1
            report("false silence", module.path, kind, old, new, verdict, answer)
        elif answer["agreed"]:
            counts["executed"] += 1
        else:
            counts["skipped: no run came to its end"] += 1
