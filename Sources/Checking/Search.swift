import Logic
import OrderedCollections

/// A case that reached something, and what it asked the world.
struct Reached: Sendable {
  var input: Case
  var consulted: [Consultation]
  /// It ran the changed region to its end in both versions.
  var isComplete: Bool
  /// What its runs held against each other, once somebody asked.
  var meetings: [Meeting]?
}

/// What a search met on its way.
struct Tally: Sendable {
  var runs = 0
  /// Ran the changed region to its end in both versions.
  var complete = 0
  var inconclusive = 0
  var bothFailedOnTypes = 0
  /// Why runs stopped, with how often.
  var stops: OrderedDictionary<String, Int> = [:]
  var unsupported = 0
  /// Stopped for want of steps.
  var ranOn = 0
  /// Small inputs on which one version came to an end and the other ran on.
  var lopsided = 0
  /// Runs that hand out functions whose parameters have other names.
  var renamed = 0
}

/// Searches for a case on which the versions differ: rounds of growing cost, guided by the branches that each case
/// took (Zalewski, american fuzzy lop: technical details, 2014) and by what worked before.
struct Search {
  let runner: PairRunner
  var generator: InputGenerator
  let region: Region
  let options: CheckOptions
  private(set) var tally = Tally()
  private(set) var corpus: [Reached] = []
  private(set) var covered: (old: Coverage, new: Coverage)
  /// Plain cases kept for mutants, besides the corpus.
  private(set) var sample: [Reached] = []
  private var frontier: (old: Frontier, new: Frontier)
  private var seen: Set<Case> = []
  private var repeated = 0
  /// Some run has asked the world something; until then cases that differ only in the world are one.
  private var asksWorld = false
  /// The first difference on values that the code is not made for, or where both versions only fail by themselves.
  private(set) var odd: Case?
  /// A program was given a text of the right form with numbers that it may not be made for, and was not the same.
  private(set) var isDoubtful = false
  /// Some of those met.
  private(set) var oddities: [Case] = []
  private var weak: Case?
  private var weakCount = 0
  /// Unknown code raised where the weak difference is: that is no failure of the code's own.
  private var weakIsRaised = false
  private var weakAt = 0
  /// The first difference that rests on what arithmetic of unknown objects gives, and how many do. Nothing makes such
  /// answers fit together, so it counts where runs on plain numbers and texts do not say otherwise.
  private var incoherent: Case?
  private var incoherentCount = 0
  /// The first run that the new version alone fails on by type, and of how many that the old one completes.
  private var broken: Case?
  private var brokenByNew = 0
  private var completedByOld = 0
  /// The first difference that an unknown object shows where a value of a known sort stands.
  private var vague: Case?
  /// Runs of the changed region on values of those sorts on which the versions agree.
  private var plainCount = 0
  /// Runs of the changed region that end without a failure and on which the versions agree.
  private var agreeing = 0
  /// Those of them without such arithmetic.
  private var coherentCount = 0
  private var lastNews = 0

  init(runner: PairRunner, generator: InputGenerator, region: Region, options: CheckOptions) {
    self.runner = runner
    self.generator = generator
    self.region = region
    self.options = options
    let areAlike = runner.old.program.caught == runner.new.program.caught
    covered = (
      Coverage(runner.old, handlersAreAlike: areAlike), Coverage(runner.new, handlersAreAlike: areAlike)
    )
    frontier = (Frontier(runner.old), Frontier(runner.new))
  }

  private enum Strategy: Int, CaseIterable {
    case mixed, small, opaque, neighbour, directed, corresponding
  }

  /// All that is small has been tried, or runs take so long that few can be.
  var isExhausted: Bool {
    tally.ranOn * 4 > tally.runs || repeated > 600 || runner.steps > 1_000 * tally.runs && tally.runs < 2_000
  }

  var allBranchesTaken: Bool { covered.old.isFull && covered.new.isFull }

