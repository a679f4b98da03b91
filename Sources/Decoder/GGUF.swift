/// A GGUF file, version 2 or 3: metadata, tensor descriptions, then the tensors
/// (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). The whole header is checked before a weight is used.
package struct GGUF: Sendable {
  /// A value of the metadata. Lists stay where they are in the file until they are asked for: a vocabulary is long.
  enum Value: Sendable {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case string([UInt8])
    case list(kind: UInt32, count: Int, at: Int)
    /// A whole number that does not fit, or a list of lists: nothing here asks for one.
    case other
  }

  package let file: MappedFile
  package let tensors: [String: Tensor]
  let metadata: [String: Value]

  static let magic: [UInt8] = Array("GGUF".utf8)

  package init(path: String) throws(DecoderError) {
    let file = try MappedFile(path: path)
    var reader = GGUFReader(file: file)
    if Array(file.bytes.prefix(4)) != Self.magic {
      throw .malformed(path, subject: "header", expected: "a GGUF file", found: "other first bytes")
    }
    reader.at = 4
    let version = try reader.integer("version", UInt32.self)
    guard version == 2 || version == 3 else {
      let found = version == 1 << 24 * 2 || version == 1 << 24 * 3 ? "big-endian numbers" : "version \(version)"
      throw .unsupported(path, subject: "version", expected: "GGUF 2 or 3, little-endian", found: found)
    }
    // the least bytes that an entry takes bound how many there can be
    let tensorCount = try reader.count("tensor count", least: 24)
    let valueCount = try reader.count("metadata count", least: 13)
    var metadata: [String: Value] = [:]
    for _ in 0..<valueCount {
      let key = String(decoding: try reader.string("metadata key"), as: UTF8.self)
      let value = try reader.value(key)
      if metadata.updateValue(value, forKey: key) != nil {
        throw .malformed(path, subject: key, expected: "one entry a key", found: "the key twice")
      }
    }
    if case .integer(let parts)? = metadata["split.count"], parts > 1 {
      throw .unsupported(
        path, subject: "split.count", expected: "a whole checkpoint in one file (see llama-gguf-split --merge)",
        found: "one of \(parts) parts")
    }
    var alignment = 32
    if let given = metadata["general.alignment"] {
      guard case .integer(let value) = given, value > 0, value <= 1 << 20, value % 8 == 0 else {
        throw .malformed(
          path, subject: "general.alignment", expected: "a multiple of 8 up to 1048576", found: "another value")
      }
      alignment = value
    }
    var described: [GGUFReader.Description] = []
    for _ in 0..<tensorCount { described.append(try reader.description()) }
    let start = (reader.at + alignment - 1) / alignment * alignment
    self.file = file
    self.metadata = metadata
    tensors = try Self.placed(described, file: file, dataStart: start, alignment: alignment)
  }

  private static func placed(
    _ described: [GGUFReader.Description], file: MappedFile, dataStart: Int, alignment: Int
  ) throws(DecoderError) -> [String: Tensor] {
    let path = file.path
    let available = file.bytes.count - dataStart
    var tensors: [String: Tensor] = [:]
    var ranges: [(start: Int, end: Int, name: String)] = []
    for entry in described {
      if entry.offset % alignment != 0 {
        throw .malformed(
          path, subject: entry.name, expected: "an offset that is a multiple of \(alignment)", found: "\(entry.offset)")
      }
      let (end, overflow) = entry.offset.addingReportingOverflow(entry.bytes)
      if overflow || end > available {
        throw .malformed(
          path, subject: entry.name, expected: "data that ends at byte \(max(0, available)), where the file does",
          found: "an end at byte \(overflow ? "beyond memory" : "\(end)"); the file is truncated")
      }
      let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[(dataStart + entry.offset)..<(dataStart + end)])
      let tensor = Tensor(name: entry.name, file: file, type: entry.type, shape: entry.shape, bytes: bytes)
      if tensors.updateValue(tensor, forKey: entry.name) != nil {
        throw .malformed(path, subject: entry.name, expected: "one entry a tensor", found: "the name twice")
      }
      ranges.append((entry.offset, end, entry.name))
    }
    ranges.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    for (earlier, later) in zip(ranges, ranges.dropFirst()) where later.start < earlier.end {
      throw .malformed(
        path, subject: later.name, expected: "bytes of its own",
        found: "an overlap with \(earlier.name) at byte \(later.start)")
    }
    return tensors
  }

  // MARK: Metadata

  func integer(_ key: String) -> Int? {
    guard case .integer(let value)? = metadata[key] else { return nil }
    return value
  }

  func number(_ key: String) -> Double? {
    switch metadata[key] {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  func boolean(_ key: String) -> Bool? {
    guard case .boolean(let value)? = metadata[key] else { return nil }
    return value
  }

  func text(_ key: String) -> String? {
    guard case .string(let value)? = metadata[key] else { return nil }
    return String(decoding: value, as: UTF8.self)
  }

  func strings(_ key: String) throws(DecoderError) -> [[UInt8]]? {
    guard case .list(let kind, let count, let at)? = metadata[key], kind == GGUFReader.stringKind else { return nil }
    var reader = GGUFReader(file: file, at: at)
    var strings: [[UInt8]] = []
    strings.reserveCapacity(count)
    for _ in 0..<count { strings.append(try reader.string(key)) }
    return strings
  }

  func integers(_ key: String) throws(DecoderError) -> [Int]? {
    guard case .list(let kind, let count, let at)? = metadata[key] else { return nil }
    var reader = GGUFReader(file: file, at: at)
    var values: [Int] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      guard case .integer(let value) = try reader.value(key, kind: kind) else { return nil }
      values.append(value)
    }
    return values
  }
}

