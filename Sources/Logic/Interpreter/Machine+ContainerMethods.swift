/// Methods of lists, tuples, dictionaries, sets and deques.
extension Machine {
  func listMethod(_ method: Method, _ list: ListObject, _ arguments: Arguments) throws(Unwind) -> Value {
    let name = method.rawValue
    switch method {
    case .append:
      let item = try one(arguments, name)
      try allocate(16)
      list.items.append(item)
    case .extend: try extend(list, with: try one(arguments, name))
    case .insert:
      let values = try parse(arguments, name, ["index", "object"], required: 2, positionalOnly: 2)
      guard let position = try exactIndex(values[0] ?? .none) else { throw typeError("an integer is required") }
      try allocate(16)
      try charge(list.items.count / 16)
      let start = position < 0 ? max(0, position + list.items.count) : min(position, list.items.count)
      list.items.insert(values[1] ?? .none, at: start)
    case .remove:
      let item = try one(arguments, name)
      var position = 0
      while position < list.items.count {
        try charge(1)
        if try same(list.items[position], item) {
          if position < list.items.count { list.items.remove(at: position) }
          return .none
        }
        position += 1
      }
      throw raise("ValueError", "list.remove(x): x not in list")
    case .pop:
      let values = try parse(arguments, name, ["index"], positionalOnly: 1)
      guard let value = values[0] else {
        if list.items.isEmpty { throw raise("IndexError", "pop from empty list") }
        return list.items.removeLast()
      }
      guard let wanted = try exactIndex(value) else {
        throw typeError("'\(typeName(value))' object cannot be interpreted as an integer")
      }
      if list.items.isEmpty { throw raise("IndexError", "pop from empty list") }
      let position = wanted < 0 ? wanted + list.items.count : wanted
      if position < 0 || position >= list.items.count { throw raise("IndexError", "pop index out of range") }
      try charge((list.items.count - position) / 16)
      return list.items.remove(at: position)
    case .sort:
      if !arguments.positional.isEmpty { throw typeError("sort() takes no positional arguments") }
      let items = list.items
      list.items = []
      do throws(Unwind) {
        let sorted = try sort(items, arguments, name)
        if !list.items.isEmpty { throw raise("ValueError", "list modified during sort") }
        list.items = sorted
      } catch {
        // What order an interrupted sort leaves is not specified: it is left as it was.
        list.items = items
        versionDependent = true
        throw error
      }
    case .reverse:
      try noArguments(arguments, name)
      list.items.reverse()
    case .clear:
      try noArguments(arguments, name)
      list.items = []
    case .copy:
      try noArguments(arguments, name)
      return try self.list(list.items)
    default: return try sequenceMethod(method, list.items, arguments)
    }
    return .none
  }

  func sequenceMethod(_ method: Method, _ items: [Value], _ arguments: Arguments) throws(Unwind) -> Value {
    switch method {
    case .index:
      let values = try parse(arguments, "index", ["value", "start", "stop"], required: 1, positionalOnly: 3)
      let start = clamp(try values[1].flatMap { value throws(Unwind) in try index(value) } ?? 0, items.count)
      let stop = clamp(try values[2].flatMap { value throws(Unwind) in try index(value) } ?? items.count, items.count)
      var position = start
      while position < stop {
        try charge(1)
        if try same(items[position], values[0] ?? .none) { return .int(position) }
        position += 1
      }
      throw raise("ValueError", "value is not in the sequence")
    case .count:
      let item = try one(arguments, "count")
      var count = 0
      for member in items {
        try charge(1)
        if try same(member, item) { count += 1 }
      }
      return .int(count)
    default: throw unsupported("the method \(method.rawValue)")
    }
  }

  func clamp(_ index: Int, _ count: Int) -> Int {
    index < 0 ? max(0, index + count) : min(index, count)
  }

