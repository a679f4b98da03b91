import Comparison

/// The source diff with equal lines, and differing lines that mean nothing, folded away. Every format that shows code
/// shows this.
struct FoldedDiff {
  enum Row {
    case line(UnitView.Line)
    /// Lines that are equal, or differ in comments or layout only.
    case folded([UnitView.Line])
  }

  var rows: [Row] = []

  /// `context` is the number of equal lines that stay around each difference.
  init(_ view: UnitView, context: Int = 0) { self.init(view.lines, context: context) }

  init(_ all: [UnitView.Line], context: Int = 0) {
    var isShown = all.map { $0.kind != .equal && !$0.isTrivia }
    if context > 0 {
      for index in all.indices where all[index].kind != .equal {
        for near in max(0, index - context)...min(all.count - 1, index + context) { isShown[near] = true }
      }
    }
    var index = 0
    while index < all.count {
      if isShown[index] {
        rows.append(.line(all[index]))
        index += 1
        continue
      }
      var end = index
      while end < all.count, !isShown[end] { end += 1 }
      // One line takes no more room than the word that it was folded.
      rows.append(end == index + 1 ? .line(all[index]) : .folded(Array(all[index..<end])))
      index = end
    }
  }

  /// Where a finding points at: the new lines that differ, else the line before which something was removed.
  static func changedLines(of unit: UnitResult) -> Location.Lines? {
    let meant = unit.view.lines.filter { $0.kind == .added && !$0.isTrivia }.map(\.number)
    if let first = meant.min(), let last = meant.max() { return Location.Lines(first, last) }
    if let gone = unit.view.lines.firstIndex(where: { $0.kind == .removed && !$0.isTrivia }),
      let next = unit.view.lines[gone...].first(where: { $0.kind != .removed })
        ?? unit.view.lines[..<gone].last(where: { $0.kind != .removed })
    {
      return Location.Lines(next.number, next.number)
    }
    return unit.location.new
  }

  static func words(for folded: [UnitView.Line]) -> String {
    let (equal, trivia) = (folded.count { $0.kind == .equal }, folded.count { $0.isTrivia })
    var parts = equal > 0 ? ["\(counted(equal, "line")) equal"] : []
    if trivia > 0 { parts.append("\(counted(trivia, "line")) of comments or layout") }
    return parts.joined(separator: ", ")
  }
}

/// Two summaries aligned line by line, equal stretches folded.
struct SummaryDiff {
  enum Row {
    case removed(String)
    case added(String)
    case folded
  }
  var rows: [Row] = []
  var changed = 0

  /// A procedure's own text says the same as the source; it is worth a look only where it says it much shorter.
  func saysMore(than unit: UnitResult) -> Bool {
    guard unit.summary?.decoder == "none" else { return true }
    let edits = unit.view.lines.count { $0.kind != .equal && !$0.isTrivia }
    return changed * 2 <= edits && unit.kind != "module" && unit.kind != "class"
  }

  /// Nil where there is only one, or nothing differs.
  init?(_ summary: Summary?) {
    guard let old = summary?.old, let new = summary?.new, old != new else { return nil }
    let oldLines = old.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.isEmpty }
    let newLines = new.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.isEmpty }
    var equal = 0
    func fold() {
      if equal > 0 { rows.append(.folded) }
      equal = 0
    }
    for step in LineDiff.steps(oldLines, newLines) {
      switch step {
      case .equal: equal += 1
      case .removed(let index):
        fold()
        changed += 1
        rows.append(.removed(String(oldLines[index])))
      case .added(let index):
        fold()
        changed += 1
        rows.append(.added(String(newLines[index])))
      }
    }
    fold()
  }
}
