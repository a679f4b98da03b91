#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A pager that was left, or `head`: writing to it is no failure of ours.
enum ClosedReader {
  /// From here on a write to a reader that went away fails quietly, where it would end the process.
  static func isNoError() { signal(SIGPIPE, SIG_IGN) }

  /// Whether nobody reads standard output any more.
  static var isGone: Bool {
    var watched = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&watched, 1, 0) > 0 && Int32(watched.revents) & Int32(POLLERR) != 0
  }
}
