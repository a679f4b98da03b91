import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Requests over one URLSession, from threads that wait for their answers. Redirects are not followed: what is sent
/// goes to the server that the user named and to no other.
final class Transport: NSObject, URLSessionDataDelegate, Sendable {
  enum Failure: Error {
    case cancelled
    /// No answer, or half of one.
    case broken(String)
    case tooLong
  }

  struct Answer {
    var status: Int
    var body: Data
    var retryAfter: Double?
  }

  private final class Exchange: Sendable {
    let done = DispatchSemaphore(value: 0)
    let state = Mutex<(body: Data, outcome: Result<HTTPURLResponse, Failure>?)>((Data(), nil))

    func finish(_ outcome: Result<HTTPURLResponse, Failure>) {
      let first = state.withLock { state in
        defer { if state.outcome == nil { state.outcome = outcome } }
        return state.outcome == nil
      }
      if first { done.signal() }
    }
  }

  /// More than any answer of ours needs: a server that never stops must not fill the memory.
  private static let answerLimit = 16 << 20
  private let exchanges = Mutex<[Int: Exchange]>([:])
  private let configuration: URLSessionConfiguration
  private let opened = Mutex<URLSession?>(nil)

  init(timeout: Double) {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = timeout
    configuration.httpShouldSetCookies = false
    configuration.httpMaximumConnectionsPerHost = 16
    self.configuration = configuration
  }

  /// The session holds its delegate until it is told to end.
  func close() {
    opened.withLock { session in
      session?.invalidateAndCancel()
      session = nil
    }
  }

  /// Sends `request` and waits, for at most `seconds`; asks every few milliseconds whether to stop.
  func send(
    _ request: URLRequest, seconds: Double, isCancelled: () -> Bool
  ) throws(Failure) -> Answer {
    let session = opened.withLock { session in
      let current = session ?? URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
      session = current
      return current
    }
    let task = session.dataTask(with: request)
    let exchange = Exchange()
    exchanges.withLock { $0[task.taskIdentifier] = exchange }
    defer { exchanges.withLock { $0[task.taskIdentifier] = nil } }
    task.resume()
    let end = ContinuousClock.now + .seconds(seconds)
    while exchange.done.wait(timeout: .now() + .milliseconds(15)) == .timedOut {
      if isCancelled() {
        task.cancel()
        throw .cancelled
      }
      if ContinuousClock.now > end {
        task.cancel()
        throw .broken("no whole answer within \(Int(seconds)) seconds")
      }
    }
    let (body, outcome) = exchange.state.withLock { ($0.body, $0.outcome) }
    switch outcome {
    case .success(let response):
      let wait = response.value(forHTTPHeaderField: "Retry-After").flatMap(Double.init)
      return Answer(status: response.statusCode, body: body, retryAfter: wait)
    case .failure(let failure): throw failure
    case nil: throw .broken("no answer")
    }
  }

  private func exchange(_ task: URLSessionTask) -> Exchange? { exchanges.withLock { $0[task.taskIdentifier] } }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard let exchange = exchange(dataTask) else { return }
    let tooLong = exchange.state.withLock { state in
      state.body.append(data)
      return state.body.count > Self.answerLimit
    }
    if tooLong {
      exchange.finish(.failure(.tooLong))
      dataTask.cancel()
    }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    guard let exchange = exchange(task) else { return }
    if let error {
      exchange.finish(.failure(.broken(error.localizedDescription)))
    } else if let response = task.response as? HTTPURLResponse {
      let length = exchange.state.withLock { $0.body.count }
      if response.expectedContentLength > Int64(length) {
        exchange.finish(.failure(.broken("\(length) of \(response.expectedContentLength) bytes of an answer")))
      } else {
        exchange.finish(.success(response))
      }
    } else {
      exchange.finish(.failure(.broken("an answer that is not HTTP")))
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }
}
