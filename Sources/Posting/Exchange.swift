import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One request and its answer.
///
/// A delegate rather than a completion handler: only a delegate is asked before a redirection is followed.
final class Exchange: NSObject, URLSessionDataDelegate, Sendable {
  struct Failure: Error {
    var reason: String
  }

  private struct State {
    var body = Data()
    var response: HTTPURLResponse?
    var reason: String?
  }

  /// Nothing that a REST interface says of comments is longer.
  private static let limit = 32 << 20

  private let state = Mutex(State())
  private let done = DispatchSemaphore(value: 0)

  static func run(_ request: URLRequest) -> Result<RestClient.Response, Failure> {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = 30
    configuration.timeoutIntervalForResource = 120
    configuration.urlCache = nil
    configuration.httpCookieStorage = nil
    configuration.httpShouldSetCookies = false
    let exchange = Exchange()
    // A session has one delegate for all its tasks, so each exchange has a session of its own.
    let session = URLSession(configuration: configuration, delegate: exchange, delegateQueue: nil)
    session.dataTask(with: request).resume()
    exchange.done.wait()
    session.finishTasksAndInvalidate()
    return exchange.result()
  }

  private func result() -> Result<RestClient.Response, Failure> {
    state.withLock { state in
      guard let response = state.response, state.reason == nil else {
        return .failure(Failure(reason: state.reason ?? "no answer"))
      }
      var headers: [String: String] = [:]
      for (name, value) in response.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
      return .success(.init(status: response.statusCode, headers: headers, body: state.body))
    }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let isTooLong = state.withLock { state in
      state.body.append(data)
      if state.body.count > Self.limit { state.reason = "the answer is longer than \(Self.limit) bytes" }
      return state.body.count > Self.limit
    }
    if isTooLong { dataTask.cancel() }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    state.withLock { $0.response = response as? HTTPURLResponse }
    completionHandler(.allow)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    state.withLock { $0.response = response }
    completionHandler(nil)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    state.withLock { state in
      if state.response == nil { state.response = task.response as? HTTPURLResponse }
      if let error, state.reason == nil { state.reason = error.localizedDescription }
    }
    done.signal()
  }
}