  /// The first strong difference, or a weak one when a while of looking gave none better.
  mutating func run(steps limit: Int) -> Case? {
    let small = generator.smallCases(limit: 200) + generator.singleCases(limit: 120)
    for input in small {
      if let found = visit(input) { return found }
      if isOver(limit) { return concluded(limit) }
    }
    // Few steps do for small inputs, and a loop that never ends costs no more; where many end early, there are more.
    if tally.ranOn * 3 > tally.runs { runner.limits.steps = options.stepsPerRun }
    let base = [45, 12, 25, 40, 60, 40]
    var useful = [Int](repeating: 1, count: base.count)
    var tried = [Int](repeating: 2, count: base.count)
    var open: [OpenSide] = []
    var round = 0
    while !isOver(limit) {
      var weights: [Int] = []
      if round % 8 == 0 { open = openSides() }
      round += 1
      for index in base.indices {
        let share = base[index] * useful[index] * 100 / tried[index] + 1
        switch Strategy(rawValue: index) {
        case .neighbour where corpus.isEmpty, .corresponding where corpus.isEmpty, .directed where open.isEmpty:
          weights.append(0)
        default: weights.append(share)
        }
      }
      var roll = generator.random.int(below: weights.reduce(0, +))
      var choice = 0
      while choice < base.count - 1, roll >= weights[choice] {
        roll -= weights[choice]
        choice += 1
      }
      let input: Case
      switch Strategy(rawValue: choice) ?? .mixed {
      case .mixed: input = generator.mixedCase()
      case .small: input = generator.smallCase()
      case .opaque: input = generator.opaqueCase()
      case .neighbour:
        // The newest reached most.
        let recent = generator.random.chance(500) ? max(0, corpus.count - 8) : 0
        let entry = corpus[recent + generator.random.int(below: corpus.count - recent)]
        input = generator.neighbour(of: entry.input, consulted: entry.consulted)
      case .directed: input = redirected(open)
      case .corresponding: input = corresponding(fromSample: generator.random.chance(300))
      }
      let before = (tally.bothFailedOnTypes + tally.inconclusive, tally.runs)
      if let found = visit(input) { return found }
      tried[choice] += 1
      if tally.runs > before.1, tally.bothFailedOnTypes + tally.inconclusive == before.0 { useful[choice] += 1 }
      if tried[choice] > 400 {
        tried[choice] /= 2
        useful[choice] = max(1, useful[choice] / 2)
      }
    }
    return concluded(limit)
  }

  /// What was found, once enough plain inputs have been tried to outweigh what only unknown objects show.
  private mutating func concluded(_ limit: Int) -> Case? {
    guard vague != nil || incoherent != nil else { return telling }
    for _ in 0..<6 * Self.persuasive {
      if options.isCancelled() || runner.steps >= limit / 10 * 12 { break }
      if (vague == nil || plainCount >= Self.persuasive) && (incoherent == nil || coherentCount >= Self.persuasive) {
        break
      }
      if let found = visit(generator.plainCase(like: generator.random.pick(sample)?.input)) { return found }
    }
    return telling
  }

  /// Some unknown object in the place of a value of a known sort shows a difference.
  var hasVague: Bool { vague != nil }

  /// As many agreeing runs on plain values as outweigh what unknown arithmetic shows.
  private static let persuasive = 100

  /// A weak difference counts where it is no exception.
  private var telling: Case? {
    mutating get {
      // Code that nearly nothing gets through is broken, whatever it was given.
      if let broken, brokenByNew >= 20, brokenByNew * 10 >= completedByOld * 8 { return broken }
      if let incoherent {
        if coherentCount < Self.persuasive, incoherentCount * 6 >= agreeing { return incoherent }
        odd = odd ?? incoherent
      }
      if let vague, plainCount < Self.persuasive { return vague }
      guard let weak else { return nil }
      if weakIsRaised || weakCount * 6 >= tally.complete { return weak }
      odd = odd ?? weak
      return nil
    }
  }

  private typealias OpenSide = (version: Side, side: Int)

  /// Sides not taken yet that a run came near to: those on the way to the change while any is left.
  private func openSides() -> [OpenSide] {
    if allBranchesTaken { return [] }
    func open(_ frontier: Frontier, _ version: Side) -> [OpenSide] {
      frontier.places.elements.filter { $0.value.tries < 400 }.map { (version, $0.key) }
    }
    let all = open(frontier.new, .new) + open(frontier.old, .old)
    let leading = all.filter { region.leads(through: $0.side, $0.version) }
    return leading.isEmpty ? all : leading
  }

  private mutating func redirected(_ open: [OpenSide]) -> Case {
    let chosen = open[generator.random.int(below: open.count)]
    let known = chosen.version == .old ? frontier.old : frontier.new
    guard let place = known.places[chosen.side] else { return generator.mixedCase() }
    if chosen.version == .old { frontier.old.tried(chosen.side) } else { frontier.new.tried(chosen.side) }
    if generator.random.chance(500) {
      let meetings = place.meetings ?? meetings(before: chosen.side ^ 1, of: place.input, chosen.version)
      if place.meetings == nil {
        if chosen.version == .old {
          frontier.old.keep(meetings, at: chosen.side)
        } else {
          frontier.new.keep(meetings, at: chosen.side)
        }
      }
      if let input = generator.answering(place.input, consulted: place.asked, meetings: meetings) { return input }
    }
    return generator.redirected(place, test: known.test(of: chosen.side))
  }

