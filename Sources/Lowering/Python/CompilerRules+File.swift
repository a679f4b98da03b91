import Syntax

extension CompilerRules {
  /// Why Python does not compile the file at all, for reasons that no unit shows: indentation by tabs and spaces that says
  /// one thing with one width of tabs and another with another, or a string that stands for nothing and is no string.
  ///
  /// (Language Reference, 2.1.8; CPython 3.11, Parser/tokenizer.c.)
  static func refusal(of tree: SyntaxTree) -> LoweringError? {
    if tree.source.contains(0x09), let line = lineOfMixedIndentation(tree) {
      return LoweringError(Messages.doesNotCompile("inconsistent use of tabs and spaces in indentation"), line: line)
    }
    guard tree.source.contains(0x5C) else { return nil }
    for node in tree.root.descendants where node.kind == "expression_statement" {
      guard let string = node.namedChildren.first, string.kind == "string", string.bytes.contains(0x5C),
        let form = try? StringForm(string), !form.isRaw, !form.isFormatted
      else { continue }
      do throws(LoweringError) {
        _ = try form.decode(Array(form.contents), line: string.startLine)
      } catch {
        if error.reason != Messages.namedEscape {
          return LoweringError(Messages.doesNotCompile(error.reason), line: error.line)
        }
      }
    }
    return nil
  }

  private static let clauses: Set<String> = [
    "elif_clause", "else_clause", "except_clause", "except_group_clause", "finally_clause", "case_clause", "decorator",
  ]

  /// The first line that begins a statement further in or out than its tabs and spaces together can say.
  private static func lineOfMixedIndentation(_ tree: SyntaxTree) -> Int? {
    var stack: [(wide: Int, narrow: Int)] = [(0, 0)]
    var lastLine = 0
    for node in tree.root.descendants where !node.isExtra && node.startLine > lastLine {
      guard node.isNamed, clauses.contains(node.kind) || node.parent?.kind == "block" || node.parent?.kind == "module"
      else { continue }
      let start = node.byteRange.lowerBound
      let blanks = tree.source[..<start].reversed().prefix { $0 != 0x0A && $0 != 0x0D }.reversed()
      guard blanks.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { continue }
      lastLine = node.startLine
      var (wide, narrow) = (0, 0)
      for blank in blanks {
        wide = blank == 0x09 ? (wide / 8 + 1) * 8 : wide + 1
        narrow += 1
      }
      while let top = stack.last, wide < top.wide, stack.count > 1 { stack.removeLast() }
      guard let top = stack.last else { return nil }
      if wide == top.wide {
        if narrow != top.narrow { return node.startLine }
      } else {
        if narrow <= top.narrow { return node.startLine }
        stack.append((wide, narrow))
      }
    }
    return nil
  }
}
