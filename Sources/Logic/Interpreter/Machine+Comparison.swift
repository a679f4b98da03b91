import BigInt

extension Machine {
  // MARK: Identity

  func identical(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.none, .none), (.ellipsis, .ellipsis), (.notImplemented, .notImplemented): return true
    case (.bool(let x), .bool(let y)): return x == y
    case (.int(let x), .int(let y)):
      // Only CPython's cached integers are certainly one object; others depend on how they were made.
      if x == y, x < -5 || x > 256 { versionDependent = true }
      return x == y
    case (.float(let x), .float(let y)):
      let isSame = x.bitPattern == y.bitPattern
      if isSame { versionDependent = true }
      return isSame
    case (.object(let x), .object(let y)):
      if x === y { return true }
      if let x = x as? StringObject, let y = y as? StringObject, x.values == y.values {
        versionDependent = true
        return true
      }
      if let x = x as? TupleObject, let y = y as? TupleObject, x.items.isEmpty, y.items.isEmpty { return true }
      if let x = x as? BigObject, let y = y as? BigObject, x.value == y.value {
        versionDependent = true
        return false
      }
      if let x = x as? OpaqueObject, let y = y as? OpaqueObject, x.path.hasPrefix("type(") || y.path.hasPrefix("type(")
      {
        // Two names may well lead to one class.
        return decideQuietly("\(x.path) is \(y.path)", chance: 300)
      }
      return false
    default: return false
    }
  }

  /// One and the same object, as containers test before they ask `==`. Two NaNs that are one object cannot be told
  /// from two that are not once floats are stored in place, so such a result is marked.
  private func isSameObject(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.object(let x), .object(let y)): return x === y
    case (.float(let x), .float(let y)): return x.isNaN && x.bitPattern == y.bitPattern
    default: return false
    }
  }

  /// `x is y or x == y`.
  func same(_ left: Value, _ right: Value) throws(Unwind) -> Bool {
    switch (left, right) {
    case (.int(let x), .int(let y)): return x == y
    case (.none, .none): return true
    default: break
    }
    if isSameObject(left, right) { return true }
    return try equal(left, right)
  }

  // MARK: Equality

  func equal(_ left: Value, _ right: Value) throws(Unwind) -> Bool {
    try truth(try compare(.equal, left, right))
  }

  func compare(_ operation: ComparisonOperator, _ left: Value, _ right: Value) throws(Unwind) -> Value {
    switch operation {
    case .identical: return .bool(identical(left, right))
    case .notIdentical: return .bool(!identical(left, right))
    case .contains: return .bool(try contains(right, left))
    case .notContains: return .bool(!(try contains(right, left)))
    default: break
    }
    meet(operation, left, right)
    if let x = number(left), let y = number(right) {
      let order = order(x, y)
      return .bool(holds(operation, order))
    }
    if case .object(let x) = left, case .object(let y) = right {
      if let x = x as? StringObject, let y = y as? StringObject {
        if operation == .equal { return .bool(x.values == y.values) }
        if operation == .notEqual { return .bool(x.values != y.values) }
        return .bool(holds(operation, order(x.values, y.values)))
      }
    }
    if case .object(let object) = left, let result = try rich(object, operation, left, right) { return result }
    if case .object(let object) = right, let result = try rich(object, operation.reflected, right, left) {
      return result
    }
    switch operation {
    case .equal: return .bool(isDefaultEqual(left, right))
    case .notEqual: return .bool(!isDefaultEqual(left, right))
    default:
      throw typeError(
        "'\(operation.rawValue)' not supported between instances of '\(typeName(left))' and '\(typeName(right))'")
    }
  }

  private func isDefaultEqual(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.none, .none), (.ellipsis, .ellipsis), (.notImplemented, .notImplemented): return true
    case (.object(let x), .object(let y)): return x === y
    default: return false
    }
  }

  func holds(_ operation: ComparisonOperator, _ order: Order) -> Bool {
    switch operation {
    case .equal: order == .equal
    case .notEqual: order != .equal
    case .less: order == .less
    case .lessOrEqual: order == .less || order == .equal
    case .greater: order == .greater
    case .greaterOrEqual: order == .greater || order == .equal
    default: false
    }
  }

  func order<Item: Comparable>(_ left: [Item], _ right: [Item]) -> Order {
    if left.lexicographicallyPrecedes(right) { return .less }
    return left == right ? .equal : .greater
  }

  /// The comparison of the left operand's type; nil for NotImplemented.
  private func rich(
    _ object: Object, _ operation: ComparisonOperator, _ left: Value, _ right: Value
  ) throws(Unwind) -> Value? {
    switch object {
    case is OpaqueObject: return try unknownCompare(operation, left, right)
    case let list as ListObject:
      guard case .object(let other as ListObject) = right else { return nil }
      return try sequences(operation, { list.items }, { other.items })
    case let tuple as TupleObject:
      guard case .object(let other as TupleObject) = right else { return nil }
      return try sequences(operation, { tuple.items }, { other.items })
    case let deque as DequeObject:
      guard case .object(let other as DequeObject) = right else { return nil }
      return try sequences(operation, { deque.items }, { other.items })
    case let bytes as BytesObject:
      guard case .object(let other as BytesObject) = right else { return nil }
      return .bool(holds(operation, order(bytes.values, other.values)))
    case let dictionary as DictObject:
      guard case .object(let other as DictObject) = right else { return nil }
      guard operation == .equal || operation == .notEqual else {
        if dictionary.flavor == .counter { throw unsupported("order of Counter") }
        return nil
      }
      if dictionary.flavor == .ordered, other.flavor == .ordered { throw unsupported("equality of OrderedDict") }
      if dictionary.flavor == .counter, other.flavor == .counter { throw unsupported("equality of Counter") }
      return .bool(try equal(dictionary, other) == (operation == .equal))
    case let set as SetObject:
      guard case .object(let other) = right, other is SetObject || other is ViewObject else { return nil }
      return .bool(try compareSets(operation, set, try asSet(right)))
    case let view as ViewObject:
      guard view.kind != .values, case .object(let other) = right, other is SetObject || other is ViewObject else {
        return nil
      }
      if let other = other as? ViewObject, other.kind == .values { return nil }
      return .bool(try compareSets(operation, try asSet(left), try asSet(right)))
    case let range as RangeObject:
      guard case .object(let other as RangeObject) = right, operation == .equal || operation == .notEqual else {
        return nil
      }
      let isEqual =
        range.count == other.count
        && (range.count == 0 || range.start == other.start && (range.count == 1 || range.step == other.step))
      return .bool(isEqual == (operation == .equal))
    case let slice as SliceObject:
      guard case .object(let other as SliceObject) = right else { return nil }
      return try sequences(operation, { slice.parts }, { other.parts })
    case let instance as InstanceObject:
      if let method = instance.type.lookup(operation.method) {
        let result = try callValue(method, left, right)
        if case .notImplemented = result { return nil }
        return result
      }
      if operation == .notEqual, let method = instance.type.lookup("__eq__") {
        let result = try callValue(method, left, right)
        if case .notImplemented = result { return nil }
        return .bool(!(try truth(result)))
      }
      return nil
    case let method as MethodObject:
      guard case .object(let other as MethodObject) = right, operation == .equal || operation == .notEqual else {
        return nil
      }
      let isEqual = identical(method.receiver, other.receiver) && identical(method.function, other.function)
      return .bool(isEqual == (operation == .equal))
    case is BuiltinObject:
      if case .object(let other) = right, other is BuiltinObject, other !== object {
        throw unsupported("comparison of built-in functions")
      }
      return nil
    default: return nil
    }
  }

  private func sequences(
    _ operation: ComparisonOperator, _ left: () -> [Value], _ right: () -> [Value]
  ) throws(Unwind) -> Value {
    try descend()
    defer { ascend() }
    if operation == .equal || operation == .notEqual, left().count != right().count {
      return .bool(operation == .notEqual)
    }
    var index = 0
    while index < left().count, index < right().count {
      try charge(1)
      let x = left()[index]
      let y = right()[index]
      if !(try same(x, y)) {
        if operation == .equal { return .bool(false) }
        if operation == .notEqual { return .bool(true) }
        return try compare(operation, x, y)
      }
      index += 1
    }
    let x = left().count
    let y = right().count
    return .bool(holds(operation, x < y ? .less : x > y ? .greater : .equal))
  }

  private func equal(_ left: DictObject, _ right: DictObject) throws(Unwind) -> Bool {
    if left.table.count != right.table.count { return false }
    try descend()
    defer { ascend() }
    for entry in left.table.entries where !entry.key.isUnbound {
      try charge(1)
      guard let index = try right.table.find(entry.key, hash: entry.hash, self) else { return false }
      if !(try same(entry.value, right.table.entries[index].value)) { return false }
    }
    return true
  }

  /// Native recursion over nested data.
  func descend() throws(Unwind) {
    dataDepth += 1
    if dataDepth > 120 { throw stop(.depth) }
  }
  func ascend() { dataDepth -= 1 }

  // MARK: Membership

  func contains(_ container: Value, _ item: Value) throws(Unwind) -> Bool {
    guard case .object(let object) = container else {
      throw typeError("argument of type '\(typeName(container))' is not iterable")
    }
    meet(object, askedFor: item)
    switch object {
    case let list as ListObject:
      var index = 0
      while index < list.items.count {
        try charge(1)
        if try same(list.items[index], item) { return true }
        index += 1
      }
      return false
    case let tuple as TupleObject:
      for member in tuple.items {
        try charge(1)
        if try same(member, item) { return true }
      }
      return false
    case let deque as DequeObject:
      for member in deque.items {
        try charge(1)
        if try same(member, item) { return true }
      }
      return false
    case let text as StringObject:
      guard case .object(let part as StringObject) = item else {
        throw typeError("'in <string>' requires string as left operand, not \(typeName(item))")
      }
      try charge(text.values.count / 8)
      meet(text.values, .find, Arguments(positional: [item]))
      return find(part.values, in: text.values, from: 0) != nil
    case let dictionary as DictObject: return try find(dictionary, item) != nil
    case let set as SetObject:
      return try set.table.find(item, hash: try hash(try frozen(item)), self) != nil
    case let range as RangeObject:
      switch number(item) {
      case .int(let value):
        return range.count > 0 && contains(range, value)
      case .float(let value):
        guard value == value.rounded(), value.magnitude < 1e18 else { return false }
        return contains(range, Int(value))
      case .big: return false
      case nil:
        for value in try items(of: container) where try same(value, item) { return true }
        return false
      }
    case let view as ViewObject:
      switch view.kind {
      case .keys: return try find(view.dictionary, item) != nil
      case .values:
        for entry in view.dictionary.table.entries where !entry.key.isUnbound {
          if try same(entry.value, item) { return true }
        }
        return false
      case .items:
        guard case .object(let pair as TupleObject) = item, pair.items.count == 2 else { return false }
        guard let index = try find(view.dictionary, pair.items[0]) else { return false }
        return try same(view.dictionary.table.entries[index].value, pair.items[1])
      }
    case let bytes as BytesObject:
      switch number(item) {
      case .int(let value):
        guard (0..<256).contains(value) else { throw raise("ValueError", "byte must be in range(0, 256)") }
        return bytes.values.contains(UInt8(value))
      default:
        guard case .object(let part as BytesObject) = item else {
          throw typeError("a bytes-like object is required, not '\(typeName(item))'")
        }
        return find(part.values, in: bytes.values, from: 0) != nil
      }
    case let opaque as OpaqueObject: return try unknownContains(opaque, item)
    case let instance as InstanceObject:
      if let method = instance.type.lookup("__contains__") { return try truth(try callValue(method, container, item)) }
    default: break
    }
    let iterator = try iterator(container)
    while let member = try next(iterator) {
      try charge(1)
      if try same(member, item) { return true }
    }
    return false
  }

  private func contains(_ range: RangeObject, _ value: Int) -> Bool {
    guard range.count > 0 else { return false }
    let last = range.start + (range.count - 1) * range.step
    let (low, high) = range.step > 0 ? (range.start, last) : (last, range.start)
    return value >= low && value <= high && (value - range.start) % range.step == 0
  }

  /// The position of a part; positions are counted in items.
  func find<Item: Equatable>(_ part: [Item], in whole: [Item], from start: Int) -> Int? {
    if part.isEmpty { return start <= whole.count ? start : nil }
    guard whole.count >= part.count else { return nil }
    var index = start
    while index <= whole.count - part.count {
      if whole[index] == part[0], whole[index..<(index + part.count)].elementsEqual(part) { return index }
      index += 1
    }
    return nil
  }
}

extension ComparisonOperator {
  var reflected: ComparisonOperator {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }

  var method: String {
    switch self {
    case .equal: "__eq__"
    case .notEqual: "__ne__"
    case .less: "__lt__"
    case .lessOrEqual: "__le__"
    case .greater: "__gt__"
    case .greaterOrEqual: "__ge__"
    default: ""
    }
  }
}
