extension Rule {
  /// The first argument stands until a later one is better; each comparison asks the later one first.
  package static let extremumOfArguments = Rule(
    name: "extremum-of-arguments",
    equation: "max(a, b)   =   b if b > a else a",
    fires: [
      (
        """
        def f(best, x):
            return max(best, x)
        """,
        """
        def f(best, x):
            if x > best:
                best = x
            return best
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(a, b):
            return max(a, b)
        """,
        """
        def f(a, b):
            return a if a > b else b
        """
      ),
      (
        """
        def f(a, b):
            return min(a, b)
        """,
        """
        def f(a, b):
            return b if b <= a else a
        """
      ),
    ])
}
