/// Dictionaries and sets.
extension Machine {
  func find(_ dictionary: DictObject, _ key: Value) throws(Unwind) -> Int? {
    try dictionary.table.find(key, hash: try hash(key), self)
  }

  func get(_ dictionary: DictObject, _ key: Value) throws(Unwind) -> Value? {
    meet(dictionary, askedFor: key)
    guard let index = try find(dictionary, key) else { return nil }
    return dictionary.table.entries[index].value
  }

  func setItem(_ dictionary: DictObject, _ key: Value, _ value: Value) throws(Unwind) {
    let hash = try hash(key)
    if let index = try dictionary.table.find(key, hash: hash, self) {
      dictionary.table.setValue(value, at: index)
    } else {
      try allocate(48)
      dictionary.table.append(key, hash: hash, value: value)
    }
  }

  /// `d[key]`, with what a missing key means to this kind of dictionary.
  func getItem(_ dictionary: DictObject, _ key: Value) throws(Unwind) -> Value {
    if let value = try get(dictionary, key) { return value }
    switch dictionary.flavor {
    case .counter: return .int(0)
    case .defaultDict where !dictionary.factory.isNone:
      let value = try callValue(dictionary.factory, Arguments.none)
      try setItem(dictionary, key, value)
      return value
    default: throw raise("KeyError", arguments: [key])
    }
  }

  func merge(_ dictionary: DictObject, with other: Value) throws(Unwind) {
    if case .object(let object) = other {
      if let source = object as? DictObject {
        for entry in source.table.entries where !entry.key.isUnbound {
          try charge(1)
          try setItem(dictionary, entry.key, entry.value)
        }
        return
      }
      if let opaque = object as? OpaqueObject {
        for key in try unknownKeys(opaque) { try setItem(dictionary, key, try getItem(other, key)) }
        return
      }
      if let instance = object as? InstanceObject, let method = instance.type.lookup("keys") {
        for key in try items(of: try callValue(method, other)) { try setItem(dictionary, key, try getItem(other, key)) }
        return
      }
    }
    try each(of: other) { pair throws(Unwind) in
      let parts = try self.items(of: pair)
      if parts.count != 2 {
        throw self.raise("ValueError", "dictionary update sequence element has length \(parts.count); 2 is required")
      }
      try self.setItem(dictionary, parts[0], parts[1])
    }
  }

  func isMapping(_ value: Value) -> Bool {
    guard case .object(let object) = value else { return false }
    return object is DictObject || object is OpaqueObject
      || (object as? InstanceObject)?.type.lookup("keys") != nil
  }

  func dictionaryOperator(
    _ operation: BinaryOperator, _ left: DictObject, _ right: Value
  ) throws(Unwind) -> Value? {
    guard case .object(let other as DictObject) = right else { return nil }
    if left.flavor == .counter { return try counterOperator(operation, left, other) }
    guard operation == .bitOr else { return nil }
    if left.flavor != .plain || other.flavor != .plain { throw unsupported("union of special dictionaries") }
    let result = DictObject()
    let value = try register(result, bytes: 96)
    result.table = left.table
    try allocate(48 * left.table.count)
    try merge(result, with: right)
    return value
  }

  private func counterOperator(
    _ operation: BinaryOperator, _ left: DictObject, _ right: DictObject
  ) throws(Unwind) -> Value? {
    guard operation == .add || operation == .subtract, right.flavor == .counter else {
      throw unsupported("operators of Counter")
    }
    let result = DictObject(flavor: .counter)
    let value = try register(result, bytes: 96)
    for entry in left.table.entries where !entry.key.isUnbound {
      let count = try binary(operation, entry.value, try getItem(right, entry.key))
      if try truth(try compare(.greater, count, .int(0))) { try setItem(result, entry.key, count) }
    }
    for entry in right.table.entries where !entry.key.isUnbound {
      if try find(left, entry.key) != nil { continue }
      let count = operation == .add ? entry.value : try binary(.subtract, .int(0), entry.value)
      if try truth(try compare(.greater, count, .int(0))) { try setItem(result, entry.key, count) }
    }
    return value
  }

  // MARK: Sets

  func add(_ key: Value, to set: SetObject) throws(Unwind) {
    let hash = try hash(key)
    if try set.table.find(key, hash: hash, self) == nil {
      try allocate(40)
      set.table.insert(key, hash: hash)
    }
  }

  func makeSet(_ items: [Value], frozen: Bool = false) throws(Unwind) -> Value {
    let set = SetObject(frozen: frozen)
    let value = try register(set, bytes: 96)
    for item in items {
      try charge(1)
      try add(item, to: set)
    }
    return value
  }

