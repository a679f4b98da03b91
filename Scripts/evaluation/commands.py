"""The commands of Scripts/evaluate and Scripts/fuzz."""
import argparse
import ast
import difflib
import os
import statistics
import sys
import sysconfig
import time

from . import families, lines, mutants as operators, noise, outer, pairs, runs, silence, smallest, sources
from .jobs import Player
from .program import RULES_ONLY, Logicdiff

HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EVERYTHING = ["annotations", "no-alias", "no-override", "plain-attributes", "quiet-protocols", "stable-names"]


def program_path(given):
    for path in (given, os.environ.get("LOGICDIFF_PROGRAM"), os.path.join(HERE, ".build", "release", "logicdiff")):
        if path and os.path.exists(path):
            return os.path.abspath(path)
    raise SystemExit("evaluate: error: no logicdiff found; build it with Scripts/setup and `swift build -c release`, "
                     "or name it with --program PATH")


def common(parser):
    parser.add_argument("roots", nargs="*", help="directories or files of Python source; they are read and their "
                                                 "functions executed in a sandbox with stubs")
    parser.add_argument("--program", help="the logicdiff to ask (default: .build/release/logicdiff)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000, help="stop after so many pairs (default 1000)")
    parser.add_argument("--minutes", type=float, help="stop after so many minutes")
    parser.add_argument("--state", help="folder for counts and findings; a run with the same folder goes on")
    parser.add_argument("--budget", help="seconds of work for each unit (default: the rules alone)")
    parser.add_argument("--shrink", type=int, default=1, help="how many findings of a kind to shrink (default 1)")
    parser.add_argument("--quiet", action="store_true", help="the table only")
    parser.add_argument("--drafts", type=int, default=8,
                        help="mutants made of a function when its module is read (default 8)")
    parser.add_argument("--kinds", choices=sorted(operators.GROUPS), default="all", help="which mutants to make")


def files_of(options):
    files = sources.python_files([os.path.abspath(root) for root in options.roots])
    if not files:
        raise SystemExit("evaluate: error: no Python files in %s; name a directory with source, such as an unpacked "
                         "release" % (" ".join(options.roots) or "the given directories"))
    return files


class Clock:
    def __init__(self, options):
        self.end = time.monotonic() + options.minutes * 60 if options.minutes else None

    @property
    def is_over(self):
        return self.end is not None and time.monotonic() > self.end


def source(*trees):
    return ["\n".join(ast.unparse(tree) for tree in (item if isinstance(item, list) else [item])) for item in trees]


def say(options, text):
    if not options.quiet:
        print(text, file=sys.stderr, flush=True)


def mutants(options):
    """Mutants of functions. Exit status 1 where python3 tells apart what logicdiff calls same."""
    is_generated = options.roots == ["families"]
    files = [] if is_generated else files_of(options)
    state = runs.State(options.state, "families" if is_generated else "witnesses" if options.budget else "mutants", {
        "seed": options.seed, "budget": options.budget, "roots": " ".join(options.roots),
        **({} if options.kinds == "all" else {"kinds": options.kinds})})
    program = Logicdiff(program_path(options.program), options.budget or RULES_ONLY)
    player = Player()
    failures = []

    def report(what, mutant, found, answer):
        if what in ("agreed", "not-analysed"):
            return
        old, new = source(mutant.function.node, mutant.node)
        finding = {"what": what, "path": mutant.module.path, "function": mutant.function.name, "kind": mutant.kind,
                   "verdict": found, "answer": answer, "old": old, "new": new}
        if what == "false silence":
            small = smallest.silence(program, player, mutant.function.node, mutant.node)
            if small is not None:
                trees, verdict, shown = small
                finding["smallest"] = {"old": ast.unparse(trees[0]), "new": ast.unparse(trees[1]), "verdict": verdict,
                                       "answer": shown}
            failures.append(finding)
            say(options, told_silence(finding))
        if what == "wrong witness":
            say(options, told_witness(finding))
        if what == "crash":
            say(options, "CRASH on %s, %s: %s" % (finding["path"], finding["function"], found["reason"][:200]))
        state.add(**finding)

    hunt = silence.Hunt(program, 60, report, player)
    for name in ("counts", "kinds", "skipped", "reasons"):
        setattr(hunt, name, runs.restored(state.data["counters"].get(name, {})))
    clock, batch = Clock(options), []
    batches = (runs.Generated if is_generated else runs.Batches)(files, options.seed, state.data["position"])
    for round_, module in batches:
        batch += families.module(options.seed, module) if is_generated else \
            silence.mutants_of(module, options.seed, round_, group=options.kinds, drafts=options.drafts)
        if len(batch) < min(120, options.count - hunt.counts["tried"]) and len(batch) < 120:
            continue
        hunt.batch(batch, options.seed)
        batch = []
        state.save(batches.position, runs.counters(
            counts=hunt.counts, kinds=hunt.kinds, skipped=hunt.skipped, reasons=hunt.reasons))
        say(options, "%d mutants, %d called same, %d executed, %d false silences" % tuple(
            hunt.counts[name] for name in ("tried", "called same", "executed", "false silence")))
        if hunt.counts["tried"] >= options.count or clock.is_over:
            break
    print(hunt.table())
    for kind, number in hunt.reasons.most_common(10):
        print("not analysed: %6d  %s" % (number, kind))
    player.close()
    return 1 if hunt.counts["false silence"] or hunt.counts["wrong witness"] or hunt.counts["crashed"] else 0


def told_witness(finding):
    example = finding["verdict"]["counterexample"]
    return "\n".join([
        "WRONG WITNESS in %s, %s (%s)" % (finding["path"], finding["function"], finding["kind"]), finding["old"], "---",
        finding["new"], "given %s" % ", ".join(example["arguments"]),
        "logicdiff: old %s; new %s" % (example["old"], example["new"]),
        "python3: old %s; new %s" % tuple(finding["answer"]["python3"])])


def families_command(options):
    """Families of idioms that are nearly equal. Exit status as for mutants."""
    options.roots = ["families"]
    return mutants(options)


def outer_command(options):
    """Mutants of module code, class bodies, decorators, defaults. Exit status as for mutants."""
    files = files_of(options)
    state = runs.State(options.state, "outer", {
        "seed": options.seed, "budget": options.budget, "roots": " ".join(options.roots)})
    program = Logicdiff(program_path(options.program), options.budget or RULES_ONLY)
    player = Player()
    counts = runs.restored(state.data["counters"].get("counts", {}))

    def report(what, path, kind, old, new, verdict, answer):
        state.add(what=what, path=path, kind=kind, old=old, new=new, verdict=verdict, answer=answer)
        lines = difflib.unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=4)
        say(options, "%s in %s (%s): %s\n%s" % (what.upper(), path, kind, verdict, "\n".join(lines)))
        if answer:
            for side in ("outcome", "trace", "after"):
                if answer["old"][side] != answer["new"][side]:
                    say(options, "%s: old %s\n%s: new %s" % (
                        side, str(answer["old"][side])[-600:], side, str(answer["new"][side])[-600:]))

    clock, batches, batch = Clock(options), runs.Batches(files, options.seed, state.data["position"]), []
    for round_, module in batches:
        batch.append((round_, module))
        if len(batch) < min(40, options.count - counts["tried"]):
            continue
        outer.batch(program, player, batch, options.seed, counts, report)
        batch = []
        state.save(batches.position, runs.counters(counts=counts))
        say(options, "%d mutants, %d called same, %d executed, %d false silences" % tuple(
            counts[name] for name in ("tried", "called same", "executed", "false silence")))
        if counts["tried"] >= options.count or clock.is_over:
            break
    for name, number in sorted(counts.items()):
        print("%-60s %8d" % (name, number))
    player.close()
    return 1 if counts["false silence"] or counts["crashed"] else 0


