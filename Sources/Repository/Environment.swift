#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  @preconcurrency import Darwin
#endif

/// The variables by which Git tells a hook, a difftool or a subcommand which repository it means.
///
/// libgit2 1.5 either ignores these or refuses them, so they are read here. A hook of `git commit -a` sees the
/// index that is about to be committed only through `GIT_INDEX_FILE`.
package struct GitEnvironment: Sendable {
  package var directory: String?
  package var workTree: String?
  package var indexFile: String?
  package var ceilingDirectories: String?
  /// `GIT_CONFIG_GLOBAL`: stands in for the user's configuration files.
  package var globalConfig: String?
  package var ignoresSystemConfig = false
  /// Settings of `git -c key=value`, the last one wins.
  package var settings: [(key: String, value: String)] = []

  package init() {}

  /// The environment of this process.
  package static var current: GitEnvironment {
    GitEnvironment { name in getenv(name).map { String(cString: $0) } }
  }

  package init(_ variable: (String) -> String?) {
    func nonEmpty(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
    directory = nonEmpty("GIT_DIR")
    workTree = nonEmpty("GIT_WORK_TREE")
    indexFile = nonEmpty("GIT_INDEX_FILE")
    ceilingDirectories = nonEmpty("GIT_CEILING_DIRECTORIES")
    globalConfig = variable("GIT_CONFIG_GLOBAL")
    ignoresSystemConfig = ["1", "true", "yes", "on"].contains(variable("GIT_CONFIG_NOSYSTEM")?.lowercased() ?? "")
    settings = Self.parameters(variable("GIT_CONFIG_PARAMETERS") ?? "")
    let count = min(Int(variable("GIT_CONFIG_COUNT") ?? "") ?? 0, 10_000)
    for index in 0..<max(count, 0) {
      guard let key = variable("GIT_CONFIG_KEY_\(index)"), let value = variable("GIT_CONFIG_VALUE_\(index)") else {
        continue
      }
      settings.append((key, value))
    }
  }

  /// The same for a child process, as `NAME=value`, wherever it starts: with what else this process's own environment
  /// holds, and these in the place of its variables of that name.
  var variables: [String] {
    let mine: [(String, String?)] = [
      ("GIT_DIR", directory.map(FileSystem.absolute)), ("GIT_WORK_TREE", workTree.map(FileSystem.absolute)),
      ("GIT_INDEX_FILE", indexFile.map(FileSystem.absolute)), ("GIT_CEILING_DIRECTORIES", ceilingDirectories),
      ("GIT_CONFIG_GLOBAL", globalConfig), ("GIT_CONFIG_NOSYSTEM", ignoresSystemConfig ? "1" : nil),
      ("GIT_CONFIG_COUNT", settings.isEmpty ? nil : "\(settings.count)"),
    ]
    var values = mine.compactMap { name, value in value.map { "\(name)=\($0)" } }
    for (index, setting) in settings.enumerated() {
      values += ["GIT_CONFIG_KEY_\(index)=\(setting.key)", "GIT_CONFIG_VALUE_\(index)=\(setting.value)"]
    }
    let replaced = Set(mine.map(\.0)).union([
      // Those that a pathspec of ours could not stand beside.
      "GIT_CONFIG_PARAMETERS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    ])
    #if canImport(Glibc)
      var pointer = environ
    #else
      var pointer = _NSGetEnviron().pointee
    #endif
    while let variable = pointer.pointee {
      let text = String(cString: variable)
      let name = String(text.prefix { $0 != "=" })
      if !replaced.contains(name), !name.hasPrefix("GIT_CONFIG_KEY_"), !name.hasPrefix("GIT_CONFIG_VALUE_") {
        values.append(text)
      }
      pointer += 1
    }
    return values
  }

  /// Reads `GIT_CONFIG_PARAMETERS`: shell-quoted `'key'='value'`, or `'key=value'` from Git before 2.31.
  static func parameters(_ text: String) -> [(key: String, value: String)] {
    var word: [UInt8]?
    var equals: Int?
    var inQuotes = false
    var escaped = false
    var result: [(key: String, value: String)] = []

    func finish() {
      guard let bytes = word else { return }
      let split = equals ?? bytes.firstIndex(of: UInt8(ascii: "="))
      let key = String(decoding: bytes[..<(split ?? bytes.count)], as: UTF8.self)
      let value = split.map { String(decoding: bytes[($0 + 1)...], as: UTF8.self) } ?? "true"
      result.append((key, value))
      word = nil
      equals = nil
    }
    for byte in text.utf8 {
      if escaped {
        word = (word ?? []) + [byte]
        escaped = false
      } else if byte == UInt8(ascii: "'") {
        inQuotes.toggle()
        word = word ?? []
      } else if inQuotes {
        word?.append(byte)
      } else if byte == UInt8(ascii: "\\") {
        escaped = true
      } else if byte == UInt8(ascii: " ") {
        finish()
      } else {
        if byte == UInt8(ascii: "="), equals == nil { equals = word?.count ?? 0 }
        word = (word ?? []) + [byte]
      }
    }
    finish()
    return result
  }
}
