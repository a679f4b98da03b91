extension Rule {
  /// Of lists and tuples that are surely that; the loop sees a list as it is in each round.
  package static let itemsByIndex = Rule(
    name: "items-by-index",
    equation: "for i in range(len(xs)): f(xs[i])   =   for x in xs: f(x)",
    fires: [
      (
        """
        def f(text):
            xs = sorted(text)
            t = []
            for i in range(len(xs)):
                if xs[i] is not None:
                    t.append(xs[i])
            return t
        """,
        """
        def f(text):
            xs = sorted(text)
            return [x for x in xs if x is not None]
        """
      ),
      (
        """
        def f(xs: list):
            t = 0
            for i, x in enumerate(xs):
                if x is None:
                    t += i
            return t
        """,
        """
        def f(xs: list):
            t = 0
            for i in range(len(xs)):
                if xs[i] is None:
                    t += i
            return t
        """
      ),
    ],
    mustNotFire: [
      (
        """
        def f(xs: list, g):
            for i in range(len(xs)):
                g(xs[i])
        """,
        """
        def f(xs: list, g):
            for x in xs:
                g(x)
        """
      ),
      (
        """
        def f(xs):
            t = 0
            for i in range(len(xs)):
                if xs[i] is None:
                    t += 1
            return t
        """,
        """
        def f(xs):
            t = 0
            for x in xs:
                if x is None:
                    t += 1
            return t
        """
      ),
      (
        """
        def f(xs: list):
            t = 0
            for i in range(1, len(xs)):
                if xs[i - 1] is None:
                    t += 1
            return t
        """,
        """
        def f(xs: list):
            t = 0
            for x in xs:
                if x is None:
                    t += 1
            return t
        """
      ),
    ])
}
