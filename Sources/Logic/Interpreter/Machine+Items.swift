import BigInt

/// `a[b]`, its store and deletion, and slices.
extension Machine {
  func getItem(_ container: Value, _ key: Value) throws(Unwind) -> Value {
    guard case .object(let object) = container else {
      throw typeError("'\(typeName(container))' object is not subscriptable")
    }
    switch object {
    case let list as ListObject:
      if case .int(let index) = key {
        let position = index < 0 ? index + list.items.count : index
        if position >= 0, position < list.items.count { return list.items[position] }
        meet(list, readAt: position)
        throw raise("IndexError", "list index out of range")
      }
      if case .object(let slice as SliceObject) = key {
        return try self.list(try sliced(list.items, slice))
      }
      return list.items[try position(key, count: list.items.count, "list")]
    case let dictionary as DictObject: return try getItem(dictionary, key)
    case let match as MatchObject: return try item(of: match, key)
    case let tuple as TupleObject:
      if case .object(let slice as SliceObject) = key { return try self.tuple(try sliced(tuple.items, slice)) }
      return tuple.items[try position(key, count: tuple.items.count, "tuple")]
    case let text as StringObject:
      if case .object(let slice as SliceObject) = key { return try string(try sliced(text.values, slice)) }
      return try string([text.values[try position(key, count: text.values.count, "string")]])
    case let bytes as BytesObject:
      if case .object(let slice as SliceObject) = key { return try self.bytes(try sliced(bytes.values, slice)) }
      return .int(Int(bytes.values[try position(key, count: bytes.values.count, "index")]))
    case let range as RangeObject:
      if case .object(let slice as SliceObject) = key {
        let (start, _, step, count) = try bounds(slice, count: range.count)
        let stride = step.multipliedReportingOverflow(by: range.step)
        let span = count.multipliedReportingOverflow(by: stride.partialValue)
        let first = range.start.addingReportingOverflow(start &* range.step)
        let last = first.partialValue.addingReportingOverflow(span.partialValue)
        if stride.overflow || span.overflow || first.overflow || last.overflow {
          throw unsupported("a range this large")
        }
        return try self.range(start: first.partialValue, stop: last.partialValue, step: stride.partialValue)
      }
      return .int(range.start &+ (try position(key, count: range.count, "range object")) &* range.step)
    case let deque as DequeObject: return deque.items[try position(key, count: deque.items.count, "deque")]
    case let opaque as OpaqueObject: return try unknownItem(opaque, key)
    case let instance as InstanceObject:
      if let method = instance.type.lookup("__getitem__") { return try callValue(method, container, key) }
    case let type as TypeObject:
      if case .program = type.kind, let method = type.lookup("__class_getitem__") {
        return try callValue(method, container, key)
      }
      // `list[int]` and its like: only annotations use them.
      return try unknownRoot("\(type.name)[\(try represent(key))]")
    default: break
    }
    throw typeError("'\(typeName(container))' object is not subscriptable")
  }

  func setItem(_ container: Value, _ key: Value, _ value: Value) throws(Unwind) {
    guard case .object(let object) = container else {
      throw typeError("'\(typeName(container))' object does not support item assignment")
    }
    switch object {
    case let list as ListObject:
      if case .object(let slice as SliceObject) = key {
        try setSlice(list, slice, value)
        return
      }
      let position = try position(key, count: list.items.count, "list assignment")
      list.items[position] = value
    case let dictionary as DictObject: try setItem(dictionary, key, value)
    case let deque as DequeObject: deque.items[try position(key, count: deque.items.count, "deque")] = value
    case let opaque as OpaqueObject: try storeUnknownItem(opaque, key, value)
    case let instance as InstanceObject:
      guard let method = instance.type.lookup("__setitem__") else { fallthrough }
      _ = try callValue(method, container, key, value)
    default: throw typeError("'\(typeName(container))' object does not support item assignment")
    }
  }

  func deleteItem(_ container: Value, _ key: Value) throws(Unwind) {
    guard case .object(let object) = container else {
      throw typeError("'\(typeName(container))' object doesn't support item deletion")
    }
    switch object {
    case let list as ListObject:
      if case .object(let slice as SliceObject) = key {
        let (start, _, step, count) = try bounds(slice, count: list.items.count)
        let doomed = Set((0..<count).map { start + $0 * step })
        list.items = list.items.enumerated().filter { !doomed.contains($0.offset) }.map(\.element)
        return
      }
      list.items.remove(at: try position(key, count: list.items.count, "list assignment"))
    case let dictionary as DictObject:
      guard let index = try find(dictionary, key) else {
        if dictionary.flavor == .counter { return }
        throw raise("KeyError", arguments: [key])
      }
      _ = dictionary.table.remove(at: index)
    case let deque as DequeObject: deque.items.remove(at: try position(key, count: deque.items.count, "deque"))
    case let opaque as OpaqueObject: try deleteUnknownItem(opaque, key)
    case let instance as InstanceObject:
      guard let method = instance.type.lookup("__delitem__") else { fallthrough }
      _ = try callValue(method, container, key)
    default: throw typeError("'\(typeName(container))' object doesn't support item deletion")
    }
  }

  /// An index in range, negative ones counted from the end.
  private func position(_ key: Value, count: Int, _ what: String) throws(Unwind) -> Int {
    guard let index = try index(key) else {
      throw typeError("\(what) indices must be integers or slices, not \(typeName(key))")
    }
    let position = index < 0 ? index + count : index
    if position < 0 || position >= count { throw raise("IndexError", "\(what) index out of range") }
    return position
  }