def told_silence(finding):
    small = finding.get("smallest") or finding
    answer = small["answer"]
    lines = ["FALSE SILENCE in %s, %s (%s): %s %s, rules %s" % (
        finding["path"], finding["function"], finding["kind"], small["verdict"]["verdict"],
        small["verdict"]["assumptions"] or "proved", " ".join(small["verdict"].get("rules") or []))]
    lines += [small["old"], "---", small["new"], "given %s" % answer["old"]["given"]]
    for side in ("old", "new"):
        lines.append("%s: %s; after %s; %s; %s" % (
            side, answer[side]["outcome"], answer[side]["after"], answer[side]["trace"], answer[side]["globals"]))
    return "\n".join(lines)


def noise_command(options):
    files = files_of(options)
    state = runs.State(options.state, "noise", {
        "seed": options.seed, "budget": options.budget, "roots": " ".join(options.roots)})
    program = Logicdiff(program_path(options.program), options.budget or RULES_ONLY)
    shrunk = {}

    def report(what, pair, found, answer):
        if what in ("proved", "assumed", "interface"):
            return
        old, new = source(pair.function.node, pair.helpers + [pair.node])
        state.add(what=what, path=pair.module.path, function=pair.function.name, kinds=pair.kinds, verdict=found,
                  answer=answer, old=old, new=new)
        if what == "wrong rewrite":
            say(options, "python3 tells a rewrite apart (%s):\n%s\n---\n%s\n%s" % (
                " ".join(pair.kinds), old, new, answer))
        if len(pair.kinds) == 1 and what in ("unproven", "changed") and options.shrink:
            own = shrunk.setdefault((pair.kinds[0], what), [])
            if len(own) < options.shrink:
                small = smallest.noise(program, pair.function.node, pair.kinds[0], what, noise.outcome)
                if small is not None and small[0] not in own:
                    own.append(small[0])
                    state.add(what="smallest " + what, kinds=pair.kinds, old=small[0][0], new=small[0][1],
                              verdict=small[1])
                    say(options, "%s (%s), smallest:\n%s---\n%s" % (what, pair.kinds[0], *small[0]))

    survey = noise.Survey(program, report)
    counters = state.data["counters"]
    survey.rows = runs.restored(counters.get("rows", {}), nested=True)
    survey.reasons = runs.restored(counters.get("reasons", {}))
    totals = counters.get("totals", {})
    survey.crashed, survey.wrong_rewrites = totals.get("crashed", 0), totals.get("wrong", 0)
    clock, batches, batch = Clock(options), runs.Batches(files, options.seed, state.data["position"]), []
    for round_, module in batches:
        batch += noise.rewritten(module, options.seed, round_)
        if len(batch) < 150 and sum(survey.rows["all"].values()) + len(batch) < options.count:
            continue
        survey.batch(batch, options.seed)
        batch = []
        state.save(batches.position, runs.counters(rows=survey.rows, reasons=survey.reasons, totals={
            "crashed": survey.crashed, "wrong": survey.wrong_rewrites}))
        say(options, "%d pairs: %s" % (sum(survey.rows["all"].values()), dict(survey.rows["all"])))
        if sum(survey.rows["all"].values()) >= options.count or clock.is_over:
            break
    print(survey.table())
    survey.player.close()
    return 0


