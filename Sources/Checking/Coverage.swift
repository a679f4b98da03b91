import Logic

/// Sides of decisions that runs have taken.
struct Coverage: Sendable {
  private var taken: [Bool]
  private(set) var count = 0

  /// - Parameter handlersAreAlike: the versions catch the same, so it does not matter whether something else passes.
  init(_ program: CompiledProgram, handlersAreAlike: Bool = false) {
    taken = [Bool](repeating: false, count: 2 * program.decisions.count)
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
}

extension Execution {
  func takes(_ side: Int) -> Bool { takenAfter[side] != 0 }
}
