import Foundation

/// A server that speaks the OpenAI protocol, as the user names it: `http://host:8000`, with `/v1`, or with the whole
/// path of one of the two ways to ask.
package struct ServerAddress: Sendable, Equatable {
  /// How a question is put.
  package enum Style: Sendable, Equatable {
    /// `/v1/chat/completions`: roles and messages.
    case chat
    /// `/v1/completions`: one text.
    case completion
  }

  package let endpoint: URL
  package let models: URL
  package let style: Style
  /// The name of the model to ask for; nil for the first that the server names.
  package let model: String?

  package init(_ word: String) throws(DecoderError) {
    guard var parts = URLComponents(string: word), let host = parts.host, !host.isEmpty else {
      throw .badAddress(word, found: "no address of a server")
    }
    // what stands in an address ends in histories and reports
    guard parts.user == nil, parts.password == nil else {
      throw .badAddress(word, found: "a password in the address (it belongs in LOGICDIFF_API_KEY)")
    }
    guard parts.query == nil else { throw .badAddress(word, found: "a query") }
    model = parts.fragment.flatMap { $0.isEmpty ? nil : $0 }
    parts.fragment = nil
    var path = parts.path
    while path.hasSuffix("/") { path.removeLast() }
    var style = Style.chat
    if path.hasSuffix("/chat/completions") {
      path.removeLast("/chat/completions".count)
    } else if path.hasSuffix("/completions") {
      path.removeLast("/completions".count)
      style = .completion
    } else if !path.hasSuffix("/v1") {
      path += "/v1"
    }
    parts.path = path + (style == .chat ? "/chat/completions" : "/completions")
    let endpoint = parts.url
    parts.path = path + "/models"
    guard let endpoint, let models = parts.url else { throw .badAddress(word, found: "an address that is no URL") }
    self.endpoint = endpoint
    self.models = models
    self.style = style
  }

  /// Scheme, host and port.
  package var host: String {
    let port = endpoint.port.map { ":\($0)" } ?? ""
    return "\(endpoint.scheme ?? "http")://\(endpoint.host ?? "")\(port)"
  }

  /// Whether what is sent stays on this machine.
  package var isLocal: Bool {
    let host = endpoint.host ?? ""
    return host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.")
  }
}
