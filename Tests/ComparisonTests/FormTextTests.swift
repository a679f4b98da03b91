import Comparison
import Foundation
import Testing

/// Pairs of `Fixtures/pairs/python`: a heading `=== name`, the old file, `---`, the new file.
private struct FilesOfPair: Sendable, CustomTestStringConvertible {
  var name: String
  var old = ""
  var new = ""
  var testDescription: String { name }

  static func load(_ file: String) -> [FilesOfPair] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/pairs/python")
    guard let text = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8) else { return [] }
    return text.components(separatedBy: "\n=== ").compactMap { part in
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      guard lines.count == 2, let name = lines[0].split(separator: ":").first else { return nil }
      let sides = String(lines[1]).components(separatedBy: "\n---\n")
      guard sides.count == 2 else { return nil }
      return FilesOfPair(name: String(name), old: sides[0] + "\n", new: sides[1] + "\n")
    }
  }
}

@Suite("Files as text with forms")
struct FormTextTests {
  /// Forms alone, without summaries, so that nothing but the forms can tell two versions apart.
  private func text(_ source: String) -> String {
    String(decoding: FormText.bytes(of: Array(source.utf8), path: "code.py", jobs: 2, writer: nil), as: UTF8.self)
  }

  @Test("differ wherever two versions behave differently")
  func different() {
    let pairs = FilesOfPair.load("never-same.pairs")
    #expect(pairs.count > 300)
    for pair in pairs { #expect(text(pair.old) != text(pair.new), "\(pair.name)") }
  }

  @Test("are the same for other names of locals, layout and comments, in every function that has a form")
  func same() {
    var forms = 0
    for pair in FilesOfPair.load("same.pairs") {
      let source = pair.old
      let commented = source.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.hasPrefix("  ") ? $0 + "  # a comment" : $0 }.joined(separator: "\n")
      let converted = text(source)
      guard converted.contains("# form "), !source.contains("\"\"\""), !source.contains("\\\n") else { continue }
      forms += 1
      // Only what stands in a function is replaced.
      guard !source.contains("class "), !converted.contains("\n  ") else { continue }
      #expect(text(commented).replacingOccurrences(of: "  # a comment", with: "") == converted, "\(pair.name)")
    }
    #expect(forms > 50)
  }
}
