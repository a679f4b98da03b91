import Logic
import Lowering

/// Names of a module that surely have a value from some line on.
enum BoundNames {
  static func find(in lowered: [Result<LoweredUnit, LoweringError>]) -> [String: Int] {
    guard case .success(let module)? = lowered.first, module.procedure.kind == .module else { return [:] }
    var bound: [String: Int] = [:]
    for statement in module.procedure.body {
      guard case .assign(let targets, _) = statement.kind else { continue }
      for case .global(let name) in targets where bound[name] == nil { bound[name] = statement.line }
    }
    for unit in lowered {
      // What could not be lowered may delete anything.
      guard case .success(let unit) = unit else { return [:] }
      for name in deleted(in: unit.procedure.body) { bound[name] = nil }
    }
    return bound
  }

  private static func deleted(in body: [Statement]) -> [String] {
    var names: [String] = []
    for statement in body {
      switch statement.kind {
      case .delete(.global(let name)): names.append(name)
      case .branch(_, let then, let otherwise): names += deleted(in: then) + deleted(in: otherwise)
      case .whileLoop(_, let body, let otherwise), .forLoop(_, _, let body, let otherwise, _):
        names += deleted(in: body) + deleted(in: otherwise)
      case .tryBlock(let body, let handlers, let otherwise, let finally):
        names += deleted(in: body) + deleted(in: otherwise) + deleted(in: finally)
        for handler in handlers {
          // The name of a handler is unbound at its end.
          if case .global(let name)? = handler.name { names.append(name) }
          names += deleted(in: handler.body)
        }
      case .with(_, _, let body, _): names += deleted(in: body)
      case .match(_, let cases): for item in cases { names += deleted(in: item.body) }
      default: break
      }
    }
    return names
  }
}

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
