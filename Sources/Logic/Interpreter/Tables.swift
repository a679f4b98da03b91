/// A dictionary's entries in insertion order, with open addressing over them.
struct Table {
  struct Entry {
    var hash: Int
    /// `.unbound` once deleted.
    var key: Value
    var value: Value
  }
  private(set) var entries: [Entry] = []
  private var slots: [Int32] = []
  private(set) var count = 0
  /// Changes with every insertion or deletion of a key.
  private(set) var layout = 0

  private static let empty: Int32 = -1

  /// The index of the entry of `key`. Equality may run code of the program, so it is the machine's.
  func find(_ key: Value, hash: Int, _ machine: Machine) throws(Unwind) -> Int? {
    if slots.isEmpty { return nil }
    let mask = slots.count - 1
    var slot = hash & mask
    while true {
      let index = slots[slot]
      if index == Self.empty { return nil }
      let entry = entries[Int(index)]
      if entry.hash == hash, !entry.key.isUnbound, try machine.same(entry.key, key) { return Int(index) }
      slot = (slot + 1) & mask
    }
  }

  mutating func append(_ key: Value, hash: Int, value: Value) {
    if (entries.count + 1) * 2 > slots.count { rebuild() }
    insertSlot(hash, index: entries.count)
    entries.append(Entry(hash: hash, key: key, value: value))
    count += 1
    layout += 1
  }

  mutating func setValue(_ value: Value, at index: Int) { entries[index].value = value }

  mutating func remove(at index: Int) -> Value {
    let value = entries[index].value
    entries[index].key = .unbound
    entries[index].value = .unbound
    count -= 1
    layout += 1
    if count == 0 {
      entries = []
      slots = []
    }
    return value
  }

  mutating func removeAll() {
    entries = []
    slots = []
    count = 0
    layout += 1
  }

  private mutating func rebuild() {
    entries.removeAll { $0.key.isUnbound }
    var size = 8
    while size < (entries.count + 1) * 3 { size *= 2 }
    slots = [Int32](repeating: Self.empty, count: size)
    for (index, entry) in entries.enumerated() { insertSlot(entry.hash, index: index) }
  }

  private mutating func insertSlot(_ hash: Int, index: Int) {
    let mask = slots.count - 1
    var slot = hash & mask
    while slots[slot] != Self.empty { slot = (slot + 1) & mask }
    slots[slot] = Int32(index)
  }
}

/// A set with the probing order of Objects/setobject.c, so that sets of numbers iterate as CPython's do.
struct SetTable {
  struct Entry {
    var hash: Int
    var key: Value
    /// 0 empty, 1 used, 2 dummy.
    var state: UInt8
  }
  private(set) var slots: [Entry] = Array(repeating: Entry(hash: 0, key: .unbound, state: 0), count: 8)
  private(set) var count = 0
  private(set) var fill = 0
  private(set) var layout = 0
  private static let probes = 9

  var values: [Value] {
    var result: [Value] = []
    result.reserveCapacity(count)
    for slot in slots where slot.state == 1 { result.append(slot.key) }
    return result
  }

  func find(_ key: Value, hash: Int, _ machine: Machine) throws(Unwind) -> Int? {
    let mask = slots.count - 1
    var perturb = UInt(bitPattern: hash)
    var index = hash & mask
    while true {
      let limit = index + Self.probes <= mask ? Self.probes : 0
      for position in index...(index + limit) {
        let slot = slots[position]
        if slot.state == 0 { return nil }
        if slot.state == 1, slot.hash == hash, try machine.same(slot.key, key) { return position }
      }
      perturb >>= 5
      index = Int(bitPattern: (UInt(bitPattern: index) &* 5 &+ 1 &+ perturb) & UInt(mask))
    }
  }

  /// Adds a key that is not in the set.
  mutating func insert(_ key: Value, hash: Int) {
    place(key, hash: hash)
    count += 1
    fill += 1
    layout += 1
    if fill * 5 >= (slots.count - 1) * 3 { resize(count > 50_000 ? count * 2 : count * 4) }
  }

  mutating func remove(at position: Int) {
    slots[position] = Entry(hash: 0, key: .unbound, state: 2)
    count -= 1
    layout += 1
  }

  mutating func removeAll() { self = SetTable() }

  /// Takes the keys of another set into this empty one, as `set_merge` does.
  mutating func take(_ other: SetTable) {
    reserve(other.count)
    if slots.count == other.slots.count, other.fill == other.count {
      self = other
      return
    }
    for slot in other.slots where slot.state == 1 { place(slot.key, hash: slot.hash) }
    count = other.count
    fill = other.count
    layout += 1
  }

  /// Room for another set, as `set_merge` makes it.
  mutating func reserve(_ added: Int) {
    if (fill + added) * 5 >= (slots.count - 1) * 3 { resize((count + added) * 2) }
  }

  private mutating func resize(_ minimum: Int) {
    var size = 8
    while size <= minimum { size <<= 1 }
    let old = slots
    slots = Array(repeating: Entry(hash: 0, key: .unbound, state: 0), count: size)
    for slot in old where slot.state == 1 { place(slot.key, hash: slot.hash) }
    fill = count
  }

  private mutating func place(_ key: Value, hash: Int) {
    let mask = slots.count - 1
    var perturb = UInt(bitPattern: hash)
    var index = hash & mask
    while true {
      let limit = index + Self.probes <= mask ? Self.probes : 0
      for position in index...(index + limit) where slots[position].state == 0 {
        slots[position] = Entry(hash: hash, key: key, state: 1)
        return
      }
      perturb >>= 5
      index = Int(bitPattern: (UInt(bitPattern: index) &* 5 &+ 1 &+ perturb) & UInt(mask))
    }
  }
}

extension Value {
  var isUnbound: Bool { if case .unbound = self { true } else { false } }
  var isNone: Bool { if case .none = self { true } else { false } }
}
