/// What a summary says about a procedure beside the procedure itself: no part of equality.
package struct SummaryAnnotations: Hashable, Sendable {
  /// `cost O(n^2) where n = length of a`.
  package struct Cost: Hashable, Sendable {
    /// What stands inside `O(...)`, words and operators separated by single blanks.
    package var bound: String
    package var sizes: [Size]
    package init(bound: String, sizes: [Size] = []) {
      self.bound = bound
      self.sizes = sizes
    }
  }
  package struct Size: Hashable, Sendable {
    package var name: String
    package var value: Expression
    package init(name: String, value: Expression) {
      self.name = name
      self.value = value
    }
  }
  /// `raises ValueError when length of a == 0`.
  package struct Raise: Hashable, Sendable {
    package var exception: Expression
    package var condition: Expression
    package init(exception: Expression, condition: Expression) {
      self.exception = exception
      self.condition = condition
    }
  }

  package var cost: Cost?
  package var raises: [Raise]
  package init(cost: Cost? = nil, raises: [Raise] = []) {
    self.cost = cost
    self.raises = raises
  }
  package var isEmpty: Bool { cost == nil && raises.isEmpty }
}
