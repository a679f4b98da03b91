#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A report goes to its file whole or not at all: it is written beside it and renamed.
enum OutputFile {
  static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  static func write(_ contents: [UInt8], to path: String) throws {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      // `/dev/stdout`, a pipe: nothing to put another file in the place of.
      return try writeThrough(contents, to: path)
    }
    let temporary = path + ".logicdiff-\(getpid())"
    Interruption.remove(onInterrupt: temporary)
    defer { Interruption.remove(onInterrupt: nil) }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(Messages.cannotWrite(path, reason: reason())) }
    guard FileDescriptorWriter.write(contents, to: descriptor), fsync(descriptor) == 0 || errno == EINVAL else {
      let why = reason()
      close(descriptor)
      unlink(temporary)
      throw Failure(Messages.cannotWrite(path, reason: why))
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let why = reason()
      unlink(temporary)
      throw Failure(Messages.cannotWrite(path, reason: why))
    }
  }

  private static func writeThrough(_ contents: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(Messages.cannotWrite(path, reason: reason())) }
    defer { close(descriptor) }
    guard FileDescriptorWriter.write(contents, to: descriptor) else {
      throw Failure(Messages.cannotWrite(path, reason: reason()))
    }
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
