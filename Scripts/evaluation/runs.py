"""Batches of modules in a fixed order, and results that outlive a run."""
import collections
import json
import os
import random

from . import sources
from .silence import seed_of


class Batches:
    """An endless sequence of batches of modules, the same for the same seed; `position` says where it stands."""

    def __init__(self, files, seed, position=(0, 0)):
        self.files, self.seed = files, seed
        self.round, self.index = position

    @property
    def position(self):
        return [self.round, self.index]

    def __iter__(self):
        while self.files:
            order = list(self.files)
            random.Random(seed_of(self.seed, "order", self.round)).shuffle(order)
            while self.index < len(order):
                path = order[self.index]
                self.index += 1
                module = sources.load(path)
                if module is not None and module.functions:
                    yield self.round, module
            self.round += 1
            self.index = 0


class Generated:
    """The numbers from a position on, for programs that are made rather than read."""

    def __init__(self, files, seed, position=(0, 0)):
        self.position = list(position)

    def __iter__(self):
        while True:
            number = self.position[1]
            self.position[1] += 1
            yield 0, number


class State:
    """Counts and findings in a folder: `state.json` is rewritten after each batch, `findings.jsonl` grows."""

    def __init__(self, folder, name, settings):
        self.folder = folder
        self.settings = settings
        self.data = {"position": [0, 0], "counters": {}}
        self.path = folder and os.path.join(folder, name + ".json")
        self.findings = folder and os.path.join(folder, name + ".findings.jsonl")
        if folder:
            os.makedirs(folder, exist_ok=True)
            if os.path.exists(self.path):
                with open(self.path, encoding="utf-8") as file:
                    kept = json.load(file)
                if kept["settings"] == settings:
                    self.data = kept
                else:
                    raise SystemExit("%s is of another run (%s); name another --state folder" % (
                        self.path, ", ".join("%s %s" % item for item in kept["settings"].items())))

    def save(self, position, counters):
        self.data = {"settings": self.settings, "position": position, "counters": counters}
        if self.path:
            with open(self.path + ".new", "w", encoding="utf-8") as file:
                json.dump(self.data, file, indent=1, sort_keys=True)
            os.replace(self.path + ".new", self.path)

    def add(self, **finding):
        if self.findings:
            with open(self.findings, "a", encoding="utf-8") as file:
                file.write(json.dumps(finding, sort_keys=True) + "\n")


def counters(**named):
    """Counters of counters as plain dictionaries."""
    def plain(value):
        return {str(key): plain(item) if isinstance(item, dict) else item for key, item in value.items()}
    return {name: plain(value) for name, value in named.items()}


def restored(data, nested=False):
    if nested:
        return collections.defaultdict(collections.Counter, {key: collections.Counter(row) for key, row in data.items()})
    return collections.Counter(data)
