/// Methods of `str` and `bytes`, on code points.
extension Machine {
  func text(_ value: Value, _ what: String) throws(Unwind) -> [UInt32] {
    guard case .object(let text as StringObject) = value else {
      throw typeError("\(what) must be str, not \(typeName(value))")
    }
    return text.values
  }

  func stringMethod(_ method: Method, _ text: StringObject, _ arguments: Arguments) throws(Unwind) -> Value {
    let values = text.values
    let name = method.rawValue
    try charge(values.count / 16)
    meet(values, method, arguments)
    switch method {
    case .upper, .lower, .swapcase, .casefold, .title, .capitalize:
      try noArguments(arguments, name)
      return try string(Self.changeCase(values, method))
    case .strip, .lstrip, .rstrip:
      let parsed = try parse(arguments, name, ["chars"], positionalOnly: 1)
      var doomed: Set<UInt32>?
      if let chars = parsed[0], !chars.isNone { doomed = Set(try self.text(chars, "\(name) arg")) }
      return try string(Self.strip(values, doomed, left: method != .rstrip, right: method != .lstrip))
    case .split, .rsplit:
      let parsed = try parse(arguments, name, ["sep", "maxsplit"])
      let limit = try parsed[1].flatMap { value throws(Unwind) in try exactIndex(value) } ?? -1
      var separator: [UInt32]?
      if let value = parsed[0], !value.isNone { separator = try self.text(value, "sep") }
      if let separator, separator.isEmpty { throw raise("ValueError", "empty separator") }
      return try strings(Self.split(values, separator, limit: limit, fromRight: method == .rsplit))
    case .splitlines:
      let parsed = try parse(arguments, name, ["keepends"])
      let keep = try parsed[0].map { value throws(Unwind) in try truth(value) } ?? false
      return try strings(Self.lines(values, keepEnds: keep))
    case .join: return try join(values, try one(arguments, name))
    case .replace:
      if !arguments.keywords.isEmpty { throw unsupported("str.replace with keywords") }
      let parsed = try parse(arguments, name, ["old", "new", "count"], required: 2, positionalOnly: 3)
      let old = try self.text(parsed[0] ?? .none, "replace() argument 1")
      let new = try self.text(parsed[1] ?? .none, "replace() argument 2")
      let limit = try parsed[2].flatMap { value throws(Unwind) in try exactIndex(value) } ?? -1
      return try string(try replace(values, old, new, limit: limit))
    case .startswith, .endswith: return .bool(try affix(values, arguments, name, atEnd: method == .endswith))
    case .find, .rfind, .index, .rindex:
      let parsed = try parse(arguments, name, ["sub", "start", "end"], required: 1, positionalOnly: 3)
      let part = try self.text(parsed[0] ?? .none, "must be str")
      let (start, end) = try window(parsed[1], parsed[2], values.count)
      let found = Self.find(part, values, start, end, last: method == .rfind || method == .rindex)
      if let found { return .int(found) }
      if method == .find || method == .rfind { return .int(-1) }
      throw raise("ValueError", "substring not found")
    case .count:
      let parsed = try parse(arguments, name, ["sub", "start", "end"], required: 1, positionalOnly: 3)
      let part = try self.text(parsed[0] ?? .none, "must be str")
      let (start, end) = try window(parsed[1], parsed[2], values.count)
      if part.isEmpty { return .int(start <= end ? end - start + 1 : 0) }
      var count = 0
      var position = start
      while let found = Self.find(part, values, position, end, last: false) {
        count += 1
        position = found + part.count
      }
      return .int(count)
    case .center, .ljust, .rjust, .zfill: return try string(try pad(values, method, arguments))
    case .partition, .rpartition:
      let separator = try self.text(try one(arguments, name), "separator")
      if separator.isEmpty { throw raise("ValueError", "empty separator") }
      guard let found = Self.find(separator, values, 0, values.count, last: method == .rpartition) else {
        let parts: [[UInt32]] = method == .partition ? [values, [], []] : [[], [], values]
        return try tuple(try parts.map { part throws(Unwind) in try string(part) })
      }
      let parts = [Array(values[..<found]), separator, Array(values[(found + separator.count)...])]
      return try tuple(try parts.map { part throws(Unwind) in try string(part) })
    case .maketrans: return try makeTranslation(arguments)
    case .translate: return try translate(values, try one(arguments, name))
    case .removeprefix, .removesuffix:
      let part = try self.text(try one(arguments, name), "\(name)() argument")
      if method == .removeprefix, values.starts(with: part) { return try string(Array(values.dropFirst(part.count))) }
      if method == .removesuffix, !part.isEmpty, values.count >= part.count, Array(values.suffix(part.count)) == part {
        return try string(Array(values.dropLast(part.count)))
      }
      return .object(text)
    case .format: return try string(try format(values, arguments))
    case .encode: return try encode(values, arguments)
    case .expandtabs:
      let parsed = try parse(arguments, name, ["tabsize"])
      let size = try parsed[0].flatMap { value throws(Unwind) in try exactIndex(value) } ?? 8
      if size > limits.bytes { throw stop(.memory) }
      var result: [UInt32] = []
      var column = 0
      for value in values {
        if value == 9 {
          let count = size > 0 ? size - column % size : 0
          try allocate(4 * count)
          result += Array(repeating: 32, count: count)
          column += count
        } else {
          result.append(value)
          column = value == 10 || value == 13 ? 0 : column + 1
        }
      }
      return try string(result)
    default:
      try noArguments(arguments, name)
      guard let result = Self.test(values, method) else { throw unsupported("str.\(name)") }
      return .bool(result)
    }
  }