  /// A set of any iterable, without a copy where it is one.
  func asSet(_ value: Value) throws(Unwind) -> SetObject {
    if case .object(let set as SetObject) = value { return set }
    let set = SetObject(frozen: false)
    _ = try register(set, bytes: 96)
    try each(of: value) { item throws(Unwind) in try self.add(item, to: set) }
    return set
  }

  func copy(_ set: SetObject, frozen: Bool) throws(Unwind) -> SetObject {
    let result = SetObject(frozen: frozen)
    _ = try register(result, bytes: 96)
    try allocate(40 * set.table.count)
    result.table.take(set.table)
    return result
  }

  func update(_ set: SetObject, with other: Value) throws(Unwind) {
    if case .object(let source as SetObject) = other {
      if source === set { return }
      if set.table.count == 0, set.table.fill == 0 {
        try allocate(40 * source.table.count)
        set.table.take(source.table)
        return
      }
      set.table.reserve(source.table.count)
      for slot in source.table.slots where slot.state == 1 {
        try charge(1)
        if try set.table.find(slot.key, hash: slot.hash, self) == nil {
          try allocate(40)
          set.table.insert(slot.key, hash: slot.hash)
        }
      }
      return
    }
    try each(of: other) { item throws(Unwind) in try self.add(item, to: set) }
  }

  func subtract(from set: SetObject, _ other: Value) throws(Unwind) {
    try each(of: other) { value throws(Unwind) in
      if let position = try set.table.find(value, hash: try self.hash(value), self) { set.table.remove(at: position) }
    }
  }

  func replace(_ set: SetObject, with value: Value?) throws(Unwind) {
    guard case .object(let result as SetObject)? = value else { return }
    set.table = result.table
  }

  func setOperator(_ operation: BinaryOperator, _ left: SetObject, _ right: Value) throws(Unwind) -> Value? {
    let frozen = left.isFrozen
    switch operation {
    case .bitOr:
      let result = try copy(left, frozen: frozen)
      try update(result, with: right)
      return .object(result)
    case .bitAnd:
      let other = try asSet(right)
      let result = SetObject(frozen: frozen)
      let value = try register(result, bytes: 96)
      // The smaller one is walked.
      let (walked, asked) =
        other.table.count > left.table.count ? (left, other) : (other, left)
      for slot in walked.table.slots where slot.state == 1 {
        try charge(1)
        if try asked.table.find(slot.key, hash: slot.hash, self) != nil { try add(slot.key, to: result) }
      }
      return value
    case .subtract:
      let other = try asSet(right)
      let result = SetObject(frozen: frozen)
      let value = try register(result, bytes: 96)
      for slot in left.table.slots where slot.state == 1 {
        try charge(1)
        if try other.table.find(slot.key, hash: slot.hash, self) == nil { try add(slot.key, to: result) }
      }
      return value
    case .bitXor:
      let other = try asSet(right)
      let result = try copy(other, frozen: frozen)
      for slot in left.table.slots where slot.state == 1 {
        try charge(1)
        if let position = try result.table.find(slot.key, hash: slot.hash, self) {
          result.table.remove(at: position)
        } else {
          try add(slot.key, to: result)
        }
      }
      return .object(result)
    default: return nil
    }
  }

  func viewOperator(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(Unwind) -> Value? {
    guard case .object(let view as ViewObject) = left, view.kind != .values else { return nil }
    let set = try asSet(left)
    return try setOperator(operation, set, .object(try asSet(right)))
  }

  func compareSets(_ operation: ComparisonOperator, _ left: SetObject, _ right: SetObject) throws(Unwind) -> Bool {
    switch operation {
    case .equal: return left.table.count == right.table.count ? try isSubset(left, right) : false
    case .notEqual: return left.table.count == right.table.count ? !(try isSubset(left, right)) : true
    case .lessOrEqual: return try isSubset(left, right)
    case .less: return left.table.count < right.table.count ? try isSubset(left, right) : false
    case .greaterOrEqual: return try isSubset(right, left)
    default: return right.table.count < left.table.count ? try isSubset(right, left) : false
    }
  }

  func isSubset(_ left: SetObject, _ right: SetObject) throws(Unwind) -> Bool {
    if left.table.count > right.table.count { return false }
    for slot in left.table.slots where slot.state == 1 {
      try charge(1)
      if try right.table.find(slot.key, hash: slot.hash, self) == nil { return false }
    }
    return true
  }

  // MARK: Lists

  func extend(_ list: ListObject, with other: Value) throws(Unwind) {
    if case .object(let object) = other, object is ListObject || object is TupleObject || object is SetObject {
      let added = try items(of: other)
      try allocate(16 * added.count)
      list.items += added
      return
    }
    // Items that were taken before an exception stay.
    let iterator = try iterator(other)
    while let item = try next(iterator) {
      try charge(1)
      try allocate(16)
      list.items.append(item)
    }
  }
}
