"""How long the report on two directories is beside their text diff, file by file."""
import difflib
import os
import re
import subprocess

CONTEXT = 3
WITNESS = re.compile(r"\s+(differs|old  |new  )")


def sections(report):
    """Of each Python file of a report in words: its lines that are not empty, and those of witnesses among them."""
    found, current = {}, None
    for line in report.splitlines():
        if line and not line.startswith(" "):
            header = re.match(r"(\S+\.py)( |$)", line)
            current = header and found.setdefault(header[1], [0, 0])
        if current:
            current[0] += bool(line.strip())
            current[1] += bool(WITNESS.match(line))
    return found


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read().split("\n")


def measure(program, old, new):
    """For each file that both directories have: its path, lines of the report, lines of witnesses, of the text diff."""
    command = [program, "files", old, new, "--decoder", "none", "--no-cache"]
    report = subprocess.run(command, capture_output=True, check=True).stdout.decode(errors="replace")
    for path, (shown, witnesses) in sections(report).items():
        if not all(os.path.exists(os.path.join(root, path)) for root in (old, new)):
            continue
        diff = sum(1 for _ in difflib.unified_diff(read(old, path), read(new, path), n=CONTEXT, lineterm=""))
        if diff:
            yield path, shown, witnesses, diff
