import Repository
import Testing

@Suite("Text diff")
struct TextDiffTests {
  private func printed(_ old: String, _ new: String, context: Int = 3) throws -> [String] {
    try TextDiff.hunks(old: Array(old.utf8), new: Array(new.utf8), context: context).flatMap { hunk in
      ["@@ \(hunk.old) \(hunk.new)"]
        + hunk.lines.map { line in
          "\(line.oldNumber.map(String.init) ?? "") \(line.newNumber.map(String.init) ?? "") "
            + line.origin.rawValue + line.text
        }
    }
  }

  @Test("Lines carry their numbers on both sides")
  func numbers() throws {
    #expect(
      try printed("a\nb\nc\nd\n", "a\nB\nc\nnew\nd\n", context: 1) == [
        "@@ 1..<5 1..<6", "1 1  a", "2  -b", " 2 +B", "3 3  c", " 4 +new", "4 5  d",
      ])
  }

  @Test("Edits farther apart than their context are hunks of their own")
  func separateHunks() throws {
    let lines = (1...20).map(String.init)
    var edited = lines
    edited[1] = "two"
    edited[18] = "nineteen"
    let (old, new) = (lines.joined(separator: "\n"), edited.joined(separator: "\n"))
    #expect(
      try printed(old, new, context: 0) == [
        "@@ 2..<3 2..<3", "2  -2", " 2 +two", "@@ 19..<20 19..<20", "19  -19", " 19 +nineteen",
      ])
    #expect(try printed(old, new).filter { $0.hasPrefix("@@") } == ["@@ 1..<6 1..<6", "@@ 16..<21 16..<21"])
    #expect(try printed(old, new, context: .max).filter { $0.hasPrefix("@@") } == ["@@ 1..<21 1..<21"])
    #expect(try printed(old, new, context: -1).count == 6)
  }

  @Test("Empty sides, equal sides and a missing last line feed")
  func edges() throws {
    #expect(try printed("", "") == [])
    #expect(try printed("a\n", "a\n") == [])
    #expect(try printed("", "a\nb") == ["@@ 1..<1 1..<3", " 1 +a", " 2 +b"])
    #expect(try printed("a\nb", "") == ["@@ 1..<3 1..<1", "1  -a", "2  -b"])
    #expect(try printed("a", "a\n") == ["@@ 1..<2 1..<2", "1  -a", " 1 +a"])
    #expect(try printed("a\r\n", "a\n") == ["@@ 1..<2 1..<2", "1  -a", " 1 +a"])
    #expect(try printed("a\nb\n", "b\n", context: 0) == ["@@ 1..<2 1..<1", "1  -a"])
  }

  @Test("Edits name the lines that the text diff touches")
  func edits() throws {
    let edits = try TextDiff.edits(old: Array("a\nb\nc\n".utf8), new: Array("b\nx\ny\nc\n".utf8))
    #expect(edits == [TextDiff.Edit(old: 1..<2, new: 1..<1), TextDiff.Edit(old: 3..<3, new: 2..<4)])
    let counts = try TextDiff.counts(old: Array("a\nb\nc\n".utf8), new: Array("b\nx\ny\nc\n".utf8))
    #expect(counts == (removed: 1, added: 2))
  }

  @Test("Bytes that are not text are compared line by line all the same")
  func bytes() throws {
    let hunks = try TextDiff.hunks(old: [0, 0xFF, 10, 0x62, 10], new: [0, 0xFE, 10, 0x62, 10])
    #expect(hunks.first?.lines.map { Array($0.content) } == [[0, 0xFF, 10], [0, 0xFE, 10], [0x62, 10]])
  }

  @Test("Applying the hunks of random edits to the old text gives the new text")
  func apply() throws {
    for seed in UInt64(1)...60 {
      var random = SplitMix(state: seed)
      func text() -> [UInt8] {
        (0..<random.next(40)).flatMap { _ in Array("\("abc".randomElement(using: &random) ?? "a")\n".utf8) }
          + (random.next(2) == 0 ? [] : [0x7A])
      }
      let (old, new) = (text(), text())
      var (result, position) = ([UInt8](), 1)
      let lines = old.split(separator: 10, omittingEmptySubsequences: false)
      func oldLine(_ number: Int) -> [UInt8] { Array(lines[number - 1]) + (number < lines.count ? [10] : []) }
      for hunk in try TextDiff.hunks(old: old, new: new, context: random.next(4)) {
        while position < hunk.old.lowerBound {
          result += oldLine(position)
          position += 1
        }
        for line in hunk.lines where line.origin != .removed { result += line.content }
        position = hunk.old.upperBound
      }
      while position <= lines.count {
        result += oldLine(position)
        position += 1
      }
      #expect(result == new, "seed \(seed)")
    }
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func next(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
