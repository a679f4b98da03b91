#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The `git` program, for what libgit2 cannot do as git does it: writing configuration, walking what a push brings.
///
/// It runs with our environment, so `GIT_DIR`, `GIT_INDEX_FILE` and `git -c` settings hold for it as for us.
enum Git {
  struct Output {
    var status: Int32
    var out: [UInt8]
    var err: String

    /// Standard output as text, without the last line end.
    var text: String {
      let bytes = out.last == UInt8(ascii: "\n") ? out.dropLast() : out[...]
      return String(decoding: bytes, as: UTF8.self)
    }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
  }

  /// The text that a command gives; what went wrong where it fails.
  static func text(_ arguments: [String]) throws -> String {
    let output = try run(arguments)
    guard output.status == 0 else { throw Failure(Messages.gitFailed(arguments, output.err)) }
    return output.text
  }

  static func run(_ arguments: [String]) throws -> Output {
    var (out, err): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    guard pipe(&out) == 0 else { throw Failure(Messages.gitFailed(arguments, reason())) }
    guard pipe(&err) == 0 else {
      for descriptor in out { close(descriptor) }
      throw Failure(Messages.gitFailed(arguments, reason()))
    }
    for descriptor in out + err { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    let process = ChildProcess.start(["git"] + arguments, streams: [.null, .descriptor(out[1]), .descriptor(err[1])])
    close(out[1])
    close(err[1])
    defer {
      close(out[0])
      close(err[0])
    }
    guard let process else { throw Failure(Messages.noGit) }
    let texts = readAll([out[0], err[0]])
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

  private static func reason() -> String { String(cString: strerror(errno)) }
}
