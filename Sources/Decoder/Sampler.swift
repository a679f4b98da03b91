#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How the next token is chosen.
package struct Sampling: Sendable, Hashable {
  /// 0 takes the most likely token, the one of lowest id among equals.
  package var temperature: Double
  /// Only so many of the most likely tokens; nil for all.
  package var topK: Int?
  /// Only the most likely tokens that together reach this probability; nil for all.
  package var topP: Double?
  package var seed: UInt64

  package init(temperature: Double, topK: Int? = nil, topP: Double? = nil, seed: UInt64 = 0) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
  }

  package static let greedy = Sampling(temperature: 0)
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, seedable, the same everywhere.
struct RandomSource {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// In 0 ..< 1.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}

struct Sampler {
  let sampling: Sampling
  private var random: RandomSource

  init(_ sampling: Sampling) {
    self.sampling = sampling
    random = RandomSource(seed: sampling.seed)
  }

  /// Tries before the whole mask is worked out: the best token nearly always fits.
  private static let greedyTries = 12

  /// The next token, or nil where nothing is allowed. Ends count as allowed where the constraint accepts.
  mutating func next(
    _ session: Session, constraint: (any ConstraintCursor)?, ends: [Int]
  ) -> Int? {
    let logits = session.logits
    guard let constraint else {
      return sampling.temperature > 0 ? draw(Array(logits.indices), logits) : session.mostLikely
    }
    let mayEnd = constraint.isAccepting
    if sampling.temperature <= 0 {
      for _ in 0..<Self.greedyTries {
        guard let token = session.mostLikely else { return nil }
        if ends.contains(token) ? mayEnd : constraint.allows(token) { return token }
        logits[token] = -.infinity
      }
    }
    var allowed = constraint.allowedTokens().map { Int($0) }
    if mayEnd { allowed += ends }
    if sampling.temperature > 0 { return draw(allowed, logits) }
    return allowed.filter { logits[$0] > -.infinity }
      .min { (logits[$1], $0) < (logits[$0], $1) } ?? allowed.min()
  }

  private mutating func draw(_ candidates: [Int], _ logits: UnsafeMutableBufferPointer<Float>) -> Int? {
    var ranked = candidates.filter { logits[$0] > -.infinity }
    if ranked.isEmpty { return candidates.min() }
    ranked.sort { (logits[$1], $0) < (logits[$0], $1) }
    if let topK = sampling.topK, topK > 0 { ranked.removeLast(max(0, ranked.count - topK)) }
    let top = Double(logits[ranked[0]])
    var weights = ranked.map { exp((Double(logits[$0]) - top) / sampling.temperature) }
    if let topP = sampling.topP, topP < 1 {
      let total = weights.reduce(0, +)
      var sum = 0.0
      let kept = weights.firstIndex { weight in
        sum += weight
        return sum >= topP * total
      }
      if let kept {
        weights.removeLast(weights.count - kept - 1)
        ranked.removeLast(ranked.count - kept - 1)
      }
    }
    var threshold = random.uniform() * weights.reduce(0, +)
    for (token, weight) in zip(ranked, weights) {
      threshold -= weight
      if threshold < 0 { return token }
    }
    return ranked.last
  }
}
