extension Rule {
  /// Under `quiet-protocols`, with nothing between that may run unknown code.
  package static let askedOnce = Rule(
    name: "asked-once",
    equation: "if x: a = 1\nif x: b = 2   =   if x: a = 1; b = 2",
    fires: [
      (
        """
        def f(x, y):
            a = b = 0
            if x:
                a = 1
            if x:
                b = 2
            return a, b
        """,
        """
        def f(x, y):
            a = b = 0
            if x:
                a = 1
                b = 2
            return a, b
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(x, g):
            if x:
                g(1)
            if x:
                g(2)
        """,
        """
        def f(x, g):
            if x:
                g(1)
                g(2)
        """
      ),
      (
        """
        def f(x, y):
            return bool(x), bool(y)
        """,
        """
        def f(x, y):
            return bool(x), bool(x)
        """
      ),
    ])
}
