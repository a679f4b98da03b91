/// An iterator of a built-in type. Generators are `GeneratorObject`s.
class IteratorObject: Object {
  /// The next item, or nil once it is exhausted.
  func next(_ machine: Machine) throws(Unwind) -> Value? { nil }
}

final class RangeIterator: IteratorObject {
  private var current: Int
  private let increment: Int
  private var left: Int
  init(start: Int, step: Int, count: Int) {
    current = start
    increment = step
    left = count
  }
  @inline(__always)
  func step() -> Int? {
    if left == 0 { return nil }
    left -= 1
    let value = current
    current = value &+ increment
    return value
  }
  override func next(_ machine: Machine) throws(Unwind) -> Value? { step().map { .int($0) } }
}

/// Lists are walked live: items that are appended meanwhile are met.
final class ListIterator: IteratorObject {
  private var list: ListObject?
  private var index = 0
  init(_ list: ListObject) { self.list = list }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    guard let items = list else { return nil }
    if index < items.items.count {
      index += 1
      return items.items[index - 1]
    }
    list = nil
    return nil
  }
  override func clear() { list = nil }
}

final class ReversedListIterator: IteratorObject {
  private var list: ListObject?
  private var index: Int
  init(_ list: ListObject) {
    self.list = list
    index = list.items.count
  }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    guard let items = list else { return nil }
    index -= 1
    if index >= 0, index < items.items.count { return items.items[index] }
    list = nil
    return nil
  }
  override func clear() { list = nil }
}

/// Tuples, and sequences that were copied when iteration began.
final class ArrayIterator: IteratorObject {
  private var items: [Value]
  private var index = 0
  init(_ items: [Value]) { self.items = items }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    if index < items.count {
      index += 1
      return items[index - 1]
    }
    return nil
  }
  override func clear() { items = [] }
}

final class DequeIterator: IteratorObject {
  private let deque: DequeObject
  private let count: Int
  private var index = 0
  init(_ deque: DequeObject) {
    self.deque = deque
    count = deque.items.count
  }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    if deque.items.count != count { throw machine.raise("RuntimeError", "deque mutated during iteration") }
    if index < count {
      index += 1
      return deque.items[index - 1]
    }
    return nil
  }
}

final class StringIterator: IteratorObject {
  private let text: StringObject
  private var index = 0
  init(_ text: StringObject) { self.text = text }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    guard index < text.values.count else { return nil }
    index += 1
    return try machine.string([text.values[index - 1]])
  }
}

final class DictIterator: IteratorObject {
  private let dictionary: DictObject
  private let kind: ViewObject.Kind
  private let isReversed: Bool
  private let count: Int
  private var index: Int
  private var isDone = false
  init(_ dictionary: DictObject, _ kind: ViewObject.Kind, reversed: Bool = false) {
    self.dictionary = dictionary
    self.kind = kind
    isReversed = reversed
    count = dictionary.table.count
    index = reversed ? dictionary.table.entries.count - 1 : 0
  }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    if isDone { return nil }
    if dictionary.table.count != count {
      isDone = true
      throw machine.raise("RuntimeError", "dictionary changed size during iteration")
    }
    let entries = dictionary.table.entries
    while index >= 0, index < entries.count {
      let entry = entries[index]
      index += isReversed ? -1 : 1
      if entry.key.isUnbound { continue }
      switch kind {
      case .keys: return entry.key
      case .values: return entry.value
      case .items: return try machine.tuple([entry.key, entry.value])
      }
    }
    isDone = true
    return nil
  }
}

final class SetIterator: IteratorObject {
  private let set: SetObject
  private let count: Int
  private var position = 0
  private var isDone = false
  private let isTurned: Bool
  init(_ set: SetObject, isTurned: Bool) {
    self.set = set
    self.isTurned = isTurned
    count = set.table.count
  }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    if isDone { return nil }
    if set.table.count != count {
      isDone = true
      throw machine.raise("RuntimeError", "Set changed size during iteration")
    }
    while position < set.table.slots.count {
      let slot = set.table.slots[isTurned ? set.table.slots.count - 1 - position : position]
      position += 1
      if slot.state == 1 { return slot.key }
    }
    isDone = true
    return nil
  }
}

final class EnumerateIterator: IteratorObject {
  private var source: Value
  private var index: Value
  init(_ source: Value, start: Value) {
    self.source = source
    index = start
  }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    guard let item = try machine.next(source) else { return nil }
    let result = try machine.tuple([index, item])
    index = try machine.binary(.add, index, .int(1))
    return result
  }
  override func clear() { source = .none }
}

