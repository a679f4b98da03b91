/// A language that can be analysed. A new one is a folder here with its `Language` value, and a line in `all`.
package struct Language: Sendable {
  /// The name that reports use.
  package let name: String
  /// The name of the grammar: `libtree-sitter-<grammar>` defines `tree_sitter_<grammar>`.
  package let grammar: String
  /// File extensions, without the dot, in lower case.
  package let extensions: [String]
  /// Names of interpreters in a `#!` line, without versions.
  package let interpreters: [String]
  package let rules: any UnitRules

  package static let all: [Language] = [.python]

  /// The language of a file, by its extension, else by its `#!` line.
  package static func of(path: String, firstBytes: some Collection<UInt8> = []) -> Language? {
    let name = path.split(separator: "/").last ?? ""
    if let dot = name.lastIndex(of: "."), dot != name.startIndex {
      let suffix = name[name.index(after: dot)...].lowercased()
      return all.first { $0.extensions.contains(suffix) }
    }
    guard let interpreter = interpreter(in: firstBytes) else { return nil }
    return all.first { $0.interpreters.contains(interpreter) }
  }

  /// `python` of `#!/usr/bin/env -S python3.11 -u`.
  private static func interpreter(in bytes: some Collection<UInt8>) -> String? {
    guard bytes.starts(with: "#!".utf8) else { return nil }
    let line = String(decoding: bytes.dropFirst(2).prefix(256).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    for word in line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" }) {
      let program = word.split(separator: "/").last.map(String.init) ?? ""
      if program == "env" || program.hasPrefix("-") || program.contains("=") { continue }
      return String(program.prefix { !$0.isNumber && $0 != "." })
    }
    return nil
  }
}

extension Language: Hashable {
  package static func == (a: Language, b: Language) -> Bool { a.name == b.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
