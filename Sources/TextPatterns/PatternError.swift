/// Why a pattern or a replacement template was refused.
package struct PatternError: Error, Equatable {
  /// The Python exception that the fault stands for.
  package enum Kind: Sendable {
    /// `re.error`
    case syntax
    /// `ValueError`: flags that exclude each other.
    case value
    /// `IndexError`: a template names a group that the pattern lacks.
    case index
    /// `OverflowError`: a repetition number beyond 2³² − 2.
    case overflow
    /// Valid for CPython, or perhaps valid, but not for this library.
    case unsupported
  }

  /// The text of CPython's exception, its position included.
  package var message: String
  package var kind: Kind

  init(_ message: String, kind: Kind = .syntax) {
    self.message = message
    self.kind = kind
  }

  /// A fault at `position` of `source`, told as `re.error` tells it.
  init(_ message: String, at position: Int, in source: [UInt32]) {
    var text = "\(message) at position \(position)"
    let before = source.prefix(position)
    if source.contains(10) {
      let column = position - (before.lastIndex(of: 10) ?? -1)
      text += " (line \(before.count { $0 == 10 } + 1), column \(column))"
    }
    self.init(text)
  }

  static func unsupported(_ feature: String) -> PatternError {
    PatternError("\(feature) is not supported", kind: .unsupported)
  }
}

extension String {
  /// The code points as text; those that are no scalar values (lone surrogates) become U+FFFD.
  init(codePoints: some Sequence<UInt32>) {
    self.init(String.UnicodeScalarView(codePoints.map { Unicode.Scalar($0) ?? "\u{FFFD}" }))
  }

  /// Python's `repr` of a short name in a message.
  init(quoting name: [UInt32]) {
    let quote = name.contains("'") && !name.contains("\"") ? "\"" : "'"
    self = name.reduce(into: quote) { $0 += String.quoted($1, within: quote) } + quote
  }

  private static func quoted(_ point: UInt32, within quote: String) -> String {
    let text = String(codePoints: CollectionOfOne(point))
    switch point {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case 0..<32, 127: return "\\x" + (point < 16 ? "0" : "") + String(point, radix: 16)
    default: return text == "\\" || text == quote ? "\\" + text : text
    }
  }
}

/// Lets a character literal stand for its code point in a `switch`.
func ~= (pattern: Unicode.Scalar, point: UInt32) -> Bool { pattern.value == point }

extension Sequence where Element == UInt32 {
  func contains(_ scalar: Unicode.Scalar) -> Bool { contains(scalar.value) }
}
