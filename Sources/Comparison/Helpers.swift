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
    functions(for: lowered?.references ?? [], in: side)
  }

  func functions(for references: Set<Reference>, in side: SideAnalysis) -> [Reference: Procedure] {
    var found: [Reference: Procedure] = [:]
    var pending = Array(references)
    var seen = references
    while let reference = pending.popLast() {
      guard let helper = helper(reference, in: side) else { continue }
      found[reference] = helper.procedure
      for next in helper.references where seen.insert(next).inserted { pending.append(next) }
    }
    return found
  }

  /// What else of the file a unit and what it calls can reach.
  func surroundings(of unit: Unit, _ lowered: LoweredUnit?, in side: SideAnalysis) -> Surroundings {
    guard let lowered, unit.kind != .module, unit.kind != .classBody else { return Surroundings() }
    let members = Members.of(unit, in: side)
    var seen = lowered.references
    for member in members.values { seen.formUnion(References(of: member.procedure).counts.keys) }
    var result = surroundings(of: seen, in: side)
    result.members = members
    result.ownName = side.ownName(of: unit)
    return result
  }

  /// What of the file names and what stands behind them can reach.
  func surroundings(of references: Set<Reference>, in side: SideAnalysis) -> Surroundings {
    var result = Surroundings()
    var seen = references
    var pending = Array(seen)
    while let reference = pending.popLast() {
      var found: Set<Reference> = []
      if let value = constant(reference, in: side) {
        result.constants[reference] = value
        found = Set(References(of: value).counts.keys)
      } else if let helper = helper(reference, in: side, kinds: [.function, .generator, .coroutine]) {
        result.helpers[reference] = helper.procedure
        found = helper.references
      } else if case .module(let name) = reference, let manager = side.manager(name) {
        result.managers[reference] = manager.procedure
        found = manager.references
      } else if case .module(let name) = reference, let definition = side.knownClasses[name] {
        result.classes[reference] = definition
        found = Set(References(of: definition.maker).counts.keys)
      }
      for next in found where seen.insert(next).inserted { pending.append(next) }
    }
    return result
  }

  private func constant(_ reference: Reference, in side: SideAnalysis) -> Expression? {
    switch reference {
    case .module(let name): return side.fixedValues[name]
    case .imported(let path):
      guard let dot = path.lastIndex(of: "."), let other = sides[String(path[..<dot])],
        let value = other.fixedValues[String(path[path.index(after: dot)...])]
      else { return nil }
      // Its own module's names are imported ones here.
      return Rewriter { expression in
        guard case .global(.module(let name)) = expression else { return expression }
        return .global(.imported("\(path[..<dot]).\(name)"))
      }.expression(value)
    case .builtin, .unresolved: return nil
    }
  }

  private func helper(
    _ reference: Reference, in side: SideAnalysis, kinds: Set<Procedure.Kind> = [.function]
  ) -> (procedure: Procedure, references: Set<Reference>)? {
    switch reference {
    case .module(let name):
      guard let unit = side.context.functions[name], let lowered = side.plainUnit(unit, kinds) else { return nil }
      return (lowered.procedure, lowered.references)
    case .imported(let path):
      guard let dot = path.lastIndex(of: "."), let other = sides[String(path[..<dot])] else { return nil }
      // A script takes what lies beside it before what lies at the top.
      if other.moduleName.count == 1, side.moduleName.count > 1 { return nil }
      let name = String(path[path.index(after: dot)...])
      guard let unit = other.context.functions[name], let lowered = other.plainUnit(unit, kinds),
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

  /// How a function of the module calls itself.
  fileprivate func ownName(of unit: Unit) -> Program.OwnName? {
    let name = unit.qualifiedName
    if context.functions[name]?.node == unit.node { return Program.OwnName(.module(name)) }
    if context.cachedFunctions[name]?.node == unit.node { return Program.OwnName(.module(name), isCached: true) }
    return nil
  }

  /// A function of the module under `contextlib.contextmanager`.
  fileprivate func manager(_ name: String) -> LoweredUnit? {
    guard context.decorated.contains(name), surelyBoundNames.contains(name), context.isBoundOnce(name) else {
      return nil
    }
    let found = units.filter { $0.parent == 0 && $0.name == name && Members.isManager($0) }
    return found.count == 1 ? plainUnit(found[0], [.generator]) : nil
  }

  /// A body that may stand in the place of its call: no generator, nothing that looks at its own frame.
  fileprivate func plainUnit(_ unit: Unit, _ kinds: Set<Procedure.Kind> = [.function]) -> LoweredUnit? {
    guard let index = index(of: unit), case .success(let lowered) = lowered[index], !lowered.looksAtItself,
      kinds.contains(lowered.procedure.kind)
    else { return nil }
    return lowered
  }
}

/// The two programs as they are executed: what only one of them calls, or calls a different number of times or with
/// its arguments written another way, runs its body there, since it may have been extracted or inlined. Everything else
/// stays one symbol for both, but for containers that the module makes once, and for calls of the function itself.
struct Executables {
  var old: Program
  var new: Program
  /// The names of functions and methods that both versions call and whose bodies run in both, each version's own.
  let shared: Set<String>

  /// - Parameter runsShared: whether what both versions call alike runs too, where its body is known in both.
  init(old: Procedure, new: Procedure, _ candidate: Candidate, runsShared: Bool = false) {
    let context = candidate.context
    let (around, aroundNew) = (candidate.oldSurroundings, candidate.newSurroundings)
    let (oldMembers, newMembers) = (
      Self.members(around, context.oldMethods), Self.members(aroundNew, context.newMethods)
    )
    let constants = (around.constants.mapValues(Self.maker), aroundNew.constants.mapValues(Self.maker))
    let classes = (around.classes.mapValues(\.maker), aroundNew.classes.mapValues(\.maker))
    let waiting = (Awaited(around.helpers), Awaited(aroundNew.helpers))
    let left = Bound(old, oldMembers, waiting.0)
    let right = Bound(new, newMembers, waiting.1)
    let allOld = [around.helpers, around.managers, waiting.0.functions, left.functions, constants.0, classes.0]
      .reduce(context.oldHelpers) { $0.merging($1) { $1 } }
    let allNew = [aroundNew.helpers, aroundNew.managers, waiting.1.functions, right.functions, constants.1, classes.1]
      .reduce(context.newHelpers) { $0.merging($1) { $1 } }
    let methods = Set(oldMembers.keys).union(newMembers.keys)
    // Constants that both versions may read, and that are not the same ones, say nothing about this unit.
    let known = Set(around.constants.keys).union(aroundNew.constants.keys)
    let apart = known.filter { around.constants[$0] != aroundNew.constants[$0] }
    var inlined = known.subtracting(apart).filter { around.constants[$0]?.isImmutable == false }
    inlined.formUnion(around.classes.filter { aroundNew.classes[$0.key] == $0.value }.keys)
    // Of a class that code asks for in other ways, the world has instances too.
    var asked = MadeOnly.others(
      [left.procedure, right.procedure]
        + [(allOld, classes.0), (allNew, classes.1)].flatMap { all, classes in
          all.filter { classes[$0.key] == nil }.values
        }, exceptions: MadeOnly.exceptions(among: classes.0.merging(classes.1) { $1 }))
    asked.formUnion(MadeOnly.derived(from: asked, in: classes.0.merging(classes.1) { $1 }))
    inlined.subtract(classes.0.keys.filter(asked.contains))
    var shared: Set<String> = []
    // Fixpoint: an inlined body has calls of its own.
    while true {
      let oldUses = Calls.uses([left.procedure] + inlined.compactMap { allOld[$0] }, methods: methods)
      let newUses = Calls.uses([right.procedure] + inlined.compactMap { allNew[$0] }, methods: methods)
      let differing = Set(oldUses.keys).union(newUses.keys).filter {
        let (old, new) = (oldUses[$0] ?? Calls.Uses(), newUses[$0] ?? Calls.Uses())
        if apart.contains($0), old.mentions > 0, new.mentions > 0 { return false }
        if asked.contains($0), classes.0[$0] != nil || classes.1[$0] != nil { return false }
        if runsShared, classes.0[$0] == nil, constants.0[$0] == nil, allOld[$0] != nil, allNew[$0] != nil,
          old.mentions > 0, new.mentions > 0
        {
          shared.insert($0.lastName)
          return true
        }
        return old.differ(from: new) && (allOld[$0] != nil || allNew[$0] != nil)
      }
      let missing = differing.subtracting(inlined)
      if missing.isEmpty { break }
      // What only one version has comes first: its body may mention what the other version mentions itself.
      let extracted = missing.filter { allOld[$0] == nil || allNew[$0] == nil }
      inlined.formUnion(extracted.isEmpty ? missing : extracted)
    }
    self.shared = shared
    let ownMethod = Self.ownMethod(left, right, candidate)
    // Members that both versions use alike stay attributes of the object.
    func isRun(_ name: String) -> Bool {
      let reference = BoundMembers.reference(name)
      return inlined.contains(reference) || reference == ownMethod?.reference
    }
    let (oldRun, newRun) = (
      Bound(old, oldMembers.filter { isRun($0.key) }, waiting.0),
      Bound(new, newMembers.filter { isRun($0.key) }, waiting.1)
    )
    self.old = Self.program(oldRun, around, inlined, allOld)
    self.new = Self.program(newRun, aroundNew, inlined, allNew)
    (self.old.wholeClass, self.new.wholeClass) = (candidate.wholeClass, candidate.wholeClass)
    (self.old.readsConsole, self.new.readsConsole) = (candidate.isProgram, candidate.isProgram)
    self.old.ownName = ownMethod ?? Self.ownName(around, old, candidate.old, candidate.oldIndex)
    self.new.ownName = ownMethod ?? Self.ownName(aroundNew, new, candidate.new, candidate.newIndex)
  }

  /// A procedure whose uses of members are calls, and the members as it calls them.
  private struct Bound {
    let procedure: Procedure
    let functions: [Reference: Procedure]

    /// Members that are context managers.
    let managers: [Reference: Procedure]

    init(_ procedure: Procedure, _ members: [String: Member], _ awaited: Awaited) {
      let bound = BoundMembers(members: members)
      self.procedure = awaited.rewritten(bound.rewritten(procedure))
      functions = bound.functions.mapValues(awaited.rewritten)
      let names = members.filter { $0.value.binding == .contextManager }.keys.map(BoundMembers.reference)
      managers = functions.filter { names.contains($0.key) }
    }
  }

  /// What the unit's class defines; for a unit that was moved or renamed, what a proof may look through.
  private static func members(_ around: Surroundings, _ methods: [String: Procedure]) -> [String: Member] {
    methods.mapValues { Member(procedure: $0, binding: .instance) }.merging(around.members) { $1 }
  }

  /// How a method calls itself through its first parameter, where both versions do.
  private static func ownMethod(_ left: Bound, _ right: Bound, _ candidate: Candidate) -> Program.OwnName? {
    guard candidate.oldUnit.kind == .method, candidate.newUnit.kind == .method,
      candidate.oldUnit.name == candidate.newUnit.name
    else { return nil }
    let own = BoundMembers.reference(candidate.newUnit.name)
    for side in [left, right] {
      guard side.functions[own]?.parameters == side.procedure.parameters,
        References(of: side.procedure).counts[own] != nil
      else { return nil }
    }
    return Program.OwnName(own)
  }

  private static func program(
    _ run: Bound, _ around: Surroundings, _ inlined: Set<Reference>, _ all: [Reference: Procedure]
  ) -> Program {
    let managers = around.managers.merging(run.managers) { $1 }.filter { inlined.contains($0.key) }
    let written = InlinedManagers(managers: managers)
    var program = Program(written.inlined(run.procedure))
    let functions = all.merging(run.functions) { $1 }.filter {
      managers[$0.key] == nil && $0.value.kind != .coroutine
    }
    program.take(
      inlined, constants: around.constants, classes: around.classes, functions: functions.mapValues(written.inlined))
    return program
  }

  private static func maker(_ value: Expression) -> Procedure {
    Procedure(name: "", body: [Statement(.returnValue(value))])
  }

  /// Only where the parameters are still those that its callers know.
  private static func ownName(
    _ around: Surroundings, _ procedure: Procedure, _ side: SideAnalysis, _ index: Int
  ) -> Program.OwnName? {
    guard let own = around.ownName, case .success(let lowered) = side.lowered[index],
      lowered.procedure.parameters == procedure.parameters,
      References(of: procedure).counts[own.reference] != nil
    else { return nil }
    return own
  }
}

extension Program {
  fileprivate mutating func take(
    _ names: Set<Reference>, constants: [Reference: Expression], classes: [Reference: ClassDefinition],
    functions: [Reference: Procedure]
  ) {
    for name in names where constants[name] == nil && classes[name] == nil { self.functions[name] = functions[name] }
    // Constants that nothing here reads would only lead the search astray.
    var pending = [procedure] + Array(self.functions.values)
    while let next = pending.popLast() {
      for name in References(of: next).counts.keys where names.contains(name) && self.constants[name] == nil {
        if let definition = classes[name], self.classes[name] == nil {
          self.classes[name] = definition
          pending.append(definition.maker)
          continue
        }
        guard let value = constants[name] else { continue }
        self.constants[name] = value
        pending.append(Procedure(name: "", body: [Statement(.expression(value))]))
      }
    }
  }
}

/// How often a piece of code mentions each name from outside.
struct References {
  private(set) var counts: [Reference: Int] = [:]

  init(of procedure: Procedure) {
    final class Found { var counts: [Reference: Int] = [:] }
    let found = Found()
    _ = Rewriter { expression in
      if case .global(let reference) = expression { found.counts[reference, default: 0] += 1 }
      return expression
    }.procedure(procedure)
    counts = found.counts
  }

  init(of expression: Expression) {
    self.init(of: Procedure(name: "", body: [Statement(.expression(expression))]))
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
    let bound = Set(methods.map(BoundMembers.reference))
    for procedure in procedures {
      _ = Rewriter { value in
        switch value {
        case .global(let reference): found[reference, default: Uses()].mentions += 1
        case .attribute(_, let name) where methods.contains(name):
          found[BoundMembers.reference(name), default: Uses()].mentions += 1
        case .call(.global(let reference), let arguments):
          // The receiver is no argument.
          let isBound = bound.contains(reference)
          found[reference, default: Uses()].calls[arguments.dropFirst(isBound ? 1 : 0).map(\.kind), default: 0] += 1
        case .call(.attribute(_, let name), let arguments) where methods.contains(name):
          found[BoundMembers.reference(name), default: Uses()].calls[arguments.map(\.kind), default: 0] += 1
        default: break
        }
        return value
      }.procedure(procedure)
    }
    return found
  }

}
