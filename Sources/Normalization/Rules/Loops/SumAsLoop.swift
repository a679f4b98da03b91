extension Rule {
  /// Of integers only: floats are summed with compensation from Python 3.12 on.
  package static let sumAsLoop = Rule(
    name: "sum-as-loop",
    equation: "sum(e for x in xs)   =   t = 0; for x in xs: t += e; t",
    fires: [
      (
        """
        def f(n):
            return sum(i * i for i in range(n))
        """,
        """
        def f(n):
            total = 0
            for i in range(n):
                total += i * i
            return total
        """
      ),
      (
        """
        def f(xs):
            return sum(1 for x in xs if x is None)
        """,
        """
        def f(xs):
            n = 0
            for x in xs:
                if x is None:
                    n += 1
            return n
        """
      ),
    ],
    mustNotFire: [
      (
        """
        def f(xs):
            return sum(x for x in xs)
        """,
        """
        def f(xs):
            t = 0
            for x in xs:
                t += x
            return t
        """
      ),
      (
        """
        def f(n):
            return sum(i / 10 for i in range(n))
        """,
        """
        def f(n):
            t = 0
            for i in range(n):
                t += i / 10
            return t
        """
      ),
      (
        """
        def f(xs, g):
            return sum(1 for x in xs if g(x))
        """,
        """
        def f(xs, g):
            n = 0
            for x in xs:
                if g(x):
                    n += 1
            return n
        """
      ),
    ])
}
