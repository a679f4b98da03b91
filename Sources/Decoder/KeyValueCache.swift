import CKernels

/// Keys and values of the positions seen so far, for all layers.
///
/// Keys lie in blocks of sixteen positions, [layer][head][position / 16][dimension][position % 16], so that scores of
/// neighbouring positions are neighbouring lanes; values lie [layer][head][position][dimension], padded to whole lanes.
struct KeyValueCache {
  let capacity: Int
  /// Floats from one position's value to the next.
  let stride: Int
  private let config: ModelConfig
  private let memory: Memory
  private let keyPlane: Int
  private let valuePlane: Int
  private let valuesStart: Int

  /// Bytes for `positions`, before any is taken; nil when the number does not fit.
  static func bytes(config: ModelConfig, positions: Int) -> Int? {
    let lanes = Int(CK_LANES)
    let padded = (config.headSize + lanes - 1) / lanes * lanes
    let (plane, overflow) = (rounded(positions) * (config.headSize + padded) * 4)
      .multipliedReportingOverflow(by: config.layers * config.keyValueHeads)
    return overflow ? nil : plane
  }

  private static func rounded(_ positions: Int) -> Int {
    (positions + Int(CK_POSITIONS) - 1) / Int(CK_POSITIONS) * Int(CK_POSITIONS)
  }

  init(config: ModelConfig, positions: Int) {
    self.config = config
    capacity = Self.rounded(positions)
    let lanes = Int(CK_LANES)
    stride = (config.headSize + lanes - 1) / lanes * lanes
    keyPlane = capacity * config.headSize
    valuePlane = capacity * stride
    let planes = config.layers * config.keyValueHeads
    valuesStart = planes * keyPlane
    memory = Memory(floats: planes * (keyPlane + valuePlane))
  }

  func keys(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
    memory.floats + (layer * config.keyValueHeads + head) * keyPlane
  }

  func values(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
    memory.floats + valuesStart + (layer * config.keyValueHeads + head) * valuePlane
  }

  /// Stores one position's key and value [headSize] of one head.
  func store(
    key: UnsafePointer<Float>, value: UnsafePointer<Float>, layer: Int, head: Int, position: Int
  ) {
    let lanes = Int(CK_LANES)
    let size = config.headSize
    let block = keys(layer: layer, head: head) + position / lanes * lanes * size + position % lanes
    for dimension in 0..<size { block[dimension * lanes] = key[dimension] }
    (values(layer: layer, head: head) + position * stride).update(from: value, count: size)
  }

  /// Copies the first `positions` of another cache of the same model.
  func copy(from other: KeyValueCache, positions: Int) {
    let held = Self.rounded(positions)
    for layer in 0..<config.layers {
      for head in 0..<config.keyValueHeads {
        keys(layer: layer, head: head)
          .update(from: other.keys(layer: layer, head: head), count: held * config.headSize)
        values(layer: layer, head: head)
          .update(from: other.values(layer: layer, head: head), count: held * stride)
      }
    }
  }
}
