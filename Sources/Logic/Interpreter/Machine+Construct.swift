import BigInt
import Foundation

/// Calls of built-in types: `int(x)`, `list(x)`, ...
extension Machine {
  func construct(_ type: BuiltinType, _ arguments: Arguments) throws(Unwind) -> Value {
    let name = type.rawValue
    switch type {
    case .int: return try makeInt(arguments)
    case .bool:
      if arguments.positional.isEmpty { return .bool(false) }
      return .bool(try truth(try one(arguments, name)))
    case .float: return try makeFloat(arguments)
    case .str:
      let values = try parse(arguments, name, ["object", "encoding", "errors"])
      if values[1] != nil || values[2] != nil { throw unsupported("str of bytes") }
      guard let value = values[0] else { return try string([]) }
      if case .object(let text as StringObject) = value { return .object(text) }
      return try string(try convert(value))
    case .bytes:
      if arguments.positional.isEmpty { return try bytes([]) }
      let value = try one(arguments, name)
      if case .object(let object) = value, object is BytesObject { return value }
      if case .int(let count) = value {
        if count < 0 { throw raise("ValueError", "negative count") }
        try allocate(count)
        return try bytes(Array(repeating: 0, count: count))
      }
      if case .object(let object) = value, object is StringObject {
        throw typeError("string argument without an encoding")
      }
      var result: [UInt8] = []
      for item in try items(of: value) {
        guard let byte = try index(item) else { throw typeError("cannot convert to bytes") }
        guard (0..<256).contains(byte) else { throw raise("ValueError", "bytes must be in range(0, 256)") }
        result.append(UInt8(byte))
      }
      return try bytes(result)
    case .list:
      if arguments.positional.isEmpty, arguments.keywords.isEmpty { return try list([]) }
      return try list(try items(of: try one(arguments, name)))
    case .tuple:
      if arguments.positional.isEmpty, arguments.keywords.isEmpty { return try tuple([]) }
      let value = try one(arguments, name)
      if case .object(let object) = value, let known = object as? TupleObject, known.type == nil {
        return value
      }
      return try tuple(try items(of: value))
    case .set, .frozenset:
      if arguments.positional.isEmpty, arguments.keywords.isEmpty { return try makeSet([], frozen: type == .frozenset) }
      let value = try one(arguments, name)
      if case .object(let set as SetObject) = value {
        if set.isFrozen, type == .frozenset { return value }
        return .object(try copy(set, frozen: type == .frozenset))
      }
      let set = SetObject(frozen: type == .frozenset)
      let result = try register(set, bytes: 96)
      try update(set, with: value)
      return result
    case .dict, .orderedDict:
      let dictionary = DictObject(flavor: type == .dict ? .plain : .ordered)
      let value = try register(dictionary, bytes: 96)
      _ = try dictMethod(.update, dictionary, arguments)
      return value
    case .defaultdict:
      let dictionary = DictObject(flavor: .defaultDict)
      let value = try register(dictionary, bytes: 96)
      var rest = arguments
      if !rest.positional.isEmpty { dictionary.factory = rest.positional.removeFirst() }
      _ = try dictMethod(.update, dictionary, rest)
      return value
    case .counter:
      let dictionary = DictObject(flavor: .counter)
      let value = try register(dictionary, bytes: 96)
      _ = try counterUpdate(dictionary, arguments, sign: 1)
      return value
    case .deque:
      let values = try parse(arguments, name, ["iterable", "maxlen"])
      var limit: Int?
      if let value = values[1], !value.isNone {
        guard let count = try index(value) else { throw typeError("an integer is required") }
        if count < 0 { throw raise("ValueError", "maxlen must be non-negative") }
        limit = count
      }
      let deque = DequeObject([], limit: limit)
      let value = try register(deque, bytes: 64)
      if let source = values[0] {
        deque.items = try items(of: source)
        trim(deque)
      }
      return value
    case .range:
      if !arguments.keywords.isEmpty { throw typeError("range() takes no keyword arguments") }
      var parts: [Int] = []
      for value in arguments.positional {
        if case .object(let object) = value, object is BigObject { throw unsupported("a range this large") }
        guard let part = try index(value) else {
          throw typeError("'\(typeName(value))' object cannot be interpreted as an integer")
        }
        parts.append(part)
      }
      switch parts.count {
      case 1: return try range(start: 0, stop: parts[0], step: 1)
      case 2: return try range(start: parts[0], stop: parts[1], step: 1)
      case 3: return try range(start: parts[0], stop: parts[1], step: parts[2])
      default: throw typeError("range expected 1 to 3 arguments")
      }
    case .slice:
      let values = arguments.positional
      switch values.count {
      case 1: return try register(SliceObject([.none, values[0], .none]), bytes: 64)
      case 2: return try register(SliceObject([values[0], values[1], .none]), bytes: 64)
      case 3: return try register(SliceObject(values), bytes: 64)
      default: throw typeError("slice expected 1 to 3 arguments")
      }
    case .enumerate:
      let values = try parse(arguments, name, ["iterable", "start"], required: 1)
      let start = values[1] ?? .int(0)
      guard number(start)?.asBig != nil else { throw typeError("an integer is required") }
      return try register(
        EnumerateIterator(try iterator(values[0] ?? .none), start: try unary(.plus, start)), bytes: 64)
    case .zip:
      var isStrict = false
      for (keyword, value) in arguments.keywords {
        guard keyword == "strict" else { throw typeError("zip() got an unexpected keyword argument '\(keyword)'") }
        versionDependent = true
        isStrict = try truth(value)
      }
      return try register(ZipIterator(try iterators(arguments.positional), strict: isStrict), bytes: 64)
    case .map:
      guard arguments.positional.count >= 2 else { throw typeError("map() must have at least two arguments.") }
      let sources = try iterators(Array(arguments.positional.dropFirst()))
      return try register(MapIterator(arguments.positional[0], sources), bytes: 64)
    case .filter:
      let values = try parse(arguments, name, ["function", "iterable"], required: 2, positionalOnly: 2)
      return try register(FilterIterator(values[0] ?? .none, try iterator(values[1] ?? .none), .keep), bytes: 64)
    case .reversed: return try reversed(try one(arguments, name))
    case .type:
      let value = try one(arguments, name)
      if let type = typeOf(value) { return .object(type) }
      if case .object(let opaque as OpaqueObject) = value { return .object(self.opaque("type(\(opaque.path))")) }
      throw unsupported("type of an iterator")
    case .object:
      if !arguments.positional.isEmpty { throw typeError("object() takes no arguments") }
      return try register(InstanceObject(self.type(.object)), bytes: 64)
    case .property:
      let values = try parse(arguments, name, ["fget", "fset", "fdel", "doc"])
      return try register(
        DescriptorObject(
          .property, getter: values[0] ?? .none, setter: values[1] ?? .unbound, deleter: values[2] ?? .unbound),
        bytes: 64)
    case .staticmethod:
      return try register(DescriptorObject(.staticMethod, getter: try one(arguments, name)), bytes: 64)
    case .classmethod: return try register(DescriptorObject(.classMethod, getter: try one(arguments, name)), bytes: 64)
    case .partial:
      guard let function = arguments.positional.first else { throw typeError("partial expected at least 1 argument") }
      return try register(
        BuiltinObject(.partial(Array(arguments.positional.dropFirst()), arguments.keywords), receiver: function),
        bytes: 96)
    default: throw unsupported("\(name)()")
    }
  }

