import Comparison
import Report

/// Holds what a message claims against what was found.
struct Guard {
  var claim: CommitClaim
  var isStrict: Bool
  var required: Evidence

  /// What breaks the claim, and what neither keeps nor breaks it.
  struct Findings {
    var broken: ComparisonReport
    var open: [String] = []
    var proved = 0
    var unproven = 0
    var notAnalysed = 0

    var breaks: Bool { !broken.files.isEmpty }

    /// `7 proved, 2 unproven`.
    var figures: String {
      let parts = [(proved, "proved"), (unproven, "unproven"), (notAnalysed, "not analysed")]
      return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
  }

  func findings(in report: ComparisonReport) -> Findings {
    var findings = Findings(broken: report)
    findings.broken.groups = []
    var files: [FileResult] = []
    var unread: [String] = []
    for file in report.files {
      var kept = file
      kept.units = file.units.filter { judge($0, in: file, &findings) }
      var isBroken = !kept.units.isEmpty
      if file.reason != nil {
        findings.notAnalysed += 1
        if file.language == nil {
          unread.append(file.path.printable)
        } else {
          findings.open.append("\(file.path.printable): not analysed: \((file.reason ?? "").printable)")
        }
        isBroken = isBroken || isStrict
      } else if file.status == .renamed, file.language != nil {
        // Whoever imports it has to know.
        isBroken = true
      }
      if isBroken { files.append(kept) }
    }
    findings.broken.files = files
    if !unread.isEmpty { findings.open.append(Messages.unread(unread)) }
    return findings
  }

  /// Whether a unit breaks the claim.
  private func judge(_ unit: UnitResult, in file: FileResult, _ findings: inout Findings) -> Bool {
    let name = "\(file.path.printable): \(unit.name.printable)"
    switch unit.verdict {
    case .added, .removed: return !unit.isHelper
    case .changed: return true
    case .unproven:
      findings.unproven += 1
      findings.open.append("\(name): \(unit.evidence == .tested ? "no difference found, not proved" : "unproven")")
      return isStrict || callersSee(unit)
    case .notAnalysed:
      findings.notAnalysed += 1
      findings.open.append("\(name): not analysed\(unit.reason.map { ": \($0.printable)" } ?? "")")
      return isStrict || callersSee(unit)
    case .same, .cost, .interface:
      if callersSee(unit) { return true }
      if unit.verdict == .cost || unit.body == .cost {
        if case .unchanged = claim { return true }
      }
      if unit.evidence.rank > required.rank {
        findings.unproven += 1
        findings.open.append("\(name): same only under \(unit.assumptions.map(\.rawValue).joined(separator: ", "))")
        return isStrict
      }
      findings.proved += 1
      return false
    }
  }

  /// Whether callers see a difference; parameters of a private function under other names are its own affair.
  private func callersSee(_ unit: UnitResult) -> Bool {
    let last = unit.name.split(separator: ".").last ?? ""
    let isPrivate = last.hasPrefix("_") && !(last.hasPrefix("__") && last.hasSuffix("__"))
    return unit.interface.contains { !(isPrivate && $0.isRenamedParameter) }
  }
}

extension InterfaceEdit {
  /// `parameter a -> b`.
  fileprivate var isRenamedParameter: Bool {
    let words = text.split(separator: " ")
    return words.count == 4 && words[0] == "parameter" && words[2] == "->"
  }
}

extension Guard.Findings {
  /// What breaks the claim against this parent and against the other: a merge answers for what neither brought.
  func shared(with other: Guard.Findings) -> Guard.Findings {
    var result = self
    result.broken.files = broken.files.compactMap { file in
      guard let twin = other.broken.files.first(where: { $0.path == file.path }) else { return nil }
      var file = file
      let names = Set(twin.units.map(\.name))
      let hadUnits = !file.units.isEmpty
      file.units = file.units.filter { names.contains($0.name) }
      return hadUnits && file.units.isEmpty ? nil : file
    }
    result.open = open.filter(Set(other.open).contains)
    return result
  }
}
