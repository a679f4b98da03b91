"""Writes pairs of Python functions, one JSON line each: {"id", "source", "target", "kind", "rewrites"}.

`target` is an idiomatic function, `source` the same after rewritings. Among them are functions with a bug, which must
keep it, functions that nothing was done to, and odd ones that the specialist should abstain from ("target" is null).
"""

import argparse
import hashlib
import json
import random
import sys

import programs
import rewrites


def digest(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def pair(rng):
    """A random pair, or None where no bug could be put in; may raise SyntaxError for parts that do not fit."""
    roll = rng.random()
    if roll < 0.015:
        return {"kind": "odd", "source": programs.odd(rng), "target": None, "rewrites": []}
    target, kind = programs.program(rng), "rewritten"
    if roll < 0.2:
        target, kind = rewrites.mutated(target, rng), "mutant"
        if target is None:
            return None
    count = 0 if rng.random() < 0.06 else rng.choice([1, 1, 1, 2, 2, 2, 3, 3, 4, 5])
    source, done = rewrites.rewritten(target, rng, count)
    if not done and kind == "rewritten":
        kind = "identity"
    return {"kind": kind, "source": source, "target": target, "rewrites": done}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true", help="only programs whose hash the training set leaves out")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    seen, written = set(), 0
    while written < options.count:
        try:
            made = pair(rng)
        except SyntaxError:
            continue
        if made is None:
            continue
        # by the hash of the unrewritten program: no rewriting of a held-out program is trained on
        of_program = digest(made["target"] or made["source"])
        if (of_program % 50 == 0) != options.held_out:
            continue
        key = digest(made["source"] + "\0" + (made["target"] or ""))
        if key in seen:
            continue
        seen.add(key)
        made["id"] = f"{options.seed}-{written}"
        json.dump(made, sys.stdout)
        sys.stdout.write("\n")
        written += 1


if __name__ == "__main__":
    main()
