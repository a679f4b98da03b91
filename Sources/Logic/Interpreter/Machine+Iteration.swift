extension Machine {
  func iterator(_ value: Value) throws(Unwind) -> Value {
    guard case .object(let object) = value else { throw typeError("'\(typeName(value))' object is not iterable") }
    switch object {
    case is IteratorObject: return value
    case let generator as GeneratorObject:
      if generator.kind == .generator { return value }
      throw typeError("'\(typeName(value))' object is not iterable")
    case let list as ListObject: return try register(ListIterator(list), bytes: 48)
    case let tuple as TupleObject: return try register(ArrayIterator(tuple.items), bytes: 48)
    case let range as RangeObject:
      return try register(RangeIterator(start: range.start, step: range.step, count: range.count), bytes: 48)
    case let text as StringObject: return try register(StringIterator(text), bytes: 48)
    case let bytes as BytesObject:
      return try register(ArrayIterator(bytes.values.map { .int(Int($0)) }), bytes: 48 + 16 * bytes.values.count)
    case let dictionary as DictObject: return try register(DictIterator(dictionary, .keys), bytes: 48)
    case let view as ViewObject: return try register(DictIterator(view.dictionary, view.kind), bytes: 48)
    case let set as SetObject:
      noteOrder(of: set)
      return try register(SetIterator(set, isTurned: limits.turnsSets), bytes: 48)
    case let deque as DequeObject: return try register(DequeIterator(deque), bytes: 48)
    case let opaque as OpaqueObject: return try iterateUnknown(opaque)
    case let instance as InstanceObject:
      if let method = instance.type.lookup("__iter__") {
        let result = try callValue(method, value)
        guard try isIterator(result) else { throw typeError("iter() returned non-iterator") }
        return result
      }
      if instance.type.lookup("__getitem__") != nil { return try register(SequenceIterator(value), bytes: 48) }
      throw typeError("'\(instance.type.name)' object is not iterable")
    default: throw typeError("'\(typeName(value))' object is not iterable")
    }
  }

  /// The order of a set of other than numbers is not the language's: what rests on it is marked.
  func noteOrder(of set: SetObject) {
    guard set.table.count > 1, !orderDependent else { return }
    for slot in set.table.slots where slot.state == 1 && !hasFixedHash(slot.key) {
      orderDependent = true
      return
    }
  }

  /// The hash is the same in every process.
  func hasFixedHash(_ value: Value) -> Bool {
    switch value {
    case .int, .bool, .float: return true
    case .object(let object):
      if let tuple = object as? TupleObject {
        return tuple.items.allSatisfy {
          switch $0 {
          case .int, .bool, .float: true
          default: false
          }
        }
      }
      return object is BigObject
    default: return false
    }
  }

  func isIterator(_ value: Value) throws(Unwind) -> Bool {
    guard case .object(let object) = value else { return false }
    switch object {
    case is IteratorObject, is OpaqueObject: return true
    case let generator as GeneratorObject: return generator.kind == .generator
    case let instance as InstanceObject: return instance.type.lookup("__next__") != nil
    default: return false
    }
  }

  /// The next item of an iterator, nil when it is exhausted.
  func next(_ iterator: Value) throws(Unwind) -> Value? {
    guard case .object(let object) = iterator else {
      throw typeError("'\(typeName(iterator))' object is not an iterator")
    }
    if let iterator = object as? IteratorObject {
      // Iterators over iterators can be stacked without end.
      try charge(1)
      try descend()
      defer { ascend() }
      return try iterator.next(self)
    }
    switch object {
    case let generator as GeneratorObject: return try resume(generator)
    case let opaque as OpaqueObject: return try nextUnknown(opaque)
    case let instance as InstanceObject:
      guard let method = instance.type.lookup("__next__") else {
        throw typeError("'\(instance.type.name)' object is not an iterator")
      }
      do throws(Unwind) {
        return try callValue(method, iterator)
      } catch {
        if error == .exception, pendingIs("StopIteration") { return nil }
        throw error
      }
    default: throw typeError("'\(typeName(iterator))' object is not an iterator")
    }
  }

  /// All items, as `list` takes them.
  func items(of value: Value) throws(Unwind) -> [Value] {
    if case .object(let object) = value {
      switch object {
      case let list as ListObject:
        try charge(list.items.count / 8)
        return list.items
      case let tuple as TupleObject:
        try charge(tuple.items.count / 8)
        return tuple.items
      case let range as RangeObject:
        try allocate(16 * min(range.count, 1 << 40))
        try charge(range.count / 4)
        return (0..<range.count).map { .int(range.start + $0 * range.step) }
      default: break
      }
    }
    return try drain(try iterator(value))
  }

  /// Item by item: what is done with one happens before the next is asked for.
  func each(of value: Value, _ body: (Value) throws(Unwind) -> Void) throws(Unwind) {
    let iterator = try iterator(value)
    while let item = try next(iterator) {
      try charge(1)
      try body(item)
    }
  }

  func drain(_ iterator: Value) throws(Unwind) -> [Value] {
    var result: [Value] = []
    while let item = try next(iterator) {
      try charge(1)
      try allocate(16)
      result.append(item)
    }
    return result
  }

  func unpack(_ value: Value, into regs: UnsafeMutablePointer<Value>, count: Int, starred: Int) throws(Unwind) {
    if starred < 0 {
      if case .object(let object) = value {
        if let tuple = object as? TupleObject, tuple.items.count == count {
          for index in 0..<count { regs[index] = tuple.items[index] }
          return
        }
        if let list = object as? ListObject, list.items.count == count {
          for index in 0..<count { regs[index] = list.items[index] }
          return
        }
      }
      let iterator = try unpackIterator(value)
      for index in 0..<count {
        guard let item = try next(iterator) else {
          throw raise("ValueError", "not enough values to unpack (expected \(count), got \(index))")
        }
        regs[index] = item
      }
      if try next(iterator) != nil {
        throw raise("ValueError", "too many values to unpack (expected \(count))")
      }
      return
    }
    let items = try drain(try unpackIterator(value))
    let after = count - starred - 1
    if items.count < count - 1 {
      throw raise("ValueError", "not enough values to unpack (expected at least \(count - 1), got \(items.count))")
    }
    for index in 0..<starred { regs[index] = items[index] }
    regs[starred] = try list(Array(items[starred..<(items.count - after)]))
    for offset in 0..<after { regs[starred + 1 + offset] = items[items.count - after + offset] }
  }

  private func unpackIterator(_ value: Value) throws(Unwind) -> Value {
    do throws(Unwind) {
      return try iterator(value)
    } catch {
      if error == .exception, pendingIs("TypeError"), !isIterable(value) {
        throw typeError("cannot unpack non-iterable \(typeName(value)) object")
      }
      throw error
    }
  }

  private func isIterable(_ value: Value) -> Bool {
    guard case .object(let object) = value else { return false }
    return !(object is InstanceObject) || (object as? InstanceObject)?.type.lookup("__iter__") != nil
  }
}
