/// Characters by the names that `\N{...}` gives them (Unicode Character Database, names and their corrections).
enum CharacterNames {
  private static let all: [String: UInt32] = {
    var result: [String: UInt32] = [:]
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      if let name = scalar.properties.name { result[name] = value }
      if let alias = scalar.properties.nameAlias { result[alias] = value }
    }
    return result
  }()

  /// Nil where no character is known by the name: Python may know another.
  static func scalar(named name: String) -> UInt32? { all[name.uppercased()] }
}
