import Logic

/// Functions that only one of the versions names. A run in which it calls one of them differs from the other's by that
/// very call, whatever the values are that it goes by.
struct CallsApart {
  private let old: Set<String>
  private let new: Set<String>

  init(old: Program, new: Program) {
    let (before, after) = (CalledNames(old), CalledNames(new))
    self.old = before.called.subtracting(after.mentioned)
    self.new = after.called.subtracting(before.mentioned)
  }

  /// Whether one of the runs calls what only its version names, and neither stumbles over a value.
  func shows(_ old: Execution, _ new: Execution) -> Bool {
    guard !old.outcome.isImplicitFailure, !new.outcome.isImplicitFailure else { return false }
    return old.calls(anyOf: self.old) || new.calls(anyOf: self.new)
  }
}

private struct CalledNames {
  var called: Set<String> = []
  var mentioned: Set<String> = []

  init(_ program: Program) {
    for procedure in [program.procedure, program.constantsMade] + program.functions.values {
      procedure.forEachNode { node in
        guard case .expression(let expression) = node else { return }
        if let name = expression.lastName { mentioned.insert(name) }
        // `getattr(account, "close")()`, or a table of names.
        if case .constant(.string(let text)) = expression { mentioned.insert(text.string) }
        // A container has several methods for one thing.
        if case .call(let callee, _) = expression, let name = callee.lastName, !isMethodOfBuiltin(name) {
          called.insert(name)
        }
      }
    }
  }
}

extension Expression {
  fileprivate var lastName: String? {
    switch self {
    case .attribute(_, let name): name
    case .global(.module(let path)), .global(.imported(let path)), .global(.unresolved(let path)):
      path.split(separator: ".").last.map(String.init)
    default: nil
    }
  }
}

extension Execution {
  fileprivate func calls(anyOf names: Set<String>) -> Bool {
    guard !names.isEmpty else { return false }
    return trace.contains { event in
      guard case .call(let callee, _, _) = event else { return false }
      let last = callee.split(separator: ".").last ?? ""
      return names.contains(String(last.prefix { $0 != "@" && $0 != "#" }))
    }
  }
}
