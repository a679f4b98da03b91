/// Which paths a comparison is about: the words after `--`, read as Git reads them (gitglossary, "pathspec").
///
/// A word matches a path that equals it, that lies in the folder it names, or that its wildcards match; `*` crosses
/// slashes unless `:(glob)` says otherwise. libgit2's own pathspecs are not used: they know no magic words, and a
/// leading `!` excludes.
package struct Pathspec: Sendable {
  /// Every path.
  package static let all = Pathspec(items: [])

  private var items: [Item]

  private init(items: [Item]) { self.items = items }

  fileprivate struct Item: Sendable {
    var pattern: [UInt8]
    var isExcluding = false
    var isLiteral = false
    var ignoresCase = false
    var starStopsAtSlash = false
  }

  /// Reads words that were typed in `directory`.
  package init(_ words: [String], in repository: Repository, directory: String) throws(RepositoryError) {
    items = []
    for word in words {
      items.append(try Item(word, in: repository, directory: directory))
    }
  }

  /// Everything that decides what matches.
  package func update(_ hash: inout SHA256) {
    hash.update(number: items.count)
    for item in items {
      hash.update(part: item.pattern)
      for flag in [item.isExcluding, item.isLiteral, item.ignoresCase, item.starStopsAtSlash] {
        hash.update(number: flag ? 1 : 0)
      }
    }
  }

  package func matches(_ path: RepositoryPath) -> Bool {
    let excluding = items.filter(\.isExcluding)
    if excluding.contains(where: { $0.matches(path.bytes) }) { return false }
    return excluding.count == items.count || items.contains { !$0.isExcluding && $0.matches(path.bytes) }
  }
}

extension Pathspec.Item {
  fileprivate init(_ word: String, in repository: Repository, directory: String) throws(RepositoryError) {
    var rest = Substring(word)
    var isFromTop = false
    var (excluding, literal, caseless, glob) = (false, false, false, false)
    if rest.hasPrefix(":(") {
      guard let end = rest.firstIndex(of: ")") else { throw RepositoryError.badPathspec(word: word) }
      for name in rest[rest.index(rest.startIndex, offsetBy: 2)..<end].split(separator: ",") {
        switch name {
        case "top": isFromTop = true
        case "exclude": excluding = true
        case "literal": literal = true
        case "icase": caseless = true
        case "glob": glob = true
        default: throw RepositoryError.badPathspec(word: word)
        }
      }
      rest = rest[rest.index(after: end)...]
    } else if rest.hasPrefix(":") {
      rest = rest.dropFirst()
      while let first = rest.first, "/!^".contains(first) {
        if first == "/" { isFromTop = true } else { excluding = true }
        rest = rest.dropFirst()
      }
      if rest.hasPrefix(":") { rest = rest.dropFirst() }
    }
    if literal, glob { throw RepositoryError.badPathspec(word: word) }
    let base = isFromTop ? repository.workingTree ?? "/" : directory
    let path = try repository.path(of: rest.isEmpty ? "." : String(rest), directory: base)
    self.init(
      pattern: path.bytes, isExcluding: excluding, isLiteral: literal, ignoresCase: caseless, starStopsAtSlash: glob)
  }

  fileprivate func matches(_ path: [UInt8]) -> Bool {
    if pattern.isEmpty { return true }
    let (pattern, path) = ignoresCase ? (pattern.map(lower), path.map(lower)) : (pattern, path)
    if path.starts(with: pattern), path.count == pattern.count || path[pattern.count] == UInt8(ascii: "/") {
      return true
    }
    guard !isLiteral, pattern.contains(where: { "*?[".utf8.contains($0) }) else { return false }
    return Wildcard(pattern: pattern, starStopsAtSlash: starStopsAtSlash).matches(path)
  }

  private func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 32 : byte }
}

/// Shell wildcards over bytes, with `**` across folders. A table over both lengths: no pattern makes it slow.
private struct Wildcard {
  private enum Piece {
    case byte(UInt8)
    case any
    case set([ClosedRange<UInt8>], negated: Bool)
    case star
    case starAcrossFolders
    /// `**/`: nothing, or folders down to a slash.
    case folders
  }

  private var pieces: [Piece] = []
  private let starStopsAtSlash: Bool

  init(pattern: [UInt8], starStopsAtSlash: Bool) {
    self.starStopsAtSlash = starStopsAtSlash
    var rest = pattern[...]
    var atStart = true
    while let first = rest.first {
      rest = rest.dropFirst()
      let wasStart = atStart
      atStart = first == UInt8(ascii: "/")
      switch first {
      case UInt8(ascii: "*"):
        if starStopsAtSlash, wasStart, rest.starts(with: "*/".utf8) {
          rest = rest.dropFirst(2)
          atStart = true
          pieces.append(.folders)
        } else if rest.first == UInt8(ascii: "*") || !starStopsAtSlash {
          rest = rest.drop { $0 == UInt8(ascii: "*") }
          pieces.append(.starAcrossFolders)
        } else {
          pieces.append(.star)
        }
      case UInt8(ascii: "?"): pieces.append(.any)
      case UInt8(ascii: "["):
        if let set = Self.set(&rest) { pieces.append(set) } else { pieces.append(.byte(first)) }
      case UInt8(ascii: "\\"):
        pieces.append(.byte(rest.first ?? first))
        rest = rest.dropFirst()
      default: pieces.append(.byte(first))
      }
    }
  }

  private static func set(_ rest: inout ArraySlice<UInt8>) -> Piece? {
    var bytes = rest
    var negated = false
    if let first = bytes.first, "!^".utf8.contains(first) {
      negated = true
      bytes = bytes.dropFirst()
    }
    var ranges: [ClosedRange<UInt8>] = []
    while let low = bytes.first {
      bytes = bytes.dropFirst()
      if low == UInt8(ascii: "]"), !ranges.isEmpty {
        rest = bytes
        return .set(ranges, negated: negated)
      }
      if bytes.first == UInt8(ascii: "-"), let high = bytes.dropFirst().first, high != UInt8(ascii: "]") {
        ranges.append(min(low, high)...max(low, high))
        bytes = bytes.dropFirst(2)
      } else {
        ranges.append(low...low)
      }
    }
    return nil
  }

  func matches(_ text: [UInt8]) -> Bool {
    // reached[i]: the pieces so far match the first i bytes.
    var reached = [Bool](repeating: false, count: text.count + 1)
    reached[0] = true
    for piece in pieces {
      var next = [Bool](repeating: false, count: text.count + 1)
      var open = false
      for index in 0...text.count {
        let byte = index > 0 ? text[index - 1] : 0
        let isSlash = index > 0 && byte == UInt8(ascii: "/")
        switch piece {
        case .byte(let wanted): next[index] = index > 0 && reached[index - 1] && byte == wanted
        case .any: next[index] = index > 0 && reached[index - 1] && !(starStopsAtSlash && isSlash)
        case .set(let ranges, let negated):
          let isIn = ranges.contains { $0.contains(byte) }
          next[index] = index > 0 && reached[index - 1] && isIn != negated && !(starStopsAtSlash && isSlash)
        case .star:
          open = (open && !isSlash) || reached[index]
          next[index] = open
        case .starAcrossFolders:
          open = open || reached[index]
          next[index] = open
        case .folders:
          next[index] = reached[index] || (open && isSlash)
          open = open || reached[index]
        }
      }
      reached = next
    }
    return reached[text.count]
  }
}
