import Logic
import Lowering
import Normalization
import Syntax

/// Functions and methods of the changed files whose bodies may be looked through.
struct Helpers: Sendable {
  /// Functions under their imported name, for the other changed files.
  private var imported: [Reference: Procedure] = [:]
  private var nonPlain: Set<String> = []

  init(_ sides: [SideAnalysis]) {
    for side in sides {
      nonPlain.formUnion(side.context.managedAttributes)
      if side.context.hooksAttributes { nonPlain.insert("*") }
      let module = side.moduleName.joined(separator: ".")
      guard !module.isEmpty else { continue }
      for (name, procedure) in Self.functions(of: side) { imported[.imported("\(module).\(name)")] = procedure }
    }
  }

  var nonPlainAttributes: Set<String> { nonPlain }

  func functions(for side: SideAnalysis) -> [Reference: Procedure] {
    var result = imported
    for (name, procedure) in Self.functions(of: side) { result[.module(name)] = procedure }
    return result
  }

  static func methods(of side: SideAnalysis, enclosing unit: Unit) -> [String: Procedure] {
    guard let parent = unit.parent, side.units[parent].kind == .classBody,
      let methods = side.context.methods[side.units[parent].qualifiedName]
    else { return [:] }
    return methods.compactMapValues { side.plainProcedure(of: $0) }
  }

  private static func functions(of side: SideAnalysis) -> [String: Procedure] {
    side.context.functions.compactMapValues { side.plainProcedure(of: $0) }
  }
}

extension SideAnalysis {
  /// A body that may stand in the place of its call: no generator, nothing that looks at its own frame.
  fileprivate func plainProcedure(of unit: Unit) -> Procedure? {
    guard let index = index(of: unit), case .success(let lowered) = lowered[index], !lowered.looksAtItself,
      lowered.procedure.kind == .function
    else { return nil }
    return lowered.procedure
  }
}

/// The two procedures as they are executed: what only one of them calls, or calls a different number of times, runs
/// its body there, since it may have been extracted or inlined. Everything else stays one symbol for both.
struct Executables {
  var old: Procedure
  var new: Procedure
  var oldFunctions: [Reference: Procedure] = [:]
  var newFunctions: [Reference: Procedure] = [:]

  init(old: Procedure, new: Procedure, context: ProofContext) {
    let left = Calls.boundMethods(of: old, methods: context.oldMethods)
    let right = Calls.boundMethods(of: new, methods: context.newMethods)
    let allOld = context.oldHelpers.merging(left.functions) { $1 }
    let allNew = context.newHelpers.merging(right.functions) { $1 }
    // Fixpoint: an inlined body has calls of its own.
    var inlined: Set<Reference> = []
    while true {
      let oldCalls = Calls.count([left.procedure] + inlined.compactMap { allOld[$0] })
      let newCalls = Calls.count([right.procedure] + inlined.compactMap { allNew[$0] })
      let differing = Set(oldCalls.keys).union(newCalls.keys).filter {
        oldCalls[$0] != newCalls[$0] && (allOld[$0] != nil || allNew[$0] != nil)
      }
      if differing.isSubset(of: inlined) { break }
      inlined.formUnion(differing)
    }
    let keepsMethods = inlined.contains { left.functions[$0] != nil || right.functions[$0] != nil }
    self.old = keepsMethods ? left.procedure : old
    self.new = keepsMethods ? right.procedure : new
    for reference in inlined {
      oldFunctions[reference] = allOld[reference]
      newFunctions[reference] = allNew[reference]
    }
  }
}

private enum Calls {
  static func count(_ procedures: [Procedure]) -> [Reference: Int] {
    var counts: [Reference: Int] = [:]
    for procedure in procedures {
      _ = Rewriter { value in
        if case .global(let reference) = value { counts[reference, default: 0] += 1 }
        return value
      }.procedure(procedure)
    }
    return counts
  }

  /// Calls of the enclosing class's methods through the first parameter, written as calls of functions.
  static func boundMethods(
    of procedure: Procedure, methods: [String: Procedure]
  ) -> (procedure: Procedure, functions: [Reference: Procedure]) {
    guard !methods.isEmpty else { return (procedure, [:]) }
    func reference(_ name: String) -> Reference { .module("self.\(name)") }
    func bound(_ procedure: Procedure) -> Procedure {
      guard let receiver = procedure.parameters.first?.name else { return procedure }
      return Rewriter { value in
        guard case .call(.attribute(.local(receiver), let name), let arguments) = value, methods[name] != nil else {
          return value
        }
        return .call(.global(reference(name)), [Argument(.local(receiver))] + arguments)
      }.procedure(procedure)
    }
    var functions: [Reference: Procedure] = [:]
    for (name, method) in methods { functions[reference(name)] = bound(method) }
    return (bound(procedure), functions)
  }
}
