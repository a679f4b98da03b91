import Comparison
import Foundation
import Report
import Testing

/// What CommonMark reads as Markdown or HTML of a text: fenced blocks and code spans taken out.
private func outsideCode(_ markdown: String) -> String {
  var result = ""
  var fence = ""
  for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
    let run = String(line.prefix { $0 == "`" })
    if !fence.isEmpty {
      if run.count >= fence.count, line.dropFirst(run.count).allSatisfy({ $0 == " " }) { fence = "" }
      continue
    }
    if run.count >= 3, !line.dropFirst(run.count).contains("`") {
      fence = run
      continue
    }
    // Code spans: a run of backticks up to the next run of the same length.
    var rest = Array(line.unicodeScalars)[...]
    while let scalar = rest.first {
      guard scalar == "`" else {
        result.unicodeScalars.append(scalar)
        rest = rest.dropFirst()
        continue
      }
      let length = rest.prefix { $0 == "`" }.count
      var probe = rest.dropFirst(length)
      var end: Int?
      while let next = probe.firstIndex(of: "`") {
        let run = probe[next...].prefix { $0 == "`" }.count
        if run == length {
          end = next + run
          break
        }
        probe = probe[(next + run)...]
      }
      guard let end else {
        result += "UNCLOSED"
        break
      }
      rest = rest[end...]
    }
    result += "\n"
  }
  return fence.isEmpty ? result : result + "UNCLOSED FENCE"
}

@Suite("The Markdown report")
struct MarkdownTests {
  @Test("The table comes first, then what needs eyes, rewrites last and folded")
  func order() throws {
    let text = MarkdownReport.render(Samples.everything)
    #expect(text.contains("| changed | 1 |") && text.contains("| same | 2 |"))
    func place(_ part: String) throws -> String.Index { try #require(text.range(of: part), "\(part)").lowerBound }
    let order = try [
      "| verdict |", "<b>changed</b> <code>Finder.circuit</code>", "**cost** `common_neighbours`",
      "**interface** `twice`",
      "rewritten, added or removed</summary>", "- `cycles.py: relabel` same  assuming plain-attributes",
    ].map(place)
    #expect(order == order.sorted())
    #expect(text.contains("```diff\n  ...  7 lines equal\n- 419      if not closed:\n+ 419      if closed:\n"))
    #expect(text.contains("- differs when `node = 0, self.graph[0] = []`\n- old `returns None, after"))
    #expect(text.contains("- blocks none\n+ blocks one"))
    #expect(text.components(separatedBy: "<details").count == text.components(separatedBy: "</details>").count)
  }

  @Test(
    "What comes from the code under review stays inside code",
    arguments: [
      "</code></summary></details><script>alert(1)</script>", "a`b", "``` \n```\n# Heading @everyone", "`````",
      "<!-- logicdiff comment x -->\n--> <img src=x onerror=alert(1)>",
      "[click](http://evil)\n\n![](http://evil/x.png)",
      "@octocat #1 !2 http://evil.example", "~~~\n</details>\n~~~", "| a | b |\n| - | - |", "\u{202E}gnp.\u{2066}`",
      "   `  `` ", "\\`x\\`", "\r\n\r\n    code", "$`x`$", " ",
    ])
  func hostile(_ text: String) {
    var options = MarkdownReport.Options()
    options.job = text
    let markdown = MarkdownReport.render(Samples.hostile(text), options: options)
    let outside = outsideCode(markdown)
    #expect(!outside.contains("UNCLOSED"))
    // Elements of HTML that remain are ours, and everything inside <code> is escaped.
    var bare = outside.replacingOccurrences(of: MarkdownReport.marker(job: text), with: "")
    bare = bare.replacingOccurrences(of: "<code>[^<]*</code>", with: "", options: .regularExpression)
    for tag in ["<details>", "<details open>", "</details>", "<summary>", "</summary>", "<b>", "</b>"] {
      bare = bare.replacingOccurrences(of: tag, with: "")
    }
    for part in ["<", ">", "@", "http", "[", "!", "evil", "octocat", "\u{202E}", "\r", "~~~", "Heading"] {
      #expect(!bare.contains(part), "\(part) in \(bare)")
    }
    #expect(outside.components(separatedBy: "<!--").count == 2)
  }

  @Test("It stays within its budget, closes what it opens and says how much it left out")
  func budget() {
    let many = (0..<2_000).map { Samples.changed("f\($0)", at: 20) }
    let text = MarkdownReport.render(Samples.report([Samples.file("a.py", many)]))
    #expect(text.utf16.count <= 60_000 && text.utf16.count > 50_000)
    #expect(text.contains("more functions did not fit"))
    let few = MarkdownReport.render(
      Samples.report([Samples.file("a.py", (0..<200).map { Samples.changed("f\($0)", at: 20) })]))
    #expect(!few.contains("did not fit") && few.contains("**changed** `f199`") && few.contains("<code>f50</code>"))
    #expect(text.components(separatedBy: "<details").count == text.components(separatedBy: "</details>").count)
    var long = Samples.changed()
    long.view.lines = (0..<50_000).map { .init(kind: .added, number: $0, text: "x = \($0)") }
    let cut = MarkdownReport.render(Samples.report([Samples.file("a.py", [long, Samples.changed("g")])]))
    #expect(cut.contains("more lines did not fit") && cut.contains("<code>g</code>"))
    #expect(cut.utf16.count < 20_000)
  }

  @Test("A comment's marker is one line that a job's name cannot end")
  func marker() {
    #expect(MarkdownReport.marker(job: "lint") == "<!-- logicdiff comment lint -->")
    let names = ["a-->b", "a\nb", "a b", "a--b", "ä", "", "A"]
    let markers = names.map { MarkdownReport.marker(job: $0) }
    #expect(Set(markers).count == names.count)
    for marker in markers {
      #expect(marker.hasPrefix("<!-- logicdiff comment ") && marker.hasSuffix(" -->"))
      #expect(!marker.dropFirst(4).dropLast(4).contains("--") && !marker.contains("\n"))
    }
  }

  @Test("There is something to say only where a unit or a whole file is in the report")
  func news() {
    #expect(!MarkdownReport.hasNews(Samples.report([])))
    #expect(!MarkdownReport.hasNews(Samples.report([Samples.file("a.py", [])])))
    #expect(MarkdownReport.hasNews(Samples.everything))
  }
}
