extension Rule {
  /// Where nothing skips the increment.
  package static let enumerate = Rule(
    name: "enumerate",
    equation: "for i, x in enumerate(xs): body   =   i = 0; for x in xs: body; i += 1",
    fires: [
      (
        """
        def f(xs, g):
            for i, x in enumerate(xs):
                g(i, x)
        """,
        """
        def f(xs, g):
            i = 0
            for x in xs:
                g(i, x)
                i += 1
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(xs, g):
            for i, x in enumerate(xs):
                g(i, x)
        """,
        """
        def f(xs, g):
            i = 0
            for x in xs:
                i += 1
                g(i, x)
        """
      )
    ])
}
