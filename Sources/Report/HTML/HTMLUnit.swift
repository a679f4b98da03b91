import Comparison
import Logic

/// One unit on the page: a line that opens to everything that is known of it.
struct HTMLUnit {
  let unit: UnitResult
  let number: Int
  /// The edit that it shares with many others.
  let group: Group?
  /// Shown open when the page is.
  let isOpen: Bool

  func text() -> String {
    let kind = HTMLReport.kind(of: unit)
    var text = """
      <details class="unit \(kind)" id="unit-\(number)" data-verdict="\(kind)" \
      data-name="\(HTMLText.escaped(brief(unit.name, 400)))"\(isOpen ? " open" : "")>
      <summary><span class="verdict">\(HTMLReport.words(kind))</span> \
      <span class="name code">\(HTMLText.escaped(brief(unit.shownName, 400)))</span> \
      <span class="basis faint">\(HTMLText.escaped(brief(basis(), 160)))</span> \
      <span class="lines faint">\(place())</span></summary>
      <div class="body">

      """
    if let reason = unit.reason { text += "<p>\(HTMLText.escaped(reason))</p>\n" }
    if !unit.interface.isEmpty {
      text += "<h3>What callers see</h3>\n<ul>\n"
      for edit in unit.interface { text += "<li>\(HTMLText.code(edit.text))</li>\n" }
      text += "</ul>\n"
    }
    if !unit.view.changedConstants.isEmpty {
      text += "<p>Reads \(HTMLText.code(unit.view.changedConstants.joined(separator: ", "))), which changed.</p>\n"
    }
    if !unit.view.changedCallees.isEmpty {
      text += "<p>Calls \(HTMLText.code(unit.view.changedCallees.joined(separator: ", "))), which changed.</p>\n"
    }
    text += source() + witness() + summary() + cost() + proof() + strength()
    return text + "</div>\n</details>\n"
  }

  private func basis() -> String {
    if let group { return group.edit }
    switch unit.verdict {
    case .same: return unit.evidence == .proved ? "proved" : "assuming " + TextReport.list(unit.assumptions)
    case .cost: return TextReport.cost(of: unit)
    case .interface: return TextReport.interfaceWords(unit) + TextReport.basis(of: unit)
    case .unproven: return TextReport.figures(unit.strength)
    case .changed:
      let when = unit.counterexample.map { $0.arguments + $0.environment } ?? []
      return when.isEmpty ? "" : "differs when " + when.joined(separator: ", ")
    case .notAnalysed, .added, .removed: return ""
    }
  }

  private func place() -> String {
    (unit.location.new ?? unit.location.old).map(TextReport.lineRange) ?? ""
  }

  // MARK: The differing input

  private func witness() -> String {
    guard let example = unit.counterexample else { return "" }
    func list(_ items: [String], _ tag: String) -> String {
      "<\(tag)>" + items.map { "<li>\(HTMLText.code($0))</li>" }.joined() + "</\(tag)>"
    }
    let hasInput = !example.arguments.isEmpty || !example.environment.isEmpty
    var text = "<h3>\(hasInput ? "An input on which they differ" : "What they do")</h3>\n"
    let conditions = example.arguments + example.environment
    if !conditions.isEmpty { text += list(conditions, "ul") + "\n" }
    // Code that runs once and takes nothing differs as its source does.
    let isTold = !conditions.isEmpty || unit.kind != "module" && unit.kind != "class"
    let shared = zip(example.old, example.new).prefix { $0 == $1 }.count
    let sides = [example.old, example.new].map { excerpt($0, 400, sharing: shared) }
    if isTold { text += grid("outcome", HTMLText.code(sides[0]), HTMLText.code(sides[1])) }
    if !isTold || sides != [example.old, example.new] {
      let whole = grid("outcome", HTMLText.code(example.old), HTMLText.code(example.new))
      text += fold(isTold ? "the whole outcome" : "the outcome", whole)
    }
    return text + trace(example.trace)
  }

  private func trace(_ trace: Counterexample.Trace) -> String {
    guard !trace.old.isEmpty || !trace.new.isEmpty else { return "" }
    let alike = zip(trace.old, trace.new).prefix { $0 == $1 }.count
    if alike == trace.old.count, alike == trace.new.count {
      return "<p class=\"faint\">Their traces read alike: \(counted(alike, "step")).</p>\n"
    }
    let isLong = alike > 3
    func steps(_ side: [String]) -> String {
      let first = isLong ? alike - 1 : 0
      return "<ol start=\"\(first + 1)\">"
        + side.dropFirst(first).map { "<li>\(HTMLText.code(brief($0, 600)))</li>" }.joined() + "</ol>"
    }
    let words = "the trace, \(counted(trace.old.count, "step")) old and \(counted(trace.new.count, "step")) new"
    return fold(words + (isLong ? ", the first \(alike) alike" : ""), grid("trace", steps(trace.old), steps(trace.new)))
  }