  /// A stable sort by `<`, with `key` and `reverse` as `list.sort` takes them.
  func sort(_ items: [Value], _ arguments: Arguments, _ name: String) throws(Unwind) -> [Value] {
    var key: Value = .none
    var isReversed = false
    for (keyword, value) in arguments.keywords {
      switch keyword {
      case "key": key = value
      case "reverse":
        guard let flag = try index(value) else {
          throw typeError("'\(typeName(value))' object cannot be interpreted as an integer")
        }
        isReversed = flag != 0
      default: throw typeError("\(name)() got an unexpected keyword argument '\(keyword)'")
      }
    }
    var pairs: [(key: Value, item: Value)] = []
    for item in items { pairs.append((key.isNone ? item : try callValue(key, item), item)) }
    if isReversed { pairs.reverse() }
    pairs = try mergeSort(pairs)
    if isReversed { pairs.reverse() }
    try allocate(16 * items.count)
    return pairs.map(\.item)
  }

  private func mergeSort(_ pairs: [(key: Value, item: Value)]) throws(Unwind) -> [(key: Value, item: Value)] {
    // Comparisons of unknown or program-defined keys can have effects, whose order is CPython's own.
    if pairs.count > 1, pairs.contains(where: { comparesByCode($0.key) }) { versionDependent = true }
    var current = pairs
    var width = 1
    while width < current.count {
      var merged: [(key: Value, item: Value)] = []
      merged.reserveCapacity(current.count)
      var start = 0
      while start < current.count {
        let middle = min(start + width, current.count)
        let end = min(start + 2 * width, current.count)
        var left = start
        var right = middle
        while left < middle, right < end {
          try charge(2)
          if try isLess(current[right].key, current[left].key) {
            merged.append(current[right])
            right += 1
          } else {
            merged.append(current[left])
            left += 1
          }
        }
        merged += current[left..<middle]
        merged += current[right..<end]
        start = end
      }
      current = merged
      width *= 2
    }
    return current
  }

  private func comparesByCode(_ value: Value) -> Bool {
    guard case .object(let object) = value else {
      if case .float(let x) = value { return x.isNaN } else { return false }
    }
    return object is InstanceObject || object is OpaqueObject || object is SetObject
  }

  func isLess(_ left: Value, _ right: Value) throws(Unwind) -> Bool {
    if case .int(let x) = left, case .int(let y) = right { return x < y }
    return try truth(try compare(.less, left, right))
  }

  func dictMethod(_ method: Method, _ dictionary: DictObject, _ arguments: Arguments) throws(Unwind) -> Value {
    let name = method.rawValue
    switch method {
    case .get:
      let values = try parse(arguments, name, ["key", "default"], required: 1, positionalOnly: 2)
      return try get(dictionary, values[0] ?? .none) ?? values[1] ?? .none
    case .setdefault:
      let values = try parse(arguments, name, ["key", "default"], required: 1, positionalOnly: 2)
      if let value = try get(dictionary, values[0] ?? .none) { return value }
      try setItem(dictionary, values[0] ?? .none, values[1] ?? .none)
      return values[1] ?? .none
    case .pop:
      let values = try parse(arguments, name, ["key", "default"], required: 1, positionalOnly: 2)
      meet(dictionary, askedFor: values[0] ?? .none)
      // CPython looks into an empty one without a hash of the key.
      if dictionary.table.count > 0 || dictionary.flavor == .ordered,
        let index = try find(dictionary, values[0] ?? .none)
      {
        return dictionary.table.remove(at: index)
      }
      if let fallback = values[1] { return fallback }
      throw raise("KeyError", arguments: [values[0] ?? .none])
    case .popitem:
      var isLast = true
      if dictionary.flavor == .ordered {
        if let value = try parse(arguments, name, ["last"])[0] { isLast = try truth(value) }
      } else {
        try noArguments(arguments, name)
      }
      let entries = dictionary.table.entries
      guard
        let index = isLast
          ? entries.lastIndex(where: { !$0.key.isUnbound }) : entries.firstIndex(where: { !$0.key.isUnbound })
      else {
        throw raise("KeyError", "popitem(): dictionary is empty")
      }
      let key = dictionary.table.entries[index].key
      return try tuple([key, dictionary.table.remove(at: index)])
    case .moveToEnd where dictionary.flavor == .ordered:
      let values = try parse(arguments, name, ["key", "last"], required: 1)
      if let last = values[1], !(try truth(last)) { throw unsupported("OrderedDict.move_to_end to the front") }
      guard let index = try find(dictionary, values[0] ?? .none) else {
        throw raise("KeyError", arguments: [values[0] ?? .none])
      }
      let key = dictionary.table.entries[index].key
      try setItem(dictionary, key, dictionary.table.remove(at: index))
      return .none
    case .update where dictionary.flavor != .counter:
      if arguments.positional.count > 1 { throw typeError("update expected at most 1 argument") }
      if let other = arguments.positional.first { try merge(dictionary, with: other) }
      for (keyword, value) in arguments.keywords { try setItem(dictionary, try string(keyword), value) }
      return .none
    case .keys, .values, .items:
      try noArguments(arguments, name)
      let kind: ViewObject.Kind = method == .keys ? .keys : method == .values ? .values : .items
      return try register(ViewObject(kind, of: dictionary), bytes: 48)
    case .clear:
      try noArguments(arguments, name)
      dictionary.table.removeAll()
      return .none
    case .copy:
      try noArguments(arguments, name)
      let result = DictObject(flavor: dictionary.flavor)
      result.factory = dictionary.factory
      result.table = dictionary.table
      return try register(result, bytes: 96 + 48 * dictionary.table.count)
    case .fromkeys: return try fromKeys(arguments)
    case .update, .subtract: return try counterUpdate(dictionary, arguments, sign: method == .update ? 1 : -1)
    case .mostCommon: return try mostCommon(dictionary, arguments)
    case .total:
      var sum = Value.int(0)
      for entry in dictionary.table.entries where !entry.key.isUnbound { sum = try binary(.add, sum, entry.value) }
      return sum
    case .elements:
      var result: [Value] = []
      for entry in dictionary.table.entries where !entry.key.isUnbound {
        guard let count = try exactIndex(entry.value) else { throw typeError("an integer is required") }
        try charge(max(0, count))
        try allocate(16 * max(0, count))
        for _ in 0..<max(0, count) { result.append(entry.key) }
      }
      return try register(ArrayIterator(result), bytes: 48)
    default: throw unsupported("dict.\(name)")
    }
  }

