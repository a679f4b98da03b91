/// How Python prints its own literals (`repr`), from Objects/unicodeobject.c and Python/pystrtod.c.
package enum Literals {
  /// Shortest digits that read back, exponent form outside 1e-4 ..< 1e16.
  package static func float(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let (digits, point) = shortestDigits(value.magnitude)
    let sign = value.sign == .minus ? "-" : ""
    if point > 16 || point < -3 {
      return sign + exponentForm(digits, point: point)
    }
    return sign + plainForm(digits, point: point)
  }

  /// Decimal digits without leading or trailing zeros, and the position of the point before them: 0.digits x 10^point.
  static func shortestDigits(_ value: Double) -> (digits: [UInt8], point: Int) {
    if value == 0 { return ([48], 1) }
    var digits: [UInt8] = []
    var point = 0
    var seenPoint = false
    var exponent = 0
    var bytes = Array(value.description.utf8)[...]
    if let mark = bytes.firstIndex(of: 101) {
      exponent = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
      bytes = bytes[..<mark]
    }
    for byte in bytes {
      if byte == 46 {
        seenPoint = true
      } else {
        digits.append(byte)
        if !seenPoint { point += 1 }
      }
    }
    let zeros = digits.prefix { $0 == 48 }.count
    digits.removeFirst(zeros)
    point -= zeros
    while digits.count > 1, digits.last == 48 { digits.removeLast() }
    return (digits, point + exponent)
  }

  private static func exponentForm(_ digits: [UInt8], point: Int) -> String {
    let exponent = point - 1
    var text = String(decoding: digits.prefix(1), as: UTF8.self)
    if digits.count > 1 { text += "." + String(decoding: digits.dropFirst(), as: UTF8.self) }
    let magnitude = String(exponent.magnitude)
    return text + (exponent < 0 ? "e-" : "e+") + (magnitude.count < 2 ? "0" + magnitude : magnitude)
  }

  private static func plainForm(_ digits: [UInt8], point: Int) -> String {
    let text = String(decoding: digits, as: UTF8.self)
    if point <= 0 { return "0." + String(repeating: "0", count: -point) + text }
    if digits.count <= point { return text + String(repeating: "0", count: point - digits.count) + ".0" }
    return String(decoding: digits.prefix(point), as: UTF8.self) + "."
      + String(decoding: digits.dropFirst(point), as: UTF8.self)
  }

  /// `repr` of a `str`: single quotes unless that costs an escape.
  package static func string(_ values: [UInt32], asciiOnly: Bool = false) -> String {
    let quote: UInt32 = values.contains(39) && !values.contains(34) ? 34 : 39
    var text = String.UnicodeScalarView()
    let mark: Unicode.Scalar = quote == 34 ? "\"" : "'"
    text.append(mark)
    for value in values {
      switch value {
      case 9: text.append(contentsOf: "\\t".unicodeScalars)
      case 10: text.append(contentsOf: "\\n".unicodeScalars)
      case 13: text.append(contentsOf: "\\r".unicodeScalars)
      case 92: text.append(contentsOf: "\\\\".unicodeScalars)
      case quote:
        text.append("\\")
        text.append(mark)
      default:
        if value < 127, value >= 32, let scalar = Unicode.Scalar(value) {
          text.append(scalar)
        } else if !asciiOnly, value > 127, let scalar = Unicode.Scalar(value), isPrintable(scalar) {
          text.append(scalar)
        } else {
          text.append(contentsOf: escape(value).unicodeScalars)
        }
      }
    }
    text.append(mark)
    return String(text)
  }

  private static func escape(_ value: UInt32) -> String {
    if value < 0x100 { return "\\x" + hex(value, width: 2) }
    if value < 0x10000 { return "\\u" + hex(value, width: 4) }
    return "\\U" + hex(value, width: 8)
  }

  private static func hex(_ value: UInt32, width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// `str.isprintable` of one code point.
  static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    case .spaceSeparator: scalar == " "
    default: true
    }
  }

  /// `repr` of `bytes`.
  package static func bytes(_ values: [UInt8]) -> String {
    let quote: UInt8 = values.contains(39) && !values.contains(34) ? 34 : 39
    var text = "b" + (quote == 34 ? "\"" : "'")
    for value in values {
      switch value {
      case 9: text += "\\t"
      case 10: text += "\\n"
      case 13: text += "\\r"
      case 92: text += "\\\\"
      case quote: text += quote == 34 ? "\\\"" : "\\'"
      case 32..<127: text.unicodeScalars.append(Unicode.Scalar(value))
      default: text += "\\x" + hex(UInt32(value), width: 2)
      }
    }
    return text + (quote == 34 ? "\"" : "'")
  }
}
