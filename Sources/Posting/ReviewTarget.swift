import Foundation

/// Which discussion a job belongs to: from the environment that GitHub and GitLab give their jobs.
package struct ReviewTarget: Sendable {
  package enum Service: String, Sendable, CaseIterable { case github, gitlab }

  package var service: Service
  package var client: RestClient
  /// `owner/name`, or GitLab's project.
  package var project: String
  package var number: Int
  /// The commit that was analysed, where the event names it.
  package var commit: String?

  /// `number` from the command line goes before the environment's.
  package init(
    _ service: Service, number: Int?, environment: [String: String], agent: String
  ) throws(PostingError) {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    self.service = service
    switch service {
    case .github:
      guard let token = value("GITHUB_TOKEN", "GH_TOKEN") else {
        throw .missing(what: "a token", variables: ["GITHUB_TOKEN"])
      }
      let client = try GitHubComments.client(
        base: Self.trimmed(value("GITHUB_API_URL") ?? "https://api.github.com"), token: token, agent: agent)
      guard let project = value("GITHUB_REPOSITORY"), Self.isRepository(project) else {
        throw .missing(what: "a repository as owner/name", variables: ["GITHUB_REPOSITORY"])
      }
      let event =
        value("GITHUB_EVENT_PATH").flatMap { FileManager.default.contents(atPath: $0) }
        .flatMap { (try? JSONSerialization.jsonObject(with: $0)) as? [String: Any] } ?? [:]
      let run = event["workflow_run"] as? [String: Any]
      let request = event["pull_request"] as? [String: Any]
      commit =
        run?["head_sha"] as? String ?? (request?["head"] as? [String: Any])?["sha"] as? String
        ?? value("GITHUB_SHA")
      var found =
        number ?? request?["number"] as? Int ?? (event["issue"] as? [String: Any])?["number"] as? Int
        ?? value("GITHUB_REF").flatMap(Self.number(ofRef:))
      if found == nil, let run {
        found = ((run["pull_requests"] as? [[String: Any]])?.first?["number"] as? Int)
        let owner = ((run["head_repository"] as? [String: Any])?["owner"] as? [String: Any])?["login"] as? String
        if found == nil, let owner, let branch = run["head_branch"] as? String, let commit {
          found = try GitHubComments.number(
            client: client, repository: project, owner: owner, branch: branch, commit: commit)
        }
      }
      guard let found, found > 0 else {
        throw .missing(what: "the number of a pull request", variables: ["--number", "GITHUB_REF"])
      }
      (self.client, self.project, self.number) = (client, project, found)
    case .gitlab:
      guard let token = value("GITLAB_TOKEN") else { throw .missing(what: "a token", variables: ["GITLAB_TOKEN"]) }
      guard let base = value("CI_API_V4_URL") else {
        throw .missing(what: "the address of GitLab's REST interface", variables: ["CI_API_V4_URL"])
      }
      guard let project = value("CI_PROJECT_ID", "CI_PROJECT_PATH") else {
        throw .missing(what: "a project", variables: ["CI_PROJECT_ID"])
      }
      guard let found = number ?? value("CI_MERGE_REQUEST_IID").flatMap({ Int($0) }), found > 0 else {
        throw .missing(what: "the number of a merge request", variables: ["--number", "CI_MERGE_REQUEST_IID"])
      }
      client = try GitLabNotes.client(base: Self.trimmed(base), token: token, agent: agent)
      (self.project, self.number) = (project, found)
    }
  }

  package func post(_ body: String?, farewell: String, marker: String) throws(PostingError) -> ReviewComment.Outcome {
    switch service {
    case .github:
      try ReviewComment.post(
        body, farewell: farewell, marker: marker,
        to: GitHubComments(client: client, repository: project, number: number))
    case .gitlab:
      try ReviewComment.post(
        body, farewell: farewell, marker: marker, to: GitLabNotes(client: client, project: project, number: number))
    }
  }

  private static func trimmed(_ address: String) -> String {
    var address = address
    while address.hasSuffix("/") { address.removeLast() }
    return address
  }

  /// `refs/pull/12/merge`.
  private static func number(ofRef ref: String) -> Int? {
    let parts = ref.split(separator: "/")
    return parts.count >= 3 && parts[0] == "refs" && parts[1] == "pull" ? Int(parts[2]) : nil
  }

  private static func isRepository(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".."
          && part.utf8.allSatisfy { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar.isASCII
              && (scalar.properties.isAlphabetic || (48...57).contains(byte) || "-._".contains(Character(scalar)))
          }
      }
  }
}
