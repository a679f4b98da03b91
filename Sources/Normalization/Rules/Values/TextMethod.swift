extension Rule {
  /// Of a receiver that is surely a text, on texts: the method is a function, and reading it does nothing.
  package static let textMethod = Rule(
    name: "text-method",
    equation: "s.startswith((a, b))   =   s.startswith(a) or s.startswith(b)",
    fires: [
      (
        """
        def f(url: str):
            return url.startswith("file:") or url.startswith("data:")
        """,
        """
        def f(url: str):
            return url.startswith(("file:", "data:"))
        """
      ),
      (
        """
        def f(s: str, g):
            low = s.lower()
            g(s)
            return low
        """,
        """
        def f(s: str, g):
            g(s)
            return s.lower()
        """
      ),
    ],
    mustNotFire: [
      (
        """
        def f(url):
            return url.startswith("file:") or url.startswith("data:")
        """,
        """
        def f(url):
            return url.startswith(("file:", "data:"))
        """
      ),
      (
        """
        def f(url: str, a, b):
            return url.startswith(a) or url.startswith(b)
        """,
        """
        def f(url: str, a, b):
            return url.startswith((a, b))
        """
      ),
      (
        """
        def f(s: str, g):
            parts = s.split(g)
            g(s)
            return parts
        """,
        """
        def f(s: str, g):
            g(s)
            return s.split(g)
        """
      ),
    ])
}
