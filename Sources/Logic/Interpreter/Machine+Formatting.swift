import BigInt
import Foundation

/// `repr`, `str`, `format`, `%` and `str.format`.
extension Machine {
  func represent(_ value: Value, ascii: Bool = false) throws(Unwind) -> String {
    switch value {
    case .unbound, .none: return "None"
    case .ellipsis: return "Ellipsis"
    case .notImplemented: return "NotImplemented"
    case .bool(let value): return value ? "True" : "False"
    case .int(let value): return String(value)
    case .float(let value): return Literals.float(value)
    case .object(let object):
      try descend()
      defer { ascend() }
      try charge(1)
      return try represent(object, value, ascii)
    }
  }

  private func represent(_ object: Object, _ value: Value, _ ascii: Bool) throws(Unwind) -> String {
    switch object {
    case let big as BigObject: return try decimal(big.value)
    case let text as StringObject:
      try charge(text.values.count / 16)
      try allocate(text.values.count * 4)
      return Literals.string(text.values, asciiOnly: ascii)
    case let bytes as BytesObject: return Literals.bytes(bytes.values)
    case let list as ListObject:
      return try nested(object, "[...]") { () throws(Unwind) in
        "[" + (try self.represent(list.items, ascii)) + "]"
      }
    case let tuple as TupleObject:
      if let method = tuple.type?.lookup("__repr__") { return try textOf(try callValue(method, value)) }
      return try nested(object, "(...)") { () throws(Unwind) in
        "(" + (try self.represent(tuple.items, ascii)) + (tuple.items.count == 1 ? ",)" : ")")
      }
    case let dictionary as DictObject:
      guard dictionary.flavor == .plain else { throw unsupported("repr of \(typeName(value))") }
      return try nested(object, "{...}") { () throws(Unwind) in
        var parts: [String] = []
        for entry in dictionary.table.entries where !entry.key.isUnbound {
          parts.append(
            "\(try self.represent(entry.key, ascii: ascii)): \(try self.represent(entry.value, ascii: ascii))")
        }
        return "{" + parts.joined(separator: ", ") + "}"
      }
    case let set as SetObject:
      noteOrder(of: set)
      let items = set.table.values
      let inner = try represent(limits.turnsSets ? items.reversed() : items, ascii)
      if set.isFrozen { return inner.isEmpty ? "frozenset()" : "frozenset({\(inner)})" }
      return inner.isEmpty ? "set()" : "{\(inner)}"
    case let range as RangeObject:
      return "range(\(range.start), \(range.stop)" + (range.step == 1 ? ")" : ", \(range.step))")
    case let slice as SliceObject: return "slice(" + (try represent(slice.parts, ascii)) + ")"
    case let opaque as OpaqueObject:
      return CodePoints(try text(try answerOperation("repr(\(opaque.path))", on: [value], kind: .string), "repr"))
        .string
    case let exception as ExceptionObject:
      if let method = exception.type.lookup("__repr__") { return try textOf(try callValue(method, value)) }
      noteWording(exception)
      return exception.type.name + "(" + (try represent(exception.arguments, ascii)) + ")"
    case let type as TypeObject:
      if case .program = type.kind { throw unsupported("repr of a class") }
      return "<class '\(type.name)'>"
    case let instance as InstanceObject:
      if let method = instance.type.lookup("__repr__") { return try textOf(try callValue(method, value)) }
      throw unsupported("the default repr of an object")
    case let view as ViewObject:
      let name = view.kind == .keys ? "dict_keys" : view.kind == .values ? "dict_values" : "dict_items"
      return "\(name)([" + (try represent(try items(of: value), ascii)) + "])"
    case let deque as DequeObject where deque.limit == nil:
      return "deque([" + (try represent(deque.items, ascii)) + "])"
    default: throw unsupported("repr of \(typeName(value))")
    }
  }

  private func nested(_ object: Object, _ again: String, _ body: () throws(Unwind) -> String) throws(Unwind) -> String {
    if representing.contains(where: { $0 === object }) { return again }
    representing.append(object)
    defer { representing.removeLast() }
    return try body()
  }

