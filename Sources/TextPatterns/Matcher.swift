/// Runs a program over a text by backtracking.
///
/// Backtracking keeps two stacks of its own, so that the depth of recursion depends on nothing: the choices not yet
/// tried, and a trail of overwritten registers that a failure rewinds. Rejected: a recursive matcher, which a long
/// text overflows, and an automaton, which has no backreferences and no order among alternatives.
struct Matcher {
  /// What to try where the present path fails.
  private struct Choice {
    var instruction: Int
    var place: Int
    /// A greedy run steps back from `place` to `bound`; a lazy one may extend up to it.
    var bound: Int
    /// The length of the trail.
    var trail: Int
    var savesMarks: Bool
  }

  private enum Outcome { case proceed, fail, success }

  private let program: Program
  private let text: [UInt32]
  private let end: Int
  private let mustEnd: Bool
  private var registers: [Int]
  private var trail: [(register: Int, value: Int)] = []
  private var choices: [Choice] = []
  private var instruction = 0
  /// The instruction being executed; `instruction` is the next.
  private var current = 0
  private var place = 0
  private var bound = 0
  private var steps = 0
  /// The place where a match would repeat an empty one.
  private var refusedEnd = -1

  init(_ program: Program, text: [UInt32], end: Int, mustEnd: Bool) {
    self.program = program
    self.text = text
    self.end = end
    self.mustEnd = mustEnd
    registers = Array(repeating: -1, count: program.registerCount)
  }

  // MARK: - Matches

  /// The first match that begins at `start` or after; `refusingEmpty`: one at `start` has to consume something.
  mutating func search<E: Error>(
    from start: Int, refusingEmpty: Bool = false, charge: (Int) throws(E) -> Void
  ) throws(E) -> Match? {
    var start = start
    refusedEnd = refusingEmpty ? start : -1
    while start <= end - program.leastWidth {
      if canBegin(at: start), let match = try match(at: start, charge: charge) { return match }
      refusedEnd = -1
      steps += 1
      if steps >= 64 { try pay(charge) }
      start += 1
    }
    try pay(charge)
    return nil
  }

  /// The match that begins at `start`.
  mutating func match<E: Error>(at start: Int, charge: (Int) throws(E) -> Void) throws(E) -> Match? {
    reset(to: start)
    while true {
      steps += 1
      if steps >= 64 { try pay(charge) }
      switch step() {
      case .proceed: continue
      case .fail: if !backtrack() { return nil }
      case .success:
        try pay(charge)
        return match(from: start)
      }
    }
  }

  private func canBegin(at start: Int) -> Bool {
    guard let test = program.firstTest else { return true }
    return start < end && passes(test, text[start])
  }

  private mutating func pay<E: Error>(_ charge: (Int) throws(E) -> Void) throws(E) {
    let work = steps
    steps = 0
    try charge(work)
  }

  private mutating func reset(to start: Int) {
    choices.removeAll(keepingCapacity: true)
    rewind(to: 0)
    instruction = 0
    place = start
  }

  private func match(from start: Int) -> Match {
    let groups = (0..<program.groupCount).map(span)
    let last = registers[program.lastIndexSlot]
    return Match(spans: [start..<place] + groups, lastIndex: last < 0 ? nil : last)
  }

  /// The span of the group with the index less one; nil where it took no part.
  private func span(_ group: Int) -> Range<Int>? {
    let start = registers[2 * group]
    let end = registers[2 * group + 1]
    return start >= 0 && end >= start && registers[program.lastMarkSlot] > 2 * group ? start..<end : nil
  }

  // MARK: - Backtracking

  private mutating func set(_ register: Int, _ value: Int) {
    trail.append((register, registers[register]))
    registers[register] = value
  }

  private mutating func rewind(to length: Int) {
    while trail.count > length, let entry = trail.popLast() { registers[entry.register] = entry.value }
  }

