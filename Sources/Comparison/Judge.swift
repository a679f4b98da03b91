import Checking
import Logic
import Lowering
import Normalization
import Summaries
import Synchronization
import Syntax

/// A pair of units with everything that a verdict needs.
struct Candidate: Sendable {
  var old: SideAnalysis
  var oldIndex: Int
  var new: SideAnalysis
  var newIndex: Int
  var state: UnitPair.State
  var context: ProofContext
  var oldSurroundings = Surroundings()
  var newSurroundings = Surroundings()
  /// Constants that both versions read and that changed with the module.
  var constants: [Reference: ChangedConstants.Values] = [:]
  /// Units told for themselves, to be left out of module code and class bodies: by the name of the definition.
  var ownOld: Set<String>
  var ownNew: Set<String>
  var view: UnitView
  /// Dotted names of the changed files that their functions bind, or that may be missing.
  var unstableNames: Set<String> = []
  /// Of a unit that moved to another file.
  var moved: MovedNames?
  /// The class around a method, where it is known in full: at most one.
  var object: [Candidate] = []
  /// Of a class that is looked at from outside.
  var wholeClass: String?
  /// The code of two modules that are run as programs.
  var isProgram = false
  /// The program around it, which its module is: at most one.
  var program: [Candidate] = []
  /// The outermost function around a nested one, where both versions have it: at most one.
  var enclosing: [Candidate] = []

  var oldUnit: Unit { old.units[oldIndex] }
  var newUnit: Unit { new.units[newIndex] }

  /// Numbers of the lines that differ.
  var changedLines: (old: Set<Int>, new: Set<Int>) {
    func numbers(_ kind: UnitView.Line.Kind) -> Set<Int> {
      Set(view.lines.lazy.filter { $0.kind == kind }.map(\.number))
    }
    return (numbers(.removed), numbers(.added))
  }
}

/// Gives a pair its verdict.
///
/// Only a proof makes `same`; execution may refute a proof, and then wins; everything else is shown.
struct Judge: Sendable {
  var options: ComparisonOptions
  var clock: Timings
  /// Where summaries wait that a decoder takes long for.
  var asking = Asking()

  /// Nil where nothing is left to say of the pair: what differs is told at other units.
  func judge(_ candidate: Candidate) -> UnitResult? {
    var result = UnitResult(
      name: candidate.newUnit.qualifiedName, oldName: candidate.oldUnit.qualifiedName,
      kind: Self.word(candidate.newUnit.kind), verdict: .notAnalysed,
      location: Location(old: Self.lines(candidate.oldUnit), new: Self.lines(candidate.newUnit)))
    result.view = candidate.view
    let (old, new): (LoweredUnit, LoweredUnit)
    switch (candidate.old.lowered[candidate.oldIndex], candidate.new.lowered[candidate.newIndex]) {
    case (_, .failure(let error)):
      result.reason = Messages.atLine(error.line, error.reason)
      return result
    case (.failure(let error), _):
      result.reason = Messages.atOldLine(error.line, error.reason)
      return result
    case (.success(let left), .success(let right)): (old, new) = (left, right)
    }
    result.interface = Self.place(candidate) + InterfaceDiff.edits(old.interface, new.interface)
    var (left, right) = (old, new)
    // A function that got another name calls itself by it.
    if case .renamed = candidate.state, candidate.newUnit.kind == .function, candidate.newUnit.parent == 0 {
      left.procedure = left.procedure.replacing(
        [.module(candidate.oldUnit.name): .global(.module(candidate.newUnit.name))])
    }
    if let moved = candidate.moved {
      guard let resolved = moved.resolved(old.procedure, new.procedure) else {
        return Self.undecided(result, Messages.storesMovedNames)
      }
      (left.procedure, right.procedure) = resolved
    }
    guard let pair = aligned(left, right, candidate) else { return Self.undecided(result, Messages.parametersDiffer) }
    result.interface += pair.edits
    if pair.isReduced, pair.old == pair.new, result.interface.isEmpty { return nil }
    if old.looksAtItself || new.looksAtItself, pair.old != pair.new {
      result.reason = Messages.looksAtItself
      return result
    }
    decide(&result, pair, candidate)
    lookAround(&result, candidate)
    // Read, and yet nothing hangs on it.
    if !candidate.constants.isEmpty, old.procedure == new.procedure, result.verdict == .same { return nil }
    return result
  }

