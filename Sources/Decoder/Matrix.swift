import CKernels
import COpenBLAS

/// A linear layer: [inputs] in, [outputs] out, its weights laid out for the engine that multiplies.
struct Matrix: Sendable {
  private enum Storage: Sendable {
    /// [outputs][inputs] for OpenBLAS.
    case rows
    /// Panels of lanes for our own float kernels.
    case panels(ck_dtype)
    /// Panels of blocks for the integer kernels.
    case blocks(ck_block)
  }

  let inputs: Int
  let outputs: Int
  private let engine: Engine
  private let storage: Storage
  let weights: Memory
  private let bias: Memory?
  /// Low-rank corrections of an adapter, each over its own rows.
  var corrections: [LowRank] = []

  /// Output rows that one thread computes at a time: a constant, since OpenBLAS's bits depend on the shape of a call.
  private static let slice = 256

  /// Stacks `parts` [rows][inputs] over each other, so that one product serves all; half floats stay half floats
  /// in our own layout, where decoding is bound by memory.
  init(
    _ parts: [Tensor], biases: [Tensor] = [], inputs: Int, engine: Engine, stored: PanelFile.Reader? = nil
  ) {
    self.inputs = inputs
    self.engine = engine
    let heights = parts.map { $0.count / inputs }
    outputs = heights.reduce(0, +)
    let lanes = Int(CK_LANES)
    let panels = (outputs + lanes - 1) / lanes
    let kernels = engine.kernels
    var isStored = false
    if let block = engine.format.block, inputs % 32 == 0 {
      storage = .blocks(block)
      let size = panels * ck_panel_bytes(block, inputs)
      let kept = stored?.next(size)
      weights = kept ?? Memory(bytes: size)
      isStored = kept != nil
    } else if engine.usesOpenBLAS {
      storage = .rows
      weights = Memory(floats: outputs * inputs)
    } else {
      let type = parts.first?.type ?? .float32
      let float = parts.allSatisfy { $0.type == type } ? type.float ?? CK_F32 : CK_F32
      storage = .panels(float)
      weights = Memory(bytes: panels * lanes * inputs * ck_size(float))
    }
    var first = 0
    for (part, height) in zip(parts, heights) where !isStored {
      let start = first
      Self.spread(height, engine) { [storage, weights] rows in
        let wide = Memory(floats: inputs)
        let packed = Memory(bytes: inputs * 2)
        for row in rows {
          switch storage {
          case .rows: part.widen(row: row, to: weights.floats + (start + row) * inputs, kernels)
          case .panels(let type) where part.type.float == type:
            ck_pack(part.row(row), type, 1, inputs, start + row, weights.bytes.baseAddress)
          case .panels:
            part.widen(row: row, to: wide.floats, kernels)
            ck_pack(wide.floats, CK_F32, 1, inputs, start + row, weights.bytes.baseAddress)
          case .blocks(let block):
            if part.type.block == block, let stored = part.row(row) {
              ck_pack_blocks(block, stored, inputs, start + row, weights.base)
            } else {
              part.widen(row: row, to: wide.floats, kernels)
              ck_quantize(block, wide.floats, inputs, packed.base)
              ck_pack_blocks(block, packed.base, inputs, start + row, weights.base)
            }
          }
        }
      }
      first += height
    }
    if biases.isEmpty {
      bias = nil
    } else {
      let memory = Memory(floats: outputs)
      var at = memory.floats
      for part in biases {
        part.widen(to: at, kernels)
        at += part.count
      }
      bias = memory
    }
  }

  var isInBlocks: Bool { if case .blocks = storage { true } else { false } }

  /// Rows in pieces whose lanes no two threads share a cache line of for long, over the pool where there is one.
  private static func spread(
    _ rows: Int, unit: Int = slice, _ engine: Engine, _ body: (Range<Int>) -> Void
  ) {
    guard let pool = engine.pool, rows > unit else { return body(0..<rows) }
    pool.run((rows + unit - 1) / unit) { piece, _ in body(piece * unit..<min((piece + 1) * unit, rows)) }
  }

  /// y [rows][stride] = x [rows][inputs] * weights^T + bias, without corrections.
  ///
  /// OpenBLAS's bits depend on the shape of the call, so a prompt is always multiplied as a whole tile: `x` and `y`
  /// are then the tile's first row and `tile` its height, whichever rows are in use.
  func apply(
    _ x: UnsafePointer<Float>, rows: Range<Int>, tile: Int?, to y: UnsafeMutablePointer<Float>, stride: Int,
    workspace: Workspace
  ) {
    let first = rows.lowerBound
    let (from, to) = (x + first * inputs, y + first * stride)
    switch storage {
    case .panels(let type):
      let step = inputs * ck_size(type)
      Self.spread(outputs, engine, workspace) { part, scratch in
        engine.kernels.pointee.linear(
          from, rows.count, inputs, weights.base + part.lowerBound * step, type, part.count,
          bias.map { $0.floats + part.lowerBound }, to + part.lowerBound, stride, scratch)
      }
    case .blocks(let block):
      let activations = workspace.activations(rows: rows.count, inputs: inputs)
      let unit = Int(CK_LANES)
      Self.spread(rows.count, unit: unit, engine) { part in
        engine.integers.pointee.quantize(block, from, part.lowerBound, part.count, activations)
      }
      let step = ck_panel_bytes(block, inputs) / Int(CK_LANES)
      Self.spread(outputs, engine, workspace) { part, _ in
        engine.integers.pointee.linear(
          block, activations, weights.base + part.lowerBound * step, part.count,
          bias.map { $0.floats + part.lowerBound }, to + part.lowerBound, stride)
      }
    case .rows:
      Self.spread(outputs, engine, workspace) { part, _ in
        let own = weights.floats + part.lowerBound * inputs
        if let tile {
          cob_multiply(Int32(tile), Int32(part.count), Int32(inputs), x, own, y + part.lowerBound, Int32(stride))
        } else {
          for row in rows {
            cob_multiply_vector(
              Int32(part.count), Int32(inputs), x + row * inputs, own, y + row * stride + part.lowerBound)
          }
        }
      }
      if let bias {
        for row in rows { engine.kernels.pointee.add(bias.floats, outputs, y + row * stride) }
      }
    }
  }