  /// The last things that a run held against each other before it took a side.
  private func meetings(before side: Int, of input: Case, _ version: Side) -> [Meeting] {
    let all = runner.meetings(version, input)
    let end = all.firstIndex(of: .decided(side)) ?? all.endIndex
    var found: [Meeting] = []
    for meeting in all[..<end].reversed() where found.count < 6 {
      if case .decided = meeting { if found.isEmpty { continue } else { break } }
      found.append(meeting)
    }
    return found
  }

  /// A case like one that is kept, on which two values that it held against each other stand otherwise.
  private mutating func corresponding(fromSample: Bool) -> Case {
    let isOfSample = fromSample && !sample.isEmpty
    let index = generator.random.int(below: isOfSample ? sample.count : corpus.count)
    var entry = isOfSample ? sample[index] : corpus[index]
    if entry.meetings == nil {
      let all = OrderedSet(runner.meetings(.old, entry.input) + runner.meetings(.new, entry.input))
      entry.meetings = all.filter { if case .decided = $0 { false } else { true } }
      if isOfSample { sample[index] = entry } else { corpus[index] = entry }
    }
    return generator.answering(entry.input, consulted: entry.consulted, meetings: entry.meetings ?? [])
      ?? generator.neighbour(of: entry.input, consulted: entry.consulted)
  }

  private func isOver(_ limit: Int) -> Bool {
    if runner.steps >= limit || tally.runs >= options.maximumRuns || options.isCancelled() { return true }
    if weak != nil, tally.runs - weakAt > 250, weakIsRaised || weakCount * 6 >= tally.complete { return true }
    if incoherentCount > 250, coherentCount == 0 { return true }
    if tally.runs >= 60, tally.unsupported == tally.runs { return true }
    // The space of inputs is all but exhausted.
    if repeated > 600 { return true }
    guard tally.runs >= options.minimumRuns else { return false }
    let quiet = tally.runs - lastNews
    if allBranchesTaken { return tally.complete >= options.adequateInputs && quiet >= options.minimumRuns / 4 }
    return quiet >= 3 * options.minimumRuns && tally.complete >= options.adequateInputs
  }

  /// Runs both versions on a case; returns it when it is a strong difference.
  mutating func visit(_ input: Case) -> Case? {
    var key = input
    if !asksWorld {
      key.world = World()
      key.world.profile.drive = input.world.profile.drive
    }
    guard seen.insert(key).inserted else {
      repeated += 1
      if repeated % 24 == 0 { generator.values.spread = min(generator.values.spread + 1, 32) }
      return nil
    }
    repeated = 0
    let (old, new) = runner.runBoth(input)
    tally.runs += 1
    learnWidth(of: input, from: max(old.steps, new.steps), isOver: old.outcome.isStopped || new.outcome.isStopped)
    if !asksWorld, !old.consulted.isEmpty || !new.consulted.isEmpty { asksWorld = true }
    for execution in [old, new] {
      guard case .stopped(let reason) = execution.outcome else { continue }
      tally.stops[reason.description, default: 0] += 1
      if reason == .fuel { tally.ranOn += 1 }
      if case .unsupported = reason {
        tally.unsupported += 1
        break
      }
    }
    // Where values do not fit, steps of a loop need not end.
    if isLopsided(input, old, new) || isLopsided(input, new, old), !runner.isOdd(input, old, new) {
      tally.lopsided += 1
    }
    if region.isComplete(old, .old) {
      completedByOld += 1
      if new.outcome.isTypeFailure, !PairRunner.raises(old, new) {
        brokenByNew += 1
        broken = broken ?? input
      }
    }
    var comparison = runner.compare(old, new)
    // What both ask alike explains no difference.
    let isArithmetic = Self.arithmetic(old) != Self.arithmetic(new)
    if comparison == .different, isArithmetic { comparison = .weaklyDifferent }
    if comparison.isDifference, runner.callsApart.shows(old, new) { return input }
    switch comparison {
    case let difference where difference.isDifference && runner.isOdd(input, old, new):
      odd = odd ?? input
      if runner.isDoubtful(input, old, new) { isDoubtful = true }
      if oddities.count < 16 {
        oddities.append(input)
      } else {
        oddities[generator.random.int(below: oddities.count)] = input
      }
      if difference == .different || isArithmetic, vague == nil, runner.isOnlyVague(input, old, new) { vague = input }
    case .different: return input
    case .weaklyDifferent where isArithmetic && !PairRunner.raises(old, new):
      incoherentCount += 1
      incoherent = incoherent ?? input
    case .weaklyDifferent:
      weakCount += 1
      let isRaised = PairRunner.raises(old, new)
      if weak == nil || isRaised && !weakIsRaised {
        weakIsRaised = isRaised
        weak = input
        weakAt = tally.runs
      }
    case .inconclusive: tally.inconclusive += 1
    case .equal:
      if old.handedNames != new.handedNames { tally.renamed += 1 }
      keep(input, old, new)
      // A run that fails may have come to the change and no further.
      if region.isComplete(old, .old), region.isComplete(new, .new), !Self.fails(old), !Self.fails(new) {
        agreeing += 1
        if !isArithmetic { coherentCount += 1 }
        if !runner.isVague(input, old, new) { plainCount += 1 }
      }
    }
    return nil
  }

