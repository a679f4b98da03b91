extension Rule {
  /// Statements after one that may leave run only on the paths that it did not leave.
  package static let earlyExit = Rule(
    name: "early-exit",
    equation: "if c: return x\nrest   =   if c: return x\nelse: rest",
    fires: [
      (
        """
        def f(c, g):
            if c is None:
                return g(1)
            return g(2)
        """,
        """
        def f(c, g):
            if c is None:
                r = g(1)
            else:
                r = g(2)
            return r
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(c, g):
            if c is None:
                return g(1)
            return g(2)
        """,
        """
        def f(c, g):
            if c is None:
                g(1)
            return g(2)
        """
      )
    ])
}
