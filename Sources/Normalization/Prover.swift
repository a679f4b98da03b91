import Logic

/// What a proof may look at beside the two procedures.
package struct ProofContext: Sendable {
  /// Functions of the changed files that may be inlined: not decorated, no generators.
  package var oldHelpers: [Reference: Procedure]
  package var newHelpers: [Reference: Procedure]
  /// Methods of the enclosing class that may be inlined, by name.
  package var oldMethods: [String: Procedure]
  package var newMethods: [String: Procedure]
  /// Names that the changed files define as property or descriptor; "*" where `__getattr__` is defined.
  package var nonPlainAttributes: Set<String>
  /// The procedures are functions of their modules, so that these names lead to themselves there.
  package var areModuleFunctions: Bool
  /// Names of the module that surely have a value when the function runs, in both revisions.
  package var boundNames: Set<String>
  /// How many graph nodes may be made.
  package var budget: Int

  package init(
    oldHelpers: [Reference: Procedure] = [:], newHelpers: [Reference: Procedure] = [:],
    oldMethods: [String: Procedure] = [:], newMethods: [String: Procedure] = [:],
    nonPlainAttributes: Set<String> = [], areModuleFunctions: Bool = true, boundNames: Set<String> = [],
    budget: Int = 200_000
  ) {
    self.oldHelpers = oldHelpers
    self.newHelpers = newHelpers
    self.oldMethods = oldMethods
    self.newMethods = newMethods
    self.nonPlainAttributes = nonPlainAttributes
    self.areModuleFunctions = areModuleFunctions
    self.boundNames = boundNames
    self.budget = budget
  }
}

package struct ProofStep: Hashable, Sendable {
  package enum Side: String, Hashable, Sendable { case old, new }
  package var rule: String
  package var side: Side
  package var lines: ClosedRange<Int>
}

package enum ProofResult: Sendable {
  case same(assumptions: [Assumption], steps: [ProofStep])
  /// No proof was found; the two may still be equal.
  case different(reason: String)
  case unsupported(reason: String, line: Int)
}

/// Proves two procedures equal by bringing both into one value graph.
///
/// First without any assumption, then with all; what such a proof can do without is taken away again. The procedures must be run
/// on a thread with a stack that fits the depth of the code (see `Comparison`).
package enum Prover {
  package static func prove(old: Procedure, new: Procedure, context: ProofContext) -> ProofResult {
    guard old.kind == new.kind else { return .different(reason: Messages.kindsDiffer(old.kind, new.kind)) }
    if old == new { return .same(assumptions: [], steps: []) }
    guard let parameters = ParameterAlignment(old: old, new: new) else {
      return .different(reason: Messages.parametersDiffer)
    }
    func attempt(_ assumptions: Set<Assumption>) -> (result: ProofResult, mayNeedAssumptions: Bool) {
      Attempt(assumptions: assumptions, parameters: parameters, context: context).run(old: old, new: new)
    }
    let outright = attempt([])
    if case .same = outright.result { return outright.result }
    guard outright.mayNeedAssumptions else { return outright.result }
    var all: Set<Assumption> = [.plainAttributes, .stableNames, .quietProtocols, .noOverride]
    if parameters.types.contains(where: { $0 != .unknown }) { all.insert(.annotations) }
    var best = attempt(all).result
    guard case .same(let used, _) = best else { return best }
    // What can be left out is: no assumption is printed that the proof does not need.
    var needed = Set(used)
    for assumption in Assumption.dispensableFirst where needed.contains(assumption) && needed.count > 1 {
      let fewer = attempt(needed.subtracting([assumption])).result
      guard case .same(let rest, _) = fewer else { continue }
      needed = Set(rest)
      best = fewer
    }
    return best
  }
}

extension Assumption {
  /// The order in which a proof tries to do without.
  fileprivate static let dispensableFirst: [Assumption] = [
    .quietProtocols, .noOverride, .stableNames, .plainAttributes, .annotations, .noAlias,
  ]
}

/// Parameters identified by position, keyword-only ones by name; one that only one version has stands at its default.
struct ParameterAlignment {
  /// For each parameter of the version, its number, or the constant that it stands at.
  enum Role: Hashable {
    case shared(Int)
    case constant(Constant)
  }
  var old: [Role] = []
  var new: [Role] = []
  /// Types that both versions annotate alike, by number.
  var types: [ValueTypes] = []
  /// Types of the elements of containers that both versions annotate alike, by number.
  var elements: [ValueTypes] = []

