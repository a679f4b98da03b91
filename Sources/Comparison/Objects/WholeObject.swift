import Logic
import Lowering
import Syntax

/// Both versions of a class as those who use it see it: an object is made, its public methods are called in some order,
/// and what comes back is kept, with its public attributes. What it was given may be changed and stored from outside, and
/// where a method gives another object, both are played with. How it keeps what it knows is its own affair.
///
///     def Stack(limit, calls):
///         class Stack: ...
///         it = before = Stack(limit)
///         seen, last = [], ()
///         for name, item in calls:
///             try:
///                 if name == "push":
///                     seen.append(it.push(item))
///                 elif name == "pop":
///                     seen.append(it.pop())
///                 elif name == "change":
///                     ...  # lists that were given grow
///             except Exception as error:
///                 seen.append(error)
///             last = (item,)
///         return seen
struct WholeObject {
  let old: Procedure
  let new: Procedure
  private let used: Set<String>
  private let state: Set<String>

  /// Nil where the versions are made in different ways, where callers see another class, or where code outside of it
  /// knows how it keeps what it knows.
  init?(name: String, old: SideAnalysis, new: SideAnalysis) {
    guard let left = old.knownClasses[name], let right = new.knownClasses[name], left.arguments == right.arguments
    else { return nil }
    let (before, after) = (Outside(left), Outside(right))
    guard before.constants == after.constants, before.initializer?.parameters == after.initializer?.parameters,
      before.initializer?.isPlain ?? true,
      !before.isKnownElsewhere, !after.isKnownElsewhere,
      !before.isKnown(outside: name, of: old), !after.isKnown(outside: name, of: new)
    else { return nil }
    var uses = before.uses.compactMap { use in after.uses.first { $0.isUsed(like: use) }.map(use.joined) }
    guard !uses.isEmpty else { return nil }
    let hints = Dictionary(
      (after.initializer?.parameters ?? []).map { ($0.name, $0.hint) }, uniquingKeysWith: { first, _ in first })
    for name in before.configuration.intersection(after.configuration).sorted() {
      let value = Parameter(name, hint: hints[name] ?? nil)
      uses.append(Outside.Use(name: name, kind: .store, parameters: [value], label: "\(name) ="))
    }
    let play = Play(
      name: name, parameters: after.initializer.map { Array($0.parameters.dropFirst()) } ?? [],
      given: before.given.union(after.given).sorted(), stored: before.state.union(after.state),
      attributes: before.attributes.union(after.attributes).sorted(), uses: uses,
      sharesContainers: before.sharesContainers || after.sharesContainers)
    (self.old, self.new) = (play.procedure(of: left), play.procedure(of: right))
    used = Set(uses.filter { $0.kind != .store }.map(\.name))
    state = before.state.union(after.state)
  }

  /// Whether what a unit of the class does is seen this way.
  func shows(_ unit: Unit) -> Bool {
    if unit.role != .plain && unit.role != .getter { return false }
    return unit.kind == .classBody || unit.name == "__init__" || used.contains(unit.name) || Outside.isHidden(unit.name)
  }
}

extension WholeObject {
  /// Whether what tells two versions of a method apart rests on how the object keeps what it knows, rather than on what
  /// its callers, those that it calls and those that read its public attributes see.
  func isAboutState(_ found: Counterexample) -> Bool {
    if !mentioned(in: found.arguments + found.environment).isEmpty { return true }
    let (before, after) = (found.trace.old + [found.old], found.trace.new + [found.new])
    let (left, right) = (mentioned(in: before), mentioned(in: after))
    if left != right || left.contains(where: Outside.isHidden) { return true }
    // A dictionary of another kind.
    return Self.kinds.contains { kind in
      before.contains { $0.contains(kind) } != after.contains { $0.contains(kind) }
    }
  }

  private static let kinds = ["<defaultdict", "<OrderedDict", "<Counter", "<deque"]

  /// Attributes of the object that hold more than it was given.
  private func mentioned(in texts: [String]) -> Set<String> {
    let text = texts.joined(separator: "\n")
    return state.filter { name in
      text.ranges(of: "self.\(name)").contains { range in
        text[range.upperBound...].first.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
      }
    }
  }
}

extension Procedure {
  /// Takes parameters that a play can take too, with defaults that say what they are.
  fileprivate var isPlain: Bool {
    parameters.allSatisfy { parameter in
      if parameter.kind == .variadic || parameter.kind == .variadicKeyword { return false }
      return parameter.defaultValue?.isPlainData ?? true
    }
  }
}