  func iterators(_ values: [Value]) throws(Unwind) -> [Value] {
    var result: [Value] = []
    for value in values { result.append(try iterator(value)) }
    return result
  }

  private func reversed(_ value: Value) throws(Unwind) -> Value {
    if case .object(let object) = value {
      switch object {
      case let list as ListObject: return try register(ReversedListIterator(list), bytes: 48)
      case is TupleObject, is StringObject, is BytesObject, is DequeObject:
        return try register(ArrayIterator(try items(of: value).reversed()), bytes: 48)
      case let range as RangeObject:
        let last = range.start &+ (range.count - 1) &* range.step
        return try register(RangeIterator(start: last, step: 0 &- range.step, count: range.count), bytes: 48)
      case let dictionary as DictObject:
        return try register(DictIterator(dictionary, .keys, reversed: true), bytes: 48)
      case let view as ViewObject:
        return try register(DictIterator(view.dictionary, view.kind, reversed: true), bytes: 48)
      case let opaque as OpaqueObject: return .object(self.opaque("reversed(\(opaque.path))"))
      case let instance as InstanceObject:
        if let method = instance.type.lookup("__reversed__") { return try callValue(method, value) }
        if instance.type.lookup("__getitem__") != nil { throw unsupported("reversed of a sequence class") }
      default: break
      }
    }
    throw typeError("'\(typeName(value))' object is not reversible")
  }

  // MARK: Numbers