  /// Rewinds all but the marks, which stay on the trail for choices made earlier.
  private mutating func rewindKeepingMarks(to length: Int) {
    var kept: [(register: Int, value: Int)] = []
    while trail.count > length, let entry = trail.popLast() {
      if entry.register < program.lastIndexSlot {
        kept.append(entry)
      } else {
        registers[entry.register] = entry.value
      }
    }
    trail += kept.reversed()
  }

  private mutating func push(_ target: Int, place: Int, bound: Int) {
    let savesMarks = !program.showsStaleMarks || program.savesMarks[current]
    choices.append(
      Choice(instruction: target, place: place, bound: bound, trail: trail.count, savesMarks: savesMarks))
  }

  /// Has the marks taken back even after the last choice of the current instruction failed.
  private mutating func guardMarks() {
    guard program.showsStaleMarks, program.savesMarks[current] else { return }
    push(program.failure, place: place, bound: place)
  }

  /// Drops the choices above a height.
  private mutating func cut(to height: Int) { choices.removeLast(choices.count - height) }

  /// Takes up the latest choice; false where none is left.
  private mutating func backtrack() -> Bool {
    guard let choice = choices.last else { return false }
    choice.savesMarks ? rewind(to: choice.trail) : rewindKeepingMarks(to: choice.trail)
    instruction = choice.instruction
    place = choice.place
    bound = choice.bound
    if choice.place > choice.bound {
      choices[choices.count - 1].place -= 1
      choices[choices.count - 1].trail = trail.count
    } else {
      choices.removeLast()
    }
    return true
  }

  // MARK: - Instructions

  private mutating func step() -> Outcome {
    current = instruction
    instruction += 1
    switch program.instructions[current] {
    case .one(let test):
      guard place < end, passes(test, text[place]) else { return .fail }
      place += 1
    case .position(let position, let ascii): return holds(position, ascii: ascii) ? .proceed : .fail
    case .mark(let slot): mark(slot)
    case .fork(let other):
      guardMarks()
      push(other, place: place, bound: place)
    case .jump(let target): instruction = target
    case .run(let test, let bounds): return run(test, bounds)
    case .lazyRun(let test, let bounds): return lazyRun(test, bounds)
    case .extend(let test): return extend(test)
    case .enter(let loop, let target):
      set(loop.count, 0)
      set(loop.last, -1)
      instruction = target
    case .loop(let loop): decide(loop)
    case .again(let loop): return beginOptionalRound(loop) ? .proceed : .fail
    case .hold(let register): set(register, choices.count)
    case .commit(let register): cut(to: registers[register])
    case .look(let register, let back): return look(register, back)
    case .endLook(let register):
      cut(to: registers[register])
      place = registers[register + 1]
    case .lookNot(let register, let back, let onward): lookNot(register, back, onward)
    case .endLookNot(let register):
      cut(to: registers[register])
      return .fail
    case .reference(let group, let folding): return refer(to: group, folding) ? .proceed : .fail
    case .branchUnless(let group, let target): if span(group - 1) == nil { instruction = target }
    case .fail: return .fail
    case .end: return (mustEnd && place != end) || place == refusedEnd ? .fail : .success
    }
    return .proceed
  }

  private func passes(_ test: CharacterTest, _ point: UInt32) -> Bool {
    switch test {
    case .literal(let literal): point == literal
    case .notLiteral(let literal): point != literal
    case .notLineFeed: point != 10
    case .any: true
    case .set(let index): program.sets[index].contains(point)
    }
  }

  private mutating func mark(_ slot: Int) {
    let last = registers[program.lastMarkSlot]
    if slot > last {
      for skipped in (last + 1)..<slot where registers[skipped] >= 0 { set(skipped, -1) }
      set(program.lastMarkSlot, slot)
    }
    set(slot, place)
    if slot % 2 == 1 { set(program.lastIndexSlot, slot / 2 + 1) }
  }

  // MARK: - Repetitions

