import CGit2

/// Git's configuration: system, user, repository, worktree, then `git -c`, the last one wins.
///
/// None of these is a file that a commit can bring along, so a repository under review has no say in them.
extension Repository {
  /// The value of a key such as `logicdiff.decoder`; nil when it is set nowhere.
  package func config(string key: String) throws(RepositoryError) -> String? {
    if let value = environment.setting(key) { return value }
    do throws(GitFailure) {
      return try string(of: key)
    } catch {
      throw RepositoryError.git(operation: "read the setting \(key)", reason: error.message)
    }
  }

  /// The value of a key outside of any repository: the user's and the system's configuration only.
  package static func userConfig(
    string key: String, environment: GitEnvironment = .current
  ) throws(RepositoryError) -> String? {
    _ = Library.started
    if let value = environment.setting(key) { return value }
    do throws(GitFailure) {
      return try string(of: key, in: configuration(of: nil, environment: environment))
    } catch {
      throw RepositoryError.git(operation: "read the setting \(key)", reason: error.message)
    }
  }

  func string(of key: String) throws(GitFailure) -> String? {
    let config = try Handle(git_config_free) { git_repository_config(&$0, pointer) }
    return try Repository.string(of: key, in: config)
  }

  private static func string(of key: String, in config: Handle) throws(GitFailure) -> String? {
    var buffer = cgit2_buf()
    defer { git_buf_dispose(&buffer) }
    let code = config.with { git_config_get_string_buf(&buffer, $0, key) }
    if code == GIT_ENOTFOUND.rawValue { return nil }
    guard code >= 0 else { throw GitFailure.last(code) }
    return buffer.ptr.map { String(cString: $0) }
  }

  /// All values of a key, in the order in which Git reads them.
  static func strings(of key: String, in config: Handle) -> [String] {
    let found = StringList()
    for level in [GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL] {
      let file = try? Handle(git_config_free) { made in config.with { git_config_open_level(&made, $0, level) } }
      _ = file?.with {
        git_config_get_multivar_foreach(
          $0, key, nil,
          { entry, payload in
            guard let value = entry?.pointee.value, let payload else { return 0 }
            Unmanaged<StringList>.fromOpaque(payload).takeUnretainedValue().strings.append(String(cString: value))
            return 0
          }, Unmanaged.passUnretained(found).toOpaque())
      }
    }
    return withExtendedLifetime(found) { found.strings }
  }

  /// Puts the configuration together as Git does. libgit2's own list knows neither `GIT_CONFIG_GLOBAL` nor a
  /// worktree's `config.worktree`.
  static func configuration(
    of repository: OpaquePointer?, environment: GitEnvironment
  ) throws(GitFailure) -> Handle {
    let folders = repository.flatMap { repository in
      git_repository_commondir(repository).map { common in
        (common: String(cString: common), own: git_repository_path(repository).map { String(cString: $0) })
      }
    }
    return try configuration(of: repository, in: folders, environment: environment)
  }

  /// `folders` are the repository's own and the one that its worktrees share, each with a trailing slash.
  static func configuration(
    of repository: OpaquePointer?, in folders: (common: String, own: String?)?, environment: GitEnvironment
  ) throws(GitFailure) -> Handle {
    let config = try Handle(git_config_free) { git_config_new(&$0) }
    func add(_ path: String?, _ level: git_config_level_t) throws(GitFailure) {
      guard let path, !path.isEmpty else { return }
      try attempt { config.with { git_config_add_file_ondisk($0, path, level, repository, 1) } }
    }
    if !environment.ignoresSystemConfig {
      try add(found(git_config_find_system), GIT_CONFIG_LEVEL_SYSTEM)
    }
    if let file = environment.globalConfig {
      try add(file, GIT_CONFIG_LEVEL_GLOBAL)
    } else {
      try add(found(git_config_find_xdg), GIT_CONFIG_LEVEL_XDG)
      try add(found(git_config_find_global), GIT_CONFIG_LEVEL_GLOBAL)
    }
    guard let folders else { return config }
    try add(folders.common + "config", GIT_CONFIG_LEVEL_LOCAL)
    if try string(of: "extensions.worktreeconfig", in: config) == "true", let own = folders.own {
      try add(own + "config.worktree", GIT_CONFIG_LEVEL_APP)
    }
    return config
  }

  private static func found(_ find: (UnsafeMutablePointer<git_buf>?) -> Int32) -> String? {
    var buffer = cgit2_buf()
    defer { git_buf_dispose(&buffer) }
    guard find(&buffer) == 0 else { return nil }
    return buffer.ptr.map { String(cString: $0) }
  }
}

extension GitEnvironment {
  /// The last `git -c` setting of this key. Section and variable ignore case; a key with a subsection does not.
  fileprivate func setting(_ key: String) -> String? {
    func normal(_ key: String) -> String {
      key.split(separator: ".", omittingEmptySubsequences: false).count == 2 ? key.lowercased() : key
    }
    return settings.last { normal($0.key) == normal(key) }?.value
  }
}

/// Collects values inside libgit2's callback, which can carry one pointer only.
private final class StringList {
  var strings: [String] = []
}
