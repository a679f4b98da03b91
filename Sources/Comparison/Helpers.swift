import Logic
import Lowering
import Normalization
import Syntax

/// Functions and methods of the changed files whose bodies may be looked through, for one revision.
struct Helpers: Sendable {
  /// By dotted path, where only one file has it.
  private var sides: [String: SideAnalysis] = [:]
  private(set) var nonPlainAttributes: Set<String> = []
  /// Dotted names that a function binds, or that may have no value.
  private(set) var unstableNames: Set<String> = []

  init(_ sides: [SideAnalysis]) {
    let names = sides.map { $0.moduleName.joined(separator: ".") }
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    for (side, module) in zip(sides, names) {
      nonPlainAttributes.formUnion(side.context.managedAttributes)
      if side.context.hooksAttributes { nonPlainAttributes.insert("*") }
      for name in side.context.boundNames.subtracting(side.surelyBoundNames) {
        unstableNames.insert("\(module).\(name)")
      }
      if !module.isEmpty, counts[module] == 1 { self.sides[module] = side }
    }
  }

  /// The helpers that a unit and what it calls can reach, by the names under which they are called.
  func functions(for lowered: LoweredUnit?, in side: SideAnalysis) -> [Reference: Procedure] {
    guard let lowered else { return [:] }
    var found: [Reference: Procedure] = [:]
    var pending = Array(lowered.references)
    var seen = lowered.references
    while let reference = pending.popLast() {
      guard let helper = helper(reference, in: side) else { continue }
      found[reference] = helper.procedure
      for next in helper.references where seen.insert(next).inserted { pending.append(next) }
    }
    return found
  }

  private func helper(
    _ reference: Reference, in side: SideAnalysis
  ) -> (procedure: Procedure, references: Set<Reference>)? {
    switch reference {
    case .module(let name):
      guard let unit = side.context.functions[name], let lowered = side.plainUnit(unit) else { return nil }
      return (lowered.procedure, lowered.references)
    case .imported(let path):
      guard let dot = path.lastIndex(of: "."), let other = sides[String(path[..<dot])] else { return nil }
      // A script takes what lies beside it before what lies at the top.
      if other.moduleName.count == 1, side.moduleName.count > 1 { return nil }
      let name = String(path[path.index(after: dot)...])
      guard let unit = other.context.functions[name], let lowered = other.plainUnit(unit),
        !StoredGlobals.any(in: lowered.procedure.body), other.keeps(lowered.references)
      else { return nil }
      // Its own module's names are imported ones here.
      func here(_ reference: Reference) -> Reference {
        if case .module(let name) = reference { .imported("\(path[..<dot]).\(name)") } else { reference }
      }
      let procedure = Rewriter { value in
        if case .global(let reference) = value { .global(here(reference)) } else { value }
      }.procedure(lowered.procedure)
      return (procedure, Set(lowered.references.map(here)))
    case .builtin, .unresolved: return nil
    }
  }

  static func methods(of side: SideAnalysis, enclosing unit: Unit) -> [String: Procedure] {
    // Under a decorator, or by its name, the first parameter may be the class.
    guard unit.decorators.isEmpty, !takesTheClass.contains(unit.name),
      let parent = unit.parent, side.units[parent].kind == .classBody,
      let methods = side.context.methods[side.units[parent].qualifiedName],
      // Bound anew in its class, it may be something else than a method.
      methods[unit.name]?.node == unit.node
    else { return [:] }
    return methods.filter { !takesTheClass.contains($0.key) }.compactMapValues { side.plainUnit($0)?.procedure }
  }

  /// Methods that the language makes static or class methods by themselves (Data model, 3.3).
  private static let takesTheClass: Set<String> = ["__new__", "__init_subclass__", "__class_getitem__"]
}

extension SideAnalysis {
  /// Whether the names of this module among `references` have one value each once the module has run.
  fileprivate func keeps(_ references: Set<Reference>) -> Bool {
    references.allSatisfy { if case .module(let name) = $0 { surelyBoundNames.contains(name) } else { true } }
  }

