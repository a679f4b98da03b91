/// `itertools`.
extension Machine {
  func iterationTool(_ function: Library, _ arguments: Arguments) throws(Unwind) -> Value {
    let values = arguments.positional
    switch function {
    case .chain: return try chain(try iterator(try tuple(values)))
    case .chainFromIterable: return try chain(try iterator(try one(arguments, "from_iterable")))
    case .islice: return try slice(values)
    case .count:
      let parsed = try parse(arguments, "count", ["start", "step"])
      var current = parsed[0] ?? .int(0)
      let step = parsed[1] ?? .int(1)
      return try computed { machine throws(Unwind) in
        defer { _ = 0 }
        let value = current
        current = try machine.binary(.add, current, step)
        return value
      }
    case .cycle:
      let source = try iterator(try one(arguments, "cycle"))
      var saved: [Value] = []
      var position = -1
      return try computed { machine throws(Unwind) in
        if position < 0 {
          if let item = try machine.next(source) {
            try machine.allocate(16)
            saved.append(item)
            return item
          }
          position = 0
        }
        if saved.isEmpty { return nil }
        position += 1
        return saved[(position - 1) % saved.count]
      }
    case .repeat:
      let parsed = try parse(arguments, "repeat", ["object", "times"], required: 1)
      var left = try parsed[1].flatMap { value throws(Unwind) in try index(value) }
      let item = parsed[0] ?? .none
      return try computed { _ throws(Unwind) in
        guard let count = left else { return item }
        if count <= 0 { return nil }
        left = count - 1
        return item
      }
    case .zipLongest:
      let fill = arguments.keywords.first { $0.name == "fillvalue" }?.value ?? .none
      return try register(ZipIterator(try iterators(values), fill: fill), bytes: 64)
    case .takewhile, .dropwhile, .filterfalse:
      guard values.count == 2 else { throw typeError("expected 2 arguments") }
      let mode: FilterIterator.Mode =
        function == .takewhile ? .takeWhile : function == .dropwhile ? .dropWhile : .drop
      return try register(FilterIterator(values[0], try iterator(values[1]), mode), bytes: 64)
    case .starmap:
      guard values.count == 2 else { throw typeError("starmap expected 2 arguments") }
      return try register(MapIterator(values[0], [try iterator(values[1])], star: true), bytes: 64)
    case .accumulate:
      let parsed = try parse(arguments, "accumulate", ["iterable", "func", "initial"], required: 1)
      let source = try iterator(parsed[0] ?? .none)
      let function = parsed[1] ?? .none
      var total: Value?
      var initial = parsed[2].flatMap { $0.isNone ? nil : $0 }
      return try computed { machine throws(Unwind) in
        if let first = initial {
          initial = nil
          total = first
          return first
        }
        guard let item = try machine.next(source) else { return nil }
        if let current = total {
          total =
            function.isNone ? try machine.binary(.add, current, item) : try machine.callValue(function, current, item)
        } else {
          total = item
        }
        return total
      }
    case .groupby: return try groupBy(arguments)
    case .pairwise:
      // Python 3.10 and later.
      versionDependent = true
      let source = try iterator(try one(arguments, "pairwise"))
      var previous: Value?
      return try computed { machine throws(Unwind) in
        if previous == nil { previous = try machine.next(source) }
        guard let left = previous, let right = try machine.next(source) else { return nil }
        previous = right
        return try machine.tuple([left, right])
      }
    case .compress:
      let parsed = try parse(arguments, "compress", ["data", "selectors"], required: 2)
      let data = try iterator(parsed[0] ?? .none)
      let selectors = try iterator(parsed[1] ?? .none)
      return try computed { machine throws(Unwind) in
        while let item = try machine.next(data), let selector = try machine.next(selectors) {
          if try machine.truth(selector) { return item }
        }
        return nil
      }
    case .tee: return try tee(arguments)
    default: return try combinations(function, arguments)
    }
  }

  private func tee(_ arguments: Arguments) throws(Unwind) -> Value {
    let parsed = try parse(arguments, "tee", ["iterable", "n"], required: 1, positionalOnly: 2)
    let count = try parsed[1].map { value throws(Unwind) in try index(value) ?? -1 } ?? 2
    if count < 0 { throw raise("ValueError", "n must be >= 0") }
    if count > 64 { throw stop(.memory) }
    let source = try iterator(parsed[0] ?? .none)
    var buffer: [Value] = []
    var results: [Value] = []
    for _ in 0..<count {
      var position = 0
      results.append(
        try computed { machine throws(Unwind) in
          if position == buffer.count {
            guard let item = try machine.next(source) else { return nil }
            try machine.allocate(16)
            buffer.append(item)
          }
          position += 1
          return buffer[position - 1]
        })
    }
    return try tuple(results)
  }

