"""Runs logicdiff on two directories and reads its report."""
import json
import os
import re
import subprocess
import tempfile
import time

RULES_ONLY = "0"  # the rules decide, nothing is searched


class ProgramError(Exception):
    pass


class Logicdiff:
    def __init__(self, path, budget=None, timeout=900):
        self.path, self.budget, self.timeout = path, budget, timeout
        self.seconds = 0.0
        self.stages = None  # a dictionary here asks for the seconds of each stage
        self.units = 0

    def compare(self, pairs):
        """`pairs` maps a file name to (old text, new text); gives a map from file name to units."""
        with tempfile.TemporaryDirectory(prefix="logicdiff-evaluate-") as work:
            for name, texts in pairs.items():
                for side, text in zip(("old", "new"), texts):
                    place = os.path.join(work, side, name)
                    os.makedirs(os.path.dirname(place), exist_ok=True)
                    with open(place, "w", encoding="utf-8") as file:
                        file.write(text)
            command = [self.path, "files", "old", "new", "--format", "json", "--decoder", "none", "--jobs", "1",
                       "--no-cache"]
            if self.budget is not None:
                command += ["--budget", self.budget]
            if self.stages is not None:
                command.append("--timings")
            start = time.monotonic()
            try:
                done = subprocess.run(command, cwd=work, capture_output=True, timeout=self.timeout)
            except subprocess.TimeoutExpired:
                raise ProgramError("no answer after %d seconds" % self.timeout) from None
            self.seconds += time.monotonic() - start
            if done.returncode != 0:
                raise ProgramError("exit %d: %s" % (done.returncode, done.stderr.decode(errors="replace")[-800:]))
            report = json.loads(done.stdout)
            if self.stages is not None:
                for stage, seconds in re.findall(r"^(\w+): ([0-9.]+) s", done.stderr.decode(errors="replace"), re.M):
                    self.stages[stage] = self.stages.get(stage, 0.0) + float(seconds)
        found = {}
        for file in report["files"]:
            found[file["path"].removeprefix("new/")] = file["functions"]
            self.units += len(file["functions"])
            if file.get("reason"):
                if "libtree-sitter" in file["reason"]:
                    # nothing can be measured without a parser
                    raise SystemExit("evaluate: error: %s reads no Python: %s" % (self.path, file["reason"]))
                found[file["path"].removeprefix("new/")].append(
                    {"name": "", "kind": "file", "verdict": "not-analysed", "evidence": "none", "assumptions": [],
                     "reason": file["reason"], "location": {"new": {"start": 1, "end": 10**9}}, "counterexample": None})
        return found


SEVERITY = ["missing", "same", "cost", "interface", "unproven", "not-analysed", "changed"]


def verdict(units, start, end, name=None):
    """The verdict on the lines of one function: the worst of its own unit and the units nested in it, those that were
    removed from a function of this `name` included.
    """
    inside = []
    for unit in units:
        place = (unit.get("location") or {}).get("new")
        if unit["kind"] == "file" or name and unit["verdict"] == "removed" and unit["name"].startswith(name + ".<locals>."):
            inside.append(unit)
        elif unit["kind"] != "module" and place and start <= place["start"] and place["end"] <= end:
            inside.append(unit)
    if not inside:
        return {"verdict": "missing", "evidence": "missing", "assumptions": [], "reason": None, "counterexample": None}
    worst = max(inside, key=lambda unit: SEVERITY.index(unit["verdict"]) if unit["verdict"] in SEVERITY else 3)
    result = {key: worst.get(key) for key in ("name", "verdict", "evidence", "reason", "counterexample")}
    result["assumptions"] = sorted({name for unit in inside for name in unit["assumptions"]})
    result["rules"] = sorted({step["rule"] for unit in inside for step in unit.get("proof") or []})
    if worst["verdict"] in ("same", "cost") and any(unit["evidence"] == "assumed" for unit in inside):
        result["evidence"] = "assumed"
    return result
