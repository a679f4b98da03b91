import Comparison

/// The report as Markdown: for `--format markdown`, the step summary and the review comment.
///
/// The table first, then what needs eyes, each unit folded up, rewrites last. What does not fit into the budget is
/// counted. The report may be hostile: see `MarkdownText`.
package struct MarkdownReport {
  package struct Options: Sendable {
    /// The job whose comment this is; nil for no marker.
    package var job: String?
    /// At most so many UTF-16 code units: GitHub refuses comments above 65,536 characters.
    package var budget = 60_000
    package init() {}
  }

  private let report: ComparisonReport
  private let grouped: Set<Group.Member>
  private let options: Options
  private var text = ""
  private var left: Int
  private var leftOut = 0
  private var openFile: Int?
  /// Units that stand open.
  private var opened = 0
  /// Room for what is short and says much, whatever else there is: edits made on many functions, and costs.
  private var kept = 0

  /// The first line of the comment of a job, by which it is found again.
  package static func marker(job: String) -> String {
    // Whatever the name holds, it can end neither the comment nor the line.
    let plain = job.utf8.map { byte -> String in
      let scalar = Unicode.Scalar(byte)
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(byte) || scalar == "_")
      return isPlain ? String(Character(scalar)) : "." + String(byte, radix: 16)
    }.joined()
    return "<!-- logicdiff comment \(plain.prefix(200)) -->"
  }

  package static func render(_ report: ComparisonReport, options: Options = Options()) -> String {
    var markdown = MarkdownReport(report, options)
    markdown.write()
    return markdown.text
  }

  /// What a comment becomes when nothing is left to say.
  package static func nothingLeft(job: String) -> String {
    "\(marker(job: job))\n\(Messages.nothingLeft)\n"
  }

  /// Whether there is anything that a comment would say.
  package static func hasNews(_ report: ComparisonReport) -> Bool {
    report.files.contains { !$0.units.isEmpty || $0.reason != nil }
  }

  private init(_ report: ComparisonReport, _ options: Options) {
    self.report = report
    self.options = options
    grouped = Set(report.groups.flatMap(\.members))
    left = max(2_000, options.budget) - 200  // the word about what was cut
  }

  // MARK: From top to bottom

  private mutating func write() {
    if let job = options.job { add(Self.marker(job: job) + "\n") }
    add("### logicdiff\n\n")
    add("\(MarkdownText.code(report.old, limit: 200)) against \(MarkdownText.code(report.new, limit: 200))\n\n")
    writeTable()
    kept = min(linesOfMuch, left / 4)
    writeFiles()
    writeUnits { [.changed, .unproven, .notAnalysed].contains($0.verdict) && !$0.isWithoutDifference }
    kept = 0
    writeGroups()
    writeUnits { $0.verdict == .cost }
    writeUnits { $0.verdict == .interface }
    writeRewrites()
    if leftOut > 0 { text += "\n" + Messages.leftOut(leftOut) + "\n" }
  }

  @discardableResult
  private mutating func add(_ block: String, keeping reserve: Int = 0) -> Bool {
    let size = block.utf16.count
    guard size <= left - reserve - kept else { return false }
    text += block
    left -= size
    return true
  }

  private mutating func writeTable() {
    let units = report.files.flatMap(\.units)
    let tested = units.count(where: \.isWithoutDifference)
    let counts = report.counts
    let rows: [(String, Int, String)] = [
      ("changed", counts[.changed, default: 0], Messages.Rules.changed),
      ("unproven", counts[.unproven, default: 0] - tested, Messages.Rules.unproven),
      ("not analysed", counts[.notAnalysed, default: 0], Messages.Rules.notAnalysed),
      ("cost", counts[.cost, default: 0], Messages.Rules.cost),
      ("interface", counts[.interface, default: 0], Messages.Rules.interface),
      ("no difference found", tested, Messages.Rules.noDifferenceFound),
      ("same", counts[.same, default: 0], Messages.Rules.same),
      ("added", counts[.added, default: 0], Messages.Rules.added),
      ("removed", counts[.removed, default: 0], Messages.Rules.removed),
    ]
    var table = "| verdict | functions | meaning |\n| --- | ---: | --- |\n"
    for (name, count, meaning) in rows where count > 0 { table += "| \(name) | \(grouped(count)) | \(meaning) |\n" }
    add(units.isEmpty ? Messages.noUnitChanged + "\n" : table)
  }

  private func grouped(_ number: Int) -> String { Report.grouped(number) }

  /// Files that were not analysed as a whole.
  private mutating func writeFiles() {
    for (index, file) in report.files.enumerated() {
      guard let reason = file.reason else { continue }
      let head = "\n**not analysed** \(MarkdownText.code(file.path)): \(MarkdownText.code(reason))\n"
      let diff = file.textDiff.isEmpty ? "" : Self.details("text diff", Self.cut(file.textDiff.map(\.printable)))
      if !add(head + diff), !add(head) { leftOut += 1 }
      openFile = index
    }
    openFile = nil
  }

  private mutating func writeUnits(_ isWanted: (UnitResult) -> Bool) {
    var open = report.files.reduce(0) { $0 + $1.units.count(where: isWanted) }
    for (fileIndex, file) in report.files.enumerated() {
      for (index, unit) in file.units.enumerated() where isWanted(unit) {
        open -= 1
        guard !grouped.contains(Group.Member(file: fileIndex, unit: index)) else { continue }
        let heading = openFile == fileIndex ? "" : "\n#### \(MarkdownText.code(file.path))\n"
        // Room is kept for a line about each of the others: all names tell more than one more diff.
        let reserve = min(open * 60, options.budget / 4)
        // As far as a person reads on without choosing, what is known to differ stands open.
        let isOpen = unit.verdict == .changed && opened < 20
        if add(heading + Self.block(unit, isOpen: isOpen), keeping: reserve) || add(heading + Self.line(unit)) {
          opened += isOpen ? 1 : 0
          openFile = fileIndex
        } else {
          leftOut += 1
        }
      }
    }
    openFile = nil
  }

  private mutating func writeGroups() {
    for group in report.groups where !add(Self.line(group)) { leftOut += group.count }
  }

  private static func line(_ group: Group) -> String {
    let files = Set(group.members.map(\.file)).count
    let place = files > 0 ? " in \(counted(files, "file"))" : ""
    return "\n**interface** \(counted(group.count, "function"))\(place): \(MarkdownText.code(group.edit)), "
      + "bodies the same\n"
  }

  private var linesOfMuch: Int {
    let groups = report.groups.map { Self.line($0).utf16.count }
    let costs = report.files.flatMap(\.units).filter { $0.verdict == .cost }.map { Self.line($0).utf16.count + 60 }
    return (groups + costs).reduce(0, +)
  }

  /// What is the same, tested, added or removed: one line each, in one fold.
  private mutating func writeRewrites() {
    var rows: [String] = []
    for file in report.files {
      for unit in file.units {
        let words: String
        switch unit.verdict {
        case .same where unit.evidence == .proved: words = "same, proved"
        case .same: words = "same" + TextReport.basis(of: unit)
        case .unproven where unit.isWithoutDifference:
          words = "no difference found, " + TextReport.figures(unit.strength)
        case .added: words = "added"
        case .removed: words = "removed"
        default: continue
        }
        rows.append("- \(MarkdownText.code("\(file.path): \(unit.shownName)")) \(words)\n")
      }
    }
    guard !rows.isEmpty else { return }
    let head = "\n<details><summary>\(counted(rows.count, "function")) rewritten, added or removed</summary>\n\n"
    let end = "\n</details>\n"
    guard add(head) else {
      leftOut += rows.count
      return
    }
    left -= end.utf16.count
    for row in rows where !add(row) { leftOut += 1 }
    text += end
  }

  // MARK: One unit

  private static func verdict(_ unit: UnitResult) -> String {
    unit.verdict == .notAnalysed ? "not analysed" : unit.verdict.rawValue
  }

  private static func lines(_ unit: UnitResult) -> String {
    (unit.location.new ?? unit.location.old).map { ", " + TextReport.lineRange($0) } ?? ""
  }

  private static func line(_ unit: UnitResult) -> String {
    "\n**\(verdict(unit))** \(MarkdownText.code(unit.shownName))\(lines(unit))\n"
  }

  private static func block(_ unit: UnitResult, isOpen: Bool) -> String {
    switch unit.verdict {
    case .cost:
      return "\n**cost** \(MarkdownText.code(unit.shownName)) \(MarkdownText.code(TextReport.cost(of: unit)))\n"
    case .interface:
      let words = TextReport.interfaceWords(unit) + TextReport.basis(of: unit)
      return "\n**interface** \(MarkdownText.code(unit.shownName)) \(MarkdownText.code(words))\n"
    default: break
    }
    var text =
      "\n<details\(isOpen ? " open" : "")><summary><b>\(verdict(unit))</b> \(MarkdownText.htmlCode(unit.shownName))"
    text += "\(lines(unit))</summary>\n\n"
    if let reason = unit.reason { text += MarkdownText.code(reason, limit: 600) + "\n\n" }
    if !unit.interface.isEmpty {
      text += "callers also see " + MarkdownText.code(TextReport.interfaceWords(unit)) + "\n\n"
    }
    if !unit.view.changedConstants.isEmpty {
      text += "reads " + MarkdownText.code(unit.view.changedConstants.joined(separator: ", ")) + ", which changed\n\n"
    }
    if !unit.view.changedCallees.isEmpty {
      text += "calls " + MarkdownText.code(unit.view.changedCallees.joined(separator: ", ")) + ", which changed\n\n"
    }
    let width = String(unit.view.lines.map(\.number).max() ?? 0).count
    let context = unit.verdict == .notAnalysed ? 3 : 0
    let diff = FoldedDiff(unit.view, context: context).rows.map { row -> String in
      switch row {
      case .folded(let lines): "  ...  \(FoldedDiff.words(for: lines))"
      case .line(let line):
        "\(line.kind.sign) \(String(line.number).leftPadded(to: width))  \(line.text.printable)"
      }
    }
    if !diff.isEmpty { text += MarkdownText.fence(cut(diff), language: "diff") + "\n\n" }
    text += witness(unit)
    if let summary = SummaryDiff(unit.summary), summary.saysMore(than: unit) {
      let rows = summary.rows.map { row -> String in
        switch row {
        case .folded: "  ..."
        case .removed(let line): "- \(line.printable)"
        case .added(let line): "+ \(line.printable)"
        }
      }
      text += details("summary", cut(rows))
    }
    return text + "</details>\n"
  }

  private static func witness(_ unit: UnitResult) -> String {
    guard let example = unit.counterexample else {
      guard let strength = unit.strength, strength.inputs > 0 else { return "" }
      return "No difference found in \(TextReport.figures(strength)).\n\n"
    }
    let when = (example.arguments + example.environment).joined(separator: ", ")
    // Module code and class bodies run once and take nothing: the diff itself says what differs.
    if when.isEmpty, unit.kind == "module" || unit.kind == "class" { return "" }
    // The rows of a list, so that all three stand below each other.
    return """
      - differs \(when.isEmpty ? "on every call" : "when " + MarkdownText.code(when, limit: 600))
      - old \(MarkdownText.code(example.old))
      - new \(MarkdownText.code(example.new))


      """
  }

  private static func details(_ title: String, _ lines: [String]) -> String {
    "<details><summary>\(title)</summary>\n\n\(MarkdownText.fence(lines, language: "diff"))\n\n</details>\n\n"
  }

  /// No unit fills the page, however long it is.
  private static func cut(_ lines: [String]) -> [String] {
    var kept: [String] = []
    var size = 0
    for (index, line) in lines.enumerated() {
      let short = brief(line, 300)
      size += short.utf16.count + 1
      guard size <= 12_000 else { return kept + [Messages.linesLeftOut(lines.count - index)] }
      kept.append(short)
    }
    return kept
  }
}

extension UnitView.Line.Kind {
  /// As in a diff.
  var sign: String {
    switch self {
    case .equal: " "
    case .removed: "-"
    case .added: "+"
    }
  }
}
