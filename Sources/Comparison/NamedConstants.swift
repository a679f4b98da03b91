import Logic
import Lowering

/// Constants of the module that one version reads by name where the other writes them out:
///
///     LIMIT = 5
///     range(LIMIT) = range(5)
///
/// Nothing but the module's own code may bind the name, so it needs `stable-names`.
struct NamedConstants {
  private(set) var old: Procedure
  private(set) var new: Procedure
  private(set) var assumptions: [Assumption] = []

  init(old: Procedure, new: Procedure, _ candidate: Candidate) {
    (self.old, self.new) = (old, new)
    let (before, after) = (Self.mentions(old), Self.mentions(new))
    let identified = Self.identified(old).union(Self.identified(new))
    let differing = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] && !identified.contains($0) }
    var values: [String: Expression] = [:]
    for name in differing {
      let readers = [(candidate.old, before), (candidate.new, after)].filter { $0.1[name] != nil }.map(\.0)
      let known = readers.map { $0.surelyBoundNames.contains(name) ? $0.context.constant(name) : nil }
      guard let value = known.first ?? nil, value.isImmutable, known.allSatisfy({ $0 == value }) else { continue }
      values[name] = value
    }
    guard !values.isEmpty else { return }
    let rewriter = Rewriter { expression in
      if case .global(.module(let name)) = expression, let value = values[name] { value } else { expression }
    }
    self.old = rewriter.procedure(old)
    self.new = rewriter.procedure(new)
    assumptions = [.stableNames]
  }

  /// Names that are compared with `is`: a literal written out is another object, unless there is but one of its kind.
  private static func identified(_ procedure: Procedure) -> Set<String> {
    final class Found { var names: Set<String> = [] }
    let found = Found()
    _ = Rewriter { expression in
      let (operands, operators): ([Expression], [ComparisonOperator]) =
        switch expression {
        case .compare(let operation, let left, let right): ([left, right], [operation])
        case .chain(let operands, let operators): (operands, operators)
        default: ([], [])
        }
      for (index, operation) in operators.enumerated() where [.identical, .notIdentical].contains(operation) {
        for case .global(.module(let name)) in operands[index...index + 1] { found.names.insert(name) }
      }
      return expression
    }.procedure(procedure)
    return found.names
  }

  /// How often each name of the module is read.
  private static func mentions(_ procedure: Procedure) -> [String: Int] {
    final class Found { var counts: [String: Int] = [:] }
    let found = Found()
    _ = Rewriter { expression in
      if case .global(.module(let name)) = expression { found.counts[name, default: 0] += 1 }
      return expression
    }.procedure(procedure)
    return found.counts
  }
}
