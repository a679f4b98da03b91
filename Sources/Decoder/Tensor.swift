import CKernels

/// The number format of a tensor's elements: floats, or the blocks of GGUF files.
package enum ElementType: String, Sendable, CaseIterable {
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case q4x0 = "Q4_0"
  case q4x1 = "Q4_1"
  case q5x0 = "Q5_0"
  case q5x1 = "Q5_1"
  case q8x0 = "Q8_0"
  case q4K = "Q4_K"
  case q5K = "Q5_K"
  case q6K = "Q6_K"

  /// The types that a safetensors file may have.
  static let floats = [float32, float16, bfloat16]

  /// The kernel's name of a float type; nil for blocks.
  var float: ck_dtype? {
    switch self {
    case .float32: CK_F32
    case .float16: CK_F16
    case .bfloat16: CK_BF16
    default: nil
    }
  }

  /// The kernel's name of a block format; nil for floats.
  var block: ck_block? {
    switch self {
    case .float32, .float16, .bfloat16: nil
    case .q4x0: CK_Q4_0
    case .q4x1: CK_Q4_1
    case .q5x0: CK_Q5_0
    case .q5x1: CK_Q5_1
    case .q8x0: CK_Q8_0
    case .q4K: CK_Q4_K
    case .q5K: CK_Q5_K
    case .q6K: CK_Q6_K
    }
  }

  /// Elements that are stored together: a row holds a multiple of it.
  package var blockElements: Int { block.map { ck_block_elements($0) } ?? 1 }

  /// Bytes of so many elements.
  package var blockBytes: Int { block.map { ck_block_bytes($0) } ?? (self == .float32 ? 4 : 2) }
}

/// One tensor of a mapped file: where its bytes are and what they mean. The bytes may be unaligned.
package struct Tensor: @unchecked Sendable {
  package var name: String
  package var file: MappedFile
  package var type: ElementType
  package var shape: [Int]
  package var bytes: UnsafeRawBufferPointer
  /// Set where the rows of a head lie as (pair, half) instead of (half, pair), as GGUF files of the Llama family have
  /// queries and keys: the size of a head.
  package var interleavedHead: Int?

  package var count: Int { bytes.count / type.blockBytes * type.blockElements }

  /// Elements of a row; those of a vector are rows of one.
  private var width: Int { shape.count > 1 ? shape[shape.count - 1] : 1 }

  /// Which stored row is row `index` in the order that the rest of the program uses.
  private func storedRow(_ index: Int) -> Int {
    guard let head = interleavedHead else { return index }
    let (within, half) = (index % head, head / 2)
    return index - within + (within % half) * 2 + within / half
  }

  /// Writes row `index` as floats.
  package func widen(row index: Int, to out: UnsafeMutablePointer<Float>, _ kernels: UnsafePointer<ck_kernels>) {
    widen(start: storedRow(index) * width, count: width, to: out, kernels)
  }

  /// Writes all elements as floats, in the order of rows that the rest of the program uses.
  package func widen(to out: UnsafeMutablePointer<Float>, _ kernels: UnsafePointer<ck_kernels>) {
    if interleavedHead == nil { return widen(start: 0, count: count, to: out, kernels) }
    for row in 0..<count / width { widen(row: row, to: out + row * width, kernels) }
  }

  /// A stored row's bytes.
  func row(_ index: Int) -> UnsafeRawPointer? {
    bytes.baseAddress.map { $0 + storedRow(index) * width / type.blockElements * type.blockBytes }
  }

  private func widen(
    start: Int, count: Int, to out: UnsafeMutablePointer<Float>, _ kernels: UnsafePointer<ck_kernels>
  ) {
    let at = bytes.baseAddress.map { $0 + start / type.blockElements * type.blockBytes }
    if let block = type.block {
      ck_dequantize(block, at, count, out)
    } else if let float = type.float {
      kernels.pointee.widen(at, float, count, out)
    }
  }

  /// All elements as floats.
  package var floats: [Float] {
    [Float](unsafeUninitializedCapacity: max(count, 1)) { buffer, filled in
      if let base = buffer.baseAddress, count > 0 { widen(to: base, ck_portable_kernels()) }
      filled = count
    }
  }

  /// The first element that is an infinity or not a number.
  func firstNotFinite() -> Int? {
    let step = 1 << 14
    let buffer = Memory(floats: step)
    for start in stride(from: 0, to: count, by: step) {
      let size = min(step, count - start)
      widen(start: start, count: size, to: buffer.floats, ck_portable_kernels())
      if let at = (0..<size).first(where: { !buffer.floats[$0].isFinite }) { return start + at }
    }
    return nil
  }
}
