/// A procedure with the helpers that it may call: names of the file whose bodies are known.
package struct Program: Hashable, Sendable {
  package var procedure: Procedure
  /// A call of one of these runs its body; every other free name is an unknown call.
  package var functions: [Reference: Procedure]
  package init(_ procedure: Procedure, functions: [Reference: Procedure] = [:]) {
    self.procedure = procedure
    self.functions = functions
  }
}
