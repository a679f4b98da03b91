/// How characters that differ in case are taken for one another.
enum CaseFolding {
  case none, ascii, unicode

  init(_ flags: PatternFlags) {
    self = flags.contains(.ignoreCase) ? (flags.contains(.ascii) ? .ascii : .unicode) : .none
  }

  /// The lowercase of a character, where it is a single one; else the first of it.
  func lower(_ point: UInt32) -> UInt32 {
    if point < 128 { return self != .none && (65...90).contains(point) ? point + 32 : point }
    guard self == .unicode else { return point }
    return point.knownProperties?.lowercaseMapping.unicodeScalars.first?.value ?? point
  }

  /// Whether the character has another case.
  func isCased(_ point: UInt32) -> Bool {
    if point < 128 || self != .unicode { return self != .none && point < 128 && point.isASCIILetter }
    return lower(point) != point || CaseFolding.upper(point) != point
  }

  static func upper(_ point: UInt32) -> UInt32 {
    if point < 128 { return (97...122).contains(point) ? point - 32 : point }
    return point.knownProperties?.uppercaseMapping.unicodeScalars.first?.value ?? point
  }

  /// The other lowercase characters that share the uppercase of the lowercase `point`.
  func siblings(_ point: UInt32) -> [UInt32] {
    guard self == .unicode, let group = CaseFolding.sharedUppercase.first(where: { $0.contains(point) }) else {
      return []
    }
    return group.filter { $0 != point }
  }

  /// Lowercase characters with one uppercase, from the Unicode Character Database: `s` and `ſ`, `σ` and `ς`, ...
  private static let sharedUppercase: [[UInt32]] = [
    [0x69, 0x131], [0x73, 0x17F], [0xB5, 0x3BC], [0x345, 0x3B9, 0x1FBE], [0x390, 0x1FD3], [0x3B0, 0x1FE3],
    [0x3B2, 0x3D0], [0x3B5, 0x3F5], [0x3B8, 0x3D1], [0x3BA, 0x3F0], [0x3C0, 0x3D6], [0x3C1, 0x3F1], [0x3C2, 0x3C3],
    [0x3C6, 0x3D5], [0x432, 0x1C80], [0x434, 0x1C81], [0x43E, 0x1C82], [0x441, 0x1C83], [0x442, 0x1C84, 0x1C85],
    [0x44A, 0x1C86], [0x463, 0x1C87], [0x1C88, 0xA64B], [0x1E61, 0x1E9B], [0xFB05, 0xFB06],
  ]
}
