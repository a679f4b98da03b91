/// A grammar in GBNF, read as llama.cpp reads it (`src/llama-grammar.cpp`): over characters, with its limit on
/// repetitions, and no more of the notation than servers are sent.
struct GBNF {
  enum Fault: Error, Equatable {
    case expected(String, at: String)
    case undefined(String)
    /// The times of a repetition, multiplied by the symbols made inside what is repeated.
    case tooManyRules(Int)
  }

  private indirect enum Item {
    case text([Unicode.Scalar])
    case ranges([ClosedRange<UInt32>])
    case choice([[Item]])
    case repeated(Item, ClosedRange<Int>)
    case rule(String)
  }

  static let repetitionLimit = 2_000
  private var rules: [String: Item] = [:]
  private var rest: Substring.UnicodeScalarView
  /// Names seen, and those that llama.cpp makes up for groups and repetitions.
  private var names: Set<String> = []
  private var made = 0

  init(_ text: String) throws(Fault) {
    rest = text[...].unicodeScalars
    while !rest.isEmpty {
      let name = try self.name()
      try expect(" ::= ")
      rules[name] = try choice()
      try expect("\n")
    }
    for name in names where rules[name] == nil { throw .undefined(name) }
  }

  private var symbols: Int { names.count + made }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest.removeFirst(text.unicodeScalars.count)
    return true
  }

  private mutating func expect(_ text: String) throws(Fault) {
    if !take(text) { throw .expected(text, at: String(String.UnicodeScalarView(rest.prefix(20)))) }
  }

  private mutating func name() throws(Fault) -> String {
    let letters = rest.prefix { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-") }
    if letters.isEmpty { try expect("a name") }
    rest.removeFirst(letters.count)
    let name = String(String.UnicodeScalarView(letters))
    names.insert(name)
    return name
  }

  private mutating func choice() throws(Fault) -> Item {
    var alternatives = [try sequence()]
    while take(" | ") { alternatives.append(try sequence()) }
    return .choice(alternatives)
  }

  private mutating func sequence() throws(Fault) -> [Item] {
    var items = [try repetition()]
    while let next = rest.first, next == " ", !rest.starts(with: " | ".unicodeScalars) {
      rest.removeFirst()
      items.append(try repetition())
    }
    return items
  }

  private mutating func repetition() throws(Fault) -> Item {
    let before = symbols
    let isGroup = rest.first == "("
    let item = try self.item()
    guard take("{") else { return item }
    let least = try number()
    try expect(",")
    let most = try number()
    try expect("}")
    let rules = (isGroup ? max(1, symbols - before) : 1) * max(1, most)
    if rules >= Self.repetitionLimit { throw .tooManyRules(rules) }
    made += most - least
    return .repeated(item, least...most)
  }

  private mutating func number() throws(Fault) -> Int {
    let digits = rest.prefix { ("0"..."9").contains($0) }
    rest.removeFirst(digits.count)
    guard let value = Int(String(String.UnicodeScalarView(digits))) else { throw .expected("a number", at: "") }
    return value
  }

  private mutating func item() throws(Fault) -> Item {
    switch rest.first {
    case "(":
      rest.removeFirst()
      made += 1
      let inner = try choice()
      try expect(")")
      return inner
    case "\"":
      rest.removeFirst()
      var text: [Unicode.Scalar] = []
      while !take("\"") { text.append(try character()) }
      return .text(text)
    case "[":
      rest.removeFirst()
      var ranges: [ClosedRange<UInt32>] = []
      while !take("]") {
        let low = try character().value
        ranges.append(low...(take("-") ? try character().value : low))
      }
      return .ranges(ranges)
    default: return .rule(try name())
    }
  }

  private mutating func character() throws(Fault) -> Unicode.Scalar {
    guard let first = rest.popFirst() else { throw .expected("a character", at: "") }
    if first != "\\" { return first }
    let kind = rest.popFirst()
    switch kind {
    case "n": return "\n"
    case "\\", "\"": return kind ?? " "
    case "x", "u", "U":
      let digits = rest.prefix(kind == "x" ? 2 : kind == "u" ? 4 : 8)
      rest.removeFirst(digits.count)
      if let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16), let scalar = Unicode.Scalar(value) {
        return scalar
      }
      throw .expected("hexadecimal digits", at: String(String.UnicodeScalarView(digits)))
    default: throw .expected("an escape", at: "\(kind.map(String.init) ?? "")")
    }
  }

  /// Whether `text` is one of the grammar's. For short texts and grammars without left recursion: every way is followed.
  func accepts(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    return ends(.rule("root"), scalars, from: [0]).contains(scalars.count)
  }

  /// The places where `item` can end that begins at one of `starts`.
  private func ends(_ item: Item, _ text: [Unicode.Scalar], from starts: Set<Int>) -> Set<Int> {
    switch item {
    case .text(let wanted):
      return Set(starts.filter { text[$0...].starts(with: wanted) }.map { $0 + wanted.count })
    case .ranges(let ranges):
      return Set(
        starts.filter { start in start < text.count && ranges.contains { $0.contains(text[start].value) } }
          .map { $0 + 1 })
    case .choice(let alternatives):
      return alternatives.reduce(into: []) { found, items in
        found.formUnion(items.reduce(starts) { $0.isEmpty ? [] : ends($1, text, from: $0) })
      }
    case .repeated(let item, let times):
      var found: Set<Int> = times.lowerBound == 0 ? starts : []
      var reached = starts
      for time in 1...max(1, times.upperBound) where time <= times.upperBound && !reached.isEmpty {
        reached = ends(item, text, from: reached)
        if time >= times.lowerBound { found.formUnion(reached) }
      }
      return found
    case .rule(let name): return rules[name].map { ends($0, text, from: starts) } ?? []
    }
  }
}
