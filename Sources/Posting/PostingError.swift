/// Why a comment could not be posted. Never holds a token.
package enum PostingError: Error, CustomStringConvertible {
  case badAddress(String)
  case insecureAddress(String)
  case missing(what: String, variables: [String])
  case network(host: String, reason: String)
  case rateLimited(seconds: Double)
  case refused(status: Int, message: String, doing: String)
  case badAnswer(String)

  static func refused(_ response: RestClient.Response, doing: String) -> PostingError {
    .refused(status: response.status, message: response.message, doing: doing)
  }

  package var description: String {
    switch self {
    case .badAddress(let text): Messages.badAddress(text)
    case .insecureAddress(let text): Messages.insecureAddress(text)
    case .missing(let what, let variables): Messages.missing(what, variables: variables)
    case .network(let host, let reason): Messages.network(host, reason: reason)
    case .rateLimited(let seconds): Messages.rateLimited(seconds)
    case .refused(let status, let message, let doing): Messages.refused(status, message: message, doing: doing)
    case .badAnswer(let path): Messages.badAnswer(path)
    }
  }
}