  private func fold(_ words: String, _ inner: String) -> String {
    "<details class=\"fold\"><summary>\(words)</summary>\(inner)</details>\n"
  }

  /// What stands beside each other; the cells are ready for the page.
  private func grid(_ head: String, _ old: String, _ new: String) -> String {
    "<table class=\"grid\"><thead><tr><th></th><th scope=\"col\">old</th><th scope=\"col\">new</th></tr></thead><tbody>"
      + "<tr><th scope=\"row\">\(head)</th><td>\(old)</td><td>\(new)</td></tr></tbody></table>\n"
  }

  // MARK: Source and summaries

  private func source() -> String {
    guard !unit.view.lines.isEmpty else { return "" }
    return "<h3>Source</h3>\n"
      + region(sides(unit.view.lines, isNumbered: true), "Old and new source side by side")
  }

  /// Lines that differ, with some around them, in a table; long stretches of equal ones closed, and as plain text: a cell
  /// for each line of a long function would be most of the page, and hardly ever be read.
  private func sides(_ lines: [UnitView.Line], isNumbered: Bool) -> String {
    var text = ""
    var block: [UnitView.Line] = []
    func flush() {
      guard !block.isEmpty else { return }
      let rows = block.map { line in
        SideBySide.Line(
          kind: line.kind, number: line.number, old: line.oldNumber, text: line.text, isFaint: line.isTrivia)
      }
      text += table(rows, isNumbered: isNumbered)
      block = []
    }
    for row in FoldedDiff(lines, context: 3).rows {
      switch row {
      case .line(let line): block.append(line)
      case .folded(let lines) where lines.count < 6: block += lines
      case .folded(let lines):
        flush()
        text += fold(FoldedDiff.words(for: lines), plain(lines, isNumbered: isNumbered))
      }
    }
    flush()
    return text
  }

  private func plain(_ lines: [UnitView.Line], isNumbered: Bool) -> String {
    let width = String(lines.map { max($0.number, $0.oldNumber ?? 0) }.max() ?? 0).count
    let text = lines.map { line in
      let numbers = [line.oldNumber ?? line.number, line.number].map { String($0).leftPadded(to: width) }
      return (isNumbered ? numbers.joined(separator: " ") + "  " : "") + HTMLText.escaped(line.text)
    }
    return "<pre>\(text.joined(separator: "\n"))</pre>"
  }

  /// What may be wider than the page, so that it is scrolled by itself, by keys too.
  private func region(_ text: String, _ name: String) -> String {
    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(name)\">\(text)</div>\n"
  }

  private func summary() -> String {
    guard let summary = unit.summary else { return "" }
    func lines(_ text: String?) -> [String] {
      (text ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init).filter { !$0.isEmpty }
    }
    let (old, new) = (lines(summary.old), lines(summary.new))
    let author = summary.decoder == "none" ? "the normal text of the code" : "written by \(summary.decoder), checked"
    let written = HTMLText.escaped(brief(author, 200))
    guard summary.old != nil, summary.new != nil else {
      let text = "<pre>\((old + new).map(HTMLText.escaped).joined(separator: "\n"))</pre>\n"
      return "<h3>Summaries <span class=\"faint\">\(written)</span></h3>\n" + text
    }
    let rows = LineDiff.steps(old, new).map { step -> UnitView.Line in
      switch step {
      case .equal(let before, let index):
        .init(kind: .equal, number: index + 1, text: new[index], oldNumber: before + 1)
      case .removed(let index): .init(kind: .removed, number: index + 1, text: old[index])
      case .added(let index): .init(kind: .added, number: index + 1, text: new[index])
      }
    }
    // The code's own normal text says what its source says.
    if summary.decoder == "none" {
      let lines = rows.map { "\($0.kind.sign) \(HTMLText.escaped($0.text))" }
      return "<h3>Summaries</h3>\n" + fold(written, "<pre>\(lines.joined(separator: "\n"))</pre>")
    }
    return "<h3>Summaries <span class=\"faint\">\(written)</span></h3>\n"
      + region(sides(rows, isNumbered: false), "Old and new summary side by side")
  }

