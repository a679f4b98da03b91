import Foundation

/// Notes of a merge request through GitLab's REST interface.
package struct GitLabNotes: CommentHost {
  private let client: RestClient
  private let path: String

  /// `project` is a number or a path such as `group/project`.
  package init(client: RestClient, project: String, number: Int) {
    self.client = client
    path = "/projects/\(RestClient.escaped(project))/merge_requests/\(number)/notes"
  }

  package static func client(base: String, token: String, agent: String) throws(PostingError) -> RestClient {
    try RestClient(base: base, headers: ["PRIVATE-TOKEN": token, "User-Agent": agent])
  }

  package func ownComments() throws(PostingError) -> [PostedComment] {
    let answer = try client.send(.get, "/user")
    guard answer.isSuccess,
      let own = ((try? JSONSerialization.jsonObject(with: answer.body)) as? [String: Any])?["id"] as? Int
    else { throw .refused(answer, doing: "use the token") }
    let all = try client.list(path, query: [("sort", "asc"), ("order_by", "created_at")])
    return all.compactMap { entry -> PostedComment? in
      guard let id = entry["id"] as? Int, let body = entry["body"] as? String, entry["system"] as? Bool != true,
        (entry["author"] as? [String: Any])?["id"] as? Int == own
      else { return nil }
      return PostedComment(id: id, body: body)
    }
  }

  package func create(_ body: String) throws(PostingError) -> RestClient.Response {
    try client.send(.post, path, json: ["body": body], isRepeatable: false)
  }

  package func update(_ comment: PostedComment, _ body: String) throws(PostingError) -> RestClient.Response {
    try client.send(.put, "\(path)/\(comment.id)", json: ["body": body])
  }
}
