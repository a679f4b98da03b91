/// How a pattern is read and matched; raw values are those of Python's `re.RegexFlag`.
package struct PatternFlags: OptionSet, Sendable, Hashable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let ignoreCase = PatternFlags(rawValue: 2)
  package static let multiline = PatternFlags(rawValue: 8)
  package static let dotAll = PatternFlags(rawValue: 16)
  package static let unicode = PatternFlags(rawValue: 32)
  package static let verbose = PatternFlags(rawValue: 64)
  package static let ascii = PatternFlags(rawValue: 256)

  /// The flags that say which characters the classes hold; one excludes the other.
  static let types: PatternFlags = [.unicode, .ascii]

  /// The flag of an inline letter, as `(?i)` has it.
  init?(letter: UInt32) {
    switch letter {
    case "i": self = .ignoreCase
    case "m": self = .multiline
    case "s": self = .dotAll
    case "x": self = .verbose
    case "a": self = .ascii
    case "u": self = .unicode
    default: return nil
    }
  }

  /// These flags inside a group that turns some on and others off.
  func scoped(adding added: PatternFlags, removing removed: PatternFlags) -> PatternFlags {
    let base = added.isDisjoint(with: .types) ? self : subtracting(.types)
    return base.union(added).subtracting(removed)
  }

  /// These flags for a `str` pattern, where Unicode is the default.
  func resolved() throws(PatternError) -> PatternFlags {
    guard contains(.ascii) else { return union(.unicode) }
    if contains(.unicode) { throw PatternError("ASCII and UNICODE flags are incompatible", kind: .value) }
    return self
  }
}