def recall(options):
    """Of mutants that python3 tells apart, the share that logicdiff calls changed with an input."""
    files = files_of(options)
    state = runs.State(options.state, "recall", {
        "seed": options.seed, "budget": options.budget, "inputs": options.inputs, "roots": " ".join(options.roots)})
    program = Logicdiff(program_path(options.program), options.budget)
    player = Player(timeout=120)
    counts = runs.restored(state.data["counters"].get("counts", {}))
    kinds = runs.restored(state.data["counters"].get("kinds", {}), nested=True)
    times = []
    clock, batches, batch = Clock(options), runs.Batches(files, options.seed, state.data["position"]), []
    for round_, module in batches:
        batch += silence.mutants_of(module, options.seed, round_, most=6)
        if len(batch) < 40:
            continue
        judged = list(silence.compare(program, batch))
        batch = []
        for mutant, found in judged:
            counts["tried"] += 1
            counts["verdict " + found["verdict"]] += 1
            if found["verdict"] == "interface":
                continue
            answer = player.play(silence.job(
                mutant.module.tree, mutant.function, mutant.function.node, mutant.node, EVERYTHING,
                silence.seed_of(options.seed, mutant.function.name) % 10**9, options.inputs))
            if "differs" not in answer:
                counts["python3 finds no difference"] += 1
                if found["verdict"] == "changed":
                    counts["changed, but python3 finds no difference"] += 1
                    old, new = source(mutant.function.node, mutant.node)
                    state.add(what="contested", path=mutant.module.path, function=mutant.function.name,
                              kind=mutant.kind, verdict=found, answer=answer, old=old, new=new)
                elif found["verdict"] not in ("same", "not-analysed"):
                    counts["undecided"] += 1
                    old, new = source(mutant.function.node, mutant.node)
                    state.add(what="undecided", path=mutant.module.path, function=mutant.function.name,
                              kind=mutant.kind, verdict=found, answer=answer, old=old, new=new)
                continue
            is_found = found["verdict"] == "changed" and found["counterexample"] is not None
            closed = "closed" if is_closed(mutant) else "open"
            for row in ("all", closed, mutant.kind):
                kinds[row]["found" if is_found else found["verdict"]] += 1
            counts["really differ"] += 1
            if not is_found:
                old, new = source(mutant.function.node, mutant.node)
                state.add(what="missed", path=mutant.module.path, function=mutant.function.name, kind=mutant.kind,
                          verdict=found, answer=answer, old=old, new=new)
        state.save(batches.position, runs.counters(counts=counts, kinds=kinds))
        say(options, "%d mutants, %d really differ, %d of them found" % (
            counts["tried"], counts["really differ"], kinds["all"]["found"]))
        if counts["really differ"] >= options.count or clock.is_over:
            break
    if options.times:
        times = single_times(options, files, program, options.times)
    for name, number in sorted(counts.items()):
        print("%-32s %8d" % (name, number))
    print("%-28s %8s %8s   %s" % ("of those that really differ", "number", "found", "else"))
    for name in sorted(kinds, key=lambda name: (name not in ("all", "closed", "open"), name)):
        row = kinds[name]
        total = sum(row.values())
        rest = ", ".join("%s %d" % item for item in sorted(row.items()) if item[0] != "found")
        print("%-28s %8d %7.1f%%   %s" % (name, total, 100 * row["found"] / total, rest))
    if times:
        times.sort()
        print("check of one mutant alone: median %.1f ms, 90%% %.1f ms, longest %.1f ms, of %d" % (
            1000 * statistics.median(times), 1000 * times[int(len(times) * 0.9)], 1000 * times[-1], len(times)))
    player.close()
    return 0


