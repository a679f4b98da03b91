extension Rule {
  /// Of built-in classes, under `plain-attributes`: all that may run is a read of `__class__`.
  package static let instanceOfAny = Rule(
    name: "instance-of-any",
    equation: "isinstance(x, (A, B))   =   isinstance(x, A) or isinstance(x, B)",
    fires: [
      (
        """
        def f(x):
            return isinstance(x, int) or isinstance(x, str)
        """,
        """
        def f(x):
            return isinstance(x, (int, str))
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(x):
            return isinstance(x, (int, str))
        """,
        """
        def f(x):
            return isinstance(x, int) and isinstance(x, str)
        """
      ),
      (
        """
        def f(x, A, B):
            return isinstance(x, (A, B))
        """,
        """
        def f(x, A, B):
            return isinstance(x, A) or isinstance(x, B)
        """
      ),
      (
        """
        def f(x, g):
            a = isinstance(x, int)
            g(x)
            return a
        """,
        """
        def f(x, g):
            g(x)
            return isinstance(x, int)
        """
      ),
    ])
}
