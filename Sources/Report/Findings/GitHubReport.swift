import Comparison

/// GitHub's workflow commands: a finding is a line that the runner turns into an annotation.
package enum GitHubReport {
  package static func annotations(_ report: ComparisonReport) -> String {
    Finding.all(in: report).map { finding in
      let place = [
        ("file", finding.path), ("line", String(finding.lines.start)), ("endLine", String(finding.lines.end)),
        ("title", "logicdiff: \(finding.title)"),
      ].map { "\($0)=\(escaped($1, inProperty: true))" }.joined(separator: ",")
      return "::\(finding.rule.isWarning ? "warning" : "notice") \(place)::\(escaped(finding.message))\n"
    }.joined()
  }

  /// As the runner's own toolkit escapes: a command ends with its line, a property with a comma or a colon.
  static func escaped(_ text: String, inProperty: Bool = false) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where inProperty: result += "%3A"
      case "," where inProperty: result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
