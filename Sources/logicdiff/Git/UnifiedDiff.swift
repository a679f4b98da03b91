import Report
import Repository

/// The plain text diff of one file as `git diff` writes it, for what we do not know better: other languages, binary
/// files, links, submodules.
struct UnifiedDiff {
  typealias Side = (words: ExternalDiffCall.Side, bytes: [UInt8]?)

  private(set) var lines: [String] = []
  private let style: Style
  var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

  init(call: ExternalDiffCall, old: Side, new: Side, style: Style) {
    self.style = style
    let oldName = Self.quoted("a/", call.path)
    let newName = Self.quoted("b/", call.newPath ?? call.path)
    heading("diff --git \(oldName) \(newName)")
    switch (old.bytes, new.bytes) {
    case (nil, _?): heading("new file mode \(new.words.mode)")
    case (_?, nil): heading("deleted file mode \(old.words.mode)")
    default:
      if old.words.mode != new.words.mode {
        heading("old mode \(old.words.mode)")
        heading("new mode \(new.words.mode)")
      }
    }
    for line in (call.note ?? "").split(separator: "\n") where !line.hasPrefix("index ") { heading(String(line)) }
    guard old.bytes != new.bytes else { return }
    if (old.bytes?.isBinary ?? false) || (new.bytes?.isBinary ?? false) {
      let names = (old.bytes == nil ? "/dev/null" : oldName, new.bytes == nil ? "/dev/null" : newName)
      heading("Binary files \(names.0) and \(names.1) differ")
      return
    }
    writeHunks(old, new, oldName, newName)
  }

  private mutating func heading(_ text: String) { lines.append(style.paint(text.safe, .heading)) }

  private mutating func writeHunks(_ old: Side, _ new: Side, _ oldName: String, _ newName: String) {
    let (left, right) = (old.bytes ?? [], new.bytes ?? [])
    let hunks: [TextDiff.Hunk]
    do {
      hunks = try TextDiff.hunks(old: left, new: right)
    } catch {
      lines.append("  not shown: \(error.description.safe)")
      return
    }
    if hunks.isEmpty { return }
    heading("--- \(old.bytes == nil ? "/dev/null" : oldName)")
    heading("+++ \(new.bytes == nil ? "/dev/null" : newName)")
    // A carriage return is part of the change only where the two sides differ in their line ends.
    let dropsReturns = left.endsLinesWithReturns == right.endsLinesWithReturns
    for hunk in hunks {
      lines.append(style.paint("@@ -\(Self.span(hunk.old)) +\(Self.span(hunk.new)) @@", .good))
      for line in hunk.lines {
        var content = line.content
        let isWhole = content.last == UInt8(ascii: "\n")
        if isWhole { content = content.dropLast() }
        if dropsReturns, content.last == UInt8(ascii: "\r") { content = content.dropLast() }
        let text = line.origin.rawValue + String(decoding: content, as: UTF8.self).safe
        switch line.origin {
        case .context: lines.append(text)
        case .removed: lines.append(style.paint(text, .removed))
        case .added: lines.append(style.paint(text, .added))
        }
        if !isWhole { lines.append("\\ No newline at end of file") }
      }
    }
  }

  private static func span(_ range: Range<Int>) -> String {
    range.isEmpty
      ? "\(range.lowerBound - 1),0" : range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound),\(range.count)"
  }

  /// `a/` belongs inside the quotes of a path that needs them.
  private static func quoted(_ prefix: String, _ path: RepositoryPath) -> String {
    RepositoryPath(bytes: Array(prefix.utf8) + path.bytes).description
  }
}

extension [UInt8] {
  /// Git's test: a NUL among the first 8,000 bytes.
  var isBinary: Bool { prefix(8_000).contains(0) }

  fileprivate var endsLinesWithReturns: Bool {
    guard let end = firstIndex(of: UInt8(ascii: "\n")), end > 0 else { return false }
    return self[end - 1] == UInt8(ascii: "\r")
  }
}

extension String {
  /// Made harmless for a terminal, tabs kept.
  fileprivate var safe: String {
    contains("\t")
      ? split(separator: "\t", omittingEmptySubsequences: false).map { String($0).printable }
        .joined(separator: "\t") : printable
  }
}