  /// What a nested function does is seen through the function around it only. Where that one does the same, nested code
  /// and all, neither the nested function's parameters nor what it captures are anybody's to choose.
  private func lookAround(_ result: inout UnitResult, _ candidate: Candidate) {
    let isOpen = result.verdict == .unproven && result.evidence != .tested
    guard isOpen || result.verdict == .changed || result.verdict == .interface, let outer = candidate.enclosing.first
    else { return }
    var quiet = self
    (quiet.options.summaryWriter, quiet.options.decisions) = (nil, nil)
    guard let seen = quiet.judge(outer) else { return }
    result.wasStopped = result.wasStopped || seen.wasStopped
    let isSame = seen.body == .same || seen.body == .cost
    guard let body = seen.body, isSame || (body == .unproven && seen.evidence == .tested) else { return }
    // A decorator reads annotations, which say nothing to the code around.
    (result.interface, result.counterexample) = (result.interface.filter(\.isOfAnnotation), nil)
    (result.assumptions, result.proof) = (seen.assumptions, seen.proof)
    (result.strength, result.cost) = (seen.strength, seen.cost)
    conclude(&result, body, seen.evidence)
    result.reason = Messages.seenThrough(seen.name) + (seen.reason.map { "; \($0)" } ?? "")
  }

  /// Verdicts on members of a class by what its objects show, where both versions show the same in an adequate test.
  func settle(_ open: [OpenPart], byObject object: Candidate) -> [(Int, UnitResult)] {
    guard let whole = WholeObject(name: object.newUnit.name, old: object.old, new: object.new) else { return [] }
    let settled = open.filter { part in
      whole.shows(part.unit) && (part.result.interface.isEmpty || part.unit.isHiddenMember)
        && part.result.counterexample.map(whole.isAboutState) ?? true
    }
    guard !settled.isEmpty, let seen = see(whole.old, whole.new, object, extent: 2), seen.evidence == .tested else {
      return []
    }
    return settled.map { ($0.index, told($0.result, by: seen, Messages.seenFromOutside(seen.name))) }
  }

  /// Verdicts on code of a program by what the program reads and writes: what it makes of one text is what counts of
  /// code that reads and writes text.
  func settle(_ open: [OpenPart], byProgram program: Candidate) -> [(Int, UnitResult)] {
    guard let whole = WholeProgram(old: program.old, new: program.new) else { return [] }
    let settled = open.filter { part in
      part.unit.kind == .module && whole.isRunOnly
        || whole.shows(part.unit) && part.result.counterexample?.arguments.isEmpty ?? true
    }
    guard !settled.isEmpty, let seen = see(whole.old, whole.new, program, extent: 2) else { return [] }
    return settled.map { ($0.index, told($0.result, by: seen, Messages.seenAsProgram)) }
  }

  /// What is found of two wholes; nil where that is nothing.
  ///
  /// - Parameter extent: how many times the steps of a function are spent.
  private func see(_ old: Procedure, _ new: Procedure, _ candidate: Candidate, extent: Int) -> UnitResult? {
    if options.steps == 0 { return nil }
    var quiet = self
    quiet.options.summaryWriter = nil
    quiet.options.steps *= extent
    var seen = UnitResult(
      name: candidate.newUnit.name, oldName: candidate.oldUnit.name, kind: Self.word(candidate.newUnit.kind),
      verdict: .notAnalysed,
      location: Location(old: Self.lines(candidate.oldUnit), new: Self.lines(candidate.newUnit)))
    quiet.decideBody(&seen, Aligned(old: old, new: new), candidate)
    let isTold = seen.counterexample != nil || (seen.strength?.inputs ?? 0) > 0
    return isTold && (seen.body == .unproven || seen.body == .changed) ? seen : nil
  }

