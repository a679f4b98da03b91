extension Rule {
  /// Of dictionaries and sets that nothing else refers to. Looking for a key may raise, which is kept; that it has no
  /// effect, and is answered alike each time, is `quiet-protocols` where the keys are no plain values.
  package static let mapOfKeys = Rule(
    name: "map-of-keys",
    equation: "if k in d: d[k] += 1\nelse: d[k] = 1   =   d[k] = d.get(k, 0) + 1",
    fires: [
      (
        """
        def f(words):
            counts = {}
            for word in words:
                if word in counts:
                    counts[word] += 1
                else:
                    counts[word] = 1
            return counts
        """,
        """
        def f(words):
            counts = {}
            for word in words:
                counts[word] = counts.get(word, 0) + 1
            return counts
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(words, counts):
            for word in words:
                if word in counts:
                    counts[word] += 1
                else:
                    counts[word] = 1
        """,
        """
        def f(words, counts):
            for word in words:
                counts[word] = counts.get(word, 0) + 1
        """
      ),
      (
        """
        def f(words):
            counts = {}
            for word in words:
                if word in counts:
                    counts[word] += 1
                else:
                    counts[word] = 1
            return counts
        """,
        """
        def f(words):
            counts = {}
            for word in words:
                counts[word] = counts.get(word, 1) + 1
            return counts
        """
      ),
      (
        """
        def f(a, b):
            d = {}
            d[a] = 1
            d[b] = 2
            return d
        """,
        """
        def f(a, b):
            d = {}
            d[b] = 2
            d[a] = 1
            return d
        """
      ),
      (
        """
        def f(xs):
            seen = set()
            out = []
            for x in xs:
                if x not in seen:
                    out.append(x)
                    seen.add(x)
            return out
        """,
        """
        def f(xs):
            seen = []
            out = []
            for x in xs:
                if x not in seen:
                    out.append(x)
                    seen.append(x)
            return out
        """
      ),
    ])
}