  func fromKeys(_ arguments: Arguments) throws(Unwind) -> Value {
    let values = try parse(arguments, "fromkeys", ["iterable", "value"], required: 1, positionalOnly: 2)
    let result = DictObject()
    let value = try register(result, bytes: 96)
    try each(of: values[0] ?? .none) { key throws(Unwind) in try self.setItem(result, key, values[1] ?? .none) }
    return value
  }

  /// `Counter.update` and `subtract`: counts add up.
  func counterUpdate(_ counter: DictObject, _ arguments: Arguments, sign: Int) throws(Unwind) -> Value {
    if arguments.positional.count > 1 { throw typeError("expected at most 1 argument") }
    func change(_ key: Value, _ amount: Value) throws(Unwind) {
      let old = try get(counter, key) ?? .int(0)
      try setItem(counter, key, try binary(sign > 0 ? .add : .subtract, old, amount))
    }
    if let source = arguments.positional.first, !source.isNone {
      if case .object(let other as DictObject) = source {
        for entry in other.table.entries where !entry.key.isUnbound { try change(entry.key, entry.value) }
      } else {
        try each(of: source) { item throws(Unwind) in try change(item, .int(1)) }
      }
    }
    for (keyword, value) in arguments.keywords { try change(try string(keyword), value) }
    return .none
  }

  private func mostCommon(_ counter: DictObject, _ arguments: Arguments) throws(Unwind) -> Value {
    let values = try parse(arguments, "most_common", ["n"])
    var pairs: [(key: Value, item: Value)] = []
    for entry in counter.table.entries where !entry.key.isUnbound {
      pairs.append((entry.value, try tuple([entry.key, entry.value])))
    }
    pairs.reverse()
    pairs = try mergeSort(pairs)
    pairs.reverse()
    var items = pairs.map(\.item)
    if let limit = values[0], !limit.isNone {
      guard let count = try exactIndex(limit) else { throw typeError("an integer is required") }
      items = Array(items.prefix(max(0, count)))
    }
    return try list(items)
  }