  private func makeInt(_ arguments: Arguments) throws(Unwind) -> Value {
    let values = try parse(arguments, "int", ["x", "base"], positionalOnly: 1)
    guard let value = values[0] else {
      if values[1] != nil { throw typeError("int() missing string argument") }
      return .int(0)
    }
    if let base = values[1] {
      guard case .object(let text as StringObject) = value else {
        throw typeError("int() can't convert non-string with explicit base")
      }
      guard let radix = try index(base) else { throw typeError("an integer is required") }
      guard radix == 0 || (2...36).contains(radix) else {
        throw raise("ValueError", "int() base must be >= 2 and <= 36, or 0")
      }
      return try parseInt(text.values, radix: radix)
    }
    switch number(value) {
    case .int(let value): return .int(value)
    case .big: return value
    case .float(let value): return try truncate(value)
    case nil: break
    }
    if case .object(let object) = value {
      switch object {
      case let text as StringObject:
        meet(text.values, readAs: "int")
        return try parseInt(text.values, radix: 10)
      case let bytes as BytesObject: return try parseInt(bytes.values.map(UInt32.init), radix: 10)
      case let opaque as OpaqueObject: return try answerOperation("int(\(opaque.path))", on: [value], kind: .int)
      case let instance as InstanceObject:
        for name in ["__int__", "__index__", "__trunc__"] {
          if let method = instance.type.lookup(name) { return try callValue(method, value) }
        }
      default: break
      }
    }
    throw typeError("int() argument must be a string, a bytes-like object or a real number, not '\(typeName(value))'")
  }

  func truncate(_ value: Double) throws(Unwind) -> Value {
    if value.isNaN { throw raise("ValueError", "cannot convert float NaN to integer") }
    if value.isInfinite { throw raise("OverflowError", "cannot convert float infinity to integer") }
    if let small = Int(exactly: value.rounded(.towardZero)) { return .int(small) }
    return try integer(BigInt(value.rounded(.towardZero)))
  }

  private func parseInt(_ values: [UInt32], radix: Int) throws(Unwind) -> Value {
    let failure = "invalid literal for int() with base \(radix): \(Literals.string(values))"
    var rest = Self.strip(values, nil, left: true, right: true)[...]
    var isNegative = false
    if let sign = rest.first, sign == 43 || sign == 45 {
      isNegative = sign == 45
      rest.removeFirst()
    }
    var radix = radix
    var isPrefixed = false
    if rest.count >= 2, rest[rest.startIndex] == 48 {
      let mark = rest[rest.startIndex + 1] | 32
      let prefixed = mark == 120 ? 16 : mark == 111 ? 8 : mark == 98 ? 2 : 0
      if prefixed != 0, radix == 0 || radix == prefixed {
        radix = prefixed
        rest = rest.dropFirst(2)
        isPrefixed = true
      }
    }
    if radix == 0 {
      if rest.first == 48, rest.contains(where: { $0 != 48 && $0 != 95 }) { throw raise("ValueError", failure) }
      radix = 10
    }
    if isPrefixed, rest.first == 95 { rest.removeFirst() }
    var result = BigInt(0)
    // Digits are gathered in a machine word and added to the result word by word.
    var word = 0
    var scale = 1
    var wasDigit = false
    var count = 0
    for value in rest {
      if value == 95, wasDigit {
        wasDigit = false
        continue
      }
      guard let digit = Self.digit(value), digit < radix else { throw raise("ValueError", failure) }
      word = word * radix + digit
      scale *= radix
      count += 1
      wasDigit = true
      if scale > Int.max / 1300 {
        result = result * BigInt(scale) + BigInt(word)
        word = 0
        scale = 1
        if count > 4000 { throw unsupported("an integer with this many digits") }
        try charge(1 + count / 16)
      }
    }
    guard wasDigit else { throw raise("ValueError", failure) }
    result = result * BigInt(scale) + BigInt(word)
    return try integer(isNegative ? -result : result)
  }

  private static func digit(_ value: UInt32) -> Int? {
    switch value {
    case 48...57: return Int(value) - 48
    case 65...90: return Int(value) - 55
    case 97...122: return Int(value) - 87
    default:
      guard value > 127, let scalar = Unicode.Scalar(value), scalar.properties.numericType == .decimal,
        let number = scalar.properties.numericValue
      else { return nil }
      return Int(number)
    }
  }

  private func makeFloat(_ arguments: Arguments) throws(Unwind) -> Value {
    if arguments.positional.isEmpty, arguments.keywords.isEmpty { return .float(0) }
    let value = try one(arguments, "float")
    if let number = number(value) { return .float(try double(number)) }
    if case .object(let object) = value {
      switch object {
      case let text as StringObject:
        meet(text.values, readAs: "float")
        guard let result = Self.parseFloat(text.values) else {
          throw raise("ValueError", "could not convert string to float: \(Literals.string(text.values))")
        }
        return .float(result)
      case let opaque as OpaqueObject: return try answerOperation("float(\(opaque.path))", on: [value], kind: .float)
      case let instance as InstanceObject:
        for name in ["__float__", "__index__"] {
          if let method = instance.type.lookup(name), let number = number(try callValue(method, value)) {
            return .float(try double(number))
          }
        }
      case is BytesObject: throw unsupported("float of bytes")
      default: break
      }
    }
    throw typeError("float() argument must be a string or a real number, not '\(typeName(value))'")
  }

