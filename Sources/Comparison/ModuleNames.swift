import Logic
import Lowering

/// Names that only one version of a module binds, to a literal or by an import.
///
/// Such a name is no behaviour of the module code: like a function that was added or removed it is something that others
/// can see, so it is told in the list of what callers see. A name that both bind is compared as it is.
struct ModuleNames {
  /// Module code without those names.
  private(set) var old: Procedure
  private(set) var new: Procedure
  private(set) var edits: [InterfaceEdit] = []

  init(old: Procedure, new: Procedure, _ candidate: Candidate) {
    let (before, after) = (Bindings(old, candidate.old), Bindings(new, candidate.new))
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
      guard case .assign(let targets, let value) = statement.kind, targets.count == 1 else { return false }
      // What its annotation says of it goes with the name.
      if case .item(.global(.module("__annotations__")), .constant(.string(let name))) = targets[0] {
        return names[name.string] != nil && QuietMaking.isQuiet(value, after: QuietMaking.Bound())
      }
      guard let bindings = Binding.names(targets[0], value) else { return false }
      return bindings.allSatisfy { names[$0.name] != nil }
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
    /// Names bound once, at the top level, to a literal or by an import, and before anything reads them.
    var plain: [String: Expression] = [:]
    private var taken: Set<String>

    init(_ module: Procedure, _ side: SideAnalysis) {
      let (uses, context) = (Uses(of: module.body), side.context)
      taken = uses.mentioned.union(context.boundNames).union(side.missingNames)
      // Code that sees the whole namespace sees every name in it.
      if context.bindsUnknownNames || uses.seesNamespace { return }
      var readBefore: Set<String> = []
      var bound = QuietMaking.Bound()
      for statement in module.body {
        bound.defines = { name in context.functions[name].map { $0.lines.upperBound < statement.line } ?? false }
        bound.makes = { name, arguments in
          side.knownClasses[name].map { $0.isPlainData && $0.takes(arguments) } ?? false
            && side.units.contains {
              $0.kind == .classBody && $0.qualifiedName == name && $0.lines.upperBound < statement.line
            }
        }
        let own = Uses(of: [statement])
        defer {
          readBefore.formUnion(own.read)
          if case .assign(let targets, let value) = statement.kind {
            for target in targets {
              for (name, part) in Binding.names(target, value) ?? [] where uses.bound[name] == 1 {
                bound.bind(name, part)
              }
            }
          }
        }
        guard case .assign(let targets, let value) = statement.kind, targets.count == 1,
          let bindings = Binding.names(targets[0], value)
        else { continue }
        let found = bindings.compactMap { name, value -> (String, Expression)? in
          guard uses.bound[name] == 1, !name.hasPrefix("__"),
            // No function binds it as well, and nothing takes it away.
            context.surelyBoundNames.contains(name), !readBefore.contains(name),
            isImported(value) || QuietMaking.isQuiet(value, after: bound)
          else { return nil }
          let known = value.isImmutable ? value : context.constant(name) ?? value
          // An import is read as what it leads to, and a list is one object; where the rest of the module code needs
          // them, they stay.
          return !known.isImmutable && uses.read.contains(name) ? nil : (name, known)
        }
        // Names that one statement binds go together.
        if found.count == bindings.count { for (name, value) in found { plain[name] = value } }
      }
    }

    /// Neither bound here nor read anywhere in the file.
    func isFree(_ name: String) -> Bool { !taken.contains(name) }

    /// What code of a module does with names, the functions that stand inside expressions included.
    private final class Uses {
      private(set) var bound: [String: Int] = [:]
      private(set) var read: Set<String> = []
      private(set) var seesNamespace = false
      var mentioned: Set<String> { read.union(bound.keys) }

      init(of body: [Statement]) { walk(body) }

      private func walk(_ body: [Statement]) {
        var walk = Walk()
        walk.target = { if case .global(let name) = $0 { self.bound[name, default: 0] += 1 } }
        walk.expression = { expression in
          guard case .global(let reference) = expression else { return }
          switch reference {
          case .module(let name), .unresolved(let name): self.read.insert(name)
          case .builtin(let name):
            if ["globals", "locals", "vars", "dir", "eval", "exec"].contains(name) { self.seesNamespace = true }
          case .imported: break
          }
        }
        walk.closure = { self.walk($0.body) }
        walk(body)
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
