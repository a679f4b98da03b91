#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads a file that this program wrote before, `-` for standard input, up to a limit.
enum InputFile {
  static func read(_ path: String, limit: Int) throws -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(Messages.cannotRead(path, reason: reason())) }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
      #else
        let count = Darwin.read(descriptor, &buffer, buffer.count)
      #endif
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(Messages.cannotRead(path, reason: reason())) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[0..<count])
      guard bytes.count <= limit else { throw Failure(Messages.reportTooLarge(path, limit: limit)) }
    }
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
