import Logic

/// Whether code stores into names of its module: such a body means something else in another file.
enum StoredGlobals {
  static func any(in body: [Statement]) -> Bool {
    body.contains { statement in
      switch statement.kind {
      case .assign(let targets, _): targets.contains(where: isGlobal)
      case .augment(let target, _, _), .delete(let target), .defineClass(let target, _): isGlobal(target)
      case .branch(_, let then, let otherwise): any(in: then) || any(in: otherwise)
      case .whileLoop(_, let body, let otherwise): any(in: body) || any(in: otherwise)
      case .forLoop(let target, _, let body, let otherwise, _): isGlobal(target) || any(in: body + otherwise)
      case .tryBlock(let body, let handlers, let otherwise, let finally):
        any(in: body + otherwise + finally)
          || handlers.contains { $0.name.map(isGlobal) ?? false || any(in: $0.body) }
      case .with(_, let target, let body, _): target.map(isGlobal) ?? false || any(in: body)
      // Captures of a pattern and nested functions are not looked into: rather no helper than a wrong one.
      case .match: true
      default: false
      }
    }
  }

  private static func isGlobal(_ target: Target) -> Bool {
    switch target {
    case .global: true
    case .unpack(let parts, _): parts.contains(where: isGlobal)
    default: false
    }
  }
}
