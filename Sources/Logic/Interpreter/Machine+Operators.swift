import BigInt

extension Machine {
  // MARK: Truth

  func truth(_ value: Value) throws(Unwind) -> Bool {
    switch value {
    case .bool(let value): return value
    case .int(let value): return value != 0
    case .float(let value): return value != 0
    case .none: return false
    case .unbound, .ellipsis: return true
    case .notImplemented:
      versionDependent = true
      return true
    case .object(let object): return try truth(object, value)
    }
  }

  private func truth(_ object: Object, _ value: Value) throws(Unwind) -> Bool {
    switch object {
    case let list as ListObject: return !list.items.isEmpty
    case let text as StringObject: return !text.values.isEmpty
    case let tuple as TupleObject: return !tuple.items.isEmpty
    case let dictionary as DictObject: return dictionary.table.count > 0
    case let set as SetObject: return set.table.count > 0
    case let bytes as BytesObject: return !bytes.values.isEmpty
    case let range as RangeObject: return range.count > 0
    case let view as ViewObject: return view.dictionary.table.count > 0
    case let deque as DequeObject: return !deque.items.isEmpty
    case let opaque as OpaqueObject: return try truthOfUnknown(opaque)
    case let instance as InstanceObject:
      if let method = instance.type.lookup("__bool__") {
        guard case .bool(let result) = try callValue(method, value) else {
          throw typeError("__bool__ should return bool")
        }
        return result
      }
      if instance.type.lookup("__len__") != nil { return try length(value) != 0 }
      return true
    default: return true
    }
  }

  // MARK: Unary

  func unary(_ operation: UnaryOperator, _ value: Value) throws(Unwind) -> Value {
    if let number = number(value) {
      switch operation {
      case .negate: return try negate(number)
      case .plus:
        if case .bool(let value) = value { return .int(value ? 1 : 0) }
        return value
      case .invert:
        switch number {
        case .int(let value): return .int(~value)
        case .big(let value): return try integer(-value - 1)
        case .float: break
        }
      }
    }
    if case .object(let object) = value {
      if let opaque = object as? OpaqueObject {
        return try answerOperation("\(operation.rawValue)\(opaque.path)", on: [value])
      }
      let name =
        switch operation {
        case .negate: "__neg__"
        case .plus: "__pos__"
        case .invert: "__invert__"
        }
      if let instance = object as? InstanceObject, let method = instance.type.lookup(name) {
        return try callValue(method, value)
      }
      if let dictionary = object as? DictObject, dictionary.flavor == .counter {
        throw unsupported("unary operators of Counter")
      }
    }
    throw typeError("bad operand type for unary \(operation.rawValue): '\(typeName(value))'")
  }

  // MARK: Binary

