extension Rule {
  /// A test is the decisions that it takes; `not`, `and`, `or` leave no value behind in it (De Morgan).
  package static let negatedCondition = Rule(
    name: "negated-condition",
    equation: "if not c: x else: y   =   if c: y else: x",
    fires: [
      (
        """
        def f(a, b, g):
            if not (a or b):
                return g(1)
            return g(2)
        """,
        """
        def f(a, b, g):
            if not a and not b:
                return g(1)
            return g(2)
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(a, b, g):
            if not (a or b):
                return g(1)
            return g(2)
        """,
        """
        def f(a, b, g):
            if not b and not a:
                return g(1)
            return g(2)
        """
      ),
      (
        """
        def f(x, y):
            return not x < y
        """,
        """
        def f(x, y):
            return x >= y
        """
      ),
    ])
}