def is_closed(mutant):
    """Calls nothing but builtins and reads no attribute."""
    import builtins
    for node in ast.walk(ast.Module(mutant.function.node.body, [])):
        if isinstance(node, ast.Attribute):
            return False
        if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and hasattr(builtins, node.func.id)):
            return False
    return True


def single_times(options, files, program, number):
    """Seconds that the search took for mutants that it found, each alone in a run."""
    times = []
    for round_, module in runs.Batches(files, options.seed + 1):
        for mutant in silence.mutants_of(module, options.seed + 1, round_, most=2):
            program.stages = {}
            (_, found), = list(silence.compare(program, [mutant])) or [(None, None)]
            if found and found["verdict"] == "changed":
                times.append(program.stages.get("check", 0.0))
            if len(times) >= number:
                return times
    return times


def evaluate():
    parser = argparse.ArgumentParser(
        prog="Scripts/evaluate", description="Measures logicdiff on real Python source: its noise on rewrites that keep "
        "the meaning, its silence on mutants that do not, and how many of those it finds.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text, run in (
            ("noise", "rewrites that keep the meaning: share by verdict and kind", noise_command),
            ("mutants", "mutants through the rules; each called same is executed by python3", mutants),
            ("families", "pairs of idioms that are nearly equal; each called same is executed by python3",
             families_command),
            ("outer", "mutants of module code, class bodies, decorators and defaults, executed likewise", outer_command),
            ("pairs", "refactorings written by hand with bugs among them: share by verdict", pairs_command),
            ("lines", "two directories: how long the report is beside the text diff", lines_command),
            ("recall", "of mutants that python3 tells apart, the share found", recall)):
        command = commands.add_parser(name, help=text)
        common(command)
        command.set_defaults(run=run)
        if name == "recall":
            command.add_argument("--inputs", type=int, default=1200, help="inputs for python3 (default 1200)")
            command.add_argument("--times", type=int, default=0, help="also time so many mutants, each alone")
    options = parser.parse_args()
    return options.run(options)


