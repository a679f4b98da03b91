import Logic

extension Program {
  /// Names and parameters of nested functions that a decorator gets, which may read or use them: a registry, a route. Not
  /// those of wrappers, which have another's name.
  var decoratedNames: Set<[String]> {
    var found: Set<[String]> = []
    for procedure in [procedure] + functions.values {
      procedure.forEachNode { node in
        guard case .statement(let statement) = node, case .assign(let targets, var value) = statement.kind,
          targets.count == 1, case .call = value
        else { return }
        while case .call(let decorator, let arguments) = value, arguments.count == 1 {
          if decorator.keepsNames { return }
          value = arguments[0].value
        }
        guard case .closure(let inner) = value, targets[0] == .local(inner.name) else { return }
        found.insert([inner.name] + inner.parameters.map(\.name).filter { !$0.hasPrefix("%") })
      }
    }
    return found
  }
}

extension Expression {
  /// A decorator of the library under which nobody looks at the function's own name.
  fileprivate var keepsNames: Bool {
    switch self {
    case .call(let maker, _): maker.keepsNames
    case .global(.imported(let path)): Self.quietDecorators.contains(path)
    case .attribute(.global(.imported(let module)), let name): Self.quietDecorators.contains("\(module).\(name)")
    case .global(.builtin(let name)): ["property", "staticmethod", "classmethod"].contains(name)
    default: false
    }
  }

  private static let quietDecorators: Set<String> = [
    "functools.wraps", "functools.lru_cache", "functools.cache", "contextlib.contextmanager",
    "contextlib.asynccontextmanager",
  ]
}
