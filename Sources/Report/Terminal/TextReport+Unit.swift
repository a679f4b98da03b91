import Comparison
import Logic

extension TextReport {
  mutating func writeUnit(_ unit: UnitResult, nameWidth: Int) {
    switch unit.verdict {
    case .unproven where unit.evidence == .tested:
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

  private static func list(_ assumptions: [Assumption]) -> String {
    assumptions.map(\.rawValue).joined(separator: ", ")
  }

  private static func lineRange(_ lines: Location.Lines) -> String {
    lines.start == lines.end ? "line \(lines.start)" : "lines \(lines.start)-\(lines.end)"
  }

  private static func cost(of unit: UnitResult) -> String {
    guard let cost = unit.cost else { return "" }
    return "\(cost.old) -> \(cost.new)" + (cost.steps.isEmpty ? "" : ", \(cost.steps.joined(separator: ", "))")
  }

  private static func interfaceWords(_ unit: UnitResult) -> String {
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

  private func shownName(of unit: UnitResult) -> String {
    let name = unit.name.printable
    guard let oldName = unit.oldName, oldName != unit.name else { return name }
    return "\(name) (was \(oldName.printable))"
  }

  private mutating func writeLine(
    _ label: String, _ ink: Style.Ink, _ unit: UnitResult, _ width: Int, _ words: String
  ) {
    let name = shownName(of: unit)
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
    let name = shownName(of: unit)
    let padding = max(2, 11 - label.0.count)
    let used = 2 + label.0.count + padding + name.unicodeScalars.count
    let gap = String(repeating: " ", count: max(2, 81 - used - place.count))
    lines.append("  \(style.paint(label.0, label.1))\(String(repeating: " ", count: padding))\(name)\(gap)\(place)")
    if let reason = unit.reason { lines.append("    \(reason.printable)") }
    // Edits of the header are in the diff that follows; where it came from is not.
    for edit in unit.interface where edit.text.hasPrefix("moved from") { lines.append("    \(edit.text.printable)") }
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
      lines.append("    differs when  \(when.isEmpty ? "called" : brief(when).printable)")
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

  /// What a person reads of a long text; `--explain` and the JSON have all of it.
  ///
  /// Where the first `shared` characters are those of the text beside it, what follows them is what has to be seen.
  private func brief(_ text: String, sharing shared: Int = 0) -> String {
    let limit = 160
    guard !options.explain, text.count > limit else { return text }
    if shared < limit - 40 { return text.prefix(limit) + "..." }
    let middle = text.dropFirst(shared - 20)
    return text.prefix(60) + " ... " + middle.prefix(limit - 60) + (middle.count > limit - 60 ? "..." : "")
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
    var index = 0
    while index < unit.proof.count {
      // One rule at work on neighbouring lines is one line here.
      let first = unit.proof[index]
      var lines: [Int] = []
      while index < unit.proof.count, unit.proof[index].rule == first.rule, unit.proof[index].side == first.side {
        lines += unit.proof[index].lines.filter { $0 > 0 }
        index += 1
      }
      var text = "      by \(first.rule), \(first.side)"
      if let low = lines.min(), let high = lines.max() {
        text += low == high ? " line \(low)" : " lines \(low)-\(high)"
      }
      self.lines.append(style.paint(text, .faint))
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

  /// The source diff with equal lines, and differing lines that mean nothing, folded away.
  private func foldedDiff(of view: UnitView, context: Int) -> [String] {
    let all = view.lines
    let width = String(all.map(\.number).max() ?? 0).count
    var isShown = all.map { $0.kind != .equal && !$0.isTrivia }
    if context > 0 {
      for index in all.indices where all[index].kind != .equal {
        for near in max(0, index - context)...min(all.count - 1, index + context) { isShown[near] = true }
      }
    }
    var result: [String] = []
    var index = 0
    while index < all.count {
      if isShown[index] {
        result.append(sourceLine(all[index], width))
        index += 1
        continue
      }
      var end = index
      while end < all.count, !isShown[end] { end += 1 }
      let folded = all[index..<end]
      let equal = folded.count { $0.kind == .equal }
      let trivia = folded.count { $0.isTrivia }
      if folded.count == 1, equal == 1 {
        result.append(sourceLine(all[index], width))
      } else {
        var parts = equal > 0 ? ["\(counted(equal, "line")) equal"] : []
        if trivia > 0 { parts.append("\(counted(trivia, "line")) of comments or layout") }
        result.append(style.paint("      ...  \(parts.joined(separator: ", "))", .faint))
      }
      index = end
    }
    return result
  }

  private func sourceLine(_ line: UnitView.Line, _ width: Int) -> String {
    let number = String(line.number).leftPadded(to: width)
    let text = line.text.printable
    return switch line.kind {
    case .equal: "      \(number)  \(text)"
    case .removed: style.paint("    - \(number)  \(text)", .removed)
    case .added: style.paint("    + \(number)  \(text)", .added)
    }
  }

  private func summaryDiff(of unit: UnitResult) -> [String]? {
    guard let summary = unit.summary, let old = summary.old, let new = summary.new, old != new else { return nil }
    // A procedure's own text says the same as the source; it is worth a look only where it says it much shorter.
    let isOwnText = summary.decoder == "none" && !options.summaries
    let oldLines = old.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.isEmpty }
    let newLines = new.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.isEmpty }
    var result: [String] = []
    var (equal, changed) = (0, 0)
    func fold() {
      if equal > 0 { result.append(style.paint("      ...", .faint)) }
      equal = 0
    }
    for step in LineDiff.steps(oldLines, newLines) {
      switch step {
      case .equal: equal += 1
      case .removed(let index):
        fold()
        changed += 1
        result.append(style.paint("    -   \(String(oldLines[index]).printable)", .removed))
      case .added(let index):
        fold()
        changed += 1
        result.append(style.paint("    +   \(String(newLines[index]).printable)", .added))
      }
    }
    fold()
    if isOwnText {
      let edits = unit.view.lines.count { $0.kind != .equal && !$0.isTrivia }
      guard changed * 2 <= edits, unit.kind != "module", unit.kind != "class" else { return nil }
    }
    return result
  }
}
