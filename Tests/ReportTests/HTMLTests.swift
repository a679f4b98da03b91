import Comparison
import Foundation
import Report
import Testing

/// Debian's Chromium or its like, if there is one.
private let chromium = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  .flatMap { folder in ["chromium", "chromium-browser", "google-chrome"].map { "\(folder)/\($0)" } }
  .first { FileManager.default.isExecutableFile(atPath: $0) }

private let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// What `Fixtures/page/inspect.py` tells of a page.
private struct Inspection: Decodable {
  var seconds: Double
  var shown: String
  var title: String
  var scripts: Int
  var foreign: Int
  var handlers: Int
  var nameless: [String]
  var firstFocus: String?
  var secondFocus: String?
  var toggled: Bool
  var withoutChanged: Int
  var unitsWithoutScript: Int
  var filtersWithoutScript: String
  var logged: [Entry]
  var requests: [String]
  struct Entry: Decodable {}

  init(_ report: ComparisonReport) throws {
    let page = FileManager.default.temporaryDirectory.appendingPathComponent("logicdiff-\(UUID().uuidString).html")
    try Data(HTMLReport.render(report).utf8).write(to: page)
    defer { try? FileManager.default.removeItem(at: page) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", checkout.appendingPathComponent("Fixtures/page/inspect.py").path, try #require(chromium), page.path,
    ]
    let out = Pipe()
    process.standardOutput = out
    try process.run()
    let data = out.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    self = try JSONDecoder().decode(Inspection.self, from: data)
  }
}

@Suite("The page")
struct HTMLTests {
  private static let attacks = [
    "</code></pre></td></tr></table><script>document.title='owned'</script>",
    "\"><img src=x onerror=\"document.title='owned'\">", "'-->]]></style></script><script src=http://evil.invalid/>",
    "<svg/onload=alert(1)>&lt;script&gt;\u{202E}\0\u{1B}[31m", "javascript:document.title='owned'",
  ]

  @Test("Text from the code under review is text on the page", arguments: attacks)
  func escapes(_ attack: String) {
    let page = HTMLReport.render(Samples.hostile(attack))
    let calm = HTMLReport.render(Samples.hostile("calm"))
    // The same elements, whatever the text says.
    for part in [
      "<script", "</script", "<style", "</style", "<img", "<svg", "<table", "</table", "<details", "onload=<",
    ] {
      #expect(page.components(separatedBy: part).count == calm.components(separatedBy: part).count, "\(part)")
    }
    for scalar in ["\u{202E}", "\0", "\u{1B}"] { #expect(!page.contains(scalar)) }
  }

  @Test("It holds the verdicts, both sources, the proof, the input with its traces, and a plot of the cost")
  func contents() {
    let page = HTMLReport.render(Samples.everything)
    for part in [
      "<b>1</b> changed", "Finder.circuit",
      "<span class=\"hidden\">removed </span>    if <mark>not </mark>closed:",
      "loop/fold</code></td><td>old</td><td>lines 3-5", "self.blocked.add(0)", "polyline class=\"new\"",
      "at 128 386 old, 23,000 new", "Assuming <code>plain-attributes</code>", "line 3: + for -",
      "data.bin", "binary file", "4,812 inputs",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(!page.contains("http://") && !page.contains("https://"))
    #expect(page.contains("default-src 'none'") && !page.contains("unsafe-inline"))
  }

  @Test("Of two lines that are alike the words that differ are marked, and none of two that are not")
  func emphasis() {
    func page(_ old: String, _ new: String) -> String {
      var unit = Samples.unit("f", .changed)
      unit.view.lines = [.init(kind: .removed, number: 1, text: old), .init(kind: .added, number: 1, text: new)]
      return HTMLReport.render(Samples.report([Samples.file("a.py", [unit])]))
    }
    #expect(page("def f(values: list):", "def f(items: list):").contains("def f(<mark>values</mark>: list):"))
    #expect(page("    x = a.b(1) + total", "    x = a.c(1) + total").contains("a.<mark>c</mark>(1) + total"))
    #expect(!page("    result = []", "    return [v for v in values]").contains("<mark>"))
  }

  @Test("A name with another name in the other version says which")
  func names() {
    var unit = Samples.changed()
    unit.names = ["closed": "shut"]
    let page = HTMLReport.render(Samples.report([Samples.file("a.py", [unit])]))
    #expect(page.contains("<abbr title=\"shut in the new version\">closed</abbr>:"))
  }

  @Test(
    "Chromium shows it without a word in its console, with and without scripts",
    .enabled(if: chromium != nil, "no chromium in PATH; on Debian: apt-get install chromium"))
  func browser() throws {
    let seen = try Inspection(Samples.everything)
    #expect(seen.logged.isEmpty && seen.requests.isEmpty)
    #expect(seen.shown == "10 of 10 shown" && seen.withoutChanged == 0)
    #expect(seen.nameless == [])
    #expect(seen.firstFocus == "Finder.circuit" && seen.secondFocus == "walk" && seen.toggled)
    #expect(seen.unitsWithoutScript == 10 && seen.filtersWithoutScript == "none")
  }

  @Test(
    "Chromium runs no script of the code under review",
    .enabled(if: chromium != nil, "no chromium in PATH; on Debian: apt-get install chromium"))
  func hostile() throws {
    let seen = try Inspection(Samples.hostile(Self.attacks.joined(separator: "\n")))
    #expect(seen.logged.isEmpty && seen.requests.isEmpty)
    #expect(seen.scripts == 1 && seen.foreign == 0 && seen.handlers == 0)
    #expect(seen.title.hasPrefix("logicdiff: "))
    #expect(seen.shown == "6 of 6 shown")
  }

  @Test(
    "Five hundred functions are listed and can be walked through",
    .enabled(if: chromium != nil, "no chromium in PATH; on Debian: apt-get install chromium"))
  func many() throws {
    let seen = try Inspection(
      Samples.report([Samples.file("a.py", (0..<500).map { Samples.changed("f\($0)", at: 20) })]))
    #expect(seen.shown == "500 of 500 shown" && seen.logged.isEmpty)
    #expect(seen.secondFocus == "f1")
  }
}
