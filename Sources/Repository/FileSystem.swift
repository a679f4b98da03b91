#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is asked of the file system directly, always without following a symbolic link into other places.
enum FileSystem {
  struct Failure: Error {
    let code: Int32
    var isAbsent: Bool { code == ENOENT || code == ENOTDIR || code == ELOOP }
    var reason: String { String(cString: strerror(code)) }
    static var last: Failure { Failure(code: errno) }
  }

  enum Item {
    case file([UInt8], isExecutable: Bool)
    case tooLarge(Int, isExecutable: Bool)
    case symbolicLink([UInt8])
    case folder
    case other
  }

  /// Reads `path` below `root`. No component is followed where it is a link; a link itself gives its target's text.
  static func read(_ path: RepositoryPath, below root: String, limit: Int) throws(Failure) -> Item {
    let components = path.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let name = components.last, components.allSatisfy(isPlainName) else { throw Failure(code: ENOENT) }
    var folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Failure.last }
    defer { close(folder) }
    for component in components.dropLast() {
      let next = RepositoryPath(bytes: Array(component)).withCString {
        openat(folder, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      }
      guard next >= 0 else { throw Failure.last }
      close(folder)
      folder = next
    }
    return try read(RepositoryPath(bytes: Array(name)), in: folder, limit: limit)
  }

  private static func read(_ name: RepositoryPath, in folder: Int32, limit: Int) throws(Failure) -> Item {
    var status = stat()
    guard name.withCString({ fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else { throw Failure.last }
    switch status.st_mode & S_IFMT {
    case S_IFLNK: return .symbolicLink(try target(of: name, in: folder))
    case S_IFDIR: return .folder
    case S_IFREG: break
    default: return .other
    }
    // Not blocking: the name may have become a pipe since.
    let file = name.withCString { openat(folder, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
    guard file >= 0 else { throw Failure.last }
    defer { close(file) }
    guard fstat(file, &status) == 0 else { throw Failure.last }
    guard status.st_mode & S_IFMT == S_IFREG else { return .other }
    let isExecutable = status.st_mode & 0o100 != 0
    let size = Int(status.st_size)
    guard size <= limit else { return .tooLarge(size, isExecutable: isExecutable) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size + 1)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { Self.read(file, $0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure.last }
      if count == 0 { return .file(bytes, isExecutable: isExecutable) }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= limit else { return .tooLarge(bytes.count, isExecutable: isExecutable) }
    }
  }

  private static func read(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.read(file, buffer.baseAddress, buffer.count)
    #else
      Darwin.read(file, buffer.baseAddress, buffer.count)
    #endif
  }

  private static func target(of name: RepositoryPath, in folder: Int32) throws(Failure) -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = name.withCString { readlinkat(folder, $0, &buffer, buffer.count) }
    guard count >= 0 else { throw Failure.last }
    return buffer.prefix(count).map { UInt8(bitPattern: $0) }
  }

  private static func isPlainName(_ name: ArraySlice<UInt8>) -> Bool {
    !name.isEmpty && !name.contains(0) && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
      && String(decoding: name, as: UTF8.self).lowercased() != ".git"
  }

  /// `path` made absolute and free of links, as far as it exists; the missing rest is appended as it is written.
  static func resolved(_ path: String) -> String {
    var existing = path.hasPrefix("/") ? path : currentDirectory + "/" + path
    var rest: [Substring] = []
    while true {
      if let real = realpath(existing, nil) {
        defer { free(real) }
        return normalized(([Substring(String(cString: real))] + rest.reversed()).joined(separator: "/"))
      }
      guard let slash = existing.lastIndex(of: "/"), existing != "/" else { return normalized(path) }
      rest.append(existing[existing.index(after: slash)...])
      existing = slash == existing.startIndex ? "/" : String(existing[..<slash])
    }
  }

  /// `path` from the root, its links left alone.
  static func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : currentDirectory + "/" + path }

  static var currentDirectory: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }

  /// An absolute path without empty, `.` and `..` components.
  static func normalized(_ path: String) -> String {
    var components: [Substring] = []
    for component in path.split(separator: "/") where component != "." {
      if component == ".." { _ = components.popLast() } else { components.append(component) }
    }
    return "/" + components.joined(separator: "/")
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
