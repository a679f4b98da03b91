extension Rule {
  /// Of the builtin classes. The elements are evaluated before they are hashed, either way.
  package static let displayCall = Rule(
    name: "display-call",
    equation: "set([a, b])   =   {a, b}        dict(a=x)   =   {\"a\": x}",
    fires: [
      (
        """
        def f(x, g):
            return g(set([1, x]), dict(a=x, b=2))
        """,
        """
        def f(x, g):
            return g({1, x}, {"a": x, "b": 2})
        """
      ),
      (
        """
        def f(method):
            return method.upper() in set(["GET", "HEAD"])
        """,
        """
        def f(method):
            return method.upper() in {"GET", "HEAD"}
        """
      ),
    ],
    mustNotFire: [
      (
        """
        def f(x, g):
            return g(set([g(x), x]))
        """,
        """
        def f(x, g):
            return g({x, g(x)})
        """
      ),
      (
        """
        def f(x, set):
            return set([1, x])
        """,
        """
        def f(x, set):
            return {1, x}
        """
      ),
      (
        """
        def f(xs):
            return set(xs)
        """,
        """
        def f(xs):
            return {xs}
        """
      ),
      (
        """
        def f(x, d):
            return dict(d, a=x)
        """,
        """
        def f(x, d):
            return {"a": x}
        """
      ),
    ])
}
