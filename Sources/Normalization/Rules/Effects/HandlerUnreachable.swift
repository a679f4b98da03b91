extension Rule {
  /// Where the body makes no effect: reads of locals, fresh values, arithmetic on integers.
  package static let handlerUnreachable = Rule(
    name: "handler-unreachable",
    equation: "try: x except: y   =   x   where x cannot raise",
    fires: [
      (
        """
        def f(a, g):
            try:
                b = a
            except ValueError:
                return None
            return g(b)
        """,
        """
        def f(a, g):
            return g(a)
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(a, g):
            try:
                b = a.x
            except AttributeError:
                return None
            return g(b)
        """,
        """
        def f(a, g):
            return g(a.x)
        """
      )
    ])
}
