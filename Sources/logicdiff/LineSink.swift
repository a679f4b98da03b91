#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where lines go one by one: standard output, or a file that an earlier run may have begun.
final class LineSink {
  private let descriptor: Int32
  private let path: String?
  private var known: Set<String> = []

  /// Every line starts so: the keys are sorted.
  private static let start = #"{"commit":""#

  init(_ path: String?) throws {
    self.path = path
    guard let path else {
      descriptor = STDOUT_FILENO
      return
    }
    var kept = 0
    if FileTree.isThere(path) {
      let bytes = try FileTree.wholeFile(path)
      // A run that was stopped may have left half a line.
      kept = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
      for line in bytes[..<kept].split(separator: UInt8(ascii: "\n")) {
        guard line.starts(with: Self.start.utf8) else { throw Failure(Messages.notALog(path)) }
        let id = line.dropFirst(Self.start.utf8.count).prefix { $0 != UInt8(ascii: "\"") }
        known.insert(String(decoding: id, as: UTF8.self))
      }
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0, ftruncate(descriptor, off_t(kept)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw Failure(Messages.cannotWrite(path, reason: String(cString: strerror(errno))))
    }
  }

  deinit { if path != nil { close(descriptor) } }

  /// An earlier run has written the line of this commit.
  func has(_ commit: String) -> Bool { known.contains(commit) }

  func write(_ line: String) throws {
    guard FileDescriptorWriter.write(Array(line.utf8), to: descriptor) else {
      throw Failure(Messages.cannotWrite(path ?? "standard output", reason: String(cString: strerror(errno))))
    }
  }
}
