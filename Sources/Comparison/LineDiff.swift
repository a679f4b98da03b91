import Repository

/// Lines of two texts aligned, as `git diff` aligns them.
package enum LineDiff {
  package enum Step: Hashable, Sendable {
    /// Indices into the old and new lines.
    case equal(Int, Int)
    case removed(Int)
    case added(Int)
  }

  /// Where the texts cannot be compared all of the old is removed and all of the new added.
  package static func steps(_ old: [some StringProtocol], _ new: [some StringProtocol]) -> [Step] {
    steps(old: old.count, new: new.count, bytes: (joined(old), joined(new)))
  }

  package static func steps(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Step] {
    steps(old: old.count, new: new.count, bytes: (joined(old), joined(new)))
  }

  private static func steps(old: Int, new: Int, bytes: (old: [UInt8], new: [UInt8])) -> [Step] {
    var steps: [Step] = []
    var (x, y) = (0, 0)
    let whole = [TextDiff.Edit(old: 1..<old + 1, new: 1..<new + 1)]
    for edit in (try? TextDiff.edits(old: bytes.old, new: bytes.new)) ?? whole {
      while x < min(edit.old.lowerBound - 1, old), y < new {
        steps.append(.equal(x, y))
        (x, y) = (x + 1, y + 1)
      }
      while x < min(edit.old.upperBound - 1, old) {
        steps.append(.removed(x))
        x += 1
      }
      while y < min(edit.new.upperBound - 1, new) {
        steps.append(.added(y))
        y += 1
      }
    }
    while x < old, y < new {
      steps.append(.equal(x, y))
      (x, y) = (x + 1, y + 1)
    }
    return steps
  }

  private static func joined(_ lines: [some StringProtocol]) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in lines {
      bytes.append(contentsOf: line.utf8)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  private static func joined(_ lines: [ArraySlice<UInt8>]) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in lines {
      bytes.append(contentsOf: line)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }
}
