#if canImport(Darwin)
  import Foundation
#else
  @_spi(_Unicode) import Swift
#endif

/// Unicode normalization form C over bytes. Only stretches of valid UTF-8 are touched; other bytes stay as they are.
enum Normalizer {
  static func composed(_ bytes: [UInt8]) -> [UInt8] {
    // no scalar below U+0300 composes with what precedes it, and none of those below it decomposes
    if !bytes.contains(where: { $0 >= 0xCC }) { return bytes }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    bytes.withUnsafeBufferPointer { buffer in
      var at = 0
      while at < buffer.count {
        let start = at
        while at < buffer.count {
          let (scalar, length) = decodeScalar(buffer, at)
          if scalar == nil { break }
          at += length
        }
        if at > start { out += composed(String(decoding: buffer[start..<at], as: UTF8.self)) }
        if at < buffer.count {
          out.append(buffer[at])
          at += 1
        }
      }
    }
    return out
  }

  private static func composed(_ text: String) -> [UInt8] {
    #if canImport(Darwin)
      return Array(text.precomposedStringWithCanonicalMapping.utf8)
    #else
      var out: [UInt8] = []
      for scalar in separated(text)._nfc { out.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? []) }
      return out
    #endif
  }

  /// Four marks decompose into two marks of different classes, which the standard library then leaves out of order.
  /// They are excluded from composition, so taking them apart first changes nothing else (UAX #15, section 5).
  private static func separated(_ text: String) -> String {
    func parts(_ scalar: Unicode.Scalar) -> String? {
      switch scalar.value {
      case 0x344: "\u{308}\u{301}"
      case 0xF73: "\u{F71}\u{F72}"
      case 0xF75: "\u{F71}\u{F74}"
      case 0xF81: "\u{F71}\u{F80}"
      default: nil
      }
    }
    if !text.unicodeScalars.contains(where: { parts($0) != nil }) { return text }
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if let parts = parts(scalar) { out += parts.unicodeScalars } else { out.append(scalar) }
    }
    return String(out)
  }
}
