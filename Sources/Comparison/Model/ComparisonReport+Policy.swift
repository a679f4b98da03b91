extension ComparisonReport {
  /// Whether `--exit-code` says 1: something is changed, interface, added, removed, or rests on less than required.
  package func needsALook(requiring required: Evidence) -> Bool {
    files.contains { file in
      // A renamed file renames the module that callers import.
      file.reason != nil || file.status == .renamed || file.units.contains { $0.needsALook(requiring: required) }
    }
  }
}

/// What a check says of a report, in GitHub's words for a check run.
package enum Conclusion: String, Sendable {
  case success, failure
  /// Nothing that logicdiff reads was changed.
  case neutral
}

extension ComparisonReport {
  /// The policy of `--require` as the conclusion of a check.
  package func conclusion(requiring required: Evidence) -> Conclusion {
    if needsALook(requiring: required) { return .failure }
    return files.allSatisfy(\.units.isEmpty) ? .neutral : .success
  }
}

extension UnitResult {
  fileprivate func needsALook(requiring required: Evidence) -> Bool {
    if !interface.isEmpty { return true }
    switch verdict {
    case .changed, .interface: return true
    // A helper that was extracted or inlined is part of a body that was judged.
    case .added, .removed: return !isHelper
    case .same, .cost, .unproven: return evidence.rank > required.rank
    case .notAnalysed: return true
    }
  }
}
