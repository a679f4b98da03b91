"""False silence: one mutant of each function through logicdiff, each one called `same` executed by python3."""
import ast
import collections
import hashlib
import random

from . import mutants, rewrites, sources
from .jobs import Player, bound_names, job
from .program import ProgramError, verdict

SILENT = ("missing", "same", "cost")


def seed_of(*parts):
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=6).digest(), "big")


class Mutant:
    """`draft`: mutants of one number stand in one text of their module."""

    def __init__(self, module, function, kind, node, draft=0):
        self.module, self.function, self.kind, self.node, self.draft = module, function, kind, node, draft


def mutants_of(module, seed, round_, most=None, group="all", drafts=1):
    """One mutant a draft for each function of a module that can be judged beside the others."""
    rng = random.Random(seed_of(seed, round_, module.path))
    bound = set(bound_names(module.tree))
    chosen = [function for function in module.functions if function.node.body]
    found = []
    for draft in range(drafts):
        rng.shuffle(chosen)
        for function in sources.independent(chosen):
            start, masked = function.node, ""
            if rng.random() < 0.3:
                # A rewrite that keeps the meaning first: the mutant must show through the rules that see past it.
                made = rewrites.rewrite(function.node, bound, rng, rng.choice((1, 2, 3)), is_nested=True)
                if made is not None:
                    start, masked = made[1], " after rewrites"
            made = mutants.mutate(start, rng, group)
            if made is None:
                continue
            kind, node = made
            kind += masked
            node.decorator_list = function.node.decorator_list
            found.append(Mutant(module, function, kind, node, draft))
            if most and len(found) == most:
                return found
    return found


def find(tree, wanted):
    for function in sources.functions(tree):
        if function.name == wanted.name:
            return function.node
    return None


def compare(program, batch):
    """Verdicts on the mutants of a batch: pairs (mutant, verdict)."""
    files, order = {}, collections.OrderedDict()
    for mutant in batch:
        order.setdefault((id(mutant.module), mutant.draft), []).append(mutant)
    for index, own in enumerate(order.values()):
        text, places = sources.spliced(own[0].module, [(mutant.function.node, mutant.node) for mutant in own])
        files["m%03d.py" % index] = (own[0].module.text, text, zip(own, places))
    units = program.compare({name: texts[:2] for name, texts in files.items()})
    for name, (_, _, own) in files.items():
        for mutant, (start, end) in own:
            yield mutant, verdict(units.get(name, []), start, end, mutant.function.name)


class Hunt:
    """Counts, and what was found, of a run."""

    def __init__(self, program, inputs, report, player=None):
        self.program, self.inputs, self.report = program, inputs, report
        self.player = player or Player()
        self.counts = collections.Counter()
        self.kinds = collections.Counter()
        self.skipped = collections.Counter()
        self.reasons = collections.Counter()

    def batch(self, batch, seed):
        try:
            judged = list(compare(self.program, batch))
        except ProgramError as error:
            if len(batch) == 1:
                self.counts["crashed"] += 1
                self.report("crash", batch[0], {"reason": str(error)}, None)
                return
            half = len(batch) // 2
            self.batch(batch[:half], seed)
            self.batch(batch[half:], seed)
            return
        for mutant, found in judged:
            self.counts["tried"] += 1
            self.counts["verdict " + found["verdict"]] += 1
            if found["verdict"] == "not-analysed":
                self.reasons[found["reason"]] += 1
                self.report("not-analysed", mutant, found, None)
            if found["verdict"] == "changed":
                self.witness(mutant, found)
            if found["verdict"] not in SILENT:
                continue
            self.counts["called same"] += 1
            self.kinds[mutant.kind] += 1
            answer = self.execute(mutant, found, seed, self.inputs)
            if "skipped" in answer or "error" in answer:
                self.skipped[answer.get("skipped") or answer["error"]] += 1
                self.report("skipped", mutant, found, answer)
            elif "differs" in answer:
                self.counts["executed"] += 1
                self.counts["false silence"] += 1
                self.report("false silence", mutant, found, answer)
            elif not answer["agreed"]:
                self.skipped["no input ran to its end"] += 1
            else:
                self.counts["executed"] += 1
                self.report("agreed", mutant, found, answer)

    def witness(self, mutant, found):
        """A witness that consults nothing unknown must hold in python3."""
        example = found["counterexample"]
        if not example or example["environment"] or any(example["trace"].values()) or "called twice" in example["arguments"] or \
                found["name"] != mutant.function.name or mutant.function.class_node is not None:
            return
        work = job(mutant.module.tree, mutant.function, mutant.function.node, mutant.node,
                   ["stable-names"], 1, 1)
        work.update(said=[example["old"], example["new"]], arguments=example["arguments"])
        answer = self.player.play(work)
        if "agreed" in answer:
            self.counts["witnesses replayed"] += 1
        elif "wrong" in answer:
            self.counts["witnesses replayed"] += 1
            self.counts["wrong witness"] += 1
            self.report("wrong witness", mutant, found, answer)
        else:
            self.counts["witnesses not replayed"] += 1

    def execute(self, mutant, found, seed, inputs):
        return self.player.play(job(
            mutant.module.tree, mutant.function, mutant.function.node, mutant.node, found["assumptions"],
            seed_of(seed, mutant.function.name) % 10**9, inputs))

    def table(self):
        lines = ["%-28s %8d" % (name, count) for name, count in sorted(self.counts.items())]
        lines += ["skipped: %-40s %6d" % (str(name)[:60], count) for name, count in self.skipped.most_common(12)]
        lines += ["called same, of kind %-22s %6d" % item for item in self.kinds.most_common()]
        return "\n".join(lines)
