/// The merges of a byte-level BPE vocabulary: which two neighbours become one, lowest rank first, leftmost first.
struct BytePairs: Sendable {
  /// Open addressing over (left, right); about half full.
  private var keys: [UInt64]
  private var values: [UInt64]
  private let mask: Int

  private static let empty = UInt64.max
  static let none = UInt64.max

  /// Merges in order of rank. A pair that comes twice keeps its later rank, as the reference library does.
  init(merges: [(left: Int32, right: Int32, merged: Int32)]) {
    var capacity = 16
    while capacity < merges.count * 2 { capacity *= 2 }
    mask = capacity - 1
    keys = Array(repeating: Self.empty, count: capacity)
    values = Array(repeating: 0, count: capacity)
    for (rank, merge) in merges.enumerated() {
      let key = Self.key(merge.left, merge.right)
      var slot = Self.hash(key) & mask
      while keys[slot] != Self.empty, keys[slot] != key { slot = (slot + 1) & mask }
      keys[slot] = key
      values[slot] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: merge.merged))
    }
  }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 29)
  }

  /// Rank in the high half and merged token in the low half, or `none`.
  @inline(__always)
  private func merge(_ left: Int32, _ right: Int32) -> UInt64 {
    let key = Self.key(left, right)
    var slot = Self.hash(key) & mask
    while keys[slot] != Self.empty {
      if keys[slot] == key { return values[slot] }
      slot = (slot + 1) & mask
    }
    return Self.none
  }

  /// Merges `word`, one token a byte, in place, as far as it goes.
  func apply(to word: inout [Int32]) {
    if word.count < 2 { return }
    if word.count <= 48 {
      applyByScan(to: &word)
    } else {
      applyByHeap(to: &word)
    }
  }

  private func applyByScan(to word: inout [Int32]) {
    // merges[i] is what word[i] and word[i + 1] become
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: word.count) { merges in
      var count = word.count
      for i in 0..<count - 1 { merges[i] = merge(word[i], word[i + 1]) }
      while count > 1 {
        var best = Self.none
        var at = 0
        for i in 0..<count - 1 where merges[i] < best {
          best = merges[i]
          at = i
        }
        if best == Self.none { break }
        word[at] = Int32(truncatingIfNeeded: best)
        word.remove(at: at + 1)
        count -= 1
        for i in at + 1..<max(at + 1, count - 1) { merges[i] = merges[i + 1] }
        if at + 1 < count { merges[at] = merge(word[at], word[at + 1]) }
        if at > 0 { merges[at - 1] = merge(word[at - 1], word[at]) }
      }
    }
  }

  /// n log n, for the words that hostile or generated text is made of: a line of a million letters is one word.
  private func applyByHeap(to word: inout [Int32]) {
    var following = (1...word.count).map { Int32(truncatingIfNeeded: $0) }
    var preceding = (-1..<word.count - 1).map { Int32(truncatingIfNeeded: $0) }
    let count = word.count
    // rank, then position: the order of merging
    var heap = MinimumHeap()
    func push(_ at: Int, _ heap: inout MinimumHeap, _ word: [Int32], _ following: [Int32]) {
      let right = Int(following[at])
      if right >= count { return }
      let found = merge(word[at], word[right])
      if found != Self.none { heap.insert((found & ~0xFFFF_FFFF) | UInt64(at)) }
    }
    for at in 0..<count - 1 { push(at, &heap, word, following) }
    while let entry = heap.removeMinimum() {
      let at = Int(entry & 0xFFFF_FFFF)
      if word[at] < 0 { continue }
      let right = Int(following[at])
      if right >= count { continue }
      let found = merge(word[at], word[right])
      if found == Self.none || found >> 32 != entry >> 32 { continue }
      word[at] = Int32(truncatingIfNeeded: found)
      word[right] = -1
      following[at] = following[right]
      if Int(following[at]) < count { preceding[Int(following[at])] = Int32(truncatingIfNeeded: at) }
      push(at, &heap, word, following)
      if preceding[at] >= 0 { push(Int(preceding[at]), &heap, word, following) }
    }
    word.removeAll { $0 < 0 }
  }
}

/// A binary heap of keys, smallest first.
private struct MinimumHeap {
  private var keys: [UInt64] = []

  mutating func insert(_ key: UInt64) {
    keys.append(key)
    var child = keys.count - 1
    while child > 0, keys[child] < keys[(child - 1) / 2] {
      keys.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeMinimum() -> UInt64? {
    guard let first = keys.first, let last = keys.popLast() else { return nil }
    if keys.isEmpty { return first }
    keys[0] = last
    var parent = 0
    while true {
      var child = parent * 2 + 1
      if child >= keys.count { return first }
      if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
      if keys[parent] <= keys[child] { return first }
      keys.swapAt(parent, child)
      parent = child
    }
  }
}