  /// A body that may stand in the place of its call: no generator, nothing that looks at its own frame.
  fileprivate func plainUnit(_ unit: Unit) -> LoweredUnit? {
    guard let index = index(of: unit), case .success(let lowered) = lowered[index], !lowered.looksAtItself,
      lowered.procedure.kind == .function
    else { return nil }
    return lowered
  }
}

/// The two procedures as they are executed: what only one of them calls, or calls a different number of times or with
/// its arguments written another way, runs its body there, since it may have been extracted or inlined. Everything else stays one symbol for both.
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
    let methods = Set(context.oldMethods.keys).union(context.newMethods.keys)
    // Fixpoint: an inlined body has calls of its own.
    var inlined: Set<Reference> = []
    while true {
      let oldUses = Calls.uses([left.procedure] + inlined.compactMap { allOld[$0] }, methods: methods)
      let newUses = Calls.uses([right.procedure] + inlined.compactMap { allNew[$0] }, methods: methods)
      let differing = Set(oldUses.keys).union(newUses.keys).filter {
        let (old, new) = (oldUses[$0] ?? Calls.Uses(), newUses[$0] ?? Calls.Uses())
        return old.differ(from: new) && (allOld[$0] != nil || allNew[$0] != nil)
      }
      let missing = differing.subtracting(inlined)
      if missing.isEmpty { break }
      // What only one version has comes first: its body may mention what the other version mentions itself.
      let extracted = missing.filter { allOld[$0] == nil || allNew[$0] == nil }
      inlined.formUnion(extracted.isEmpty ? missing : extracted)
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
  /// How often a function is mentioned, and how its arguments are written where it is called on the spot.
  struct Uses {
    var mentions = 0
    var calls: [[Argument.Kind]: Int] = [:]

    func differ(from other: Uses) -> Bool {
      if mentions != other.mentions { return true }
      let areCalls = [self, other].allSatisfy { $0.calls.values.reduce(0, +) == $0.mentions }
      return areCalls && calls != other.calls
    }
  }

  /// A method that is read through another object than the first parameter counts as mentioned too: an extracted
  /// helper may call it, or a local hold it.
  static func uses(_ procedures: [Procedure], methods: Set<String>) -> [Reference: Uses] {
    var found: [Reference: Uses] = [:]
    for procedure in procedures {
      _ = Rewriter { value in
        switch value {
        case .global(let reference): found[reference, default: Uses()].mentions += 1
        case .attribute(_, let name) where methods.contains(name): found[bound(name), default: Uses()].mentions += 1
        case .call(.global(let reference), let arguments):
          // The receiver is no argument.
          let isBound = methods.contains { bound($0) == reference }
          found[reference, default: Uses()].calls[arguments.dropFirst(isBound ? 1 : 0).map(\.kind), default: 0] += 1
        case .call(.attribute(_, let name), let arguments) where methods.contains(name):
          found[bound(name), default: Uses()].calls[arguments.map(\.kind), default: 0] += 1
        default: break
        }
        return value
      }.procedure(procedure)
    }
    return found
  }

  private static func bound(_ method: String) -> Reference { .module("self.\(method)") }

  /// Calls of the enclosing class's methods through the first parameter, written as calls of functions.
  static func boundMethods(
    of procedure: Procedure, methods: [String: Procedure]
  ) -> (procedure: Procedure, functions: [Reference: Procedure]) {
    guard !methods.isEmpty else { return (procedure, [:]) }
    func bound(_ procedure: Procedure) -> Procedure {
      guard let receiver = procedure.parameters.first?.name else { return procedure }
      return Rewriter { value in
        guard case .call(.attribute(.local(receiver), let name), let arguments) = value, methods[name] != nil else {
          return value
        }
        return .call(.global(Calls.bound(name)), [Argument(.local(receiver))] + arguments)
      }.procedure(procedure)
    }
    var functions: [Reference: Procedure] = [:]
    for (name, method) in methods { functions[Calls.bound(name)] = bound(method) }
    return (bound(procedure), functions)
  }
}
