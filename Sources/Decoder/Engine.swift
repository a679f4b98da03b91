import CKernels
import COpenBLAS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Who multiplies matrices.
package enum EngineChoice: Sendable, Hashable {
  /// OpenBLAS for large checkpoints where it is installed, else our own kernels.
  case automatic
  /// OpenBLAS; our own kernels, said by name, where it is not installed.
  case openBLAS
  /// Our own kernels on the best instruction set: the same bits on every processor.
  case fixedOrder
  /// Our own kernels without vector instructions: the reference for the others.
  case portable
}

/// The kernels of one model: matrix products by OpenBLAS or by our own code, all else always by our own.
struct Engine: @unchecked Sendable {
  let kernels: UnsafePointer<ck_kernels>
  let usesOpenBLAS: Bool
  /// OpenBLAS was asked for and is not there.
  let missesOpenBLAS: Bool

  /// From here on the matrices are large enough for OpenBLAS's blocking to matter.
  private static let largeParameters = 64_000_000

  init(_ choice: EngineChoice, parameters: Int) {
    let best = ck_kernels_of(ck_best_family())
    // the portable family exists in every build
    kernels = (choice == .portable ? ck_kernels_of(CK_PORTABLE) : best) ?? Self.portable
    let wanted = choice == .openBLAS || (choice == .automatic && parameters >= Self.largeParameters)
    usesOpenBLAS = wanted && Self.openOpenBLAS()
    missesOpenBLAS = wanted && !usesOpenBLAS
  }

  /// LOGICDIFF_OPENBLAS names a library to use instead of the system's.
  static func openOpenBLAS() -> Bool { cob_open(getenv("LOGICDIFF_OPENBLAS")) == 1 }

  private static var portable: UnsafePointer<ck_kernels> { ck_portable_kernels() }

  /// What decides the bits of a result, for names and cache keys: our own kernels agree on all processors.
  var family: String {
    usesOpenBLAS ? "openblas-\(String(cString: cob_core()).lowercased())" : "fixed-order"
  }

  /// The family with the instruction set that runs it.
  var kernelName: String {
    let instructions = String(cString: ck_family_name(kernels.pointee.family))
    if usesOpenBLAS { return "\(family) + \(instructions)" }
    return "\(family) (\(instructions)\(missesOpenBLAS ? ", OpenBLAS not found" : ""))"
  }
}

/// What `doctor` says about the machine.
package struct EngineReport: Sendable {
  /// Instruction set of our own kernels.
  package var instructions: String
  package var openBLASFound: Bool
  /// Version and options as OpenBLAS tells them.
  package var openBLASConfig: String
  /// The kernel family that OpenBLAS runs.
  package var openBLASCore: String
  /// The family that was asked for from the processor's feature bits; nil where the environment decides.
  package var requestedCore: String?
  package var path: String
  package var error: String

  /// Opens OpenBLAS if nothing has yet.
  package static func current() -> EngineReport {
    let found = Engine.openOpenBLAS()
    return EngineReport(
      instructions: String(cString: ck_family_name(ck_best_family())), openBLASFound: found,
      openBLASConfig: String(cString: cob_config()), openBLASCore: String(cString: cob_core()),
      requestedCore: cob_requested_core().map { String(cString: $0) }, path: String(cString: cob_path()),
      error: String(cString: cob_error()))
  }
}

/// Zeroed, cache-line aligned memory with one owner.
final class Memory: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  init(bytes count: Int) {
    bytes = .allocate(byteCount: max(count, 64), alignment: 64)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  convenience init(floats count: Int) {
    self.init(bytes: count * 4)
  }

  deinit { bytes.deallocate() }

  var floats: UnsafeMutablePointer<Float> {
    // aligned above, and never empty
    bytes.assumingMemoryBound(to: Float.self).baseAddress ?? UnsafeMutablePointer(bitPattern: 64).unsafelyUnwrapped
  }
}

/// A linear layer: [inputs] in, [outputs] out, its weights laid out for the engine that multiplies.
struct Matrix: Sendable {
  let inputs: Int
  let outputs: Int
  private let engine: Engine
  private let type: ck_dtype
  private let weights: Memory
  private let bias: Memory?

  /// Stacks `parts` [rows][inputs] over each other, so that one product serves all; half floats stay half floats
  /// in our own layout, where decoding is bound by memory.
  init(_ parts: [Tensor], biases: [Tensor] = [], inputs: Int, engine: Engine) {
    self.inputs = inputs
    self.engine = engine
    let rows = parts.map { $0.count / inputs }
    outputs = rows.reduce(0, +)
    let type = parts.first?.type ?? .float32
    let uniform = parts.allSatisfy { $0.type == type }
    self.type = engine.usesOpenBLAS || !uniform ? CK_F32 : type.kernelType
    if engine.usesOpenBLAS {
      weights = Memory(floats: outputs * inputs)
      var at = weights.floats
      for part in parts {
        engine.kernels.pointee.widen(part.bytes.baseAddress, part.type.kernelType, part.count, at)
        at += part.count
      }
    } else {
      let panels = (outputs + Int(CK_LANES) - 1) / Int(CK_LANES)
      weights = Memory(bytes: panels * Int(CK_LANES) * inputs * ck_size(self.type))
      var first = 0
      for (part, rows) in zip(parts, rows) {
        if uniform {
          ck_pack(part.bytes.baseAddress, self.type, rows, inputs, first, weights.bytes.baseAddress)
        } else {
          let wide = Memory(floats: part.count)
          engine.kernels.pointee.widen(part.bytes.baseAddress, part.type.kernelType, part.count, wide.floats)
          ck_pack(wide.floats, CK_F32, rows, inputs, first, weights.bytes.baseAddress)
        }
        first += rows
      }
    }
    if biases.isEmpty {
      bias = nil
    } else {
      let memory = Memory(floats: outputs)
      var at = memory.floats
      for part in biases {
        engine.kernels.pointee.widen(part.bytes.baseAddress, part.type.kernelType, part.count, at)
        at += part.count
      }
      bias = memory
    }
  }

  /// y [rows][stride] = x [rows][inputs] * weights^T + bias.
  ///
  /// OpenBLAS's bits depend on the shape of the call, so a prompt is always multiplied as a whole tile: `x` and `y`
  /// are then the tile's first row and `tile` its height, whichever rows are in use.
  func apply(
    _ x: UnsafePointer<Float>, rows: Range<Int>, tile: Int?, to y: UnsafeMutablePointer<Float>, stride: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    if !engine.usesOpenBLAS {
      let first = rows.lowerBound
      engine.kernels.pointee.linear(
        x + first * inputs, rows.count, inputs, weights.bytes.baseAddress, type, outputs, bias?.floats,
        y + first * stride, stride, scratch)
      return
    }
    if let tile {
      cob_multiply(Int32(tile), Int32(outputs), Int32(inputs), x, weights.floats, y, Int32(stride))
    } else {
      for row in rows {
        cob_multiply_vector(Int32(outputs), Int32(inputs), x + row * inputs, weights.floats, y + row * stride)
      }
    }
    if let bias {
      for row in rows { engine.kernels.pointee.add(bias.floats, outputs, y + row * stride) }
    }
  }
}
