/// A function behind `functools.lru_cache`: its results by what it was called with.
final class CachedObject: Object {
  private(set) var function: Value
  let results = DictObject()
  /// How many results are kept; nil for all.
  let limit: Int?
  init(_ function: Value, limit: Int?) {
    self.function = function
    self.limit = limit
  }
  override func clear() {
    function = .none
    results.clear()
  }
}

/// `functools.cache`, `functools.lru_cache`, `functools.cmp_to_key`.
extension Machine {
  func cached(_ function: Value, limit: Int? = nil) throws(Unwind) -> Value {
    try register(CachedObject(function, limit: limit), bytes: 160)
  }

  func cacheFunction(_ function: Library, _ arguments: Arguments) throws(Unwind) -> Value {
    if function == .cache { return try cachedCallable(try one(arguments, "cache"), limit: nil) }
    let values = try parse(arguments, "lru_cache", ["maxsize", "typed"])
    if let typed = values[1], try truth(typed) { throw unsupported("a typed cache") }
    switch values[0] {
    case nil: return try register(BuiltinObject(.cacheDecorator(128)), bytes: 48)
    case Value.none?: return try register(BuiltinObject(.cacheDecorator(nil)), bytes: 48)
    case .int(let count)?: return try register(BuiltinObject(.cacheDecorator(max(0, count))), bytes: 48)
    case let value?:
      if case .object(let object) = value, object is BigObject { throw unsupported("a cache this large") }
      return try cachedCallable(value, limit: 128)
    }
  }

  /// What is cached is known, or else the decorator is an unknown call like any other.
  func cachedCallable(_ function: Value, limit: Int?) throws(Unwind) -> Value {
    if case .object(let object) = function, object is FunctionObject || object is BuiltinObject {
      return try cached(function, limit: limit)
    }
    if case .object(let object) = function, object is OpaqueObject {
      return try callUnknown(named: "functools.lru_cache", Arguments(positional: [function]), on: [])
    }
    throw unsupported("a cache of a \(typeName(function))")
  }

  func prepare(_ cache: CachedObject, _ arguments: Arguments) throws(Unwind) -> Called {
    if cache.limit == 0 { return try prepare(cache.function, arguments) }
    let key = try cacheKey(arguments)
    if let index = try find(cache.results, key) {
      let value = cache.results.table.entries[index].value
      if cache.limit != nil {
        _ = cache.results.table.remove(at: index)
        try setItem(cache.results, key, value)
      }
      return .value(value)
    }
    switch try prepare(cache.function, arguments) {
    case .value(let value):
      try keep(value, key, in: cache)
      return .value(value)
    case .frame(let frame):
      frame.memo = (cache, key)
      return .frame(frame)
    case .construct(let frame, let instance):
      _ = try run(frame)
      try keep(instance, key, in: cache)
      return .value(instance)
    }
  }

  func keep(_ value: Value, _ key: Value, in cache: CachedObject) throws(Unwind) {
    if let limit = cache.limit, cache.results.table.count >= limit, try find(cache.results, key) == nil,
      let oldest = cache.results.table.entries.firstIndex(where: { !$0.key.isUnbound })
    {
      _ = cache.results.table.remove(at: oldest)
    }
    try setItem(cache.results, key, value)
  }

  /// A single number or text stands for itself; everything else is a tuple, so `1` is another key than `1.0`.
  private func cacheKey(_ arguments: Arguments) throws(Unwind) -> Value {
    if arguments.keywords.isEmpty, arguments.positional.count == 1 {
      switch arguments.positional[0] {
      case .int: return arguments.positional[0]
      case .object(let object) where object is StringObject || object is BigObject: return arguments.positional[0]
      default: break
      }
    }
    var parts = arguments.positional
    if !arguments.keywords.isEmpty {
      parts.append(.object(type(.object)))
      for (name, value) in arguments.keywords { parts += [try string(name), value] }
    }
    return try tuple(parts)
  }

  // MARK: Keys

  /// The class whose instances compare as the function says.
  func comparisonKey(_ arguments: Arguments) throws(Unwind) -> Value {
    let function = try parse(arguments, "cmp_to_key", ["mycmp"], required: 1)[0] ?? .none
    let type = TypeObject(name: "KeyWrapper", kind: .program)
    type.setOrder([type])
    arena.append(type)
    for (name, operation) in [
      ("__lt__", ComparisonOperator.less), ("__le__", .lessOrEqual), ("__gt__", .greater), ("__ge__", .greaterOrEqual),
      ("__eq__", .equal), ("__ne__", .notEqual),
    ] {
      type.attributes[name] = try register(BuiltinObject(.keyComparison(operation), receiver: function), bytes: 48)
    }
    return try register(BuiltinObject(.keyMaker, receiver: .object(type)), bytes: 48)
  }

  func makeKey(_ type: Value, _ arguments: Arguments) throws(Unwind) -> Value {
    guard case .object(let type as TypeObject) = type else { throw unsupported("cmp_to_key") }
    let key = InstanceObject(type)
    key.names = ["obj"]
    key.attributes["obj"] = try one(arguments, "K")
    return try register(key, bytes: 96)
  }

  func compareKeys(_ operation: ComparisonOperator, by function: Value, _ arguments: Arguments) throws(Unwind) -> Value
  {
    var parts: [Value] = []
    for value in arguments.positional {
      guard case .object(let key as InstanceObject) = value, let part = key.attributes["obj"] else {
        throw typeError("other argument must be K instance")
      }
      parts.append(part)
    }
    return try compare(operation, try callValue(function, Arguments(positional: parts)), .int(0))
  }
}
