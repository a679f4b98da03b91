/// A hook that we write, and what stands in its place.
struct HookFile {
  enum Name: String, CaseIterable {
    case preCommit = "pre-commit"
    case commitMessage = "commit-msg"
    case prePush = "pre-push"
  }

  enum State: Equatable {
    case absent
    /// Ours, word for word.
    case current
    /// Ours, of another version or with another program.
    case outdated
    case foreign
  }

  var name: Name
  var folder: String
  var program: String

  var path: String { folder + "/" + name.rawValue }
  /// Where a hook that was there before waits, to be run first.
  var earlier: String { path + ".before-logicdiff" }

  private static let mark = "# Written by `logicdiff install`; `logicdiff uninstall` removes it."

  /// A hook without the program lets everything through with a word, unless strict mode is on.
  func text(isChained: Bool) -> String {
    var lines = ["#!/bin/sh", Self.mark]
    let isPush = name == .prePush
    if isChained {
      let call = #""$0.before-logicdiff" "$@""#
      if isPush {
        lines.append(#"refs=$(cat; printf .) && refs=${refs%.}"#)
        lines.append(#"printf '%s' "$refs" | \#(call) || exit $?"#)
      } else {
        lines.append("\(call) || exit $?")
      }
    }
    lines += [
      "if ! command -v \(program) >/dev/null 2>&1; then",
      "  echo '\(name.rawValue): logicdiff is not to be found, so nothing was checked' >&2",
      #"  [ "$(git config --type=bool logicdiff.strict)" = true ] && exit 1"#,
      "  exit 0",
      "fi",
    ]
    let call = #"\#(program) hook \#(name.rawValue) "$@""#
    lines.append(isPush && isChained ? #"printf '%s' "$refs" | \#(call)"# : call)
    lines += [
      "status=$?",
      // 0 goes on, 1 stops, Ctrl-C too; anything else is our own failure.
      #"if [ "$status" -le 1 ] || [ "$status" -eq 130 ]; then exit "$status"; fi"#,
      #"echo "\#(name.rawValue): logicdiff ended with $status, so nothing was checked" >&2"#,
      #"[ "$(git config --type=bool logicdiff.strict)" != true ]"#,
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  var isChained: Bool { FileTree.exists(earlier) }

  func state() throws -> State {
    guard FileTree.isThere(path) else { return .absent }
    let found = String(decoding: try FileTree.wholeFile(path), as: UTF8.self)
    if found == text(isChained: isChained) { return .current }
    return found.split(separator: "\n").prefix(3).contains { $0 == Self.mark } ? .outdated : .foreign
  }
}
