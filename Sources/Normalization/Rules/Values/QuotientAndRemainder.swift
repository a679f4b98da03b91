extension Rule {
  /// Of integers, by a constant other than zero.
  package static let quotientAndRemainder = Rule(
    name: "quotient-and-remainder",
    equation: "divmod(a, k)   =   (a // k, a % k)",
    fires: [
      (
        """
        def f(n: int):
            t = 0
            while n > 0:
                n, digit = divmod(n, 10)
                t += digit
            return t
        """,
        """
        def f(n: int):
            t = 0
            while n > 0:
                t += n % 10
                n //= 10
            return t
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(n: int, k: int):
            q, r = divmod(n, k)
            return r
        """,
        """
        def f(n: int, k: int):
            return n % k
        """
      ),
      (
        """
        def f(n, k):
            q, r = divmod(n, 10)
            return q
        """,
        """
        def f(n, k):
            return n // 10
        """
      ),
      (
        """
        def f(n: float):
            q, r = divmod(n, 10)
            return r
        """,
        """
        def f(n: float):
            return n - n // 10 * 10
        """
      ),
    ])
}
