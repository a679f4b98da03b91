/// `str.maketrans` and `str.translate` (The Python Standard Library, Text Sequence Type).
extension Machine {
  /// A dictionary from code points to what stands in their place: a text, a code point, or None for nothing.
  func makeTranslation(_ arguments: Arguments) throws(Unwind) -> Value {
    let parsed = try parse(arguments, "maketrans", ["x", "y", "z"], required: 1, positionalOnly: 3)
    let table = DictObject()
    let result = try register(table, bytes: 96)
    guard let second = parsed[1] else {
      guard case .object(let source as DictObject) = parsed[0] ?? .none else {
        throw typeError("if you give only one argument to maketrans it must be a dict")
      }
      for entry in source.table.entries where !entry.key.isUnbound {
        try setItem(table, try codePoint(entry.key), entry.value)
      }
      return result
    }
    let from = try text(parsed[0] ?? .none, "first maketrans argument")
    let to = try text(second, "maketrans() argument 2")
    if from.count != to.count {
      throw raise("ValueError", "the first two maketrans arguments must have equal length")
    }
    for (one, other) in zip(from, to) { try setItem(table, .int(Int(one)), .int(Int(other))) }
    if let third = parsed[2] {
      for dropped in try text(third, "maketrans() argument 3") { try setItem(table, .int(Int(dropped)), .none) }
    }
    return result
  }

  private func codePoint(_ key: Value) throws(Unwind) -> Value {
    switch key {
    case .int: return key
    case .object(let text as StringObject):
      guard text.values.count == 1 else {
        throw raise("ValueError", "string keys in translate table must be of length 1")
      }
      return .int(Int(text.values[0]))
    default: throw typeError("keys in translate table must be strings or integers")
    }
  }

  func translate(_ values: [UInt32], _ table: Value) throws(Unwind) -> Value {
    guard case .object(let table as DictObject) = table, table.flavor == .plain else {
      throw unsupported("str.translate with a table that is no dict")
    }
    var result: [UInt32] = []
    try charge(values.count)
    for value in values {
      switch try get(table, .int(Int(value))) {
      case nil: result.append(value)
      case .none?: break
      case .int(let other)?:
        guard (0..<0x110000).contains(other) else {
          throw raise("ValueError", "character mapping must be in range(0x110000)")
        }
        result.append(UInt32(other))
      case .object(let text as StringObject)?: result += text.values
      default: throw typeError("character mapping must return integer, None or str")
      }
    }
    try allocate(4 * result.count)
    return try string(result)
  }
}
