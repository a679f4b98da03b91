import Logic
import Lowering

/// Module constants whose literal is another one in the new revision. A function that reads one has changed with it,
/// even where its own text has not.
struct ChangedConstants: Sendable {
  struct Values: Sendable {
    var old: Expression
    var new: Expression
  }

  /// As the module's own functions name them, by the identity of its old and its new tree.
  private var own: [ObjectIdentifier: [String: Values]] = [:]
  /// As functions of other files name them, by dotted path.
  private var imported: [String: Values] = [:]

  init(_ files: [FileAnalysis]) {
    for file in files {
      guard let old = file.old, let new = file.new else { continue }
      let found = Self.changed(old, new)
      guard !found.isEmpty else { continue }
      for side in [old, new] {
        own[ObjectIdentifier(side.tree)] = found
        let module = side.moduleName.joined(separator: ".")
        if !module.isEmpty { for (name, values) in found { imported["\(module).\(name)"] = values } }
      }
    }
  }

  private static func changed(_ old: SideAnalysis, _ new: SideAnalysis) -> [String: Values] {
    var found: [String: Values] = [:]
    for name in old.surelyBoundNames.intersection(new.surelyBoundNames) {
      guard let before = old.context.constant(name), let after = new.context.constant(name), before != after
      else { continue }
      found[name] = Values(old: before, new: after)
    }
    return found
  }

  /// Nothing changed anywhere.
  var isEmpty: Bool { own.isEmpty }

  /// Those among the names that a unit of this file reads.
  func among(_ references: Set<Reference>, in side: SideAnalysis) -> [Reference: Values] {
    if own.isEmpty { return [:] }
    let table = own[ObjectIdentifier(side.tree)] ?? [:]
    var found: [Reference: Values] = [:]
    for reference in references {
      switch reference {
      case .module(let name): found[reference] = table[name]
      case .imported(let path): found[reference] = imported[path]
      case .builtin, .unresolved: break
      }
    }
    return found
  }
}

extension Reference {
  /// `limit` of `package.module.limit`.
  var lastName: String {
    switch self {
    case .builtin(let name), .module(let name), .unresolved(let name): name
    case .imported(let path): path.split(separator: ".").last.map(String.init) ?? path
    }
  }
}

extension Procedure {
  /// Names from outside that code reads, the functions in it included.
  var allReferences: Set<Reference> {
    final class Found { var references: Set<Reference> = [] }
    let found = Found()
    _ = Rewriter { expression in
      if case .global(let reference) = expression { found.references.insert(reference) }
      return expression
    }.procedure(self)
    return found.references
  }

  /// With names looked through to what they stand for.
  func replacing(_ values: [Reference: Expression]) -> Procedure {
    if values.isEmpty { return self }
    return Rewriter { expression in
      if case .global(let reference) = expression, let value = values[reference] { value } else { expression }
    }.procedure(self)
  }
}
