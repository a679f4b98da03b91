"""Replays a printed witness of a closed function in python3, inside the player's process.

`differs when xs = [0], k = 0; old returns 1; new returns 0`: the arguments are Python source, so python3 can be asked.
"""
import re

from .world import Opaque, Stopped, World, path_of

ENDS = re.compile(r", (?:after|leaving|which called|an object of its own|\w+ itself)\b.*$", re.S)
SPACE = {"nan": float("nan"), "inf": float("inf"), "__builtins__": {
    "iter": iter, "set": set, "frozenset": frozenset, "range": range, "slice": slice, "complex": complex,
    "True": True, "False": False, "None": None, "NotImplemented": NotImplemented, "Ellipsis": Ellipsis}}


class Unclear(Exception):
    """The text says something that python3 cannot be asked."""


def evaluate(text, names):
    try:
        return eval(text, dict(SPACE), names)
    except Exception as error:
        raise Unclear("%s is no value" % text[:60]) from error


def arguments(version, texts, world):
    """Keyword arguments from lines such as `xs = [0]`; what is not named is an unknown object that nobody may use."""
    made = {}
    for text in texts:
        name, separator, value = text.partition(" = ")
        if not separator:
            raise Unclear(text)
        made[name] = evaluate(value, made)
    known = [item.arg for item in version.parameters + version.keywords]
    if version.vararg or version.kwarg or not set(made) <= set(known):
        raise Unclear("variadic")
    required = [item.arg for item in version.parameters[:len(version.parameters) - version.defaults]]
    required += [item.arg for item, has in zip(version.keywords, version.keyword_defaults) if not has]
    for name in required:
        made.setdefault(name, world.opaque(name))
    return made


def agrees(said, outcome, world):
    """Whether what logicdiff printed of a side is what python3 did: (kind, value)."""
    kind, value = outcome
    if said.startswith("raises "):
        name = re.match(r"raises ([\w.]+)", said)
        return kind == "raises" and name is not None and type(value).__name__ == name.group(1).split(".")[-1]
    if not said.startswith("returns "):
        raise Unclear(said[:60])
    if kind == "raises":
        return False
    text = said.removeprefix("returns ")
    try:
        expected = evaluate(text, {})
    except Unclear:
        expected = evaluate(ENDS.sub("", text), {})
    return plain(expected, world) == plain(value, world)


def plain(value, world):
    return re.sub(r"#\d+", "", world.tell(value))


def replay(version, texts, said):
    """'agrees', or what python3 does instead; Unclear where it cannot be asked."""
    world = World(1, [], fuel=50_000)
    World.enter(world)
    function = version.prepare(world)
    given = arguments(version, texts, world)
    prelude = len(world.trace)
    try:
        outcome = ("returns", function(**given))
    except Stopped:
        raise
    except BaseException as error:
        outcome = ("raises", error)
    if len(world.trace) > prelude:
        raise Unclear("asks the unknown")
    if any(isinstance(item, Opaque) and path_of(item) not in given for item in [outcome[1]]):
        raise Unclear("the unknown")
    if agrees(said, outcome, world):
        return "agrees"
    return "%s %s" % (outcome[0], repr(outcome[1]))
