import Logic

/// Values that module code computes from literals alone:
///
///     OFFSETS = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]
///     ZONES = {"DE": "home", **dict.fromkeys(["AT", "CH"], "near")}
enum QuietRun {
  /// Whether running the value comes to an end soon, without asking or telling the world anything.
  ///
  /// - Parameter constants: what the module has bound so far; of these it may read literals that nothing can change.
  /// - Parameter readsContainers: lists of them too, which code of the module may have changed since.
  static func ends(_ value: Expression, constants: [String: Expression], readsContainers: Bool = false) -> Bool {
    switch value {
    case .comprehension(let comprehension) where comprehension.kind != .generator: break
    case .dictionary, .list, .set, .tuple, .call(.attribute(.global(.builtin), _), _): break
    default: return false
    }
    let procedure = Procedure(name: "", body: [Statement(.returnValue(value), line: 0)])
    var read: [Reference: Expression] = [:]
    var isClosed = true
    var walk = Walk()
    walk.closure = { _ in isClosed = false }
    walk.expression = { part in
      switch part {
      case .global(.module(let name)):
        if let known = constants[name], known.isImmutable || readsContainers && known.isPlainDisplay {
          read[.module(name)] = known
        } else {
          isClosed = false
        }
      case .global(.imported), .global(.unresolved), .captured: isClosed = false
      default: break
      }
    }
    walk(procedure.body)
    guard isClosed else { return false }
    let program = Interpreter.compile(Program(procedure, constants: read))
    let run = Interpreter.run(program, arguments: [], limits: Limits(steps: 2_000))
    guard case .returned = run.outcome else { return false }
    return run.trace.isEmpty && run.consulted.isEmpty
  }
}

extension Expression {
  /// A container of constants, written out.
  fileprivate var isPlainDisplay: Bool {
    switch self {
    case .list(let elements), .set(let elements), .tuple(let elements):
      elements.allSatisfy { if case .single(let value) = $0 { value.isImmutable } else { false } }
    case .dictionary(let items):
      items.allSatisfy {
        if case .pair(let key, let value) = $0 { key.isImmutable && value.isImmutable } else { false }
      }
    default: false
    }
  }
}
