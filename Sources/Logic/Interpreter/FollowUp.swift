/// What a function that was returned is called with afterwards.
package struct FollowUp: Hashable, Sendable, CustomStringConvertible {
  package var positional: [Input]
  package var keywords: [Keyword]

  package struct Keyword: Hashable, Sendable {
    package var name: String
    package var value: Input
    package init(_ name: String, _ value: Input) {
      self.name = name
      self.value = value
    }
  }

  package init(_ positional: [Input], keywords: [Keyword] = []) {
    self.positional = positional
    self.keywords = keywords
  }

  /// Without parentheses: `1, scale=2`.
  package var description: String {
    (positional.map(\.description) + keywords.map { "\($0.name)=\($0.value)" }).joined(separator: ", ")
  }
}
