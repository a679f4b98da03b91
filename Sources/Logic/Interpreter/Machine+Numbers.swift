import BigInt
import Foundation

/// Integers and floats, with the semantics of Objects/longobject.c and Objects/floatobject.c.
extension Machine {
  enum Number {
    case int(Int)
    case big(BigInt)
    case float(Double)

    var asBig: BigInt? {
      switch self {
      case .int(let value): BigInt(value)
      case .big(let value): value
      case .float: nil
      }
    }
  }

  func number(_ value: Value) -> Number? {
    switch value {
    case .int(let value): .int(value)
    case .bool(let value): .int(value ? 1 : 0)
    case .float(let value): .float(value)
    case .object(let object): (object as? BigObject).map { .big($0.value) }
    default: nil
    }
  }

  func double(_ number: Number) throws(Unwind) -> Double {
    switch number {
    case .int(let value): return Double(value)
    case .float(let value): return value
    case .big(let value):
      guard let result = Self.double(value) else {
        throw raise("OverflowError", "int too large to convert to float")
      }
      return result
    }
  }

  /// The nearest double, ties to even; nil when it is out of range.
  static func double(_ value: BigInt) -> Double? {
    let magnitude = value.magnitude
    let width = magnitude.bitWidth
    if width > 1024 { return nil }
    var result: Double
    if width <= 64 {
      result = Double(UInt64(magnitude))
    } else {
      let shift = width - 64
      var top = UInt64(magnitude >> shift)
      if magnitude & ((BigUInt(1) << shift) - 1) != 0 { top |= 1 }
      result = Double(top) * pow(2.0, Double(min(shift, 1000)))
      if shift > 1000 { result *= pow(2.0, Double(shift - 1000)) }
    }
    if result.isInfinite { return nil }
    return value.sign == .minus ? -result : result
  }

  func arithmetic(_ operation: BinaryOperator, _ left: Number, _ right: Number) throws(Unwind) -> Value {
    switch operation {
    case .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight, .matrixMultiply:
      guard case .float = left else {
        guard case .float = right else { return try bits(operation, left, right) }
        throw unsupportedOperands(operation)
      }
      throw unsupportedOperands(operation)
    default: break
    }
    if case .float = left { return try floats(operation, try double(left), try double(right)) }
    if case .float = right { return try floats(operation, try double(left), try double(right)) }
    if operation == .divide { return try trueDivide(left, right) }
    if case .int(let x) = left, case .int(let y) = right, let result = try smallIntegers(operation, x, y) {
      return result
    }
    return try bigIntegers(operation, left.asBig ?? 0, right.asBig ?? 0)
  }

  func unsupportedOperands(_ operation: BinaryOperator) -> Unwind {
    typeError("unsupported operand type(s) for \(operation.rawValue)")
  }

  private func smallIntegers(_ operation: BinaryOperator, _ x: Int, _ y: Int) throws(Unwind) -> Value? {
    switch operation {
    case .add:
      let (result, overflow) = x.addingReportingOverflow(y)
      return overflow ? nil : .int(result)
    case .subtract:
      let (result, overflow) = x.subtractingReportingOverflow(y)
      return overflow ? nil : .int(result)
    case .multiply:
      let (result, overflow) = x.multipliedReportingOverflow(by: y)
      return overflow ? nil : .int(result)
    case .floorDivide, .modulo:
      if y == 0 {
        throw raise("ZeroDivisionError", "integer division or modulo by zero")
      }
      if y == -1 { return operation == .modulo ? .int(0) : (x == .min ? nil : .int(-x)) }
      let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
      let adjust = remainder != 0 && (remainder < 0) != (y < 0)
      if operation == .floorDivide { return .int(adjust ? quotient - 1 : quotient) }
      return .int(adjust ? remainder + y : remainder)
    default: return nil
    }
  }

  private func bigIntegers(_ operation: BinaryOperator, _ x: BigInt, _ y: BigInt) throws(Unwind) -> Value {
    switch operation {
    case .add: return try integer(x + y)
    case .subtract: return try integer(x - y)
    case .multiply:
      try charge(x.magnitude.words.count * y.magnitude.words.count / 64)
      try allocate((x.magnitude.words.count + y.magnitude.words.count) * 8)
      return try integer(x * y)
    case .floorDivide, .modulo:
      if y == 0 { throw raise("ZeroDivisionError", "integer division or modulo by zero") }
      try charge(x.magnitude.words.count * y.magnitude.words.count / 16)
      let (quotient, remainder) = Self.floorDivide(x, y)
      return try integer(operation == .floorDivide ? quotient : remainder)
    case .power: return try power(x, y)
    default: throw unsupportedOperands(operation)
    }
  }

