import CKernels

/// Reads memory as fast as the threads of the pool can: what decoding one sequence is bound by.
package struct BandwidthMeter {
  private let memory: Memory
  package let bytes: Int
  /// Bytes that one thread reads at a time: as many as a slice of a matrix has.
  private static let piece = 512 << 10

  package init(bytes: Int) {
    self.bytes = bytes / Self.piece * Self.piece
    memory = Memory(bytes: max(self.bytes, Self.piece))
    // untouched memory is all one page of zeros
    let pool = WorkPool.shared
    pool.run(self.bytes / Self.piece) { [memory] piece, _ in
      (memory.base + piece * Self.piece).initializeMemory(
        as: UInt8.self, repeating: UInt8(truncatingIfNeeded: piece), count: Self.piece)
    }
  }

  package func read() {
    WorkPool.shared.run(bytes / Self.piece) { piece, _ in ck_read(memory.base + piece * Self.piece, Self.piece) }
  }
}