  func strings(_ parts: [[UInt32]]) throws(Unwind) -> Value {
    var values: [Value] = []
    for part in parts { values.append(try string(part)) }
    return try list(values)
  }

  private func window(_ start: Value?, _ end: Value?, _ count: Int) throws(Unwind) -> (Int, Int) {
    func bound(_ value: Value?, _ fallback: Int) throws(Unwind) -> Int {
      guard let value, !value.isNone else { return fallback }
      guard let index = try index(value) else {
        throw typeError("slice indices must be integers or None or have an __index__ method")
      }
      return index < 0 ? max(0, index + count) : index
    }
    return (try bound(start, 0), min(try bound(end, count), count))
  }

  static func find(_ part: [UInt32], _ values: [UInt32], _ start: Int, _ end: Int, last: Bool) -> Int? {
    guard start <= end, end - start >= part.count else { return nil }
    let starts = start...(end - part.count)
    func matches(_ position: Int) -> Bool {
      for offset in part.indices where values[position + offset] != part[offset] { return false }
      return true
    }
    return last ? starts.last(where: matches) : starts.first(where: matches)
  }

  func join(_ separator: [UInt32], _ iterable: Value) throws(Unwind) -> Value {
    var result: [UInt32] = []
    for (index, item) in try items(of: iterable).enumerated() {
      guard case .object(let part as StringObject) = item else {
        if case .object(let object) = item, object is OpaqueObject {
          // Only a `str` may be joined: an unknown object is none.
          throw typeError("sequence item \(index): expected str instance")
        }
        throw typeError("sequence item \(index): expected str instance, \(typeName(item)) found")
      }
      if index > 0 { result += separator }
      try charge(1 + part.values.count / 16)
      try allocate(4 * part.values.count)
      result += part.values
    }
    return try string(result)
  }

  private func replace(
    _ values: [UInt32], _ old: [UInt32], _ new: [UInt32], limit: Int
  ) throws(Unwind) -> [UInt32] {
    var result: [UInt32] = []
    var left = limit < 0 ? Int.max : limit
    var position = 0
    if old.isEmpty {
      for value in values {
        if left > 0 {
          result += new
          left -= 1
          try allocate(4 * new.count)
        }
        result.append(value)
      }
      return left > 0 ? result + new : result
    }
    while left > 0, let found = Self.find(old, values, position, values.count, last: false) {
      try charge(1 + new.count / 16)
      try allocate(4 * new.count)
      result += values[position..<found]
      result += new
      position = found + old.count
      left -= 1
    }
    return result + values[position...]
  }

  private func affix(
    _ values: [UInt32], _ arguments: Arguments, _ name: String, atEnd: Bool
  ) throws(Unwind) -> Bool {
    let parsed = try parse(arguments, name, ["prefix", "start", "end"], required: 1, positionalOnly: 3)
    let (start, end) = try window(parsed[1], parsed[2], values.count)
    var parts: [[UInt32]] = []
    if case .object(let tuple as TupleObject)? = parsed[0] {
      for item in tuple.items { parts.append(try text(item, "tuple for \(name)")) }
    } else {
      parts = [try text(parsed[0] ?? .none, "\(name) first arg")]
    }
    guard start <= end, start <= values.count else { return false }
    let slice = values[start..<end]
    return parts.contains { part in
      part.count <= slice.count && (atEnd ? slice.suffix(part.count) : slice.prefix(part.count)).elementsEqual(part)
    }
  }

