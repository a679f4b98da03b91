extension Rule {
  /// The bounds are evaluated once, before the first round, and are integers.
  package static let countedLoop = Rule(
    name: "counted-loop",
    equation: "for i in range(a, b, s): body   =   i = a; while i < b: body; i += s   (s > 0, body leaves i alone)",
    fires: [
      (
        """
        def f(n: int, g):
            for i in range(n):
                g(i)
        """,
        """
        def f(n: int, g):
            i = 0
            while i < n:
                g(i)
                i += 1
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(n: int, g):
            for i in range(n):
                g(i)
        """,
        """
        def f(n: int, g):
            i = 0
            while i <= n:
                g(i)
                i += 1
        """
      ),
      (
        """
        def f(a, g):
            for i in range(len(a)):
                g(a)
        """,
        """
        def f(a, g):
            i = 0
            while i < len(a):
                g(a)
                i += 1
        """
      ),
    ])
}
