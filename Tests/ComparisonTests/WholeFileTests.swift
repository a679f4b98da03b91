import Comparison
import Foundation
import Testing

/// Pairs of whole modules of `Fixtures/pairs/python/never-silent.files`: a heading `=== name`, the old files, `---`, the
/// new ones. A file begins with a line `@@ path`; without one it is `m.py`.
private struct ModulePair: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var old: [String: String] = [:]
  var new: [String: String] = [:]

  static let all: [ModulePair] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/pairs/python/never-silent.files")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.components(separatedBy: "\n=== ").dropFirst().map { part in
      let (name, body) = part.cut(at: "\n")
      let sides = body.components(separatedBy: "\n---\n")
      return ModulePair(testDescription: name, old: files(sides[0]), new: files(sides.last ?? ""))
    }
  }()

  private static func files(_ text: String) -> [String: String] {
    var files: [String: String] = [:]
    for part in ("\n" + text + "\n").components(separatedBy: "\n@@ ") where !part.allSatisfy(\.isWhitespace) {
      let isNamed = text.hasPrefix("@@ ")
      let (path, body) = isNamed ? part.cut(at: "\n") : ("m.py", String(part.dropFirst()))
      files[path] = body
    }
    return files
  }

  var isSilent: Bool {
    let pairs = Set(old.keys).union(new.keys).sorted().map { path in
      FilePair(
        path: path, status: old[path] == nil ? .added : new[path] == nil ? .deleted : .modified,
        old: old[path].map { .text(Array($0.utf8)) }, new: new[path].map { .text(Array($0.utf8)) })
    }
    var options = ComparisonOptions(jobs: 1)
    // Nothing is searched: what rules take for the same stays so.
    options.steps = 0
    let report = ComparisonRun(old: "old", new: "new", files: pairs, options: options).run()
    return report.files.allSatisfy { $0.reason == nil }
      && report.files.flatMap(\.units).allSatisfy { ![.changed, .unproven, .notAnalysed].contains($0.verdict) }
  }
}

extension String {
  fileprivate func cut(at separator: String) -> (String, String) {
    guard let range = range(of: separator) else { return (self, "") }
    return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
  }
}

@Suite("What a module does around a function is part of what the function means")
struct WholeFileTests {
  @Test("Pairs of modules that differ are not passed over", arguments: ModulePair.all)
  fileprivate func neverSilent(pair: ModulePair) { #expect(!pair.isSilent) }

  @Test("The pairs are there")
  func present() { #expect(ModulePair.all.count > 30) }
}
