import Logic

/// Names and texts that say nothing about an algorithm, numbered: what the specialist reads and writes instead.
///
/// Attributes become `.p1`, names of the module `::g1`, imported ones `@i1`, names of unknown origin `?u1`, quoted text
/// `"s1"`, the text inside a format `t1`, other words (of arguments, say) `name1`, in the order of their first use.
/// Methods of built-in types and builtins, whose meaning a rewriting may use, keep their names, as do variables, which
/// have letters already. So a model of a few million parameters need not learn to copy long names, and code with words
/// that it has never seen looks like code that it knows.
struct PromptNames {
  private var numbered: [Entry: String] = [:]
  private var originals: [Entry: String] = [:]
  private var counts: [Kind: Int] = [:]

  private enum Kind: String {
    case attribute = "p"
    case module = "g"
    case imported = "i"
    case unresolved = "u"
    case string = "s"
    case formatText = "t"
    case word = "name"
  }

  private struct Entry: Hashable {
    var kind: Kind
    var text: String
  }

  /// Attributes of the built-in types that a rewriting may know.
  static let known: Set<String> = [
    "add", "append", "clear", "copy", "count", "difference", "discard", "endswith", "extend", "find", "format", "get",
    "index", "insert", "intersection", "isdigit", "items", "join", "keys", "lower", "lstrip", "pop", "popitem",
    "remove", "replace", "reverse", "rstrip", "setdefault", "sort", "split", "startswith", "strip", "union", "update",
    "upper", "values",
  ]

  /// Bare words that keep their names: builtins, and arguments of theirs.
  static let knownWords: Set<String> = [
    "abs", "bool", "bytes", "callable", "default", "dict", "divmod", "enumerate", "filter", "float", "frozenset",
    "getattr", "hasattr", "hash", "id", "int", "isinstance", "issubclass", "iter", "key", "len", "list", "map", "max",
    "min", "next", "object", "open", "ord", "chr", "pow", "print", "range", "repr", "reverse", "reversed", "round",
    "self", "set", "setattr", "slice", "sorted", "start", "str", "super", "tuple", "type", "zip", "AssertionError",
    "AttributeError", "Exception", "ImportError", "IndexError", "KeyError", "NotImplementedError", "OSError",
    "RuntimeError", "StopIteration", "TypeError", "ValueError",
  ]

  /// `text`, in the text form, with each name numbered; names that were not met before get the next number.
  mutating func number(_ text: String) -> String {
    var scan = NameScan(text)
    return scan.rewrite { place, text in
      guard let kind = Self.kind(place, text) else { return text }
      let entry = Entry(kind: kind, text: text)
      if let known = numbered[entry] { return known }
      counts[kind, default: 0] += 1
      let number = kind.rawValue + String(counts[kind, default: 0])
      numbered[entry] = number
      originals[Entry(kind: kind, text: number)] = text
      return number
    }
  }

  /// The opposite of `number`; nil where a number stands for nothing.
  func restore(_ text: String) -> String? {
    var scan = NameScan(text)
    var isComplete = true
    let result = scan.rewrite { place, text in
      guard let kind = Self.kind(place, text) else { return text }
      guard let original = originals[Entry(kind: kind, text: text)] else {
        isComplete = false
        return text
      }
      return original
    }
    return isComplete ? result : nil
  }

  private static func kind(_ place: NameScan.Place, _ text: String) -> Kind? {
    switch place {
    case .attribute: known.contains(text) ? nil : .attribute
    case .module: .module
    case .imported: .imported
    case .unresolved: .unresolved
    // A single character often decides what a string method does.
    case .string: text.utf8.count > 1 ? .string : nil
    case .formatText: text.utf8.count > 1 ? .formatText : nil
    case .word: isKnown(text) ? nil : .word
    }
  }

  private static func isKnown(_ word: String) -> Bool {
    if knownWords.contains(word) || TextPieces.reservedWords.contains(word) { return true }
    guard let first = word.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
    return word.utf8.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}

/// Finds names and texts in the text form of a procedure, whose lexical rules are those of `Logic`'s `Grammar`.
struct NameScan {
  enum Place {
    case attribute, module, imported, unresolved, string, formatText, word
  }

