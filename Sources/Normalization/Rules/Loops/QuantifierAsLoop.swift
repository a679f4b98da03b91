extension Rule {
  /// Where no unknown code runs inside the generator: a StopIteration raised there becomes a RuntimeError.
  package static let quantifierAsLoop = Rule(
    name: "quantifier-as-loop",
    equation: "any(e for x in xs)   =   for x in xs: if e: return True; return False",
    fires: [
      (
        """
        def f(xs):
            return any(x.ok for x in xs)
        """,
        """
        def f(xs):
            for x in xs:
                if x.ok:
                    return True
            return False
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(xs):
            return any(x.ok for x in xs)
        """,
        """
        def f(xs):
            return any([x.ok for x in xs])
        """
      ),
      (
        """
        def f(xs, g):
            return any(g(x) for x in xs)
        """,
        """
        def f(xs, g):
            for x in xs:
                if g(x):
                    return True
            return False
        """
      ),
    ])
}
