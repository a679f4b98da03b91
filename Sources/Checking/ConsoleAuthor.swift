import BigInt
import Logic

/// Writes what standard input holds, line by line: a program says where it waits for the next line, and a line of some
/// form is kept if the program goes on with it. Which forms suit which place is learned on the way (a bandit for each
/// place: Robbins, Some aspects of the sequential design of experiments, 1952).
final class ConsoleAuthor {
  /// The versions, each taking a list of lines.
  private let programs: [CompiledProgram]
  private let words: ConsoleWords
  private let limits: Limits
  private var scores: [Place: [LineForm: Score]] = [:]
  /// Of lines with a number beyond the first one of all; and where that number itself was read.
  private var beyond: [Place: Score] = [:]
  private var reached: Set<Place> = []
  /// Runs made before.
  private var states: [Start: State] = [:]
  /// Some texts that were read to their end.
  private var known: [[CodePoints]] = []
  private var written = 0
  /// Spent by runs; those of programs that wait are short and many, and count less.
  private(set) var steps = 0
  private static let longest = 14

  /// Where a program waits: the number of the place in its text, and where that is not one of a single line, how many
  /// lines it has had from there, up to 2.
  private struct Place: Hashable {
    var program: Int
    var number: Int
    var turn: Int
  }

  /// How often lines of a form were tried in a place, and how often the program went on.
  private struct Score {
    var tried = 0.0
    var good = 0.0
    var share: Double { (good + 1) / (tried + 2) }
  }

  private struct Start: Hashable {
    var program: Int
    var lines: [CodePoints]
    var awaits: Bool
  }

  private enum State: Equatable {
    case waits(Int)
    case ended, failed
  }

  init(_ programs: [CompiledProgram], constants: Constants) {
    self.programs = programs
    words = ConsoleWords(constants)
    limits = Limits(steps: 20_000)
  }

  /// A text that one of the versions reads to its end, a new one or, once many are known, mostly one that differs little
  /// from one of those; nil where none was found.
  func text(using random: inout Random) -> Input? {
    if written > 240, random.chance(850), let lines = random.pick(known) {
      return changed(Self.input(lines), using: &random) ?? Self.input(lines)
    }
    written += 1
    for _ in 0..<8 {
      guard let lines = draft(random.int(below: programs.count), using: &random) else { continue }
      if known.count < 100 { known.append(lines) } else { known[random.int(below: known.count)] = lines }
      return Self.input(lines)
    }
    return nil
  }

  private func draft(_ program: Int, using random: inout Random) -> [CodePoints]? {
    var draft = ConsoleDraft()
    var used: [(Place, LineForm)] = []
    var turns: [Int: Int] = [:]
    var state = run(program, [])
    while draft.lines.count < Self.longest {
      guard case .waits(let number) = state else { return state == .ended ? draft.lines : nil }
      // Where all is read in one place, the first line differs from others.
      let place = Place(program: program, number: number, turn: number > 0 ? 0 : min(2, turns[number] ?? 0))
      var isKept = false
      for _ in 0..<6 where !isKept {
        let form = pick(at: place, draft, using: &random)
        let next = form.isEnd ? draft : draft.adding(form, at: number, words, using: &random)
        state = run(program, next.lines, awaits: !form.isEnd)
        isKept = state != .failed
        // Lines that suit one version alone may show a difference, and most often show that they are malformed.
        let suitsBoth = isKept && othersGoOn(than: program, next.lines, awaits: !form.isEnd)
        for (place, form) in form.isEnd ? used + [(place, form)] : [(place, form)] {
          note(form, at: place, suitsBoth ? 1 : isKept ? 0.3 : 0, weight: form.isEnd ? 0.5 : 1)
        }
        if isKept, !suitsBoth, !form.isEnd, random.chance(700) { isKept = false }
        if form.isEnd {
          if isKept { return next.lines }
          continue
        }
        noteBound(at: place, draft, next, isKept)
        guard isKept else { continue }
        draft = next
        used.append((place, form))
        turns[number, default: 0] += 1
      }
      if !isKept { return nil }
    }
    return nil
  }

