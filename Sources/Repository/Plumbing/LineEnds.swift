/// What git makes of a file of the working tree when it is added: line ends as the repository keeps them, and `$Id$`
/// without its value (gitattributes(5), "text", "eol", "ident").
///
/// libgit2 does this for the repositories that it opens. As there, no filter that a repository names is run.
struct LineEnds {
  enum Action {
    case none
    /// CRLF becomes LF.
    case text
    /// The same, of what looks like text and has no CRLF in the index already.
    case automatic
  }

  let action: Action
  let cutsIdentifiers: Bool

  static let attributes = ["text", "crlf", "eol", "ident"]

  /// `autocrlf` is the setting `core.autocrlf`.
  init(_ attributes: [String: String], autocrlf: String?) {
    cutsIdentifiers = attributes["ident"] == "set"
    // `crlf` is the older name of `text`.
    switch attributes["text"] ?? attributes["crlf"] {
    case "set", "input": action = .text
    case "unset": action = .none
    case "auto": action = .automatic
    default:
      if ["lf", "crlf"].contains(attributes["eol"] ?? "") {
        action = .text
      } else {
        let isOn = ["true", "yes", "on", "1", "input"].contains(autocrlf?.lowercased() ?? "false")
        action = isOn ? .automatic : .none
      }
    }
  }

  /// `inIndex` gives what the index holds at that path.
  func asAdded(_ bytes: [UInt8], inIndex: () -> [UInt8]?) -> [UInt8] {
    var bytes = bytes
    switch action {
    case .none: break
    case .text: bytes = Self.withoutReturns(bytes)
    case .automatic:
      if Self.hasCRLF(bytes), Self.looksLikeText(bytes) {
        let kept = inIndex() ?? []
        if !(Self.hasCRLF(kept) && Self.looksLikeText(kept)) { bytes = Self.withoutReturns(bytes) }
      }
    }
    return cutsIdentifiers ? Self.withoutIdentifiers(bytes) : bytes
  }

  private static func hasCRLF(_ bytes: [UInt8]) -> Bool {
    zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "\r") && $1 == UInt8(ascii: "\n") }
  }

  /// Git's test: no NUL, no return that stands alone, and hardly any control characters.
  private static func looksLikeText(_ bytes: [UInt8]) -> Bool {
    var (printable, others) = (0, 0)
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case 0: return false
      case UInt8(ascii: "\r"): if index + 1 == bytes.count || bytes[index + 1] != UInt8(ascii: "\n") { return false }
      case UInt8(ascii: "\n"): break
      case 0x08, 0x09, 0x0C, 0x1B: printable += 1
      // The end mark of old systems.
      case 0x1A where index + 1 == bytes.count: break
      case 0x01...0x1F, 0x7F: others += 1
      default: printable += 1
      }
    }
    return printable >> 7 >= others
  }

  private static func withoutReturns(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\r"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") { continue }
      result.append(byte)
    }
    return result
  }

  /// `$Id: ...$` on one line becomes `$Id$`.
  private static func withoutIdentifiers(_ bytes: [UInt8]) -> [UInt8] {
    let start = Array("$Id:".utf8)
    var result: [UInt8] = []
    var rest = bytes[...]
    while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
      result += rest[..<dollar]
      rest = rest[dollar...]
      let end = rest.dropFirst(start.count).firstIndex { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "\n") }
      if rest.starts(with: start), let end, rest[end] == UInt8(ascii: "$") {
        result += "$Id$".utf8
        rest = rest[(end + 1)...]
      } else {
        result.append(UInt8(ascii: "$"))
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }
}
