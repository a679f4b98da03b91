/// `copy.copy` and `copy.deepcopy` of what is modelled; of the unknown they are unknown calls.
extension Machine {
  func copyFunction(_ function: Library, _ arguments: Arguments) throws(Unwind) -> Value {
    if function == .copy { return try shallowCopy(try one(arguments, "copy")) }
    let values = try parse(arguments, "deepcopy", ["x", "memo"], required: 1)
    if let memo = values[1], !memo.isNone { throw unsupported("deepcopy with a memo") }
    var made: [ObjectIdentifier: Value] = [:]
    return try deepCopy(values[0] ?? .none, &made)
  }

  private func shallowCopy(_ value: Value) throws(Unwind) -> Value {
    guard case .object(let object) = value else { return value }
    switch object {
    case let list as ListObject: return try self.list(list.items)
    case let set as SetObject: return set.isFrozen ? value : .object(try copy(set, frozen: false))
    case let dictionary as DictObject:
      let result = DictObject(flavor: dictionary.flavor)
      result.factory = dictionary.factory
      result.table = dictionary.table
      return try register(result, bytes: 96 + 48 * dictionary.table.count)
    case let deque as DequeObject:
      return try register(DequeObject(deque.items, limit: deque.limit), bytes: 64 + 16 * deque.items.count)
    case let instance as InstanceObject:
      try refuseHooks(instance)
      let result = InstanceObject(instance.type)
      result.names = instance.names
      result.attributes = instance.attributes
      return try register(result, bytes: 64 + 32 * instance.names.count)
    default: return try unchanged(value, object, "copy.copy")
    }
  }

  private func refuseHooks(_ instance: InstanceObject) throws(Unwind) {
    let hooks = ["__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__"]
    for name in hooks + ["__slots__"] where instance.type.lookup(name) != nil {
      throw unsupported("a copy by \(name)")
    }
  }

  /// What is never copied, or is unknown.
  private func unchanged(_ value: Value, _ object: Object, _ name: String) throws(Unwind) -> Value {
    switch object {
    case is StringObject, is BytesObject, is BigObject, is TupleObject, is RangeObject, is FunctionObject,
      is TypeObject,
      is CachedObject:
      return value
    case let builtin as BuiltinObject:
      if case .function = builtin.kind { return value }
      if case .library = builtin.kind { return value }
    case is OpaqueObject: return try callUnknown(named: name, Arguments(positional: [value]), on: [])
    default: break
    }
    throw unsupported("\(name) of a \(typeName(value))")
  }

  private func deepCopy(_ value: Value, _ made: inout [ObjectIdentifier: Value]) throws(Unwind) -> Value {
    guard case .object(let object) = value else { return value }
    if let copy = made[ObjectIdentifier(object)] { return copy }
    try charge(2)
    try descend()
    defer { ascend() }
    switch object {
    case let list as ListObject:
      let result = ListObject([])
      let copy = try register(result, bytes: 64 + 16 * list.items.count)
      made[ObjectIdentifier(object)] = copy
      for item in list.items { result.items.append(try deepCopy(item, &made)) }
      return copy
    case let tuple as TupleObject:
      var items: [Value] = []
      for item in tuple.items { items.append(try deepCopy(item, &made)) }
      if let copy = made[ObjectIdentifier(object)] { return copy }
      let isSame = zip(items, tuple.items).allSatisfy { pair in
        if case (.object(let x), .object(let y)) = pair { x === y } else { true }
      }
      let copy = isSame ? value : try register(TupleObject(items, type: tuple.type), bytes: 48 + 16 * items.count)
      made[ObjectIdentifier(object)] = copy
      return copy
    case let dictionary as DictObject:
      let result = DictObject(flavor: dictionary.flavor)
      result.factory = dictionary.factory
      let copy = try register(result, bytes: 96)
      made[ObjectIdentifier(object)] = copy
      for entry in dictionary.table.entries where !entry.key.isUnbound {
        let key = try deepCopy(entry.key, &made)
        try setItem(result, key, try deepCopy(entry.value, &made))
      }
      return copy
    case let set as SetObject:
      noteOrder(of: set)
      var items: [Value] = []
      let values = set.table.values
      for item in limits.turnsSets ? values.reversed() : values { items.append(try deepCopy(item, &made)) }
      let copy = try makeSet(items, frozen: set.isFrozen)
      made[ObjectIdentifier(object)] = copy
      return copy
    case let deque as DequeObject:
      let result = DequeObject([], limit: deque.limit)
      let copy = try register(result, bytes: 64 + 16 * deque.items.count)
      made[ObjectIdentifier(object)] = copy
      for item in deque.items { result.items.append(try deepCopy(item, &made)) }
      return copy
    case let instance as InstanceObject:
      try refuseHooks(instance)
      let result = InstanceObject(instance.type)
      let copy = try register(result, bytes: 64 + 32 * instance.names.count)
      made[ObjectIdentifier(object)] = copy
      for name in instance.names {
        result.names.append(name)
        result.attributes[name] = try deepCopy(instance.attributes[name] ?? .none, &made)
      }
      return copy
    default:
      let copy = try unchanged(value, object, "copy.deepcopy")
      made[ObjectIdentifier(object)] = copy
      return copy
    }
  }
}
