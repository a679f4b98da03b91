import CKernels

/// The number format of a tensor's elements.
package enum ElementType: String, Sendable, CaseIterable {
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"

  var bytes: Int { self == .float32 ? 4 : 2 }

  var kernelType: ck_dtype {
    switch self {
    case .float32: CK_F32
    case .float16: CK_F16
    case .bfloat16: CK_BF16
    }
  }
}

/// One tensor of a safetensors file: where its bytes are and what they mean. The bytes may be unaligned.
package struct Tensor: @unchecked Sendable {
  package var name: String
  package var file: MappedFile
  package var type: ElementType
  package var shape: [Int]
  package var bytes: UnsafeRawBufferPointer

  package var count: Int { bytes.count / type.bytes }
}

/// A safetensors file: eight bytes of header length, a JSON header, then the tensors
/// (https://huggingface.co/docs/safetensors). The whole header is checked before a byte of data is used.
package struct SafeTensors: Sendable {
  package let file: MappedFile
  package let tensors: [String: Tensor]

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
    var ranges: [(start: Int, end: Int, name: String)] = []
    for member in members {
      let name = String(decoding: member.key, as: UTF8.self)
      if name == "__metadata__" { continue }
      let (tensor, range) = try Self.tensor(name, member.value, file: file, data: data)
      if let tensor {
        if tensors.updateValue(tensor, forKey: name) != nil {
          throw .malformed(path, subject: name, expected: "one entry a tensor", found: "the name twice")
        }
      } else if ranges.contains(where: { $0.name == name }) {
        throw .malformed(path, subject: name, expected: "one entry a tensor", found: "the name twice")
      }
      ranges.append((range.lowerBound, range.upperBound, name))
    }
    ranges.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    for (earlier, later) in zip(ranges, ranges.dropFirst()) where later.start < earlier.end {
      throw .malformed(
        path, subject: later.name, expected: "bytes of its own",
        found: "an overlap with \(earlier.name) at byte \(later.start)")
    }
    self.file = file
    self.tensors = tensors
  }

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
    guard let type = ElementType(rawValue: typeName) else { return (nil, start..<end) }
    let (size, overflow) = count.multipliedReportingOverflow(by: type.bytes)
    if overflow || size != end - start {
      throw .malformed(
        path, subject: name, expected: "\(overflow ? "fewer" : "\(size)") bytes for \(typeName) \(shape)",
        found: "\(end - start) bytes")
    }
    let bytes = UnsafeRawBufferPointer(rebasing: data[start..<end])
    return (Tensor(name: name, file: file, type: type, shape: shape, bytes: bytes), start..<end)
  }
}
