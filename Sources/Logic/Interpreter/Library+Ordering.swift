/// `bisect` and `heapq`: comparisons and moves in the order of CPython's own code, since both can be seen.
extension Machine {
  func bisection(_ function: Library, _ arguments: Arguments) throws(Unwind) -> Value {
    let isLeft = function == .bisectLeft || function == .insortLeft
    let name = function.rawValue
    if arguments.positional.count > 4 { throw typeError("\(name)() takes at most 4 positional arguments") }
    let values = try parse(arguments, name, ["a", "x", "lo", "hi", "key"], required: 2)
    let sequence = values[0] ?? .none
    let item = values[1] ?? .none
    let key = values[4] ?? .none
    // Python 3.10 and later.
    if values[4] != nil { versionDependent = true }
    let inserts = [.insort, .insortLeft, .insortRight].contains(function)
    let wanted = inserts && !key.isNone ? try callValue(key, item) : item
    var low = try values[2].map { value throws(Unwind) in try size(value) } ?? 0
    var high: Int
    if low < 0 { throw raise("ValueError", "lo must be non-negative") }
    if let value = values[3], !value.isNone, try size(value) != -1 {
      high = try size(value)
    } else {
      high = try length(sequence)
    }
    while low < high {
      try charge(2)
      let middle = low + (high - low) / 2
      var probe = try getItem(sequence, .int(middle))
      if !key.isNone { probe = try callValue(key, probe) }
      if isLeft ? try isLess(probe, wanted) : !(try isLess(wanted, probe)) { low = middle + 1 } else { high = middle }
    }
    guard inserts else { return .int(low) }
    if case .object(let list as ListObject) = sequence {
      try allocate(16)
      list.items.insert(item, at: min(low, list.items.count))
    } else {
      _ = try callValue(try getAttribute(sequence, "insert"), .int(low), item)
    }
    return .none
  }

  private func size(_ value: Value) throws(Unwind) -> Int {
    if case .object(let object) = value, object is BigObject {
      throw raise("OverflowError", "Python int too large to convert to C ssize_t")
    }
    guard let result = try index(value) else {
      throw typeError("'\(typeName(value))' object cannot be interpreted as an integer")
    }
    return result
  }

  // MARK: Heaps

  func heapFunction(_ function: Library, _ arguments: Arguments) throws(Unwind) -> Value {
    let name = function.rawValue
    switch function {
    case .nlargest, .nsmallest: return try extremes(function, arguments)
    case .heapMerge: return try heapMerge(arguments)
    default: break
    }
    let count = function == .heappop || function == .heapify ? 1 : 2
    guard arguments.keywords.isEmpty, arguments.positional.count == count else {
      throw typeError("\(name) expected \(count) arguments, got \(arguments.positional.count)")
    }
    guard case .object(let object) = arguments.positional[0], let heap = object as? ListObject else {
      if case .object(let object) = arguments.positional[0], object is OpaqueObject {
        // It holds what can be compared.
        return try callUnknown(named: name, arguments, on: [], raises: false)
      }
      throw typeError("heap argument must be a list, not \(typeName(arguments.positional[0]))")
    }
    let last = heap.items.count
    switch function {
    case .heappush:
      try allocate(16)
      heap.items.append(arguments.positional[1])
      try siftDown(heap, from: 0, last)
      return .none
    case .heappop:
      guard let item = heap.items.popLast() else { throw raise("IndexError", "index out of range") }
      guard let first = heap.items.first else { return item }
      heap.items[0] = item
      try siftUp(heap, 0)
      return first
    case .heapify:
      // Larger ones are walked through in another order.
      if last > 2500 { throw unsupported("a heap this large") }
      for position in stride(from: last / 2 - 1, through: 0, by: -1) { try siftUp(heap, position) }
      return .none
    case .heapreplace:
      guard let first = heap.items.first else { throw raise("IndexError", "index out of range") }
      heap.items[0] = arguments.positional[1]
      try siftUp(heap, 0)
      return first
    default:
      guard let first = heap.items.first, try isLess(first, arguments.positional[1]) else {
        return arguments.positional[1]
      }
      if heap.items.isEmpty { throw raise("IndexError", "index out of range") }
      heap.items[0] = arguments.positional[1]
      try siftUp(heap, 0)
      return first
    }
  }