  private let bytes: [UInt8]
  private var at = 0
  private var out: [UInt8] = []
  /// Open formats: the depth of brackets inside the code of each.
  private var formats: [Int] = []

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func rewrite(_ change: (Place, String) -> String) -> String {
    out.reserveCapacity(bytes.count)
    var place: Place?
    while at < bytes.count {
      let byte = bytes[at]
      switch byte {
      case UInt8(ascii: "\""):
        quoted(.string, change)
        place = nil
      case UInt8(ascii: "`"):
        // A quoted name stays as it is: it is rare, and seldom part of an idiom.
        skipQuoted(byte)
        place = nil
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        take { $0 == UInt8(ascii: ".") || Self.isWord($0) }
        place = nil
      case UInt8(ascii: "."): place = step(.attribute)
      case UInt8(ascii: "@"):
        at += 1
        out.append(byte)
        let isAugment = at < bytes.count && !Self.isWord(bytes[at])
        if !isAugment { word(.imported, withDots: true, change) }
        place = nil
      case UInt8(ascii: "?"): place = step(.unresolved)
      case UInt8(ascii: ":"):
        let isDouble = at + 1 < bytes.count && bytes[at + 1] == byte
        if isDouble {
          _ = step(nil)
          place = step(.module)
        } else if formats.last == 0 {
          specification(change)
          place = nil
        } else {
          place = step(nil)
        }
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        if !formats.isEmpty { formats[formats.count - 1] += 1 }
        place = step(nil)
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        if !formats.isEmpty { formats[formats.count - 1] -= 1 }
        place = step(nil)
      case UInt8(ascii: "}"):
        place = step(nil)
        if formats.last == 0 {
          formats.removeLast()
          format(change)
        } else if !formats.isEmpty {
          formats[formats.count - 1] -= 1
        }
      case let byte where Self.isWord(byte):
        if let found = place {
          word(found, withDots: false, change)
        } else {
          bareWord(change)
        }
        place = nil
      default: place = step(nil)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
      true
    default: false
    }
  }

  /// A word without a mark, or bytes or a format string, which start like one.
  private mutating func bareWord(_ change: (Place, String) -> String) {
    let isQuoted = at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\"")
    if isQuoted, bytes[at] == UInt8(ascii: "b") {
      out.append(bytes[at])
      at += 1
      skipQuoted(bytes[at])
    } else if isQuoted, bytes[at] == UInt8(ascii: "f") {
      out += bytes[at...at + 1]
      at += 2
      format(change)
    } else {
      word(.word, withDots: false, change)
    }
  }

  private mutating func step(_ place: Place?) -> Place? {
    out.append(bytes[at])
    at += 1
    return place
  }

  private mutating func take(_ isPart: (UInt8) -> Bool) {
    while at < bytes.count, isPart(bytes[at]) {
      out.append(bytes[at])
      at += 1
    }
  }

  private mutating func word(_ place: Place, withDots: Bool, _ change: (Place, String) -> String) {
    let start = at
    while at < bytes.count, Self.isWord(bytes[at]) || (withDots && bytes[at] == UInt8(ascii: ".")) { at += 1 }
    if at > start { out += change(place, String(decoding: bytes[start..<at], as: UTF8.self)).utf8 }
  }

  /// The end of what a quote at `at` opens, the closing quote left out.
  private func end(of quote: UInt8) -> Int {
    var end = at + 1
    while end < bytes.count, bytes[end] != quote { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
    return min(end, bytes.count)
  }

  private mutating func skipQuoted(_ quote: UInt8) {
    let end = min(end(of: quote) + 1, bytes.count)
    out += bytes[at..<end]
    at = end
  }

  private mutating func quoted(_ place: Place, _ change: (Place, String) -> String) {
    let end = end(of: bytes[at])
    out.append(bytes[at])
    out += change(place, String(decoding: bytes[min(at + 1, end)..<end], as: UTF8.self)).utf8
    if end < bytes.count { out.append(bytes[end]) }
    at = min(end + 1, bytes.count)
  }

  /// Text of a format up to its closing quote or the next code in it.
  private mutating func format(_ change: (Place, String) -> String) {
    var end = at
    while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "{") {
      end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    end = min(end, bytes.count)
    if end > at { out += change(.formatText, String(decoding: bytes[at..<end], as: UTF8.self)).utf8 }
    at = end
    guard at < bytes.count else { return }
    let isCode = bytes[at] == UInt8(ascii: "{")
    _ = step(nil)
    if isCode { formats.append(0) }
  }

  /// What follows the colon of a format's value, as it is, with the values inside it.
  private mutating func specification(_ change: (Place, String) -> String) {
    var depth = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "}") {
        if depth == 0 { return }
        depth -= 1
      } else if bytes[at] == UInt8(ascii: "{") {
        depth += 1
      }
      _ = step(nil)
    }
  }
}
