extension Rule {
  /// A container that nothing else refers to is a value; it becomes an object when it escapes.
  package static let freshContainer = Rule(
    name: "fresh-container",
    equation: "out = []; p = 0   =   p = 0; out = []",
    fires: [
      (
        """
        def f(xs, g):
            out = []
            n = 0
            for x in xs:
                out.append(g(x))
                n += 1
            return out, n
        """,
        """
        def f(xs, g):
            n = 0
            out = []
            for x in xs:
                n += 1
                out.append(g(x))
            return out, n
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(g):
            out = []
            g(out)
            out.append(1)
            return out
        """,
        """
        def f(g):
            out = []
            out.append(1)
            g(out)
            return out
        """
      ),
      (
        """
        def f():
            a = []
            return a, a
        """,
        """
        def f():
            return [], []
        """
      ),
    ])
}
