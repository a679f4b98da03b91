extension Rule {
  /// Of lists, tuples and texts that are surely that. A slice of a list is a copy: what changes the list while the loop
  /// runs is not seen in it.
  package static let walkedSlice = Rule(
    name: "walked-slice",
    equation: "for x in xs[k:]: f(x)   =   for i in range(k, len(xs)): f(xs[i])",
    fires: [
      (
        """
        def f(xs: list[int]):
            best = xs[0]
            for x in xs[1:]:
                if x > best:
                    best = x
            return best
        """,
        """
        def f(xs: list[int]):
            best = xs[0]
            for i in range(1, len(xs)):
                if xs[i] > best:
                    best = xs[i]
            return best
        """
      ),
      (
        """
        def f(s: str):
            t = ""
            for c in reversed(s):
                t += c
            return t
        """,
        """
        def f(s: str):
            t = ""
            i = len(s) - 1
            while i >= 0:
                t += s[i]
                i -= 1
            return t
        """
      ),
    ],
    mustNotFire: [
      (
        """
        def f(xs: list, g):
            for x in xs[1:]:
                g(x)
        """,
        """
        def f(xs: list, g):
            for i in range(1, len(xs)):
                g(xs[i])
        """
      ),
      (
        """
        def f(xs: list, g):
            for x in xs[::-1]:
                g(x)
        """,
        """
        def f(xs: list, g):
            for x in reversed(xs):
                g(x)
        """
      ),
      (
        """
        def f(xs: list[int]):
            t = 0
            for x in xs[-1:]:
                t += x
            return t
        """,
        """
        def f(xs: list[int]):
            t = 0
            for i in range(-1, len(xs)):
                t += xs[i]
            return t
        """
      ),
      (
        """
        def f(xs: list[int]):
            t = 1
            for x in xs[1:]:
                t = t * 2 + x
            return t
        """,
        """
        def f(xs: list[int]):
            t = 1
            for x in xs:
                t = t * 2 + x
            return t
        """
      ),
    ])
}