  func binary(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(Unwind) -> Value {
    if let x = number(left), let y = number(right) {
      if case .bool(let x) = left, case .bool(let y) = right {
        switch operation {
        case .bitAnd: return .bool(x && y)
        case .bitOr: return .bool(x || y)
        case .bitXor: return .bool(x != y)
        default: break
        }
      }
      return try arithmetic(operation, x, y)
    }
    if case .object(let object) = left {
      if let result = try binaryOf(object, operation, left, right) { return result }
    }
    if case .object(let object) = right {
      if let result = try reflected(object, operation, left, right) { return result }
    }
    throw typeError(
      "unsupported operand type(s) for \(operation.rawValue): '\(typeName(left))' and '\(typeName(right))'")
  }

  /// Operators of the left operand's type; nil when it does not know them.
  private func binaryOf(
    _ object: Object, _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws(Unwind) -> Value? {
    if case .object(let other) = right, other is OpaqueObject {
      // One value that is no tuple is formatted as it is anywhere.
      if operation == .modulo, let text = object as? StringObject, !world.profile.isContrary,
        text.values.count(where: { $0 == 37 }) == 1, !text.values.contains(40)
      {
        return try string(try percentFormat(text.values, right))
      }
      return try unknownBinary(operation, left, right)
    }
    switch object {
    case is OpaqueObject: return try unknownBinary(operation, left, right)
    case let text as StringObject:
      if operation == .add, case .object(let other as StringObject) = right {
        try charge((text.values.count + other.values.count) / 16)
        return try string(text.values + other.values)
      }
      if operation == .multiply, let count = try repeatCount(right) {
        return try string(try repeated(text.values, count, width: 4))
      }
      if operation == .modulo { return try string(try percentFormat(text.values, right)) }
      if operation == .add { throw typeError("can only concatenate str (not \"\(typeName(right))\") to str") }
    case let bytes as BytesObject:
      if operation == .add, case .object(let other as BytesObject) = right {
        return try self.bytes(bytes.values + other.values)
      }
      if operation == .multiply, let count = try repeatCount(right) {
        return try self.bytes(try repeated(bytes.values, count, width: 1))
      }
      if operation == .modulo { throw unsupported("formatting of bytes") }
    case let list as ListObject:
      if operation == .add {
        guard case .object(let other as ListObject) = right else {
          throw typeError("can only concatenate list (not \"\(typeName(right))\") to list")
        }
        try charge((list.items.count + other.items.count) / 8)
        return try self.list(list.items + other.items)
      }
      if operation == .multiply, let count = try repeatCount(right) {
        return try self.list(try repeated(list.items, count, width: 16))
      }
    case let tuple as TupleObject:
      if operation == .add {
        guard case .object(let other as TupleObject) = right else {
          throw typeError("can only concatenate tuple (not \"\(typeName(right))\") to tuple")
        }
        return try self.tuple(tuple.items + other.items)
      }
      if operation == .multiply, let count = try repeatCount(right) {
        return try self.tuple(try repeated(tuple.items, count, width: 16))
      }
    case let dictionary as DictObject: return try dictionaryOperator(operation, dictionary, right)
    case let set as SetObject:
      if case .object(let other) = right, other is SetObject || other is ViewObject {
        return try setOperator(operation, set, right)
      }
    case is ViewObject:
      switch operation {
      case .bitAnd, .bitOr, .bitXor, .subtract: return try viewOperator(operation, left, right)
      default: break
      }
    case let deque as DequeObject:
      if operation == .add, case .object(let other as DequeObject) = right {
        return try register(
          DequeObject(deque.items + other.items, limit: deque.limit),
          bytes: 64 + 16 * (deque.items.count + other.items.count))
      }
    case let instance as InstanceObject:
      if let method = instance.type.lookup(operation.method("__")) {
        let result = try callValue(method, left, right)
        if case .notImplemented = result { return nil }
        return result
      }
    case is TypeObject:
      if operation == .bitOr { throw unsupported("unions of types") }
    default: break
    }
    return nil
  }

  private func reflected(
    _ object: Object, _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws(Unwind) -> Value? {
    switch object {
    case is OpaqueObject: return try unknownBinary(operation, left, right)
    case let text as StringObject:
      if operation == .multiply, let count = try repeatCount(left) {
        return try string(try repeated(text.values, count, width: 4))
      }
    case let list as ListObject:
      if operation == .multiply, let count = try repeatCount(left) {
        return try self.list(try repeated(list.items, count, width: 16))
      }
    case let tuple as TupleObject:
      if operation == .multiply, let count = try repeatCount(left) {
        return try self.tuple(try repeated(tuple.items, count, width: 16))
      }
    case let bytes as BytesObject:
      if operation == .multiply, let count = try repeatCount(left) {
        return try self.bytes(try repeated(bytes.values, count, width: 1))
      }
    case let instance as InstanceObject:
      if let method = instance.type.lookup(operation.method("__r")) {
        let result = try callValue(method, right, left)
        if case .notImplemented = result { return nil }
        return result
      }
    default: break
    }
    return nil
  }

  private func repeatCount(_ value: Value) throws(Unwind) -> Int? {
    switch number(value) {
    case .int(let count): return max(0, count)
    case .big(let count):
      if count.sign == .minus { return 0 }
      throw raise("OverflowError", "cannot fit 'int' into an index-sized integer")
    default: return nil
    }
  }

  private func repeated<Item>(_ items: [Item], _ count: Int, width: Int) throws(Unwind) -> [Item] {
    if items.isEmpty || count == 0 { return [] }
    let total = items.count.multipliedReportingOverflow(by: count)
    if total.overflow || total.partialValue > limits.bytes { throw stop(.memory) }
    try allocate(total.partialValue * width)
    try charge(total.partialValue / 16)
    if count == 1 { return items }
    if items.count == 1 { return Array(repeating: items[0], count: count) }
    var result: [Item] = []
    result.reserveCapacity(total.partialValue)
    for _ in 0..<count { result += items }
    return result
  }

  // MARK: In place

  func inPlace(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(Unwind) -> Value {
    guard case .object(let object) = left else { return try binary(operation, left, right) }
    switch object {
    case let list as ListObject:
      if operation == .add {
        try extend(list, with: right)
        return left
      }
      if operation == .multiply, let count = try repeatCount(right) {
        list.items = try repeated(list.items, count, width: 16)
        return left
      }
    case let set as SetObject:
      if !set.isFrozen, case .object(let other) = right, other is SetObject || other is ViewObject {
        switch operation {
        case .bitOr: try update(set, with: right)
        case .bitAnd: try replace(set, with: try setOperator(.bitAnd, set, right))
        case .subtract: try subtract(from: set, right)
        case .bitXor: try replace(set, with: try setOperator(.bitXor, set, right))
        default: return try binary(operation, left, right)
        }
        return left
      }
    case let dictionary as DictObject:
      if operation == .bitOr, dictionary.flavor != .counter {
        try merge(dictionary, with: right)
        return left
      }
      if dictionary.flavor == .counter { throw unsupported("in-place operators of Counter") }
    case let deque as DequeObject:
      if operation == .add {
        deque.items += try items(of: right)
        trim(deque)
        return left
      }
    case let instance as InstanceObject:
      if let method = instance.type.lookup(operation.method("__i")) {
        let result = try callValue(method, left, right)
        if case .notImplemented = result { break }
        return result
      }
    default: break
    }
    return try binary(operation, left, right)
  }

  func trim(_ deque: DequeObject) {
    if let limit = deque.limit, deque.items.count > limit { deque.items.removeFirst(deque.items.count - limit) }
  }
}

extension BinaryOperator {
  /// The special method of the operator: `__add__`, `__radd__`, `__iadd__`.
  func method(_ prefix: String) -> String {
    let stem =
      switch self {
      case .add: "add"
      case .subtract: "sub"
      case .multiply: "mul"
      case .matrixMultiply: "matmul"
      case .divide: "truediv"
      case .floorDivide: "floordiv"
      case .modulo: "mod"
      case .power: "pow"
      case .shiftLeft: "lshift"
      case .shiftRight: "rshift"
      case .bitAnd: "and"
      case .bitOr: "or"
      case .bitXor: "xor"
      }
    return prefix + stem + "__"
  }
}
