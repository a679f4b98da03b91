import CGit2

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whose repository this is (git-config, `safe.directory`).
///
/// libgit2 1.5 has such a check too, but it reports a foreign owner as "not found" and knows no `*`, so it is
/// switched off and this one does what Git does.
enum Ownership {
  /// Whether all of `places` belong to this user, or to the one who called `sudo`.
  static func isOurs(_ places: [String]) -> Bool {
    var users: Set<uid_t> = [geteuid()]
    if geteuid() == 0, let caller = getenv("SUDO_UID").flatMap({ uid_t(String(cString: $0)) }) { users.insert(caller) }
    return places.allSatisfy { place in
      var status = stat()
      return lstat(place, &status) != 0 || users.contains(status.st_uid)
    }
  }

  /// Whether a `safe.directory` setting of the user or the system names `root`. The repository's own do not count.
  static func isTrusted(_ root: String, environment: GitEnvironment) throws(GitFailure) -> Bool {
    let config = try Repository.configuration(of: nil, environment: environment)
    let key = "safe.directory"
    var trusted = false
    let values = Repository.strings(of: key, in: config) + environment.settings.filter { $0.key == key }.map(\.value)
    for value in values {
      if value.isEmpty {
        trusted = false  // An empty value takes back those before it.
      } else if value == "*" || FileSystem.resolved(expanded(value)) == FileSystem.resolved(root) {
        trusted = true
      }
    }
    return trusted
  }

  private static func expanded(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst()
  }
}
