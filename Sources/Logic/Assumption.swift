/// What a proof may rest on. The list is closed; each one used is printed.
package enum Assumption: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Reading `o.x` twice with no store or unknown call between gives the same object, and reading has no effect.
  case plainAttributes = "plain-attributes"
  /// `__eq__`, `__len__`, `__bool__`, `__hash__`, `__iter__` of unknown objects have no effect.
  case quietProtocols = "quiet-protocols"
  /// A value has the type that its annotation in both revisions gives it.
  case annotations
  /// Parameters annotated as distinct containers do not share.
  case noAlias = "no-alias"
  /// Imported names, module functions and constants are not rebound from outside.
  case stableNames = "stable-names"
  /// A method called through `self` is the enclosing class's.
  case noOverride = "no-override"

  package static func < (left: Assumption, right: Assumption) -> Bool { left.rawValue < right.rawValue }
}
