import BigInt

extension Machine {
  /// The number of an object in snapshots; a new one when it escapes for the first time.
  func number(of object: Object) -> Int {
    if object.number == 0 {
      object.number = nextNumber
      nextNumber += 1
      switch object {
      case is ListObject, is DictObject, is SetObject, is InstanceObject, is DequeObject: escaped.append(object)
      case is FunctionObject, is MethodObject, is CachedObject, is GeneratorObject, is IteratorObject:
        escapedFunctions.append(object)
      default: break
      }
    }
    return object.number
  }

  func snapshot(_ value: Value) throws(Unwind) -> Snapshot {
    var seen: Set<ObjectIdentifier> = []
    return try snapshot(value, &seen)
  }

  private func snapshot(_ value: Value, _ seen: inout Set<ObjectIdentifier>) throws(Unwind) -> Snapshot {
    switch value {
    case .none: return .none
    case .unbound: return .unset
    case .ellipsis: return .ellipsis
    case .notImplemented: return .notImplemented
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(BigInt(value))
    case .float(let value): return .float(FloatBits(value.isNaN ? .nan : value))
    case .object(let object): return try snapshot(object, value, &seen)
    }
  }

  private func snapshot(
    _ object: Object, _ value: Value, _ seen: inout Set<ObjectIdentifier>
  ) throws(Unwind) -> Snapshot {
    try charge(1)
    switch object {
    case let big as BigObject: return .int(big.value)
    case let text as StringObject:
      try allocate(4 * text.values.count)
      return .string(CodePoints(text.values))
    case let bytes as BytesObject: return .bytes(bytes.values)
    case let opaque as OpaqueObject: return .opaque(opaque.path)
    case let range as RangeObject:
      return .range([.int(BigInt(range.start)), .int(BigInt(range.stop)), .int(BigInt(range.step))])
    case let type as TypeObject:
      if case .program = type.kind { return .function(number(of: object)) }
      return .builtin(type.name)
    case let builtin as BuiltinObject:
      switch builtin.kind {
      case .function(let function): return .builtin(function.rawValue)
      case .library(let library): return .builtin(library.rawValue)
      case .unboundMethod(let type, let method): return .builtin("\(type.rawValue).\(method.rawValue)")
      case .method(let method):
        return .tuple([.builtin("method \(method.rawValue)"), try inside(builtin.receiver, &seen)])
      case .partial(let positional, let keywords):
        var parts = [Snapshot.builtin("partial"), try inside(builtin.receiver, &seen)]
        for item in positional { parts.append(try inside(item, &seen)) }
        for (name, item) in keywords { parts.append(.tuple([.string(CodePoints(name)), try inside(item, &seen)])) }
        return .tuple(parts)
      case .itemGetter(let keys):
        var parts = [Snapshot.builtin("itemgetter")]
        for key in keys { parts.append(try inside(key, &seen)) }
        return .tuple(parts)
      case .attributeGetter(let names): return .tuple([.builtin("attrgetter")] + names.map { .string(CodePoints($0)) })
      case .ofMatch(let method): return .tuple([try inside(builtin.receiver, &seen), .builtin(method.rawValue)])
      case .methodCaller, .cacheDecorator, .cacheClear, .keyMaker, .keyComparison:
        throw unsupported("a function of the library in a result")
      }
    case let module as ModuleObject: return .builtin(module.name)
    case let pattern as PatternObject: return .opaque(pattern.path)
    case let match as MatchObject:
      let text = Snapshot.string(CodePoints(match.text))
      return .tuple(
        [.opaque(match.source.path), text]
          + match.match.spans.map { .slice([.int(BigInt($0?.lowerBound ?? -1)), .int(BigInt($0?.upperBound ?? -1))]) })
    case let tuple as TupleObject: return .tuple(try inside(tuple.items, &seen))
    case let slice as SliceObject: return .slice(try inside(slice.parts, &seen))
    case let set as SetObject where set.isFrozen: return .frozenSet(try sorted(set, &seen))
    case is FunctionObject, is MethodObject, is CachedObject: return .function(number(of: object))
    case is GeneratorObject, is IteratorObject: return .iterator(number(of: object))
    case let view as ViewObject:
      return .tuple([.builtin("view \(view.kind)"), try inside(.object(view.dictionary), &seen)])
    case let cell as SuperObject: return try inside(cell.receiver, &seen)
    default: break
    }
    let number = number(of: object)
    guard seen.insert(ObjectIdentifier(object)).inserted else { return .again(number) }
    switch object {
    case let list as ListObject: return .list(number, try inside(list.items, &seen))
    case let set as SetObject: return .set(number, try sorted(set, &seen))
    case let dictionary as DictObject:
      var pairs: [Snapshot.Pair] = []
      for entry in dictionary.table.entries where !entry.key.isUnbound {
        pairs.append(Snapshot.Pair(try inside(entry.key, &seen), try inside(entry.value, &seen)))
      }
      switch dictionary.flavor {
      case .plain: return .dictionary(number, pairs)
      default: return .instance(number, type: typeName(value), pairs)
      }
    case let deque as DequeObject:
      let items = try inside(deque.items, &seen)
      return .instance(number, type: "deque", items.map { Snapshot.Pair(.none, $0) })
    case let instance as InstanceObject:
      var pairs: [Snapshot.Pair] = []
      let isWhole = instance.type.name == program.program.wholeClass
      for name in instance.names.sorted() where !isWhole || !name.hasPrefix("_") {
        pairs.append(
          Snapshot.Pair(.string(CodePoints(name)), try inside(instance.attributes[name] ?? .none, &seen)))
      }
      return .instance(number, type: instance.type.name, pairs)
    case let exception as ExceptionObject:
      // An implicit exception that the code uses tells what failed, in words that versions choose.
      noteWording(exception)
      var arguments = try inside(exception.arguments, &seen)
      for (name, value) in exception.attributes.sorted(by: { $0.key < $1.key }) {
        arguments.append(.tuple([.string(CodePoints(name)), try inside(value, &seen)]))
      }
      return .exception(number, type: exception.type.name, arguments)
    case let descriptor as DescriptorObject:
      let parts = [descriptor.getter, descriptor.setter, descriptor.deleter].prefix { !$0.isUnbound }
      let names = ["fget", "fset", "fdel"].map { Snapshot.string(CodePoints($0)) }
      let pairs = zip(names, try inside(Array(parts), &seen)).map { Snapshot.Pair($0, $1) }
      return .instance(number, type: "\(descriptor.kind)", pairs)
    default: throw unsupported("a value of this kind in a result")
    }
  }

