import CGit2

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A path inside a repository: bytes separated by `/`, as Git keeps them. They need not be UTF-8.
package struct RepositoryPath: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  package init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  /// The path as text; bytes that are not UTF-8 become U+FFFD, so two paths may read alike.
  package var string: String { String(decoding: bytes, as: UTF8.self) }

  /// The last component's extension without the dot, in lower case; empty when there is none.
  package var fileExtension: String {
    let name = bytes.split(separator: UInt8(ascii: "/")).last ?? []
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return "" }
    return String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()
  }

  /// The path as it is safe to print: quoted the way Git quotes it where it holds control characters, quotes,
  /// text direction overrides or bytes that are not UTF-8, so that a file's name cannot draw on a terminal.
  package var description: String {
    var quoted: [UInt8] = []
    var needed = false
    var rest = bytes[...]
    while !rest.isEmpty {
      let (scalar, length) = Self.decodeScalar(rest)
      let piece = rest.prefix(length)
      rest = rest.dropFirst(length)
      if let scalar, Self.isPlain(scalar) {
        quoted.append(contentsOf: piece)
        continue
      }
      needed = true
      for byte in piece { quoted.append(contentsOf: Self.escape(byte)) }
    }
    return needed ? "\"\(String(decoding: quoted, as: UTF8.self))\"" : string
  }

  package static func < (a: RepositoryPath, b: RepositoryPath) -> Bool {
    a.bytes.lexicographicallyPrecedes(b.bytes)
  }

  /// Calls `body` with the path as a C string. A path of Git holds no NUL; one from elsewhere is cut at it.
  package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map(body) ?? body("")
      }
    }
  }

  init(cString: UnsafePointer<CChar>) {
    self.bytes = UnsafeBufferPointer(start: cString, count: strlen(cString)).map { UInt8(bitPattern: $0) }
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x22, 0x5C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
    default: true
    }
  }

  private static func decodeScalar(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar?, length: Int) {
    var iterator = bytes.makeIterator()
    var decoder = UTF8()
    switch decoder.decode(&iterator) {
    case .scalarValue(let scalar): return (scalar, UTF8.width(scalar))
    case .emptyInput, .error: return (nil, 1)
    }
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case 0x22: Array("\\\"".utf8)
    case 0x5C: Array("\\\\".utf8)
    case 0x0A: Array("\\n".utf8)
    case 0x09: Array("\\t".utf8)
    case 0x0D: Array("\\r".utf8)
    default:
      [0x5C, 0x30 + (byte >> 6), 0x30 + (byte >> 3 & 7), 0x30 + (byte & 7)]
    }
  }
}
