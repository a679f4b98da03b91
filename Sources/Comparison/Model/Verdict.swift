import Logic

/// What is said of a unit. `same` is only ever proved; nothing else is hidden.
package enum Verdict: String, Codable, Sendable, Hashable, CaseIterable {
  case same, cost, interface, changed, unproven
  case notAnalysed = "not-analysed"
  case added, removed
}

/// What a verdict rests on.
package enum Evidence: String, Codable, Sendable, Hashable, CaseIterable {
  case proved, assumed, tested, none

  /// Strongest first; `none` is last.
  package var rank: Int {
    switch self {
    case .proved: 0
    case .assumed: 1
    case .tested: 2
    case .none: 3
    }
  }
}

extension Assumption: Codable {}