  static func floorDivide(_ x: BigInt, _ y: BigInt) -> (quotient: BigInt, remainder: BigInt) {
    let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
    if remainder != 0, (remainder.sign == .minus) != (y.sign == .minus) { return (quotient - 1, remainder + y) }
    return (quotient, remainder)
  }

  private func power(_ x: BigInt, _ y: BigInt) throws(Unwind) -> Value {
    if y.sign == .minus {
      if x == 0 { throw raise("ZeroDivisionError", "0.0 cannot be raised to a negative power") }
      guard let base = Self.double(x), let exponent = Self.double(y) else {
        throw raise("OverflowError", "int too large to convert to float")
      }
      return .float(pow(base, exponent))
    }
    if x == 0 { return .int(y == 0 ? 1 : 0) }
    if x == 1 { return .int(1) }
    if x == -1 { return .int(y % 2 == 0 ? 1 : -1) }
    guard let exponent = Int(exactly: y), exponent < 1 << 32 else { throw stop(.memory) }
    let size = x.magnitude.bitWidth.multipliedReportingOverflow(by: exponent)
    if size.overflow { throw stop(.memory) }
    try allocate(size.partialValue / 8)
    let words = size.partialValue / 64
    try charge(words + words.multipliedReportingOverflow(by: words / 64).partialValue)
    return try integer(x.power(exponent))
  }

  private func bits(_ operation: BinaryOperator, _ left: Number, _ right: Number) throws(Unwind) -> Value {
    if case .int(let x) = left, case .int(let y) = right {
      switch operation {
      case .bitAnd: return .int(x & y)
      case .bitOr: return .int(x | y)
      case .bitXor: return .int(x ^ y)
      case .shiftRight where y >= 0: return .int(x >> min(y, 63))
      case .shiftLeft where y >= 0 && y < 62 && x.magnitude < (1 << UInt(62 - y)): return .int(x << y)
      default: break
      }
    }
    let x = left.asBig ?? 0
    let y = right.asBig ?? 0
    switch operation {
    case .bitAnd: return try integer(x & y)
    case .bitOr: return try integer(x | y)
    case .bitXor: return try integer(x ^ y)
    case .shiftLeft, .shiftRight:
      if y.sign == .minus { throw raise("ValueError", "negative shift count") }
      if operation == .shiftRight {
        guard let count = Int(exactly: y), count <= x.magnitude.bitWidth else { return .int(x.sign == .minus ? -1 : 0) }
        return try integer(Self.floorDivide(x, BigInt(1) << count).quotient)
      }
      if x == 0 { return .int(0) }
      guard let count = Int(exactly: y), count < 1 << 32 else { throw stop(.memory) }
      try allocate(count / 8)
      try charge(count / 64)
      return try integer(x << count)
    default: throw unsupportedOperands(operation)
    }
  }

  /// Correctly rounded quotient of two integers.
  private func trueDivide(_ left: Number, _ right: Number) throws(Unwind) -> Value {
    if case .int(let x) = left, case .int(let y) = right {
      if y == 0 { throw raise("ZeroDivisionError", "division by zero") }
      if x.magnitude < 1 << 53, y.magnitude < 1 << 53 { return .float(Double(x) / Double(y)) }
    }
    let x = left.asBig ?? 0
    let y = right.asBig ?? 0
    if y == 0 { throw raise("ZeroDivisionError", "division by zero") }
    if x == 0 { return .float(y.sign == .minus ? -0.0 : 0.0) }
    // Scale the quotient to at least 66 bits, keep a sticky bit, and round once.
    let shift = 66 + y.magnitude.bitWidth - x.magnitude.bitWidth
    let numerator = shift > 0 ? x.magnitude << shift : x.magnitude
    let denominator = shift < 0 ? y.magnitude << -shift : y.magnitude
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    let exponent = quotient.bitWidth - shift
    if exponent > 1024 { throw raise("OverflowError", "integer division result too large for a float") }
    var bits = quotient
    // Subnormal results have fewer bits: round at the right place.
    let precision = exponent < -1021 ? max(0, 53 - (-1021 - exponent)) : 53
    let dropped = bits.bitWidth - precision
    let sticky = remainder != 0 || bits & ((BigUInt(1) << max(0, dropped - 1)) - 1) != 0
    let half = dropped > 0 && (bits >> (dropped - 1)) & 1 == 1
    bits >>= dropped
    if half, sticky || bits & 1 == 1 { bits += 1 }
    let scale = dropped - shift
    var result = Double(UInt64(bits))
    result = scalbn(result, scale)
    if result.isInfinite { throw raise("OverflowError", "integer division result too large for a float") }
    return .float((x.sign == .minus) != (y.sign == .minus) ? -result : result)
  }