  static func parseFloat(_ values: [UInt32]) -> Double? {
    let text = CodePoints(
      strip(values, nil, left: true, right: true).map { value in
        value > 127 ? digit(value).map { UInt32($0 + 48) } ?? value : value
      }
    ).string.lowercased()
    let bare = text.hasPrefix("+") || text.hasPrefix("-") ? String(text.dropFirst()) : text
    switch bare {
    case "inf", "infinity": return text.hasPrefix("-") ? -.infinity : .infinity
    case "nan": return .nan
    default: break
    }
    // Underscores only between digits; no hexadecimal.
    var digits = ""
    var previous: Character = "_"
    for (index, character) in bare.enumerated() {
      if character == "_" {
        let next = bare.dropFirst(index + 1).first
        guard previous.isASCII, previous.isNumber, let next, next.isASCII, next.isNumber else { return nil }
      } else {
        guard "0123456789.e+-".contains(character) else { return nil }
        digits.append(character)
      }
      previous = character
    }
    guard let first = digits.first, first != "+", first != "-" else { return nil }
    if digits.hasSuffix(".") { digits += "0" }
    digits = digits.replacingOccurrences(of: ".e", with: ".0e")
    if digits.hasPrefix(".") { digits = "0" + digits }
    guard let result = Double(digits) else {
      return nil
    }
    return text.hasPrefix("-") ? -result : result
  }

  func numberMethod(_ method: Method, _ value: Value, _ arguments: Arguments) throws(Unwind) -> Value {
    try noArguments(arguments, method.rawValue)
    switch (method, number(value)) {
    case (.bitLength, .int(let value)): return .int(Int.bitWidth - value.magnitude.leadingZeroBitCount)
    case (.bitLength, .big(let value)): return .int(value.magnitude.bitWidth)
    case (.isInteger, .float(let value)): return .bool(value.isFinite && value == value.rounded())
    case (.conjugate, _): return try unary(.plus, value)
    default: throw unsupported("the method \(method.rawValue) of a number")
    }
  }

  func round(_ value: Value, _ digits: Value?) throws(Unwind) -> Value {
    let count: Int? = try digits.flatMap { value throws(Unwind) in value.isNone ? nil : try index(value) }
    if let digits, !digits.isNone, count == nil {
      throw typeError("'\(typeName(digits))' object cannot be interpreted as an integer")
    }
    switch number(value) {
    case .int, .big:
      let integer = number(value)?.asBig ?? 0
      guard let count, count < 0 else { return try unary(.plus, value) }
      if count < -5000 { return .int(0) }
      let unit = BigInt(10).power(-count)
      var (quotient, remainder) = Self.floorDivide(integer, unit)
      let twice = remainder * 2
      if twice > unit || (twice == unit && quotient % 2 != 0) { quotient += 1 }
      remainder = 0
      return try self.integer(quotient * unit)
    case .float(let float):
      guard let count else { return try truncate(float.rounded(.toNearestOrEven)) }
      if !float.isFinite || float == 0 { return .float(float) }
      // Correctly rounded in decimal: print with that many digits and read back.
      if count > 323 { return .float(float) }
      if count < -308 { return .float(copysign(0.0, float)) }
      if count >= 0 { return .float(Double(String(format: "%.*f", count, float)) ?? float) }
      let result = try Self.roundToTens(float, -count)
      if result.isInfinite { throw raise("OverflowError", "rounded value too large to represent") }
      return .float(result)
    case nil:
      if case .object(let object) = value {
        if let opaque = object as? OpaqueObject { return try answerOperation("round(\(opaque.path))", on: [value]) }
        if let instance = object as? InstanceObject, let method = instance.type.lookup("__round__") {
          if let digits { return try callValue(method, value, digits) }
          return try callValue(method, value)
        }
      }
      throw typeError("type \(typeName(value)) doesn't define __round__ method")
    }
  }

  /// Half to even on the exact value.
  private static func roundToTens(_ value: Double, _ count: Int) throws(Unwind) -> Double {
    let whole = BigInt(value.magnitude.rounded(.down))
    let hasFraction = value.magnitude != value.magnitude.rounded(.down)
    let unit = BigInt(10).power(count)
    var (quotient, remainder) = whole.quotientAndRemainder(dividingBy: unit)
    let twice = remainder * 2
    if twice > unit || (twice == unit && (hasFraction || quotient % 2 != 0)) { quotient += 1 }
    remainder = 0
    let result = double(quotient * unit) ?? .infinity
    return value < 0 ? -result : result
  }
}
