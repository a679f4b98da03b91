import Comparison

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The versioned JSON of the contract: sorted keys, the same bytes for the same report.
package enum JSONReport {
  package static func render(_ report: ComparisonReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
  }

  package static func parse(_ bytes: [UInt8]) throws -> ComparisonReport {
    try JSONDecoder().decode(ComparisonReport.self, from: Data(bytes))
  }
}
