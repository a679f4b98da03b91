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
      for scalar in text._nfc { out.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? []) }
      return out
    #endif
  }
}
