import BigInt

/// `template % values` and `template.format(...)`.
extension Machine {
  func percentFormat(_ template: [UInt32], _ operand: Value) throws(Unwind) -> [UInt32] {
    var result: [UInt32] = []
    var arguments: [Value] = [operand]
    var isTuple = false
    if case .object(let tuple as TupleObject) = operand {
      arguments = tuple.items
      isTuple = true
    }
    var used = 0
    var usedMapping = false
    func nextArgument() throws(Unwind) -> Value {
      guard used < arguments.count else { throw typeError("not enough arguments for format string") }
      used += 1
      return arguments[used - 1]
    }
    var position = 0
    while position < template.count {
      if template[position] != 37 {
        result.append(template[position])
        position += 1
        continue
      }
      position += 1
      var spec = Specification()
      var leftAlign = false
      var key: Value?
      func peek() throws(Unwind) -> UInt32 {
        guard position < template.count else { throw raise("ValueError", "incomplete format") }
        return template[position]
      }
      if try peek() == 40 {
        var level = 1
        let start = position + 1
        position += 1
        while level > 0 {
          let value = try peek()
          if value == 40 { level += 1 }
          if value == 41 { level -= 1 }
          position += 1
        }
        guard !isTuple, isMapping(operand) else { throw typeError("format requires a mapping") }
        key = try getItem(operand, try string(Array(template[start..<(position - 1)])))
        usedMapping = true
      }
      flags: while true {
        switch try peek() {
        case 45: leftAlign = true
        case 43: spec.sign = "+"
        case 32: if spec.sign != "+" { spec.sign = " " }
        case 48: spec.zero = true
        case 35: spec.alternate = true
        default: break flags
        }
        position += 1
      }
      func count() throws(Unwind) -> Int? {
        if try peek() == 42 {
          position += 1
          guard case .int(let value) = try nextArgument() else { throw typeError("* wants int") }
          return value
        }
        var value: Int?
        while case let digit = try peek(), digit >= 48, digit <= 57 {
          value = (value ?? 0) * 10 + Int(digit - 48)
          if let value, value > 1_000_000 { throw stop(.memory) }
          position += 1
        }
        return value
      }
      if let width = try count() {
        if width < 0 { leftAlign = true }
        if width.magnitude > 1_000_000 { throw stop(.memory) }
        spec.width = abs(width)
      }
      if try peek() == 46 {
        position += 1
        spec.precision = max(0, try count() ?? 0)
      }
      while case let modifier = try peek(), modifier == 104 || modifier == 108 || modifier == 76 { position += 1 }
      let code = try peek()
      position += 1
      if code == 37 {
        result.append(37)
        continue
      }
      let argument: Value
      if let key { argument = key } else { argument = try nextArgument() }
      let piece = try percentPiece(code, argument, &spec)
      if spec.width > piece.count {
        let fill = Array(repeating: UInt32(32), count: spec.width - piece.count)
        result += leftAlign ? piece + fill : fill + piece
      } else {
        result += piece
      }
    }
    if used < arguments.count, !usedMapping {
      let isUnusedMapping = !isTuple && isMapping(operand)
      if !isUnusedMapping { throw typeError("not all arguments converted during string formatting") }
    }
    return result
  }

  private func percentPiece(_ code: UInt32, _ argument: Value, _ spec: inout Specification) throws(Unwind) -> [UInt32] {
    func numeric(_ type: Character, _ value: Value) throws(Unwind) -> [UInt32] {
      var text = spec.sign == "-" ? "" : String(spec.sign)
      if spec.alternate { text += "#" }
      if spec.zero, spec.width > 0 { text += "0\(spec.width)" }
      if let precision = spec.precision, "eEfFgG".contains(type) { text += ".\(precision)" }
      return try format(value, (text + String(type)).unicodeScalars.map(\.value))
    }
    if case .object(let object) = argument, object is OpaqueObject, code != 115, code != 114, code != 97 {
      throw unsupported("a number format of an unknown object")
    }
    switch code {
    case 115, 114, 97:
      let values =
        code == 115
        ? try convert(argument) : (try represent(argument, ascii: code == 97)).unicodeScalars.map(\.value)
      return spec.precision.map { Array(values.prefix($0)) } ?? values
    case 100, 105, 117:
      guard let number = number(argument) else {
        throw typeError("%d format: a real number is required, not \(typeName(argument))")
      }
      if spec.precision != nil { throw unsupported("%d with a precision") }
      if case .float(let value) = number { return try numeric("d", try truncate(value)) }
      return try numeric("d", try integer(number.asBig ?? 0))
    case 120, 88, 111:
      guard let number = number(argument)?.asBig else {
        throw typeError("%x format: an integer is required, not \(typeName(argument))")
      }
      if spec.precision != nil { throw unsupported("%x with a precision") }
      return try numeric(code == 120 ? "x" : code == 88 ? "X" : "o", try integer(number))
    case 101, 69, 102, 70, 103, 71:
      guard let number = number(argument) else { throw typeError("must be real number, not \(typeName(argument))") }
      return try numeric(Character(Unicode.Scalar(code) ?? "f"), .float(try double(number)))
    case 99:
      if case .object(let text as StringObject) = argument, text.values.count == 1 { return text.values }
      if case .int(let value) = argument, (0..<0x110000).contains(value) { return [UInt32(value)] }
      throw typeError("%c requires int or char")
    default: throw raise("ValueError", "unsupported format character")
    }
  }

