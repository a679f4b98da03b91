/// Finds renamed and moved units among those that names did not pair.
///
/// Comparing every old unit with every new one is quadratic in a diff that moves a package. Instead, equal bodies meet
/// in a hash table, and the others are compared only with the few that share their rare tokens: a token that many
/// units have says little about which of them it is.
enum Similarity {
  /// Share of tokens in common from which two units are taken for one.
  static let threshold = 0.6
  /// The same, where the last parts of their names are equal.
  static let sameNameThreshold = 0.4
  /// Fewer tokens than this say nothing: many functions are `return self.x`.
  static let leastTokens = 8
  /// Units that may share a token before it is too common to look them up by it.
  private static let commonest = 16
  private static let candidates = 8

  /// Pairs units with equal bodies, those with equal names first.
  static func pairEqual(_ old: [Unit], _ new: [Unit], _ matching: inout Matching) {
    struct BodyKey: Hashable {
      let kind: Unit.Kind
      let body: TokenText
    }
    var olds: [BodyKey: [Int]] = [:]
    // Last first, so that the first is taken from the end of its bucket.
    for (index, unit) in old.enumerated().reversed() where matching.newOf[index] == nil && unit.kind != .module {
      olds[BodyKey(kind: unit.kind.family, body: unit.body), default: []].append(index)
    }
    for sameName in [true, false] {
      for (index, unit) in new.enumerated() where matching.oldOf[index] == nil && unit.kind != .module {
        let key = BodyKey(kind: unit.kind.family, body: unit.body)
        guard sameName || unit.body.count >= leastTokens else { continue }
        let partner = takeLast(from: &olds[key, default: []], orAny: !sameName) {
          sameName ? old[$0].name == unit.name && old[$0].role == unit.role : old[$0].header == unit.header
        }
        if let partner { matching.join(partner, index) }
      }
    }
  }

  /// Takes out the last element that fits, or any if allowed. Of thousands of copies only some are looked at.
  static func takeLast(from bucket: inout [Int], orAny: Bool, fitting: (Int) -> Bool) -> Int? {
    let window = bucket.suffix(64)
    guard let position = window.lastIndex(where: fitting) ?? (orAny ? window.indices.last : nil) else { return nil }
    return bucket.remove(at: position)
  }

  /// Pairs the most similar first, among units that `filter` lets through.
  static func pairSimilar(
    _ old: [Unit], _ new: [Unit], _ matching: inout Matching, where filter: (Unit) -> Bool
  ) {
    let olds = old.indices.filter { matching.newOf[$0] == nil && old[$0].kind != .module && filter(old[$0]) }
    let news = new.indices.filter { matching.oldOf[$0] == nil && new[$0].kind != .module && filter(new[$0]) }
    guard !olds.isEmpty, !news.isEmpty else { return }

    let bags = olds.map { Bag(old[$0]) }
    var holders: [Int: [Int]] = [:]
    for (position, bag) in bags.enumerated() {
      for token in bag.distinct { holders[token, default: []].append(position) }
    }

    var scored: [(score: Double, old: Int, new: Int)] = []
    for b in news {
      let bag = Bag(new[b])
      var votes: [Int: Int] = [:]
      for token in bag.distinct {
        guard let sharing = holders[token], sharing.count <= commonest else { continue }
        for position in sharing where old[olds[position]].kind.family == new[b].kind.family {
          votes[position, default: 0] += 1
        }
      }
      let best = votes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(candidates)
      for (position, _) in best {
        let a = olds[position]
        let sameName = old[a].name == new[b].name
        let score = dice(bags[position], bag)
        let enough = sameName || min(bags[position].count, bag.count) >= leastTokens
        if enough, score >= (sameName ? sameNameThreshold : threshold) {
          scored.append((sameName ? score + 1 : score, a, b))
        }
      }
    }
    scored.sort { ($1.score, $0.old, $0.new) < ($0.score, $1.old, $1.new) }
    for candidate in scored where matching.isFree(candidate.old, candidate.new) {
      matching.join(candidate.old, candidate.new)
    }
  }

  /// Twice the tokens in common over the tokens of both (Dice 1945), as multisets; 1 for two empty ones.
  static func dice(_ a: Bag, _ b: Bag) -> Double {
    guard a.count + b.count > 0 else { return 1 }
    var (i, j, common) = (0, 0, 0)
    while i < a.tokens.count, j < b.tokens.count {
      if a.tokens[i] == b.tokens[j] {
        common += 1
        i += 1
        j += 1
      } else if a.tokens[i] < b.tokens[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return 2 * Double(common) / Double(a.count + b.count)
  }
}

/// The tokens of a unit as a multiset of hashes.
struct Bag {
  /// Sorted.
  let tokens: [Int]

  init(_ unit: Unit) {
    var hashes: [Int] = []
    hashes.reserveCapacity(unit.header.count + unit.body.count)
    for text in [unit.header, unit.body] {
      for token in text.tokens {
        // Punctuation makes everything look alike.
        if token.count == 1, let byte = token.first, "()[]{},:.;=".utf8.contains(byte) { continue }
        var hasher = Hasher()
        token.withUnsafeBytes { hasher.combine(bytes: $0) }
        hashes.append(hasher.finalize())
      }
    }
    tokens = hashes.sorted()
  }

  var count: Int { tokens.count }
  var distinct: [Int] {
    var result: [Int] = []
    for token in tokens where result.last != token { result.append(token) }
    return result
  }
}
