import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Requests to one REST interface, one after the other.
///
/// It never follows a redirection, which could carry the token to another host; it waits as long as a server asks it
/// to, within reason; and it repeats what failed on the way, where repeating is harmless.
package final class RestClient: Sendable {
  package struct Response: Sendable {
    package var status: Int
    package var headers: [String: String]
    package var body: Data

    package func header(_ name: String) -> String? { headers[name.lowercased()] }
    package var isSuccess: Bool { (200..<300).contains(status) }

    /// The server says that it was too busy or too often asked, so nothing was done.
    var isRefusedForNow: Bool {
      if status == 429 { return true }
      return status == 403 && (header("retry-after") != nil || header("x-ratelimit-remaining") == "0")
    }
  }

  package enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
  }

  let base: URL
  private let headers: [String: String]
  /// Seconds before the first repetition; twice as many before each further one.
  private let firstDelay: Double
  private static let attempts = 5
  /// A job waits no longer than this for a rate limit to end.
  static let longestWait = 180.0

  /// `base` without a slash at its end. Plain HTTP is for this machine only: the token would be readable on the way.
  package init(base: String, headers: [String: String], firstDelay: Double = 0.5) throws(PostingError) {
    guard let url = URL(string: base), let scheme = url.scheme?.lowercased(), let host = url.host, !host.isEmpty,
      url.user == nil, url.query == nil, url.fragment == nil
    else { throw .badAddress(base) }
    let isHere = ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host)
    guard scheme == "https" || (scheme == "http" && isHere) else { throw .insecureAddress(base) }
    self.base = url
    self.headers = headers
    self.firstDelay = firstDelay
  }

  /// Sends and repeats. A request that makes something (`isRepeatable` false) is repeated only where the server said
  /// that it did nothing; else the caller has to look first.
  package func send(
    _ method: Method, _ path: String, query: [(String, String)] = [], json: [String: Any]? = nil,
    isRepeatable: Bool = true
  ) throws(PostingError) -> Response {
    let request = try request(method, path, query: query, json: json)
    var delay = firstDelay
    for attempt in 1... {
      let isLast = attempt == Self.attempts
      let outcome = Exchange.run(request)
      switch outcome {
      case .success(let response):
        let mayRepeat = response.isRefusedForNow || (isRepeatable && (500..<600).contains(response.status))
        guard mayRepeat else { return response }
        let wait = response.wait(now: Date().timeIntervalSince1970) ?? delay
        if wait > Self.longestWait { throw .rateLimited(seconds: wait) }
        if isLast { return response }
        Self.sleep(wait)
      case .failure(let error):
        if isLast || !isRepeatable { throw .network(host: base.host ?? "", reason: error.reason) }
        Self.sleep(delay)
      }
      delay *= 2
    }
    throw .network(host: base.host ?? "", reason: "no answer")
  }

  /// All entries of a list that comes in pages.
  package func list(_ path: String, query: [(String, String)] = []) throws(PostingError) -> [[String: Any]] {
    var entries: [[String: Any]] = []
    // A list without an end is an error of the server; 200 pages of 100 are more than any discussion has.
    for page in 1...200 {
      let response = try send(.get, path, query: query + [("per_page", "100"), ("page", String(page))])
      guard response.isSuccess else { throw .refused(response, doing: "read \(path)") }
      guard let found = (try? JSONSerialization.jsonObject(with: response.body)) as? [[String: Any]] else {
        throw .badAnswer(path)
      }
      entries += found
      // Pages are counted here rather than followed by address: an address from outside would get the token.
      if let link = response.header("link") {
        if !link.contains("rel=\"next\"") { break }
      } else if let next = response.header("x-next-page") {
        if next.isEmpty { break }
      } else if found.count < 100 {
        break
      }
      if found.isEmpty { break }
    }
    return entries
  }

  private func request(
    _ method: Method, _ path: String, query: [(String, String)], json: [String: Any]?
  ) throws(PostingError) -> URLRequest {
    var text = base.absoluteString + path
    let pairs = query.map { "\(Self.escaped($0))=\(Self.escaped($1))" }
    if !pairs.isEmpty { text += "?" + pairs.joined(separator: "&") }
    guard let url = URL(string: text), url.host == base.host, url.port == base.port else { throw .badAddress(text) }
    var request = URLRequest(url: url)
    request.httpMethod = method.rawValue
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    if let json {
      request.httpBody = try? JSONSerialization.data(withJSONObject: json, options: [.sortedKeys])
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    }
    return request
  }

  /// One part of a path or query, everything but unreserved characters escaped.
  package static func escaped(_ part: String) -> String {
    let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
    return part.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }

  private static func sleep(_ seconds: Double) {
    if seconds > 0 { Thread.sleep(forTimeInterval: seconds) }
  }
}

extension RestClient.Response {
  /// Seconds that the server asks to wait: `Retry-After`, or until the rate limit ends.
  fileprivate func wait(now: Double) -> Double? {
    if let after = header("retry-after").flatMap({ Double($0.trimmingCharacters(in: .whitespaces)) }), after >= 0 {
      return after
    }
    if header("x-ratelimit-remaining") == "0", let reset = header("x-ratelimit-reset").flatMap({ Double($0) }) {
      return max(0, reset - now) + 1
    }
    return nil
  }
}
