extension Rule {
  /// Where the other version has no such function, or the same one. A decorated function is never looked through.
  package static let helperInlined = Rule(
    name: "helper-inlined",
    equation: "def h(x): body\nh(e)   =   x = e; body   (stable-names)",
    fires: [
      (
        """
        def f(a, g):
            return h(a, g)

        def h(a, g):
            if a is None:
                raise ValueError(a)
            return g(a)
        """,
        """
        def f(a, g):
            if a is None:
                raise ValueError(a)
            return g(a)
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(a, g):
            return h(a, g)

        @cached
        def h(a, g):
            return g(a)
        """,
        """
        def f(a, g):
            return g(a)
        """
      )
    ])
}