  private func othersGoOn(than program: Int, _ lines: [CodePoints], awaits: Bool) -> Bool {
    programs.indices.allSatisfy { $0 == program || run($0, lines, awaits: awaits) != .failed }
  }

  private func noteBound(at place: Place, _ draft: ConsoleDraft, _ next: ConsoleDraft, _ isKept: Bool) {
    guard let count = draft.header.first, let numbers = next.lines.last?.words.compactMap(\.wholeNumber) else { return }
    if numbers.contains(where: { $0 > count }) {
      beyond[place, default: Score()].tried += 1
      if isKept { beyond[place]?.good += 1 }
    } else if isKept, numbers.contains(count) {
      reached.insert(place)
    }
  }

  private func pick(at place: Place, _ draft: ConsoleDraft, using random: inout Random) -> LineForm {
    let known = scores[place] ?? [:]
    var total = 0.0
    let weights = words.forms.map { form -> Double in
      let share = (known[form] ?? Score()).share
      total += form.weight(after: draft) * share * share * share
      return total
    }
    let roll = Double(random.int(below: 1_000_000)) / 1_000_000 * total
    return words.forms[weights.firstIndex { roll < $0 } ?? 0]
  }

  private func note(_ form: LineForm, at place: Place, _ share: Double, weight: Double) {
    scores[place, default: [:]][form, default: Score()].tried += weight
    scores[place]?[form]?.good += weight * share
  }

  private func run(_ program: Int, _ lines: [CodePoints], awaits: Bool = true) -> State {
    let start = Start(program: program, lines: lines, awaits: awaits)
    if let known = states[start] { return known }
    if states.count > 20_000 { states = [:] }
    let state = newRun(program, lines, awaits: awaits)
    states[start] = state
    return state
  }

  private func newRun(_ program: Int, _ lines: [CodePoints], awaits: Bool) -> State {
    var limits = limits
    limits.awaitsLines = awaits
    let execution = Interpreter.run(
      programs[program], arguments: [Self.input(lines)], world: World(profile: .calm), limits: limits)
    steps += (execution.steps + 30) / 3
    switch execution.outcome {
    case .stopped(.line(let number)): return .waits(number)
    case .returned, .yielded: return .ended
    case .stopped: return .failed
    case .raised: return execution.outcome.isImplicitFailure ? .failed : .ended
    }
  }

  private static func input(_ lines: [CodePoints]) -> Input { .list(lines.map(Input.string)) }

  private static func lines(_ input: Input) -> [CodePoints]? {
    guard case .list(let items) = input else { return nil }
    let lines = items.compactMap { if case .string(let text) = $0, !text.values.contains(10) { text } else { nil } }
    return lines.count == items.count ? lines : nil
  }
}

extension ConsoleAuthor {
  /// Whether one version reads the whole text, waits for no more and does not fail.
  func accepts(_ input: Input) -> Bool {
    guard let lines = Self.lines(input), lines.count <= 2 * Self.longest else { return false }
    return programs.indices.contains { index in
      switch run(index, lines) {
      // Where it goes on until the end, the end may come now.
      case .waits: run(index, lines, awaits: false) == .ended
      case .ended: lines.isEmpty || run(index, lines.dropLast()) != .ended
      case .failed: false
      }
    }
  }

