import Comparison

/// The report that a person reads in a terminal.
///
/// Each file that has something to show gets its path on a line, then its units, the ones that need eyes first. What
/// is shown of a unit is never longer than its text diff but for a few lines of witness; what is hidden is counted.
package struct TextReport {
  package struct Options: Sendable {
    package var style: Style
    package var showHidden = false
    package var explain = false
    package var summaries = false
    /// Old and new beside each other in so many columns; nil for one below the other.
    package var columns: Int?
    /// A part of a longer text, such as one file of `git diff`: each file speaks for itself, and no totals follow.
    package var isPart = false
    package init(style: Style = Style(isOn: false)) { self.style = style }
  }

  let report: ComparisonReport
  let options: Options
  /// Units that a group line stands for.
  private let grouped: Set<Group.Member>
  var lines: [String] = []
  var style: Style { options.style }

  package static func render(_ report: ComparisonReport, options: Options) -> String {
    var text = TextReport(report: report, options: options)
    text.writeFiles()
    text.writeGroups()
    if !options.isPart { text.writeTotals() }
    if text.lines.isEmpty { return "" }
    return text.lines.joined(separator: "\n") + "\n"
  }

  private init(report: ComparisonReport, options: Options) {
    self.report = report
    self.options = options
    grouped = Set(report.groups.flatMap(\.members))
  }

  // MARK: Files

  private mutating func writeFiles() {
    var hiddenElsewhere: (units: [UnitResult], files: Int) = ([], 0)
    var quietFiles = 0
    for (fileIndex, file) in report.files.enumerated() {
      let shown = file.units.indices.filter {
        !grouped.contains(Group.Member(file: fileIndex, unit: $0))
          && (options.showHidden || !file.units[$0].isHiddenByDefault)
      }
      let hidden = options.showHidden ? [] : file.units.filter(\.isHiddenByDefault)
      if shown.isEmpty, file.reason == nil, !file.hasNewsOfItsOwn, !options.isPart {
        hiddenElsewhere.units += hidden
        hiddenElsewhere.files += hidden.isEmpty ? 0 : 1
        quietFiles += file.units.isEmpty ? 1 : 0
        continue
      }
      startBlock()
      writeHeading(of: file)
      writeUnits(shown.map { file.units[$0] }, of: file)
      if !hidden.isEmpty {
        lines.append("  " + style.paint("\(Self.count(of: hidden)) hidden, proved the same", .faint))
      }
      if options.isPart, file.units.isEmpty, file.reason == nil, !file.hasNewsOfItsOwn {
        lines.append("  " + style.paint(Messages.onlyTrivia, .faint))
      }
      if file.reason != nil { writePlainDiff(file.textDiff) }
    }
    if !hiddenElsewhere.units.isEmpty || quietFiles > 0 { startBlock() }
    if !hiddenElsewhere.units.isEmpty {
      let files = counted(hiddenElsewhere.files, "file")
      lines.append("\(Self.count(of: hiddenElsewhere.units)) hidden in \(files), proved the same")
    }
    if quietFiles > 0 {
      lines.append("\(counted(quietFiles, "file")) changed in comments, docstrings or layout only")
    }
  }

  /// `3 functions`, or `3 units` where class bodies or module code are among them.
  private static func count(of units: [UnitResult], _ adjective: String = "") -> String {
    let onlyFunctions = units.allSatisfy { $0.kind != "class" && $0.kind != "module" }
    return counted(units.count, adjective + (onlyFunctions ? "function" : "unit"))
  }

  mutating func startBlock() {
    if !lines.isEmpty { lines.append("") }
  }

  private mutating func writeHeading(of file: FileResult) {
    var heading = style.paint(file.path.printable, .heading)
    if let oldPath = file.oldPath, oldPath != file.path { heading += "  (was \(oldPath.printable))" }
    switch file.status {
    case .added: heading += "  new file"
    case .deleted: heading += "  deleted"
    case .typeChanged: heading += "  type changed"
    case .modeChanged: heading += "  mode changed"
    case .submodule: heading += "  submodule"
    case .copied: heading += "  copied"
    case .modified, .renamed: break
    }
    lines.append(heading)
    if let reason = file.reason { lines.append("  not analysed: \(reason.printable)") }
  }

  private mutating func writeUnits(_ units: [UnitResult], of file: FileResult) {
    let ordered = units.enumerated().sorted { left, right in
      let (a, b) = (left.element.urgency, right.element.urgency)
      return a == b ? left.offset < right.offset : a < b
    }.map(\.element)
    if file.status == .added || file.status == .deleted, units.count > 3,
      units.allSatisfy({ $0.verdict == .added || $0.verdict == .removed })
    {
      let label = file.status == .added ? "added" : "removed"
      lines.append("  \(label.padded(to: 9))\(counted(units.count, "function"))")
      if options.summaries { for unit in ordered { writeUnit(unit, nameWidth: 0) } }
      return
    }
    let width = min(28, ordered.map { $0.name.unicodeScalars.count }.max() ?? 0)
    for unit in ordered { writeUnit(unit, nameWidth: width) }
  }

  private mutating func writePlainDiff(_ diff: [String]) {
    for line in diff {
      let text = "    " + line.printable
      switch line.utf8.first {
      case UInt8(ascii: "-"): lines.append(style.paint(text, .removed))
      case UInt8(ascii: "+"): lines.append(style.paint(text, .added))
      default: lines.append(text)
      }
    }
  }

  // MARK: Groups and totals

  private mutating func writeGroups() {
    guard !report.groups.isEmpty else { return }
    startBlock()
    for group in report.groups {
      let files = Set(group.members.map(\.file)).count
      let place = files > 0 ? " in \(counted(files, "file"))" : ""
      lines.append("\(counted(group.count, "function"))\(place): \(group.edit.printable), bodies the same")
      guard options.showHidden else { continue }
      for member in group.members {
        let file = report.files[member.file]
        let unit = file.units[member.unit]
        lines.append("  \(file.path.printable): \(unit.name.printable)\(TextReport.basis(of: unit))")
      }
    }
  }

  private mutating func writeTotals() {
    let counts = report.counts
    let total = counts.values.reduce(0, +)
    startBlock()
    guard total > 0 else {
      lines.append(report.files.isEmpty ? Messages.nothingDiffers : Messages.noUnitChanged)
      return
    }
    let units = report.files.flatMap(\.units)
    var parts: [String] = []
    func add(_ number: Int, _ words: String) {
      if number > 0 { parts.append("\(Report.grouped(number)) \(words)") }
    }
    let tested = units.count(where: \.isWithoutDifference)
    add(counts[.changed, default: 0], "changed")
    add(counts[.cost, default: 0], "cost")
    add(counts[.interface, default: 0], "interface")
    let hidden = report.hidden
    let note =
      hidden == 0
      ? "" : options.showHidden ? " (\(Report.grouped(hidden)) proved)" : " (\(Report.grouped(hidden)) hidden)"
    add(counts[.same, default: 0], "same\(note)")
    add(tested, "no difference found")
    add(counts[.unproven, default: 0] - tested, "unproven")
    add(counts[.notAnalysed, default: 0], "not analysed")
    add(counts[.added, default: 0], "added")
    add(counts[.removed, default: 0], "removed")
    lines.append("\(Self.count(of: units, "changed ")): \(parts.joined(separator: ", "))")
  }
}

extension FileResult {
  /// Something to say of the file although none of its units is shown.
  fileprivate var hasNewsOfItsOwn: Bool {
    switch status {
    case .modified: false
    case .renamed, .copied: true
    case .added, .deleted, .typeChanged, .modeChanged, .submodule: units.isEmpty
    }
  }
}

extension UnitResult {
  /// What needs eyes first comes first.
  fileprivate var urgency: Int {
    switch verdict {
    case .changed: 0
    case .unproven: isWithoutDifference ? 6 : 1
    case .notAnalysed: 2
    case .cost: 3
    case .interface: 4
    case .same: evidence == .proved ? 8 : 5
    case .added: 9
    case .removed: 10
    }
  }
}
