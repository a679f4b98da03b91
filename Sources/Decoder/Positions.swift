#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a checkpoint stretches its rotary positions over a longer context than it was first trained on.
///
/// The arithmetic is single precision where the reference library's is: the angle at position 30,000 shows every bit.
package enum PositionScaling: Sendable, Equatable {
  case none
  /// All frequencies divided by one factor (Chen et al. 2023).
  case linear(factor: Double)
  /// Low frequencies divided, high ones kept, the band between blended (Llama 3.1's configuration).
  case llama3(factor: Double, lowFactor: Double, highFactor: Double, originalContext: Int)
  /// YaRN (Peng et al. 2023): a ramp between kept and divided frequencies, and warmer attention.
  case yarn(Yarn)
  /// One divisor for each pair of dimensions, as GGUF files write Llama 3's scaling.
  case divisors([Float])

  package struct Yarn: Sendable, Equatable {
    package var factor: Double
    package var originalContext: Int
    package var betaFast = 32.0
    package var betaSlow = 1.0
    /// What cosine and sine are multiplied by; nil where it follows from the factor.
    package var attentionFactor: Double?
    package var scale: Double?
    package var scaleAllDimensions: Double?
    package var truncates = true
  }

  /// One over the wavelength of each pair of dimensions [headSize / 2].
  func frequencies(theta: Double, headSize: Int) -> [Float] {
    let wavelengths = (0..<headSize / 2).map { Float(pow(theta, Double(Float($0 * 2) / Float(headSize)))) }
    switch self {
    case .none: return wavelengths.map { 1 / $0 }
    case .linear(let factor): return wavelengths.map { 1 / $0 / Float(factor) }
    case .divisors(let divisors): return zip(wavelengths, divisors).map { 1 / $0 / $1 }
    case .llama3(let factor, let low, let high, let original):
      let longest = Float(Double(original) / low)
      let shortest = Float(Double(original) / high)
      return wavelengths.map { base in
        let frequency = 1 / base
        let wavelength = Float(2 * Double.pi) / frequency
        if wavelength < shortest { return frequency }
        if wavelength > longest { return frequency / Float(factor) }
        let blend = (Float(original) / wavelength - Float(low)) / Float(high - low)
        return (1 - blend) * frequency / Float(factor) + blend * frequency
      }
    case .yarn(let yarn):
      func dimension(_ rotations: Double) -> Double {
        let turns = Double(yarn.originalContext) / (rotations * 2 * Double.pi)
        return Double(headSize) * log(turns) / (2 * log(theta))
      }
      var low = dimension(yarn.betaFast)
      var high = dimension(yarn.betaSlow)
      if yarn.truncates {
        low = low.rounded(.down)
        high = high.rounded(.up)
      }
      low = max(low, 0)
      high = min(high, Double(headSize - 1))
      if low == high { high += 0.001 }
      return wavelengths.enumerated().map { pair, base in
        let ramp = min(max((Float(pair) - Float(low)) / Float(high - low), 0), 1)
        let kept = 1 - ramp
        return 1 / (Float(yarn.factor) * base) * (1 - kept) + 1 / base * kept
      }
    }
  }

  /// What cosine and sine are multiplied by.
  var magnitude: Float {
    guard case .yarn(let yarn) = self else { return 1 }
    func scale(_ weight: Double) -> Double { yarn.factor <= 1 ? 1 : 0.1 * weight * log(yarn.factor) + 1 }
    if let given = yarn.attentionFactor { return Float(given) }
    if let own = yarn.scale, let all = yarn.scaleAllDimensions, own != 0, all != 0 {
      return Float(scale(own) / scale(all))
    }
    return Float(scale(1))
  }

  /// What files call it.
  package var name: String {
    switch self {
    case .none: "none"
    case .linear: "linear"
    case .llama3, .divisors: "llama3"
    case .yarn: "yarn"
    }
  }

  /// The positions that the scaled checkpoint reaches, where they are more than `context`.
  func reach(_ context: Int) -> Int {
    guard case .yarn(let yarn) = self else { return context }
    return max(context, Int(min(yarn.factor * Double(yarn.originalContext), 16_777_216)))
  }
}

extension PositionScaling {
  /// Reads `rope_parameters` or `rope_scaling`; a kind that is not known, or a value out of range, is an error.
  init(json: JSON?, context: Int, file: String) throws(DecoderError) {
    func number(_ key: String, _ range: ClosedRange<Double>, or standard: Double? = nil) throws(DecoderError) -> Double
    {
      guard let given = json?[key], !given.isNull else {
        if let standard { return standard }
        throw .malformed(file, subject: "rope_scaling.\(key)", expected: "a number", found: "nothing")
      }
      guard let value = given.number, range.contains(value) else {
        throw .malformed(
          file, subject: "rope_scaling.\(key)", expected: "a number in \(range.lowerBound)...\(range.upperBound)",
          found: given.number.map { "\($0)" } ?? "another value")
      }
      return value
    }
    func factor() throws(DecoderError) -> Double { try number("factor", 1...1_024) }
    func original() throws(DecoderError) -> Int {
      Int(try number("original_max_position_embeddings", 1...16_777_216, or: Double(context)))
    }
    if let json, json["full_attention"] != nil || json["sliding_attention"] != nil {
      throw .unsupported(
        file, subject: "rope_parameters", expected: "one scaling for all layers", found: "one for each kind of layer")
    }
    let part = try number("partial_rotary_factor", 0...1, or: 1)
    if part != 1 {
      throw .unsupported(file, subject: "partial_rotary_factor", expected: "1", found: "\(part)")
    }
    switch (json?["rope_type"] ?? json?["type"])?.text {
    // dynamic scaling changes nothing up to the context that the file names, and no more is asked for
    case nil, "default", "dynamic": self = .none
    case "linear": self = .linear(factor: try factor())
    case "llama3":
      let low = try number("low_freq_factor", 1e-3...1_024)
      let high = try number("high_freq_factor", 1e-3...1_024)
      if high <= low {
        throw .malformed(
          file, subject: "rope_scaling.high_freq_factor", expected: "more than low_freq_factor, \(low)",
          found: "\(high)")
      }
      self = .llama3(factor: try factor(), lowFactor: low, highFactor: high, originalContext: try original())
    case "yarn":
      let original = try original()
      var yarn = Yarn(factor: try factor(), originalContext: original)
      // zero and nothing both stand for the usual values
      let (fast, slow) = (try number("beta_fast", 0...1e6, or: 0), try number("beta_slow", 0...1e6, or: 0))
      yarn.betaFast = fast == 0 ? 32 : fast
      yarn.betaSlow = slow == 0 ? 1 : slow
      func given(_ key: String) throws(DecoderError) -> Double? {
        guard let value = json?[key], !value.isNull else { return nil }
        return try number(key, -1e3...1e3)
      }
      yarn.attentionFactor = try given("attention_factor")
      yarn.scale = try given("mscale")
      yarn.scaleAllDimensions = try given("mscale_all_dim")
      yarn.truncates = json?["truncate"]?.boolean ?? true
      self = .yarn(yarn)
    case let other?:
      throw .unsupported(
        file, subject: "rope_scaling", expected: "default, linear, dynamic, llama3 or yarn", found: other)
    }
  }
}