  private func represent(_ items: [Value], _ ascii: Bool) throws(Unwind) -> String {
    var parts: [String] = []
    for item in items { parts.append(try represent(item, ascii: ascii)) }
    return parts.joined(separator: ", ")
  }

  private func textOf(_ value: Value) throws(Unwind) -> String { CodePoints(try text(value, "the result")).string }

  /// Decimal digits; CPython refuses more than 4,300 of them, some versions do not.
  func decimal(_ value: BigInt) throws(Unwind) -> String {
    let words = value.magnitude.words.count
    try charge(words * words / 4)
    if words > 200 { throw unsupported("the digits of a very large integer") }
    return value.description
  }

  /// `str(value)`.
  func convert(_ value: Value) throws(Unwind) -> [UInt32] {
    if case .object(let object) = value {
      switch object {
      case let text as StringObject: return text.values
      case let exception as ExceptionObject:
        if let method = exception.type.lookup("__str__") { return try text(try callValue(method, value), "__str__") }
        noteWording(exception)
        if exception.type.isSubclass(of: type("KeyError")), exception.arguments.count == 1 {
          return Array((try represent(exception.arguments[0])).unicodeScalars.map(\.value))
        }
        if exception.type.isSubclass(of: type("OSError")), exception.arguments.count > 1 {
          throw unsupported("str of OSError")
        }
        switch exception.arguments.count {
        case 0: return []
        case 1: return try convert(exception.arguments[0])
        default: return ("(" + (try represent(exception.arguments, false)) + ")").unicodeScalars.map(\.value)
        }
      case let instance as InstanceObject:
        if let method = instance.type.lookup("__str__") { return try text(try callValue(method, value), "__str__") }
      case let opaque as OpaqueObject:
        if let known = coherentText(of: opaque) { return known }
        return try text(try answerOperation("str(\(opaque.path))", on: [value], kind: .string), "str")
      default: break
      }
    }
    return (try represent(value)).unicodeScalars.map(\.value)
  }

  // MARK: format()

  struct Specification {
    var fill: UInt32 = 32
    var align: Character?
    var sign: Character = "-"
    var alternate = false
    var zero = false
    var width = 0
    var grouping: Character?
    var precision: Int?
    var type: Character?
  }

  func format(_ value: Value, _ specification: [UInt32]) throws(Unwind) -> [UInt32] {
    if case .object(let object) = value {
      if let instance = object as? InstanceObject {
        if let method = instance.type.lookup("__format__") {
          return try text(try callValue(method, value, try string(specification)), "__format__")
        }
        if specification.isEmpty { return try convert(value) }
        throw typeError("unsupported format string passed to object.__format__")
      }
      if let opaque = object as? OpaqueObject {
        if specification.isEmpty { return try convert(value) }
        let spec = Literals.string(specification)
        return try text(
          try answerOperation("format(\(opaque.path), \(spec))", on: [value], kind: .string), "format")
      }
    }
    if specification.isEmpty { return try convert(value) }
    let spec = try parse(specification)
    if case .object(let text as StringObject) = value { return try format(text.values, spec) }
    guard let number = number(value) else {
      throw typeError("unsupported format string passed to \(typeName(value)).__format__")
    }
    if case .float(let float) = number { return try format(float, spec) }
    switch spec.type {
    case "e", "E", "f", "F", "g", "G", "%": return try format(try double(number), spec)
    default: return try format(integer: number.asBig ?? 0, spec)
    }
  }

