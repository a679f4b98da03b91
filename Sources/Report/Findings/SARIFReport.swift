import Comparison

/// SARIF 2.1.0 (OASIS), as code scanning reads it: one run, one rule for each kind of finding.
package enum SARIFReport {
  /// The key under `partialFingerprints`; a change of what is hashed takes another number.
  package static let fingerprintKey = "logicdiffUnit/v1"

  package static func render(_ report: ComparisonReport) throws -> String {
    let rules = Finding.Rule.allCases
    let results = Finding.all(in: report).map { finding -> JSONValue in
      var place: [String: JSONValue] = [
        "physicalLocation": [
          "artifactLocation": ["uri": .string(uri(finding.path)), "uriBaseId": "%SRCROOT%"],
          "region": ["startLine": .int(finding.lines.start), "endLine": .int(finding.lines.end)],
        ]
      ]
      if let unit = finding.unit {
        place["logicalLocations"] = [
          [
            "fullyQualifiedName": .string(unit.printable),
            "kind": finding.kind == "class" ? "type" : .string(kind(finding)),
          ]
        ]
      }
      return [
        "ruleId": .string(id(finding.rule)),
        "ruleIndex": .int(rules.firstIndex(of: finding.rule) ?? 0),
        "level": finding.rule.isWarning ? "warning" : "note",
        "message": ["text": .string(finding.message)],
        "locations": [.object(place)],
        "partialFingerprints": [fingerprintKey: .string(finding.fingerprint)],
      ]
    }
    let driver: JSONValue = [
      "name": "logicdiff", "version": .string(report.tool.version),
      "rules": .array(
        rules.map { rule in
          [
            "id": .string(id(rule)), "shortDescription": ["text": .string(rule.sentence)],
            "defaultConfiguration": ["level": rule.isWarning ? "warning" : "note"],
          ]
        }),
    ]
    let log: JSONValue = [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
      "runs": [
        [
          "tool": ["driver": driver], "columnKind": "utf16CodeUnits",
          "invocations": [["executionSuccessful": true]], "results": .array(results),
          "properties": ["old": .string(report.old.printable), "new": .string(report.new.printable)],
        ]
      ],
    ]
    return try log.text()
  }

  private static func id(_ rule: Finding.Rule) -> String { "logicdiff/\(rule.rawValue)" }

  private static func kind(_ finding: Finding) -> String {
    switch finding.kind {
    case "module": "module"
    case "method": "member"
    default: "function"
    }
  }

  /// A relative reference (RFC 3986): everything that is not unreserved is escaped, the slashes aside.
  static func uri(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(byte))
      if isPlain || "-._~/".unicodeScalars.contains(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        let hex = String(byte, radix: 16, uppercase: true)
        result += "%" + (hex.count == 1 ? "0" + hex : hex)
      }
    }
    // `//host/x` would be another machine; a colon in the first part cannot make a scheme, since it is escaped.
    return result.hasPrefix("//") ? "." + result : result
  }
}
