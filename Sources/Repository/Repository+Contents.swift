import CGit2

extension Repository {
  /// Beyond this a file is not source that anyone reviews: 10 MB.
  package static let defaultContentLimit = 10_000_000

  /// Reads what a file version holds; `.tooLarge` when it is longer than `limit` bytes, which costs no memory.
  ///
  /// A file of the working tree is read as Git would add it: line endings normalized where the repository says so.
  package func contents(
    of version: FileVersion, limit: Int = Repository.defaultContentLimit
  ) throws(RepositoryError) -> FileContents {
    if version.kind == .submodule { return .submodule(commit: version.id) }
    switch version.origin {
    case .object: return try blob(version.id, path: version.path, limit: limit)
    case .workingTree: return try workingTreeFile(version.path, limit: limit).contents
    }
  }

  /// The file at `path` (from the top of the repository) in a revision.
  package func version(of path: RepositoryPath, in revision: Revision) throws(RepositoryError) -> FileVersion {
    switch revision {
    case .empty:
      throw RepositoryError.noSuchPath(path: path.string, place: "the empty tree")
    case .commit(let word):
      if let plumbing { return try version(of: path, inTree: word, plumbing) }
      let tree = try tree(of: word)
      let entry: Handle
      do throws(GitFailure) {
        entry = try Handle(git_tree_entry_free) { made in
          path.withCString { name in tree.with { git_tree_entry_bypath(&made, $0, name) } }
        }
      } catch {
        if error.isNotFound, error.missingObject == nil {
          throw RepositoryError.noSuchPath(path: path.string, place: word)
        }
        throw explain(error, "read \(path.string) in \(word)", path: path)
      }
      let mode = entry.with { UInt32(git_tree_entry_filemode($0).rawValue) }
      let id = entry.with { git_tree_entry_id($0)?.pointee.hex }
      guard let kind = FileVersion.Kind(mode: mode), let id else {
        throw RepositoryError.notAFile(path: path.string, place: word)
      }
      return FileVersion(path: path, kind: kind, id: id, origin: .object)
    case .index:
      return try indexVersion(of: path)
    case .workingTree:
      return try workingTreeFile(path, limit: Self.defaultContentLimit).version
    }
  }

  /// The contents of `REV:PATH`.
  package func blob(
    revision: Revision, path: RepositoryPath, limit: Int = Repository.defaultContentLimit
  ) throws(RepositoryError) -> FileContents {
    try contents(of: version(of: path, in: revision), limit: limit)
  }

  /// Splits `REV:PATH`; `:PATH` is the index. Nil when the word has no colon, and so names a plain file.
  ///
  /// `directory` is where a path that starts with `./` or `../` begins.
  package func place(
    _ word: String, directory: String
  ) throws(RepositoryError) -> (revision: Revision, path: RepositoryPath)? {
    var depth = 0
    let colon = word.firstIndex { character in
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
      return depth <= 0 && character == ":"
    }
    guard let colon else { return nil }
    let (name, path) = (String(word[..<colon]), String(word[word.index(after: colon)...]))
    let revision: Revision = name.isEmpty ? .index : .commit(name)
    guard path.hasPrefix("./") || path.hasPrefix("../") else { return (revision, RepositoryPath(path)) }
    return (revision, try self.path(of: path, directory: directory))
  }

  /// A path as it was typed in `directory`, from the top of the repository.
  package func path(of argument: String, directory: String) throws(RepositoryError) -> RepositoryPath {
    guard let root = workingTree.map(FileSystem.resolved) else {
      return RepositoryPath(String(FileSystem.normalized("/" + argument).dropFirst()))
    }
    // The argument's own last component may be a link that is in the repository: only its folder is resolved.
    let absolute = argument.hasPrefix("/") ? argument : FileSystem.resolved(directory) + "/" + argument
    let normal = FileSystem.normalized(absolute)
    let top = root == "/" ? "/" : root + "/"
    if normal == root { return RepositoryPath(bytes: []) }
    if normal.hasPrefix(top) { return RepositoryPath(String(normal.dropFirst(top.count))) }
    let real = FileSystem.resolved(normal)
    if real == root { return RepositoryPath(bytes: []) }
    guard real.hasPrefix(top) else { throw RepositoryError.outsideRepository(path: argument, root: root) }
    return RepositoryPath(String(real.dropFirst(top.count)))
  }

  private func blob(_ id: String, path: RepositoryPath, limit: Int) throws(RepositoryError) -> FileContents {
    if let plumbing { return try blob(id, path: path, limit: limit, plumbing) }
    guard var oid = git_oid(hex: id) else {
      throw RepositoryError.missingObject(id: id, path: path.string, isPartialClone: false)
    }
    do throws(GitFailure) {
      let database = try Handle(git_odb_free) { git_repository_odb(&$0, pointer) }
      var (length, type) = (0, GIT_OBJECT_INVALID)
      try attempt { database.with { git_odb_read_header(&length, &type, $0, &oid) } }
      guard length <= limit else { return .tooLarge(length) }
      let blob = try Handle(git_blob_free) { git_blob_lookup(&$0, pointer, &oid) }
      return blob.with {
        let size = Int(git_blob_rawsize($0))
        return FileContents(Array(UnsafeRawBufferPointer(start: git_blob_rawcontent($0), count: size)))
      }
    } catch {
      if error.isNotFound {
        let reason = explain(
          GitFailure(code: error.code, message: "object not found: \(id)"), "read a file", path: path)
        if let plumbing = goOn(after: reason) { return try blob(id, path: path, limit: limit, plumbing) }
        throw reason
      }
      throw explain(error, "read \(path.string)", path: path)
    }
  }

