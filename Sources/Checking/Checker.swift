import Logic

/// How a check is done. The same options and procedures give the same result.
package struct CheckOptions: Sendable {
  package var seed: UInt64 = 1
  /// Interpreter steps for the whole pair.
  package var steps = 20_000_000
  /// Steps of a single run.
  package var stepsPerRun = 50_000
  /// Runs of the pair before the search may end for lack of news, and at most.
  package var minimumRuns = 1_200
  package var maximumRuns = 12_000
  /// Inputs through the changed region that count as adequate.
  package var adequateInputs = 1_000
  package var maximumMutants = 80
  /// Worlds in which comparisons contradict each other, as no assumption forbids: they refute proofs and no more.
  package var hasContraryWorlds = false
  /// Stops the check; what it stopped must not be used.
  package var isCancelled: @Sendable () -> Bool = { false }
  /// Whether normal forms show two procedures to be the same: leaves out mutants that change nothing.
  package var equates: (@Sendable (Procedure, Procedure) -> Bool)?

  package init(seed: UInt64 = 1, steps: Int = 20_000_000) {
    self.seed = seed
    self.steps = steps
  }
}

/// Source lines that the diff touched, on each side; nil where the whole body counts as changed.
package struct ChangedLines: Sendable {
  package var old: Set<Int>?
  package var new: Set<Int>?
  package init(old: Set<Int>? = nil, new: Set<Int>? = nil) {
    self.old = old
    self.new = new
  }
}

package enum CheckResult: Sendable {
  case difference(Counterexample)
  case none(Strength)
  /// The code cannot be run by the interpreter; says what stands in the way.
  case notRunnable(String)
}

/// Two procedures in, a differing input or the strength of the search out.
package enum Checker {
  /// - Parameters:
  ///   - oldFunctions: helpers whose bodies are known; calls of them run.
  ///   - instances: parameters that stand for instances of known classes.
  ///   - changedLines: what mutants and the count of inputs are about.
  package static func check(
    old: Procedure, new: Procedure, oldFunctions: [Reference: Procedure] = [:],
    newFunctions: [Reference: Procedure] = [:], instances: [Instances] = [],
    changedLines: ChangedLines = ChangedLines(), options: CheckOptions = CheckOptions()
  ) -> CheckResult {
    check(
      old: Program(old, functions: oldFunctions), new: Program(new, functions: newFunctions), instances: instances,
      changedLines: changedLines, options: options)
  }

  package static func check(
    old: Program, new: Program, instances: [Instances] = [], changedLines: ChangedLines = ChangedLines(),
    options: CheckOptions = CheckOptions()
  ) -> CheckResult {
    var session = Session(old: old, new: new, instances: instances, changedLines: changedLines, options: options)
    let result = session.check()
    if old.ownName != nil || new.ownName != nil, !options.isCancelled(),
      let other = withoutRecursion(old, new, result, instances, changedLines, options)
    {
      return other
    }
    guard case .none = result, let oldTwice = old.calledTwice, let newTwice = new.calledTwice else { return result }
    return twice(old: oldTwice, new: newTwice, options: options) ?? result
  }

  /// Where functions that run themselves seldom come to an end, or to much: calls of themselves taken for calls of
  /// something unknown. A difference counts then that is one with real calls too, or where those say next to nothing.
  private static func withoutRecursion(
    _ old: Program, _ new: Program, _ result: CheckResult, _ instances: [Instances], _ changedLines: ChangedLines,
    _ options: CheckOptions
  ) -> CheckResult? {
    var saysLittle = true
    switch result {
    case .difference: return nil
    case .none(let strength):
      if strength.isAdequate { return nil }
      saysLittle = strength.inconclusive * 2 > strength.runs
    case .notRunnable: break
    }
    var (left, right) = (old, new)
    (left.ownName, right.ownName) = (nil, nil)
    let other = check(old: left, new: right, instances: instances, changedLines: changedLines, options: options)
    switch other {
    case .difference(let found): return saysLittle || found.tellsApart(old, new) ? other : nil
    case .none(let strength): return saysLittle || strength.isAdequate ? other : nil
    case .notRunnable: return nil
    }
  }

  /// A default that one version changes shows only in a second call.
  private static func twice(old: Program, new: Program, options: CheckOptions) -> CheckResult? {
    var options = options
    options.steps /= 10
    options.maximumRuns = 300
    options.minimumRuns = 200
    var session = Session(old: old, new: new, changedLines: ChangedLines(), options: options)
    guard let found = session.search.run(steps: options.steps), var told = session.tell(session.plainer(found)) else {
      return nil
    }
    told.isCalledTwice = true
    return .difference(told)
  }
}

