import Comparison

extension TextReport {
  /// Old and new source beside each other in `columns`, equal stretches folded; lines that are too long go on below.
  func sideBySide(_ view: UnitView, context: Int, columns: Int) -> [String] {
    let digits = String(view.lines.lazy.map { max($0.number, $0.oldNumber ?? 0) }.max() ?? 0).count
    let indent = 4
    // Number, sign and two spaces stand before each half's text, ` | ` between the halves.
    let room = max(8, (columns - indent - 3) / 2 - digits - 3)
    var result: [String] = []
    var block: [UnitView.Line] = []
    func flush() {
      let lines = block.map { line in
        SideBySide.Line(
          kind: line.kind, number: line.number, old: line.oldNumber, text: line.text, isFaint: line.isTrivia)
      }
      for row in SideBySide.rows(lines) { result += text(of: row, digits: digits, room: room, indent: indent) }
      block = []
    }
    for row in FoldedDiff(view, context: context).rows {
      switch row {
      case .line(let line): block.append(line)
      case .folded(let lines):
        flush()
        result.append(style.paint("      ...  \(FoldedDiff.words(for: lines))", .faint))
      }
    }
    flush()
    return result
  }

  private func text(of row: SideBySide.Row, digits: Int, room: Int, indent: Int) -> [String] {
    let old = half(row.old, sign: "-", ink: .removed, digits: digits, room: room)
    let new = half(row.new, sign: "+", ink: .added, digits: digits, room: room)
    let blank = String(repeating: " ", count: digits + 3 + room)
    let margin = String(repeating: " ", count: indent)
    return (0..<max(old.count, new.count)).map { index in
      let left = index < old.count ? style.paint(old[index].text, old[index].ink) : blank
      let right = index < new.count ? style.paint(new[index].text.trimmingEnd, new[index].ink) : ""
      return (margin + left + " | " + right).trimmingEnd
    }
  }

  private func half(
    _ cell: SideBySide.Cell?, sign: String, ink: Style.Ink, digits: Int, room: Int
  ) -> [(text: String, ink: Style.Ink?)] {
    guard let cell else { return [] }
    let pieces = Columns.wrapped(Columns.untabbed(cell.text).printable, columns: room)
    return pieces.enumerated().map { index, piece in
      let head = index == 0 ? String(cell.number).leftPadded(to: digits) : String(repeating: " ", count: digits)
      let mark = cell.isEqual ? " " : sign
      return ("\(mark)\(head)  " + Columns.padded(piece, to: room), cell.isEqual ? nil : ink)
    }
  }
}

extension Style {
  func paint(_ text: String, _ ink: Ink?) -> String { ink.map { paint(text, $0) } ?? text }
}

extension String {
  fileprivate var trimmingEnd: String {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...last])
  }
}
