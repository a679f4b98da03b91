#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A repository as the program `git` reads it, for what libgit2 cannot: objects named by SHA-256, newer forms of the
/// index and of references, and what a partial clone has to fetch first.
///
/// Only commands that read, in the forms whose output is fixed for programs. None of them runs what a repository names:
/// no hook, file system monitor, filter, external diff or textconv.
final class Plumbing {
  let gitDirectory: String
  let commonDirectory: String
  /// With a trailing slash; nil for a bare repository.
  let workingTree: String?
  let isShallow: Bool
  let usesSHA256: Bool
  private let prefix: [[UInt8]]
  private let variables: [String]
  private var reader: BlobReader?

  /// Nil where there is no `git`, or where it cannot read this one either.
  init?(at path: String, environment: GitEnvironment) {
    variables = environment.variables
    // What a repository could have run while it is read is switched off. Whose it is, `Ownership` tells.
    let settings = [
      "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.untrackedCache=false", "safe.directory=*",
    ]
    prefix = (settings.flatMap { ["-c", $0] } + ["--no-optional-locks", "--literal-pathspecs", "-C"]).map {
      Array($0.utf8)
    }
    func ask(_ words: String..., from prefix: [[UInt8]], _ variables: [String]) -> [UInt8]? {
      let all = prefix + [Array(path.utf8)] + (["rev-parse"] + words).map { Array($0.utf8) }
      guard let output = GitProgram.run(all, environment: variables), output.status == 0 else { return nil }
      return output.out.last == UInt8(ascii: "\n") ? output.out.dropLast() : output.out
    }
    func folder(_ word: String, _ prefix: [[UInt8]], _ variables: [String]) -> String? {
      ask("--path-format=absolute", word, from: prefix, variables).map { String(decoding: $0, as: UTF8.self) }
    }
    guard let own = folder("--absolute-git-dir", prefix, variables),
      let common = folder("--git-common-dir", prefix, variables),
      let facts = ask(
        "--is-bare-repository", "--is-shallow-repository", "--show-object-format", from: prefix, variables)
    else { return nil }
    let words = String(decoding: facts, as: UTF8.self).split(separator: "\n")
    guard words.count == 3 else { return nil }
    (gitDirectory, commonDirectory) = (own + "/", common + "/")
    isShallow = words[1] == "true"
    usesSHA256 = words[2] == "sha256"
    workingTree = words[0] == "true" ? nil : folder("--show-toplevel", prefix, variables).map { $0 + "/" }
  }

  /// Runs `git` at the top of the repository; nil where it fails.
  func run(_ words: [String], paths: [RepositoryPath] = []) -> GitProgram.Output? {
    guard
      let output = GitProgram.run(command + words.map { Array($0.utf8) } + paths.map(\.bytes), environment: variables)
    else { return nil }
    return output.status == 0 ? output : nil
  }

  private var command: [[UInt8]] { prefix + [Array((workingTree ?? gitDirectory).utf8)] }

  // MARK: Names

  /// The name that the empty tree has here.
  var emptyTreeID: String { usesSHA256 ? Revision.emptyTreeIDOfSHA256 : Revision.emptyTreeID }

  /// The object that a word leads to, as a commit or as a tree; nil where it leads to none.
  func id(of word: String, as type: String) -> String? {
    func parsed(_ word: String) -> String? {
      run(["rev-parse", "--verify", "--quiet", "--end-of-options", word])?.text
    }
    // All that follows a colon is a path, or the text to look for.
    guard word.contains(":") else { return parsed("\(word)^{\(type)}") }
    return parsed(word).flatMap { parsed("\($0)^{\(type)}") }
  }

  /// Whether a short name fits several objects.
  func isAmbiguous(_ word: String) -> Bool {
    word.count < 40 && word.allSatisfy(\.isHexDigit)
      && (run(["rev-parse", "--disambiguate=\(word)"])?.lines.count ?? 0) > 1
  }

