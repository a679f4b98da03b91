extension Procedure {
  /// The same procedure with its locals named `a`, `b`, ..., parameters first, the others by first occurrence.
  ///
  /// What a caller can see keeps its name: parameters of nested procedures that can be passed by keyword, variables
  /// captured from outside. A body that looks at its own names (`locals()`) keeps them all.
  package func canonicallyNamed() -> Procedure {
    LocalNames.canonical(self).apply(to: self, SummaryAnnotations()).0
  }

  /// What `canonicallyNamed` calls each local of this procedure, those of nested ones left out.
  package func canonicalNames() -> [String: String] { LocalNames.canonical(self).outermostNames(in: self) }

  /// The same procedure with a mark before the name of each of its own locals, so that its statements may stand among
  /// those of another; nil where it looks at its own names.
  package func withLocals(marked mark: String) -> Procedure? {
    let own = BoundNames.of(self)
    let names = LocalNames.distinct(Dictionary(uniqueKeysWithValues: own.map { ($0, mark + $0) }), in: self)
    let result = names.apply(to: self, SummaryAnnotations()).0
    return BoundNames.of(result).allSatisfy { $0.hasPrefix(mark) } ? result : nil
  }

  /// The canonical name with number `index`: `a` to `z`, then `a1` to `z1` and so on: never a keyword.
  package static func canonicalName(_ index: Int) -> String {
    let letter = String(Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(index % 26))))
    return index < 26 ? letter : letter + String(index / 26)
  }
}

/// A way to name the locals of a procedure, kept by `apply` wherever they are captured.
struct LocalNames {
  fileprivate enum Policy {
    case keep
    case renaming([String: String])
    case canonical(reserved: Set<String>)
  }
  fileprivate let policy: Policy

  static func canonical(_ procedure: Procedure) -> LocalNames {
    let survey = survey(procedure)
    return LocalNames(policy: survey.looksAtItself ? .keep : .canonical(reserved: survey.kept))
  }

  /// Only the entries that leave different variables different.
  static func distinct(_ renaming: [String: String], in procedure: Procedure) -> LocalNames {
    let survey = survey(procedure)
    if survey.looksAtItself { return LocalNames(policy: .keep) }
    let own = BoundNames.of(procedure)
    var taken = survey.kept.union(survey.nested)
    var accepted = renaming.filter { own.contains($0.key) && !taken.contains($0.value) && $0.key != $0.value }
    // A rejected entry leaves its name taken, which may reject others.
    while true {
      let remaining = own.subtracting(accepted.keys)
      let counts = Dictionary(grouping: accepted.values, by: { $0 }).mapValues(\.count)
      taken = remaining
      let rejected = accepted.filter { taken.contains($0.value) || counts[$0.value, default: 0] > 1 }
      if rejected.isEmpty { return LocalNames(policy: .renaming(accepted)) }
      for name in rejected.keys { accepted[name] = nil }
    }
  }

  private static func survey(_ procedure: Procedure) -> Renamer {
    var renamer = Renamer(policy: .keep)
    _ = renamer.outermost(procedure, SummaryAnnotations())
    return renamer
  }

  func apply(
    to procedure: Procedure, _ annotations: SummaryAnnotations
  ) -> (Procedure, SummaryAnnotations) {
    var renamer = Renamer(policy: policy)
    return renamer.outermost(procedure, annotations)
  }

  fileprivate func outermostNames(in procedure: Procedure) -> [String: String] {
    var renamer = Renamer(policy: policy)
    _ = renamer.outermost(procedure, SummaryAnnotations())
    return renamer.outermostNames
  }
}

extension LocalNames {
  /// Rebuilds a procedure with other names of locals.
  struct Renamer {
    private struct Scope {
      var bound: Set<String>
      var names: [String: String] = [:]
      var isOutermost: Bool
    }
    private let policy: Policy
    private var scopes: [Scope] = []
    private var allotted = 0
    /// Names that no renaming may change or give to another variable.
    private(set) var kept: Set<String> = []
    /// Names bound in nested procedures.
    private(set) var nested: Set<String> = []
    private(set) var looksAtItself = false
    /// New names by old, of the procedure that `outermost` rebuilt.
    private(set) var outermostNames: [String: String] = [:]

    fileprivate init(policy: Policy) { self.policy = policy }

    // MARK: Names

    private mutating func name(_ old: String, in scope: Int) -> String {
      if let known = scopes[scope].names[old] { return known }
      var new = old
      switch policy {
      case .keep: break
      case .renaming(let names): if scopes[scope].isOutermost { new = names[old] ?? old }
      case .canonical(let reserved):
        repeat {
          new = Procedure.canonicalName(allotted)
          allotted += 1
        } while reserved.contains(new)
      }
      scopes[scope].names[old] = new
      return new
    }

    mutating func local(_ name: String) -> String {
      guard let scope = scopes.indices.last, scopes[scope].bound.contains(name) else {
        kept.insert(name)
        return name
      }
      return self.name(name, in: scope)
    }

    mutating func captured(_ name: String) -> String {
      for scope in scopes.indices.dropLast().reversed() where scopes[scope].bound.contains(name) {
        return self.name(name, in: scope)
      }
      kept.insert(name)
      return name
    }

    mutating func noteReference(_ reference: Reference) {
      switch reference {
      case .builtin(let name), .unresolved(let name):
        if ["locals", "vars", "eval", "exec", "dir", "globals"].contains(name) { looksAtItself = true }
      case .imported(let path):
        if path.hasPrefix("inspect") || path.hasPrefix("sys._getframe") { looksAtItself = true }
      case .module: break
      }
    }

    // MARK: Procedures

    mutating func outermost(
      _ procedure: Procedure, _ annotations: SummaryAnnotations
    ) -> (Procedure, SummaryAnnotations) {
      var result = procedure
      for index in result.parameters.indices {
        result.parameters[index].defaultValue = result.parameters[index].defaultValue.map { map($0) }
      }
      scopes.append(Scope(bound: BoundNames.of(procedure), isOutermost: true))
      for index in result.parameters.indices { result.parameters[index].name = local(result.parameters[index].name) }
      var notes = annotations
      result.body = map(procedure.body)
      for index in notes.raises.indices {
        notes.raises[index].exception = map(notes.raises[index].exception)
        notes.raises[index].condition = map(notes.raises[index].condition)
      }
      if let sizes = notes.cost?.sizes {
        notes.cost?.sizes = sizes.map { .init(name: $0.name, value: map($0.value)) }
      }
      outermostNames = scopes.removeLast().names
      return (result, notes)
    }

    mutating func map(_ procedure: Procedure) -> Procedure {
      var result = procedure
      for index in result.parameters.indices {
        result.parameters[index].defaultValue = result.parameters[index].defaultValue.map { map($0) }
      }
      var scope = Scope(bound: BoundNames.of(procedure), isOutermost: false)
      nested.formUnion(scope.bound)
      for parameter in result.parameters where parameter.kind == .positional || parameter.kind == .keywordOnly {
        scope.names[parameter.name] = parameter.name
        kept.insert(parameter.name)
      }
      scopes.append(scope)
      for index in result.parameters.indices { result.parameters[index].name = local(result.parameters[index].name) }
      result.body = map(procedure.body)
      scopes.removeLast()
      return result
    }
  }
}