/// Moves over the header of a GGUF file; every step is checked against the file's end.
struct GGUFReader {
  struct Description {
    var name: String
    /// Outermost first, as everywhere else here.
    var shape: [Int]
    var type: ElementType
    var offset: Int
    var bytes: Int
  }

  let file: MappedFile
  var at = 0

  static let stringKind: UInt32 = 8
  private static let listKind: UInt32 = 9

  private func truncated(_ subject: String) -> DecoderError {
    .malformed(
      file.path, subject: subject, expected: "more of the header", found: "the end of the file at byte \(at)")
  }

  mutating func integer<Number: FixedWidthInteger>(
    _ subject: String, _ type: Number.Type
  ) throws(DecoderError) -> Number {
    let size = MemoryLayout<Number>.size
    if file.bytes.count - at < size { throw truncated(subject) }
    defer { at += size }
    return Number(littleEndian: file.bytes.loadUnaligned(fromByteOffset: at, as: Number.self))
  }

  /// A number of things that take `least` bytes each: more than fit into the rest of the file are refused at once.
  mutating func count(_ subject: String, least: Int) throws(DecoderError) -> Int {
    let declared = try integer(subject, UInt64.self)
    let possible = (file.bytes.count - at) / max(least, 1)
    guard let count = Int(exactly: declared), count <= possible else {
      throw .malformed(
        file.path, subject: subject, expected: "at most \(possible), which the file has room for", found: "\(declared)")
    }
    return count
  }

  mutating func string(_ subject: String) throws(DecoderError) -> [UInt8] {
    let length = try count(subject, least: 1)
    defer { at += length }
    return Array(file.bytes[at..<at + length])
  }

  mutating func value(_ key: String) throws(DecoderError) -> GGUF.Value {
    let kind = try integer(key, UInt32.self)
    guard kind == Self.listKind else { return try value(key, kind: kind) }
    let inner = try integer(key, UInt32.self)
    if inner == Self.listKind {
      throw .unsupported(file.path, subject: key, expected: "a list of plain values", found: "a list of lists")
    }
    let least = try size(inner, key)
    let count = try count(key, least: least)
    let start = at
    if inner == Self.stringKind {
      for _ in 0..<count { at += try self.count(key, least: 1) }
    } else {
      at += count * least
    }
    return .list(kind: inner, count: count, at: start)
  }