  private func indexVersion(of path: RepositoryPath) throws(RepositoryError) -> FileVersion {
    if let plumbing { return try indexVersion(of: path, plumbing) }
    let index: Handle
    do throws(RepositoryError) {
      index = try self.index()
    } catch {
      guard let plumbing = goOn(after: error) else { throw error }
      return try indexVersion(of: path, plumbing)
    }
    let entry = index.with { index in
      path.withCString { git_index_get_bypath(index, $0, 0) }.map { ($0.pointee.mode, $0.pointee.id.hex) }
    }
    guard let (mode, id) = entry else {
      throw RepositoryError.noSuchPath(path: path.string, place: "the index")
    }
    guard let kind = FileVersion.Kind(mode: mode) else {
      throw RepositoryError.notAFile(path: path.string, place: "the index")
    }
    return FileVersion(path: path, kind: kind, id: id, origin: .object)
  }

  func index() throws(RepositoryError) -> Handle {
    do throws(GitFailure) {
      return try Handle(git_index_free) { git_repository_index(&$0, pointer) }
    } catch {
      throw explain(error, "read the index")
    }
  }

  /// Reads a file of the working tree and names it as Git would.
  func workingTreeFile(
    _ path: RepositoryPath, limit: Int
  ) throws(RepositoryError) -> (version: FileVersion, contents: FileContents) {
    guard let root = workingTree else { throw RepositoryError.noWorkingTree(path: gitDirectory) }
    let item: FileSystem.Item
    do throws(FileSystem.Failure) {
      item = try FileSystem.read(path, below: root, limit: limit)
    } catch {
      if error.isAbsent { throw RepositoryError.noSuchPath(path: path.string, place: "the working tree") }
      throw RepositoryError.unreadable(path: path.string, reason: error.reason)
    }
    func made(_ kind: FileVersion.Kind, _ id: String, _ contents: FileContents) -> (FileVersion, FileContents) {
      (FileVersion(path: path, kind: kind, id: id, origin: .workingTree), contents)
    }
    switch item {
    case .file(let raw, let isExecutable):
      let bytes = try asAdded(raw, path: path)
      return made(isExecutable ? .executable : .regular, blobID(of: bytes), FileContents(bytes))
    case .tooLarge(let size, let isExecutable):
      var oid = git_oid()
      let code = path.withCString { git_repository_hashfile(&oid, pointer, $0, GIT_OBJECT_BLOB, nil) }
      return made(isExecutable ? .executable : .regular, code == 0 ? oid.hex : "", .tooLarge(size))
    case .symbolicLink(let target):
      return made(.symbolicLink, blobID(of: target), FileContents(target))
    case .folder, .other:
      throw RepositoryError.notAFile(path: path.string, place: "the working tree")
    }
  }

  private func blobID(of bytes: [UInt8]) -> String {
    plumbing?.blobID(of: bytes) ?? ObjectName.blob(bytes)?.hex ?? ""
  }

  /// Applies libgit2's own conversions (line endings, `$Id$`); it runs none of the filters that a repository names.
  private func asAdded(_ bytes: [UInt8], path: RepositoryPath) throws(RepositoryError) -> [UInt8] {
    if let plumbing { return try asAdded(bytes, path: path, plumbing) }
    var filters: OpaquePointer?
    let flags = UInt32(GIT_FILTER_ALLOW_UNSAFE.rawValue)
    let code = path.withCString {
      git_filter_list_load(&filters, pointer, nil, $0, GIT_FILTER_TO_ODB, flags)
    }
    guard code >= 0 else { throw explain(GitFailure.last(code), "convert the line endings of \(path.string)") }
    guard let filters else { return bytes }
    defer { git_filter_list_free(filters) }
    var buffer = cgit2_buf()
    defer { git_buf_dispose(&buffer) }
    let applied = bytes.withUnsafeBytes { raw in
      git_filter_list_apply_to_buffer(&buffer, filters, raw.assumingMemoryBound(to: CChar.self).baseAddress, raw.count)
    }
    guard applied >= 0 else { throw explain(GitFailure.last(applied), "convert the line endings of \(path.string)") }
    return Array(UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size))
  }
}

extension FileVersion.Kind {
  /// From the mode that a tree or the index gives an entry; nil for a folder and for anything unknown.
  init?(mode: UInt32) {
    switch mode & 0o170000 {
    case 0o100000: self = mode & 0o100 != 0 ? .executable : .regular
    case 0o120000: self = .symbolicLink
    case 0o160000: self = .submodule
    default: return nil
    }
  }
}
