/// Runs a `Program` in a `World`, with limits and without any input or output of its own.
package enum Interpreter {
  /// Compiles once; the result may be run from many threads.
  package static func compile(_ program: Program) -> CompiledProgram { CompiledProgram(program) }

  /// - Parameters:
  ///   - arguments: one for each parameter, in order; missing ones are `.omitted`. A variadic parameter takes a
  ///     `.tuple`, a variadic keyword parameter a `.dictionary` of strings.
  ///   - captured: variables of enclosing functions by name; opaque when missing.
  ///   - followUps: argument lists with which a returned function is called afterwards.
  package static func run(
    _ program: CompiledProgram, arguments: [Input], captured: [String: Input] = [:], world: World = World(),
    limits: Limits = Limits(), followUps: [[Input]] = []
  ) -> Execution {
    let observation = Observation(
      outcome: .stopped(.unsupported("everything")), trace: [], arguments: [], followUps: [])
    return Execution(
      observation: observation, consulted: [], branches: [], steps: 0, versionDependent: false, orderDependent: false)
  }
}

/// A program in the form that the machine runs.
package final class CompiledProgram: Sendable {
  package let program: Program
  /// Decisions (branches, loops, handlers, conditional operands) of the main procedure in order, with their lines.
  package let decisions: [Decision]

  init(_ program: Program) {
    self.program = program
    decisions = []
  }
}

package struct Decision: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case branch, loop, shortCircuit, conditional, filter, handler, matchCase, assertion
  }
  package var kind: Kind
  package var line: Int
}