  /// The value as an index: an int, a bool, or an object with `__index__`. Nil for other types.
  func index(_ value: Value) throws(Unwind) -> Int? {
    switch value {
    case .int(let value): return value
    case .bool(let value): return value ? 1 : 0
    case .object(let object):
      if let big = object as? BigObject {
        return big.value.sign == .minus ? Int.min / 4 : Int.max / 4
      }
      if let instance = object as? InstanceObject, let method = instance.type.lookup("__index__") {
        let result = try callValue(method, value)
        if case .object(let object) = result, object is InstanceObject { throw typeError("__index__ returned non-int") }
        return try index(result)
      }
      if let opaque = object as? OpaqueObject { return try unknownIndex(opaque) }
      return nil
    default: return nil
    }
  }

  /// An index where a large integer is an error, not a bound.
  func exactIndex(_ value: Value) throws(Unwind) -> Int? {
    if case .object(let object) = value, object is BigObject {
      throw raise("OverflowError", "Python int too large to convert to C ssize_t")
    }
    return try index(value)
  }

  // MARK: Slices

  /// `slice.indices`, and how many items it takes.
  func bounds(_ slice: SliceObject, count: Int) throws(Unwind) -> (start: Int, stop: Int, step: Int, count: Int) {
    let step = slice.parts[2].isNone ? 1 : try part(slice.parts[2])
    if step == 0 { throw raise("ValueError", "slice step cannot be zero") }
    let low = step < 0 ? -1 : 0
    let high = step < 0 ? count - 1 : count
    func clamp(_ value: Value, _ fallback: Int) throws(Unwind) -> Int {
      if value.isNone { return fallback }
      var index = try part(value)
      if index < 0 { index = index < -count ? low : max(index + count, low) }
      return min(max(index, low), high)
    }
    let start = try clamp(slice.parts[0], step < 0 ? high : low)
    let stop = try clamp(slice.parts[1], step < 0 ? low : high)
    let length: Int
    if step > 0 {
      length = start < stop ? (stop - start - 1) / step + 1 : 0
    } else {
      let stride = step == .min ? Int.max : -step
      length = stop < start ? (start - stop - 1) / stride + 1 : 0
    }
    return (start, stop, step, length)
  }

  private func part(_ value: Value) throws(Unwind) -> Int {
    guard let index = try index(value) else {
      throw typeError("slice indices must be integers or None or have an __index__ method")
    }
    return index
  }

  private func sliced<Item>(_ items: [Item], _ slice: SliceObject) throws(Unwind) -> [Item] {
    let (start, _, step, count) = try bounds(slice, count: items.count)
    try charge(count / 16)
    if count == 0 { return [] }
    if step == 1 { return Array(items[start..<(start + count)]) }
    return (0..<count).map { items[start + $0 * step] }
  }

  private func setSlice(_ list: ListObject, _ slice: SliceObject, _ value: Value) throws(Unwind) {
    guard (try? self.isIterable(value)) ?? false else { throw typeError("can only assign an iterable") }
    let items = try items(of: value)
    let (start, stop, step, count) = try bounds(slice, count: list.items.count)
    try allocate(16 * items.count)
    if step == 1 {
      list.items.replaceSubrange(start..<max(start, stop), with: items)
      return
    }
    if items.count != count {
      throw raise(
        "ValueError", "attempt to assign sequence of size \(items.count) to extended slice of size \(count)")
    }
    for (offset, item) in items.enumerated() { list.items[start + offset * step] = item }
  }

  private func isIterable(_ value: Value) throws -> Bool {
    guard case .object(let object) = value else { return false }
    if let instance = object as? InstanceObject {
      return instance.type.lookup("__iter__") != nil || instance.type.lookup("__getitem__") != nil
    }
    return !(object is FunctionObject || object is BigObject || object is TypeObject)
  }

  func range(start: Int, stop: Int, step: Int) throws(Unwind) -> Value {
    if step == 0 { throw raise("ValueError", "range() arg 3 must not be zero") }
    let span = step > 0 ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
    if span.overflow { throw unsupported("a range this large") }
    let stride = step == .min ? Int.max : abs(step)
    let count = span.partialValue <= 0 ? 0 : (span.partialValue - 1) / stride + 1
    return try register(RangeObject(start: start, stop: stop, step: step, count: count), bytes: 64)
  }

  // MARK: Length

  func length(_ value: Value) throws(Unwind) -> Int {
    if case .object(let object) = value {
      switch object {
      case let list as ListObject: return list.items.count
      case let text as StringObject: return text.values.count
      case let tuple as TupleObject: return tuple.items.count
      case let dictionary as DictObject: return dictionary.table.count
      case let set as SetObject: return set.table.count
      case let bytes as BytesObject: return bytes.values.count
      case let range as RangeObject: return range.count
      case let view as ViewObject: return view.dictionary.table.count
      case let deque as DequeObject: return deque.items.count
      case let opaque as OpaqueObject: return try lengthOfUnknown(opaque)
      case let instance as InstanceObject:
        if let method = instance.type.lookup("__len__") {
          guard let count = try index(try callValue(method, value)) else {
            throw typeError("'\(typeName(value))' object cannot be interpreted as an integer")
          }
          if count < 0 { throw raise("ValueError", "__len__() should return >= 0") }
          return count
        }
      default: break
      }
    }
    throw typeError("object of type '\(typeName(value))' has no len()")
  }
}
