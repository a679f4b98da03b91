import Comparison
import Logic

extension TextReport {
  mutating func writeUnit(_ unit: UnitResult, nameWidth: Int) {
    switch unit.verdict {
    case .unproven where unit.isWithoutDifference:
      writeLine(
        "no difference found", .good, unit, nameWidth,
        ([Self.figures(unit.strength)] + (unit.strength?.onlyWithout ?? [])).joined(separator: "; "))
    case .changed, .unproven, .notAnalysed:
      writeHead(of: unit)
      writeDifference(of: unit)
    case .cost:
      writeLine("cost", .warning, unit, nameWidth, Self.cost(of: unit) + Self.basis(of: unit))
    case .interface:
      writeLine("interface", .warning, unit, nameWidth, Self.interfaceWords(unit) + Self.basis(of: unit))
    case .same:
      let basis = unit.evidence == .proved ? "proved" : "assuming " + Self.list(unit.assumptions)
      writeLine("same", .good, unit, nameWidth, basis)
    case .added:
      writeLine("added", .added, unit, nameWidth, unit.location.new.map(Self.lineRange) ?? "")
    case .removed:
      writeLine("removed", .removed, unit, nameWidth, unit.location.old.map(Self.lineRange) ?? "")
    }
    if options.summaries, unit.verdict == .added || unit.verdict == .removed || unit.verdict == .interface {
      writeSummary(of: unit)
    }
    if options.explain { writeProof(of: unit) }
  }

  /// `; assuming ...`, or nothing where the body is proved outright.
  static func basis(of unit: UnitResult) -> String {
    unit.assumptions.isEmpty || unit.evidence == .proved ? "" : "  assuming \(list(unit.assumptions))"
  }

  static func list(_ assumptions: [Assumption]) -> String {
    assumptions.map(\.rawValue).joined(separator: ", ")
  }

  static func lineRange(_ lines: Location.Lines) -> String {
    lines.start == lines.end ? "line \(lines.start)" : "lines \(lines.start)-\(lines.end)"
  }

  static func cost(of unit: UnitResult) -> String {
    guard let cost = unit.cost else { return "" }
    return "\(cost.old) -> \(cost.new)" + (cost.steps.isEmpty ? "" : ", \(cost.steps.joined(separator: ", "))")
  }

  static func interfaceWords(_ unit: UnitResult) -> String {
    var words = unit.interface.map(\.text.printable).joined(separator: "; ")
    if unit.body == .cost { words += "; cost \(cost(of: unit))" }
    return words
  }

  static func figures(_ strength: Strength?) -> String {
    guard let strength else { return "" }
    var words = counted(strength.inputs, "input")
    if strength.branches.count == 2 {
      let (taken, all) = (strength.branches[0], strength.branches[1])
      words += taken == all ? ", all \(counted(all, "branch", "branches"))" : ", \(taken) of \(all) branches"
    }
    if strength.mutants.count == 2, strength.mutants[1] > 0 {
      words += ", \(strength.mutants[0]) of \(strength.mutants[1]) mutants told apart"
    }
    return words
  }

  private mutating func writeLine(
    _ label: String, _ ink: Style.Ink, _ unit: UnitResult, _ width: Int, _ words: String
  ) {
    let name = unit.shownName
    let head = "  " + style.paint(label, ink) + String(repeating: " ", count: max(2, 11 - label.count))
    lines.append(words.isEmpty ? head + name : head + name.padded(to: width) + "  " + words.printable)
  }

  // MARK: Units that are shown with their difference

  private mutating func writeHead(of unit: UnitResult) {
    let label: (String, Style.Ink) =
      switch unit.verdict {
      case .changed: ("changed", .removed)
      case .notAnalysed: ("not analysed", .warning)
      default: ("unproven", .warning)
      }
    let place = (unit.location.new ?? unit.location.old).map(Self.lineRange) ?? ""
    let name = unit.shownName
    let padding = max(2, 11 - label.0.count)
    let used = 2 + label.0.count + padding + name.unicodeScalars.count
    let gap = String(repeating: " ", count: max(2, 81 - used - place.count))
    lines.append("  \(style.paint(label.0, label.1))\(String(repeating: " ", count: padding))\(name)\(gap)\(place)")
    if let reason = unit.reason { lines.append("    \(reason.printable)") }
    // Edits of the header are in the diff that follows; where it came from is not.
    for edit in unit.interface where edit.text.hasPrefix("moved from") { lines.append("    \(edit.text.printable)") }
    if !unit.view.changedConstants.isEmpty {
      lines.append("    reads \(unit.view.changedConstants.joined(separator: ", ").printable), which changed")
    }
    if !unit.view.changedCallees.isEmpty {
      let verb = unit.view.changedCallees.count == 1 ? "which" : "which all"
      lines.append("    calls \(unit.view.changedCallees.joined(separator: ", ").printable), \(verb) changed")
    }
  }

