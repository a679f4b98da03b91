import Repository

/// The `git` program, for what libgit2 cannot do as git does it: writing configuration, walking what a push brings.
///
/// It runs with our environment, so `GIT_DIR`, `GIT_INDEX_FILE` and `git -c` settings hold for it as for us.
enum Git {
  /// The text that a command gives; what went wrong where it fails.
  static func text(_ arguments: [String]) throws -> String {
    let output = try run(arguments)
    guard output.status == 0 else { throw Failure(Messages.gitFailed(arguments, output.err)) }
    return output.text
  }

  static func run(_ arguments: [String]) throws -> GitProgram.Output {
    guard let output = GitProgram.run(arguments.map { Array($0.utf8) }) else { throw Failure(Messages.noGit) }
    return output
  }
}
