import Foundation

/// Comments of a pull request through GitHub's REST interface.
package struct GitHubComments: CommentHost {
  private let client: RestClient
  private let repository: String
  private let number: Int

  package init(client: RestClient, repository: String, number: Int) {
    (self.client, self.repository, self.number) = (client, repository, number)
  }

  package static func client(base: String, token: String, agent: String) throws(PostingError) -> RestClient {
    try RestClient(
      base: base,
      headers: [
        "Authorization": "Bearer \(token)", "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28", "User-Agent": agent,
      ])
  }

  package func ownComments() throws(PostingError) -> [PostedComment] {
    let login = try ownLogin()
    let all = try client.list("/repos/\(repository)/issues/\(number)/comments")
    return all.compactMap { entry -> PostedComment? in
      guard let id = entry["id"] as? Int, let body = entry["body"] as? String,
        let user = entry["user"] as? [String: Any]
      else { return nil }
      // The token of a workflow cannot ask who it is; what it writes is a bot's.
      let isOwn = login.map { user["login"] as? String == $0 } ?? (user["type"] as? String == "Bot")
      return isOwn ? PostedComment(id: id, body: body) : nil
    }
  }

  package func create(_ body: String) throws(PostingError) -> RestClient.Response {
    try client.send(
      .post, "/repos/\(repository)/issues/\(number)/comments", json: ["body": body], isRepeatable: false)
  }

  package func update(_ comment: PostedComment, _ body: String) throws(PostingError) -> RestClient.Response {
    try client.send(.patch, "/repos/\(repository)/issues/comments/\(comment.id)", json: ["body": body])
  }

  private func ownLogin() throws(PostingError) -> String? {
    let answer = try client.send(.get, "/user")
    if answer.status == 401 { throw .refused(answer, doing: "use the token") }
    guard answer.isSuccess else { return nil }
    return ((try? JSONSerialization.jsonObject(with: answer.body)) as? [String: Any])?["login"] as? String
  }

  /// The open pull request of a branch of a fork, which the event of a `workflow_run` does not name. The head's commit
  /// has to be the one that was analysed.
  package static func number(
    client: RestClient, repository: String, owner: String, branch: String, commit: String
  ) throws(PostingError) -> Int? {
    let found = try client.list(
      "/repos/\(repository)/pulls", query: [("state", "open"), ("head", "\(owner):\(branch)")])
    return found.first { ($0["head"] as? [String: Any])?["sha"] as? String == commit }?["number"] as? Int
  }

  /// A completed check run on a commit.
  package static func check(
    client: RestClient, repository: String, commit: String, name: String, conclusion: String, title: String,
    summary: String
  ) throws(PostingError) {
    let answer = try client.send(
      .post, "/repos/\(repository)/check-runs",
      json: [
        "name": name, "head_sha": commit, "status": "completed", "conclusion": conclusion,
        "output": ["title": title, "summary": summary],
      ])
    guard answer.isSuccess else { throw .refused(answer, doing: "make a check run (`checks: write`)") }
  }
}
