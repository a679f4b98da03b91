import Logic

/// Context managers of the standard library that say nothing but what other statements say (Library Reference,
/// `contextlib`):
///
///     with closing(e) as v: B      =  t = e; v = t; try: B  finally: t.close()
///     with suppress(E, F): B       =  try: B  except (E, F): pass
///     with nullcontext(e) as v: B  =  v = e; B
extension Lowerer {
  func unwrapped(_ manager: Expression, _ target: Target?, _ body: [Statement], line: Int) -> [Statement]? {
    guard scope.isFunctionCode, case .call(let callee, let arguments) = manager, let name = Self.contextlibName(callee),
      arguments.allSatisfy({ $0.kind == .positional })
    else { return nil }
    let values = arguments.map(\.value)
    func bound(to value: Expression) -> [Statement] {
      [Statement(target.map { .assign([$0], value) } ?? .expression(value), line: line)]
    }
    switch name {
    case "closing":
      guard values.count == 1 else { return nil }
      closings += 1
      let thing = Expression.local("%closing\(closings)")
      let close = Statement(.expression(.call(.attribute(thing, "close"), [])), line: line)
      let binding = target.map { [Statement(.assign([$0], thing), line: line)] } ?? []
      // A target that cannot be stored into fails inside, as the manager has been entered.
      return [
        Statement(.assign([.local("%closing\(closings)")], values[0]), line: line),
        Statement(.tryBlock(binding + body, handlers: [], otherwise: [], finally: [close]), line: line),
      ]
    case "suppress":
      guard target == nil, !values.isEmpty, values.allSatisfy(Self.isBuiltin) else { return nil }
      let types = values.count == 1 ? values[0] : .tuple(values.map { .single($0) })
      let handler = Handler(type: types, name: nil, body: [], line: line)
      return [Statement(.tryBlock(body, handlers: [handler], otherwise: [], finally: []), line: line)]
    case "nullcontext":
      guard values.count < 2 else { return nil }
      return bound(to: values.first ?? .constant(.none)) + body
    default: return nil
    }
  }

  /// Its name in `contextlib`.
  private static func contextlibName(_ callee: Expression) -> String? {
    switch callee {
    case .attribute(.global(.imported("contextlib")), let name): name
    case .global(.imported(let path)) where path.hasPrefix("contextlib."): String(path.dropFirst("contextlib.".count))
    default: nil
    }
  }

  /// What it stands for is the same whenever it is looked at.
  private static func isBuiltin(_ value: Expression) -> Bool {
    if case .global(.builtin) = value { true } else { false }
  }
}
