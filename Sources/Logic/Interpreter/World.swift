/// The unknown: how opaque objects and unknown calls answer.
///
/// A world is a value. It answers every question as a function of its seed, its profile and the question (path,
/// operation, content of the arguments, effects so far), never of who asks or when, so both versions of a function
/// meet the same world. Each world obeys the closed list of assumptions: reading attributes and asking for truth,
/// length, equality, hash or an iterator has no effect.
package struct World: Hashable, Sendable {
  package var seed: UInt64
  package var profile: Profile
  /// What attributes of arguments hold when the run begins, by path; `omitted` where it is answered when it is asked for.
  /// They are plain variables: stores into them are no events but seen with everything else that is reachable, and what
  /// they hold in the end is observed.
  package var attributes: [String: Input] = [:]
  package init(seed: UInt64 = 0, profile: Profile = Profile()) {
    self.seed = seed
    self.profile = profile
  }
}

/// Values for the answers of the unknown, by the name of the question: `name` for an attribute, `name()` for what a call
/// returns, `await name()`, each with `[]` for its items. Opaque objects among them are named by what they lack of the
/// path of the question.
package final class AnswerPools: Hashable, Sendable {
  package let values: [String: [Input]]
  /// Questions whose answers are read and called as no built-in type is.
  package let objects: Set<String>
  package init(_ values: [String: [Input]], objects: Set<String> = []) {
    self.values = values
    self.objects = objects
  }
  package static func == (left: AnswerPools, right: AnswerPools) -> Bool { left === right }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What kinds of answers a world gives, and how often.
package struct Profile: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case opaque, none, bool, int, float, string, list, tuple, dictionary
    /// A string as a person types it: words, or small numbers.
    case line
    /// A callable; what it returns has its own answer.
    case callable
    /// An exception class: calling it makes an exception, without raising.
    case exception
  }

  /// What a caller does with a generator beside asking for its items.
  package enum Drive: Hashable, Sendable {
    case plain
    /// Sends a number for each item.
    case sends
    /// Raises at the yield that gave this item, from 1, or closes the generator there.
    case throwsAt(Int, String)
    case closesAt(Int)
  }

  /// Relative weights of the kinds of an answer for which there is no hint.
  package var weights: [Kind: Int] = [
    .opaque: 55, .none: 8, .bool: 6, .int: 12, .float: 2, .string: 6, .list: 6, .tuple: 2, .dictionary: 3,
  ]
  /// Chance in 1,000 that an unknown call raises.
  package var raising = 30
  /// Chance in 1,000 that reading an attribute or item, or a protocol operation, raises.
  package var readRaising = 4
  /// Chance in 1,000 that an unknown call changes what it can reach.
  package var mutating = 200
  /// Chance in 1,000 that an answered object is one of the roots (a parameter) instead of a new one.
  package var aliasing = 15
  /// Chance in 1,000 that an unknown call calls each function that it is given.
  package var callbacks = 600
  /// Attribute names, item bases (`[]` of a name) or callees by last name, and the kind that their answer mostly has.
  package var hints: [String: Kind] = [:]
  /// Values that suit what the code does with answers, and the chance in 1,000 that an answer is one of them.
  package var pools: AnswerPools?
  package var pooling = 800
  /// Integers and strings that the code compares with: answers of these kinds are often one of them.
  package var constants: [Input] = []
  /// Names of exceptions that the code catches: unknown calls raise them more often.
  package var exceptions: [String] = []
  /// Names that the code compares with `is`: answers are sometimes one of them.
  package var sentinels: [String] = []
  /// Literals that the code compares with, by the last name of what it compares: `kind` for `self.kind == "a"`.
  package var compared: [String: [Input]] = [:]
  /// Attributes whose presence the code asks for: reading one that is not there raises.
  package var probed: Set<String> = []
  /// Failures of reads that the code catches, `AttributeError` and `TypeError`: other code meets none of them, since what
  /// it reads is there and of the right type.
  package var expectedFailures: Set<String> = []
  /// Functions whose answers the code awaits, by last name: what they give can be awaited.
  package var awaited: Set<String> = []
  /// Objects are acquired and released: `with` over what is unknown does just that.
  package var hasLocks = false
  /// Modules that the code imports where it catches that they are missing.
  package var fallibleImports: Set<String> = []
  /// Each comparison of unknown objects is answered by itself, as no assumption forbids.
  package var isContrary = false
  /// How a generator that is returned is used.
  package var drive = Drive.plain
  /// Numbers of targets that the code unpacks into: iterables have as many items more often.
  package var unpackSizes: [Int] = []
  /// Answers fixed by hand, by the text of the question: `self.x`, `f(1)#2`, `len(a.b)`.
  package var overrides: [String: Answer] = [:]

  package init() {}

  /// A world where unknown code neither raises nor mutates.
  package static var calm: Profile {
    var profile = Profile()
    profile.raising = 0
    profile.readRaising = 0
    profile.mutating = 0
    profile.aliasing = 0
    return profile
  }
}
