import Logic

/// How hard a search that found nothing has looked.
package struct Strength: Sendable {
  /// Inputs that ran the changed region to its end in both versions.
  package var inputs = 0
  /// All runs of the pair, and those that said nothing: stopped at a limit, or resting on what Python leaves open.
  package var runs = 0
  package var inconclusive = 0
  /// Why runs stopped, the commonest first: `not modelled: ...`.
  package var stops: [String] = []
  /// Sides of decisions taken, of both versions together.
  package var branchesTaken = 0
  package var branches = 0
  /// Decisions of which a side was never taken: `old line 12, never false`.
  package var untaken: [String] = []
  package var mutantsKilled = 0
  package var mutants = 0
  /// Small inputs on which one version ran on where the other came to an end: silence there says nothing.
  package var lopsided = 0
  /// Objects that are played with differ where answers of the world are of no known sort. What hangs on several calls
  /// shows too seldom for the others to outweigh that.
  package var isVague = false
  /// Functions that are returned or given to unknown code have other names for their parameters.
  package var handsOtherNames = false
  /// Mutants that no input told apart: `line 12: < became <=`.
  package var survivors: [String] = []
  /// Mutants that a single input told apart, or none.
  package var mutantsKilledOnce = 0
  /// Slips among the survivors that nothing else stands for.
  package var essentialSurvivors = 0
  /// Comparisons of the changed lines that were never met where they turn: `new line 5: > never met with equal sides`.
  package var unmet: [String] = []
  /// Runs are long, or the inputs few: what there is of small ones was tried.
  package var isExhausted = false
  /// Interpreter steps spent.
  package var steps = 0
  /// Why silence says little besides: small inputs on which only one version comes to an end, mutants that hung by one
  /// input where there are few.
  package var doubts: [String] {
    var result: [String] = []
    if lopsided > 0 { result.append("on \(lopsided) small inputs only one version comes to an end") }
    if handsOtherNames { result.append("a function that others get has other names of parameters") }
    if inputs < 1_000, mutantsKilledOnce > 0 {
      result.append("\(mutantsKilledOnce) mutants told apart by one input only, of \(inputs)")
    }
    return result
  }
  /// Differences that exist only where an assumption is broken.
  package var onlyWithout: [(assumptions: [Assumption], counterexample: Counterexample)] = []

  /// Every branch taken, every comparison met where it turns, and at least 1,000 inputs through the changed region with
  /// at least 95% of the mutants told apart; or fewer inputs, where every mutant was told apart by more than one.
  package var isAdequate: Bool { mayBeAdequate && isThorough && !isVague }

  /// Nothing but mutants stands in the way, and not many of those.
  var mayBeAdequate: Bool {
    branchesTaken >= branches && mutants > 0 && lopsided == 0 && !handsOtherNames && unmet.isEmpty
      && essentialSurvivors == 0
      && mutantsKilled * 10 >= mutants * 9
  }

  private var isThorough: Bool {
    if inputs >= 1_000 { return mutantsKilled * 100 >= mutants * 95 }
    return inputs >= (isExhausted ? 24 : 200) && mutantsKilled == mutants && mutantsKilledOnce == 0 && mutants > 1
  }
}

/// Runs mutants of the changed region on cases that the search kept; a mutant that none tells apart from its original
/// shows where the search was blind, and is searched for on its own.
struct MutantTrial {
  private(set) var survivors: [Trial] = []
  private(set) var total = 0
  let side: Side
  /// Told apart by one input only.
  private(set) var fragile: [Trial] = []

  struct Trial: Equatable {
    var number: Int
    var mutant: Mutant
    /// What it is a mutant of: the version, or a helper that only the version has.
    var original: Procedure
    /// The name of that helper.
    var helper: Reference?
    var program: CompiledProgram
    /// Inputs on which it went another way than the original and came to the same end, and the first of them.
    var detours = 0
    var detour: Case?
    /// Inputs on which what it changes had another value, which came to nothing.
    var infections = 0
    /// Some of those.
    var infected: [Case] = []
    /// Inputs on which it ran at all.
    var readings = 0
    /// Original and mutant, printing that value.
    var gauges: (original: CompiledProgram, mutant: CompiledProgram)?
    /// How often it took sides of decisions on all inputs, on those that come to what it changes, and on those where
    /// that showed.
    var taken = Ways()
    var takenOnReadings = Ways()
    var takenOnDetours = Ways()

    /// Whether what comes after has been met in every way: else something may hide what the mutant does. A side that so
    /// many of those inputs would have taken by chance, and none did, goes another way than they.
    var isOpen: Bool {
      let known = readings > 0 ? takenOnReadings : taken
      return Set(takenOnDetours.counts.keys.map { $0 / 2 }).allSatisfy { decision in
        [2 * decision, 2 * decision + 1].allSatisfy { side in
          guard takenOnDetours.counts[side] == nil, let count = known.counts[side] else { return true }
          return count * takenOnDetours.runs >= Boundaries.many * known.runs
        }
      }
    }

