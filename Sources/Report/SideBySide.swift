import Comparison

/// Aligned lines as rows of two cells: what was removed stands beside what came in its place.
enum SideBySide {
  struct Line {
    var kind: UnitView.Line.Kind
    var number: Int
    /// The old number of an equal line.
    var old: Int?
    var text: String
    var isFaint = false
  }

  struct Cell {
    var number: Int
    var text: String
    var isEqual: Bool
    var isFaint: Bool
  }

  struct Row {
    var old: Cell?
    var new: Cell?

    /// The part of each cell that differs, where enough of the line is alike to make that worth a look.
    var emphasis: (old: Emphasis, new: Emphasis)? {
      guard let old, let new, !old.isEqual else { return nil }
      let (left, right) = (Array(old.text.unicodeScalars), Array(new.text.unicodeScalars))
      var start = zip(left, right).prefix { $0 == $1 }.count
      let limit = min(left.count, right.count) - start
      var end = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.prefix(limit).count
      // Words are whole: `values` and `items` share no letter that means anything.
      func splits(_ line: [Unicode.Scalar], _ place: Int) -> Bool {
        place > 0 && place < line.count && line[place - 1].isOfWord && line[place].isOfWord
      }
      while start > 0, splits(left, start) || splits(right, start) { start -= 1 }
      while end > 0, splits(left, left.count - end) || splits(right, right.count - end) { end -= 1 }
      let indent = left.prefix { $0 == " " || $0 == "\t" }.count
      let shared = start - min(indent, start) + end
      guard shared * 3 >= min(left.count, right.count) - indent, shared >= 3 else { return nil }
      return (Emphasis(start: start, end: end), Emphasis(start: start, end: end))
    }
  }

  /// Scalars at both ends that the two lines share.
  struct Emphasis {
    var start: Int
    var end: Int

    func parts(of text: String) -> (String, String, String) {
      let scalars = Array(text.unicodeScalars)
      let last = max(start, scalars.count - end)
      func string(_ part: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(part)) }
      let first = min(start, scalars.count)
      return (string(scalars[..<first]), string(scalars[first..<last]), string(scalars[last...]))
    }
  }

  static func rows(_ lines: [Line]) -> [Row] {
    var rows: [Row] = []
    var removed: [Cell] = []
    var added: [Cell] = []
    func flush() {
      for index in 0..<max(removed.count, added.count) {
        rows.append(
          Row(
            old: index < removed.count ? removed[index] : nil, new: index < added.count ? added[index] : nil))
      }
      (removed, added) = ([], [])
    }
    for line in lines {
      let cell = Cell(number: line.number, text: line.text, isEqual: line.kind == .equal, isFaint: line.isFaint)
      switch line.kind {
      case .removed:
        // A second block of removed lines belongs to another place.
        if !added.isEmpty { flush() }
        removed.append(cell)
      case .added: added.append(cell)
      case .equal:
        flush()
        var old = cell
        old.number = line.old ?? line.number
        rows.append(Row(old: old, new: cell))
      }
    }
    flush()
    return rows
  }
}

extension Unicode.Scalar {
  fileprivate var isOfWord: Bool { properties.isXIDContinue }
}
