import Logic
import Syntax

/// What the names of a module mean to a function that moved to another file: there they are other names, unless what
/// they lead to moved along and is the same.
struct MovedNames: Sendable {
  private let old: SideAnalysis
  private let new: SideAnalysis
  /// Names that lead to the same in both modules.
  private let shared: Set<String>

  /// `pairs` are those of the new file.
  init(from old: SideAnalysis, to new: SideAnalysis, pairs: [UnitPair]) {
    self.old = old
    self.new = new
    var moved: [String: (old: Set<Reference>, new: Set<Reference>)] = [:]
    for pair in pairs {
      guard let left = pair.old, let right = pair.new, left.tree === old.tree, right.tree === new.tree,
        left.qualifiedName == right.qualifiedName, left.ordinal == 0, right.ordinal == 0,
        left.parent == 0, right.parent == 0, left.allTokens() == right.allTokens(),
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
        return Set(uses.old.map { Self.reference($0, in: old, shared) })
          == Set(uses.new.map { Self.reference($0, in: new, shared) })
      }
      if left.count == shared.count { break }
      shared = left
    }
    self.shared = shared
  }

  /// Both versions with the names of their modules told apart; nil where one stores into them.
  func resolved(_ left: Procedure, _ right: Procedure) -> (old: Procedure, new: Procedure)? {
    if StoredGlobals.any(in: left.body) || StoredGlobals.any(in: right.body) { return nil }
    return (resolved(left, in: old), resolved(right, in: new))
  }

  private func resolved(_ procedure: Procedure, in side: SideAnalysis) -> Procedure {
    Rewriter { value in
      if case .global(let reference) = value { .global(Self.reference(reference, in: side, shared)) } else { value }
    }.procedure(procedure)
  }

  private static func reference(_ reference: Reference, in side: SideAnalysis, _ shared: Set<String>) -> Reference {
    let module = side.moduleName.joined(separator: ".")
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
