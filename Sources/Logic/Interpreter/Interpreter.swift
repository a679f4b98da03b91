/// Runs a `Program` in a `World`, with limits and without any input or output of its own.
package enum Interpreter {
  /// Compiles once; the result may be run from many threads.
  package static func compile(_ program: Program) -> CompiledProgram { CompiledProgram(program) }

  /// - Parameters:
  ///   - arguments: one for each parameter, in order; missing ones are `.omitted`. A variadic parameter takes a
  ///     `.tuple`, a variadic keyword parameter a `.dictionary` of strings.
  ///   - captured: variables of enclosing functions by name; opaque when missing.
  ///   - followUps: what a returned function is called with afterwards.
  package static func run(
    _ program: CompiledProgram, arguments: [Input], captured: [String: Input] = [:], world: World = World(),
    limits: Limits = Limits(), followUps: [FollowUp] = []
  ) -> Execution {
    func execute(_ limits: Limits) -> Execution {
      Machine(program, world: world, limits: limits).execute(
        arguments: arguments, captured: captured, followUps: followUps)
    }
    var result = execute(limits)
    guard result.orderDependent, !limits.turnsSets else { return result }
    // Rests on it only if another order shows something else.
    var turned = limits
    turned.turnsSets = true
    let other = execute(turned)
    result.steps += other.steps
    if other.observation == result.observation { result.orderDependent = false }
    return result
  }
}

/// A program in the form that the machine runs.
package final class CompiledProgram: Sendable {
  package let program: Program
  /// Decisions (branches, loops, handlers, conditional operands) of the main procedure in order, with their lines.
  package let decisions: [Decision]
  let main: Code
  let helpers: [Reference: Code]
  /// Code that makes the tuple of a procedure's defaults, by the identity of the procedure's code.
  private let defaultMakers: [ObjectIdentifier: Code]
  /// Code that makes the value of a constant of the module, or a class of it.
  let constantMakers: [Reference: Code]

  init(_ program: Program) {
    self.program = program
    let decisions = CodeBuilder.DecisionList()
    main = Code(CodeBuilder(procedure: program.procedure, shared: decisions))
    self.decisions = decisions.decisions
    // Decisions of helpers are numbered after those of the main procedure and not reported.
    var helpers: [Reference: Code] = [:]
    var makers: [ObjectIdentifier: Code] = [:]
    let hidden = CodeBuilder.DecisionList()
    hidden.isHidden = true
    makers[ObjectIdentifier(main)] = Self.defaultMaker(program.procedure, hidden)
    for (reference, procedure) in program.functions {
      let code = Code(CodeBuilder(procedure: procedure, shared: hidden))
      helpers[reference] = code
      makers[ObjectIdentifier(code)] = Self.defaultMaker(procedure, hidden)
    }
    if let own = program.ownName { helpers[own.reference] = main }
    self.helpers = helpers
    defaultMakers = makers
    let constants = program.constants.mapValues { Procedure(name: "", body: [Statement(.returnValue($0))]) }
    constantMakers = constants.merging(program.classes.mapValues(\.maker)) { $1 }.mapValues { maker in
      Code(CodeBuilder(procedure: maker, shared: hidden))
    }
  }

  private static func defaultMaker(_ procedure: Procedure, _ list: CodeBuilder.DecisionList) -> Code? {
    let defaults = procedure.parameters.compactMap(\.defaultValue)
    guard !defaults.isEmpty else { return nil }
    let maker = Procedure(
      name: procedure.name, body: [Statement(.returnValue(.tuple(defaults.map { .single($0) })))])
    return Code(CodeBuilder(procedure: maker, shared: list))
  }

  /// Default values, evaluated once in a run, before anything else: what they do is no effect of the unit.
  func defaults(of code: Code, _ machine: Machine) throws(Unwind) -> [Value] {
    guard let maker = defaultMakers[ObjectIdentifier(code)] else { return [] }
    let function = FunctionObject(code: maker, cells: [], defaults: [])
    let wasQuiet = machine.isQuiet
    machine.isQuiet = true
    defer { machine.isQuiet = wasQuiet }
    let result = try machine.run(try machine.makeFrame(function))
    guard case .object(let object) = result, let tuple = object as? TupleObject else { return [] }
    var values = tuple.items[...]
    return code.parameters.map { $0.hasDefault ? values.popFirst() ?? .unbound : .unbound }
  }
}

package struct Decision: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case branch, loop, shortCircuit, conditional, filter, handler, matchCase, assertion
  }
  package var kind: Kind
  package var line: Int
}
