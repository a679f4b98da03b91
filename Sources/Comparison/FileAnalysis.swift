import Lowering
import Repository
import Syntax

/// Both sides of one changed file, read as far as they can be.
struct FileAnalysis: Sendable {
  var pair: FilePair
  var old: SideAnalysis?
  var new: SideAnalysis?
  /// What is known of the file before its units are judged.
  var result: FileResult

  /// Nothing stands in the way of looking at units.
  var isComparable: Bool { result.reason == nil && (old != nil || new != nil) }

  init(_ pair: FilePair) {
    self.pair = pair
    let first = (pair.new ?? pair.old)?.bytes?.prefix(512) ?? []
    let language =
      Language.of(path: pair.path, firstBytes: first)
      ?? pair.oldPath.flatMap { Language.of(path: $0, firstBytes: pair.old?.bytes?.prefix(512) ?? []) }
    result = FileResult(
      path: pair.path, oldPath: pair.oldPath == pair.path ? nil : pair.oldPath, language: language?.name.lowercased(),
      status: pair.status)
    if pair.status == .modeChanged { return }
    if let reason = pair.old?.reason ?? pair.new?.reason {
      result.reason = reason
      result.textDiff = textDiff()
      return
    }
    guard let language, let lowering = Lowerings.lowering(for: language) else {
      result.reason = Messages.noGrammar
      result.textDiff = textDiff()
      return
    }
    do throws(SideAnalysis.Failure) {
      if case .text(let bytes)? = pair.old {
        old = try SideAnalysis(bytes, language: language, lowering: lowering, path: pair.oldPath ?? pair.path)
      }
      if case .text(let bytes)? = pair.new {
        new = try SideAnalysis(bytes, language: language, lowering: lowering, path: pair.path)
      }
    } catch {
      switch error {
      case .notAnalysed(let reason): result.reason = reason
      }
      result.textDiff = textDiff()
    }
  }

  /// The plain text diff, as `git diff` prints its hunks. A side that is no text has none.
  private func textDiff() -> [String] {
    let isText = [pair.old, pair.new].allSatisfy { $0?.reason == nil }
    let (old, new) = (pair.old?.bytes ?? [], pair.new?.bytes ?? [])
    guard isText, !old.prefix(8_000).contains(0), !new.prefix(8_000).contains(0),
      let hunks = try? TextDiff.hunks(old: old, new: new)
    else { return [] }
    var lines: [String] = []
    for hunk in hunks {
      lines.append("@@ -\(span(hunk.old)) +\(span(hunk.new)) @@")
      lines += hunk.lines.map { $0.origin.rawValue + $0.text }
    }
    return lines
  }

  private func span(_ range: Range<Int>) -> String {
    range.isEmpty ? "\(range.lowerBound - 1),0" : "\(range.lowerBound),\(range.count)"
  }
}
