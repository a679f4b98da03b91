extension Rule {
  /// The tuple between the two sides is never seen; all values are made before the first is stored.
  package static let tupleAssignment = Rule(
    name: "tuple-assignment",
    equation: "a, b = x, y   =   t = x; b = y; a = t",
    fires: [
      (
        """
        def f(g, h):
            a, b = g(), h()
            return [a, b]
        """,
        """
        def f(g, h):
            a = g()
            b = h()
            return [a, b]
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(a, b):
            a, b = b, a
            return [a, b]
        """,
        """
        def f(a, b):
            a = b
            b = a
            return [a, b]
        """
      )
    ])
}
