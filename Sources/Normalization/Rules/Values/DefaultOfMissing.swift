extension Rule {
  /// Of dictionaries that nothing else refers to: `defaultdict` of a builtin class stores what it makes, `Counter` does
  /// not. Both are another type of dictionary where they escape.
  package static let defaultOfMissing = Rule(
    name: "default-of-missing",
    equation: "d = defaultdict(list); d[k].append(x)   =   d = {}; d.setdefault(k, []).append(x)",
    fires: [
      (
        """
        from collections import defaultdict
        def f(items):
            groups = {}
            for key, value in items:
                if key not in groups:
                    groups[key] = []
                groups[key].append(value)
            return groups
        """,
        """
        from collections import defaultdict
        def f(items):
            groups = defaultdict(list)
            for key, value in items:
                groups[key].append(value)
            return dict(groups)
        """
      )
    ],
    mustNotFire: [
      (
        """
        from collections import defaultdict
        def f(items):
            groups = {}
            for key, value in items:
                if key not in groups:
                    groups[key] = []
                groups[key].append(value)
            return groups
        """,
        """
        from collections import defaultdict
        def f(items):
            groups = defaultdict(list)
            for key, value in items:
                groups[key].append(value)
            return groups
        """
      ),
      (
        """
        from collections import defaultdict
        def f(xs, k):
            d = defaultdict(int)
            for x in xs:
                d[x] = 1
            if d[k]:
                d[k] = 2
            return dict(d)
        """,
        """
        from collections import defaultdict
        def f(xs, k):
            d = {}
            for x in xs:
                d[x] = 1
            if d.get(k, 0):
                d[k] = 2
            return dict(d)
        """
      ),
    ])
}
