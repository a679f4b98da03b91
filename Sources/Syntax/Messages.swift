/// Why a text has no tree.
package enum SyntaxError: Error, Sendable, Equatable {
  /// A library of tree-sitter is in none of the folders.
  case missingLibrary(file: String, searched: [String])
  /// A library is there and cannot be used.
  case unusableLibrary(file: String, reason: String)
  /// The file cannot be analysed; everything else goes on.
  case notAnalysed(reason: String, line: Int)
}

extension SyntaxError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missingLibrary(let file, let searched):
      let places = searched.isEmpty ? "no folder to look in" : "looked in \(searched.joined(separator: ", "))"
      return "expected \(file), found none: \(places). Run Scripts/setup in logicdiff's checkout, then "
        + "Scripts/install, or set LOGICDIFF_LIB to the folder that holds it."
    case .unusableLibrary(let file, let reason):
      return "\(file) cannot be used: \(reason). Run Scripts/setup in logicdiff's checkout to build it anew."
    case .notAnalysed(let reason, let line):
      return "line \(line): \(reason)"
    }
  }
}

enum Messages {
  static let nulByte = "NUL byte; source text has none"
  static let loneCarriageReturn = "carriage return without a line feed; convert the file's line ends"
  static let parserBudget = "the parser used up its budget; the text is not regular source"
  static let parserFailed = "the parser gave no tree"
  static let syntaxError = "syntax error"
  static let noLanguage = "it returned no language"

  static func notUTF8(_ byte: UInt8) -> String {
    "byte 0x\(String(byte, radix: 16, uppercase: true)) is not UTF-8; convert the file to UTF-8"
  }

  static func tooLarge(_ bytes: Int, limit: Int) -> String {
    "the file has \(bytes) bytes, more than the \(limit) that are analysed"
  }

  static func tooManyNodes(_ limit: Int) -> String {
    "the syntax tree has more than the \(limit) nodes that are analysed"
  }

  static func incompatible(found: UInt32, oldest: UInt32, newest: UInt32) -> String {
    "its grammar has ABI \(found), the core reads \(oldest) to \(newest)"
  }

  static func missing(_ kind: String) -> String {
    "syntax error: \(kind) is missing"
  }

  static func noSymbol(_ symbol: String) -> String {
    "it does not define \(symbol)"
  }
}
