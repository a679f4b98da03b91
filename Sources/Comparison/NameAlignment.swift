import Logic

/// Which local of the old version is which of the new one, for display: equal parts share a name, so that a renamed
/// local does not show as a difference on every line that it is on.
enum NameAlignment {
  /// Old names to new ones, where they differ.
  static func names(old: Procedure, new: Procedure) -> [String: String] {
    let (left, right) = (Shapes(old), Shapes(new))
    guard left.lines.count <= 2_000, right.lines.count <= 2_000 else { return [:] }
    var votes: [Pair: Int] = [:]
    for case .equal(let i, let j) in LineDiff.steps(left.lines, right.lines) {
      for (a, b) in zip(left.names[i], right.names[j]) { votes[Pair(old: a, new: b), default: 0] += 1 }
    }
    var taken: Set<String> = []
    var result: [String: String] = [:]
    for (pair, _) in votes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) })
    where result[pair.old] == nil && !taken.contains(pair.new) {
      result[pair.old] = pair.new
      taken.insert(pair.new)
    }
    return result.filter { $0.key != $0.value }
  }

  private struct Pair: Hashable, Comparable {
    var old: String
    var new: String
    static func < (a: Pair, b: Pair) -> Bool { (a.old, a.new) < (b.old, b.new) }
  }

  /// The lines of a procedure's text with its locals blotted out, and the locals of each line in order.
  private struct Shapes {
    var lines: [String] = []
    var names: [[String]] = []

    init(_ procedure: Procedure) {
      var locals = Set(procedure.parameters.map(\.name))
      _ = Rewriter { value in
        if case .local(let name) = value { locals.insert(name) }
        return value
      }.procedure(procedure)
      for line in ProcedurePrinter.print(procedure).split(separator: "\n") {
        var shape = ""
        var found: [String] = []
        var word = ""
        func endWord() {
          if locals.contains(word), shape.last != "." {
            found.append(word)
            shape += "_"
          } else {
            shape += word
          }
          word = ""
        }
        for character in line {
          if character == "_" || character.isLetter || character.isNumber {
            word.append(character)
          } else {
            endWord()
            shape.append(character)
          }
        }
        endWord()
        lines.append(shape)
        names.append(found)
      }
    }
  }
}
