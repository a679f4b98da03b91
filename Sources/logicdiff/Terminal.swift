#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Standard output and error, and the ways to leave the process.
enum Terminal {
  static func out(_ text: String) { write(text, to: STDOUT_FILENO) }
  static func err(_ text: String) { write(text, to: STDERR_FILENO) }

  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// All of standard input; nothing where a person types.
  static func standardInput() -> String {
    guard isatty(STDIN_FILENO) == 0 else { return "" }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[0..<count]
    }
  }

  /// Columns of the terminal; `COLUMNS` goes first, and what is no terminal has 120.
  static var width: Int {
    if let text = getenv("COLUMNS").map({ String(cString: $0) }), let width = Int(text), (1...10_000).contains(width) {
      return width
    }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 120 }
    return Int(size.ws_col)
  }

  /// Could not do it: exit 2.
  static func fail(_ text: String, prefix: Bool = true) -> Never {
    err((prefix ? "logicdiff: " : "") + text + "\n")
    exit(2)
  }

  static func exit(_ code: Int32) -> Never {
    #if canImport(Glibc)
      Glibc.exit(code)
    #else
      Darwin.exit(code)
    #endif
  }

  static func out(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { write($0, to: STDOUT_FILENO) } }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { write($0, to: descriptor) }
  }

  private static func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) {
    var sent = 0
    while sent < bytes.count {
      guard let base = bytes.baseAddress else { return }
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, base + sent, bytes.count - sent)
      #else
        let count = Darwin.write(descriptor, base + sent, bytes.count - sent)
      #endif
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      sent += count
    }
  }
}

/// Ctrl-C stops at once: the half-written output file goes, the progress line too, and the status is 130.
enum Interruption {
  /// The temporary file to remove, as a C string that is never freed: a signal handler may not allocate or lock.
  nonisolated(unsafe) private static var temporary: UnsafeMutablePointer<CChar>?
  nonisolated(unsafe) private static var hasProgressLine = false

  static func install() {
    // A parent that blocks a signal hands that down: without this, Ctrl-C would wait for the end of the run.
    var stopping = sigset_t()
    sigemptyset(&stopping)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      sigaddset(&stopping, number)
      signal(number) { number in
        if let path = Interruption.temporary { unlink(path) }
        if Interruption.hasProgressLine { _ = write(STDERR_FILENO, "\r\u{1B}[K", 4) }
        _exit(128 + number)
      }
    }
    // A file that may not grow is an error to be told of, or a cache that keeps nothing; not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    pthread_sigmask(SIG_UNBLOCK, &stopping, nil)
  }

  static func remove(onInterrupt path: String?) { temporary = path.flatMap { strdup($0) } }
  static func noteProgressLine(_ shown: Bool) { hasProgressLine = shown }
}
