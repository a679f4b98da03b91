import ArgumentParser

/// Sets git up to use the program: drivers, difftool, attributes, hooks.
struct Install: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Set git up: diff driver, textconv driver, difftool, attributes and hooks.",
    discussion: """
      Writes its own configuration only, says what it writes before it does, and changes nothing the second time. \
      `logicdiff uninstall` takes all of it away again.
      """)

  @OptionGroup var common: InstallOptions

  @Option(
    help: ArgumentHelp(
      "What `git diff` shows of our languages: ext-diff (verdicts), textconv (summaries) or none.", valueName: "driver")
  )
  var driver = Installation.Driver.extDiff

  @Option(help: ArgumentHelp("Hooks to set: pre-commit, commit-msg, pre-push, with commas.", valueName: "names"))
  var hooks: String?

  @Flag(help: "Where a hook stands already, run it first and ours after it.")
  var chain = false

  func run() throws {
    let installation = try Installation(
      isGlobal: common.global, driver: driver, hooks: try InstallOptions.hooks(hooks ?? ""))
    var plan = Plan()
    for setting in installation.settings {
      switch try installation.current(setting.key) {
      case setting.value: plan.keep("config", "\(setting.key) = \(setting.value)")
      case let other:
        if let other { plan.remove("config", "\(setting.key) = \(other)") }
        plan.add("config", "\(setting.key) = \(setting.value)") {
          _ = try Git.text(["config", installation.scope, "--replace-all", setting.key, setting.value])
        }
      }
    }
    try planAttributes(installation, &plan)
    for hook in installation.hooks { try planHook(hook, &plan) }
    try plan.carryOut(
      dryRun: common.dryRun, done: Messages.installed(try: driver == .none ? "git difftool -t logicdiff" : "git diff"),
      nothing: Messages.alreadyInstalled)
    warnOfOtherAttributes(installation)
  }

  private func planAttributes(_ installation: Installation, _ plan: inout Plan) throws {
    let path = installation.attributesFile
    let before = FileTree.isThere(path) ? try FileTree.wholeFile(path) : []
    let after = AttributesBlock.with(installation.attributes, in: before)
    let old = AttributesBlock.lines(in: before)
    for line in old where !installation.attributes.contains(line) { plan.remove(path, line) }
    for line in installation.attributes where old.contains(line) { plan.keep(path, line) }
    for line in installation.attributes where !old.contains(line) { plan.add(path, line) }
    if after != before { plan.act { try FileTree.replace(path, with: after) } }
  }

  private func planHook(_ hook: HookFile, _ plan: inout Plan) throws {
    let state = try hook.state()
    switch state {
    case .current: plan.keep(hook.path, "logicdiff hook \(hook.name.rawValue)")
    case .absent, .outdated:
      plan.add(hook.path, "logicdiff hook \(hook.name.rawValue)") {
        try FileTree.replace(hook.path, with: Array(hook.text(isChained: hook.isChained).utf8), mode: 0o755)
      }
    case .foreign:
      guard chain else { throw Failure(Messages.hookIsThere(hook)) }
      guard !hook.isChained else { throw Failure(Messages.earlierHookIsThere(hook)) }
      plan.add(hook.path, "logicdiff hook \(hook.name.rawValue), after the hook that is there now") {
        try FileTree.rename(hook.path, to: hook.earlier)
        try FileTree.replace(hook.path, with: Array(hook.text(isChained: true).utf8), mode: 0o755)
      }
    }
  }

  /// A line of someone else's may have the last word.
  private func warnOfOtherAttributes(_ installation: Installation) {
    guard !common.dryRun, !common.global, let line = installation.attributes.first,
      let suffix = line.split(separator: " ").first?.dropFirst(),
      let driver = line.split(separator: "=").last,
      let found = try? Git.text(["check-attr", "diff", "--", "x\(suffix)"]),
      let value = found.split(separator: " ").last, value != driver
    else { return }
    Terminal.err("logicdiff: \(Messages.otherAttribute(String(line), value: String(value)))\n")
  }
}

/// Takes away what `install` wrote.
struct Uninstall: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Take away what `logicdiff install` wrote.")

  @OptionGroup var common: InstallOptions

  func run() throws {
    let installation = try Installation(isGlobal: common.global, driver: .none, hooks: [])
    var plan = Plan()
    for setting in installation.settings {
      guard let value = try installation.current(setting.key) else { continue }
      plan.remove("config", "\(setting.key) = \(value)") {
        _ = try Git.text(["config", installation.scope, "--unset-all", setting.key])
      }
    }
    let path = installation.attributesFile
    if FileTree.isThere(path) {
      let before = try FileTree.wholeFile(path)
      let after = AttributesBlock.without(before)
      for line in AttributesBlock.lines(in: before) { plan.remove(path, line) }
      if after != before {
        plan.act { if after.isEmpty { try FileTree.remove(path) } else { try FileTree.replace(path, with: after) } }
      }
    }
    for name in HookFile.Name.allCases {
      guard let folder = installation.hooksFolder else { break }
      let hook = HookFile(name: name, folder: folder, program: "logicdiff")
      let state = try hook.state()
      guard state == .current || state == .outdated else { continue }
      plan.remove(hook.path, "logicdiff hook \(name.rawValue)") {
        if hook.isChained { try FileTree.rename(hook.earlier, to: hook.path) } else { try FileTree.remove(hook.path) }
      }
    }
    try plan.carryOut(dryRun: common.dryRun, done: Messages.uninstalled, nothing: Messages.notInstalled)
  }
}

struct InstallOptions: ParsableArguments {
  @Flag(help: "For every repository of this user, instead of the one around here.")
  var global = false

  @Flag(help: "Say what would be done, and do nothing.")
  var dryRun = false

  static func hooks(_ text: String) throws -> [HookFile.Name] {
    try text.split(separator: ",").map { word in
      guard let name = HookFile.Name(rawValue: String(word)) else { throw Failure(Messages.unknownHook(String(word))) }
      return name
    }
  }
}

extension Installation.Driver: ExpressibleByArgument {}

/// What is about to be done, first said and then done.
private struct Plan {
  private var said: [(place: String, lines: [String])] = []
  private var actions: [() throws -> Void] = []
  private var changes = false

  mutating func keep(_ place: String, _ what: String) { say(place, "    \(what)") }

  mutating func add(_ place: String, _ what: String, _ action: (() throws -> Void)? = nil) {
    say(place, "  + \(what)")
    changes = true
    if let action { act(action) }
  }

  mutating func remove(_ place: String, _ what: String, _ action: (() throws -> Void)? = nil) {
    say(place, "  - \(what)")
    changes = true
    if let action { act(action) }
  }

  mutating func act(_ action: @escaping () throws -> Void) { actions.append(action) }

  private mutating func say(_ place: String, _ line: String) {
    if let last = said.indices.last, said[last].place == place {
      said[last].lines.append(line)
    } else {
      said.append((place, [line]))
    }
  }

  func carryOut(dryRun: Bool, done: String, nothing: String) throws {
    for (place, lines) in said { Terminal.out(place + "\n" + lines.map { $0 + "\n" }.joined()) }
    guard changes else { return Terminal.out(nothing + "\n") }
    if dryRun { return Terminal.out(Messages.dryRun + "\n") }
    for action in actions { try action() }
    Terminal.out(done + "\n")
  }
}
