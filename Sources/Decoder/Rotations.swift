import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Cosines and sines of all positions that were met, worked out once for all sessions of a model.
final class Rotations: Sendable {
  /// Positions that are worked out together.
  static let chunk = 256

  private let frequencies: [Float]
  private let magnitude: Float
  /// [chunk][frequencies] cosines beside as many sines, for each chunk of positions.
  private let chunks = Mutex<[Memory]>([])

  init(_ config: ModelConfig) {
    frequencies = config.positionScaling.frequencies(theta: config.ropeTheta, headSize: config.headSize)
    magnitude = config.positionScaling.magnitude
  }

  /// The chunks for positions below `count`.
  func covering(_ count: Int) -> [Memory] {
    chunks.withLock { chunks in
      while chunks.count * Self.chunk < count { chunks.append(make(from: chunks.count * Self.chunk)) }
      return chunks
    }
  }

  private func make(from first: Int) -> Memory {
    let half = frequencies.count
    let memory = Memory(floats: Self.chunk * half * 2)
    for place in 0..<Self.chunk {
      let row = memory.floats + place * half * 2
      for (pair, frequency) in frequencies.enumerated() {
        // the product in single precision, as the reference has it
        let angle = Double(Float(first + place) * frequency)
        row[pair] = Float(cos(angle)) * magnitude
        row[half + pair] = Float(sin(angle)) * magnitude
      }
    }
    return memory
  }
}
