extension Rule {
  /// What stands before a loop and again at the end of each round starts every round instead.
  package static let rotatedLoop = Rule(
    name: "rotated-loop",
    equation: "A; while c: B; A   =   while True: A; if not c: break; B",
    fires: [
      (
        """
        def f(q, g):
            x = q.get()
            while x is not None:
                g(x)
                x = q.get()
        """,
        """
        def f(q, g):
            while True:
                x = q.get()
                if x is None:
                    break
                g(x)
        """
      ),
      (
        """
        def f(q, g):
            x = q.get()
            while x is not None:
                g(x)
                x = q.get()
            return x
        """,
        """
        def f(q, g):
            while (x := q.get()) is not None:
                g(x)
            return x
        """
      ),
    ],
    mustNotFire: [
      (
        """
        def f(q, g):
            x = q.get()
            while x is not None:
                g(x)
                x = q.get()
        """,
        """
        def f(q, g):
            while True:
                x = q.get()
                g(x)
                if x is None:
                    break
        """
      ),
      (
        """
        def f(q, r, g):
            x = q.get()
            while x is not None:
                g(x)
                x = r.get()
        """,
        """
        def f(q, r, g):
            while True:
                x = r.get()
                if x is None:
                    break
                g(x)
        """
      ),
      (
        """
        def f(q, g):
            x = q.get(1)
            while x is not None:
                g(x)
                x = q.get(2)
        """,
        """
        def f(q, g):
            while (x := q.get(2)) is not None:
                g(x)
        """
      ),
    ])
}
