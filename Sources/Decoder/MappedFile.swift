#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file mapped for reading, unmapped when its owner goes away.
///
/// The mapping is private and read-only, so several processes share the pages of one checkpoint. A file that is cut
/// short *while* it is mapped ends the process with a bus error, as with every mapped file.
package final class MappedFile: @unchecked Sendable {
  package let path: String
  package let bytes: UnsafeRawBufferPointer
  /// Size, time of change and place on its disk: tells contents apart without reading them.
  let identity: String

  package init(path: String) throws(DecoderError) {
    self.path = path
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    defer { close(file) }
    var status = stat()
    if fstat(file, &status) != 0 { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    if status.st_mode & S_IFMT != S_IFREG { throw .unreadable(path: path, reason: "it is not a regular file") }
    let size = Int(status.st_size)
    #if canImport(Darwin)
      let changed = status.st_mtimespec
    #else
      let changed = status.st_mtim
    #endif
    identity = "\(status.st_dev) \(status.st_ino) \(size) \(changed.tv_sec) \(changed.tv_nsec)"
    if size == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0)
    guard let address, address != MAP_FAILED else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
  }

  /// Lets the system take back what was read, for bytes that are not needed again soon.
  func forget() {
    if let base = bytes.baseAddress { madvise(UnsafeMutableRawPointer(mutating: base), bytes.count, MADV_DONTNEED) }
  }

  /// The bytes of a small file, copied.
  package static func contents(of path: String) throws(DecoderError) -> [UInt8] {
    let file = try MappedFile(path: path)
    // what `bytes` points to goes with its owner, which nothing else holds here
    return withExtendedLifetime(file) { Array(file.bytes) }
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }
}

/// Whether `path` names something that can be read.
func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

/// A directory and a name in it, as one path.
func joined(_ directory: String, _ name: String) -> String {
  directory.hasSuffix("/") ? directory + name : directory + "/" + name
}
