#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension FileTree {
  /// A file, folder or link, dangling ones too.
  static func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  static func resolved(_ path: String) -> String {
    guard let text = realpath(path, nil) else { return path }
    defer { free(text) }
    return String(cString: text)
  }

  /// Puts contents in the place of a file at once, its folder made where it is missing. A link stays a link.
  static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o644) throws {
    let place = isThere(path) ? resolved(path) : path
    try makeFolder(of: place)
    var status = stat()
    let kept = stat(place, &status) == 0 ? status.st_mode & 0o777 : nil
    try OutputFile.write(bytes, to: place)
    guard stat(place, &status) == 0, chmod(place, (kept ?? status.st_mode & 0o777) | (mode & 0o111)) == 0 else {
      throw failure(place)
    }
  }

  static func rename(_ path: String, to other: String) throws {
    #if canImport(Glibc)
      let status = Glibc.rename(path, other)
    #else
      let status = Darwin.rename(path, other)
    #endif
    guard status == 0 else { throw failure(other) }
  }

  static func remove(_ path: String) throws {
    guard unlink(path) == 0 else { throw failure(path) }
  }

  private static func makeFolder(of path: String) throws {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let folder = String(path[..<slash])
    if exists(folder) { return }
    try makeFolder(of: folder)
    guard mkdir(folder, 0o777) == 0 || errno == EEXIST else { throw failure(folder) }
  }

  private static func failure(_ path: String) -> Failure {
    Failure(Messages.cannotChange(path, reason: String(cString: strerror(errno))))
  }
}
