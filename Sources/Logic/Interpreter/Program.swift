/// A procedure with what the file around it fixes of the names that it reads.
package struct Program: Hashable, Sendable {
  package var procedure: Procedure
  /// A call of one of these runs its body; every other free name is an unknown call.
  package var functions: [Reference: Procedure]
  /// Names that are bound once, when the module runs, to the value of such an expression.
  package var constants: [Reference: Expression]
  /// Classes that the module defines once; they are made at the first look at them.
  package var classes: [Reference: ClassDefinition]
  /// The class whose objects are looked at from outside: how they keep what they know in attributes that begin with an
  /// underscore is their own affair.
  package var wholeClass: String?
  /// A whole program: its only parameter is what standard input holds, a list of lines.
  package var readsConsole = false
  /// How the procedure calls itself, where such a call runs it.
  package var ownName: OwnName?

  package struct OwnName: Hashable, Sendable {
    package var reference: Reference
    /// The name stands for the procedure behind `functools.cache`.
    package var isCached: Bool
    package init(_ reference: Reference, isCached: Bool = false) {
      self.reference = reference
      self.isCached = isCached
    }
  }

  package init(
    _ procedure: Procedure, functions: [Reference: Procedure] = [:], constants: [Reference: Expression] = [:],
    classes: [Reference: ClassDefinition] = [:], ownName: OwnName? = nil
  ) {
    self.procedure = procedure
    self.functions = functions
    self.constants = constants
    self.classes = classes
    self.ownName = ownName
  }

  /// Another body with the same names around it.
  package func with(_ procedure: Procedure) -> Program {
    var result = self
    result.procedure = procedure
    return result
  }
}
