import Logic

/// Names that only one version of a module binds, to a literal or by an import.
///
/// Such a name is no behaviour of the module code: like a function that was added or removed it is something that others
/// can see, so it is told in the list of what callers see. A name that both bind is compared as it is.
struct ModuleNames {
  /// Module code without those names.
  private(set) var old: Procedure
  private(set) var new: Procedure
  private(set) var edits: [InterfaceEdit] = []

  init(old: Procedure, new: Procedure) {
    let (before, after) = (Bindings(old), Bindings(new))
    let removed = before.plain.filter { after.isFree($0.key) }
    let added = after.plain.filter { before.isFree($0.key) }
    self.old = Self.without(removed, old)
    self.new = Self.without(added, new)
    edits += removed.keys.sorted().map { Self.edit($0, removed[$0], "removed") }
    edits += added.keys.sorted().map { Self.edit($0, added[$0], "added") }
  }

  private static func edit(_ name: String, _ value: Expression?, _ what: String) -> InterfaceEdit {
    let isImport = value.map { isImported($0) } ?? false
    return InterfaceEdit("\(isImport ? "import of" : "name") \(name) \(what)")
  }

  /// The module code without these bindings; where it reads a literal by its name, the literal stands there.
  private static func without(_ names: [String: Expression], _ procedure: Procedure) -> Procedure {
    if names.isEmpty { return procedure }
    var result = procedure
    result.body.removeAll { statement in
      guard case .assign(let targets, _) = statement.kind, targets.count == 1, case .global(let name) = targets[0]
      else {
        return false
      }
      return names[name] != nil
    }
    return Rewriter { expression in
      guard case .global(.module(let name)) = expression, let value = names[name], !isImported(value) else {
        return expression
      }
      return value
    }.procedure(result)
  }

  /// What the module code binds, and how.
  private struct Bindings {
    /// Names bound once, at the top level, to a literal or by an import.
    var plain: [String: Expression] = [:]
    private var mentioned: Set<String> = []

    init(_ module: Procedure) {
      final class Found {
        var counts: [String: Int] = [:]
        var mentioned: Set<String> = []
      }
      let found = Found()
      var walk = Walk()
      walk.target = { target in
        guard case .global(let name) = target else { return }
        found.counts[name, default: 0] += 1
        found.mentioned.insert(name)
      }
      walk.expression = { expression in
        switch expression {
        case .global(.module(let name)), .global(.unresolved(let name)): found.mentioned.insert(name)
        default: break
        }
      }
      walk(module.body)
      let counts = found.counts
      mentioned = found.mentioned
      for statement in module.body {
        guard case .assign(let targets, let value) = statement.kind, targets.count == 1,
          case .global(let name) = targets[0], counts[name] == 1, !name.hasPrefix("__"),
          Self.isLiteral(value) || isImported(value)
        else { continue }
        plain[name] = value
      }
      // An import is read as what it leads to; one that the rest of the module code needs stays.
      for (name, value) in plain where isImported(value) && isRead(name, in: module) { plain[name] = nil }
      for (name, value) in plain where !value.isImmutable && !isImported(value) && isRead(name, in: module) {
        plain[name] = nil
      }
    }

    private func isRead(_ name: String, in module: Procedure) -> Bool {
      var isFound = false
      var walk = Walk()
      walk.expression = { if case .global(.module(name)) = $0 { isFound = true } }
      walk(module.body)
      return isFound
    }

    /// Neither bound nor read here.
    func isFree(_ name: String) -> Bool { !mentioned.contains(name) }

    /// Making it runs no code.
    private static func isLiteral(_ value: Expression) -> Bool {
      func areLiterals(_ elements: [Element]) -> Bool {
        elements.allSatisfy { if case .single(let value) = $0 { isLiteral(value) } else { false } }
      }
      switch value {
      case .constant, .unary(.negate, .constant), .global(.builtin): return true
      case .tuple(let elements), .list(let elements): return areLiterals(elements)
      case .set(let elements):
        return elements.allSatisfy { if case .single(.constant) = $0 { true } else { false } }
      case .dictionary(let items):
        return items.allSatisfy { item in
          if case .pair(.constant, let value) = item { isLiteral(value) } else { false }
        }
      default: return false
      }
    }
  }
}

extension Expression {
  /// A literal that may stand wherever its name did.
  var isImmutable: Bool {
    switch self {
    case .constant, .unary(.negate, .constant), .global(.builtin): true
    case .tuple(let elements):
      elements.allSatisfy { if case .single(let value) = $0 { value.isImmutable } else { false } }
    default: false
    }
  }
}

private func isImported(_ value: Expression) -> Bool {
  switch value {
  case .importModule, .importName: true
  default: false
  }
}
