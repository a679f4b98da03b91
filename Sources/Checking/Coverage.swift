import Logic

/// Sides of decisions that runs have taken.
struct Coverage: Sendable {
  private var taken: [Bool]
  /// For each side, which numbers of times a run has taken it: once, twice, three times, up to 7, up to 15, or more.
  private var frequencies: [UInt8]
  private(set) var count = 0

  /// - Parameter handlersAreAlike: the versions catch the same, so it does not matter whether something else passes.
  init(_ program: CompiledProgram, handlersAreAlike: Bool = false) {
    taken = [Bool](repeating: false, count: 2 * program.decisions.count)
    frequencies = [UInt8](repeating: 0, count: taken.count)
    guard handlersAreAlike else { return }
    for (index, decision) in program.decisions.enumerated() where decision.kind == .handler {
      taken[2 * index + 1] = true
      count += 1
    }
  }

  var isFull: Bool { count == taken.count }

  func contains(_ side: Int) -> Bool { taken[side] }

  /// Adds what a run took; true when some of it is new.
  mutating func add(_ execution: Execution) -> Bool {
    if isFull { return false }
    let before = count
    for side in taken.indices where !taken[side] && execution.takes(side) {
      taken[side] = true
      count += 1
    }
    return count > before
  }

  /// Notes how often the sides were taken; true when some side never was so often, as steps towards the end of a loop.
  mutating func addFrequencies(_ execution: Execution) -> Bool {
    var isNew = false
    for (side, times) in execution.times.enumerated() where times > 0 {
      let range: UInt8 = times < 4 ? 1 << (times - 1) : times < 8 ? 8 : times < 16 ? 16 : 32
      if frequencies[side] & range == 0 {
        frequencies[side] |= range
        isNew = true
      }
    }
    return isNew
  }
}

extension Execution {
  func takes(_ side: Int) -> Bool { takenAfter[side] != 0 }
}