  private func pad(_ values: [UInt32], _ method: Method, _ arguments: Arguments) throws(Unwind) -> [UInt32] {
    let parsed = try parse(arguments, method.rawValue, ["width", "fillchar"], required: 1, positionalOnly: 2)
    guard let width = try exactIndex(parsed[0] ?? .none) else {
      throw typeError("'\(typeName(parsed[0] ?? .none))' object cannot be interpreted as an integer")
    }
    var fill: UInt32 = method == .zfill ? 48 : 32
    if let value = parsed[1] {
      if method == .zfill { throw typeError("zfill() takes exactly one argument (2 given)") }
      let text = try text(value, "The fill character")
      guard text.count == 1 else { throw typeError("The fill character must be exactly one character long") }
      fill = text[0]
    }
    if width <= values.count { return values }
    let missing = width - values.count
    if missing > limits.bytes { throw stop(.memory) }
    try allocate(4 * missing)
    func run(_ count: Int) -> [UInt32] { Array(repeating: fill, count: count) }
    switch method {
    case .ljust: return values + run(missing)
    case .rjust: return run(missing) + values
    case .zfill:
      if let first = values.first, first == 43 || first == 45 { return [first] + run(missing) + values.dropFirst() }
      return run(missing) + values
    default:
      let left = missing / 2 + (missing & width & 1)
      return run(left) + values + run(missing - left)
    }
  }

  private func encode(_ values: [UInt32], _ arguments: Arguments) throws(Unwind) -> Value {
    let parsed = try parse(arguments, "encode", ["encoding", "errors"])
    if parsed[1] != nil { throw unsupported("str.encode with an error handler") }
    let encoding =
      try parsed[0].map { value throws(Unwind) in
        CodePoints(try text(value, "encoding")).string.lowercased()
      } ?? "utf-8"
    let limit: UInt32
    switch encoding {
    case "utf-8", "utf8": limit = .max
    case "ascii", "us-ascii": limit = 128
    case "latin-1", "latin1", "iso-8859-1": limit = 256
    default: throw unsupported("the encoding \(encoding)")
    }
    var result: [UInt8] = []
    for value in values {
      if limit != .max {
        guard value < limit else { throw raise("UnicodeEncodeError", "codec can't encode character") }
        result.append(UInt8(value))
      } else {
        guard let scalar = Unicode.Scalar(value) else {
          throw raise("UnicodeEncodeError", "'utf-8' codec can't encode: surrogates not allowed")
        }
        result += Array(String(scalar).utf8)
      }
    }
    return try bytes(result)
  }

  func bytesMethod(_ method: Method, _ bytes: BytesObject, _ arguments: Arguments) throws(Unwind) -> Value {
    switch method {
    case .decode:
      let parsed = try parse(arguments, "decode", ["encoding", "errors"])
      if parsed[1] != nil { throw unsupported("bytes.decode with an error handler") }
      let encoding =
        try parsed[0].map { value throws(Unwind) in
          CodePoints(try text(value, "encoding")).string.lowercased()
        } ?? "utf-8"
      switch encoding {
      case "utf-8", "utf8":
        guard let text = String(validating: bytes.values, as: UTF8.self) else {
          throw raise("UnicodeDecodeError", "'utf-8' codec can't decode")
        }
        return try string(text)
      case "latin-1", "latin1", "iso-8859-1": return try string(bytes.values.map(UInt32.init))
      case "ascii", "us-ascii":
        if bytes.values.contains(where: { $0 > 127 }) { throw raise("UnicodeDecodeError", "ordinal not in range(128)") }
        return try string(bytes.values.map(UInt32.init))
      default: throw unsupported("the encoding \(encoding)")
      }
    case .hex:
      try noArguments(arguments, "hex")
      let digits = Array("0123456789abcdef".unicodeScalars.map(\.value))
      return try string(bytes.values.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    default: throw unsupported("bytes.\(method.rawValue)")
    }
  }
}
