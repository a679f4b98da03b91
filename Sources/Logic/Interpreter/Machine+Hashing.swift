import BigInt
import Foundation

/// Hashes: of numbers and tuples as CPython computes them, since they decide the order of sets.
extension Machine {
  private static let modulus = (1 << 61) - 1

  func hash(_ value: Value) throws(Unwind) -> Int {
    switch value {
    case .int(let value): return Self.hash(value)
    case .bool(let value): return value ? 1 : 0
    case .float(let value): return Self.hash(value)
    case .none, .unbound: return 0x0fca_86420
    case .ellipsis: return 0x0fca_86421
    case .notImplemented: return 0x0fca_86422
    case .object(let object): return try hash(object, value)
    }
  }

  static func hash(_ value: Int) -> Int {
    let magnitude = Int(value.magnitude % UInt(modulus))
    let result = value < 0 ? -magnitude : magnitude
    return result == -1 ? -2 : result
  }

  /// `_Py_HashDouble`.
  static func hash(_ value: Double) -> Int {
    if value.isNaN { return 0 }
    if value.isInfinite { return value > 0 ? 314_159 : -314_159 }
    if value == value.rounded(), value.magnitude < 9e18 { return hash(Int(value)) }
    var (mantissa, exponent) = frexp(value.magnitude)
    var x: UInt64 = 0
    while mantissa != 0 {
      x = ((x << 28) & UInt64(modulus)) | x >> (61 - 28)
      mantissa *= 268_435_456.0
      exponent -= 28
      let y = UInt64(mantissa)
      mantissa -= Double(y)
      x += y
      if x >= UInt64(modulus) { x -= UInt64(modulus) }
    }
    let shift = exponent >= 0 ? exponent % 61 : 61 - 1 - ((-1 - exponent) % 61)
    x = ((x << UInt64(shift)) & UInt64(modulus)) | x >> UInt64(61 - shift)
    let result = value < 0 ? -Int(x) : Int(x)
    return result == -1 ? -2 : result
  }

  private func hash(_ object: Object, _ value: Value) throws(Unwind) -> Int {
    switch object {
    case let text as StringObject:
      if text.cachedHash == 0 { text.cachedHash = Int(bitPattern: UInt(StableHash.of(text.values))) | 1 }
      return text.cachedHash
    case let tuple as TupleObject: return try hash(tuple.items)
    case let big as BigObject:
      let remainder = Int(big.value.magnitude % BigUInt(Self.modulus))
      let result = big.value.sign == .minus ? -remainder : remainder
      return result == -1 ? -2 : result
    case let bytes as BytesObject: return Int(bitPattern: UInt(StableHash.of(bytes.values.map(UInt32.init))))
    case let opaque as OpaqueObject:
      // What is equal has one hash.
      if world.profile.isContrary { return Int(bitPattern: UInt(opaque.hash)) }
      let like = try literalLike(opaque)
      hashedLike[opaque.path] = try snapshot(like)
      return try hash(like)
    case let set as SetObject:
      if !set.isFrozen { throw typeError("unhashable type: 'set'") }
      var result: UInt64 = UInt64(set.table.count) &* 1_927_868_237
      for slot in set.table.slots where slot.state == 1 {
        result ^= StableHash.mix(UInt64(bitPattern: Int64(slot.hash)))
      }
      return Int(bitPattern: UInt(result))
    case is ListObject, is DictObject, is DequeObject, is SliceObject:
      throw typeError("unhashable type: '\(typeName(value))'")
    case let view as ViewObject where view.kind != .values: throw typeError("unhashable type: '\(typeName(value))'")
    case let range as RangeObject:
      return try hash([
        .int(range.count), range.count == 0 ? .none : .int(range.start),
        range.count < 2 ? .none : .int(range.step),
      ])
    case let method as MethodObject:
      return try hash(method.receiver) ^ (try hash(method.function))
    case let instance as InstanceObject:
      if let method = instance.type.lookup("__hash__") {
        if method.isNone { throw typeError("unhashable type: '\(instance.type.name)'") }
        guard let result = number(try callValue(method, value))?.asBig else {
          throw typeError("__hash__ method should return an integer")
        }
        return Int(truncatingIfNeeded: result)
      }
      if instance.type.definesEquality { throw typeError("unhashable type: '\(instance.type.name)'") }
      return serial(of: object)
    default: return serial(of: object)
    }
  }

  func serial(of object: Object) -> Int {
    if object.serial == 0 {
      object.serial = nextSerial
      nextSerial += 1
    }
    return object.serial &* 16
  }

  /// `tuplehash`: xxHash without its final avalanche.
  private func hash(_ items: [Value]) throws(Unwind) -> Int {
    try descend()
    defer { ascend() }
    var accumulator: UInt64 = 2_870_177_450_012_600_261
    for item in items {
      let lane = UInt64(bitPattern: Int64(try hash(item)))
      accumulator = accumulator &+ lane &* 14_029_467_366_897_019_727
      accumulator = (accumulator << 31) | (accumulator >> 33)
      accumulator = accumulator &* 11_400_714_785_074_694_791
    }
    accumulator = accumulator &+ (UInt64(items.count) ^ (2_870_177_450_012_600_261 ^ 3_527_539))
    if accumulator == UInt64.max { return 1_546_275_796 }
    return Int(bitPattern: UInt(accumulator))
  }

  /// A set passed as a key to a set's own operations is looked up by its content.
  func frozen(_ value: Value) throws(Unwind) -> Value {
    guard case .object(let set as SetObject) = value, !set.isFrozen else { return value }
    let copy = SetObject(frozen: true)
    copy.table = set.table
    return try register(copy, bytes: 64 + 24 * copy.table.count)
  }
}

extension TypeObject {
  /// The class that defines `__eq__` without `__hash__` makes its instances unhashable.
  var definesEquality: Bool {
    for type in order {
      if type.attributes["__hash__"] != nil { return false }
      if type.attributes["__eq__"] != nil { return true }
    }
    return false
  }
}
