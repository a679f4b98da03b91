import Logic

/// A function that returns its own call is a loop:
///
///     def f(a, b): ... return f(x, y) ...    =    while True: ... a, b = x, y; continue ...
///
/// Only where the call stands outside inner loops, `try` and `with`, and passes each parameter by position. It needs
/// `stable-names`: the name must still lead to this function when it is called.
extension Rule {
  package static let tailRecursion = Rule(
    name: "tail-recursion",
    equation: "def f(a, b): ... return f(x, y)   =   while True: ... a, b = x, y; continue",
    fires: [
      (
        """
        def f(a, b):
            if b == 0:
                return a
            return f(b, a % b)
        """,
        """
        def f(a, b):
            while not b == 0:
                a, b = b, a % b
            return a
        """
      )
    ],
    mustNotFire: [
      (
        """
        def f(a, b):
            if b == 0:
                return a
            return f(b, a % b)
        """,
        """
        def f(a, b):
            while not b == 0:
                b, a = a % b, b % a
            return a
        """
      )
    ])
}

enum TailRecursion {
  /// No source can name this variable: storing it takes the value away.
  static let unset = "%unset"

  /// The procedure without its tail calls, or nil where there are none or the other version has them too.
  static func removed(from procedure: Procedure, ifAbsentIn other: Procedure) -> Procedure? {
    guard let loop = removed(from: procedure), removed(from: other) == nil else { return nil }
    return loop
  }

  private static func removed(from procedure: Procedure) -> Procedure? {
    let name = procedure.name
    guard procedure.kind == .function, !name.contains("."), !name.contains("<"),
      procedure.parameters.allSatisfy({ $0.kind == .positional || $0.kind == .positionalOnly }),
      VariableUse.cells(of: procedure).isEmpty, VariableUse.of(procedure.body).captured.isEmpty
    else { return nil }
    var found = false
    let locals = VariableUse.of(procedure.body).bound.subtracting(procedure.parameters.map(\.name))
    let body = rewritten(procedure.body, procedure, locals, &found)
    guard found else { return nil }
    var result = procedure
    result.body = [
      Statement(.whileLoop(.constant(.bool(true)), body: body + [Statement(.returnValue(nil))], otherwise: []))
    ]
    return result
  }

  private static func rewritten(
    _ statements: [Statement], _ procedure: Procedure, _ locals: Set<String>, _ found: inout Bool
  ) -> [Statement] {
    statements.flatMap { statement -> [Statement] in
      switch statement.kind {
      case .branch(let test, let then, let otherwise):
        let a = rewritten(then, procedure, locals, &found)
        let b = rewritten(otherwise, procedure, locals, &found)
        return [Statement(.branch(test, then: a, otherwise: b), line: statement.line)]
      case .returnValue(.conditional(let test, let then, let otherwise)?):
        let split = Statement(
          .branch(
            test, then: [Statement(.returnValue(then), line: statement.line)],
            otherwise: [Statement(.returnValue(otherwise), line: statement.line)]), line: statement.line)
        let isTail = [then, otherwise].contains { call($0, of: procedure) != nil }
        return isTail ? rewritten([split], procedure, locals, &found) : [statement]
      case .returnValue(let value?):
        guard let arguments = call(value, of: procedure) else { return [statement] }
        found = true
        let targets = procedure.parameters.map { Target.local($0.name) }
        let passed = Statement(
          .assign([.unpack(targets, starred: nil)], .tuple(arguments.map { .single($0) })), line: statement.line)
        // A new activation starts with its other locals unbound.
        let unbound = locals.sorted().map { Statement(.assign([.local($0)], .local(unset)), line: statement.line) }
        return (procedure.parameters.isEmpty ? [] : [passed]) + unbound
          + [Statement(.continueLoop, line: statement.line)]
      default: return [statement]
      }
    }
  }

  private static func call(_ value: Expression, of procedure: Procedure) -> [Expression]? {
    guard case .call(.global(.module(procedure.name)), let arguments) = value,
      arguments.count == procedure.parameters.count, arguments.allSatisfy({ $0.kind == .positional })
    else { return nil }
    return arguments.map(\.value)
  }
}
