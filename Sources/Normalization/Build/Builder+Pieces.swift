import Logic

// Displays and calls that are put together in pieces. `[*a, f()]` drains `a` before `f` is called, `{**m, k: f()}` asks `m`
// for its keys first, and a dictionary or set display of many entries hashes the early ones before it evaluates the late
// ones (how many differs between versions). So where such a display begins is part of what happens: it is equal to a
// display of the same sort that begins there, and never to one whose parts were evaluated before.

extension Builder {
  /// A display of so many entries is filled while it is evaluated (CPython 3.9 to 3.13: from 16 pairs, 31 elements).
  private static let manyPairs = 15
  static let manyElements = 30

  func beginPieces(_ elements: [Element], hashes: Bool, _ frame: Frame, _ state: inout State) {
    var spreads = false
    var isInPieces = false
    for (position, element) in elements.enumerated() {
      let isSettled: Bool
      switch element {
      case .single(let value): isSettled = self.isSettled(value, frame, state)
      case .spread(let value):
        isSettled = self.isSettled(value, frame, state)
        // What came before is hashed now.
        if hashes, position > 0, !isSettled { isInPieces = true }
      }
      if spreads, !isSettled { isInPieces = true }
      if case .spread = element { spreads = true }
      if hashes, elements.count >= Self.manyElements, position > 0, !isSettled { isInPieces = true }
    }
    if isInPieces { begin(&state) }
  }

  func beginPieces(_ items: [DictionaryItem], _ frame: Frame, _ state: inout State) {
    var spreads = false
    var isLateUnsettled = false
    for (position, item) in items.enumerated() {
      var isSettled: Bool
      switch item {
      case .pair(let key, let value):
        isSettled = self.isSettled(key, frame, state) && self.isSettled(value, frame, state)
      case .spread(let value):
        spreads = true
        isSettled = self.isSettled(value, frame, state)
      }
      if position > 0, !isSettled { isLateUnsettled = true }
    }
    if isLateUnsettled, spreads || items.count >= Self.manyPairs { begin(&state) }
  }

  /// Positional arguments are evaluated before the others; a lone `*a` among them is drained by the call itself.
  func beginPieces(_ arguments: [Argument], _ frame: Frame, _ state: inout State) {
    let positional = arguments.filter(\.isPositional).count
    var spreads = false
    for argument in arguments {
      if spreads, !isSettled(argument.value, frame, state) {
        begin(&state)
        return
      }
      switch argument.kind {
      case .spread: spreads = spreads || positional > 1
      case .spreadKeywords: spreads = true
      default: break
      }
    }
  }

  private func begin(_ state: inout State) { effect(.beginPieces, [], &state, foreign: false) }

  /// Evaluating it does nothing, and gives the same whenever it is done.
  private func isSettled(_ expression: Expression, _ frame: Frame, _ state: State) -> Bool {
    switch expression {
    case .constant: return true
    case .local(let name):
      guard !frame.cells.contains(name), let value = state.variables[frame.slot(name)] else { return false }
      return !graph.type(value).contains(.missing)
    default: return false
    }
  }
}

extension Argument {
  /// Evaluated among the positional ones.
  var isPositional: Bool {
    switch kind {
    case .positional, .spread: true
    case .keyword, .spreadKeywords: false
    }
  }
}

extension [Argument] {
  /// `f(k=g(), *a)` evaluates `a` first (Language Reference, 6.3.4).
  var inOrderOfEvaluation: [Argument] { filter(\.isPositional) + filter { !$0.isPositional } }
}
