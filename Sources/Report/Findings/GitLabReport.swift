import Comparison

/// GitLab's code quality report, a reduced form of Code Climate's: an array of issues.
package enum GitLabReport {
  package static func render(_ report: ComparisonReport) throws -> String {
    try JSONValue.array(
      Finding.all(in: report).map { finding in
        [
          "description": .string(finding.message.replacing("\n", with: "; ")),
          "check_name": .string("logicdiff/\(finding.rule.rawValue)"), "fingerprint": .string(finding.fingerprint),
          "severity": .string(severity(finding.rule)),
          "location": [
            "path": .string(finding.path),
            "lines": ["begin": .int(finding.lines.start), "end": .int(finding.lines.end)],
          ],
        ]
      }
    ).text()
  }

  private static func severity(_ rule: Finding.Rule) -> String {
    switch rule {
    case .changed: "major"
    case .cost, .unproven: "minor"
    case .interface, .noDifferenceFound, .notAnalysed: "info"
    }
  }
}
