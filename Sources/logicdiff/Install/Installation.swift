import Syntax

/// What `install` writes and `uninstall` takes away: settings, lines of an attributes file, hooks. Nothing else is
/// touched.
struct Installation {
  /// Which driver the attributes give to the languages that we read.
  enum Driver: String, CaseIterable {
    case extDiff = "ext-diff"
    case textconv, none
  }

  struct Setting {
    var key: String
    var value: String
  }

  /// `--local` or `--global`.
  var scope: String
  var settings: [Setting]
  var attributes: [String]
  var attributesFile: String
  var hooksFolder: String?
  var hooks: [HookFile]

  init(isGlobal: Bool, driver: Driver, hooks names: [HookFile.Name]) throws {
    scope = isGlobal ? "--global" : "--local"
    let program = ProgramWord.current()
    settings = [
      Setting(key: "diff.logicdiff.command", value: "\(program) ext-diff"),
      Setting(
        key: "diff.logicdiff-text.textconv",
        value: "\(program) summarize --textconv --decoder none --cache-key \(Version.current)"),
      Setting(key: "diff.logicdiff-text.cachetextconv", value: "true"),
      Setting(key: "difftool.logicdiff.cmd", value: #"\#(program) files --path "$MERGED" "$LOCAL" "$REMOTE""#),
    ]
    let suffixes = Language.all.flatMap(\.extensions)
    switch driver {
    case .extDiff: attributes = suffixes.map { "*.\($0) diff=logicdiff" }
    case .textconv: attributes = suffixes.map { "*.\($0) diff=logicdiff-text" }
    case .none: attributes = []
    }
    attributesFile = try isGlobal ? Self.globalAttributes() : Self.path("info/attributes")
    let folder = try Self.hooksFolder(isGlobal: isGlobal)
    if !names.isEmpty, folder == nil { throw Failure(Messages.noGlobalHooks(names[0].rawValue)) }
    hooksFolder = folder
    hooks = names.compactMap { name in folder.map { HookFile(name: name, folder: $0, program: program) } }
  }

  /// The file that git itself would read, `core.hooksPath` and linked worktrees heeded.
  private static func path(_ name: String) throws -> String {
    let output = try Git.run(["rev-parse", "--path-format=absolute", "--git-path", name])
    guard output.status == 0 else { throw Failure(Messages.notInRepository(output.err)) }
    return output.text
  }

  private static func globalAttributes() throws -> String {
    let named = try Git.run(["config", "--global", "--type=path", "core.attributesFile"])
    if named.status == 0, !named.text.isEmpty { return named.text }
    let folder = Environment.value("XDG_CONFIG_HOME") ?? Environment.value("HOME").map { $0 + "/.config" }
    guard let folder else { throw Failure(Messages.noHome) }
    return folder + "/git/attributes"
  }

  /// Nil where git has no hooks for every repository.
  private static func hooksFolder(isGlobal: Bool) throws -> String? {
    guard isGlobal else { return try path("hooks") }
    let named = try Git.run(["config", "--global", "--type=path", "core.hooksPath"])
    return named.status == 0 && !named.text.isEmpty ? named.text : nil
  }

  /// The value that a key has in this scope; nil where it has none.
  func current(_ key: String) throws -> String? {
    let output = try Git.run(["config", scope, "--get-all", key])
    return output.status == 0 ? output.text : nil
  }
}

/// How the program is called in what is written: by its name where the path leads to this very program, else by its
/// place.
enum ProgramWord {
  static func current() -> String {
    guard let own = Libraries.programPath.map(real) else { return "logicdiff" }
    for folder in (Environment.value("PATH") ?? "").split(separator: ":", omittingEmptySubsequences: true) {
      let candidate = "\(folder)/logicdiff"
      guard FileTree.exists(candidate) else { continue }
      if real(candidate) == own { return "logicdiff" }
      break
    }
    return ShellWord.quoted(own)
  }

  private static func real(_ path: String) -> String { FileTree.resolved(path) }
}

enum ShellWord {
  /// A word as a shell reads it, in quotes where it needs them.
  static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "/._-+=:@%,".unicodeScalars.contains(scalar)
    }
    if isPlain, !text.isEmpty { return text }
    return "'" + text.replacing("'", with: #"'\''"#) + "'"
  }
}
