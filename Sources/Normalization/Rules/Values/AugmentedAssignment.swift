extension Rule {
  /// Only where the type of the target has no in-place operator; a list would be changed for all who hold it.
  package static let augmentedAssignment = Rule(
    name: "augmented-assignment",
    equation: "x += y   =   x = x + y   where x is a number, text or a tuple",
    fires: [
      (
        """
        def f(xs):
            n = 0
            for x in xs:
                n += 1
            return n
        """,
        """
        def f(xs):
            n = 0
            for x in xs:
                n = n + 1
            return n
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(x, y):
            x += y
            return x
        """,
        """
        def f(x, y):
            x = x + y
            return x
        """
      )
    ])
}
