import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs work on threads of their own, with stacks that deep source cannot exhaust.
///
/// Not Swift's cooperative pool: its threads have small stacks, and a walk over a Procedure recurses with the nesting
/// of the source. Results come back in the order of the items, whoever finished first.
package enum Workers {
  /// Address space, not memory: pages that no one touches cost nothing.
  static let stackSize = 512 << 20

  package static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], jobs: Int, finished: (@Sendable (Int) -> Void)? = nil,
    _ body: @escaping @Sendable (Item) -> Result
  ) -> [Result] {
    let work = Work(items: items, body: body, finished: finished)
    let threads = (0..<max(1, min(jobs, items.count))).compactMap { _ in start(work) }
    // Where no thread could be had the caller's own does it all.
    if threads.isEmpty { work.run() }
    for thread in threads { pthread_join(thread, nil) }
    return work.results()
  }

  private static func start(_ work: any Runnable) -> pthread_t? {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return nil }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    // The thread takes over the reference that is retained here.
    let pointer = Unmanaged.passRetained(Box(work)).toOpaque()
    #if canImport(Glibc)
      var thread = pthread_t()
      let status = pthread_create(&thread, &attributes, { Workers.enter($0) }, pointer)
      if status == 0 { return thread }
    #else
      var thread: pthread_t?
      let status = pthread_create(&thread, &attributes, { Workers.enter($0) }, pointer)
      if status == 0 { return thread }
    #endif
    Unmanaged<Box>.fromOpaque(pointer).release()
    return nil
  }

  private static func enter(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let pointer { Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().work.run() }
    return nil
  }

  private protocol Runnable: Sendable {
    func run()
  }

  private final class Box {
    let work: any Runnable
    init(_ work: any Runnable) { self.work = work }
  }

  private final class Work<Item: Sendable, Result: Sendable>: Runnable {
    private let items: [Item]
    private let body: @Sendable (Item) -> Result
    private let finished: (@Sendable (Int) -> Void)?
    private let next = Atomic<Int>(0)
    private let done: Mutex<(results: [Result?], count: Int)>

    init(items: [Item], body: @escaping @Sendable (Item) -> Result, finished: (@Sendable (Int) -> Void)?) {
      self.items = items
      self.body = body
      self.finished = finished
      done = Mutex((Array(repeating: nil, count: items.count), 0))
    }

    func run() {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < items.count else { return }
        let result = body(items[index])
        let count = done.withLock { done in
          done.results[index] = result
          done.count += 1
          return done.count
        }
        finished?(count)
      }
    }

    func results() -> [Result] { done.withLock { $0.results.compactMap { $0 } } }
  }
}