def pairs_command(options):
    """Refactorings written by hand, and bugs among them. Exit status 1 where a bug is called the same."""
    roots = options.roots or [os.path.join(HERE, "Fixtures", "pairs", "python", "refactorings.txt")]
    known = [pair for root in roots for pair in pairs.load(root)]
    failed = False
    for strips in (False, True):
        program = Logicdiff(program_path(options.program), options.budget)
        table, off = pairs.evaluate(program, known, strips)
        print("%s, %.0f seconds" % ("without annotations" if strips else "as written", program.seconds))
        for kind, counts in table.items():
            total = sum(counts.values())
            shares = ", ".join("%s %d (%.1f%%)" % (verdict, count, 100 * count / total)
                               for verdict, count in counts.most_common())
            print("  %4d %ss: %s" % (total, kind, shares))
        failed = failed or any(table["bug"][verdict] for verdict in ("proved", "assumed"))
        if not options.quiet:
            for kind, verdict, name in off:
                print("    %s called %s: %s" % (kind, verdict, name))
    return 1 if failed else 0


def lines_command(options):
    """How long reports are. Exit status 1 where the report on a file is longer than its text diff with the witnesses."""
    if len(options.roots) != 2:
        raise SystemExit("evaluate: error: expected two directories, an old and a new one, and found %d" % len(
            options.roots))
    files = list(lines.measure(program_path(options.program), *options.roots))
    if not files:
        raise SystemExit("evaluate: error: no Python file of %s is reported that %s has too" % tuple(options.roots))
    print("%d files, lines shown to lines of the text diff: median %.2f, without those of witnesses %.2f" % (
        len(files), statistics.median(shown / diff for _, shown, _, diff in files),
        statistics.median((shown - witnesses) / diff for _, shown, witnesses, diff in files)))
    longer = [file for file in files if file[1] - file[2] > file[3]]
    for path, shown, witnesses, diff in longer:
        print("  %s: %d lines, %d of them of witnesses, where the text diff has %d" % (path, shown, witnesses, diff))
    return 1 if longer else 0


def witnesses_command(options):
    """Witnesses of mutants, replayed. Exit status as for mutants."""
    given, options.budget = options.budget, options.budget or "0.01"
    try:
        return mutants(options)
    finally:
        options.budget = given


# What a hunt is made of: the command, its share of the time, how many pairs of it `--quick` takes.
HUNT = [(mutants, 0.5, 5000), (families_command, 0.25, 240), (witnesses_command, 0.15, 120), (outer_command, 0.1, 40)]


def fuzz():
    parser = argparse.ArgumentParser(
        prog="Scripts/fuzz", description="Looks for code that logicdiff calls same and python3 tells apart, and for "
        "witnesses that python3 does not confirm: mutants of functions, idioms that are nearly equal, mutants of module "
        "code. Exit status 1 where it finds one, or a crash.")
    common(parser)
    parser.add_argument("--quick", action="store_true", help="some 5,400 pairs, from the project's own fixtures and the "
                                                             "standard library of this Python: a few minutes")
    options = parser.parse_args()
    roots = options.roots or [os.path.join(HERE, "Fixtures")] + [sysconfig.get_path("stdlib")] * options.quick
    if options.minutes and not options.state:
        options.state = os.path.join(HERE, ".build", "fuzz", "seed-%d" % options.seed)
    minutes, failed = options.minutes, False
    for command, share, quick in HUNT:
        options.roots = [os.path.relpath(root) for root in roots]
        if options.quick:
            options.count = quick
        elif minutes:
            options.count, options.minutes = 10**9, minutes * share
        print("== %s" % command.__doc__.split(". ")[0])
        failed = command(options) != 0 or failed
    if options.state:
        print("findings are in %s; the same command goes on from here" % options.state)
    return 1 if failed else 0
