import Repository

/// What git hands to an external diff program (`GIT_EXTERNAL_DIFF` in git(1)): one path where a merge left several
/// versions, seven words for a file, nine for a renamed one.
struct ExternalDiffCall {
  struct Side {
    /// Where the contents lie: a temporary file, a file of the working tree, or `/dev/null`.
    var file: RepositoryPath
    /// The blob's name; zeros where git has not computed it, "." where the side does not exist.
    var id: String
    /// Six octal digits, "." where the side does not exist.
    var mode: String

    var isAbsent: Bool { file.string == "/dev/null" }
    var isRegular: Bool { mode.hasPrefix("100") || isAbsent }
  }

  enum Content {
    case unmerged
    case sides(old: Side, new: Side)
  }

  var path: RepositoryPath
  /// The new path of a renamed file, and git's own lines about the renaming.
  var newPath: RepositoryPath?
  var note: String?
  var content: Content

  /// Takes the protocol's words off the end; what stands before them are options of ours.
  static func parse(_ words: [[UInt8]]) -> (call: ExternalDiffCall?, options: [String]) {
    for count in [9, 7] where words.count >= count {
      let own = Array(words.suffix(count))
      let texts = own.map { String(decoding: $0, as: UTF8.self) }
      guard [2, 5].allSatisfy({ isID(texts[$0]) }), [3, 6].allSatisfy({ isMode(texts[$0]) }) else { continue }
      func side(_ start: Int) -> Side {
        Side(file: RepositoryPath(bytes: own[start]), id: texts[start + 1], mode: texts[start + 2])
      }
      var call = ExternalDiffCall(
        path: RepositoryPath(bytes: own[0]), content: .sides(old: side(1), new: side(4)))
      if count == 9 {
        call.newPath = RepositoryPath(bytes: own[7])
        call.note = texts[8]
      }
      return (call, options(words.dropLast(count)))
    }
    if let last = words.last, last.first != UInt8(ascii: "-") {
      return (ExternalDiffCall(path: RepositoryPath(bytes: last), content: .unmerged), options(words.dropLast()))
    }
    return (nil, options(words[...]))
  }

  private static func options(_ words: ArraySlice<[UInt8]>) -> [String] {
    words.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func isID(_ text: String) -> Bool {
    text == "." || (text.utf8.count >= 4 && text.utf8.count <= 64 && text.allSatisfy(\.isHexDigit))
  }

  private static func isMode(_ text: String) -> Bool {
    text == "." || (text.utf8.count == 6 && text.allSatisfy { ("0"..."7").contains($0) })
  }
}
