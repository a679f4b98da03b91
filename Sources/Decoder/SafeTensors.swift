/// A safetensors file: eight bytes of header length, a JSON header, then the tensors
/// (https://huggingface.co/docs/safetensors). The whole header is checked before a byte of data is used.
package struct SafeTensors: Sendable {
  package let file: MappedFile
  package let tensors: [String: Tensor]
  /// Element types of the tensors that no matrix of ours can be made of, by the tensor's name.
  let foreign: [String: String]

  /// What the reference implementation allows, too.
  private static let headerLimit = 100_000_000

  package init(path: String) throws(DecoderError) {
    let file = try MappedFile(path: path)
    let bytes = file.bytes
    if bytes.count < 8 {
      throw .malformed(path, expected: "a safetensors header of 8 bytes or more", found: "\(bytes.count) bytes")
    }
    let declared = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard let length = Int(exactly: declared), length <= Self.headerLimit, length <= bytes.count - 8 else {
      throw .malformed(
        path, subject: "header", expected: "at most \(min(bytes.count - 8, Self.headerLimit)) bytes",
        found: "a header of \(declared) bytes; the file is truncated or not safetensors")
    }
    let header: JSON
    do throws(JSONError) {
      header = try JSON.parse(UnsafeRawBufferPointer(rebasing: bytes[8..<8 + length]))
    } catch {
      throw .notJSON(path, subject: "header", error)
    }
    guard let members = header.members else {
      throw .malformed(path, subject: "header", expected: "an object", found: "another JSON value")
    }
    let data = UnsafeRawBufferPointer(rebasing: bytes[(8 + length)...])
    var tensors: [String: Tensor] = [:]
    var foreign: [String: String] = [:]
    var ranges: [(start: Int, end: Int, name: String)] = []
    for member in members {
      let name = String(decoding: member.key, as: UTF8.self)
      if name == "__metadata__" { continue }
      let (tensor, range) = try Self.tensor(name, member.value, file: file, data: data)
      let before: Any?
      if let tensor {
        before = tensors.updateValue(tensor, forKey: name) ?? foreign[name]
      } else {
        before = foreign.updateValue(member.value["dtype"]?.text ?? "", forKey: name) ?? tensors[name]
      }
      if before != nil {
        throw .malformed(path, subject: name, expected: "one entry a tensor", found: "the name twice")
      }
      ranges.append((range.lowerBound, range.upperBound, name))
    }
    // the format wants the data filled without holes: what no tensor claims was written by something else
    ranges.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    var end = 0
    var last = "the start of the data"
    for range in ranges {
      if range.start < end {
        throw .malformed(
          path, subject: range.name, expected: "bytes of its own",
          found: "an overlap with \(last) at byte \(range.start)")
      }
      if range.start > end {
        throw .malformed(
          path, subject: range.name, expected: "data from byte \(end) on, where \(last) ends",
          found: "data from byte \(range.start) on")
      }
      end = range.end
      last = range.name
    }
    if end != data.count {
      throw .malformed(
        path, subject: "data", expected: "\(end) bytes, as the header says", found: "\(data.count) bytes")
    }
    self.file = file
    self.tensors = tensors
    self.foreign = foreign
  }

  /// Bytes of an element.
  private static let widths = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4,
    "U32": 4,
    "F32": 4, "I64": 8, "U64": 8, "F64": 8,
  ]

  /// The tensor, or nil for an element type that no matrix of ours uses; its range is checked all the same.
  private static func tensor(
    _ name: String, _ entry: JSON, file: MappedFile, data: UnsafeRawBufferPointer
  ) throws(DecoderError) -> (Tensor?, Range<Int>) {
    let path = file.path
    guard let typeName = entry["dtype"]?.text else {
      throw .malformed(path, subject: name, expected: "a dtype", found: "none")
    }
    guard let dimensions = entry["shape"]?.elements else {
      throw .malformed(path, subject: name, expected: "a shape", found: "none")
    }
    var shape: [Int] = []
    var count = 1
    for dimension in dimensions {
      guard let size = dimension.integer, size >= 0 else {
        throw .malformed(path, subject: name, expected: "dimensions of 0 or more", found: "another value")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow {
        throw .malformed(path, subject: name, expected: "a shape that fits memory", found: "a product that overflows")
      }
      count = product
      shape.append(size)
    }
    guard let offsets = entry["data_offsets"]?.elements, offsets.count == 2, let start = offsets[0].integer,
      let end = offsets[1].integer, start >= 0, start <= end
    else {
      throw .malformed(path, subject: name, expected: "data_offsets [start, end]", found: "another value")
    }
    if end > data.count {
      throw .malformed(
        path, subject: name, expected: "data that ends at byte \(data.count), where the file does",
        found: "an end at byte \(end); the file is truncated")
    }
    guard let width = Self.widths[typeName] else {
      throw .malformed(
        path, subject: name, expected: "a dtype of safetensors (\(Self.widths.keys.sorted().joined(separator: ", ")))",
        found: typeName)
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: width)
    if overflow || size != end - start {
      throw .malformed(
        path, subject: name, expected: "\(overflow ? "fewer" : "\(size)") bytes for \(typeName) \(shape)",
        found: "\(end - start) bytes")
    }
    guard let type = ElementType.floats.first(where: { $0.rawValue == typeName }) else { return (nil, start..<end) }
    let bytes = UnsafeRawBufferPointer(rebasing: data[start..<end])
    return (Tensor(name: name, file: file, type: type, shape: shape, bytes: bytes), start..<end)
  }
}
