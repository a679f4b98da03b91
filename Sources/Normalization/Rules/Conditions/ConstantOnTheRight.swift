extension Rule {
  /// Of an int, a text, bytes or None: its comparison knows values of that type only, so the other operand is asked
  /// either way (The Python Language Reference, 3.3.1). A float or a bool compares itself with ints of any class.
  package static let constantOnTheRight = Rule(
    name: "constant-on-the-right",
    equation: "5 > x   =   x < 5",
    fires: [
      (
        """
        def f(x):
            return 5 > x
        """,
        """
        def f(x):
            return x < 5
        """
      ),
      (
        """
        def f(x):
            return "a" == x.name
        """,
        """
        def f(x):
            return x.name == "a"
        """
      ),
    ],
    mustNotFire: [
      (
        """
        def f(x, y):
            return y > x
        """,
        """
        def f(x, y):
            return x < y
        """
      ),
      (
        """
        def f(x):
            return 5 > x
        """,
        """
        def f(x):
            return x <= 5
        """
      ),
      (
        """
        def f(x):
            return (1, 2) == x
        """,
        """
        def f(x):
            return x == (1, 2)
        """
      ),
      (
        """
        def f(x):
            return 0.5 == x
        """,
        """
        def f(x):
            return x == 0.5
        """
      ),
      (
        """
        def f(x):
            return True > x
        """,
        """
        def f(x):
            return x < True
        """
      ),
    ])
}
