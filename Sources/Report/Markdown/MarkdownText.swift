/// Text from the code under review as Markdown that cannot end where it should not.
///
/// It only ever stands in code spans, in fenced blocks and in `<code>` elements, where neither links, mentions nor
/// elements are read. Control characters and line ends are written out first.
enum MarkdownText {
  /// A code span. Its fence is longer than any run of backticks inside (CommonMark 6.1).
  static func code(_ text: String, limit: Int = 400) -> String {
    var inner = brief(text.printable, limit)
    if inner.allSatisfy(\.isWhitespace) { inner = "\u{2423}" }
    let fence = String(repeating: "`", count: longestRun(of: "`", in: inner) + 1)
    let touches = inner.hasPrefix("`") || inner.hasSuffix("`") || (inner.hasPrefix(" ") && inner.hasSuffix(" "))
    return touches ? "\(fence) \(inner) \(fence)" : "\(fence)\(inner)\(fence)"
  }

  /// For the places where Markdown is not read: inside an HTML block.
  static func htmlCode(_ text: String, limit: Int = 200) -> String {
    "<code>\(html(brief(text.printable, limit)))</code>"
  }

  static func html(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "`": result += "&#96;"  // some renderers read code spans even here
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A fenced block. Each line has been made printable, so that none of them holds a line end.
  static func fence(_ lines: [String], language: String) -> String {
    let longest = lines.map { longestRun(of: "`", in: $0) }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n\(lines.joined(separator: "\n"))\n\(fence)"
  }

  private static func longestRun(of scalar: Unicode.Scalar, in text: String) -> Int {
    var (longest, run) = (0, 0)
    for next in text.unicodeScalars {
      run = next == scalar ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
