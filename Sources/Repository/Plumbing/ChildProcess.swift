#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  @preconcurrency import Darwin
#endif

/// Another program that we start and wait for.
package enum ChildProcess {
  package enum Stream {
    case inherited
    /// Nothing to read.
    case null
    case descriptor(Int32)
  }

  /// Nil where there is no such program. It has our environment unless another is given, as `NAME=value`, and reacts to
  /// signals as if a shell had started it.
  package static func start(_ words: [String], streams: [Stream], environment: [String]? = nil) -> pid_t? {
    start(words: words.map { Array($0.utf8) }, streams: streams, environment: environment)
  }

  /// The same with words that need not be UTF-8, as paths.
  package static func start(words: [[UInt8]], streams: [Stream], environment: [String]? = nil) -> pid_t? {
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, stream) in streams.enumerated() {
      switch stream {
      case .inherited: break
      case .null: posix_spawn_file_actions_addopen(&actions, Int32(number), "/dev/null", O_RDONLY, 0)
      case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
      }
    }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var arguments = words.map { RepositoryPath(bytes: $0).withCString { strdup($0) } } + [nil]
    defer { for argument in arguments { free(argument) } }
    guard let program = arguments.first ?? nil else { return nil }
    var process = pid_t()
    if let environment {
      var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
      defer { for variable in variables { free(variable) } }
      let status = posix_spawnp(&process, program, &actions, &attributes, &arguments, &variables)
      return status == 0 ? process : nil
    }
    #if canImport(Glibc)
      let variables = environ
    #else
      let variables = _NSGetEnviron().pointee
    #endif
    let status = posix_spawnp(&process, program, &actions, &attributes, &arguments, variables)
    return status == 0 ? process : nil
  }

  /// Its exit status; 128 and the signal's number where one ended it.
  @discardableResult
  package static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return 127 }
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}
