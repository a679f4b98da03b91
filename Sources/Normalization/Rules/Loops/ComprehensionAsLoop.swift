extension Rule {
  /// The list is fresh and nobody else has it while it is filled.
  package static let comprehensionAsLoop = Rule(
    name: "comprehension-as-loop",
    equation: "[e for x in xs if c]   =   out = []; for x in xs: if c: out.append(e)",
    fires: [
      (
        """
        def f(xs, g):
            return [g(x) for x in xs if x is not None]
        """,
        """
        def f(xs, g):
            out = []
            for x in xs:
                if x is not None:
                    out.append(g(x))
            return out
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(xs, g):
            return [g(x) for x in xs]
        """,
        """
        def f(xs, g):
            return (g(x) for x in xs)
        """
      ),
      (
        """
        def f(xs, g):
            return [g(x) for x in xs]
        """,
        """
        def f(xs, g):
            out = []
            g(out)
            for x in xs:
                out.append(g(x))
            return out
        """
      ),
    ])
}
