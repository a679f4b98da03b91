import CKernels

/// Keys and values of the positions that one sequence has seen, for all layers, in pages of 64 positions.
///
/// A page holds [layer][head] planes: keys in blocks of sixteen positions, [position / 16][dimension][position % 16], so
/// that scores of neighbouring positions are neighbouring lanes, then values [position][dimension], padded to whole
/// lanes. Full pages are never written again, so sequences with one beginning share them.
final class KeyValueCache {
  /// Positions that it may come to hold.
  let capacity: Int
  let shape: PageShape
  /// The start of each page, as the kernels want them.
  let table: UnsafeMutablePointer<UnsafePointer<Float>>
  private(set) var pages: [Memory] = []

  init(config: ModelConfig, capacity: Int) {
    self.capacity = capacity
    shape = PageShape(config)
    table = .allocate(capacity: capacity / PageShape.positions + 1)
  }

  deinit { table.deallocate() }

  /// Bytes for `positions`, before any is taken; nil when the number does not fit.
  static func bytes(config: ModelConfig, positions: Int) -> Int? {
    let pages = (positions + PageShape.positions - 1) / PageShape.positions
    let (bytes, overflow) = pages.multipliedReportingOverflow(by: PageShape(config).floats * 4)
    return overflow ? nil : bytes
  }

  private func append(_ page: Memory) {
    table[pages.count] = UnsafePointer(page.floats)
    pages.append(page)
  }

  /// Makes sure that there are pages for so many positions, at most the capacity.
  func reserve(_ positions: Int) {
    while pages.count * PageShape.positions < positions { append(Memory(floats: shape.floats)) }
  }

  /// Begins with full pages of an earlier run.
  func adopt(_ full: [Memory]) { for page in full { append(page) } }

  /// Takes the first `positions` of another cache of the same model: full pages as they are, the rest as a copy.
  func share(_ other: KeyValueCache, positions: Int) {
    let whole = positions / PageShape.positions
    for page in other.pages[..<whole] { append(page) }
    if positions % PageShape.positions == 0 { return }
    let copy = Memory(floats: shape.floats)
    copy.floats.update(from: other.pages[whole].floats, count: shape.floats)
    append(copy)
  }

  /// Stores one position's key and value [headSize] of one head.
  func store(key: UnsafePointer<Float>, value: UnsafePointer<Float>, layer: Int, head: Int, position: Int) {
    let page = pages[position / PageShape.positions].floats
    let place = position % PageShape.positions
    let (lanes, size) = (Int(CK_LANES), shape.headSize)
    let keys = page + shape.keys(layer: layer, head: head) + place / lanes * lanes * size + place % lanes
    for dimension in 0..<size { keys[dimension * lanes] = key[dimension] }
    (page + shape.values(layer: layer, head: head) + place * shape.stride).update(from: value, count: size)
  }
}

/// Where what lies in a page.
struct PageShape: Sendable, Equatable {
  static let positions = Int(CK_POSITIONS)

  let headSize: Int
  /// Floats from one position's value to the next.
  let stride: Int
  private let heads: Int
  private let plane: Int
  /// Floats of a page.
  let floats: Int

  init(_ config: ModelConfig) {
    headSize = config.headSize
    let lanes = Int(CK_LANES)
    stride = (config.headSize + lanes - 1) / lanes * lanes
    heads = config.keyValueHeads
    plane = Self.positions * (headSize + stride)
    floats = config.layers * heads * plane
  }

  /// Floats from the start of a page to the keys, or to the values, of one head.
  func keys(layer: Int, head: Int) -> Int { (layer * heads + head) * plane }
  func values(layer: Int, head: Int) -> Int { keys(layer: layer, head: head) + Self.positions * headSize }
}