  private func inside(_ value: Value, _ seen: inout Set<ObjectIdentifier>) throws(Unwind) -> Snapshot {
    guard case .object = value else { return try snapshot(value, &seen) }
    try descend()
    defer { ascend() }
    return try snapshot(value, &seen)
  }

  private func inside(_ items: [Value], _ seen: inout Set<ObjectIdentifier>) throws(Unwind) -> [Snapshot] {
    var result: [Snapshot] = []
    result.reserveCapacity(items.count)
    try charge(items.count / 4)
    for item in items { result.append(try inside(item, &seen)) }
    return result
  }

  private func sorted(_ set: SetObject, _ seen: inout Set<ObjectIdentifier>) throws(Unwind) -> [Snapshot] {
    var keyed: [(String, Snapshot)] = []
    for item in set.table.values {
      try charge(4)
      let part = try inside(item, &seen)
      keyed.append(("\(part)", part))
    }
    keyed.sort { $0.0 < $1.0 }
    return keyed.map(\.1)
  }

  // MARK: Exceptions

  func raised(_ exception: Value, depth: Int) throws(Unwind) -> Raised {
    if depth > 20 { throw stop(.depth) }
    guard case .object(let object) = exception else { return .suppressed }
    if let opaque = object as? OpaqueObject {
      return .opaque(opaque.path, cause: try cause(opaque.cause, depth))
    }
    guard let exception = object as? ExceptionObject else { return .suppressed }
    var arguments: [Snapshot]?
    if !exception.isImplicit {
      var parts: [Snapshot] = []
      for item in exception.arguments { parts.append(try snapshot(item)) }
      arguments = parts
    }
    return .exception(type: exception.type.name, arguments: arguments, cause: try cause(exception.cause, depth))
  }

  private func cause(_ cause: Value, _ depth: Int) throws(Unwind) -> Raised? {
    switch cause {
    case .unbound: return nil
    case .none: return .suppressed
    default: return try raised(cause, depth: depth + 1)
    }
  }

  // MARK: Events

  func record(_ event: Event) throws(Unwind) {
    guard !isQuiet else { return }
    try charge(10)
    try allocate(128)
    try noteConstants()
    // What this event gives away is part of the event, not a change before it.
    let state = try reachableState(limit: lastState.count - plainAttributes.count)
    if state != lastState { trace.append(.state(state)) }
    try tellHeld()
    trace.append(event)
    lastState = try reachableState()
  }

  /// What plain attributes of arguments hold now.
  func heldAttributes() -> [Value] {
    plainAttributes.map { path in
      guard let known = stored[path], !givenBack.contains(path) else { return .unbound }
      // Unknown code may have stored something else since.
      return known.epoch < lastChange(of: path) ? .unbound : known.value
    }
  }

  /// Whether the attribute at this path is a plain variable.
  func isPlain(_ path: String) -> Bool { world.attributes[path] != nil }

  /// Whether the world says what it holds at first.
  func isHeld(_ path: String) -> Bool {
    guard let held = world.attributes[path] else { return false }
    return held != .omitted
  }

  /// The content of what is reachable from outside, oldest first.
  func reachableState(limit: Int = 64) throws(Unwind) -> [Snapshot] {
    var state: [Snapshot] = []
    for value in heldAttributes() { state.append(try snapshot(value)) }
    var index = 0
    // Snapshots may let more objects escape: the list grows under way.
    while index < escaped.count, index < limit {
      state.append(try snapshot(.object(escaped[index])))
      index += 1
    }
    return state
  }
}