final class ZipIterator: IteratorObject {
  private var sources: [Value]
  private let isStrict: Bool
  private var fill: Value?
  private var active: Int
  private var isDone = false
  init(_ sources: [Value], strict: Bool = false, fill: Value? = nil) {
    self.sources = sources
    isStrict = strict
    self.fill = fill
    active = sources.count
  }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    if sources.isEmpty || isDone { return nil }
    var items: [Value] = []
    for (index, source) in sources.enumerated() {
      if case .unbound = source {
        items.append(fill ?? .none)
        continue
      }
      if let item = try machine.next(source) {
        items.append(item)
        continue
      }
      if let fill {
        active -= 1
        if active == 0 {
          isDone = true
          return nil
        }
        sources[index] = .unbound
        items.append(fill)
        continue
      }
      if isStrict {
        if index > 0 { throw machine.raise("ValueError", "zip() arguments have different lengths") }
        for other in sources.dropFirst() {
          if try machine.next(other) != nil {
            throw machine.raise("ValueError", "zip() arguments have different lengths")
          }
        }
      }
      isDone = isStrict
      return nil
    }
    return try machine.tuple(items)
  }
  override func clear() {
    sources = []
    fill = nil
  }
}

final class MapIterator: IteratorObject {
  private var function: Value
  private var sources: [Value]
  private let isStar: Bool
  init(_ function: Value, _ sources: [Value], star: Bool = false) {
    self.function = function
    self.sources = sources
    isStar = star
  }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    var items: [Value] = []
    for source in sources {
      guard let item = try machine.next(source) else { return nil }
      items.append(item)
    }
    if isStar { items = try machine.items(of: items[0]) }
    return try machine.callValue(function, Machine.Arguments(positional: items))
  }
  override func clear() {
    function = .none
    sources = []
  }
}

/// `filter`, `filterfalse`, `takewhile`, `dropwhile`.
final class FilterIterator: IteratorObject {
  enum Mode { case keep, drop, takeWhile, dropWhile }
  private var function: Value
  private var source: Value
  private let mode: Mode
  private var isDone = false
  init(_ function: Value, _ source: Value, _ mode: Mode) {
    self.function = function
    self.source = source
    self.mode = mode
  }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    if isDone, mode == .takeWhile { return nil }
    while let item = try machine.next(source) {
      try machine.charge(1)
      if isDone { return item }
      let holds =
        function.isNone ? try machine.truth(item) : try machine.truth(try machine.callValue(function, item))
      switch mode {
      case .keep: if holds { return item }
      case .drop: if !holds { return item }
      case .takeWhile:
        if holds { return item }
        isDone = true
        return nil
      case .dropWhile:
        if !holds {
          isDone = true
          return item
        }
      }
    }
    return nil
  }
  override func clear() {
    function = .none
    source = .none
  }
}

/// `iter(callable, sentinel)`.
final class CallIterator: IteratorObject {
  private var function: Value
  private let sentinel: Value
  private var isDone = false
  init(_ function: Value, sentinel: Value) {
    self.function = function
    self.sentinel = sentinel
  }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    if isDone { return nil }
    let value = try machine.callValue(function, Machine.Arguments.none)
    if try machine.same(value, sentinel) {
      isDone = true
      return nil
    }
    return value
  }
  override func clear() { function = .none }
}

/// An object with `__getitem__` and no `__iter__`.
final class SequenceIterator: IteratorObject {
  private var object: Value
  private var index = 0
  init(_ object: Value) { self.object = object }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    if object.isUnbound { return nil }
    do throws(Unwind) {
      let value = try machine.getItem(object, .int(index))
      index += 1
      return value
    } catch {
      if error == .exception, machine.pendingIs("IndexError") || machine.pendingIs("StopIteration") {
        object = .unbound
        return nil
      }
      throw error
    }
  }
  override func clear() { object = .none }
}

/// Anything that computes its items from a closure over machine values.
final class ComputedIterator: IteratorObject {
  private var step: ((Machine) throws(Unwind) -> Value?)?
  init(_ step: @escaping (Machine) throws(Unwind) -> Value?) { self.step = step }
  override func next(_ machine: Machine) throws(Unwind) -> Value? {
    try machine.charge(1)
    guard let step else { return nil }
    return try step(machine)
  }
  override func clear() { step = nil }
}

/// An iterator of the world.
final class OpaqueIterator: IteratorObject {
  let object: OpaqueObject
  init(_ object: OpaqueObject) { self.object = object }
  var index = 0
  var base = ""
  /// The last change of the world that concerns what it iterates, when it was made.
  var epoch = 0
  override func next(_ machine: Machine) throws(Unwind) -> Value? { try machine.nextUnknown(self) }
}
