import Comparison
import Repository

/// The report as one page that needs nothing else: no network, no other file, and no script but its own, which the
/// page's content security policy names by its hash. Without scripts it lacks its filters and is otherwise whole.
package struct HTMLReport {
  let report: ComparisonReport
  private var page = ""
  private var number = 0
  private var opened = 0
  private let grouped: [Group.Member: Int]

  package static func render(_ report: ComparisonReport) -> String {
    var html = HTMLReport(report)
    html.write()
    return html.page
  }

  private init(_ report: ComparisonReport) {
    self.report = report
    var grouped: [Group.Member: Int] = [:]
    for (index, group) in report.groups.enumerated() {
      for member in group.members { grouped[member] = index }
    }
    self.grouped = grouped
  }

  private static func policy() -> String {
    func hash(_ text: String) -> String {
      var hash = SHA256()
      hash.update(Array(text.utf8))
      return "'sha256-\(HTMLText.base64(hash.digest()))'"
    }
    return "default-src 'none'; script-src \(hash(HTMLScript.text)); style-src \(hash(HTMLStyle.text)); "
      + "base-uri 'none'; form-action 'none'"
  }

  private mutating func write() {
    page += """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy())">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <title>logicdiff: \(HTMLText.escaped(brief(report.old, 80))) against \(HTMLText.escaped(brief(report.new, 80)))</title>
      <style>\(HTMLStyle.text)</style>
      </head>
      <body>
      <a class="skip" href="#list">To the list of functions</a>
      <header>
      <h1>logicdiff</h1>
      <p>\(HTMLText.code(brief(report.old, 400))) against \(HTMLText.code(brief(report.new, 400)))</p>

      """
    writeCounts()
    page += "</header>\n"
    writeFilters()
    page += "<main id=\"list\">\n"
    writeGroups()
    for (index, file) in report.files.enumerated() { writeFile(file, index) }
    if report.files.allSatisfy({ $0.units.isEmpty }) { page += "<p>\(Messages.noUnitChanged)</p>\n" }
    page += """
      </main>
      <footer class="faint"><p>logicdiff \(HTMLText.escaped(report.tool.version)), decoder \
      \(HTMLText.escaped(brief(report.tool.decoder, 200)))</p></footer>
      <script>\(HTMLScript.text)</script>
      </body>
      </html>

      """
  }

  private mutating func writeCounts() {
    page += "<ul class=\"counts\">\n"
    for (word, count) in Self.kinds(of: report.files.flatMap(\.units)) {
      page += "<li><b>\(grouped(count))</b> \(Self.words(word))</li>\n"
    }
    page += "</ul>\n"
  }

  private func grouped(_ number: Int) -> String { Report.grouped(number) }

  private mutating func writeFilters() {
    let kinds = Self.kinds(of: report.files.flatMap(\.units))
    page += "<form class=\"filters\" role=\"search\" aria-label=\"Filter the functions\">\n"
    for (kind, count) in kinds {
      page += """
        <label><input type="checkbox" value="\(kind)" checked> \(Self.words(kind)) \
        <span class="faint">\(grouped(count))</span></label>

        """
    }
    page += """
      <label class="hidden" for="search">Filter by name</label>
      <input type="search" id="search" placeholder="Filter by name" autocomplete="off">
      <span id="shown" role="status" class="faint"></span>
      <span class="faint"><kbd>j</kbd> <kbd>k</kbd> next, previous; <kbd>o</kbd> open; <kbd>a</kbd> all; <kbd>/</kbd> \
      filter</span>
      </form>

      """
  }

  private mutating func writeGroups() {
    guard !report.groups.isEmpty else { return }
    page += "<section aria-label=\"Edits made on many functions\">\n<h2>One edit on many functions</h2>\n"
    for group in report.groups {
      page += """
        <details class="unit-group"><summary>\(counted(group.count, "function")): \
        \(HTMLText.code(brief(group.edit, 400))), bodies the same</summary>
        <ul>

        """
      for member in group.members {
        guard let unit = report.unit(at: member) else { continue }
        page += "<li>\(HTMLText.code("\(report.files[member.file].path): \(unit.shownName)"))</li>\n"
      }
      page += "</ul></details>\n"
    }
    page += "</section>\n"
  }

  private mutating func writeFile(_ file: FileResult, _ index: Int) {
    guard !file.units.isEmpty || file.reason != nil else { return }
    page += "<section class=\"file\">\n<h2>\(HTMLText.escaped(brief(file.path, 1_000)))"
    if let old = file.oldPath, old != file.path {
      page += " <span class=\"faint\">(was \(HTMLText.escaped(brief(old, 1_000))))</span>"
    }
    page += "</h2>\n"
    if let reason = file.reason {
      page += "<p><b>not analysed</b>: \(HTMLText.escaped(reason))</p>\n"
      if !file.textDiff.isEmpty {
        let lines = file.textDiff.map(HTMLText.escaped).joined(separator: "\n")
        page += "<details><summary>text diff</summary><pre>\(lines)</pre></details>\n"
      }
    }
    let ordered = file.units.enumerated().sorted { left, right in
      (Self.rank(left.element), left.offset) < (Self.rank(right.element), right.offset)
    }
    for (unitIndex, unit) in ordered {
      number += 1
      let group = grouped[Group.Member(file: index, unit: unitIndex)].map { report.groups[$0] }
      // What is known to differ stands open, as far as a person reads on without choosing.
      let isOpen = unit.verdict == .changed && opened < 20
      opened += isOpen ? 1 : 0
      page += HTMLUnit(unit: unit, number: number, group: group, isOpen: isOpen).text()
    }
    page += "</section>\n"
  }

  // MARK: Kinds of units, as the filters know them

  static func kind(of unit: UnitResult) -> String {
    unit.verdict == .unproven && unit.evidence == .tested ? "tested" : unit.verdict.rawValue
  }

  static func words(_ kind: String) -> String {
    switch kind {
    case "tested": "no difference found"
    case "not-analysed": "not analysed"
    default: kind
    }
  }

  private static let order = [
    "changed", "unproven", "not-analysed", "cost", "interface", "tested", "same", "added", "removed",
  ]

  private static func rank(_ unit: UnitResult) -> Int { order.firstIndex(of: kind(of: unit)) ?? order.count }

  private static func kinds(of units: [UnitResult]) -> [(kind: String, count: Int)] {
    var counts: [String: Int] = [:]
    for unit in units { counts[kind(of: unit), default: 0] += 1 }
    return order.compactMap { kind in counts[kind].map { (kind, $0) } }
  }
}
