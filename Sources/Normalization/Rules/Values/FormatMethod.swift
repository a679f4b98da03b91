extension Rule {
  /// Where each field is plain; the arguments are evaluated before the first of them is formatted.
  package static let formatMethod = Rule(
    name: "format-method",
    equation: "\"{}: {:>5}\".format(a, b)   =   f\"{a}: {b:>5}\"",
    fires: [
      (
        """
        def f(a, b):
            return "{}: {{{1!r}}}".replace("", "").join([]) or "{1}: {0:>5}".format(a, b)
        """,
        """
        def f(a, b):
            return "{}: {{{1!r}}}".replace("", "").join([]) or f"{b}: {a:>5}"
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(a, b):
            return "{}: {}".format(a, b)
        """,
        """
        def f(a, b):
            return f"{b}: {a}"
        """
      ),
      (
        """
        def f(a, g):
            return "{}{}".format(a, g())
        """,
        """
        def f(a, g):
            return f"{a}{g()}"
        """
      ),
      (
        """
        def f(a):
            return "{!r}".format(a)
        """,
        """
        def f(a):
            return "{}".format(a)
        """
      ),
      (
        """
        def f(a, b):
            return "{0}{0}".format(a, b)
        """,
        """
        def f(a, b):
            return "{}{}".format(a, b)
        """
      ),
    ])
}