/// One check of one pair.
struct Session {
  let runner: PairRunner
  let options: CheckOptions
  let region: Region
  let shapes: Shapes
  let values: Values
  let profile: Profile
  var search: Search
  private var extent = 10

  init(
    old: Program, new: Program, instances: [Instances] = [], changedLines: ChangedLines, options: CheckOptions
  ) {
    self.options = options
    let procedures = [old.procedure, new.procedure]
    let helpers = (Array(old.functions.values) + Array(new.functions.values)).sorted { $0.name < $1.name }
    let all = procedures + helpers + [old.constantsMade, new.constantsMade]
    shapes = Shapes(procedures)
    var constants = Constants(all)
    constants.characters.append(contentsOf: RareCharacters.between(old, new))
    values = Values(constants: constants)
    var read = Profile(reading: procedures).hinted(by: shapes, values.constants)
    let answers = DemandReader.answers(of: procedures + helpers, classes: old.classes.merging(new.classes) { $1 })
    // A proof is held against whatever the unknown may answer.
    if !options.hasContraryWorlds { read.pools = AnswerPools(answers, values: values, seed: options.seed) }
    read.isContrary = options.hasContraryWorlds
    if procedures.contains(where: { $0.kind == .generator }) { read.drive = .sends }
    profile = read
    var slots = Slot.pair(old: old, new: new, shapes: shapes)
    slots += Instances.slots(
      instances, old: old.procedure, new: new.procedure, all: all, storesArePlain: !options.hasContraryWorlds)
    let limits = Limits(steps: min(4_000, options.stepsPerRun))
    runner = PairRunner(
      old: Interpreter.compile(old), new: Interpreter.compile(new), slots: slots, answers: answers, limits: limits)
    region = Region(old: runner.old, new: runner.new, oldLines: changedLines.old, newLines: changedLines.new)
    var generator = InputGenerator(slots: slots, shapes: shapes, values: values, profile: profile, seed: options.seed)
    generator.keepsSpans = !runner.comparesSpanEnds
    if new.readsConsole {
      let author = ConsoleAuthor([runner.old, runner.new], constants: constants)
      generator.write(with: author)
      runner.author = author
    }
    search = Search(runner: runner, generator: generator, region: region, options: options)
  }

  /// Whether objects are played with, rather than a function called.
  private var isPlay: Bool { runner.new.program.wholeClass != nil }

