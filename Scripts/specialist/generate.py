"""Writes pairs of Python functions, one JSON line each: {"id", "source", "target", "kind", "rewrites"}.

`target` is a function in one style, `source` the same after rewritings. Among them are functions with a bug, which must
keep it, and functions that nothing was done to, from which the specialist should abstain ("target" is null).
"""

import argparse
import hashlib
import json
import random
import sys

import programs
import realistic
import rewrites
import style


def digest(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def pair(rng, held_out):
    """A random pair, or None where no bug could be put in or the program is not of the wanted half; may raise
    SyntaxError for parts that do not fit."""
    is_small = rng.random() < 0.3
    target = style.styled((programs if is_small else realistic).program(rng))
    roll, kind = rng.random(), "rewritten"
    if roll < 0.15:
        target, kind = rewrites.mutated(target, rng), "mutant"
        if target is None:
            return None
        target = style.styled(target)
    # by the hash of the unrewritten program: no rewriting of a held-out program is trained on
    if (digest(target) % 50 == 0) != held_out:
        return None
    count = 0 if roll > 0.88 else rng.choice([1, 1, 1, 1, 2, 2, 2, 3, 3, 4])
    source, done = rewrites.rewritten(target, rng, count, names_result=rng.random() < 0.35)
    header = "" if is_small else realistic.HEADER
    # in the style already: there is nothing to be said
    if not done or source == target:
        if count and rng.random() < 0.75:
            return None
        return {"kind": "odd", "source": header + source, "target": None, "rewrites": []}
    return {"kind": kind, "source": header + source, "target": header + target, "rewrites": done}


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
            made = pair(rng, options.held_out)
        except SyntaxError:
            continue
        if made is None:
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
