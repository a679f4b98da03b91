import Logic

/// The adapters that were named for one checkpoint, and which of them is laid over it for which code.
struct Adapters: Sendable {
  /// The folder for code of all languages that have none of their own.
  private(set) var general: String?
  private(set) var byLanguage: [Procedure.Language: String] = [:]
  /// Every folder that was named, chosen or not.
  private(set) var folders: [String] = []

  /// None.
  init() {}

  /// `words` are `FOLDER`, `LANGUAGE=FOLDER` and `NAME=FOLDER`. With `chosen` the one of that name is for all code;
  /// without, a name must be a language's, or its adapter would never be used.
  init(_ words: [String], chosen: String?) throws {
    var named: [String: String] = [:]
    for word in words {
      let (name, folder) = Self.parts(of: word)
      guard let name else {
        if general != nil { throw Failure(Messages.adapterTwice(folder)) }
        general = folder
        folders.append(folder)
        continue
      }
      if named.updateValue(folder, forKey: name) != nil { throw Failure(Messages.adapterTwice(word)) }
      folders.append(folder)
    }
    if let chosen {
      guard let folder = named[chosen] else {
        throw Failure(Messages.noSuchAdapter(chosen, known: named.keys.sorted()))
      }
      general = folder
      return
    }
    for (name, folder) in named.sorted(by: { $0.key < $1.key }) {
      guard let language = Procedure.Language(rawValue: name) else { throw Failure(Messages.unusedAdapter(name)) }
      byLanguage[language] = folder
    }
  }

  var isEmpty: Bool { folders.isEmpty }

  /// What stands before the first `=` is a name where it looks like one and the whole is no folder.
  private static func parts(of word: String) -> (name: String?, folder: String) {
    guard let sign = word.firstIndex(of: "="), sign != word.startIndex, !FileTree.exists(word),
      word[..<sign].allSatisfy({ $0.isLetter || $0.isNumber || "_-.".contains($0) })
    else { return (nil, word) }
    return (String(word[..<sign]), String(word[word.index(after: sign)...]))
  }
}