  /// True while the current branch has no commit.
  var isHeadUnborn: Bool { id(of: "HEAD", as: "commit") == nil && run(["symbolic-ref", "--quiet", "HEAD"]) != nil }

  func mergeBase(_ old: String, _ new: String) -> String? { run(["merge-base", old, new])?.lines.first }

  // MARK: Contents

  struct Entry {
    var mode: UInt32
    var id: String
  }

  func entry(of path: RepositoryPath, inTree tree: String) -> Entry? {
    // "<mode> <type> <id>\t<path>"
    run(["ls-tree", "-z", "--full-tree", tree, "--"], paths: [path]).flatMap { Self.entry($0, path, idAt: 2) }
  }

  func entryInIndex(of path: RepositoryPath) -> Entry? {
    // "<mode> <id> <stage>\t<path>"
    run(["ls-files", "-z", "--stage", "--full-name", "--"], paths: [path]).flatMap { Self.entry($0, path, idAt: 1) }
  }

  private static func entry(_ output: GitProgram.Output, _ path: RepositoryPath, idAt position: Int) -> Entry? {
    for field in output.fields {
      guard let tab = field.firstIndex(of: UInt8(ascii: "\t")), Array(field[(tab + 1)...]) == path.bytes else {
        continue
      }
      let words = String(decoding: field[..<tab], as: UTF8.self).split(separator: " ")
      guard words.count == 3, let mode = UInt32(words[0], radix: 8) else { continue }
      return Entry(mode: mode, id: String(words[position]))
    }
    return nil
  }

  func blob(_ id: String, limit: Int) -> BlobReader.Answer {
    guard !id.isEmpty, id.allSatisfy(\.isHexDigit) else { return .missing }
    // One that broke off, since a server would not give an object, is no use for the next.
    if reader?.isBroken != false { reader = BlobReader([Array("git".utf8)] + command, environment: variables) }
    return reader?.blob(id, limit: limit) ?? .missing
  }

  /// The name that `bytes` would have as a blob of this repository.
  func blobID(of bytes: [UInt8]) -> String {
    guard usesSHA256 else { return ObjectName.blob(bytes)?.hex ?? "" }
    var hash = SHA256()
    hash.update(Array("blob \(bytes.count)\u{0}".utf8))
    hash.update(bytes)
    return hash.hex()
  }

  /// Attributes of a path, `unspecified` left out (gitattributes(5)).
  func attributes(_ names: [String], of path: RepositoryPath) -> [String: String] {
    guard let output = run(["check-attr", "-z"] + names + ["--"], paths: [path]) else { return [:] }
    var values: [String: String] = [:]
    let fields = output.fields
    for start in stride(from: 0, to: fields.count - 2, by: 3) {
      let value = String(decoding: fields[start + 2], as: UTF8.self)
      if value != "unspecified" { values[String(decoding: fields[start + 1], as: UTF8.self)] = value }
    }
    return values
  }

  // MARK: Changes

  /// One line of git's raw output (git-diff(1), "Raw output format").
  struct RawChange {
    var old: Entry
    var new: Entry
    var status: Character
    /// Of a rename, in percent.
    var score: Int?
    var oldPath: RepositoryPath
    var newPath: RepositoryPath
  }

  /// A tree against another side.
  func changes(tree old: String, against new: Side, isReversed: Bool) -> [RawChange]? {
    var words: [String]
    switch new {
    case .tree(let tree): words = ["diff-tree", "-r", "-M", "-l1000", old, tree]
    case .index: words = ["diff-index", "--cached", "-M", "-l1000", old]
    case .workingTree: words = ["diff-index", "--no-renames", old]
    }
    words.insert(contentsOf: Self.format + (isReversed ? ["-R"] : []), at: 1)
    guard let found = run(words + ["--"]).map({ Self.parse($0.fields) }) else { return nil }
    guard case .workingTree = new else { return found }
    // To see how alike files of the working tree are, git would run filters. All that it tracks are in the index too.
    let renames = changes(tree: old, against: .index, isReversed: isReversed)?.filter { $0.status == "R" } ?? []
    return Self.joined(found, by: renames)
  }