    /// In how many of some runs each side of a decision was taken.
    struct Ways: Equatable {
      var runs = 0
      var counts: [Int: Int] = [:]
      mutating func note(_ sides: [Int]) {
        runs += 1
        for side in Set(sides) { counts[side, default: 0] += 1 }
      }
    }

    /// What never gave another value: arguments whose order what is called does not care for, and what is there or
    /// missing and was never empty.
    var isIdle: Bool {
      guard infections == 0, readings >= 3 * Boundaries.many else { return false }
      if mutant.isOfPresence { return readBoth >= Boundaries.many }
      return mutant.text.hasSuffix("arguments swapped")
    }
    /// Inputs on which it was read as true, and as false: the fewer of both.
    var readBoth: Int { min(readTrue, readFalse) }
    var readTrue = 0
    var readFalse = 0
    /// Such inputs were looked for to the end.
    var hasAllInfections = false
    /// Whatever is empty and yet there was tried, and came to nothing.
    var isNeverMissed: Bool { mutant.isOfPresence && hasAllInfections && infections > 0 }

    /// It went another way, or had another value, often enough without coming to another end.
    var isIndifferent: Bool {
      detours >= (mutant.isOfOrder ? 12 : mutant.isEssential ? 2 : 1) * Boundaries.many || isHarmless || isIdle
    }

    /// In as many runs another value came to nothing as show that nothing hangs on it.
    ///
    /// What is empty and yet there has few values: `""`, 0, a container without items.
    var isHarmless: Bool {
      infections >= (mutant.isOfOrder ? 12 * Boundaries.many : mutant.isOfPresence ? 40 : 2 * Boundaries.many)
    }

    /// It may yet turn out to be one on which nothing hangs.
    var isGauging: Bool {
      guard gauges != nil else { return false }
      return infections > 0 ? !(isHarmless && isOpen) : mutant.isOfPresence && !isIdle
    }

    static func == (left: Trial, right: Trial) -> Bool { left.number == right.number }
  }

  /// Mutants of the new version's changed lines, or of the old one's where the change only removed lines.
  ///
  /// - Parameters:
  ///   - wanted: the version to make mutants of.
  ///   - ofDecisions: those alone that turn a decision round or leave out a part of it.
  init(runner: PairRunner, region: Region, limit: Int, of wanted: Side? = nil, ofDecisions: Bool = false) {
    let newLines = region.lines[.new] ?? nil
    let oldLines = region.lines[.old] ?? nil
    side = wanted ?? (newLines?.isEmpty == true && oldLines?.isEmpty != true ? .old : .new)
    let program = side == .new ? runner.new : runner.old
    let lines = side == .new ? newLines : oldLines
    let changed = program.program
    var candidates = changed.procedure.mutants(
      on: lines?.isEmpty == true ? nil : lines, limit: limit, ofDecisions: ofDecisions
    ).map {
      (mutant: $0, original: changed.procedure, helper: Reference?.none)
    }
    // What only this version calls is as new as the call.
    let others = (side == .new ? runner.old : runner.new).program.functions
    for (name, helper) in changed.functions.sorted(by: { "\($0.key)" < "\($1.key)" })
    where others[name] == nil && name != changed.ownName?.reference {
      candidates += helper.mutants(limit: limit).map { (mutant: $0, original: helper, helper: name) }
    }
    if candidates.count > limit { candidates = (0..<limit).map { candidates[$0 * candidates.count / limit] } }
    total = candidates.count
    survivors = candidates.enumerated().map { number, candidate in
      Trial(
        number: number, mutant: candidate.mutant, original: candidate.original, helper: candidate.helper,
        program: Interpreter.compile(changed.with(candidate.mutant.procedure, as: candidate.helper)))
    }
  }

  /// Runs the survivors on a case; true when one was told apart, or where the versions themselves were.
  mutating func tell(_ input: Case, runner: PairRunner) -> Bool {
    guard !survivors.isEmpty || !fragile.isEmpty else { return false }
    let original = runner.run(side, input)
    guard !original.outcome.isStopped else { return false }
    let before = survivors.count
    let side = side
    var ways: [Int: (sides: [Int], isDetour: Bool)] = [:]
    func tells(_ trial: Trial) -> Bool {
      let changed = runner.run(trial.program, as: side, input)
      // One that runs on where the original came to an end is told apart too.
      if changed.outcome == .stopped(.fuel) { return original.steps * 4 < changed.steps }
      // No known type has an attribute of a made-up name.
      if case .stopped(.unsupported(let what)) = changed.outcome, let name = trial.mutant.inventedName,
        what.contains(name)
      {
        return true
      }
      if changed.outcome.isStopped || [original, changed].contains(where: \.isUnsettled) { return false }
      guard observationsAgree(original.observation, changed.observation) else {
        // A difference of the versions would not count there either.
        return !runner.isOdd(input, original, changed)
      }
      // Where the two part, both sides are taken.
      let isDetour = trial.mutant.keepsWays && changed.way != original.way
      ways[trial.number] = (changed.sides + (isDetour ? original.sides : []), isDetour)
      return false
    }
    fragile.removeAll(where: tells)
    var told = survivors.filter(tells)
    if !told.isEmpty {
      // Where the versions do not come to one end, silence about the change rests on nothing.
      let comparison = runner.compare(on: input)
      if comparison.isDifference { return true }
      if comparison != .equal { told = [] }
    }
    for index in survivors.indices {
      guard let way = ways[survivors[index].number] else { continue }
      survivors[index].taken.note(way.sides)
      guard way.isDetour else { continue }
      survivors[index].takenOnDetours.note(way.sides)
      survivors[index].detours += 1
      if survivors[index].detour == nil { survivors[index].detour = input }
    }
    guard !told.isEmpty else { return false }
    survivors.removeAll(where: told.contains)
    fragile += told
    return survivors.count < before
  }