  /// The verdict on a part by that on the whole.
  private func told(_ part: UnitResult, by seen: UnitResult, _ word: String) -> UnitResult {
    var result = part
    (result.counterexample, result.strength) = (seen.counterexample, seen.strength)
    result.wasStopped = result.wasStopped || seen.wasStopped
    conclude(&result, seen.body ?? .unproven, seen.evidence)
    result.reason = word + (seen.reason.map { "; \($0)" } ?? "")
    return result
  }

  /// From the cache where an earlier run has judged the same two bodies.
  private func decide(
    _ result: inout UnitResult, _ pair: Aligned, _ candidate: Candidate
  ) {
    decideBody(&result, pair, candidate)
    guard !pair.assumptions.isEmpty, result.body == .same || result.body == .cost else { return }
    result.assumptions = Set(result.assumptions + pair.assumptions).sorted()
    result.evidence = .assumed
  }

  private func decideBody(_ result: inout UnitResult, _ pair: Aligned, _ candidate: Candidate) {
    let isAsked = options.summaryWriter?.isBudgeted == true || options.asksEveryDecoder
    guard let decisions = options.decisions, !isAsked, pair.old != pair.new else {
      decide(&result, pair.old, pair.new, candidate)
      return
    }
    let key = decisions.key(
      old: pair.old, new: pair.new, context: candidate.context,
      surroundings: [candidate.oldSurroundings, candidate.newSurroundings],
      instances: candidate.instances(old: pair.old, new: pair.new), changed: candidate.changedLines,
      wholeClass: candidate.wholeClass, isProgram: candidate.isProgram)
    if let known = decisions.decision(key), let body = known.body {
      known.apply(to: &result)
      conclude(&result, body, known.evidence)
      return
    }
    decide(&result, pair.old, pair.new, candidate)
    if !result.wasStopped { decisions.keep(Decision(result), for: key) }
  }

  private static func undecided(_ result: UnitResult, _ reason: String) -> UnitResult {
    var result = result
    result.verdict = .unproven
    result.body = .unproven
    result.reason = reason
    return result
  }

  /// Both bodies as they are compared.
  private struct Aligned {
    var old: Procedure
    var new: Procedure
    /// Something of them is told at other units.
    var isReduced = false
    /// What bringing them to this form rests on.
    var assumptions: [Assumption] = []
    /// What callers see of what was left out.
    var edits: [InterfaceEdit] = []
  }

  /// Both bodies over shared parameters and under one name.
  private func aligned(_ old: LoweredUnit, _ new: LoweredUnit, _ candidate: Candidate) -> Aligned? {
    var (left, right) = (old.procedure, new.procedure)
    left.name = right.name
    switch right.kind {
    case .module, .classBody:
      // A metaclass or a decorator is handed the class with its names in order.
      let keepsOrder =
        [old.interface, new.interface].contains { interface in
          !interface.decorators.isEmpty || interface.bases.contains { $0.contains("metaclass") }
        } || candidate.old.context.isOpen(candidate.oldUnit.name)
        || candidate.new.context.isOpen(candidate.newUnit.name)
        || candidate.old.annotatesWithItsOwn(candidate.oldIndex)
        || candidate.new.annotatesWithItsOwn(candidate.newIndex)
      let reduced = (
        DefinitionSites.reduced(left, dropping: candidate.ownOld, keepsOrder: keepsOrder),
        DefinitionSites.reduced(right, dropping: candidate.ownNew, keepsOrder: keepsOrder)
      )
      let isReduced = reduced.0 != left || reduced.1 != right
      guard right.kind == .module else {
        return Aligned(old: reduced.0, new: reduced.1, isReduced: isReduced)
      }
      let names = ModuleNames(old: reduced.0, new: reduced.1, candidate)
      return Aligned(old: names.old, new: names.new, isReduced: isReduced, edits: names.edits)
    default:
      let changed = candidate.constants
      guard
        let pair = ParameterAlignment.align(
          left.replacing(changed.mapValues(\.old)), right.replacing(changed.mapValues(\.new)))
      else { return nil }
      let supers = ExplicitSuper(old: pair.old, new: pair.new, candidate)
      // What stands in a helper that only one version has is not rewritten, so neither is what it was taken from.
      let context = candidate.context
      guard Set(context.oldHelpers.keys) == Set(context.newHelpers.keys),
        Set(context.oldMethods.keys) == Set(context.newMethods.keys)
      else { return Aligned(old: supers.old, new: supers.new, assumptions: supers.assumptions) }
      let constants = NamedConstants(old: supers.old, new: supers.new, candidate)
      let imports = ImportsAlike(old: constants.old, new: constants.new, candidate)
      return Aligned(
        old: imports.old, new: imports.new,
        assumptions: supers.assumptions + constants.assumptions + imports.assumptions)
    }
  }