  func floats(_ operation: BinaryOperator, _ x: Double, _ y: Double) throws(Unwind) -> Value {
    switch operation {
    case .add: return .float(x + y)
    case .subtract: return .float(x - y)
    case .multiply: return .float(x * y)
    case .divide:
      if y == 0 { throw raise("ZeroDivisionError", "float division by zero") }
      return .float(x / y)
    case .floorDivide, .modulo:
      if y == 0 { throw raise("ZeroDivisionError", "float floor division by zero") }
      let (quotient, remainder) = Self.floatDivide(x, y)
      return .float(operation == .modulo ? remainder : quotient)
    case .power: return try floatPower(x, y)
    default: throw unsupportedOperands(operation)
    }
  }

  /// `float_divmod`.
  static func floatDivide(_ x: Double, _ y: Double) -> (quotient: Double, remainder: Double) {
    var remainder = fmod(x, y)
    var quotient = (x - remainder) / y
    if remainder != 0 {
      if (y < 0) != (remainder < 0) {
        remainder += y
        quotient -= 1
      }
    } else {
      remainder = copysign(0.0, y)
    }
    if quotient != 0 {
      var floored = floor(quotient)
      if quotient - floored > 0.5 { floored += 1 }
      quotient = floored
    } else {
      quotient = copysign(0.0, x / y)
    }
    return (quotient, remainder)
  }

  private func floatPower(_ x: Double, _ y: Double) throws(Unwind) -> Value {
    if x == 0, y < 0 { throw raise("ZeroDivisionError", "0.0 cannot be raised to a negative power") }
    if x < 0, x.isFinite, y.isFinite, y != floor(y) { throw unsupported("complex numbers") }
    let result = pow(x, y)
    if result.isInfinite, x.isFinite, y.isFinite { throw raise("OverflowError", "Numerical result out of range") }
    return .float(result)
  }

  func negate(_ number: Number) throws(Unwind) -> Value {
    switch number {
    case .int(let value): value == .min ? try integer(-BigInt(value)) : .int(-value)
    case .big(let value): try integer(-value)
    case .float(let value): .float(-value)
    }
  }

  // MARK: Order

  enum Order { case less, equal, greater, unordered }

  func order(_ left: Number, _ right: Number) -> Order {
    switch (left, right) {
    case (.int(let x), .int(let y)): return x < y ? .less : x > y ? .greater : .equal
    case (.float(let x), .float(let y)):
      return x < y ? .less : x > y ? .greater : x == y ? .equal : .unordered
    case (.float(let x), _):
      switch order(integer: right, x) {
      case .less: return .greater
      case .greater: return .less
      case let other: return other
      }
    case (_, .float(let y)): return order(integer: left, y)
    default:
      let x = left.asBig ?? 0
      let y = right.asBig ?? 0
      return x < y ? .less : x > y ? .greater : .equal
    }
  }

  /// Exact: no integer is rounded.
  private func order(integer: Number, _ float: Double) -> Order {
    if float.isNaN { return .unordered }
    if float.isInfinite { return float > 0 ? .less : .greater }
    if case .int(let value) = integer, value.magnitude < 1 << 53 {
      let value = Double(value)
      return value < float ? .less : value > float ? .greater : .equal
    }
    let whole = BigInt(float.rounded(.towardZero))
    let value = integer.asBig ?? 0
    if value != whole { return value < whole ? .less : .greater }
    let fraction = float - float.rounded(.towardZero)
    return fraction > 0 ? .less : fraction < 0 ? .greater : .equal
  }
}
