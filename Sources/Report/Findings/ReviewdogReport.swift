import Comparison

/// Reviewdog's diagnostic format: `rdjson` as one document, `rdjsonl` with a diagnostic on each line.
package enum ReviewdogReport {
  private static let source: JSONValue = ["name": "logicdiff"]

  package static func json(_ report: ComparisonReport) throws -> String {
    try JSONValue.object([
      "source": source, "severity": "WARNING", "diagnostics": .array(diagnostics(report).map { .object($0) }),
    ]).text()
  }

  package static func lines(_ report: ComparisonReport) throws -> String {
    try diagnostics(report).map { diagnostic in
      try JSONValue.object(diagnostic.merging(["source": source]) { $1 }).text(onOneLine: true)
    }.joined()
  }

  private static func diagnostics(_ report: ComparisonReport) -> [[String: JSONValue]] {
    Finding.all(in: report).map { finding in
      [
        "message": .string(finding.message), "severity": finding.rule.isWarning ? "WARNING" : "INFO",
        "code": ["value": .string(finding.rule.rawValue)],
        "location": [
          "path": .string(finding.path),
          "range": [
            "start": ["line": .int(finding.lines.start)], "end": ["line": .int(finding.lines.end)],
          ],
        ],
      ]
    }
  }
}
