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

/// How weights are kept in memory, whatever the file has.
package enum WeightFormat: String, Sendable, Hashable, CaseIterable {
  /// As they are stored where a kernel reads that, else as floats: nothing is lost.
  case float
  /// Blocks of 32 with one scale, eight bits a weight.
  case q8x0 = "q8_0"
  /// The same with four bits.
  case q4x0 = "q4_0"

  var block: ck_block? {
    switch self {
    case .float: nil
    case .q8x0: CK_Q8_0
    case .q4x0: CK_Q4_0
    }
  }
}

/// The kernels of one model: matrix products by OpenBLAS or by our own code, all else always by our own.
struct Engine: @unchecked Sendable {
  let kernels: UnsafePointer<ck_kernels>
  let integers: UnsafePointer<ck_integer_kernels>
  let usesOpenBLAS: Bool
  /// OpenBLAS was asked for and is not there.
  let missesOpenBLAS: Bool
  let format: WeightFormat
  /// Nil where one thread is enough.
  let pool: WorkPool?

  /// From here on the matrices are large enough for OpenBLAS's blocking, and for threads, to matter.
  private static let largeParameters = 64_000_000
  /// From here on float weights are too many to read for every token.
  private static let hugeParameters = 500_000_000

  /// `threads` nil: one for a small model, else all that there are. `format` nil: blocks for checkpoints that come in blocks and are large, or that are huge.
  init(
    _ choice: EngineChoice, parameters: Int, stored: WeightFormat = .float, format: WeightFormat? = nil,
    threads: Int? = nil
  ) {
    let family = choice == .portable ? CK_PORTABLE : ck_best_family()
    // the portable family exists in every build
    kernels = ck_kernels_of(family) ?? Self.portable
    // the portable path exists in every build too
    integers = choice == .portable ? Self.portableIntegers : Self.bestIntegers
    let large = parameters >= Self.largeParameters
    self.format =
      format ?? (choice != .automatic || !large ? .float : parameters >= Self.hugeParameters ? max(stored) : stored)
    let wanted = choice == .openBLAS || (choice == .automatic && large && self.format == .float)
    usesOpenBLAS = wanted && Self.openOpenBLAS()
    missesOpenBLAS = wanted && !usesOpenBLAS
    pool = threads.map { WorkPool(threads: $0) } ?? (large ? WorkPool.shared : nil)
    func max(_ stored: WeightFormat) -> WeightFormat { stored == .float ? .q8x0 : stored }
  }

  /// Rows that go through the layers together, at most: as many as make reading the weights cheap beside multiplying
  /// them, few enough to hear of a cancellation soon.
  var passRows: Int {
    if format == .float { return Transformer.tile }
    switch integers {
    case ck_integers(CK_INT_AMX): return 512
    case ck_integers(CK_INT_VNNI): return 256
    default: return 128
    }
  }

  /// The same kernels without OpenBLAS, blocks or threads: for products too small to gain from them.
  var exact: Engine {
    Engine(
      kernels: kernels, integers: integers, usesOpenBLAS: false, missesOpenBLAS: false, format: .float, pool: nil)
  }

  private init(
    kernels: UnsafePointer<ck_kernels>, integers: UnsafePointer<ck_integer_kernels>, usesOpenBLAS: Bool,
    missesOpenBLAS: Bool, format: WeightFormat, pool: WorkPool?
  ) {
    self.kernels = kernels
    self.integers = integers
    self.usesOpenBLAS = usesOpenBLAS
    self.missesOpenBLAS = missesOpenBLAS
    self.format = format
    self.pool = pool
  }

  /// LOGICDIFF_OPENBLAS names a library to use instead of the system's.
  static func openOpenBLAS() -> Bool { cob_open(getenv("LOGICDIFF_OPENBLAS")) == 1 }

  private static var portable: UnsafePointer<ck_kernels> { ck_portable_kernels() }
  private static var portableIntegers: UnsafePointer<ck_integer_kernels> { ck_portable_integers() }
  static var bestIntegers: UnsafePointer<ck_integer_kernels> {
    ck_integers(ck_best_integer_path()) ?? portableIntegers
  }

  /// What decides the bits of a result, for names and cache keys: our own kernels agree on all processors.
  var family: String {
    let base = usesOpenBLAS ? "openblas-\(String(cString: cob_core()).lowercased())" : "fixed-order"
    return format == .float ? base : "\(base)-\(format.rawValue)"
  }

  /// The family with the instruction set that runs it.
  var kernelName: String {
    let instructions = String(
      cString: format == .float ? ck_family_name(kernels.pointee.family) : integers.pointee.instructions)
    if usesOpenBLAS { return "\(family) + \(instructions)" }
    return "\(family) (\(instructions)\(missesOpenBLAS ? ", OpenBLAS not found" : ""))"
  }
}

/// The threads that share the rows of large products; see pool.c.
final class WorkPool: @unchecked Sendable {
  private let pool: OpaquePointer?
  let threads: Int

  /// One for the process, as many threads as it may use; LOGICDIFF_THREADS says another number.
  static let shared = WorkPool(
    threads: getenv("LOGICDIFF_THREADS").flatMap { Int(String(cString: $0)) } ?? availableProcessors)

  init(threads: Int) {
    pool = ck_pool_make(min(max(threads, 1), 256))
    self.threads = pool.map { Int(ck_pool_threads($0)) } ?? 1
  }

  deinit { if let pool { ck_pool_free(pool) } }

  private static var availableProcessors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Calls `work` with each piece and the thread that does it; returns when all are done.
  func run(_ pieces: Int, _ work: (_ piece: Int, _ thread: Int) -> Void) {
    withoutActuallyEscaping(work) { work in
      var box = work
      withUnsafeMutablePointer(to: &box) { pointer in
        ck_pool_run(pool, pieces, UnsafeMutableRawPointer(pointer)) { context, piece, thread in
          context?.assumingMemoryBound(to: ((Int, Int) -> Void).self).pointee(Int(piece), Int(thread))
        }
      }
    }
  }
}

/// What `doctor` says about the machine.
package struct EngineReport: Sendable {
  /// Instruction set of our own kernels.
  package var instructions: String
  /// Instruction set of the kernels for weights in blocks.
  package var integers: String
  /// Threads that share large products.
  package var threads: Int
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
      instructions: String(cString: ck_family_name(ck_best_family())),
      integers: String(cString: Engine.bestIntegers.pointee.instructions), threads: WorkPool.shared.threads,
      openBLASFound: found,
      openBLASConfig: String(cString: cob_config()), openBLASCore: String(cString: cob_core()),
      requestedCore: cob_requested_core().map { String(cString: $0) }, path: String(cString: cob_path()),
      error: String(cString: cob_error()))
  }
}
