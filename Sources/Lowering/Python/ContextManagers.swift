import Logic

/// Context managers of the standard library that say nothing but what other statements say (Library Reference,
/// `contextlib`):
///
///     with closing(e) as v: B      =  t = e; v = t; try: B  finally: t.close()
///     with nullcontext(e) as v: B  =  v = e; B
///
/// `suppress` is not among them: since Python 3.12 it takes its exceptions out of a group too, which no `except` does.
extension Lowerer {
  func unwrapped(_ manager: Expression, _ target: Target?, _ body: [Statement], line: Int) -> [Statement]? {
    guard scope.isFunctionCode, case .call(let callee, let arguments) = manager, let name = Self.contextlibName(callee),
      arguments.allSatisfy({ $0.kind == .positional })
    else { return nil }
    let values = arguments.map(\.value)
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
    case "nullcontext":
      guard values.count < 2 else { return nil }
      let value = values.first ?? .constant(.none)
      return [Statement(target.map { .assign([$0], value) } ?? .expression(value), line: line)] + body
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
}
