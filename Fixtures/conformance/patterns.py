"""Regular expressions."""
import re
from re import IGNORECASE, compile, fullmatch


def _told(match):
    if match is None:
        return None
    return match.group(), match.groups(), match.span(), match.lastindex, match.lastgroup, match.groupdict("-")


def many_on_many(turn: int):
    patterns = [
        r"", r"a*", r"a+?", r"(a)|b", r"(a|ab)(c|bcd)(d*)", r"(?:ab)+", r"\d+", r"\D+", r"\w+\b", r"\W", r"\s*", r"\S+",
        r"^", r"$", r"^a|b$", r"[a-c]+", r"[^a-c\s]+", r"[-a]", r"[\]\-]", r"(\w)\1", r"(?P<x>\w)(?P=x)?", r"a{2}",
        r"a{,2}", r"a{1,}", r"a{1,3}?b", r"(?=a)\w", r"(?!a)\w", r"(?<=a)\w", r"(?<!a)b", r"(a)?(?(1)b|c)", r"(?i:A)b",
        r"(?s:.)+", r".+", r".*?b", r"(a*)*", r"(a*)+b", r"((a)|(b))*", r"(?:(a)|b)+", r"\Aa", r"b\Z", r"\Bb", r"(?>a+)a",
        r"a++b", r"x|", r"(|a)+", r"\x61\u0062", r"[\d_]+", r"(\d+)[-/.](\d+)", r"^\s*(\w+)\s*=\s*(.*?)\s*$",
        r"([A-Z])([a-z]+)", r"(?P<major>\d+)(?:\.(?P<minor>\d+))?", r"[^\W\d_]+", r"(\S+)@(\S+)\.(\w+)", r"#.*", r"é",
    ]
    texts = [
        "", "a", "b", "ab", "aab", "abcd", "aaa bbb", "Ab aB", " 12-05 ", "3.11", "key = a value ", "x1_y2", "a\nb",
        "\n", "ABBA", "me@example.org", "# note", "[a]-", "É é", "0", "-", "ab\n",
    ]
    results = []
    for pattern in patterns:
        for text in texts:
            results.append((_told(re.search(pattern, text)), re.findall(pattern, text)))
            results.append((_told(re.match(pattern, text)), _told(fullmatch(pattern, text))))
    return turn, results


def in_parts(text: str, pattern: str):
    known = [r"[ab]", r"\s+", r"(a)|(b)", r"", r"\b", r"[^a]"]
    chosen = known[len(pattern) % len(known)]
    return re.split(chosen, text), re.split(chosen, text, 1), re.split(chosen, text, maxsplit=2)


def replaced(text: str, count: int):
    numbered = re.sub(r"(\w)(\w)?", r"<\2\1\g<1>\n>", text)
    named = compile(r"(?P<it>[a-c])").sub(r"[\g<it>]", text, count % 4)
    return numbered, named, re.subn("a", "b", text), re.sub("", "-", text, count=2)


def replaced_by_calls(text: str):
    seen = []

    def double(match):
        seen.append(match.start())
        return match.group() * 2

    return compile("[a-z]").sub(double, text), re.sub(r"\d", lambda m: str(int(m[0]) + 1), text), seen


def of_a_pattern(text: str, start: int, end: int):
    pattern = compile("A(b)?|c", IGNORECASE | re.MULTILINE)
    found = [_told(pattern.search(text, start)), _told(pattern.match(text, start, end)), pattern.findall(text, 1)]
    return found, pattern.groups, [m.span(1) for m in pattern.finditer(text)]


def of_a_match(text: str, wanted: int):
    match = re.search(r"(?P<first>\w)(\s)?(?P<last>\w)?", text)
    if not match:
        return None
    first = match["first"], match.group("first", 2), match.start("last"), match.end(2), match.string == text
    return first, match[wanted], match.groups("?"), match.expand(r"\1-\3")


def guarded(text: str):
    if (match := re.match(r"(-?\d+)$", text)) is not None:
        return int(match.group(1))
    try:
        return re.match("(a)", text).group(1)
    except AttributeError:
        return re.escape(text)


def fields(names: list[str], values: list[int]):
    text = "; ".join(f"{name}={value}" for name, value in zip(names, values))
    return dict(re.findall(r"(\w+)=(-?\d+)", text)), re.fullmatch(r"(?:\w*=-?\d+(?:; )?)*", text) is not None
