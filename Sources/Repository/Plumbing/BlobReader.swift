#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Objects read through one `git cat-file --batch` that stays until the last is read.
final class BlobReader {
  enum Answer {
    case blob([UInt8])
    case tooLarge(Int)
    case missing
  }

  private let process: pid_t
  private let questions: Pipe
  private let answers: Pipe
  private var pending: [UInt8] = []
  private(set) var isBroken = false

  /// Nil where it cannot be started. `words` come before `cat-file`.
  init?(_ words: [[UInt8]], environment: [String]) {
    guard let questions = Pipe(), let answers = Pipe() else { return nil }
    let process = ChildProcess.start(
      words: words + ["cat-file", "--batch"].map { Array($0.utf8) },
      streams: [.descriptor(questions.reading), .descriptor(answers.writing), .inherited], environment: environment)
    answers.closeWriting()
    guard let process else { return nil }
    (self.process, self.questions, self.answers) = (process, questions, answers)
  }

  deinit {
    questions.closeWriting()
    ChildProcess.wait(for: process)
  }

  /// `limit` in bytes: of a longer one only the length is kept.
  func blob(_ id: String, limit: Int) -> Answer {
    guard !isBroken, write(Array((id + "\n").utf8)), let header = line() else {
      isBroken = true
      return .missing
    }
    // "<id> <type> <size>", or "<id> missing".
    let words = header.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 3, let size = Int(words[2]), size >= 0 else { return .missing }
    guard let bytes = take(size, keep: size <= limit), take(1, keep: false) != nil else {
      isBroken = true
      return .missing
    }
    guard words[1] == "blob" else { return .missing }
    return size <= limit ? .blob(bytes) : .tooLarge(size)
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    // The child may be gone, which its answers tell.
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(questions.writing, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private func line() -> [UInt8]? {
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        defer { pending.removeFirst(end + 1) }
        return Array(pending[..<end])
      }
      guard fill() else { return nil }
    }
  }

  private func take(_ count: Int, keep: Bool) -> [UInt8]? {
    var taken: [UInt8] = []
    var left = count
    while left > 0 {
      if pending.isEmpty, !fill() { return nil }
      let part = min(left, pending.count)
      if keep { taken += pending[..<part] }
      pending.removeFirst(part)
      left -= part
    }
    return taken
  }

  private func fill() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(answers.reading, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      pending += buffer[..<count]
      return true
    }
  }
}

private func systemWrite(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Glibc)
    Glibc.write(file, bytes.baseAddress, bytes.count)
  #else
    Darwin.write(file, bytes.baseAddress, bytes.count)
  #endif
}