  private func parse(_ values: [UInt32]) throws(Unwind) -> Specification {
    var spec = Specification()
    var rest = values[...]
    func character(_ value: UInt32?) -> Character? {
      value.flatMap(Unicode.Scalar.init).map(Character.init)
    }
    func isAlign(_ value: UInt32) -> Bool { value == 60 || value == 62 || value == 61 || value == 94 }
    if rest.count >= 2, isAlign(rest[rest.startIndex + 1]) {
      spec.fill = rest.removeFirst()
      spec.align = character(rest.removeFirst())
    } else if let first = rest.first, isAlign(first) {
      spec.align = character(rest.removeFirst())
    }
    if let first = rest.first, first == 43 || first == 45 || first == 32 {
      spec.sign = character(rest.removeFirst()) ?? "-"
    }
    if rest.first == 122 { throw unsupported("the z option of format") }
    if rest.first == 35 {
      rest.removeFirst()
      spec.alternate = true
    }
    if rest.first == 48 {
      rest.removeFirst()
      spec.zero = true
      if spec.align == nil {
        spec.align = "="
        spec.fill = 48
      }
    }
    func digits() throws(Unwind) -> Int? {
      var result: Int?
      while let digit = rest.first, digit >= 48, digit <= 57 {
        rest.removeFirst()
        result = (result ?? 0) * 10 + Int(digit - 48)
        if let result, result > 1_000_000 { throw stop(.memory) }
      }
      return result
    }
    spec.width = try digits() ?? 0
    if let first = rest.first, first == 44 || first == 95 { spec.grouping = character(rest.removeFirst()) }
    if rest.first == 46 {
      rest.removeFirst()
      guard let precision = try digits() else { throw raise("ValueError", "Format specifier missing precision") }
      spec.precision = precision
    }
    if let last = rest.first {
      spec.type = character(last)
      rest.removeFirst()
    }
    if !rest.isEmpty { throw raise("ValueError", "Invalid format specifier") }
    return spec
  }

  private func format(_ values: [UInt32], _ spec: Specification) throws(Unwind) -> [UInt32] {
    if let type = spec.type, type != "s" {
      throw raise("ValueError", "Unknown format code '\(type)' for object of type 'str'")
    }
    if spec.sign != "-" { throw raise("ValueError", "Sign not allowed in string format specifier") }
    if spec.alternate { throw raise("ValueError", "Alternate form (#) not allowed in string format specifier") }
    if spec.align == "=", !spec.zero {
      throw raise("ValueError", "'=' alignment not allowed in string format specifier")
    }
    if spec.grouping != nil { throw raise("ValueError", "Cannot specify ',' with 's'.") }
    if spec.align == "=", spec.zero { versionDependent = true }
    let text = spec.precision.map { Array(values.prefix($0)) } ?? values
    return try pad(text, spec, signWidth: 0, fallback: "<")
  }

  private func pad(
    _ text: [UInt32], _ spec: Specification, signWidth: Int, fallback: Character
  ) throws(Unwind) -> [UInt32] {
    let missing = spec.width - text.count
    if missing <= 0 { return text }
    try allocate(4 * missing)
    func run(_ count: Int) -> [UInt32] { Array(repeating: spec.fill, count: count) }
    switch spec.align ?? fallback {
    case "<": return text + run(missing)
    case "^": return run(missing / 2) + text + run(missing - missing / 2)
    case "=": return Array(text.prefix(signWidth)) + run(missing) + text.dropFirst(signWidth)
    default: return run(missing) + text
    }
  }

  private func format(integer: BigInt, _ spec: Specification) throws(Unwind) -> [UInt32] {
    if spec.precision != nil { throw raise("ValueError", "Precision not allowed in integer format specifier") }
    var digits: String
    var prefix = ""
    var group = 3
    switch spec.type {
    case nil, "d", "n":
      digits = try decimal(BigInt(integer.magnitude))
    case "b", "o", "x", "X":
      let radix = spec.type == "b" ? 2 : spec.type == "o" ? 8 : 16
      digits = String(integer.magnitude, radix: radix, uppercase: spec.type == "X")
      if spec.alternate { prefix = "0" + String(spec.type ?? "x") }
      group = 4
    case "c":
      if spec.sign != "-" { throw raise("ValueError", "Sign not allowed with integer format specifier 'c'") }
      guard let value = Int(exactly: integer), (0..<0x110000).contains(value) else {
        throw raise("OverflowError", "%c arg not in range(0x110000)")
      }
      return try pad([UInt32(value)], spec, signWidth: 0, fallback: "<")
    default:
      throw raise("ValueError", "Unknown format code '\(spec.type ?? "?")' for object of type 'int'")
    }
    if spec.grouping == ",", group == 4 { throw raise("ValueError", "Cannot specify ',' with '\(spec.type ?? "?")'.") }
    let sign = integer.sign == .minus ? "-" : spec.sign == "-" ? "" : String(spec.sign)
    return try assemble(sign + prefix, digits, "", spec, group: group)
  }

