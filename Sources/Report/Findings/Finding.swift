import Comparison
import Repository

/// Something that a reviewer should look at, at one place of the new revision: what SARIF, reviewdog, GitLab and GitHub
/// each write in their own way.
///
/// What is the same, added or removed is no finding. One edit made on many functions is one finding.
struct Finding {
  enum Rule: String, CaseIterable {
    case changed, cost, interface, unproven
    case noDifferenceFound = "no-difference-found"
    case notAnalysed = "not-analysed"

    /// Whether it is a warning; the rest are notes.
    var isWarning: Bool {
      switch self {
      case .changed, .cost, .unproven: true
      case .interface, .noDifferenceFound, .notAnalysed: false
      }
    }
  }

  var rule: Rule
  /// In the new revision.
  var path: String
  /// Lines of the new file.
  var lines: Location.Lines
  /// Qualified name, or nil for a file as a whole.
  var unit: String?
  var kind: String?
  /// One line.
  var title: String
  /// Plain text, one line or several.
  var message: String
  /// The same for the same finding in later revisions of the file: no line number is part of it.
  var fingerprint: String

  static func all(in report: ComparisonReport) -> [Finding] {
    var findings: [Finding] = []
    var seen: [String: Int] = [:]
    var grouped: [Group.Member: Group] = [:]
    for group in report.groups {
      for member in group.members { grouped[member] = group }
    }
    var told: Set<String> = []
    func add(_ finding: Finding) {
      var finding = finding
      let identity = [finding.rule.rawValue, finding.path, finding.unit ?? ""]
      // Names repeat: property setters, conditional definitions.
      let ordinal = seen[identity.joined(separator: "\u{0}"), default: 0]
      seen[identity.joined(separator: "\u{0}")] = ordinal + 1
      finding.fingerprint = Self.fingerprint(identity + [String(ordinal)])
      findings.append(finding)
    }
    for (fileIndex, file) in report.files.enumerated() where file.status != .deleted {
      if let reason = file.reason {
        add(
          Finding(
            rule: .notAnalysed, path: file.path, lines: .init(1, 1), title: "not analysed",
            message: "This file was not analysed: \(reason.printable)", fingerprint: ""))
      }
      for (unitIndex, unit) in file.units.enumerated() {
        if let group = grouped[Group.Member(file: fileIndex, unit: unitIndex)] {
          guard told.insert(group.edit).inserted else { continue }
          let words = "\(counted(group.count, "function")): \(group.edit.printable), bodies the same"
          add(Finding(unit, .interface, in: file, title: "interface", message: words))
        } else if let rule = Rule(unit) {
          add(Finding(unit, rule, in: file, title: Self.title(rule, unit), message: Self.message(rule, unit)))
        }
      }
    }
    return findings
  }

  private init(_ unit: UnitResult, _ rule: Rule, in file: FileResult, title: String, message: String) {
    self.init(
      rule: rule, path: file.path, lines: FoldedDiff.changedLines(of: unit) ?? .init(1, 1), unit: unit.name,
      kind: unit.kind, title: title, message: message, fingerprint: "")
    lines.start = max(1, lines.start)
    lines.end = max(lines.start, lines.end)
  }

  private init(
    rule: Rule, path: String, lines: Location.Lines, unit: String? = nil, kind: String? = nil, title: String,
    message: String, fingerprint: String
  ) {
    (self.rule, self.path, self.lines, self.unit, self.kind) = (rule, path, lines, unit, kind)
    (self.title, self.message, self.fingerprint) = (title, message, fingerprint)
  }

  private static func fingerprint(_ parts: [String]) -> String {
    var hash = SHA256()
    for part in parts { hash.update(text: part) }
    return String(hash.hex().prefix(32))
  }

  private static func title(_ rule: Rule, _ unit: UnitResult) -> String {
    let word =
      switch rule {
      case .changed: "changed"
      case .cost: "cost"
      case .interface: "interface"
      case .unproven: "unproven"
      case .noDifferenceFound: "no difference found"
      case .notAnalysed: "not analysed"
      }
    return "\(word): \(unit.shownName)"
  }

  private static func message(_ rule: Rule, _ unit: UnitResult) -> String {
    var lines: [String] = []
    switch rule {
    case .changed: lines.append("\(unit.shownName) does something else than before.")
    case .cost: lines.append("\(unit.shownName) gives the same results at another cost: \(TextReport.cost(of: unit))")
    case .interface:
      lines.append(
        "\(unit.shownName): the body is the same, what callers see differs: \(TextReport.interfaceWords(unit))")
    case .unproven: lines.append("\(unit.shownName) is neither proved the same nor told apart.")
    case .noDifferenceFound:
      lines.append(
        "No difference found in \(unit.shownName), and none is ruled out: \(TextReport.figures(unit.strength))")
    case .notAnalysed: lines.append("\(unit.shownName) was not analysed.")
    }
    if let reason = unit.reason, rule != .noDifferenceFound { lines.append(reason.printable) }
    if let example = unit.counterexample {
      let when = example.arguments + example.environment
      if !when.isEmpty { lines.append("differs when " + brief(when.joined(separator: ", ").printable, 600)) }
      lines.append("old " + brief(example.old.printable, 300))
      lines.append("new " + brief(example.new.printable, 300))
    }
    if rule == .changed || rule == .unproven, !unit.interface.isEmpty {
      lines.append("callers also see: " + brief(TextReport.interfaceWords(unit), 300))
    }
    return lines.joined(separator: "\n")
  }
}

extension Finding.Rule {
  fileprivate init?(_ unit: UnitResult) {
    switch unit.verdict {
    case .changed: self = .changed
    case .cost: self = .cost
    case .interface: self = .interface
    case .unproven: self = unit.isWithoutDifference ? .noDifferenceFound : .unproven
    case .notAnalysed: self = .notAnalysed
    case .same, .added, .removed: return nil
    }
  }

  var sentence: String {
    switch self {
    case .changed: Messages.Rules.changed
    case .cost: Messages.Rules.cost
    case .interface: Messages.Rules.interface
    case .unproven: Messages.Rules.unproven
    case .noDifferenceFound: Messages.Rules.noDifferenceFound
    case .notAnalysed: Messages.Rules.notAnalysed
    }
  }
}

/// At most `limit` characters of a text, with a sign where it was cut.
func brief(_ text: String, _ limit: Int) -> String {
  text.count <= limit ? text : text.prefix(limit) + "..."
}

/// What a person reads of a long text. Where its first `shared` characters are those of the text beside it, what follows
/// them is what has to be seen.
func excerpt(_ text: String, _ limit: Int, sharing shared: Int = 0) -> String {
  guard text.count > limit else { return text }
  if shared < limit - 40 { return text.prefix(limit) + "..." }
  let (head, tail) = (limit * 3 / 8, limit - limit * 3 / 8)
  let middle = text.dropFirst(shared - 20)
  return text.prefix(head) + " ... " + middle.prefix(tail) + (middle.count > tail ? "..." : "")
}
