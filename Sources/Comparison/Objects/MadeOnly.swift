import Logic

/// Names that code does more with than calling them, reading attributes of them, raising and catching them.
enum MadeOnly {
  /// Classes that cannot be made where these are unknown: those that derive from them.
  static func derived(from names: Set<Reference>, in classes: [Reference: Procedure]) -> Set<Reference> {
    var found = names
    while true {
      let more = classes.filter { name, maker in
        guard !found.contains(name), case .defineClass(_, let definition)? = maker.body.first?.kind else {
          return false
        }
        return definition.arguments.contains {
          if case .global(let base) = $0.value { found.contains(base) } else { false }
        }
      }
      if more.isEmpty { return found }
      found.formUnion(more.keys)
    }
  }

  /// Unknown code raises those too, so that they may be asked for by type.
  static func exceptions(among classes: [Reference: Procedure]) -> Set<Reference> {
    var found: Set<Reference> = []
    while true {
      let more = classes.filter { name, maker in
        guard !found.contains(name), case .defineClass(_, let definition)? = maker.body.first?.kind else {
          return false
        }
        return definition.arguments.contains {
          switch $0.value {
          case .global(.builtin(let base)): base != "object"
          case .global(let base): found.contains(base)
          default: false
          }
        }
      }
      if more.isEmpty { return found }
      found.formUnion(more.keys)
    }
  }

  static func others(_ procedures: [Procedure], exceptions: Set<Reference>) -> Set<Reference> {
    var (mentions, uses): ([Reference: Int], [Reference: Int]) = ([:], [:])
    var pending = procedures
    var walk = Walk()
    walk.closure = { pending.append($0) }
    walk.expression = { expression in
      switch expression {
      case .global(let name): mentions[name, default: 0] += 1
      case .call(.global(.builtin("isinstance")), let arguments) where arguments.count == 2:
        for case .global(let name) in arguments[1].value.alternatives where exceptions.contains(name) {
          uses[name, default: 0] += 1
        }
      case .call(.global(let name), _), .attribute(.global(let name), _): uses[name, default: 0] += 1
      default: break
      }
    }
    walk.statement = { statement in
      switch statement.kind {
      case .raise(.global(let name)?, _): uses[name, default: 0] += 1
      case .tryBlock(_, let handlers, _, _):
        for case .global(let name) in handlers.flatMap({ $0.type?.alternatives ?? [] }) { uses[name, default: 0] += 1 }
      default: break
      }
    }
    while let next = pending.popLast() { walk(next.body) }
    return Set(mentions.filter { $0.value != uses[$0.key] ?? 0 }.keys)
  }
}

extension Expression {
  /// The classes that a handler names.
  fileprivate var alternatives: [Expression] {
    guard case .tuple(let elements) = self else { return [self] }
    return elements.compactMap { if case .single(let value) = $0 { value } else { nil } }
  }
}