  mutating func check() -> CheckResult {
    if let found = search.run(steps: options.steps / 2), let told = tell(plainer(found)) {
      return .difference(told)
    }
    if options.isCancelled() { return .notRunnable(Messages.cancelled) }
    let tally = search.tally
    if tally.runs > 0, tally.inconclusive == tally.runs || tally.unsupported * 10 > tally.runs * 9 {
      let reason = tally.stops.max { $0.value < $1.value }?.key
      return .notRunnable(Messages.notRunnable(reason: reason))
    }

    var trial = MutantTrial(runner: runner, region: region, limit: options.maximumMutants)
    for reached in search.corpus + search.sample {
      if isSpent(7) { break }
      _ = trial.tell(reached.input, runner: runner)
    }
    var boundaries = Boundaries(runner: runner, region: region, limit: options.maximumMutants > 0 ? 10 : 0)
    if let found = examine(&trial, &boundaries), let told = tell(plainer(found)) { return .difference(told) }
    var strength = strength(trial)
    strength.unmet = boundaries.unmet
    strength.essentialSurvivors = essential(trial, boundaries)
    if trial.side == .new, isPlay ? strength.isAdequate : strength.mayBeAdequate {
      // What the new version has lost shows in slips of the old one: little is missing, so it is looked for with more.
      extent = 14
      var before = MutantTrial(
        runner: runner, region: region, limit: options.maximumMutants, of: .old, ofDecisions: isPlay)
      for reached in search.corpus + search.sample {
        if isSpent(10) { break }
        _ = before.tell(reached.input, runner: runner)
      }
      let found =
        isPlay ? probeForSurvivors(&before, patience: 1_000, tenths: 10) : examine(&before, &boundaries, tenths: 10)
      if let found, let told = tell(plainer(found)) { return .difference(told) }
      strength.survivors += before.survivors.map { "old \($0.mutant.text)" }
      strength.mutants += before.total
      strength.mutantsKilled += before.total - before.survivors.count
      strength.essentialSurvivors += essential(before, boundaries)
    }
    if let input = withoutAnnotations(), let small = shrunk(input), let told = describe(small, or: input) {
      // Shrinking may lead back to values that every annotation allows.
      if isPlainDifference(small) { return .difference(told) }
      strength.onlyWithout.append((told.brokenAssumptions, told))
    }
    if let input = search.odd, let small = shrunk(input), let told = describe(small, or: input) {
      // Shrinking may lead to values that fit.
      if isPlainDifference(small) { return .difference(told) }
      strength.onlyWithout.append((told.brokenAssumptions, told))
    }
    strength.isVague = isPlay && search.hasVague || search.isDoubtful
    strength.steps = runner.steps
    return .none(strength)
  }

  /// Tries to tell the mutants apart in every way there is; a difference of the versions where it meets one.
  private mutating func examine(
    _ trial: inout MutantTrial, _ boundaries: inout Boundaries, tenths: Int = 8
  ) -> Case? {
    if let found = probeForSurvivors(&trial, patience: 1_000, tenths: tenths) { return found }
    if let found = meet(&boundaries, &trial) { return found }
    if let found = follow(&trial) { return found }
    if let equates = options.equates { trial.removeEquivalent(equates) }
    if let found = gauge(&trial) { return found }
    if let found = chase() { return found }
    trial.removeExcused(by: boundaries)
    trial.removeDetours(runner: runner)
    guard isNear(trial), !trial.survivors.isEmpty else { return nil }
    // Where little is missing, a longer look is worth it.
    if let found = probeForSurvivors(&trial, patience: 10_000, tenths: tenths) { return found }
    if let found = gauge(&trial) { return found }
    trial.removeExcused(by: boundaries)
    trial.removeDetours(runner: runner)
    return nil
  }

  private func isNear(_ trial: MutantTrial) -> Bool { trial.survivors.count * (isPlay ? 2 : 3) <= trial.total }

  /// How many survivors there are of which none may be left.
  private func essential(_ trial: MutantTrial, _ boundaries: Boundaries) -> Int {
    trial.survivors.count {
      // What an object keeps shows late if at all: no more may be left than numbers not told from the next, and what is
      // there not told from what is true.
      if isPlay { return !$0.mutant.isOfNumber && !$0.mutant.isOfPresence }
      return $0.mutant.isEssential && ($0.mutant.isOfOrder || !boundaries.isOutOfReach($0.mutant, on: trial.side))
    }
  }

  /// Whether so many of ten parts of the steps are gone, of `extent` in all.
  private func isSpent(_ tenths: Int) -> Bool {
    runner.steps >= options.steps / 10 * (tenths + extent - 10) || options.isCancelled()
  }

