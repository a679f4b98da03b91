"""Random patterns, flags, texts and replacement templates."""
import re

ALPHABET = "ab01 _-\n"
WIDE = "aAbBsSkKiI\u0131\u0130\u017f\u212aéÉßẞσςΣ\u0660\u00a0\u2028\u01c5\U00010400\U00010428µμ\ufb05\ufb06\x1c"


class Grammar:
    def __init__(self, rng, alphabet):
        self.rng, self.alphabet = rng, alphabet
        self.opened, self.closed, self.names = 0, [], []

    def literal(self):
        c = self.rng.choice(self.alphabet)
        if c == "\n":
            return self.rng.choice(["\\n", "\n"])
        return c if self.rng.random() < 0.95 or c.isalnum() else "\\" + c

    def escape(self):
        r = self.rng.random()
        if r < 0.6:
            return self.rng.choice(["\\d", "\\D", "\\w", "\\W", "\\s", "\\S"])
        if r < 0.85:
            return self.rng.choice(["\\b", "\\B", "\\A", "\\Z", "^", "$", "^", "$"])
        return self.rng.choice(["\\x61", "\\u0062", "\\060", "\\061", "\\t", "\\.", "\\0", "\\141", "\\-", "\\U00000061"])

    def charset(self):
        items = []
        for _ in range(self.rng.randint(1, 3)):
            r = self.rng.random()
            if r < 0.5:
                c = self.rng.choice(self.alphabet)
                items.append("\\-" if c == "-" else c)
            elif r < 0.75:
                lo, hi = sorted(self.rng.choice([c for c in self.alphabet if c != "-"]) for _ in "12")
                items.append(f"{lo}-{hi}")
            else:
                items.append(self.rng.choice(["\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\n", "\\x61", "\\b", "-", "^"]))
        if self.rng.random() < 0.1:
            items.append("-")
        return "[" + self.rng.choice(["", "", "^"]) + "".join(items) + "]"

    def group(self, depth):
        r, rng = self.rng.random(), self.rng
        if r < 0.4:
            self.opened += 1
            index = self.opened
            name = ""
            if rng.random() < 0.2:
                name = f"?P<n{index}>"
            body = self.alternatives(depth - 1)
            self.closed.append(index)
            if name:
                self.names.append(f"n{index}")
            return f"({name}{body})"
        if r < 0.6:
            return "(?:" + self.alternatives(depth - 1) + ")"
        if r < 0.67:
            return "(?>" + self.alternatives(depth - 1) + ")"
        if r < 0.77:
            return rng.choice(["(?=", "(?!"]) + self.alternatives(depth - 1) + ")"
        if r < 0.85:
            return rng.choice(["(?<=", "(?<!"]) + self.fixed(depth - 1) + ")"
        if r < 0.88:
            return "(?#note)"
        if r < 0.93:
            flags = rng.choice(["i", "s", "m", "-i", "is", "a", "u", "x", "i-s", "-x"])
            return f"(?{flags}:" + self.alternatives(depth - 1) + ")"
        if self.opened:
            index = rng.randint(1, self.opened + (rng.random() < 0.05))
            no = rng.choice(["", "|" + self.sequence(depth - 1)])
            if self.names and rng.random() < 0.2:
                index = rng.choice(self.names)
            return f"(?({index})" + self.sequence(depth - 1) + no + ")"
        return self.literal()

    def fixed(self, depth):
        if self.rng.random() < 0.15:
            return self.alternatives(depth)
        if self.rng.random() < 0.3:
            return self.literal() + "|" + self.rng.choice([self.literal(), self.charset()])
        return "".join(self.rng.choice([self.literal, self.charset, self.escape])() for _ in range(self.rng.randint(0, 2)))

    def atom(self, depth):
        r = self.rng.random()
        if r < 0.4:
            return self.literal()
        if r < 0.48:
            return "."
        if r < 0.56:
            return self.escape()
        if r < 0.66:
            return self.charset()
        if r < 0.74 and self.closed:
            if self.names and self.rng.random() < 0.3:
                return f"(?P={self.rng.choice(self.names)})"
            return f"\\{self.rng.choice(self.closed)}" + self.rng.choice(["", "", "(?:)"])
        return self.group(depth) if depth > 0 else self.literal()

    def quantifier(self):
        r = self.rng.random()
        if r < 0.55:
            return ""
        low, more = self.rng.randint(0, 2), self.rng.randint(0, 2)
        text = self.rng.choice(["*", "+", "?", "*", "+", "?", f"{{{low}}}", f"{{{low},}}", f"{{,{more}}}", f"{{{low},{low + more}}}"])
        return text + self.rng.choice(["", "", "", "?", "?", "+"])

    def sequence(self, depth):
        return "".join(self.atom(depth) + self.quantifier() for _ in range(self.rng.choice([0, 1, 1, 2, 2, 3])))

    def alternatives(self, depth):
        return "|".join(self.sequence(depth) for _ in range(self.rng.choice([1, 1, 1, 2, 2, 3])))


