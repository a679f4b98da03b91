#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Variables of this process.
enum Environment {
  /// Nil where it is not set or empty.
  static func value(_ name: String) -> String? {
    getenv(name).flatMap { $0.pointee == 0 ? nil : String(cString: $0) }
  }

  /// The empty text too, which says something of its own; nil where it is not set.
  static func text(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// As git reads a boolean; nil where it is not set or says neither.
  static func flag(_ name: String) -> Bool? { value(name).flatMap(flag(of:)) }

  static func flag(of text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "on", "1": true
    case "false", "no", "off", "0", "": false
    default: nil
    }
  }
}