  private func decide(_ result: inout UnitResult, _ old: Procedure, _ new: Procedure, _ candidate: Candidate) {
    if old == new {
      conclude(&result, .same, .proved)
      return
    }
    guard old.kind == new.kind else {
      conclude(&result, .unproven, .none)
      result.reason = Messages.kindsDiffer(old.kind.rawValue, new.kind.rawValue)
      writeSummaries(&result, old, new, candidate)
      return
    }
    let proof = clock.measure("prove") { Prover.prove(old: old, new: new, context: candidate.context) }
    var isProved = false
    if case .same(let assumptions, let steps) = proof {
      isProved = true
      result.assumptions = assumptions.sorted()
      result.proof = steps.map {
        ProofEntry(rule: $0.rule, side: $0.side.rawValue, lines: [$0.lines.lowerBound, $0.lines.upperBound])
      }
    }
    let clockStop = ClockStop(after: options.runaway)
    let checked = clock.measure("check") { check(old, new, candidate, modestly: isProved, clockStop) }
    result.wasStopped = clockStop.hasStopped
    switch checked {
    case .difference(let found):
      conclude(&result, .changed, .none)
      result.counterexample = Counterexample(
        arguments: found.arguments.map { "\($0.name) = \($0.text)" } + (found.isCalledTwice ? ["called twice"] : []),
        environment: found.environment,
        old: found.old, new: found.new, trace: .init(old: found.oldTrace, new: found.newTrace))
      if isProved {
        result.reason = Messages.proofRefuted
        result.assumptions = []
        result.proof = []
      }
    case .none(let strength) where isProved && Self.refutes(strength, result.assumptions):
      result.assumptions = []
      result.proof = []
      leaveUnproven(&result, .different(reason: Messages.proofRefuted), checked)
    case .none, .notRunnable:
      if isProved {
        let body = clock.measure("cost") { compareCost(&result, old, new, candidate) }
        conclude(&result, body, result.assumptions.isEmpty ? .proved : .assumed)
      } else {
        leaveUnproven(&result, proof, checked)
      }
    }
    if result.verdict == .changed || result.verdict == .unproven || options.summaries {
      writeSummaries(&result, old, new, candidate)
    }
  }

  /// A difference that exists only where an assumption is broken refutes a proof that does not print it.
  private static func refutes(_ strength: Checking.Strength, _ printed: [Assumption]) -> Bool {
    strength.onlyWithout.contains { broken in broken.assumptions.allSatisfy { !printed.contains($0) } }
  }