  /// Cases on which a survivor went another way, with less of those than say that nothing hangs on it.
  var openDetours: [Case] {
    survivors.compactMap { $0.detours < 2 * Boundaries.many || !$0.isOpen ? $0.detour : nil }
  }

  /// Leaves out mutants that move a boundary where nothing hangs on it.
  mutating func removeExcused(by boundaries: Boundaries) {
    let before = survivors.count
    let side = side
    survivors.removeAll { trial in
      // Ways through helpers are not told apart, so meeting the boundary has to do there.
      (trial.helper != nil || trial.detours == 0)
        && (boundaries.excuses(trial.mutant, on: side) || boundaries.excludes(trial.mutant, on: side))
    }
    total -= before - survivors.count
  }

  /// Leaves out mutants that sent many runs another way, none of which came to another end: a stack for a queue where
  /// the order does not matter. The search has been at what they change.
  mutating func removeDetours(runner: PairRunner) {
    let decisions = (side == .new ? runner.new : runner.old).decisions
    let before = survivors.count
    survivors.removeAll { trial in
      trial.program.decisions == decisions
        && (trial.isNeverMissed || trial.isOpen && trial.isIndifferent)
    }
    total -= before - survivors.count
  }

  /// Readies the survivors for `gauge`.
  mutating func makeGauges(runner: PairRunner) {
    let changed = (side == .new ? runner.new : runner.old).program
    for index in survivors.indices where survivors[index].mutant.keepsWays {
      guard let gauges = survivors[index].mutant.gauges else { continue }
      let helper = survivors[index].helper
      survivors[index].gauges = (
        Interpreter.compile(changed.with(gauges.original, as: helper)),
        Interpreter.compile(changed.with(gauges.mutant, as: helper))
      )
    }
  }

  /// Notes for each survivor whether what it changes has another value on a case that does not tell it apart.
  mutating func gauge(_ input: Case, runner: PairRunner) {
    for index in survivors.indices {
      guard let gauges = survivors[index].gauges else { continue }
      let run = runner.run(gauges.mutant, as: side, input)
      let readings = run.readings
      guard !run.outcome.isStopped, !readings.isEmpty else { continue }
      survivors[index].readings += 1
      if readings.contains(where: \.isTrueReading) { survivors[index].readTrue += 1 }
      if !readings.allSatisfy(\.isTrueReading) { survivors[index].readFalse += 1 }
      survivors[index].takenOnReadings.note(run.sides)
      let original = runner.run(gauges.original, as: side, input)
      guard original.readings != readings else { continue }
      survivors[index].infections += 1
      if survivors[index].infected.count < 12 { survivors[index].infected.append(input) }
      survivors[index].takenOnDetours.note(run.sides + original.sides)
    }
  }

  /// Inputs to try for that.
  var patience: Int { survivors.contains { $0.mutant.isOfOrder } ? 4_000 : 2_000 }

  /// The search for such inputs has come to its end.
  mutating func endGauging() { for index in survivors.indices { survivors[index].hasAllInfections = true } }

  /// Some survivor may yet turn out to be one on which nothing hangs.
  var isGauging: Bool { survivors.contains(where: \.isGauging) }

  /// An input on which such a survivor had another value.
  func infected(_ random: inout Random) -> Case? {
    random.pick(survivors.filter(\.isGauging).flatMap(\.infected))
  }

  /// Leaves out mutants that mean the same as their original.
  mutating func removeEquivalent(_ equates: (Procedure, Procedure) -> Bool) {
    let before = survivors.count
    survivors.removeAll { equates($0.original, $0.mutant.procedure) }
    total -= before - survivors.count
  }
}

extension Program {
  /// With another body of the function itself, or of a helper.
  fileprivate func with(_ procedure: Procedure, as helper: Reference?) -> Program {
    guard let helper else { return with(procedure) }
    var result = self
    result.functions[helper] = procedure
    return result
  }
}

extension Event {
  fileprivate var isTrueReading: Bool {
    if case .output(let parts) = self { parts.last == .bool(true) } else { false }
  }
}

extension Execution {
  /// Sides of decisions taken, the truth that is returned among them.
  fileprivate var sides: [Int] {
    var result = takenAfter.indices.filter(takes)
    if case .returned(.bool(let value)) = outcome { result.append(takenAfter.count + (value ? 0 : 1)) }
    return result
  }

  /// What gauges printed.
  fileprivate var readings: [Event] {
    trace.filter { if case .output(let parts) = $0 { parts.first == .string(gaugeMark) } else { false } }
  }
}
