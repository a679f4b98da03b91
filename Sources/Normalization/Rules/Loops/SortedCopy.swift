extension Rule {
  /// `sorted` copies, then sorts the copy; `list(xs)` is `[*xs]`.
  package static let sortedCopy = Rule(
    name: "sorted-copy",
    equation: "sorted(xs, key=k)   =   ys = list(xs); ys.sort(key=k); ys",
    fires: [
      (
        """
        def f(xs, k):
            ys = list(xs)
            ys.sort(key=k, reverse=True)
            return ys
        """,
        """
        def f(xs, k):
            return sorted(xs, reverse=True, key=k)
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(xs):
            xs.sort()
            return xs
        """,
        """
        def f(xs):
            return sorted(xs)
        """
      ),
      (
        """
        def f(xs, k):
            return sorted(xs, key=k, reverse=True)
        """,
        """
        def f(xs, k):
            ys = sorted(xs, key=k)
            ys.reverse()
            return ys
        """
      ),
      (
        """
        def f(xs, g):
            ys = list(xs)
            g(ys)
            ys.sort()
            return ys
        """,
        """
        def f(xs, g):
            ys = sorted(xs)
            g(ys)
            return ys
        """
      ),
    ])
}