  init?(old: Procedure, new: Procedure) {
    var count = 0
    var oldRoles: [Role?] = Array(repeating: nil, count: old.parameters.count)
    var newRoles: [Role?] = Array(repeating: nil, count: new.parameters.count)
    func share(_ i: Int, _ j: Int) {
      oldRoles[i] = .shared(count)
      newRoles[j] = .shared(count)
      count += 1
      let (a, b) = (old.parameters[i], new.parameters[j])
      switch a.kind {
      case .variadic: types.append(.tuple)
      case .variadicKeyword: types.append(.dictionary)
      default: types.append(a.hint == b.hint ? ValueTypes(hint: a.hint) : .unknown)
      }
      elements.append(a.hint == b.hint ? ValueTypes(elementsOf: a.hint) : .unknown)
    }
    func indices(_ procedure: Procedure, _ kinds: Set<Parameter.Kind>) -> [Int] {
      procedure.parameters.indices.filter { kinds.contains(procedure.parameters[$0].kind) }
    }
    for (i, j) in zip(indices(old, [.positional, .positionalOnly]), indices(new, [.positional, .positionalOnly])) {
      share(i, j)
    }
    for i in indices(old, [.keywordOnly]) {
      let j = indices(new, [.keywordOnly]).first { new.parameters[$0].name == old.parameters[i].name }
      if let j { share(i, j) }
    }
    // One that became keyword-only, or no longer is, is still called by its name.
    for i in old.parameters.indices where oldRoles[i] == nil && old.parameters[i].kind != .positionalOnly {
      let j = new.parameters.indices.first {
        newRoles[$0] == nil && new.parameters[$0].kind != .positionalOnly
          && new.parameters[$0].name == old.parameters[i].name
      }
      let isNamed = [Parameter.Kind.positional, .keywordOnly].contains(old.parameters[i].kind)
      if let j, isNamed, [Parameter.Kind.positional, .keywordOnly].contains(new.parameters[j].kind) { share(i, j) }
    }
    for kind in [Parameter.Kind.variadic, .variadicKeyword] {
      switch (indices(old, [kind]).first, indices(new, [kind]).first) {
      case (let i?, let j?): share(i, j)
      case (nil, nil): break
      default: return nil
      }
    }
    for (procedure, isOld) in [(old, true), (new, false)] {
      for (position, parameter) in procedure.parameters.enumerated() {
        guard (isOld ? oldRoles[position] : newRoles[position]) == nil else { continue }
        guard case .constant(let value)? = parameter.defaultValue else { return nil }
        if isOld { oldRoles[position] = .constant(value) } else { newRoles[position] = .constant(value) }
      }
    }
    self.old = oldRoles.compactMap { $0 }
    self.new = newRoles.compactMap { $0 }
  }
}

/// One attempt at a proof, under one set of assumptions.
private struct Attempt {
  var assumptions: Set<Assumption>
  var parameters: ParameterAlignment
  var context: ProofContext

  /// `mayNeedAssumptions`: under more of them the forms might be others.
  func run(old: Procedure, new: Procedure) -> (result: ProofResult, mayNeedAssumptions: Bool) {
    let graph = ValueGraph(budget: context.budget)
    let oldScope = scope(
      context.oldHelpers, context.newHelpers, context.oldMethods, context.newMethods)
    let newScope = scope(
      context.newHelpers, context.oldHelpers, context.newMethods, context.oldMethods)
    let oldBuilder = Builder(
      graph: graph, allowed: assumptions, scope: oldScope, parameterTypes: parameters.types,
      elementTypes: parameters.elements)
    let newBuilder = Builder(
      graph: graph, allowed: assumptions, scope: newScope, parameterTypes: parameters.types,
      elementTypes: parameters.elements)
    let looksThroughNothing =
      context.oldHelpers.isEmpty && context.newHelpers.isEmpty && context.oldMethods.isEmpty
      && context.newMethods.isEmpty
    func told(_ result: ProofResult) -> (result: ProofResult, mayNeedAssumptions: Bool) {
      let isTyped = parameters.types.contains { $0 != .unknown }
      return (result, oldBuilder.isRefused || newBuilder.isRefused || isTyped || !looksThroughNothing)
    }
    let isStable = assumptions.contains(.stableNames) && context.areModuleFunctions
    // A decorated function is never looked through, so it is no helper either.
    let oldForm =
      isStable && context.oldHelpers[.module(old.name)] != nil
      ? TailRecursion.removed(from: old, ifAbsentIn: new) : nil
    let newForm =
      isStable && context.newHelpers[.module(new.name)] != nil
      ? TailRecursion.removed(from: new, ifAbsentIn: old) : nil
    do throws(Builder.Failure) {
      let oldRoot = try oldBuilder.root(of: oldForm ?? old, roles: parameters.old)
      let newRoot = try newBuilder.root(of: newForm ?? new, roles: parameters.new)
      guard oldRoot == newRoot else { return told(.different(reason: Messages.formsDiffer)) }
      guard !graph.comparesComputedIdentities else { return told(.different(reason: Messages.identities)) }
    } catch {
      switch error {
      case .budget: return told(.unsupported(reason: Messages.budget(context.budget), line: 0))
      case .unsupported(let reason, let line): return told(.unsupported(reason: reason, line: line))
      }
    }
    var used = oldBuilder.used.union(newBuilder.used)
    if oldForm != nil || newForm != nil { used.insert(.stableNames) }
    if assumptions.contains(.annotations) { used.insert(.annotations) }
    let steps = steps(oldBuilder, .old, oldForm != nil) + steps(newBuilder, .new, newForm != nil)
    return told(.same(assumptions: used.sorted(), steps: steps))
  }

  private func steps(_ builder: Builder, _ side: ProofStep.Side, _ tail: Bool) -> [ProofStep] {
    var result = builder.fired.map { ProofStep(rule: $0.rule, side: side, lines: $0.line...$0.line) }
    if tail { result.append(ProofStep(rule: Rule.tailRecursion.name, side: side, lines: 0...0)) }
    return result.sorted { ($0.lines.lowerBound, $0.rule) < ($1.lines.lowerBound, $1.rule) }
  }

  private func scope(
    _ mine: [Reference: Procedure], _ others: [Reference: Procedure], _ methods: [String: Procedure],
    _ otherMethods: [String: Procedure]
  ) -> Builder.Scope {
    Builder.Scope(
      helpers: mine, otherHelpers: others, methods: methods, otherMethods: otherMethods,
      boundNames: context.boundNames, nonPlainAttributes: context.nonPlainAttributes)
  }
}