  /// `cost` where both versions have one and the two differ.
  private func compareCost(
    _ result: inout UnitResult, _ old: Procedure, _ new: Procedure, _ candidate: Candidate
  ) -> Verdict {
    // Measuring runs both versions, which a budget of nothing does not allow.
    guard options.steps > 0 else { return .same }
    let programs = Executables(old: old, new: new, candidate)
    guard let left = Checking.Cost.estimate(programs.old.procedure, functions: programs.old.functions),
      let right = Checking.Cost.estimate(programs.new.procedure, functions: programs.new.functions)
    else { return .same }
    let isCounted = !left.steps.isEmpty && left.steps.count == right.steps.count
    result.cost = Cost(
      old: left.text, new: right.text, steps: right.sizes,
      counts: isCounted ? .init(sizes: Checking.Cost.measuredSizes, old: left.steps, new: right.steps) : nil)
    return left.text == right.text ? .same : .cost
  }

  private func check(
    _ old: Procedure, _ new: Procedure, _ candidate: Candidate, modestly: Bool, _ clockStop: ClockStop
  ) -> CheckResult {
    guard options.steps > 0 else { return .notRunnable(Messages.noBudget) }
    var check = CheckOptions(steps: modestly ? max(options.steps / 10, 1) : options.steps)
    if modestly {
      check.minimumRuns = 100
      check.maximumRuns = 150
      check.adequateInputs = 100
      check.maximumMutants = 0
      check.hasContraryWorlds = true
    }
    if candidate.wholeClass != nil {
      // What hangs on several calls in one order shows seldom.
      check.minimumRuns = 8_000
      check.maximumRuns = 30_000
      check.adequateInputs = 8_000
    }
    check.isCancelled = { clockStop.isDue }
    let context = candidate.context
    check.equates = { left, right in
      var small = context
      small.budget = min(context.budget, 20_000)
      // No input that obeys the assumptions could tell them apart.
      if case .same = Prover.prove(old: left, new: right, context: small) { return true }
      return false
    }
    let touched = candidate.changedLines
    let instances = candidate.instances(old: old, new: new)
    func run(_ programs: Executables) -> CheckResult {
      Checker.check(
        old: programs.old, new: programs.new, instances: instances,
        changedLines: ChangedLines(old: touched.old, new: touched.new),
        options: check)
    }
    let result = run(Executables(old: old, new: new, candidate))
    guard !modestly, !clockStop.isDue, case .difference(let found) = result else { return result }
    let programs = Executables(old: old, new: new, candidate, runsShared: true)
    guard programs.shared.contains(where: found.rests(onCallsOf:)) else { return result }
    // What it gives there may be nothing that it ever gives.
    let other = run(programs)
    switch other {
    case .difference: return other
    case .none(let strength) where strength.isAdequate: return other
    case .none, .notRunnable: return result
    }
  }