  /// It ends by an exception that it did not raise itself.
  private static func fails(_ run: Execution) -> Bool {
    run.outcome.isImplicitFailure || run.outcome.isRaised && PairRunner.raises(run, run)
  }

  private static func arithmetic(_ execution: Execution) -> Set<Consultation> {
    Set(execution.consulted.filter(\.isArithmetic))
  }

  private func isLopsided(_ input: Case, _ long: Execution, _ short: Execution) -> Bool {
    guard long.outcome == .stopped(.fuel), !short.outcome.isStopped, long.steps > 20 * short.steps else { return false }
    return input.values.allSatisfy { value in
      switch value {
      case .int(let number): number.magnitude <= 8
      case .list(let lines) where runner.author != nil:
        lines.allSatisfy { line in
          guard case .string(let text) = line else { return true }
          return text.words.allSatisfy { ($0.wholeNumber?.magnitude ?? 0) <= 8 }
        }
      default: true
      }
    }
  }

  /// An integer that makes a run long leaves no steps for others.
  private mutating func learnWidth(of input: Case, from steps: Int, isOver: Bool) {
    guard steps > 15_000 || isOver && steps > 3_000 else { return }
    let integers = input.values.compactMap { value -> Int? in
      if case .int(let number) = value { Int(clamping: number.magnitude) } else { nil }
    }
    guard let largest = integers.max(), largest > 64 else { return }
    let reach = isOver ? max(64, largest / 2) : max(512, largest / 4 * 3)
    generator.values.widest = min(generator.values.widest, reach)
  }

  private mutating func keep(_ input: Case, _ old: Execution, _ new: Execution) {
    let failed = old.outcome.isTypeFailure && new.outcome.isTypeFailure
    if failed { tally.bothFailedOnTypes += 1 }
    let isComplete = region.isComplete(old, .old) && region.isComplete(new, .new)
    if isComplete { tally.complete += 1 }
    let reached = {
      Reached(input: input, consulted: Self.merged(old.consulted, new.consulted), isComplete: isComplete)
    }
    if !allBranchesTaken {
      frontier.old.note(input, old, covered: covered.old)
      frontier.new.note(input, new, covered: covered.new)
    }
    let isNewsOfOld = covered.old.add(old)
    let isOftenerInOld = covered.old.addFrequencies(old)
    let isOftener = covered.new.addFrequencies(new) || isOftenerInOld
    if covered.new.add(new) || isNewsOfOld {
      lastNews = tally.runs
      corpus.append(reached())
    } else if isOftener, !failed, corpus.count < 64 {
      corpus.append(reached())
    } else if isComplete, sample.count < 160 {
      sample.append(reached())
      if corpus.count < 6 { corpus.append(reached()) }
    } else if isComplete, generator.random.int(below: tally.complete) < 160 {
      sample[generator.random.int(below: sample.count)] = reached()
    } else if corpus.isEmpty, !failed {
      corpus.append(reached())
    }
  }

  private static func merged(_ left: [Consultation], _ right: [Consultation]) -> [Consultation] {
    if left == right { return left }
    var paths = Set(left.map(\.path))
    return left + right.filter { paths.insert($0.path).inserted }
  }

  /// A neighbour of a case that ran the changed region, for telling mutants apart.
  mutating func probe() -> Case {
    if generator.random.chance(400), !corpus.isEmpty { return corresponding(fromSample: true) }
    let complete = sample.isEmpty ? corpus : sample
    guard let entry = generator.random.pick(complete), generator.random.chance(700) else {
      return generator.random.chance(500) ? generator.mixedCase() : generator.opaqueCase()
    }
    return generator.neighbour(of: entry.input, consulted: entry.consulted)
  }
}

extension Program {
  /// What its handlers catch, and what its `with` enters, with how often.
  fileprivate var caught: [Expression?: Int] {
    var result: [Expression?: Int] = [:]
    func read(_ procedure: Procedure) {
      procedure.forEachNode { node in
        guard case .statement(let statement) = node else { return }
        switch statement.kind {
        case .tryBlock(_, let handlers, _, _): for handler in handlers { result[handler.type, default: 0] += 1 }
        case .with(let manager, _, _, _): result[manager, default: 0] += 1
        default: break
        }
      }
    }
    read(procedure)
    for helper in functions.values { read(helper) }
    return result
  }
}