  /// The text with a word or two changed, as long as the numbers that count something still do.
  func changed(_ input: Input, using random: inout Random) -> Input? {
    guard let lines = Self.lines(input) else { return nil }
    let links = ConsoleDraft.links(in: lines)
    for _ in 0..<8 {
      var next = lines.map { $0.words }
      for _ in 0..<(1 + random.int(below: 2)) {
        guard let line = random.pick(Array(next.indices)), let place = random.pick(Array(next[line].indices)) else {
          continue
        }
        switch random.int(below: 10) {
        case 0: next[line].insert(next[line][place], at: random.int(below: next[line].count + 1))
        case 1 where next[line].count > 1: next[line].remove(at: place)
        case 2: next[line].swapAt(place, random.int(below: next[line].count))
        case 3: next.insert(next[line], at: random.int(below: next.count + 1))
        case 4 where next.count > 1: next.swapAt(line, random.int(below: next.count))
        case 5:
          guard let other = random.pick(random.pick(known) ?? []) else { continue }
          next.insert(other.words, at: random.int(below: next.count + 1))
        default: next[line][place] = words.near(next[line][place], among: next.flatMap { $0 }, using: &random)
        }
      }
      let changed = next.map { CodePoints(joining: $0) }
      if changed != lines, ConsoleDraft.links(in: changed).isSuperset(of: links), accepts(Self.input(changed)) {
        return Self.input(changed)
      }
    }
    return nil
  }

  /// Whether the text is such as a program of this kind is given: the first line and lines of one number hold no number
  /// below one, no number is out of the range of those that number things, and where lines may hold any number of words,
  /// or signs, the last line before that is read elsewhere says how many.
  func isPlain(_ input: Input, withAnyNumbers: Bool = false) -> Bool {
    guard let lines = Self.lines(input), accepts(input) else { return false }
    var draft = ConsoleDraft()
    for (index, line) in lines.enumerated() {
      let places = programs.indices.compactMap { place($0, lines, index) }
      let number = places.first { $0.number > 0 }?.number ?? places.first?.number ?? 0
      let words = line.words
      let numbers = words.compactMap(\.wholeNumber)
      let counts = draft.counts(at: number)
      if words.isEmpty { return false }
      if !withAnyNumbers, index == 0 || words.count == 1, numbers.contains(where: { $0 < 1 }) { return false }
      if let low = numbers.min(), low < 1, places.contains(where: { low < lowest(at: $0) ?? low }) { return false }
      if !counts.isEmpty {
        if words.count == 1, numbers.isEmpty, !counts.contains(BigInt(words[0].values.count)) { return false }
        if words.count > 1, places.contains(where: isOfAnyLength), !counts.contains(BigInt(words.count)) {
          return false
        }
      }
      draft.append(line, at: number)
    }
    return true
  }

  /// Where a version reads this line; nil where it does not get there.
  private func place(_ program: Int, _ lines: [CodePoints], _ index: Int) -> Place? {
    guard case .waits(let number) = run(program, Array(lines[..<index])) else { return nil }
    return Place(program: program, number: number, turn: 0)
  }

  private func turns(of place: Place) -> [Place] {
    (0...2).map { Place(program: place.program, number: place.number, turn: $0) }
  }

  /// Where numbers beyond the first one of all make a version fail, numbers number things: from 0 or from 1.
  private func lowest(at place: Place) -> BigInt? {
    let known = turns(of: place).compactMap { beyond[$0] }
    let (tried, good) = (known.reduce(0) { $0 + $1.tried }, known.reduce(0) { $0 + $1.good })
    guard tried >= 4, good * 2 < tried else { return nil }
    return turns(of: place).contains(where: reached.contains) ? 1 : 0
  }

  /// Whether a longer or a shorter line would do.
  private func isOfAnyLength(_ place: Place) -> Bool {
    // All at once: nothing is known of single lines.
    if place.number < 0 { return true }
    return turns(of: place).contains { turn in
      LineForm.lists.contains { (scores[turn]?[$0]?.good ?? 0) >= 2 && (scores[turn]?[$0]?.share ?? 0) > 0.35 }
    }
  }

  /// Whether one version fails on words at the ends of lines that the other never reads.
  func isOverfull(_ input: Input, _ fails: (Input) -> Bool) -> Bool {
    guard let lines = Self.lines(input) else { return false }
    return lines.indices.contains { index in
      var words = lines[index].words
      while words.count > 1 {
        words.removeLast()
        var shorter = lines
        shorter[index] = CodePoints(joining: words)
        if !fails(Self.input(shorter)) { return true }
      }
      return false
    }
  }
}
