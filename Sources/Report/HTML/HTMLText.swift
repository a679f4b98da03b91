/// Text from the code under review as text of a page.
enum HTMLText {
  /// For elements and quoted attributes.
  static func escaped(_ text: String) -> String { MarkdownText.html(text.printable) }

  static func code(_ text: String) -> String { "<code>\(escaped(text))</code>" }

  /// The names in a line of code that have another name in the other version say which.
  static func named(_ text: String, _ names: [String: String], in version: String) -> String {
    guard !names.isEmpty else { return escaped(text) }
    var result = ""
    var word = ""
    var plain = ""
    func flushPlain() {
      result += escaped(plain)
      plain = ""
    }
    func flush() {
      if let other = names[word], !word.isEmpty {
        flushPlain()
        result += "<abbr title=\"\(escaped(other)) in the \(version) version\">\(escaped(word))</abbr>"
      } else {
        plain += word
      }
      word = ""
    }
    for scalar in text.unicodeScalars {
      if scalar.properties.isXIDContinue {
        word.unicodeScalars.append(scalar)
      } else {
        flush()
        plain.unicodeScalars.append(scalar)
      }
    }
    flush()
    flushPlain()
    return result
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".unicodeScalars)

  /// RFC 4648, as the hashes of a content security policy are written.
  static func base64(_ bytes: [UInt8]) -> String {
    var result = String.UnicodeScalarView()
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for offset in 0..<3 { bits = bits << 8 | UInt32(offset < part.count ? part[start + offset] : 0) }
      for digit in 0..<4 {
        result.append(digit <= part.count ? alphabet[Int(bits >> (18 - 6 * UInt32(digit)) & 63)] : "=")
      }
    }
    return String(result)
  }
}
