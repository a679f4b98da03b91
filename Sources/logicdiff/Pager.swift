import Repository

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The program through which a long text goes on its way to a terminal, chosen as git chooses it.
enum Pager {
  /// Writes to standard output, through the pager where a person looks on.
  static func show(_ text: String, repository: Repository?) {
    guard let command = command(repository: repository), let (process, input) = start(command) else {
      return Terminal.out(text)
    }
    // Who leaves the pager early has seen enough, and Ctrl-C is meant for it.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGINT, SIG_IGN)
    _ = FileDescriptorWriter.write(Array(text.utf8), to: input)
    close(input)
    ChildProcess.wait(for: process)
  }

  /// Nil where there is none: no terminal, git has started one already, or the settings say so (git-config(1):
  /// `GIT_PAGER`, `core.pager`, `PAGER`; `pager.logicdiff` is a command, or says whether to have one).
  private static func command(repository: Repository?) -> String? {
    guard Terminal.outputIsTerminal, Environment.flag("GIT_PAGER_IN_USE") != true else { return nil }
    func setting(_ key: String) -> String? {
      (try? repository.map { try $0.config(string: key) } ?? Repository.userConfig(string: key)) ?? nil
    }
    var chosen: String?
    if let own = setting("pager.logicdiff") {
      if Environment.flag(of: own) == false { return nil }
      if Environment.flag(of: own) == nil { chosen = own }
    }
    let command =
      Environment.text("GIT_PAGER") ?? chosen ?? setting("core.pager") ?? Environment.text("PAGER") ?? "less"
    return command.isEmpty || command == "cat" ? nil : command
  }

  private static func start(_ command: String) -> (pid_t, Int32)? {
    setenv("LESS", "FRX", 0)
    setenv("LV", "-c", 0)
    setenv("GIT_PAGER_IN_USE", "true", 1)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let process = ChildProcess.start(["sh", "-c", command], streams: [.descriptor(ends[0]), .inherited, .inherited])
    close(ends[0])
    guard let process else {
      close(ends[1])
      return nil
    }
    return (process, ends[1])
  }
}