  /// Adds the corrections to rows that `apply` computed.
  func correct(
    _ x: UnsafePointer<Float>, rows: Range<Int>, in y: UnsafeMutablePointer<Float>, stride: Int, workspace: Workspace
  ) {
    let (from, to) = (x + rows.lowerBound * inputs, y + rows.lowerBound * stride)
    for correction in corrections { correction.add(from, rows: rows.count, to: to, stride: stride, workspace) }
  }

  /// Output rows in fixed slices, over the pool where there is one, with scratch memory for each thread.
  private static func spread(
    _ outputs: Int, _ engine: Engine, _ workspace: Workspace,
    _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    guard let pool = engine.pool else {
      if !engine.usesOpenBLAS { return body(0..<outputs, workspace.scratch(0)) }
      for start in stride(from: 0, to: outputs, by: slice) {
        body(start..<min(start + slice, outputs), workspace.scratch(0))
      }
      return
    }
    pool.run((outputs + slice - 1) / slice) { piece, thread in
      body(piece * slice..<min((piece + 1) * slice, outputs), workspace.scratch(thread))
    }
  }
}

/// What the products of one session need beside their operands. Confined to that session.
final class Workspace: @unchecked Sendable {
  /// Where activations are kept as int8, with a scale and an offset for each block of 32.
  private let integers: UnsafeMutablePointer<ck_activations>
  /// Low-rank products: [tile][rank], then [tile][outputs].
  private(set) var narrow: Memory
  private(set) var wide: Memory
  private let memory: Memory
  private let scratchStart: UnsafeMutablePointer<Float>
  private let scratchStep: Int

  /// For rows of at most `widest` inputs, `height` of them together.
  init(widest: Int, height: Int, engine: Engine) {
    let elements = engine.format == .float ? 0 : (widest * ck_padded_rows(height) + 63) / 64 * 64
    let threads = engine.pool?.threads ?? 1
    scratchStep = widest * Int(CK_LANES)
    memory = Memory(bytes: elements + elements / 32 * 8 + threads * scratchStep * 4 + 64)
    let scales = memory.base + elements
    let offsets = scales + elements / 32 * 4
    integers = .allocate(capacity: 1)
    integers.initialize(
      to: ck_activations(
        quants: memory.base.assumingMemoryBound(to: Int8.self), scales: scales.assumingMemoryBound(to: Float.self),
        offsets: offsets.assumingMemoryBound(to: Int32.self), rows: height, inputs: widest))
    scratchStart = (offsets + elements / 32 * 4).assumingMemoryBound(to: Float.self)
    narrow = Memory(floats: 0)
    wide = Memory(floats: 0)
  }

  deinit { integers.deallocate() }

  /// Room for the activations of one product.
  func activations(rows: Int, inputs: Int) -> UnsafePointer<ck_activations> {
    integers.pointee.rows = rows
    integers.pointee.inputs = inputs
    return UnsafePointer(integers)
  }

  func scratch(_ thread: Int) -> UnsafeMutablePointer<Float> { scratchStart + thread * scratchStep }

  /// Makes room for the products of a correction.
  func reserve(narrow: Int, wide: Int) {
    if self.narrow.bytes.count < narrow * 4 { self.narrow = Memory(floats: narrow) }
    if self.wide.bytes.count < wide * 4 { self.wide = Memory(floats: wide) }
  }
}

/// An adapter's correction of some output rows: y += scale * B (A x), never merged into the weights that it corrects.
struct LowRank: Sendable {
  /// [inputs] to [rank].
  let down: Matrix
  /// [rank] to [outputs].
  let up: Matrix
  let scale: Float
  /// The first output row that it is for.
  let firstRow: Int

  func add(
    _ x: UnsafePointer<Float>, rows: Int, to y: UnsafeMutablePointer<Float>, stride: Int, _ workspace: Workspace
  ) {
    workspace.reserve(narrow: rows * down.outputs, wide: rows * up.outputs)
    let (narrow, wide) = (workspace.narrow.floats, workspace.wide.floats)
    down.apply(x, rows: 0..<rows, tile: nil, to: narrow, stride: down.outputs, workspace: workspace)
    up.apply(narrow, rows: 0..<rows, tile: nil, to: wide, stride: up.outputs, workspace: workspace)
    for row in 0..<rows {
      let (from, to) = (wide + row * up.outputs, y + row * stride + firstRow)
      for column in 0..<up.outputs { to[column] += scale * from[column] }
    }
  }
}