  /// What was deleted and what was added in its place as one.
  private static func joined(_ changes: [RawChange], by renames: [RawChange]) -> [RawChange] {
    var byPath = Dictionary(changes.map { ($0.newPath, $0) }) { first, _ in first }
    for rename in renames {
      guard let gone = byPath[rename.oldPath], gone.status == "D", let come = byPath[rename.newPath], come.status == "A"
      else { continue }
      byPath[rename.oldPath] = nil
      byPath[rename.newPath] = RawChange(
        old: gone.old, new: come.new, status: "R", score: rename.score, oldPath: rename.oldPath,
        newPath: rename.newPath)
    }
    return Array(byPath.values)
  }

  /// The index against the working tree.
  func changesOfWorkingTree(isReversed: Bool) -> [RawChange]? {
    run(["diff-files", "--no-renames"] + Self.format + (isReversed ? ["-R"] : [])).map { Self.parse($0.fields) }
  }

  /// Paths of which the index holds several versions.
  func unmergedPaths() -> Set<RepositoryPath> {
    let fields = run(["ls-files", "-z", "--unmerged", "--full-name"])?.fields ?? []
    return Set(
      fields.compactMap { field in
        field.firstIndex(of: UInt8(ascii: "\t")).map { RepositoryPath(bytes: Array(field[($0 + 1)...])) }
      })
  }

  enum Side {
    case tree(String)
    case index
    case workingTree
  }

  private static let format = [
    "-z", "--raw", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty",
  ]

  private static func parse(_ fields: [[UInt8]]) -> [RawChange] {
    var changes: [RawChange] = []
    var rest = fields[...]
    while let head = rest.popFirst() {
      // ":<mode> <mode> <id> <id> <status>", then one path, or two of a rename.
      let words = String(decoding: head.dropFirst(), as: UTF8.self).split(separator: " ")
      guard head.first == UInt8(ascii: ":"), words.count == 5, let status = words[4].first,
        let oldMode = UInt32(words[0], radix: 8), let newMode = UInt32(words[1], radix: 8), let path = rest.popFirst()
      else { continue }
      let isPair = status == "R" || status == "C"
      let newPath = isPair ? rest.popFirst() ?? path : path
      changes.append(
        RawChange(
          old: Entry(mode: oldMode, id: String(words[2])), new: Entry(mode: newMode, id: String(words[3])),
          status: status, score: isPair ? Int(words[4].dropFirst()) : nil, oldPath: RepositoryPath(bytes: path),
          newPath: RepositoryPath(bytes: newPath)))
    }
    return changes
  }

  /// What is checked out in a submodule; nil where nothing is.
  func commit(ofSubmodule path: RepositoryPath) -> String? {
    let folder = Array((workingTree ?? gitDirectory).utf8) + path.bytes
    let words = ["rev-parse", "--verify", "--quiet", "HEAD"].map { Array($0.utf8) }
    // Its own repository, whichever ours was named by.
    let variables = variables.filter { !$0.hasPrefix("GIT_DIR=") && !$0.hasPrefix("GIT_WORK_TREE=") }
    guard let output = GitProgram.run(prefix + [folder] + words, environment: variables), output.status == 0 else {
      return nil
    }
    return output.text
  }

  // MARK: Partial clones

  /// Has git fetch at once what a comparison of these paths will read; one by one each would be a trip to the server.
  func prefetch(tree old: String, against new: Side, paths: [RepositoryPath]) {
    var words = [old]
    if case .tree(let tree) = new {
      words = ["diff-tree", "-r", old, tree]
    } else {
      words = ["diff-index", "--cached", old]
    }
    words.insert(contentsOf: ["--numstat", "--no-renames", "--no-ext-diff", "--no-textconv"], at: 1)
    _ = run(words + ["--"], paths: paths.count <= 1_000 ? paths : [])
  }
}
