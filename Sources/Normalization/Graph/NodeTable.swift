import Logic

/// Which node has a given operator and operands: a hash table with open addressing and linear probing over the columns
/// in which the graph keeps its nodes.
///
/// A dictionary would hold every operator and operand list a second time and hash them all again as it grows; here a
/// node's hash is kept beside its number.
struct NodeTable {
  /// Number of the node in each slot; negative where there is none. Their count is a power of two.
  private var slots: [Int32]
  private var hashes: [Int] = []

  init(capacity: Int = 2048) {
    slots = Array(repeating: -1, count: capacity)
    hashes.reserveCapacity(capacity)
  }

  static func hash(_ op: Operator, _ operands: [NodeID]) -> Int {
    var hasher = Hasher()
    op.hash(into: &hasher)
    for operand in operands { hasher.combine(operand.index) }
    return hasher.finalize()
  }

  /// The node with this hash that `isSame` accepts.
  func find(_ hash: Int, where isSame: (Int) -> Bool) -> NodeID? {
    let mask = slots.count - 1
    var slot = hash & mask
    while slots[slot] >= 0 {
      let number = slots[slot]
      if hashes[Int(number)] == hash, isSame(Int(number)) { return NodeID(index: number) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Adds the next node, which must be new.
  mutating func append(_ hash: Int) {
    if hashes.count * 2 >= slots.count { grow() }
    place(Int32(hashes.count), hash)
    hashes.append(hash)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for (number, hash) in hashes.enumerated() { place(Int32(number), hash) }
  }

  private mutating func place(_ number: Int32, _ hash: Int) {
    let mask = slots.count - 1
    var slot = hash & mask
    while slots[slot] >= 0 { slot = (slot + 1) & mask }
    slots[slot] = number
  }
}
