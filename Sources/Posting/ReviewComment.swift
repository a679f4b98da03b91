import Foundation

/// Where review comments are kept.
package protocol CommentHost: Sendable {
  /// Comments of this discussion that we may have written ourselves, oldest first.
  func ownComments() throws(PostingError) -> [PostedComment]
  /// The answer to making one; not repeated on its own.
  func create(_ body: String) throws(PostingError) -> RestClient.Response
  func update(_ comment: PostedComment, _ body: String) throws(PostingError) -> RestClient.Response
}

package struct PostedComment: Hashable, Sendable {
  package var id: Int
  package var body: String
  package init(id: Int, body: String) {
    self.id = id
    self.body = body
  }
}

/// Keeps one comment of a job up to date.
package enum ReviewComment {
  package enum Outcome: String, Sendable { case created, updated, unchanged, silent }

  /// Makes the comment, or brings the one that begins with `marker` up to date. `body` is nil where nothing is to be
  /// said: then a comment that was there before becomes `farewell`, and none is made.
  ///
  /// A request to make a comment may fail after the server has made it. So nothing is made again without looking first.
  package static func post(
    _ body: String?, farewell: String, marker: String, to host: some CommentHost, firstDelay: Double = 0.5
  ) throws(PostingError) -> Outcome {
    var delay = firstDelay
    for attempt in 1... {
      let known = try host.ownComments().first { $0.body.hasPrefix(marker) }
      if let known {
        let text = body ?? farewell
        if Self.isSame(known.body, text) { return .unchanged }
        let answer = try host.update(known, text)
        if answer.isSuccess { return .updated }
        // Someone deleted it in between.
        guard answer.status == 404 || answer.status == 410, attempt < 3 else {
          throw .refused(answer, doing: "update the comment")
        }
        continue
      }
      guard let body else { return .silent }
      do throws(PostingError) {
        let answer = try host.create(body)
        if answer.isSuccess { return .created }
        guard (500..<600).contains(answer.status), attempt < 5 else {
          throw PostingError.refused(answer, doing: "make a comment")
        }
      } catch {
        guard case .network = error, attempt < 5 else { throw error }
      }
      Thread.sleep(forTimeInterval: delay)
      delay *= 2
    }
    return .silent
  }

  /// Servers trim white space and may write line ends their own way.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    func normal(_ text: String) -> String {
      text.replacingOccurrences(of: "\r\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return normal(left) == normal(right)
  }
}
