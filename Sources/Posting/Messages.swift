import Foundation

/// The sentences of this module that a user reads.
enum Messages {
  static func badAddress(_ text: String) -> String {
    "Expected the address of a REST interface such as https://api.github.com, and found \"\(text)\". "
      + "Set GITHUB_API_URL or CI_API_V4_URL to it."
  }

  static func insecureAddress(_ text: String) -> String {
    "Expected an https address, since a token is sent there, and found \"\(text)\". "
      + "Set GITHUB_API_URL or CI_API_V4_URL to an https address."
  }

  static func missing(_ what: String, variables: [String]) -> String {
    "Expected \(what), and found none. Set \(variables.joined(separator: " or "))."
  }

  static func network(_ host: String, reason: String) -> String {
    "Expected an answer from \(host), and got none: \(reason). Run the command again; nothing was posted twice."
  }

  static func rateLimited(_ seconds: Double) -> String {
    let wait = seconds < 1e9 ? "\(Int(seconds)) seconds" : "longer than can be told"
    return "The server asks to wait \(wait), and logicdiff waits \(Int(RestClient.longestWait)) at most. "
      + "Run the command again then."
  }

  static func refused(_ status: Int, message: String, doing: String) -> String {
    let hint =
      switch status {
      case 401: "Check that the token is valid."
      case 403, 404: "Check that the token may write comments there (`pull-requests: write`; scope `api`)."
      case 300..<400: "Set the address that it leads to; redirections are not followed with a token."
      default: "Run the command again later."
      }
    let words = message.isEmpty ? "" : " (\(message))"
    return "Expected to \(doing), and the server answered \(status)\(words). \(hint)"
  }

  static func badAnswer(_ path: String) -> String {
    "Expected a list in JSON from \(path), and found something else. Check the address of the REST interface."
  }
}

extension RestClient.Response {
  /// The server's own words, made harmless for a terminal.
  var message: String {
    let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any]
    let text = object?["message"] as? String ?? object?["error"] as? String ?? ""
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.prefix(200).map { $0.value < 0x20 || ($0.value >= 0x7F && $0.value < 0xA0) ? " " : $0 }))
  }
}
