extension Rule {
  /// A read that may raise is never dropped, added or moved past an effect.
  package static let attributeReadOnce = Rule(
    name: "attribute-read-once",
    equation: "f(o.x); ... o.x   =   t = o.x; f(t); ... t   (no store or unknown call between; plain-attributes)",
    fires: [
      (
        """
        def f(self):
            if self.x is None:
                return 0
            return self.x
        """,
        """
        def f(self):
            x = self.x
            if x is None:
                return 0
            return x
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(self, g):
            if self.x is None:
                return 0
            g()
            return self.x
        """,
        """
        def f(self, g):
            x = self.x
            if x is None:
                return 0
            g()
            return x
        """
      ),
      (
        """
        def f(self, c):
            n = self.x
            if c is None:
                return n
            return None
        """,
        """
        def f(self, c):
            if c is None:
                return self.x
            return None
        """
      ),
    ])
}
