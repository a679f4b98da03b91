import Logic

/// Characters on which the questions that Python asks of texts part: `"²".isdigit()` holds and `"²".isdecimal()` does not.
/// (The Python Standard Library, String Methods; Unicode Character Database.)
enum RareCharacters {
  private static let members: [String: String] = [
    "isdigit": "²٣", "isnumeric": "²½", "isdecimal": "²٣", "isalpha": "éª", "isalnum": "²é", "isidentifier": "²ª",
    "lower": "ßΣ\u{212A}", "casefold": "ßΣſ", "upper": "ßŉ", "swapcase": "ßǅ", "title": "ǆ'", "capitalize": "ǆß",
    "isupper": "ǅΣ",
    "islower": "ªß", "isspace": "\u{0B}\u{A0}", "strip": "\u{0B}\u{A0}", "lstrip": "\u{0B}\u{A0}",
    "rstrip": "\u{0B}\u{A0}", "splitlines": "\u{0B}\r\u{2028}", "isascii": "é",
  ]

  /// Those of the methods that only one version calls.
  static func between(_ old: Program, _ new: Program) -> [UInt32] {
    let (before, after) = (called(in: old), called(in: new))
    return before.symmetricDifference(after).sorted().flatMap { (members[$0] ?? "").unicodeScalars.map(\.value) }
  }

  private static func called(in program: Program) -> Set<String> {
    var found: Set<String> = []
    for procedure in [program.procedure] + program.functions.values {
      procedure.forEachNode { node in
        guard case .expression(.call(.attribute(_, let name), let arguments)) = node else { return }
        // `strip(" ")` says what it takes.
        if arguments.isEmpty { found.insert(name) }
      }
    }
    return found
  }
}
