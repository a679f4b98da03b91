extension Rule {
  /// Of a value whose type is known: `in` tests identity before equality, which makes no difference to it.
  package static let membershipInConstants = Rule(
    name: "membership-in-constants",
    equation: "x in (a, b)   =   x == a or x == b",
    fires: [
      (
        """
        def f(x: str):
            return x == "a" or x == "b"
        """,
        """
        def f(x: str):
            return x in ("a", "b")
        """
      ),
      (
        """
        def f(n):
            k = len("abc") + sum(1 for i in range(n))
            return k in {1, 2}
        """,
        """
        def f(n):
            k = 3 + sum(1 for i in range(n))
            return k == 1 or 2 == k
        """
      ),
    ],
    mustNotFire: [
      (
        """
        def f(x):
            return x == "a" or x == "b"
        """,
        """
        def f(x):
            return x in ("a", "b")
        """
      ),
      (
        """
        def f(x):
            return x in ["a", "b"]
        """,
        """
        def f(x):
            return x in {"a", "b"}
        """
      ),
      (
        """
        def f(x: float):
            return x in (1, 2)
        """,
        """
        def f(x: float):
            return x == 1 or x == 3
        """
      ),
    ])
}
