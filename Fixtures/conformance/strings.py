def cases(s: str):
    return s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold()


def tests(s: str):
    return (s.isdigit(), s.isalpha(), s.isalnum(), s.isspace(), s.isupper(), s.islower(), s.istitle(),
            s.isidentifier(), s.isdecimal(), s.isnumeric(), s.isascii(), s.isprintable())


def stripping(s: str, t: str):
    return s.strip(), s.lstrip(), s.rstrip(), s.strip(t), s.lstrip("ab"), s.rstrip("ab ")


def splitting(s: str):
    return s.split(), s.split(","), s.split(None, 1), s.split(",", 1), s.rsplit(",", 1), s.rsplit(None, 1), s.splitlines()


def splitting_by(s: str, t: str):
    return s.split(t), s.rsplit(t, 2), s.partition(t), s.rpartition(t)


def searching(s: str, t: str, n: int):
    return s.find(t), s.rfind(t), s.count(t), t in s, s.find(t, n % 5), s.count(t, 1, 4), s.startswith(t), s.endswith(t)


def affixes(s: str, n: int):
    return s.startswith(("a", "A1")), s.endswith(("b", "")), s.startswith("b", n % 4), s.endswith("a", 0, n % 5)


def index_or_error(s: str, t: str):
    return s.index(t), s.rindex(t)


def replacing(s: str, t: str, n: int):
    return s.replace("a", t), s.replace(t, "-"), s.replace("a", "b", n % 3), s.replace("", "."), s.replace("", ".", 2)


def padding(s: str, n: int):
    n = n % 12
    return s.center(n), s.ljust(n, "*"), s.rjust(n), s.zfill(n), s.center(n, "-")


def joining(a: list[str], s: str):
    return s.join(a), ",".join(x.strip() for x in a), "".join(reversed(s)), "-".join(s)


def joining_any(a: list):
    return "".join(a)


def slicing(s: str, a: int, b: int, c: int):
    return s[a % 5:], s[:b % 5], s[-2:], s[::-1], s[a:b], s[a:b:c], s[::c]


def indexing(s: str, n: int):
    return s[n]


def repeating(s: str, n: int):
    return s * (n % 5), (n % 4 - 1) * s


def concatenating(s: str, a):
    return s + a


def comparing(s: str, t: str):
    return s < t, s <= t, s == t, s > t, sorted([s, t, "b"]), max(s, t)


def characters(s: str):
    return [ord(c) for c in s], "".join(chr(ord(c) + 1) for c in s), {c: s.count(c) for c in s}


def representing(s: str):
    return repr(s), ascii(s), str(s), f"{s!r:>8}", "%r" % s


def encoding(s: str):
    return s.encode(), s.encode("utf-8").decode(), len(s.encode())


def affix_removal(s: str):
    return s.removeprefix("a"), s.removesuffix("b")


def tabs(s: str):
    return (s + "\tx").expandtabs(), "a\tb".expandtabs(4)


def formatting(a: int, x: float, s: str):
    return (f"{a}", f"{a:5}|", f"{a:<5}|", f"{a:^7}|", f"{a:05}", f"{a:+d}", f"{a:x}", f"{a:#b}", f"{a:,}",
            f"{s:>10}", f"{s:.2}", f"{s:*^9}", f"{a!s}", f"{a:_}", f"{a:e}", f"{a:08,}")


def formatting_floats(x: float):
    return (f"{x}", f"{x:.2f}", f"{x:10.3f}|", f"{x:e}", f"{x:g}", f"{x:.0f}", f"{x:%}", f"{x:+.1f}", f"{x:010.2f}",
            f"{x:,.2f}", f"{x:.3}", f"{x:.3g}", f"{x:<12}|", f"{x:.12g}")


def percent(a: int, x: float, s: str):
    return ("%d" % a, "%5d|%-5d|" % (a, a), "%s %r" % (s, s), "%.2f" % x, "%x" % abs(a), "%%", "%(k)s" % {"k": s},
            "%05d" % a, "%+d" % a, "%e" % x, "%g" % x, "%c" % "z", "%5.1f|" % x, "%s" % (a,), "%s" % [a])


def percent_errors(a):
    return "%d" % a


def percent_tuple(a):
    return "%s-%s" % a


def str_format(a: int, s: str):
    return ("{} {}".format(a, s), "{1} {0}".format(a, s), "{k:>5}|".format(k=s), "{0:{1}}|".format(s, 7),
            "{{}}".format(), "{0[0]}".format([a]), "{!r}".format(s))


def format_errors(s: str, n: int):
    return [lambda: "{} {}".format(s), lambda: "{x}".format(), lambda: "{".format(), lambda: "{:d}".format(s),
            lambda: "{0} {}".format(s, s)][n % 5]()


def conversions(a):
    return str(a)


def representation(a):
    return repr(a)


def formatted(a):
    return f"{a}|{a!r}|{a!s:>12}|{a!a}"


def format_any(a):
    return f"{a:>6}"


def bytes_operations(b: bytes, n: int):
    return b + b"x", len(b), list(b), b[::-1], b * (n % 3), b.hex(), b == b"a", b"a" in b, 97 in b, bytes(b)


def bytes_index(b: bytes, n: int):
    return b[n], b[:n]


def iterate_text(s: str):
    out = []
    for i, c in enumerate(s, 1):
        out.append((i, c))
    return out


def palindrome(s: str):
    t = "".join(c.lower() for c in s if c.isalnum())
    return t == t[::-1]


def words(s: str):
    counts = {}
    for word in s.split():
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def caesar(s: str, n: int):
    out = ""
    for c in s:
        if c.isascii() and c.isalpha():
            base = ord("A") if c.isupper() else ord("a")
            out += chr((ord(c) - base + n) % 26 + base)
        else:
            out += c
    return out


def join_errors(a: list):
    return ",".join(a)


def translated(text: str, gone: str):
    pairs = str.maketrans("aeb", "013", gone)
    return text.translate(pairs), text.translate({97: "aa", 98: None, 0x3A3: 0x3C3}), sorted(pairs.items())


def escaped_by_table(text: str, other: str):
    try:
        table = str.maketrans({"a": "<a>", "b": other, 99: 100})
        return text.translate(table), text.translate(str.maketrans(text, other))
    except ValueError as error:
        return str(error)[:9]


def named_letters(text: str):
    return "\N{LATIN SMALL LETTER SHARP S}" in text, f"{text}\N{BULLET}", "\N{greek small letter alpha}" + text
