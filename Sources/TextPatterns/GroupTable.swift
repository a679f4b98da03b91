/// The groups that a pattern has opened so far.
struct GroupTable {
  private(set) var names: [(name: [UInt32], index: Int)] = []
  /// By index, nil while the group is open; group 0 always is.
  private(set) var widths: [Width?] = [nil]
  /// The first group that the lookbehind being read may not refer to.
  var lookbehindLimit: Int?
  /// Where conditions first named each group by number; the group may come later.
  private(set) var awaited: [Int: Int] = [:]

  var count: Int { widths.count }

  func index(named name: [UInt32]) -> Int? { names.first { $0.name == name }?.index }

  mutating func open(name: [UInt32]?, in reader: PatternReader) throws(PatternError) -> Int {
    let index = count
    widths.append(nil)
    guard let name else { return index }
    if let earlier = self.index(named: name) {
      let message = "redefinition of group name \(String(quoting: name)) as group \(index); was group \(earlier)"
      throw reader.error(message, back: name.count + 1)
    }
    names.append((name, index))
    return index
  }

  mutating func close(_ index: Int, width: Width) { widths[index] = width }

  mutating func expect(_ index: Int, at position: Int) {
    if awaited[index] == nil { awaited[index] = position }
  }

  func isClosed(_ index: Int) -> Bool { index < count && widths[index] != nil }

  /// Refuses a reference to a group that the enclosing lookbehind itself defines.
  func checkLookbehind(_ index: Int, in reader: PatternReader) throws(PatternError) {
    guard let lookbehindLimit else { return }
    if !isClosed(index) { throw reader.error("cannot refer to an open group") }
    if index >= lookbehindLimit {
      throw reader.error("cannot refer to group defined in the same lookbehind subpattern")
    }
  }

  /// Refuses conditions on groups that never came.
  func checkAwaited(in source: [UInt32]) throws(PatternError) {
    let missing = awaited.filter { $0.key >= count }.min { $0.value < $1.value }
    if let missing {
      throw PatternError("invalid group reference \(missing.key)", at: missing.value, in: source)
    }
  }
}

extension [UInt32] {
  /// The group number in a condition or template. Python's `int` reads more than ASCII digits; such are unsupported.
  func groupNumber(in reader: PatternReader) throws(PatternError) -> Int {
    if allSatisfy(\.isDecimalDigit) {
      guard let number = number(), number < 1_073_741_823 else {
        throw reader.error("invalid group reference \(String(codePoints: self))", back: count + 1)
      }
      return number
    }
    let isDigit = { Category.digit.contains($0, ascii: false) }
    let mayBeNumber = allSatisfy { isDigit($0) || $0 == 43 || $0 == 95 || Category.space.contains($0, ascii: false) }
    if mayBeNumber && contains(where: isDigit) {
      throw .unsupported("the group number \(String(quoting: self))")
    }
    throw reader.error("bad character in group name \(String(quoting: self))", back: count + 1)
  }
}