  /// Groups share their source with the whole, step by step as CPython does it.
  private func groupBy(_ arguments: Arguments) throws(Unwind) -> Value {
    let parsed = try parse(arguments, "groupby", ["iterable", "key"], required: 1)
    let source = try iterator(parsed[0] ?? .none)
    let key = parsed[1] ?? .none
    var current: (key: Value, item: Value)?
    var wanted: Value?
    var group = 0
    func step(_ machine: Machine) throws(Unwind) -> Bool {
      guard let item = try machine.next(source) else { return false }
      current = (key.isNone ? item : try machine.callValue(key, item), item)
      return true
    }
    return try computed { machine throws(Unwind) in
      group += 1
      let own = group
      while true {
        if let current {
          guard let wanted, try machine.same(wanted, current.key) else { break }
        }
        guard try step(machine) else { return nil }
      }
      let groupKey = current?.key ?? .none
      wanted = groupKey
      let items = try machine.computed { machine throws(Unwind) in
        guard group == own else { return nil }
        if current == nil { guard try step(machine) else { return nil } }
        guard let (key, item) = current, try machine.same(groupKey, key) else { return nil }
        current = nil
        return item
      }
      return try machine.tuple([groupKey, items])
    }
  }

  func computed(_ step: @escaping (Machine) throws(Unwind) -> Value?) throws(Unwind) -> Value {
    try register(ComputedIterator(step), bytes: 96)
  }

  private func chain(_ sources: Value) throws(Unwind) -> Value {
    var current: Value?
    return try computed { machine throws(Unwind) in
      while true {
        if let source = current {
          if let item = try machine.next(source) { return item }
          current = nil
        }
        guard let next = try machine.next(sources) else { return nil }
        current = try machine.iterator(next)
      }
    }
  }

  private func slice(_ values: [Value]) throws(Unwind) -> Value {
    guard (2...4).contains(values.count) else { throw typeError("islice expected 2 to 4 arguments") }
    func part(_ value: Value) throws(Unwind) -> Int? {
      if value.isNone { return nil }
      guard let result = try index(value), result >= 0 else {
        throw raise("ValueError", "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
      }
      return result
    }
    let start = values.count > 2 ? try part(values[1]) ?? 0 : 0
    let stop = try part(values[values.count > 2 ? 2 : 1])
    let step = values.count > 3 ? try part(values[3]) ?? 1 : 1
    if step < 1 { throw raise("ValueError", "Step for islice() must be a positive integer or None.") }
    let source = try iterator(values[0])
    var position = 0
    var wanted = start
    return try computed { machine throws(Unwind) in
      if let stop, wanted >= stop {
        while position < stop, try machine.next(source) != nil { position += 1 }
        return nil
      }
      while let item = try machine.next(source) {
        position += 1
        if position > wanted {
          let (sum, overflow) = wanted.addingReportingOverflow(step)
          wanted = overflow ? Int.max : sum
          return item
        }
      }
      return nil
    }
  }

  /// Computed at once, in the order of the library; bounded by memory.
  private func combinations(_ function: Library, _ arguments: Arguments) throws(Unwind) -> Value {
    var pools: [[Value]] = []
    var count = 0
    if function == .product {
      for value in arguments.positional { pools.append(try items(of: value)) }
      if let value = arguments.keywords.first(where: { $0.name == "repeat" })?.value {
        guard let times = try index(value), times >= 0 else {
          throw raise("ValueError", "repeat argument cannot be negative")
        }
        if times > 64 { throw stop(.memory) }
        pools = Array(repeating: pools, count: times).flatMap { $0 }
      }
      count = pools.count
    } else {
      let parsed = try parse(arguments, "combinations", ["iterable", "r"], required: function == .permutations ? 1 : 2)
      let pool = try items(of: parsed[0] ?? .none)
      count = try parsed[1].flatMap { value throws(Unwind) in try index(value) } ?? pool.count
      if count < 0 { throw raise("ValueError", "r must be non-negative") }
      if count > pool.count, function != .combinationsWithReplacement || pool.isEmpty {
        return try register(ArrayIterator([]), bytes: 48)
      }
      pools = [pool]
    }
    if count > 64 { throw stop(.memory) }
    var results: [Value] = []
    var chosen: [Int] = []
    var next = 0
    // Depth-first over positions, without recursion.
    while true {
      try charge(1)
      if chosen.count == count {
        let picked = chosen
        var tupleItems: [Value] = []
        for (slot, position) in picked.enumerated() {
          tupleItems.append(pools[function == .product ? slot : 0][position])
        }
        results.append(try tuple(tupleItems))
        guard let last = chosen.popLast() else { break }
        next = last + 1
        continue
      }
      let pool = pools[function == .product ? chosen.count : 0]
      if function == .permutations { while chosen.contains(next) { next += 1 } }
      if next < pool.count {
        chosen.append(next)
        switch function {
        case .combinations: next += 1
        case .combinationsWithReplacement: break
        default: next = 0
        }
      } else {
        guard let last = chosen.popLast() else { break }
        next = last + 1
      }
    }
    return try register(ArrayIterator(results), bytes: 48 + 16 * results.count)
  }
}