  // MARK: str.format

  func format(_ template: [UInt32], _ arguments: Arguments) throws(Unwind) -> [UInt32] {
    var automatic = 0
    return try format(template, arguments, &automatic, depth: 0)
  }

  private func format(
    _ template: [UInt32], _ arguments: Arguments, _ automatic: inout Int, depth: Int
  ) throws(Unwind) -> [UInt32] {
    if depth > 2 { throw raise("ValueError", "Max string recursion exceeded") }
    var result: [UInt32] = []
    var position = 0
    while position < template.count {
      let value = template[position]
      position += 1
      if value == 125 {
        guard position < template.count, template[position] == 125 else {
          throw raise("ValueError", "Single '}' encountered in format string")
        }
        result.append(125)
        position += 1
        continue
      }
      if value != 123 {
        result.append(value)
        continue
      }
      if position < template.count, template[position] == 123 {
        result.append(123)
        position += 1
        continue
      }
      var level = 1
      let start = position
      while position < template.count {
        if template[position] == 123 { level += 1 }
        if template[position] == 125 { level -= 1 }
        if level == 0 { break }
        position += 1
      }
      guard level == 0 else { throw raise("ValueError", "expected '}' before end of string") }
      let field = Array(template[start..<position])
      position += 1
      result += try replaceField(field, arguments, &automatic, depth: depth)
    }
    return result
  }

  private func replaceField(
    _ field: [UInt32], _ arguments: Arguments, _ automatic: inout Int, depth: Int
  ) throws(Unwind) -> [UInt32] {
    var nameEnd = field.count
    var bracket = false
    for (index, value) in field.enumerated() {
      if value == 91 { bracket = true }
      if value == 93 { bracket = false }
      if !bracket, value == 33 || value == 58 {
        nameEnd = index
        break
      }
    }
    var rest = field[nameEnd...]
    var conversion: UInt32?
    if rest.first == 33 {
      rest.removeFirst()
      conversion = rest.popFirst()
    }
    if rest.first == 58 {
      rest.removeFirst()
    } else if !rest.isEmpty {
      throw raise("ValueError", "expected ':' after conversion specifier")
    }
    let specification = try format(Array(rest), arguments, &automatic, depth: depth + 1)
    var value = try fieldValue(field[..<nameEnd], arguments, &automatic)
    switch conversion {
    case nil: break
    case 114: value = try string(try represent(value))
    case 115: value = try string(try convert(value))
    case 97: value = try string(try represent(value, ascii: true))
    default: throw raise("ValueError", "Unknown conversion specifier")
    }
    return try format(value, specification)
  }

  private func fieldValue(
    _ name: ArraySlice<UInt32>, _ arguments: Arguments, _ automatic: inout Int
  ) throws(Unwind) -> Value {
    let head = name.prefix { $0 != 46 && $0 != 91 }
    var rest = name.dropFirst(head.count)
    let text = CodePoints(Array(head)).string
    var value: Value
    if text.isEmpty || text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) {
      let index = text.isEmpty ? automatic : Int(text) ?? Int.max
      if text.isEmpty {
        if automatic < 0 { throw raise("ValueError", "cannot switch from manual to automatic field numbering") }
        automatic += 1
      } else {
        if automatic > 0 { throw raise("ValueError", "cannot switch from automatic to manual field numbering") }
        automatic = -1
      }
      guard index < arguments.positional.count else {
        throw raise("IndexError", "Replacement index out of range for positional args tuple")
      }
      value = arguments.positional[index]
    } else {
      guard let found = arguments.keywords.first(where: { $0.name == text }) else {
        throw raise("KeyError", arguments: [try string(text)])
      }
      value = found.value
    }
    while let mark = rest.popFirst() {
      if mark == 46 {
        let part = rest.prefix { $0 != 46 && $0 != 91 }
        rest = rest.dropFirst(part.count)
        if part.isEmpty { throw raise("ValueError", "Empty attribute in format string") }
        value = try getAttribute(value, CodePoints(Array(part)).string)
      } else {
        let part = rest.prefix { $0 != 93 }
        rest = rest.dropFirst(part.count)
        guard rest.popFirst() == 93 else { throw raise("ValueError", "Missing ']' in format string") }
        let text = CodePoints(Array(part)).string
        let key: Value
        if let index = Int(text) { key = .int(index) } else { key = try string(Array(part)) }
        value = try getItem(value, key)
      }
    }
    return value
  }
}