  /// Inputs that tell a surviving mutant apart exercise the change in a new way, so both versions run on them too.
  private mutating func probeForSurvivors(_ trial: inout MutantTrial, patience: Int, tenths: Int) -> Case? {
    var fruitless = 0
    // In a play much hangs on the order of the calls.
    func limit() -> Int { isPlay && isNear(trial) ? 10_000 : patience }
    while !trial.survivors.isEmpty || isPlay && !search.allBranchesTaken, fruitless < limit(), !isSpent(tenths) {
      let input = search.probe()
      fruitless += 1
      let before = trial.survivors.count
      guard trial.tell(input, runner: runner) else { continue }
      if trial.survivors.count < before { fruitless = 0 }
      if let found = search.visit(input) { return found }
    }
    return nil
  }

  /// Looks for inputs at which comparisons turn.
  private mutating func meet(_ boundaries: inout Boundaries, _ trial: inout MutantTrial) -> Case? {
    for (index, reached) in (search.corpus + search.sample).enumerated() {
      if isSpent(10) { return nil }
      boundaries.note(reached.input, runner: runner, isTelling: index < search.corpus.count)
    }
    while !isSpent(10),
      let input = boundaries.approach(&search.generator, for: trial.survivors.map(\.mutant), on: trial.side)
    {
      if let found = search.visit(input) { return found }
      boundaries.note(input, runner: runner)
      _ = trial.tell(input, runner: runner)
    }
    return nil
  }

  /// Tries more of the inputs on which surviving mutants go another way: one of them may come to another end.
  private mutating func follow(_ trial: inout MutantTrial) -> Case? {
    for _ in 0..<600 where !isSpent(10) {
      guard let near = search.generator.random.pick(trial.openDetours) else { return nil }
      let input = search.generator.neighbour(of: near, consulted: [])
      if let found = search.visit(input) { return found }
      _ = trial.tell(input, runner: runner)
    }
    return nil
  }

  /// Looks around inputs that tell the versions apart and fit nothing: what they hit upon may show where values fit.
  private mutating func chase() -> Case? {
    for _ in 0..<600 where !isSpent(10) {
      guard let near = search.generator.random.pick(search.oddities) else { return nil }
      if let found = search.visit(search.generator.neighbour(of: near, consulted: [])) { return found }
    }
    return nil
  }

  /// Counts the inputs on which what survivors change has another value that comes to nothing.
  private mutating func gauge(_ trial: inout MutantTrial) -> Case? {
    trial.makeGauges(runner: runner)
    for reached in search.corpus + search.sample where !isSpent(10) { trial.gauge(reached.input, runner: runner) }
    guard trial.survivors.count * 4 <= trial.total else { return nil }
    for _ in 0..<trial.patience where trial.isGauging && !isSpent(10) {
      let near = search.generator.random.chance(500) ? trial.infected(&search.generator.random) : nil
      let input = near.map { search.generator.neighbour(of: $0, consulted: []) } ?? search.probe()
      if let found = search.visit(input) { return found }
      if !trial.tell(input, runner: runner) { trial.gauge(input, runner: runner) }
    }
    if !isSpent(10) { trial.endGauging() }
    return nil
  }

  /// A case with plain values in place of unknown objects, where a short look finds one: easier to read.
  mutating func plainer(_ found: Case) -> Case {
    let hasUnknown = zip(runner.slots, found.values).contains { slot, value in
      value.isOpaque && slot.shape != .opaque && slot.shape != .callable
    }
    guard hasUnknown else { return found }
    for _ in 0..<40 where !isSpent(9) {
      let input = search.generator.concreteCase(like: found)
      let (old, new) = runner.runBoth(input)
      if runner.compare(old, new) == .different, input.brokenAssumptions(runner.slots).isEmpty,
        !runner.isOdd(input, old, new)
      {
        return input
      }
    }
    return found
  }

  /// Shrinks and describes; nil if the difference does not hold up.
  func tell(_ input: Case) -> Counterexample? { shrunk(input).flatMap { describe($0, or: input) } }

  private func shrunk(_ input: Case) -> Case? {
    let (old, new) = runner.runBoth(input)
    let comparison = runner.compare(old, new)
    guard comparison.isDifference else { return nil }
    var shrinker = Shrinker(
      runner: runner, isStrong: comparison == .different, broken: input.brokenAssumptions(runner.slots),
      steps: max(200_000, options.steps / 10))
    return shrinker.shrink(input)
  }