SCRAPS = list("()[]{}?*+|^$\\.-:=!<>#,&~ \n") + ["a", "b", "0", "1", "2", "8", "i", "P", "L", "x", "u", "N", "g", "(?", "(?P<a>", "(?P=a)",
          "(?<=", "(?(1)", "{1,2}", "{3,2}", "\\1", "\\x4", "\\u12", "[a-", "(?i)", "(?x)", "(?-i:", "(?a)", "(?u)", "(?s", "\\8", "\\400", "(?'", "é",
          "{99999999999}", "(?(a)", "\\N{DASH}", "(?m-", "\\07", "\\777", "[\\w-a]", "[z-a]", "[]", "[^]", "(?t)", "(?(-1)", "\\U00110000"]


def template(rng, groups, names):
    bits = ["x", "-", "\\\\", "\\n", "\\g<0>", "\\0", "\\.", "\\t", "é", "\\101", "\n"]
    bits += [f"\\{i}" for i in range(1, groups + 1)] * 2 + [f"\\g<{i}>" for i in range(1, groups + 1)] + [f"\\g<{n}>" for n in names] * 2
    if rng.random() < 0.15:
        bits += ["\\q", "\\g<zz>", "\\g<", "\\9", "\\g<1x>", "\\400", "\\g", "\\", "\\g<>", "\\08", "\\18", "\\b", "\\7", "\\g<00>"]
    return "".join(rng.choice(bits) for _ in range(rng.randint(0, 4)))


def random_flags(rng):
    flags = 0
    for flag, chance in ((re.I, 0.15), (re.M, 0.2), (re.S, 0.15), (re.X, 0.07), (re.A, 0.12), (re.U, 0.03)):
        if rng.random() < chance:
            flags |= flag
    return int(flags)


def random_case(rng):
    style = rng.random()
    alphabet = ALPHABET if style < 0.8 else WIDE
    if rng.random() < 0.1:
        pattern = "".join(rng.choice(SCRAPS) for _ in range(rng.randint(1, 7)))
    else:
        pattern = Grammar(rng, alphabet).alternatives(rng.randint(1, 4))
        if rng.random() < 0.05:
            pattern = rng.choice(["(?i)", "(?m)", "(?s)", "(?x)", "(?a)", "(?im)", "(?u)"]) + pattern
        if rng.random() < 0.04 and pattern:
            at = rng.randrange(len(pattern))
            pattern = pattern[:at] + rng.choice(SCRAPS) + pattern[at + rng.randint(0, 1):]
    text = "".join(rng.choice(alphabet if rng.random() < 0.95 else "abAB01é\u0661 ") for _ in range(rng.randint(0, 12)))
    return pattern, random_flags(rng) | (int(re.I) if alphabet is WIDE and rng.random() < 0.6 else 0), text