  private func leaveUnproven(_ result: inout UnitResult, _ proof: ProofResult, _ checked: CheckResult) {
    var reasons: [String] = []
    switch proof {
    case .same: break
    case .different(let reason): reasons.append(reason)
    case .unsupported(let reason, let line): reasons.append(line > 0 ? Messages.atLine(line, reason) : reason)
    }
    var evidence = Evidence.none
    switch checked {
    case .difference: break
    case .notRunnable(let reason): reasons.append(Messages.notRun(reason))
    case .none(let strength):
      result.strength = Strength(
        inputs: strength.inputs, branches: [strength.branchesTaken, strength.branches],
        mutants: [strength.mutantsKilled, strength.mutants],
        survivors: strength.survivors + strength.untaken + strength.unmet + strength.doubts,
        onlyWithout: strength.onlyWithout.map {
          Messages.onlyWithout($0.assumptions, when: $0.counterexample.condition)
        })
      if strength.isAdequate { evidence = .tested }
      reasons += result.strength?.onlyWithout ?? []
    }
    conclude(&result, .unproven, evidence)
    result.reason = reasons.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// The body's verdict; what callers see replaces it where the body means the same.
  private func conclude(_ result: inout UnitResult, _ body: Verdict, _ evidence: Evidence) {
    result.body = body
    result.evidence = evidence
    let isSame = body == .same || body == .cost
    result.verdict = isSame && !result.interface.isEmpty ? .interface : body
  }

  private func writeSummaries(
    _ result: inout UnitResult, _ old: Procedure, _ new: Procedure, _ candidate: Candidate
  ) {
    guard let writer = options.summaryWriter else { return }
    clock.measure("summarize") {
      result.names = NameAlignment.names(old: old, new: new)
      if writer.isBudgeted || options.asksEveryDecoder {
        if result.verdict == .changed || result.verdict == .unproven { asking.add(candidate, old: old, new: new) }
        return
      }
      guard var left = writer.summary(of: old, renaming: result.names), var right = writer.summary(of: new) else {
        return
      }
      // Two ways of writing cannot be compared, and two that read alike hide what differs.
      if left.decoder != right.decoder || left.text == right.text {
        let text = ProcedureText(canonicalNames: options.canonicalNames)
        left = text.summary(of: old, renaming: result.names) ?? left
        right = text.summary(of: new, renaming: [:]) ?? right
      }
      result.summary = Summary(old: left.text, new: right.text, decoder: right.decoder)
    }
  }

  // MARK: Words

  static func word(_ kind: Unit.Kind) -> String {
    switch kind {
    case .function: "function"
    case .method: "method"
    case .lambda: "lambda"
    case .classBody: "class"
    case .module: "module"
    }
  }

  static func lines(_ unit: Unit) -> Location.Lines { Location.Lines(unit.lines.lowerBound, unit.lines.upperBound) }

  /// A renamed or moved unit is at least `interface`; nested functions and lambdas have no callers outside.
  private static func place(_ candidate: Candidate) -> [InterfaceEdit] {
    let (old, new) = (candidate.oldUnit, candidate.newUnit)
    // A method of a class inside a function is seen by whoever gets an object of it.
    let isNested = new.qualifiedName.contains("<locals>") && new.kind != .method || new.kind == .lambda
    guard !isNested, new.kind != .module else { return [] }
    switch candidate.state {
    case .matched, .added, .removed: return []
    case .renamed(let name): return [InterfaceEdit("name \(name) -> \(new.qualifiedName)")]
    case .moved(let path, let name):
      let place = "moved from \(path)"
      var edits = [InterfaceEdit(name == new.qualifiedName ? place : "\(place), where it was \(old.qualifiedName)")]
      if case .success(let lowered) = candidate.new.lowered[candidate.newIndex], lowered.interface.namesOthers {
        edits.append(InterfaceEdit("decorators, defaults and bases are looked up in another module"))
      }
      return edits
    }
  }
}

extension UnitResult {
  /// It differs, or nothing is known of it.
  var isOpen: Bool { verdict == .changed || verdict == .unproven && evidence != .tested }
}

extension Unit {
  fileprivate var isHiddenMember: Bool { name.hasPrefix("_") && !name.hasSuffix("__") }
}

extension UnitInterface {
  /// Decorators, bases, or defaults that are no literals: names in them lead where the module says.
  fileprivate var namesOthers: Bool {
    !decorators.isEmpty || !bases.isEmpty
      || parameters.contains { parameter in
        parameter.defaultText.map { text in
          let isText = text.first == "\"" || text.first == "'"
          return !isText && !["None", "True", "False"].contains(text) && text.contains { $0.isLetter || $0 == "_" }
        } ?? false
      }
  }
}

/// Stops a runaway by the wall clock, and remembers that it did.
final class ClockStop: Sendable {
  private let deadline: ContinuousClock.Instant
  private let stopped = Atomic<Bool>(false)

  init(after limit: Duration) { deadline = ContinuousClock.now + limit }

  var isDue: Bool {
    guard ContinuousClock.now > deadline else { return false }
    stopped.store(true, ordering: .relaxed)
    return true
  }

  var hasStopped: Bool { stopped.load(ordering: .relaxed) }
}