  func setMethod(_ method: Method, _ set: SetObject, _ arguments: Arguments) throws(Unwind) -> Value {
    let name = method.rawValue
    switch method {
    case .add: try add(try one(arguments, name), to: set)
    case .remove, .discard:
      let item = try one(arguments, name)
      if let position = try set.table.find(item, hash: try hash(try frozen(item)), self) {
        set.table.remove(at: position)
      } else if method == .remove {
        throw raise("KeyError", arguments: [item])
      }
    case .pop:
      try noArguments(arguments, name)
      if set.table.count > 1 { orderDependent = true }
      let slots = set.table.slots
      let first = limits.turnsSets ? slots.lastIndex { $0.state == 1 } : slots.firstIndex { $0.state == 1 }
      guard let position = first else {
        throw raise("KeyError", "pop from an empty set")
      }
      let value = set.table.slots[position].key
      set.table.remove(at: position)
      return value
    case .clear:
      try noArguments(arguments, name)
      set.table.removeAll()
    case .copy:
      try noArguments(arguments, name)
      return set.isFrozen ? .object(set) : .object(try copy(set, frozen: false))
    case .update: for other in arguments.positional { try update(set, with: other) }
    case .differenceUpdate: for other in arguments.positional { try subtract(from: set, other) }
    case .union:
      let result = try copy(set, frozen: set.isFrozen)
      for other in arguments.positional { try update(result, with: other) }
      return .object(result)
    case .intersection, .difference, .intersectionUpdate:
      var result = try copy(set, frozen: set.isFrozen)
      for other in arguments.positional {
        let operation: BinaryOperator = method == .difference ? .subtract : .bitAnd
        if case .object(let combined as SetObject)? = try setOperator(operation, result, .object(try asSet(other))) {
          result = combined
        }
      }
      if method != .intersectionUpdate { return .object(result) }
      set.table = result.table
    case .symmetricDifference:
      let other = try asSet(try one(arguments, name))
      return try setOperator(.bitXor, set, .object(other)) ?? .none
    case .symmetricDifferenceUpdate:
      try replace(set, with: try setOperator(.bitXor, set, .object(try asSet(try one(arguments, name)))))
    case .issubset: return .bool(try isSubset(set, try asSet(try one(arguments, name))))
    case .issuperset: return .bool(try isSubset(try asSet(try one(arguments, name)), set))
    case .isdisjoint:
      let other = try one(arguments, name)
      for item in try items(of: other) where try contains(.object(set), item) { return .bool(false) }
      return .bool(true)
    default: throw unsupported("set.\(name)")
    }
    return .none
  }

  func dequeMethod(_ method: Method, _ deque: DequeObject, _ arguments: Arguments) throws(Unwind) -> Value {
    let name = method.rawValue
    func trimLeft() {
      if let limit = deque.limit, deque.items.count > limit { deque.items.removeFirst(deque.items.count - limit) }
    }
    func trimRight() {
      if let limit = deque.limit, deque.items.count > limit { deque.items.removeLast(deque.items.count - limit) }
    }
    switch method {
    case .append:
      try allocate(16)
      deque.items.append(try one(arguments, name))
      trimLeft()
    case .appendleft:
      try allocate(16)
      try charge(deque.items.count / 16)
      deque.items.insert(try one(arguments, name), at: 0)
      trimRight()
    case .extend:
      deque.items += try items(of: try one(arguments, name))
      trimLeft()
    case .extendleft:
      for item in try items(of: try one(arguments, name)) {
        deque.items.insert(item, at: 0)
        trimRight()
      }
    case .pop, .popleft:
      try noArguments(arguments, name)
      if deque.items.isEmpty { throw raise("IndexError", "pop from an empty deque") }
      try charge(method == .pop ? 0 : deque.items.count / 16)
      return method == .pop ? deque.items.removeLast() : deque.items.removeFirst()
    case .clear: deque.items = []
    case .rotate:
      let count = try arguments.positional.first.flatMap { value throws(Unwind) in try exactIndex(value) } ?? 1
      let size = deque.items.count
      if size > 0 {
        let shift = ((count % size) + size) % size
        deque.items = Array(deque.items[(size - shift)...] + deque.items[..<(size - shift)])
      }
    case .copy: return try register(DequeObject(deque.items, limit: deque.limit), bytes: 64 + 16 * deque.items.count)
    case .reverse: deque.items.reverse()
    case .remove, .insert:
      let list = ListObject(deque.items)
      _ = try register(list, bytes: 64)
      _ = try listMethod(method, list, arguments)
      deque.items = list.items
    default: return try sequenceMethod(method, deque.items, arguments)
    }
    return .none
  }
}