  private func table(_ lines: [SideBySide.Line], isNumbered: Bool) -> String {
    let back = Dictionary(unit.names.map { ($1, $0) }) { first, _ in first }
    let column = isNumbered ? "number" : "none"
    var text =
      "<table class=\"side code\"><colgroup><col class=\"\(column)\"><col><col class=\"\(column)\"><col></colgroup>"
    text += "<thead><tr><th colspan=\"2\" scope=\"colgroup\">old</th>"
    text += "<th colspan=\"2\" scope=\"colgroup\">new</th></tr></thead><tbody>\n"
    for row in SideBySide.rows(lines) {
      let marks = row.emphasis
      text += "<tr>"
      text += cells(row.old, "removed", marks?.old, names: unit.names, other: "new", isNumbered)
      text += cells(row.new, "added", marks?.new, names: back, other: "old", isNumbered)
      text += "\n"
    }
    return text + "</tbody></table>\n"
  }

  /// Most of a page is cells: their end tags may be left out, and equal ones need no class.
  private func cells(
    _ cell: SideBySide.Cell?, _ word: String, _ mark: SideBySide.Emphasis?, names: [String: String], other: String,
    _ isNumbered: Bool
  ) -> String {
    guard let cell else { return "<td class=\"gap\"><td class=\"gap\">" }
    func part(_ text: String) -> String { HTMLText.named(text, names, in: other) }
    let number = isNumbered ? String(cell.number) : ""
    if cell.isEqual { return "<td>\(number)<td>\(part(cell.text))" }
    var inner = part(cell.text)
    if let mark, !cell.isFaint {
      let (start, middle, end) = mark.parts(of: cell.text)
      inner = part(start) + (middle.isEmpty ? "" : "<mark>\(part(middle))</mark>") + part(end)
    }
    // Colour is not all there is: who cannot see it reads the word.
    let kind = cell.isFaint ? "trivia" : word
    return "<td>\(number)<td class=\"\(kind)\"><span class=\"hidden\">\(word) </span>\(inner)"
  }

  // MARK: What it rests on

  private func cost() -> String {
    guard let cost = unit.cost, cost.old != "O(1)" || cost.new != "O(1)" else { return "" }
    let words = cost.old == cost.new ? ([cost.new] + cost.steps).joined(separator: ", ") : TextReport.cost(of: unit)
    return "<h3>Cost</h3>\n<p>\(HTMLText.code(words))</p>\n" + (CostPlot(cost)?.svg() ?? "")
  }

  private func proof() -> String {
    guard !unit.proof.isEmpty || !unit.assumptions.isEmpty else { return "" }
    var text = "<h3>Proof</h3>\n"
    if !unit.assumptions.isEmpty {
      text += "<p>Assuming \(HTMLText.code(TextReport.list(unit.assumptions)))</p>\n"
    }
    guard !unit.proof.isEmpty else { return text }
    text += "<table class=\"grid\"><thead><tr><th scope=\"col\">rule</th><th scope=\"col\">version</th>"
    text += "<th scope=\"col\">lines</th></tr></thead><tbody>\n"
    for step in ProofStep.merged(unit.proof) {
      text += "<tr><td>\(HTMLText.code(step.rule))</td><td>\(HTMLText.escaped(step.side))</td>"
      text += "<td>\(step.lines)</td></tr>\n"
    }
    return text + "</tbody></table>\n"
  }

  private func strength() -> String {
    guard let strength = unit.strength else { return "" }
    var text = "<h3>Search for a difference</h3>\n<p>\(HTMLText.escaped(TextReport.figures(strength)))</p>\n"
    if !strength.survivors.isEmpty {
      text += "<p>Not told apart:</p>\n<ul>\n"
      for survivor in strength.survivors { text += "<li>\(HTMLText.code(survivor))</li>\n" }
      text += "</ul>\n"
    }
    return text
  }
}

/// One rule at work on neighbouring lines of one version.
struct ProofStep {
  var rule: String
  var side: String
  var lines: String

  static func merged(_ proof: [ProofEntry]) -> [ProofStep] {
    var steps: [ProofStep] = []
    var index = 0
    while index < proof.count {
      let first = proof[index]
      var lines: [Int] = []
      while index < proof.count, proof[index].rule == first.rule, proof[index].side == first.side {
        lines += proof[index].lines.filter { $0 > 0 }
        index += 1
      }
      var words = ""
      if let low = lines.min(), let high = lines.max() { words = low == high ? "line \(low)" : "lines \(low)-\(high)" }
      steps.append(ProofStep(rule: first.rule, side: first.side, lines: words))
    }
    return steps
  }
}
