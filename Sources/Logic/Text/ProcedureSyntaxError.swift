/// Text that is no procedure: where it stops being one, what could have stood there and what stands there.
package struct ProcedureSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// 1-based.
  package var line: Int
  /// 1-based, in bytes.
  package var column: Int
  package var expected: String
  package var found: String

  package var description: String {
    "summary text, line \(line), column \(column): expected \(expected), found \(found)"
  }

  init(at offset: Int, in text: [UInt8], expected: String, found: String) {
    let before = text.prefix(offset)
    line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    column = offset - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
    self.expected = expected
    self.found = found
  }
}
