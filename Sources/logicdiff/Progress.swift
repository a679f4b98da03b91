import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A line on standard error while work takes longer than a second, where someone can see it.
final class Progress: Sendable {
  private let done = Atomic<Int>(0)
  private let all = Atomic<Int>(0)
  private let isShown: Bool
  private let start = ContinuousClock.now
  private let lastShown = Mutex<ContinuousClock.Instant?>(nil)

  init() { isShown = Terminal.errorIsTerminal }

  func update(done: Int, of total: Int, what: String = "units") {
    self.done.store(done, ordering: .relaxed)
    all.store(total, ordering: .relaxed)
    guard isShown else { return }
    let now = ContinuousClock.now
    guard now - start > .seconds(1) else { return }
    lastShown.withLock { last in
      if let last, now - last < .milliseconds(100) { return }
      last = now
      Interruption.noteProgressLine(true)
      Terminal.err("\r\u{1B}[Kcomparing: \(done) of \(total) \(what)")
    }
  }

  func finish() {
    guard isShown else { return }
    lastShown.withLock { last in
      if last != nil { Terminal.err("\r\u{1B}[K") }
      last = nil
    }
    Interruption.noteProgressLine(false)
  }
}