  /// Bytes of a plain value, or of a string's length.
  private func size(_ kind: UInt32, _ key: String) throws(DecoderError) -> Int {
    switch kind {
    case 0, 1, 7: 1
    case 2, 3: 2
    case 4, 5, 6: 4
    case 8, 10, 11, 12: 8
    default:
      throw .malformed(file.path, subject: key, expected: "a type of value from 0 to 12", found: "\(kind)")
    }
  }

  mutating func value(_ key: String, kind: UInt32) throws(DecoderError) -> GGUF.Value {
    switch kind {
    case 0: .integer(Int(try integer(key, UInt8.self)))
    case 1: .integer(Int(try integer(key, Int8.self)))
    case 2: .integer(Int(try integer(key, UInt16.self)))
    case 3: .integer(Int(try integer(key, Int16.self)))
    case 4: .integer(Int(try integer(key, UInt32.self)))
    case 5: .integer(Int(try integer(key, Int32.self)))
    case 6: .number(Double(Float(bitPattern: try integer(key, UInt32.self))))
    case 7: .boolean(try integer(key, UInt8.self) != 0)
    case 8: .string(try string(key))
    case 10: Int(exactly: try integer(key, UInt64.self)).map { .integer($0) } ?? .other
    case 11: .integer(Int(try integer(key, Int64.self)))
    case 12: .number(Double(bitPattern: try integer(key, UInt64.self)))
    default:
      throw .malformed(file.path, subject: key, expected: "a type of value from 0 to 12", found: "\(kind)")
    }
  }

  /// Numbers of the tensor types in the files.
  private static let types: [UInt32: ElementType] = [
    0: .float32, 1: .float16, 2: .q4x0, 3: .q4x1, 6: .q5x0, 7: .q5x1, 8: .q8x0, 12: .q4K, 13: .q5K, 14: .q6K,
    30: .bfloat16,
  ]
  private static let otherTypes: [UInt32: String] = [
    9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
    20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64",
    29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
  ]

  mutating func description() throws(DecoderError) -> Description {
    let name = String(decoding: try string("tensor name"), as: UTF8.self)
    let rank = try integer(name, UInt32.self)
    guard (1...4).contains(rank) else {
      throw .malformed(file.path, subject: name, expected: "1 to 4 dimensions", found: "\(rank)")
    }
    var shape: [Int] = []
    var count = 1
    for _ in 0..<rank {
      let declared = try integer(name, UInt64.self)
      let size = Int(exactly: declared)
      let (product, overflow) = count.multipliedReportingOverflow(by: size ?? -1)
      guard let size, !overflow else {
        throw .malformed(
          file.path, subject: name, expected: "a shape that fits memory", found: "a product that overflows")
      }
      count = product
      shape.insert(size, at: 0)
    }
    let number = try integer(name, UInt32.self)
    guard let type = Self.types[number] else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw .unsupported(
        file.path, subject: name, expected: "a type of \(known)", found: Self.otherTypes[number] ?? "type \(number)")
    }
    if let row = shape.last, row % type.blockElements != 0 {
      throw .malformed(
        file.path, subject: name, expected: "rows of a multiple of \(type.blockElements) elements for \(type.rawValue)",
        found: "rows of \(row)")
    }
    let (bytes, overflow) = (count / type.blockElements).multipliedReportingOverflow(by: type.blockBytes)
    let declared = try integer(name, UInt64.self)
    guard !overflow, let offset = Int(exactly: declared) else {
      throw .malformed(
        file.path, subject: name, expected: "an offset and a size that fit memory", found: "larger ones")
    }
    return Description(name: name, shape: shape, type: type, offset: offset, bytes: bytes)
  }
}
