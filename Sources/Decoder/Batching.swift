#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Steps of several threads, taken through the layers together: continuous batching without a scheduler of its own.
///
/// A thread that writes an answer joins, hands in what its session reads next, and waits until that is read. Once all
/// who joined wait, one of them takes everything through the layers in common passes; the others then choose their next
/// tokens side by side. Who shares a pass depends on the moment, and the bits of a row do not depend on who shares it.
final class Batching: @unchecked Sendable {
  /// Sequences that are written at once, at most.
  static let limit = 32

  private final class Request {
    let step: Session.Step
    let isCancelled: () -> Bool
    var outcome: Result<Void, DecoderError>?

    init(_ step: Session.Step, _ isCancelled: @escaping () -> Bool) {
      (self.step, self.isCancelled) = (step, isCancelled)
    }
  }

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var present = 0
  private var waiting: [Request] = []
  private var isReading = false

  init() {
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Joins for as long as `body` runs, waiting for a place first. Inside, nothing may be waited for but `read`.
  func joined<Value>(_ body: () throws(DecoderError) -> Value) throws(DecoderError) -> Value {
    pthread_mutex_lock(mutex)
    while present >= Self.limit { pthread_cond_wait(changed, mutex) }
    present += 1
    pthread_mutex_unlock(mutex)
    defer {
      pthread_mutex_lock(mutex)
      present -= 1
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
    }
    return try body()
  }

  /// Takes `step` together with those of the others. A pass is given up once all who share it are cancelled.
  func read(_ step: Session.Step, isCancelled: @escaping () -> Bool) throws(DecoderError) {
    if isCancelled() { throw .cancelled }
    try wait(for: Request(step, isCancelled)).get()
  }

  private func wait(for request: Request) -> Result<Void, DecoderError> {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    waiting.append(request)
    while true {
      if let outcome = request.outcome { return outcome }
      if isReading || waiting.count < present {
        pthread_cond_wait(changed, mutex)
        continue
      }
      let batch = waiting
      waiting = []
      isReading = true
      pthread_mutex_unlock(mutex)
      let outcome = Self.read(batch)
      pthread_mutex_lock(mutex)
      for member in batch { member.outcome = outcome }
      isReading = false
      pthread_cond_broadcast(changed)
    }
  }

  private static func read(_ batch: [Request]) -> Result<Void, DecoderError> {
    do throws(DecoderError) {
      try Session.read(batch.map(\.step)) { batch.allSatisfy { $0.isCancelled() } }
      return .success(())
    } catch {
      return .failure(error)
    }
  }
}
