#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One run of the program `git`.
package enum GitProgram {
  package struct Output {
    package var status: Int32
    package var out: [UInt8]
    package var err: String

    /// Standard output as text, without the last line end.
    package var text: String {
      let bytes = out.last == UInt8(ascii: "\n") ? out.dropLast() : out[...]
      return String(decoding: bytes, as: UTF8.self)
    }
    package var lines: [String] { text.split(separator: "\n").map(String.init) }
    /// What `-z` parts.
    var fields: [[UInt8]] { out.split(separator: 0, omittingEmptySubsequences: false).map(Array.init) }
  }

  /// Nil where it cannot be started: there is none, or no more processes or files are to be had.
  package static func run(_ arguments: [[UInt8]], environment: [String]? = nil) -> Output? {
    guard let out = Pipe() else { return nil }
    guard let err = Pipe() else { return nil }
    let process = ChildProcess.start(
      words: [Array("git".utf8)] + arguments,
      streams: [.null, .descriptor(out.writing), .descriptor(err.writing)], environment: environment)
    out.closeWriting()
    err.closeWriting()
    guard let process else { return nil }
    let texts = readAll([out.reading, err.reading])
    let code = ChildProcess.wait(for: process)
    return Output(status: code, out: texts[0], err: String(decoding: texts[1], as: UTF8.self))
  }

  /// Both streams at once: a child that fills one while we wait for the other would never end.
  private static func readAll(_ descriptors: [Int32]) -> [[UInt8]] {
    var texts = descriptors.map { _ in [UInt8]() }
    var open = Set(descriptors.indices)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while !open.isEmpty {
      let order = open.sorted()
      var watched = order.map { pollfd(fd: descriptors[$0], events: Int16(POLLIN), revents: 0) }
      guard poll(&watched, nfds_t(watched.count), -1) > 0 else {
        if errno == EINTR { continue }
        break
      }
      for (position, index) in order.enumerated() where watched[position].revents != 0 {
        let count = read(descriptors[index], &buffer, buffer.count)
        if count > 0 {
          texts[index] += buffer[0..<count]
        } else if count == 0 || errno != EINTR {
          open.remove(index)
        }
      }
    }
    return texts
  }
}

/// Sole owner of the two ends of a pipe. No other child inherits them.
final class Pipe {
  let reading: Int32
  private(set) var writing: Int32

  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  deinit {
    close(reading)
    closeWriting()
  }
}