  private func siftDown(_ heap: ListObject, from start: Int, _ position: Int) throws(Unwind) {
    let count = heap.items.count
    guard position < count else { throw raise("IndexError", "index out of range") }
    var position = position
    let item = heap.items[position]
    while position > start {
      try charge(2)
      let parent = (position - 1) >> 1
      let isSmaller = try isLess(item, heap.items[parent])
      if heap.items.count != count { throw raise("RuntimeError", "list changed size during iteration") }
      guard isSmaller else { return }
      heap.items.swapAt(parent, position)
      position = parent
    }
  }

  private func siftUp(_ heap: ListObject, _ start: Int) throws(Unwind) {
    let count = heap.items.count
    var position = start
    while position < count >> 1 {
      try charge(2)
      var child = 2 * position + 1
      if child + 1 < count {
        let isSmaller = try isLess(heap.items[child], heap.items[child + 1])
        if heap.items.count != count { throw raise("RuntimeError", "list changed size during iteration") }
        if !isSmaller { child += 1 }
      }
      heap.items.swapAt(child, position)
      position = child
    }
    try siftDown(heap, from: start, position)
  }

  /// As `sorted(iterable, key=key, reverse=largest)[:n]`, which they are defined to be.
  private func extremes(_ function: Library, _ arguments: Arguments) throws(Unwind) -> Value {
    let values = try parse(arguments, function.rawValue, ["n", "iterable", "key"], required: 2)
    guard let count = try index(values[0] ?? .none) else { throw typeError("n must be an integer") }
    let source = values[1] ?? .none
    let key = values[2] ?? .none
    if count <= 0 {
      if case .object(let object) = source, object is OpaqueObject { throw unsupported("none of unknown items") }
      _ = try iterator(source)
      return try list([])
    }
    var options = Arguments()
    if !key.isNone { options.keywords.append(("key", key)) }
    if function == .nlargest { options.keywords.append(("reverse", .bool(true))) }
    return try list(Array(try sort(try items(of: source), options, function.rawValue).prefix(count)))
  }

  private func heapMerge(_ arguments: Arguments) throws(Unwind) -> Value {
    var key: Value = .none
    var isReversed = false
    for (name, value) in arguments.keywords {
      switch name {
      case "key": key = value
      case "reverse": isReversed = try truth(value)
      default: throw typeError("merge() got an unexpected keyword argument '\(name)'")
      }
    }
    let given = arguments.positional
    var heads: [(key: Value, item: Value, source: Value)] = []
    var isStarted = false
    var due: Int?
    func head(_ machine: Machine, _ source: Value) throws(Unwind) -> (key: Value, item: Value, source: Value)? {
      guard let item = try machine.next(source) else { return nil }
      return (key.isNone ? item : try machine.callValue(key, item), item, source)
    }
    return try computed { machine throws(Unwind) in
      if !isStarted {
        isStarted = true
        for value in given { if let first = try head(machine, try machine.iterator(value)) { heads.append(first) } }
      } else if let place = due {
        due = nil
        if let next = try head(machine, heads[place].source) { heads[place] = next } else { heads.remove(at: place) }
      }
      guard !heads.isEmpty else { return nil }
      var best = 0
      for place in heads.indices.dropFirst() {
        let isBetter =
          isReversed
          ? try machine.isLess(heads[best].key, heads[place].key)
          : try machine.isLess(heads[place].key, heads[best].key)
        if isBetter { best = place }
      }
      due = best
      return heads[best].item
    }
  }
}
