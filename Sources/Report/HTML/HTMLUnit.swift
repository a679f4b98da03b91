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
      <span class="faint">\(HTMLText.escaped(brief(basis(), 160)))</span> \
      <span class="lines faint">\(place())</span></summary>
      <div class="body">

      """
    if let reason = unit.reason { text += "<p>\(HTMLText.escaped(reason))</p>\n" }
    if !unit.interface.isEmpty {
      text += "<h3>What callers see</h3>\n<ul>\n"
      for edit in unit.interface { text += "<li>\(HTMLText.code(edit.text))</li>\n" }
      text += "</ul>\n"
    }
    if !unit.view.changedCallees.isEmpty {
      text += "<p>Calls \(HTMLText.code(unit.view.changedCallees.joined(separator: ", "))), which changed.</p>\n"
    }
    text += witness() + source() + summary() + cost() + proof() + strength()
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
    var text = "<h3>An input on which they differ</h3>\n"
    let conditions = example.arguments + example.environment
    if !conditions.isEmpty { text += list(conditions, "ul") + "\n" }
    text += """
      <table class="grid"><thead><tr><th></th><th scope="col">old</th><th scope="col">new</th></tr></thead><tbody>
      <tr><th scope="row">outcome</th><td>\(HTMLText.code(example.old))</td><td>\(HTMLText.code(example.new))</td></tr>

      """
    if !example.trace.old.isEmpty || !example.trace.new.isEmpty {
      text += """
        <tr><th scope="row">trace</th><td>\(list(example.trace.old, "ol"))</td>\
        <td>\(list(example.trace.new, "ol"))</td></tr>

        """
    }
    return text + "</tbody></table>\n"
  }

  // MARK: Source and summaries

  private func source() -> String {
    guard !unit.view.lines.isEmpty else { return "" }
    let rows = unit.view.lines.map { line in
      SideBySide.Line(
        kind: line.kind, number: line.number, old: line.oldNumber, text: line.text, isFaint: line.isTrivia)
    }
    return "<h3>Source</h3>\n" + table(rows, caption: "Old and new source side by side", isNumbered: true)
  }

  private func summary() -> String {
    guard let summary = unit.summary else { return "" }
    func lines(_ text: String?) -> [String] {
      (text ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init).filter { !$0.isEmpty }
    }
    let (old, new) = (lines(summary.old), lines(summary.new))
    let author = summary.decoder == "none" ? "the normal text of the code" : "written by \(summary.decoder), checked"
    var text = "<h3>Summaries <span class=\"faint\">\(HTMLText.escaped(brief(author, 200)))</span></h3>\n"
    guard summary.old != nil, summary.new != nil else {
      return text + "<pre>\((old + new).map(HTMLText.escaped).joined(separator: "\n"))</pre>\n"
    }
    let rows = LineDiff.steps(old, new).map { step -> SideBySide.Line in
      switch step {
      case .equal(let before, let index): .init(kind: .equal, number: index + 1, old: before + 1, text: new[index])
      case .removed(let index): .init(kind: .removed, number: index + 1, old: nil, text: old[index])
      case .added(let index): .init(kind: .added, number: index + 1, old: nil, text: new[index])
      }
    }
    text += table(rows, caption: "Old and new summary side by side", isNumbered: false)
    return text
  }

  private func table(_ lines: [SideBySide.Line], caption: String, isNumbered: Bool) -> String {
    let back = Dictionary(unit.names.map { ($1, $0) }) { first, _ in first }
    var text =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(caption)\"><table class=\"side code\">"
    text += "<caption class=\"hidden\">\(caption)</caption>"
    text += "<colgroup><col class=\"\(isNumbered ? "number" : "none")\"><col>"
    text += "<col class=\"\(isNumbered ? "number" : "none")\"><col></colgroup>"
    text += "<thead><tr><th colspan=\"2\" scope=\"colgroup\">old</th>"
    text += "<th colspan=\"2\" scope=\"colgroup\">new</th></tr></thead><tbody>\n"
    for row in SideBySide.rows(lines) {
      let marks = row.emphasis
      text += "<tr>"
      text += cells(row.old, "removed", marks?.old, names: unit.names, other: "new", isNumbered)
      text += cells(row.new, "added", marks?.new, names: back, other: "old", isNumbered)
      text += "\n"
    }
    return text + "</tbody></table></div>\n"
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
      inner = "\(part(start))<mark>\(part(middle))</mark>\(part(end))"
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
