/// What a pre-tokenizer's regular expression asks of a scalar. Bytes that are not UTF-8 are `other`.
enum UnicodeClass: UInt8 {
  case other, letter, number, space, lineBreak

  var isSpace: Bool { self == .space || self == .lineBreak }

  /// `\p{L}`, `\p{N}`, `\s` and `[\r\n]`, as the reference library takes them.
  @inline(__always)
  static func of(_ scalar: UInt32) -> UnicodeClass {
    scalar < 0x100 ? latin[Int(scalar)] : wide(scalar)
  }

  private static let latin: [UnicodeClass] = (0..<0x100).map { wide(UInt32($0)) }

  private static func wide(_ scalar: UInt32) -> UnicodeClass {
    switch scalar {
    case 0x0A, 0x0D: .lineBreak
    case 0x09, 0x0B, 0x0C, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: .space
    case _ where holds(letterRanges, scalar): .letter
    case _ where holds(numberRanges, scalar): .number
    default: .other
    }
  }

  /// Binary search over first and last scalars in one ascending list.
  private static func holds(_ ranges: [UInt32], _ scalar: UInt32) -> Bool {
    var low = 0
    var high = ranges.count / 2
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle * 2 + 1] < scalar {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low * 2 < ranges.count && ranges[low * 2] <= scalar
  }
}

/// One scalar of UTF-8 at `at`: its value and length. A byte that starts no valid sequence is one unit of its own.
@inline(__always)
func decodeScalar(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> (scalar: UInt32?, length: Int) {
  let first = UInt32(bytes[at])
  if first < 0x80 { return (first, 1) }
  func continuation(_ offset: Int) -> UInt32? {
    guard at + offset < bytes.count, bytes[at + offset] & 0xC0 == 0x80 else { return nil }
    return UInt32(bytes[at + offset] & 0x3F)
  }
  switch first {
  case 0xC2...0xDF:
    guard let b = continuation(1) else { return (nil, 1) }
    return ((first & 0x1F) << 6 | b, 2)
  case 0xE0...0xEF:
    guard let b = continuation(1), let c = continuation(2) else { return (nil, 1) }
    let scalar = (first & 0x0F) << 12 | b << 6 | c
    return scalar < 0x800 || scalar & 0xF800 == 0xD800 ? (nil, 1) : (scalar, 3)
  case 0xF0...0xF4:
    guard let b = continuation(1), let c = continuation(2), let d = continuation(3) else { return (nil, 1) }
    let scalar = (first & 0x07) << 18 | b << 12 | c << 6 | d
    return scalar < 0x10000 || scalar > 0x10FFFF ? (nil, 1) : (scalar, 4)
  default: return (nil, 1)
  }
}
