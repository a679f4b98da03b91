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

  /// The same on one line.
  package static func compact(_ report: ComparisonReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }

  package static func parse(_ bytes: [UInt8]) throws -> ComparisonReport {
    try JSONDecoder().decode(ComparisonReport.self, from: Data(bytes))
  }

  /// What is wrong with a text that `parse` refused: where, and in what way.
  package static func words(for error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)".printable }
    let context: DecodingError.Context
    switch error {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found): context = found
    case .keyNotFound(let key, let found):
      return brief("\(path(found)) has no \"\(key.stringValue)\"".printable, 400)
    @unknown default: return "it is no JSON of a known form"
    }
    return brief("\(path(context)): \(context.debugDescription)".printable, 400)
  }

  private static func path(_ context: DecodingError.Context) -> String {
    let parts = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    return parts.isEmpty ? "the text" : parts.joined(separator: ".")
  }
}
