import Logic
import Syntax

/// What the names of a module mean to a function that moved to another file: there they are other names, unless what
/// they lead to moved along and is the same.
struct MovedNames: Sendable {
  private let old: SideAnalysis
  private let new: SideAnalysis
  private let modules: (old: String, new: String)
  /// Names that lead to the same in both modules.
  private let shared: Set<String>

  /// `pairs` are those of the new file.
  init(from old: SideAnalysis, to new: SideAnalysis, pairs: [UnitPair]) {
    self.old = old
    self.new = new
    let names = (old.moduleName.joined(separator: "."), new.moduleName.joined(separator: "."))
    // `src/app` and `lib/app` are one name for two modules.
    let modules = (old: names.0, new: names.0 == names.1 ? names.1 + " (new)" : names.1)
    self.modules = modules
    var moved: [String: (old: Set<Reference>, new: Set<Reference>)] = [:]
    for pair in pairs {
      guard let left = pair.old, let right = pair.new, left.tree === old.tree, right.tree === new.tree,
        left.qualifiedName == right.qualifiedName, left.ordinal == 0, right.ordinal == 0,
        left.parent == 0, right.parent == 0, left.allTokens() == right.allTokens(),
        old.context.isBoundOnce(left.name), new.context.isBoundOnce(right.name),
        let references = Self.references(of: left, in: old), let others = Self.references(of: right, in: new)
      else { continue }
      moved[left.qualifiedName] = (references, others)
    }
    let constants = old.surelyBoundNames.intersection(new.surelyBoundNames).filter { name in
      guard let value = old.context.constant(name) else { return false }
      return value == new.context.constant(name)
    }
    // Functions that call each other are the same together; each that mentions something else is not.
    var shared = Set(moved.keys).union(constants)
    while true {
      let left = shared.filter { name in
        guard let uses = moved[name] else { return true }
        return Set(uses.old.map { Self.reference($0, in: old, modules.old, shared) })
          == Set(uses.new.map { Self.reference($0, in: new, modules.new, shared) })
      }
      if left.count == shared.count { break }
      shared = left
    }
    self.shared = shared
  }

  /// Both versions with the names of their modules told apart; nil where one stores into them, or reads them as names of a
  /// class, which are looked up in the class first.
  func resolved(_ left: Procedure, _ right: Procedure) -> (old: Procedure, new: Procedure)? {
    if StoredGlobals.any(in: left.body) || StoredGlobals.any(in: right.body) { return nil }
    if readsThroughClass(left, in: old) || readsThroughClass(right, in: new) { return nil }
    return (resolved(left, in: old), resolved(right, in: new))
  }

  private func readsThroughClass(_ procedure: Procedure, in side: SideAnalysis) -> Bool {
    final class Found { var isRead = false }
    let found = Found()
    _ = Rewriter { value in
      if case .namespace(let name) = value, side.context.boundNames.contains(name), !shared.contains(name) {
        found.isRead = true
      }
      return value
    }.procedure(procedure)
    return found.isRead
  }

  private func resolved(_ procedure: Procedure, in side: SideAnalysis) -> Procedure {
    let name = side.tree === old.tree ? modules.old : modules.new
    return Rewriter { value in
      guard case .global(let reference) = value else { return value }
      return .global(Self.reference(reference, in: side, name, shared))
    }.procedure(procedure)
  }

  private static func reference(
    _ reference: Reference, in side: SideAnalysis, _ module: String, _ shared: Set<String>
  ) -> Reference {
    switch reference {
    case .module(let name) where !shared.contains(name):
      return side.surelyBoundNames.contains(name) ? .imported("\(module).\(name)") : .unresolved("\(module).\(name)")
    // A star import of the file may bind it.
    case .unresolved(let name): return .unresolved("\(module).\(name)")
    default: return reference
    }
  }

  /// What a unit and all inside it mention.
  private static func references(of unit: Unit, in side: SideAnalysis) -> Set<Reference>? {
    var result: Set<Reference> = []
    for (position, inner) in side.units.enumerated()
    where inner.node.subtree.clamped(to: unit.node.subtree) == inner.node.subtree {
      guard case .success(let lowered) = side.lowered[position] else { return nil }
      result.formUnion(lowered.references)
    }
    return result
  }
}
