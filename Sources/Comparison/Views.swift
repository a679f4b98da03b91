/// Aligns the source lines of a pair for the terminal.
enum Views {
  struct Side {
    var lines: [ArraySlice<UInt8>]
    /// Numbers of the lines that belong to the unit, from 1.
    var own: [Int]
    /// Those of them that are more than comments, docstrings and white space.
    var meaningful: Set<Int>

    func text(_ position: Int) -> ArraySlice<UInt8> {
      let index = own[position] - 1
      return index < lines.count ? lines[index] : []
    }
  }

  static func align(_ old: Side, _ new: Side) -> UnitView {
    var view = UnitView()
    let left = old.own.indices.map(old.text)
    let right = new.own.indices.map(new.text)
    for step in LineDiff.steps(left, right) {
      switch step {
      case .equal(let before, let index):
        var equal = line(.equal, new, index)
        equal.oldNumber = old.own[before]
        view.lines.append(equal)
      case .removed(let index): view.lines.append(line(.removed, old, index))
      case .added(let index): view.lines.append(line(.added, new, index))
      }
    }
    return view
  }

  private static func line(_ kind: UnitView.Line.Kind, _ side: Side, _ index: Int) -> UnitView.Line {
    var text = String(decoding: side.text(index), as: UTF8.self)
    if text.hasSuffix("\r") { text.removeLast() }
    var line = UnitView.Line(kind: kind, number: side.own[index], text: text)
    line.isTrivia = kind != .equal && !side.meaningful.contains(line.number)
    return line
  }
}
