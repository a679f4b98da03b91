extension Rule {
  /// The middle operand is evaluated once, and each link is asked for its truth once.
  package static let chainedComparison = Rule(
    name: "chained-comparison",
    equation: "a < b < c   =   a < b and b < c   (b evaluated once)",
    fires: [
      (
        """
        def f(a, b, c, g):
            if a < b < c:
                return g()
            return None
        """,
        """
        def f(a, b, c, g):
            if a < b and b < c:
                return g()
            return None
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(a, b, c, g):
            if a < b() < c:
                return g()
            return None
        """,
        """
        def f(a, b, c, g):
            if a < b() and b() < c:
                return g()
            return None
        """
      )
    ])
}
