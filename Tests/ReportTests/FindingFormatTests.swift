import Comparison
import Foundation
import Report
import Testing

private func object(_ text: String) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

@Suite("Findings for other programs")
struct FindingFormatTests {
  private func results(_ report: ComparisonReport) throws -> [[String: Any]] {
    let runs = try #require(try object(SARIFReport.render(report))["runs"] as? [[String: Any]])
    return try #require(runs.first?["results"] as? [[String: Any]])
  }

  /// What the published schema of SARIF 2.1.0 requires of every part that we write.
  @Test("SARIF has what its schema requires and nothing that it forbids")
  func sarif() throws {
    let log = try object(SARIFReport.render(Samples.everything))
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    #expect(Set(run.keys).isSubset(of: ["tool", "columnKind", "invocations", "results", "properties"]))
    #expect(["utf16CodeUnits", "unicodeCodePoints"].contains(run["columnKind"] as? String))
    let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
    #expect(invocation["executionSuccessful"] is Bool)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    #expect(driver["name"] as? String == "logicdiff")
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let ids = rules.compactMap { $0["id"] as? String }
    #expect(ids.count == rules.count && Set(ids).count == ids.count)
    for rule in rules {
      #expect(((rule["shortDescription"] as? [String: Any])?["text"] as? String)?.isEmpty == false)
      let level = (rule["defaultConfiguration"] as? [String: Any])?["level"] as? String
      #expect(["none", "note", "warning", "error"].contains(level))
    }
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == 7)
    for result in results {
      #expect(
        Set(result.keys)
          == ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"])
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(ids[index] == result["ruleId"] as? String)
      #expect(["none", "note", "warning", "error"].contains(result["level"] as? String))
      #expect(((result["message"] as? [String: Any])?["text"] as? String)?.isEmpty == false)
      let place = try #require((result["locations"] as? [[String: Any]])?.first)
      let physical = try #require(place["physicalLocation"] as? [String: Any])
      let region = try #require(physical["region"] as? [String: Int])
      #expect(try #require(region["startLine"]) >= 1)
      #expect(try #require(region["endLine"]) >= region["startLine"] ?? 0)
      let fingerprints = try #require(result["partialFingerprints"] as? [String: String])
      #expect(fingerprints.keys.contains(SARIFReport.fingerprintKey))
    }
  }

  @Test("A finding keeps its fingerprint when its function moves down, and no two share one")
  func fingerprints() throws {
    func prints(_ report: ComparisonReport) throws -> [String] {
      try results(report).compactMap { ($0["partialFingerprints"] as? [String: String])?.values.first }
    }
    let high = try prints(Samples.report([Samples.file("a.py", [Samples.changed(at: 40)])]))
    let low = try prints(Samples.report([Samples.file("a.py", [Samples.changed(at: 70)])]))
    #expect(high == low && high.count == 1)
    #expect(try prints(Samples.report([Samples.file("b.py", [Samples.changed(at: 40)])])) != high)
    // A property's getter and setter have one name.
    let twins = [Samples.changed("C.x", at: 40), Samples.changed("C.x", at: 90)]
    #expect(Set(try prints(Samples.report([Samples.file("a.py", twins)]))).count == 2)
    let all = try prints(Samples.everything)
    #expect(Set(all).count == all.count)
  }

  @Test("A finding points at the line that differs, in the new file")
  func place() throws {
    let found = try results(Samples.report([Samples.file("a b/ü#.py", [Samples.changed(at: 419)])]))
    let place = try #require((found.first?["locations"] as? [[String: Any]])?.first)
    let physical = try #require(place["physicalLocation"] as? [String: Any])
    #expect(physical["region"] as? [String: Int] == ["startLine": 419, "endLine": 419])
    #expect((physical["artifactLocation"] as? [String: String])?["uri"] == "a%20b/%C3%BC%23.py")
    var removal = Samples.changed(at: 50)
    removal.view.lines.removeAll { $0.kind == .added }
    let annotation = GitHubReport.annotations(Samples.report([Samples.file("a.py", [removal])]))
    #expect(annotation.hasPrefix("::warning file=a.py,line=51,endLine=51,"))
  }

  @Test("One edit on many functions is one finding; what is the same, added or removed is none")
  func grouped() throws {
    let units = (0..<3).map { number in
      var unit = Samples.unit("f\(number)", .interface, .proved)
      unit.interface = [InterfaceEdit("decorator @a -> @b")]
      return unit
    }
    let group = Group(edit: "@a -> @b", members: units.indices.map { .init(file: 0, unit: $0) })
    let quiet = [Samples.unit("s", .same, .assumed), Samples.unit("n", .added), Samples.unit("o", .removed)]
    let report = Samples.report([Samples.file("a.py", units + quiet)], groups: [group])
    let lines = try ReviewdogReport.lines(report).split(separator: "\n")
    #expect(lines.count == 1)
    #expect(lines[0].contains("3 functions: @a -> @b, bodies the same"))
  }

  @Test("rdjson and rdjsonl hold the same diagnostics, as reviewdog's format names them")
  func reviewdog() throws {
    let whole = try object(ReviewdogReport.json(Samples.everything))
    let diagnostics = try #require(whole["diagnostics"] as? [[String: Any]])
    let lines = try ReviewdogReport.lines(Samples.everything).split(separator: "\n").map { try object(String($0)) }
    #expect(diagnostics.count == 7 && lines.count == 7)
    #expect((whole["source"] as? [String: String])?["name"] == "logicdiff")
    for (diagnostic, line) in zip(diagnostics, lines) {
      #expect(["ERROR", "WARNING", "INFO"].contains(diagnostic["severity"] as? String))
      let location = try #require(diagnostic["location"] as? [String: Any])
      #expect(location["path"] is String)
      let range = try #require(location["range"] as? [String: [String: Int]])
      #expect(try #require(range["start"]?["line"]) >= 1)
      #expect(line["message"] as? String == diagnostic["message"] as? String)
      #expect((line["source"] as? [String: String])?["name"] == "logicdiff")
    }
  }

  @Test("GitLab's issues have every member that its widget reads")
  func gitlab() throws {
    let text = try GitLabReport.render(Samples.everything)
    let issues = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(issues.count == 7)
    for issue in issues {
      #expect(Set(issue.keys) == ["description", "check_name", "fingerprint", "severity", "location"])
      #expect(["info", "minor", "major", "critical", "blocker"].contains(issue["severity"] as? String))
      let lines = (issue["location"] as? [String: Any])?["lines"] as? [String: Int]
      #expect(try #require(lines?["begin"]) >= 1)
    }
    #expect(Set(issues.compactMap { $0["fingerprint"] as? String }).count == 7)
  }

  @Test("A workflow command cannot be ended or begun by what stands in it")
  func commands() {
    let hostile = "x,line=1::\r\n::stop-commands::t\n::add-mask::a%"
    let lines = GitHubReport.annotations(Samples.hostile(hostile)).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last == "")
    for line in lines.dropLast() {
      #expect(line.hasPrefix("::warning file=") || line.hasPrefix("::notice file="))
      #expect(!line.contains("\r"))
      // Properties end at the second `::`; the file's own colons and commas are escaped before it.
      let properties = line.dropFirst(2).components(separatedBy: "::")[0]
      #expect(properties.components(separatedBy: ",").count == 4)
    }
  }

  @Test("The JSON gives back what it was made of, the shown source included")
  func roundTrip() throws {
    let report = Samples.everything
    let text = try JSONReport.render(report)
    let back = try JSONReport.parse(Array(text.utf8))
    #expect(try JSONReport.render(back) == text)
    let options = TextReport.Options()
    #expect(TextReport.render(back, options: options) == TextReport.render(report, options: options))
    let hostile = try JSONReport.parse(Array(try JSONReport.render(Samples.hostile("a\u{2028}\n\0\"\\")).utf8))
    #expect(hostile.files[0].units[0].view.lines.last?.text == "a\u{2028}\n\0\"\\")
  }

  @Test("A made-up report is refused with a word, whatever is wrong with it")
  func madeUp() throws {
    let good = try JSONReport.render(Samples.everything)
    let bad = [
      "", "null", "[]", "{}", String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
      good.replacingOccurrences(of: "\"schema\" : 1", with: "\"schema\" : 2"),
      good.replacingOccurrences(of: "\"hidden\" : 1", with: "\"hidden\" : -1"),
      good.replacingOccurrences(of: "\"hidden\" : 1", with: "\"hidden\" : 9223372036854775807"),
      good.replacingOccurrences(of: "\"start\" : 1", with: "\"start\" : 1e300"),
      good.replacingOccurrences(of: "\"-419:", with: "\"-99999999999999999999:"),
      good.replacingOccurrences(of: "\"-419:", with: "\"*419:"),
      good.replacingOccurrences(of: "\"-419:    if not closed:\"", with: "\"\""),
      good.replacingOccurrences(of: "\"verdict\" : \"changed\"", with: "\"verdict\" : \"fine\""),
    ]
    for text in bad {
      #expect(text != good)
      #expect(throws: (any Error).self) { try JSONReport.parse(Array(text.utf8)) }
    }
  }
}
