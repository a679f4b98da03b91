import Comparison
import Repository

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files and directories of the file system as sides of a comparison.
enum FileTree {
  enum Kind: Equatable {
    case file, directory
    /// `/dev/null`, by which git says that a side does not exist.
    case nothing
  }

  enum Contents {
    case nothing
    case whole([UInt8])
    /// Longer than `sizeLimit`, with its length.
    case tooLarge(Int)

    var whole: [UInt8]? { if case .whole(let bytes) = self { bytes } else { nil } }
  }

  static let sizeLimit = 10_000_000

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  static func kind(of path: String) throws -> Kind {
    if path == "/dev/null" { return .nothing }
    var status = stat()
    guard stat(path, &status) == 0 else { throw Failure(Messages.cannotRead(path, reason: reason())) }
    return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
  }

  static func pair(_ old: String, _ new: String, isAbsent: (old: Bool, new: Bool)) throws -> [FilePair] {
    let left = isAbsent.old ? nil : try side(old)
    let right = isAbsent.new ? nil : try side(new)
    if let left = left?.text, let right = right?.text, left == right { return [] }
    if left == nil, right == nil { return [] }
    let status: FileResult.Status = left == nil ? .added : right == nil ? .deleted : .modified
    return [
      FilePair(path: right == nil ? old : new, oldPath: left == nil ? nil : old, status: status, old: left, new: right)
    ]
  }

  /// Files of two directories by their path inside them; nil stands for an empty directory.
  static func pairs(_ old: String?, _ new: String?) throws -> [FilePair] {
    let left = Set(try old.map(files) ?? [])
    let right = Set(try new.map(files) ?? [])
    var pairs: [FilePair] = []
    for path in left.union(right).sorted() {
      let (isOld, isNew) = (left.contains(path), right.contains(path))
      let before = isOld ? try old.map { try side($0 + "/" + path) } : nil
      let after = isNew ? try new.map { try side($0 + "/" + path) } : nil
      if let before = before?.text, let after = after?.text, before == after { continue }
      let status: FileResult.Status = !isOld ? .added : !isNew ? .deleted : .modified
      pairs.append(FilePair(path: path, oldPath: isOld ? path : nil, status: status, old: before, new: after))
    }
    return pairs
  }

  /// Reads a whole file; one that is too large or no text is told so, and is not an error.
  static func side(_ path: String) throws -> FileSide {
    switch try contents(RepositoryPath(path)) {
    case .nothing: .text([])
    case .whole(let bytes): side(bytes)
    case .tooLarge(let size): .unreadable(reason: Messages.tooLarge(size))
    }
  }

  /// All of it, however long.
  static func wholeFile(_ path: String) throws -> [UInt8] {
    try contents(RepositoryPath(path), limit: .max).whole ?? []
  }

  static func side(_ bytes: [UInt8]) -> FileSide {
    bytes.isBinary ? .unreadable(reason: Messages.binary) : .text(bytes)
  }

  /// What a file holds. Its name need not be UTF-8.
  static func contents(_ path: RepositoryPath, limit: Int = sizeLimit) throws -> Contents {
    let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw Failure(Messages.cannotRead(path.string, reason: reason())) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(Messages.cannotRead(path.string, reason: reason())) }
      if count == 0 { return .whole(bytes) }
      bytes.append(contentsOf: buffer[0..<count])
    }
    var status = stat()
    return .tooLarge(fstat(descriptor, &status) == 0 ? Int(status.st_size) : bytes.count)
  }

  /// Regular files below a directory, `/` between the parts; hidden `.git` folders and links to folders are left out.
  private static func files(in root: String) throws -> [String] {
    var found: [String] = []
    var pending = [""]
    while let folder = pending.popLast() {
      let place = folder.isEmpty ? root : root + "/" + folder
      guard let directory = opendir(place) else { throw Failure(Messages.cannotRead(place, reason: reason())) }
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
        }
        if name == "." || name == ".." || name == ".git" { continue }
        let path = folder.isEmpty ? name : folder + "/" + name
        var status = stat()
        guard lstat(root + "/" + path, &status) == 0 else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: pending.append(path)
        case S_IFREG: found.append(path)
        default:
          // A difftool fills its directory with links to the files of the working tree.
          if stat(root + "/" + path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { found.append(path) }
        }
      }
    }
    return found
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}

extension FileSide {
  fileprivate var text: [UInt8]? {
    if case .text(let bytes) = self { bytes } else { nil }
  }
}
