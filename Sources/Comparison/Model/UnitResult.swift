import Logic

/// Everything that is said of one unit: a function, a method, a named lambda, a class body, module code.
package struct UnitResult: Sendable {
  /// Qualified name in the new revision, or in the old one when it is gone.
  package var name: String
  package var oldName: String?
  package var kind: String
  package var verdict: Verdict
  package var evidence: Evidence
  package var assumptions: [Assumption] = []
  /// What callers see differently, one edit an entry.
  package var interface: [InterfaceEdit] = []
  /// The verdict on the body alone, where `verdict` is `interface`.
  package var body: Verdict?
  package var proof: [ProofEntry] = []
  package var strength: Strength?
  package var counterexample: Counterexample?
  package var cost: Cost?
  package var summary: Summary?
  /// Names of the old revision that are shown under the name of the new one.
  package var names: [String: String] = [:]
  package var reason: String?
  package var location: Location
  /// Added or removed as part of a rewrite that was judged as a whole: extracted or inlined.
  package var isHelper = false
  /// The wall clock ended the search: another run may find more, so this is never cached. Not part of the JSON.
  package var wasStopped = false
  /// What is shown of the source.
  package var view = UnitView()

  package init(
    name: String, oldName: String? = nil, kind: String, verdict: Verdict, evidence: Evidence = .none,
    location: Location
  ) {
    self.name = name
    self.oldName = oldName
    self.kind = kind
    self.verdict = verdict
    self.evidence = evidence
    self.location = location
  }

  /// Hidden in the default report: proved the same, and nothing else to say.
  package var isHiddenByDefault: Bool { verdict == .same && evidence == .proved }
}

/// One difference that a caller can see.
package struct InterfaceEdit: Hashable, Sendable {
  /// The whole edit: `decorator @dispatch(cache=True) -> @dispatchable(cache=True)`.
  package var text: String
  /// The edit without the parts that both sides share, equal for edits of one kind: `@dispatch -> @dispatchable`.
  package var pattern: String
  package init(_ text: String, pattern: String? = nil) {
    self.text = text
    self.pattern = pattern ?? text
  }

  /// Nothing but an annotation is another.
  var isOfAnnotation: Bool { text.hasPrefix("annotation of ") || text.hasPrefix("return annotation ") }
}

package struct ProofEntry: Codable, Hashable, Sendable {
  package var rule: String
  /// `old` or `new`.
  package var side: String
  /// First and last source line, in that side's file.
  package var lines: [Int]
  package init(rule: String, side: String, lines: [Int]) {
    self.rule = rule
    self.side = side
    self.lines = lines
  }
}

/// How hard the search for a difference was.
package struct Strength: Codable, Hashable, Sendable {
  package var inputs: Int
  /// Taken, all.
  package var branches: [Int]
  /// Told apart, all.
  package var mutants: [Int]
  package var survivors: [String]
  /// Differences that only values against an assumption show.
  package var onlyWithout: [String]
  package init(inputs: Int, branches: [Int], mutants: [Int], survivors: [String], onlyWithout: [String] = []) {
    self.onlyWithout = onlyWithout
    self.inputs = inputs
    self.branches = branches
    self.mutants = mutants
    self.survivors = survivors
  }
}

/// An input, with the answers of the unknown that were consulted, on which the two versions differ.
package struct Counterexample: Codable, Hashable, Sendable {
  package struct Trace: Codable, Hashable, Sendable {
    package var old: [String]
    package var new: [String]
    package init(old: [String], new: [String]) {
      self.old = old
      self.new = new
    }
  }
  package var arguments: [String]
  package var environment: [String]
  package var old: String
  package var new: String
  package var trace: Trace
  package init(arguments: [String], environment: [String], old: String, new: String, trace: Trace) {
    self.arguments = arguments
    self.environment = environment
    self.old = old
    self.new = new
    self.trace = trace
  }
}

package struct Cost: Codable, Hashable, Sendable {
  package var old: String
  package var new: String
  /// What each letter stands for, in words.
  package var steps: [String]
  /// Interpreter steps of both versions at growing sizes.
  package var counts: Counts?

  package struct Counts: Codable, Hashable, Sendable {
    package var sizes: [Int]
    package var old: [Int]
    package var new: [Int]
    package init(sizes: [Int], old: [Int], new: [Int]) {
      self.sizes = sizes
      self.old = old
      self.new = new
    }
  }

  package init(old: String, new: String, steps: [String], counts: Counts? = nil) {
    self.old = old
    self.new = new
    self.steps = steps
    self.counts = counts
  }
}

package struct Summary: Codable, Hashable, Sendable {
  package var old: String?
  package var new: String?
  /// Who wrote it: a decoder's name, or `none` for the normal form's own text.
  package var decoder: String
  package init(old: String?, new: String?, decoder: String) {
    self.old = old
    self.new = new
    self.decoder = decoder
  }
}

package struct Location: Codable, Hashable, Sendable {
  /// 1-based, both ends included.
  package struct Lines: Codable, Hashable, Sendable {
    package var start: Int
    package var end: Int
    package init(_ start: Int, _ end: Int) {
      self.start = start
      self.end = end
    }
  }
  package var old: Lines?
  package var new: Lines?
  package init(old: Lines?, new: Lines?) {
    self.old = old
    self.new = new
  }
}

/// The source lines of a unit in both revisions, aligned.
package struct UnitView: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case equal, removed, added }
    package var kind: Kind
    /// Line number in its own file: the old one for a removed line, else the new one.
    package var number: Int
    package var text: String
    /// The old number of an equal line.
    package var oldNumber: Int?
    /// A differing line that means nothing (a comment, a docstring, a blank line): folded away.
    package var isTrivia = false
    package init(kind: Kind, number: Int, text: String, oldNumber: Int? = nil) {
      self.kind = kind
      self.number = number
      self.text = text
      self.oldNumber = oldNumber
    }
  }
  package var lines: [Line] = []
  /// Callees whose own verdict is `changed`.
  package var changedCallees: [String] = []
  /// Constants of the module that it reads and that are other ones now.
  package var changedConstants: [String] = []
  package init() {}

  /// Lines that a text diff with three lines of context takes for this unit, the hunk headers among them.
  package var textDiffSize: Int { Self.unifiedSize(lines.map { $0.kind != .equal }, context: 3) }

  static func unifiedSize(_ differs: [Bool], context: Int) -> Int {
    var size = 0
    var index = 0
    while index < differs.count {
      guard differs[index] else {
        index += 1
        continue
      }
      let start = max(0, index - context)
      var last = index
      var probe = index + 1
      while probe < differs.count, probe - last <= 2 * context {
        if differs[probe] { last = probe }
        probe += 1
      }
      size += 1 + min(differs.count, last + context + 1) - start
      index = last + context + 1
    }
    return size
  }
}

extension UnitResult {
  /// Adequately tested, and nothing tells the versions apart, values that do not fit included: one line says so.
  package var isWithoutDifference: Bool {
    verdict == .unproven && evidence == .tested
      && strength?.onlyWithout.contains { $0.hasPrefix(Messages.onOddValues) } != true
  }
}