  /// Moves over as many characters as pass, at most `limit`.
  private mutating func scan(_ test: CharacterTest, limit: Int) {
    let start = place
    let stop = limit < end - place ? place + limit : end
    while place < stop, passes(test, text[place]) { place += 1 }
    steps += place - start
  }

  private mutating func run(_ test: CharacterTest, _ bounds: Bounds) -> Outcome {
    let least = place + bounds.minimum
    scan(test, limit: bounds.maximum)
    guard place >= least else { return .fail }
    guard bounds.kind == .greedy else { return .proceed }
    guardMarks()
    if place > least { push(instruction, place: place - 1, bound: least) }
    return .proceed
  }

  private mutating func lazyRun(_ test: CharacterTest, _ bounds: Bounds) -> Outcome {
    let start = place
    scan(test, limit: bounds.minimum)
    guard place == start + bounds.minimum else { return .fail }
    let limit = bounds.maximum < end - start ? start + bounds.maximum : end
    guardMarks()
    if place < limit { push(instruction, place: place, bound: limit) }
    instruction += 1
    return .proceed
  }

  private mutating func extend(_ test: CharacterTest) -> Outcome {
    guard passes(test, text[place]) else { return .fail }
    place += 1
    if place < bound { push(instruction - 1, place: place, bound: bound) }
    return .proceed
  }

  /// Goes into the body once more or on behind the loop.
  private mutating func decide(_ loop: Loop) {
    if loop.bounds.kind == .possessive { set(loop.height, choices.count) }
    if registers[loop.count] < loop.bounds.minimum {
      set(loop.count, registers[loop.count] + 1)
      instruction = loop.body
    } else if loop.bounds.kind == .lazy {
      push(instruction, place: place, bound: place)
      instruction += 1
    } else if mayRepeat(loop) {
      push(instruction, place: place, bound: place)
      _ = beginOptionalRound(loop)
    }
  }

  private func mayRepeat(_ loop: Loop) -> Bool {
    let isBelow = loop.bounds.maximum == Bounds.unbounded || registers[loop.count] < loop.bounds.maximum
    return isBelow && registers[loop.last] != place
  }

  private mutating func beginOptionalRound(_ loop: Loop) -> Bool {
    guard mayRepeat(loop) else { return false }
    set(loop.count, registers[loop.count] + 1)
    set(loop.last, place)
    instruction = loop.body
    return true
  }

  // MARK: - Looking around and back

  private mutating func look(_ register: Int, _ back: Int) -> Outcome {
    guard place >= back else { return .fail }
    set(register, choices.count)
    set(register + 1, place)
    place -= back
    return .proceed
  }

  private mutating func lookNot(_ register: Int, _ back: Int, _ onward: Int) {
    guard place >= back else {
      instruction = onward
      return
    }
    set(register, choices.count)
    push(onward, place: place, bound: place)
    place -= back
  }

  private mutating func refer(to group: Int, _ folding: CaseFolding) -> Bool {
    guard let span = span(group - 1), span.count <= end - place else { return false }
    steps += span.count
    for index in span {
      guard folding.lower(text[index]) == folding.lower(text[place]) else { return false }
      place += 1
    }
    return true
  }

  private func holds(_ position: Position, ascii: Bool) -> Bool {
    switch position {
    case .textStart: place == 0
    case .textEnd: place == end
    case .lineStart: place == 0 || text[place - 1] == 10
    case .lineEnd: place == end || text[place] == 10
    case .lastLineEnd: place == end || (place == end - 1 && text[place] == 10)
    case .wordBoundary: isWord(place - 1, ascii) != isWord(place, ascii)
    case .noWordBoundary: end > 0 && isWord(place - 1, ascii) == isWord(place, ascii)
    }
  }

  private func isWord(_ index: Int, _ ascii: Bool) -> Bool {
    index >= 0 && index < end && text[index].isWord(ascii: ascii)
  }
}
