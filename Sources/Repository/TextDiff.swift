import CGit2

/// The text diff of two files, the same one that `git diff` makes: libgit2's xdiff with the indent heuristic.
///
/// Only where the edits are comes from libgit2; lines are cut here, so a large file costs no call for each line.
package enum TextDiff {
  /// A maximal run of lines that were replaced. Line numbers start at 1; either range may be empty, and then stands
  /// before the line that it names.
  package struct Edit: Hashable, Sendable {
    package let old: Range<Int>
    package let new: Range<Int>

    package init(old: Range<Int>, new: Range<Int>) {
      self.old = old
      self.new = new
    }
  }

  package struct Line: Hashable, Sendable {
    package enum Origin: String, Sendable {
      case context = " "
      case removed = "-"
      case added = "+"
    }

    package let origin: Origin
    package let oldNumber: Int?
    package let newNumber: Int?
    /// The line with its line feed, if it has one; shares the file's storage.
    package let content: ArraySlice<UInt8>

    /// The line as text, without its line ending; bytes that are not UTF-8 become U+FFFD.
    package var text: String {
      var bytes = content
      if bytes.last == UInt8(ascii: "\n") { bytes = bytes.dropLast() }
      if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  package struct Hunk: Hashable, Sendable {
    package let old: Range<Int>
    package let new: Range<Int>
    package let lines: [Line]
  }

  /// Where two files differ, in order. Empty when they are equal. O((n + m) d) at worst, cut short by heuristics.
  package static func edits(old: [UInt8], new: [UInt8]) throws(RepositoryError) -> [Edit] {
    _ = Library.started
    if old == new { return [] }
    var options = cgit2_diff_options()
    options.flags = GIT_DIFF_FORCE_TEXT.rawValue | GIT_DIFF_INDENT_HEURISTIC.rawValue
    options.context_lines = 0
    options.interhunk_lines = 0
    options.max_size = -1
    let found = EditList()
    let code = old.withUnsafeBytes { oldBytes in
      new.withUnsafeBytes { newBytes in
        git_diff_buffers(
          oldBytes.baseAddress, oldBytes.count, nil, newBytes.baseAddress, newBytes.count, nil, &options,
          nil, nil,
          { _, hunk, payload in
            guard let hunk = hunk?.pointee, let payload else { return -1 }
            Unmanaged<EditList>.fromOpaque(payload).takeUnretainedValue().append(hunk)
            return 0
          },
          nil, Unmanaged.passUnretained(found).toOpaque())
      }
    }
    guard code >= 0 else {
      throw RepositoryError.git(operation: "compare two files", reason: GitFailure.last(code).message)
    }
    return found.edits
  }

  /// The edits with `context` equal lines around each; edits whose context touches share a hunk.
  package static func hunks(old: [UInt8], new: [UInt8], context: Int = 3) throws(RepositoryError) -> [Hunk] {
    let edits = try edits(old: old, new: new)
    let (oldLines, newLines) = (LineTable(old), LineTable(new))
    let around = min(max(context, 0), oldLines.count + newLines.count)
    var hunks: [Hunk] = []
    var start = 0
    for index in edits.indices {
      let isLast = index + 1 == edits.count
      if !isLast, edits[index + 1].old.lowerBound - edits[index].old.upperBound <= 2 * around { continue }
      hunks.append(hunk(edits[start...index], oldLines, newLines, around: around))
      start = index + 1
    }
    return hunks
  }

  /// How many lines the text diff removes and adds.
  package static func counts(old: [UInt8], new: [UInt8]) throws(RepositoryError) -> (removed: Int, added: Int) {
    try edits(old: old, new: new).reduce(into: (removed: 0, added: 0)) { sum, edit in
      sum.removed += edit.old.count
      sum.added += edit.new.count
    }
  }

  private static func hunk(
    _ edits: ArraySlice<Edit>, _ old: LineTable, _ new: LineTable, around: Int
  ) -> Hunk {
    guard let first = edits.first, let last = edits.last else { return Hunk(old: 1..<1, new: 1..<1, lines: []) }
    let before = min(around, first.old.lowerBound - 1)
    let after = min(around, old.count + 1 - last.old.upperBound)
    var lines: [Line] = []
    var (oldLine, newLine) = (first.old.lowerBound - before, first.new.lowerBound - before)
    func context(upTo end: Int) {
      while oldLine < end {
        lines.append(Line(origin: .context, oldNumber: oldLine, newNumber: newLine, content: new[newLine]))
        (oldLine, newLine) = (oldLine + 1, newLine + 1)
      }
    }
    for edit in edits {
      context(upTo: edit.old.lowerBound)
      for line in edit.old {
        lines.append(Line(origin: .removed, oldNumber: line, newNumber: nil, content: old[line]))
      }
      for line in edit.new {
        lines.append(Line(origin: .added, oldNumber: nil, newNumber: line, content: new[line]))
      }
      (oldLine, newLine) = (edit.old.upperBound, edit.new.upperBound)
    }
    context(upTo: last.old.upperBound + after)
    return Hunk(
      old: (first.old.lowerBound - before)..<oldLine, new: (first.new.lowerBound - before)..<newLine, lines: lines)
  }
}

/// Collects edits inside libgit2's callback, which can carry one pointer only.
private final class EditList {
  var edits: [TextDiff.Edit] = []

  func append(_ hunk: git_diff_hunk) {
    func range(_ start: Int32, _ count: Int32) -> Range<Int> {
      // An empty range is given by the line before it.
      let first = count == 0 ? Int(start) + 1 : Int(start)
      return first..<(first + Int(count))
    }
    edits.append(
      TextDiff.Edit(old: range(hunk.old_start, hunk.old_lines), new: range(hunk.new_start, hunk.new_lines)))
  }
}

/// Lines of a file by their number, counted from 1; a last line without a line feed counts.
private struct LineTable {
  private let bytes: [UInt8]
  private var starts: [Int] = [0]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(index + 1) }
    if starts.last != bytes.count { starts.append(bytes.count) }
  }

  var count: Int { starts.count - 1 }

  subscript(line: Int) -> ArraySlice<UInt8> {
    guard line >= 1, line < starts.count else { return [] }
    return bytes[starts[line - 1]..<starts[line]]
  }
}