  private func describe(_ small: Case, or input: Case) -> Counterexample? {
    runner.counterexample(small, limits: runner.limits) ?? runner.counterexample(input, limits: runner.limits)
  }

  /// A strong difference on values that fit, with nothing unknown that has to fit together.
  private func isPlainDifference(_ input: Case) -> Bool {
    let (old, new) = runner.runBoth(input)
    return runner.compare(old, new) == .different && input.brokenAssumptions(runner.slots).isEmpty
      && !runner.isOdd(input, old, new) && !(old.consulted + new.consulted).contains(where: \.isArithmetic)
  }

  private func strength(_ trial: MutantTrial) -> Strength {
    var result = Strength()
    let tally = search.tally
    result.inputs = tally.complete
    result.lopsided = tally.lopsided
    result.handsOtherNames =
      tally.renamed > 0 || runner.old.program.decoratedNames != runner.new.program.decoratedNames
    result.runs = tally.runs
    result.inconclusive = tally.inconclusive
    result.stops = tally.stops.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    for (side, program, taken) in [(Side.old, runner.old, search.covered.old), (.new, runner.new, search.covered.new)] {
      for (index, decision) in program.decisions.enumerated() {
        // Those of a play itself and of the console stand on no line.
        if decision.line == 0, isPlay || runner.author != nil { continue }
        result.branches += 2
        result.branchesTaken += [2 * index, 2 * index + 1].count(where: taken.contains)
        for (id, way) in [(2 * index, "true"), (2 * index + 1, "false")] where !taken.contains(id) {
          result.untaken.append("\(side.rawValue) line \(decision.line), \(decision.kind.rawValue) never \(way)")
        }
      }
    }
    result.mutants = trial.total
    result.mutantsKilled = trial.total - trial.survivors.count
    result.survivors = trial.survivors.map(\.mutant.text)
    result.mutantsKilledOnce = trial.fragile.count
    result.isExhausted = search.isExhausted
    return result
  }

  /// A difference that only values against the annotations of both versions show: no counterexample, but worth a word.
  private func withoutAnnotations() -> Case? {
    guard runner.slots.contains(where: { $0.hint != nil }) else { return nil }
    var free = InputGenerator(
      slots: runner.slots, shapes: shapes, values: values, profile: profile, seed: options.seed,
      respectsAnnotations: false)
    var weak: Case?
    for _ in 0..<300 where !isSpent(10) {
      let input = free.mixedCase()
      guard !input.brokenAssumptions(runner.slots).isEmpty else { continue }
      let (old, new) = runner.runBoth(input)
      switch runner.compare(old, new) {
      case .different: return input
      case .weaklyDifferent: weak = weak ?? input
      default: break
      }
    }
    return weak
  }
}

extension Profile {
  /// Adds what the shapes say of names read from outside, and the constants of both versions.
  func hinted(by shapes: Shapes, _ constants: Constants) -> Profile {
    var result = self
    for (name, shape) in shapes.outer {
      if let kind = shape.kind, result.hints[name] == nil { result.hints[name] = kind }
    }
    var seen = Set(result.constants)
    for value in constants.compared.values.flatMap(\.elements).filter({ $0.items == nil }).prefix(40)
    where seen.insert(value).inserted {
      result.constants.append(value)
    }
    return result
  }
}

extension Shape {
  /// The sort of answer that a world gives for it.
  fileprivate var kind: Profile.Kind? {
    switch self {
    case .any: nil
    case .none: Profile.Kind.none
    case .bool: .bool
    case .int: .int
    case .float: .float
    case .string: .string
    case .bytes: nil
    case .list: .list
    case .tuple: .tuple
    case .set: .list
    case .dictionary, .record: .dictionary
    case .made(_, let content): content.kind
    case .iterator: .list
    case .callable, .opaque: .opaque
    case .literals(let known): known.contains { if case .string = $0 { true } else { false } } ? .string : nil
    case .union(let shapes): shapes.first?.kind
    }
  }
}