  /// Groups digits, fills between sign and digits where asked, and pads.
  private func assemble(
    _ prefix: String, _ digits: String, _ suffix: String, _ spec: Specification, group: Int = 3
  ) throws(Unwind) -> [UInt32] {
    var body = digits
    if let mark = spec.grouping {
      if spec.fill == 48, spec.align == "=" {
        // Zeros that fill are grouped too.
        var padded = digits
        while (grouped(padded, mark, group) + suffix).unicodeScalars.count + prefix.unicodeScalars.count < spec.width {
          padded = "0" + padded
        }
        body = grouped(padded, mark, group)
      } else {
        body = grouped(digits, mark, group)
      }
    }
    let text = (prefix + body + suffix).unicodeScalars.map(\.value)
    return try pad(text, spec, signWidth: prefix.unicodeScalars.count, fallback: ">")
  }

  private func grouped(_ digits: String, _ mark: Character, _ size: Int) -> String {
    var result: [Character] = []
    for (index, digit) in digits.reversed().enumerated() {
      if index > 0, index % size == 0 { result.append(mark) }
      result.append(digit)
    }
    return String(result.reversed())
  }

  private func format(_ value: Double, _ spec: Specification) throws(Unwind) -> [UInt32] {
    if let precision = spec.precision, precision > 1000 { throw unsupported("a float with this many digits") }
    if spec.alternate { throw unsupported("the # option of a float") }
    var text: String
    var suffix = ""
    let magnitude = value.magnitude
    if !value.isFinite {
      text = value.isNaN ? "nan" : "inf"
      if spec.type == "F" || spec.type == "E" || spec.type == "G" { text = text.uppercased() }
      if spec.type == "%" { suffix = "%" }
    } else {
      switch spec.type {
      case nil:
        if let precision = spec.precision {
          text = Self.general(magnitude, max(1, precision), upper: false, plainBelow: max(1, precision) - 1)
          if !text.contains("."), !text.contains("e") { text += ".0" }
        } else {
          text = Literals.float(magnitude)
        }
      case "f", "F": text = Self.printf("%.*f", spec.precision ?? 6, magnitude)
      case "e": text = Self.printf("%.*e", spec.precision ?? 6, magnitude)
      case "E": text = Self.printf("%.*E", spec.precision ?? 6, magnitude)
      case "g", "G", "n":
        let precision = max(1, spec.precision ?? 6)
        text = Self.general(magnitude, precision, upper: spec.type == "G", plainBelow: precision)
      case "%":
        text = Self.printf("%.*f", spec.precision ?? 6, magnitude * 100)
        suffix = "%"
      default:
        throw raise("ValueError", "Unknown format code '\(spec.type ?? "?")' for object of type 'float'")
      }
    }
    let isNegative = value.sign == .minus && !value.isNaN
    let sign = isNegative ? "-" : spec.sign == "-" ? "" : String(spec.sign)
    let digits = text.prefix { $0.isNumber }
    return try assemble(sign, String(digits), String(text.dropFirst(digits.count)) + suffix, spec)
  }

  private static func printf(_ format: String, _ precision: Int, _ value: Double) -> String {
    String(format: format, precision, value)
  }

  /// `%g`, but exponent form from `plainBelow` digits on.
  private static func general(_ value: Double, _ precision: Int, upper: Bool, plainBelow: Int) -> String {
    let scientific = printf("%.*e", precision - 1, value)
    let parts = scientific.split(separator: "e")
    let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    func trimmed(_ text: String) -> String {
      guard text.contains(".") else { return text }
      var text = text
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
      return text
    }
    if exponent < -4 || exponent >= plainBelow {
      let result = trimmed(String(parts[0])) + "e" + (parts.count == 2 ? String(parts[1]) : "+00")
      return upper ? result.uppercased() : result
    }
    return trimmed(printf("%.*f", max(0, precision - 1 - exponent), value))
  }
}