  private mutating func writeDifference(of unit: UnitResult) {
    let folded = foldedDiff(of: unit.view, context: unit.verdict == .notAnalysed ? 3 : 0)
    let summary = summaryDiff(of: unit)
    if !(options.summaries && summary != nil) { lines += folded }
    writeWitness(of: unit)
    guard let summary else { return }
    if options.summaries || folded.count + summary.count <= unit.view.textDiffSize {
      lines.append("    summary")
      lines += summary
    }
  }

  private mutating func writeWitness(of unit: UnitResult) {
    if let example = unit.counterexample {
      let when = example.arguments + example.environment
      // Module code and class bodies run once and take nothing: the diff itself says what differs.
      if when.isEmpty, unit.kind == "module" || unit.kind == "class" { return }
      lines.append("    differs \(when.isEmpty ? "on every call" : "when  " + brief(when).printable)")
      let shared = zip(example.old, example.new).prefix { $0 == $1 }.count
      lines.append("      old  \(brief(example.old, sharing: shared).printable)")
      lines.append("      new  \(brief(example.new, sharing: shared).printable)")
      if options.explain {
        for step in example.trace.old { lines.append("      old trace  \(step.printable)") }
        for step in example.trace.new { lines.append("      new trace  \(step.printable)") }
      }
    } else if unit.verdict == .unproven, let strength = unit.strength, strength.inputs > 0 {
      lines.append("    no difference found in \(Self.figures(strength))")
    }
  }

  /// `--explain` and the JSON have all of it.
  private func brief(_ text: String, sharing shared: Int = 0) -> String {
    options.explain ? text : excerpt(text, 160, sharing: shared)
  }

  private func brief(_ conditions: [String]) -> String {
    guard !options.explain else { return conditions.joined(separator: ", ") }
    var shown: [String] = []
    var length = 0
    for condition in conditions {
      if !shown.isEmpty, length + condition.count > 240 { break }
      shown.append(brief(condition))
      length += condition.count + 2
    }
    let rest = conditions.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? ", and \(rest) more" : "")
  }

  private mutating func writeProof(of unit: UnitResult) {
    for step in ProofStep.merged(unit.proof) {
      let place = step.lines.isEmpty ? "" : " " + step.lines
      lines.append(style.paint("      by \(step.rule.printable), \(step.side.printable)\(place)", .faint))
    }
    if let strength = unit.strength {
      for survivor in strength.survivors {
        lines.append(style.paint("      not told apart: \(survivor.printable)", .faint))
      }
    }
  }

  private mutating func writeSummary(of unit: UnitResult) {
    guard let summary = unit.summary, let text = summary.new ?? summary.old else { return }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) where !line.isEmpty {
      lines.append("      \(String(line).printable)")
    }
  }

  private func foldedDiff(of view: UnitView, context: Int) -> [String] {
    if let columns = options.columns { return sideBySide(view, context: context, columns: columns) }
    let width = String(view.lines.map(\.number).max() ?? 0).count
    return FoldedDiff(view, context: context).rows.map { row in
      switch row {
      case .line(let line): sourceLine(line, width)
      case .folded(let lines):
        style.paint("      ...  \(FoldedDiff.words(for: lines))", .faint)
      }
    }
  }

  private func sourceLine(_ line: UnitView.Line, _ width: Int) -> String {
    let number = String(line.number).leftPadded(to: width)
    let text = Columns.untabbed(line.text).printable
    let sign = line.kind == .equal ? " " : line.kind.sign
    let ink: Style.Ink? = line.isTrivia ? .faint : line.kind == .removed ? .removed : line.kind == .added ? .added : nil
    return style.paint("    \(sign) \(number)  \(text)", ink)
  }

  private func summaryDiff(of unit: UnitResult) -> [String]? {
    guard let summary = unit.summary, let diff = SummaryDiff(summary) else { return nil }
    guard options.summaries || diff.saysMore(than: unit) else { return nil }
    return diff.rows.map { row in
      switch row {
      case .folded: style.paint("      ...", .faint)
      case .removed(let line): style.paint("    -   \(line.printable)", .removed)
      case .added(let line): style.paint("    +   \(line.printable)", .added)
      }
    }
  }
}

extension UnitResult {
  /// `circuit (was walk)` where the name is another one.
  var shownName: String {
    guard let oldName, oldName != name else { return name.printable }
    return "\(name.printable) (was \(oldName.printable))"
  }
}
